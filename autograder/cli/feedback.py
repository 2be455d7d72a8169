"""`autograder feedback`: a page for each submission, where `nbgrader release_feedback` looks for it."""

from dataclasses import dataclass, field
from pathlib import Path

from autograder.cli.errors import INCOMPLETE, UsageError, in_plain_words, say, show
from autograder.cli.grading import open_named, showable
from autograder.cli.progress import with_progress
from autograder.course import Course, StudentFolder
from autograder.durable import write_durably
from autograder.gradebook.entries import Entries, entries_in
from autograder.gradebook.errors import GradebookError
from autograder.notebook.assignment import Assignment
from autograder.pages.graded import UnreadableError, read_graded
from autograder.pages.keys import has_key, key_of

# What nbgrader looks for beside a page when it releases it.
BESIDE = ("timestamp.txt", "submission_secret.txt")
# So many pages are on the disk before the next are made.
AT_ONCE = 32


@dataclass
class _Tally:
    """What has been done so far."""

    written: int = 0
    unchanged: int = 0
    problems: int = 0
    waiting: dict[Path, bytes | Path] = field(default_factory=dict)


@in_plain_words
def feedback(
    assignment: str, *, student: str | None, force: bool, course: str | None, quiet: bool, table: bool = True
) -> int:
    """Write the page of every graded submission whose result, or entry in the gradebook, has changed.

    table: whether to say where the pages are.
    Returns the exit status: 0, 2 for wrong usage, 3 if there is a submission of which no page could be made.
    """
    opened, assignments = open_named(course, assignment)
    submitted = opened.submitted(assignment, student)
    folders = showable(submitted)
    try:
        entries = entries_in(opened.database, assignment, opened.root)
    except GradebookError as error:
        say(str(error))
        return INCOMPLETE
    tally = _Tally(problems=len(submitted) - len(folders))
    for folder in with_progress(
        folders, len(folders), f"feedback on {assignment}", quiet=quiet, shown=lambda one: one.student, unit="page"
    ):
        for one in assignments:
            _page(opened, one, folder, entries.get(folder.student, {}).get(one.notebook_name), tally, force=force)
        if len(tally.waiting) >= AT_ONCE:
            _write(tally)
    _write(tally)
    if not tally.written and not tally.unchanged:
        msg = f"nothing of {assignment} is graded yet; type: autograder grade {assignment}"
        raise UsageError(msg)
    place = opened.folder(_step(opened), "<student>", assignment)
    shown = place.relative_to(opened.root) if place.is_relative_to(opened.root) else place
    if table:
        show(f"pages in {shown}: {tally.written} written, {tally.unchanged} unchanged")
    return INCOMPLETE if tally.problems else 0


def _step(course: Course) -> str:
    return course.directory.feedback_directory


def _write(tally: _Tally) -> None:
    write_durably(tally.waiting)
    tally.waiting = {}


def _page(
    course: Course,
    assignment: Assignment,
    folder: StudentFolder,
    entries: Entries | None,
    tally: _Tally,
    *,
    force: bool,
) -> None:
    """Make one page, unless it is there already; say so where there is nothing to make it of."""
    student = folder.student
    graded = course.folder(course.directory.autograded_directory, student, assignment.name)
    source = graded / f"{assignment.notebook_name}.ipynb"
    if not source.exists():
        say(f"{student}: not graded yet, so there is no page; type: autograder grade {assignment.name}")
        tally.problems += 1
        return
    if _is_newer(folder.folder / source.name, source):
        say(f"{student}: handed in again since it was graded; this page is of the earlier one")
    target = course.folder(_step(course), student, assignment.name) / f"{assignment.notebook_name}.html"
    try:
        content, notebook = read_graded(source)
        key = key_of(assignment, student, content, entries)
        if not force and has_key(target, key):
            tally.unchanged += 1
            return
        # Imported here, because looking whether anything has changed should not wait for it.
        from autograder.pages.rendering import page_text

        text = page_text(assignment, student, notebook, entries, key)
    except UnreadableError as error:
        say(f"{student}: {error}")
        tally.problems += 1
        return
    tally.waiting |= {target.parent / name: graded / name for name in BESIDE if (graded / name).is_file()}
    tally.waiting[target] = text.encode()
    tally.written += 1


def _is_newer(submitted: Path, graded: Path) -> bool:
    """Tell whether a notebook was written after it was graded."""
    try:
        return submitted.stat().st_mtime > graded.stat().st_mtime
    except OSError:
        return False
