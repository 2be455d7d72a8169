"""`autograder run`: grade notebook files, or folders of them, without a course's gradebook."""

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from autograder.callloop.limits import Limits
from autograder.cli.ci import locate, tell_service
from autograder.cli.errors import INCOMPLETE, UsageError, in_plain_words, say, show
from autograder.cli.html_pages import HtmlPages
from autograder.cli.progress import with_progress
from autograder.cli.results import Writer, check_targets, named_writers, write_results
from autograder.gradescope.visibility import Rule, VisibilityError, check_rules, rule, visibilities
from autograder.library import Numbered, prepare
from autograder.notebook.assignment import Assignment
from autograder.report import Report, Status
from autograder.writers.annotations import write_code_quality
from autograder.writers.classroom import write_classroom
from autograder.writers.gradescope import write_gradescope
from autograder.writers.json_report import write_json
from autograder.writers.junit import write_junit
from autograder.writers.summary import write_summary
from autograder.writers.terminal import PLAIN, Style, explanation_text, isolation_text, submission_text, summary_text

BELOW = 1
HUNDRED = 100.0
SHOWN_WHOLE = 5


@dataclass(frozen=True)
class Outputs:
    """The files that results are written to; None for those that were not asked for.

    html: a folder, for a page of feedback on each notebook.
    visibility: what students see of which test on Gradescope.
    named: a writer's name and its file, as NAME=FILE, for those of other packages.
    """

    json: str | None = None
    junit: str | None = None
    summary: str | None = None
    code_quality: str | None = None
    classroom: str | None = None
    gradescope: str | None = None
    html: str | None = None
    visibility: Sequence[str] = ()
    named: Sequence[str] = ()

    def targets(self) -> list[tuple[str | None, Writer]]:
        """Return each file with what writes it. Raises ExtensionError, UsageError."""
        return [
            (self.json, write_json),
            (self.junit, write_junit),
            (self.summary, write_summary),
            (self.code_quality, partial(write_code_quality, locate=locate)),
            (self.classroom, write_classroom),
            *named_writers(self.named),
        ]


def _outcome(report: Report, fail_under: float | None) -> int:
    if report.incomplete:
        return INCOMPLETE
    below = [
        one for one in report.submissions if fail_under is not None and one.score * HUNDRED < fail_under * one.max_score
    ]
    for submission in below:
        say(f"{submission.path}: {submission.score:g} of {submission.max_score:g} points is below {fail_under:g} %")
    return BELOW if below else 0


def _rules(assignments: Sequence[Assignment], texts: Sequence[str], count: int) -> list[Rule]:
    """Return the settings for Gradescope. Raises UsageError if one is wrong, or if this is not one submission."""
    most = max(Counter(one.name for one in assignments).values())
    if count > most:
        msg = f"--gradescope takes the notebooks of one submission, at most {most}; these are {count}"
        raise UsageError(msg)
    try:
        rules = [rule(text) for text in texts]
        check_rules(assignments, rules)
    except VisibilityError as error:
        raise UsageError(str(error)) from None
    return rules


@in_plain_words
def run(
    notebooks: Sequence[str],
    *,
    assignment: str | None,
    outputs: Outputs,
    fail_under: float | None,
    jobs: int,
    limits: Limits,
    isolation: str,
    backend: str | None,
    course: str | None,
    quiet: bool,
    explain: bool = False,
) -> int:
    """Grade notebooks and print what was found; write the files that were asked for.

    Returns the exit status: 0, 1 below `fail_under`, 2 for wrong usage, 3 if something could not be
    graded.
    """
    targets = outputs.targets()
    check_targets(*(name for name, _ in targets), outputs.gradescope)
    work = prepare(
        notebooks, assignment=assignment, course=course, isolation=isolation, backend=backend, limits=limits
    )  # fmt: skip
    for problem in work.problems:
        say(problem)
    total = len(work.submissions)
    rules = _rules(work.assignments, outputs.visibility, total) if outputs.gradescope else []
    explained: dict[str, str] = {}
    pages = HtmlPages(outputs.html, work.submissions, work.assignments) if outputs.html else None

    def watched(results: Iterator[Numbered]) -> Iterator[Numbered]:
        noted = _noted(results, explained) if explain else results
        return with_progress(pages.written(noted) if pages else noted, total, "grading", quiet=quiet)

    report = work.graded(jobs, watched)
    # First, because whoever reads what is printed may stop reading.
    shown = visibilities([one for one in work.assignments if one.name in report.assignment.split(", ")], rules)
    to_gradescope = partial(write_gradescope, visibility=shown)
    written = write_results(report, [*targets, (outputs.gradescope, to_gradescope)])
    _print(report, explained)
    told = tell_service(report, classroom=outputs.classroom is not None)
    all_written = written and told and (pages is None or pages.all_written)
    return _outcome(report, fail_under) if all_written else INCOMPLETE


def _noted(results: Iterator[Numbered], explained: dict[str, str]) -> Iterator[Numbered]:
    """Pass results on, and note how each notebook's tests were run, and which of them can't be run so."""
    from autograder.compat.scan import reasons as cannot_run  # which takes a while, and is seldom asked for

    reasons: dict[int, dict[str, tuple[str, ...]]] = {}
    for position, graded in results:
        assignment = graded.assignment
        if assignment is not None and id(assignment) not in reasons:
            reasons[id(assignment)] = cannot_run(assignment)
        why = reasons.get(id(assignment), {})
        told = tuple(
            (name, (*lines, *(f"cannot run trusted: {one}" for one in why.get(name, ()))))
            for name, lines in graded.explained
        )
        explained[graded.result.path] = explanation_text(told)
        yield position, graded


def _style() -> Style:
    """Return how to lay text out: for a terminal its width, and colours unless they are refused; else plain."""
    if not sys.stdout.isatty():
        return PLAIN
    # The convention of no-color.org: set to anything but nothing, it refuses them.
    refused = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Style(shutil.get_terminal_size().columns, colour=not refused)


def _print(report: Report, explained: dict[str, str]) -> None:
    """Print what was found. explained: how each notebook's tests were run; then every notebook is shown whole."""
    if len(report.submissions) > SHOWN_WHOLE and not explained:
        show(summary_text(report))
        return
    style = _style()
    for submission in report.submissions:
        show(submission_text(submission, style) + explained.get(submission.path, "") + "\n")
    graded = [submission for submission in report.submissions if submission.status is Status.GRADED]
    show(isolation_text(report, style) if graded else "nothing could be graded")
