"""`autograder run`: grade notebook files, or folders of them, without a course's gradebook."""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from autograder.batch import LocalCrew, grade_all, setup_for
from autograder.callloop.limits import Limits
from autograder.cli.errors import INCOMPLETE, UsageError, in_plain_words, say, show
from autograder.cli.progress import with_progress
from autograder.cli.results import check_targets, write_results
from autograder.isolation import strongest
from autograder.judge.worker import Setup
from autograder.notebook.assignment import Assignment, CourseError, assignment_names, find_course, load_assignments
from autograder.notebook.choosing import choose, choose_named
from autograder.notebook.reading import Notebook, notebooks_below
from autograder.pipeline import Submission
from autograder.report import Report, Status, SubmissionResult
from autograder.secret import course_secret, seed_for
from autograder.writers.json_report import write_json
from autograder.writers.junit import write_junit
from autograder.writers.terminal import explanation_text, isolation_text, submission_text, summary_text

BELOW = 1
HUNDRED = 100.0
SHOWN_WHOLE = 5


def _paths(given: Sequence[str]) -> list[tuple[Path, str]]:
    """Return the notebooks to grade, each with its path as it is shown."""
    found: list[tuple[Path, str]] = []
    for word in given:
        path = Path(word)
        if not word:
            msg = "an empty path names no notebook; is a variable of your script empty?"
            raise UsageError(msg)
        if not _is_folder(path):
            found.append((path, word))
            continue
        below = notebooks_below(path)
        if not below:
            msg = f"there is no notebook (*.ipynb) in the folder {word}"
            raise UsageError(msg)
        found += [(notebook, str(notebook)) for notebook in below]
    return found


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that no file can have; reading it will say so
        return False


def _known(course: Path, wanted: str | None) -> tuple[list[Assignment], list[Assignment]]:
    """Return the wanted assignment's notebooks, and those of all assignments that can be read."""
    everything: list[Assignment] = []
    chosen = load_assignments(course, wanted) if wanted else []
    for name in assignment_names(course):
        try:
            everything += load_assignments(course, name)
        except CourseError as error:
            say(str(error))
    return chosen, everything


def _seed(secret: bytes, assignment: Assignment, notebook: Notebook) -> str:
    return seed_for(secret, assignment.name, hashlib.sha256(notebook.content).hexdigest())


def _submissions(
    paths: list[tuple[Path, str]], course: Path, wanted: str | None
) -> tuple[list[Submission], list[Assignment]]:
    chosen, everything = _known(course, wanted)
    decide: Callable[[Notebook, Path], tuple[Assignment, list[str]]]
    decide = (
        partial(choose_named, wanted=chosen, known=everything) if chosen else partial(choose, assignments=everything)
    )
    seed = partial(_seed, course_secret(course))
    return [Submission(path, shown, decide, seed) for path, shown in paths], chosen or everything


def _outcome(report: Report, fail_under: float | None) -> int:
    if report.incomplete:
        return INCOMPLETE
    below = [
        one for one in report.submissions if fail_under is not None and one.score * HUNDRED < fail_under * one.max_score
    ]
    for submission in below:
        say(f"{submission.path}: {submission.score:g} of {submission.max_score:g} points is below {fail_under:g} %")
    return BELOW if below else 0


def _graded(
    submissions: list[Submission], setup: Setup, jobs: int, *, quiet: bool
) -> tuple[tuple[SubmissionResult, ...], set[str], dict[str, str]]:
    """Return the results in the order of the submissions, the names of their assignments, and how tests were run."""
    results: dict[int, SubmissionResult] = {}
    explained: dict[str, str] = {}
    names: set[str] = set()
    graded_ones = grade_all(submissions, LocalCrew(setup, jobs))
    for position, graded in with_progress(graded_ones, len(submissions), "grading", quiet=quiet):
        results[position] = graded.result
        names |= {graded.assignment.name} if graded.assignment else set()
        explained[graded.result.path] = explanation_text(graded.explained)
    return tuple(results[position] for position in sorted(results)), names, explained


@in_plain_words
def run(
    notebooks: Sequence[str],
    *,
    assignment: str | None,
    json: str | None,
    junit: str | None,
    fail_under: float | None,
    jobs: int,
    limits: Limits,
    isolation: str,
    course: str | None,
    quiet: bool,
    explain: bool = False,
) -> int:
    """Grade notebooks and print what was found; write the files that were asked for.

    Returns the exit status: 0, 1 below `fail_under`, 2 for wrong usage, 3 if something could not be
    graded.
    """
    targets = [(json, write_json), (junit, write_junit)]
    check_targets(json, junit)
    paths = _paths(notebooks)
    place = find_course(course, Path.cwd())
    if place is None:
        msg = (
            "no course found: run this in one, name one with --course, or install the sets: "
            "pip install 'backprop-autograder[instructor]'"
        )
        raise UsageError(msg)
    submissions, assignments = _submissions(paths, place, assignment)
    backend, achieved = strongest(isolation)
    setup = setup_for(assignments, backend, limits)
    finished, names, explained = _graded(submissions, setup, jobs, quiet=quiet)
    report = Report(assignment or ", ".join(sorted(names)), achieved, finished)
    # First, because whoever reads what is printed may stop reading.
    written = write_results(report, targets)
    _print(report, explained if explain else {})
    return _outcome(report, fail_under) if written else INCOMPLETE


def _print(report: Report, explained: dict[str, str]) -> None:
    """Print what was found. explained: how each notebook's tests were run; then every notebook is shown whole."""
    if len(report.submissions) > SHOWN_WHOLE and not explained:
        show(summary_text(report))
        return
    for submission in report.submissions:
        show(submission_text(submission) + explained.get(submission.path, "") + "\n")
    graded = [submission for submission in report.submissions if submission.status is Status.GRADED]
    show(isolation_text(report) if graded else "nothing could be graded")
