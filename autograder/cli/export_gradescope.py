"""`autograder export gradescope`: the zip that is uploaded to Gradescope."""

import math
from collections.abc import Sequence
from pathlib import Path

from autograder.cli.errors import UsageError, in_plain_words, show
from autograder.cli.results import check_targets
from autograder.durable import write_durably
from autograder.gradescope.archive import autograder_zip
from autograder.gradescope.requirements import PackagingError
from autograder.gradescope.settings import LONGEST_RUN_SECONDS, SPARE_SECONDS, Settings
from autograder.gradescope.visibility import VisibilityError, check_rules, rule, visibilities
from autograder.notebook.assignment import Assignment, find_course, load_assignments
from autograder.secret import course_secret, key_for
from autograder.writers.gradescope import VISIBILITIES
from autograder.writers.text import points

MEGABYTE = 1024.0**2
MACHINE = "base image Ubuntu 24.04 or later; at least 1 CPU and 1.5 GB of memory"


def _settings(
    assignments: Sequence[Assignment], visibility: Sequence[str], cell_seconds: float, total_seconds: float
) -> Settings:
    """Return what the zip says of the assignment. Raises UsageError if Gradescope could not do it."""
    try:
        rules = [rule(text) for text in visibility]
        check_rules(assignments, rules)
    except VisibilityError as error:
        raise UsageError(str(error)) from None
    most = math.floor((LONGEST_RUN_SECONDS - SPARE_SECONDS) / len(assignments))
    if total_seconds > most:
        msg = (
            f"--total-timeout {total_seconds:g}: Gradescope ends a run after ten minutes, so that a notebook of this "
            f"assignment can have at most {most} seconds"
        )
        raise UsageError(msg)
    names = tuple(one.notebook_name for one in assignments)
    return Settings(assignments[0].name, names, tuple(map(str, rules)), cell_seconds, total_seconds)


def _told(target: Path, size: int, assignments: Sequence[Assignment], shown: dict[str, str]) -> str:
    counts = [(when, sum(one == when for one in shown.values())) for when in VISIBILITIES]
    tests = ", ".join(f"{count} {when}" for when, count in counts if count)
    total = points(sum(one.max_score for one in assignments))
    waiting = [name for one in assignments for name in one.needs_manual]
    where = "a programming assignment, Configure Autograder, Zip file upload"
    lines = [
        f"written: {target} ({size / MEGABYTE:.1f} MB): {len(shown)} tests ({tests}), {total} points",
        f"upload it on Gradescope: {where}; autograder points {total}; {MACHINE}",
        "it holds the hidden tests and the reference: give it to nobody who submits",
    ]
    if waiting:
        lines.append(f"not graded by it, but by a person, there: {', '.join(waiting)}")
    return "\n".join(lines)


@in_plain_words
def export_gradescope(
    assignment: str,
    *,
    output: str | None,
    visibility: Sequence[str],
    cell_seconds: float,
    total_seconds: float,
    course: str | None,
) -> int:
    """Write the autograder zip for an assignment, and print what to do with it.

    Returns the exit status: 0, or 2 for wrong usage.
    """
    target = Path(output or f"{assignment}-gradescope.zip")
    place = find_course(course, Path.cwd())
    if place is None:
        msg = "no course found: run this in a course's folder, or name one with --course"
        raise UsageError(msg)
    assignments = load_assignments(place, assignment)
    check_targets(str(target))
    settings = _settings(assignments, visibility, cell_seconds, total_seconds)
    key = key_for(course_secret(place), f"{assignment} on Gradescope")
    try:
        made = autograder_zip(assignments, settings, key)
    except PackagingError as error:
        raise UsageError(str(error)) from None
    write_durably({target: made})
    target.chmod(0o600)  # the tests and the reference are in it
    shown = visibilities(assignments, [rule(text) for text in settings.visibility])
    show(_told(target, len(made), assignments, shown))
    return 0
