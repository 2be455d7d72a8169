"""Grading notebook files from a program: what `autograder.grade` and `autograder run` do."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autograder.batch import LocalCrew, grade_all, setup_for
from autograder.callloop.limits import Limits
from autograder.errors import GradingError
from autograder.isolation import chosen
from autograder.judge.worker import Setup
from autograder.notebook.assignment import Assignment, CourseError, assignment_names, find_course, load_assignments
from autograder.notebook.choosing import choose, choose_named
from autograder.notebook.reading import Notebook, notebooks_below
from autograder.pipeline import Graded, Submission
from autograder.report import Isolation, Report, SubmissionResult
from autograder.sandbox.provided import LEVELS
from autograder.secret import course_secret, seed_for

Name = str | os.PathLike[str]
Numbered = tuple[int, Graded]


@dataclass(frozen=True)
class Work:
    """Notebooks that are ready to be graded.

    assignment: the one that was named, or "". assignments: those that the notebooks may belong to.
    problems: assignments of the course that can't be read, each with the reason.
    """

    submissions: tuple[Submission, ...]
    assignment: str
    assignments: tuple[Assignment, ...]
    course: Path
    setup: Setup
    isolation: Isolation
    problems: tuple[str, ...] = ()

    def graded(
        self, jobs: int, watch: Callable[[Iterator[Numbered]], Iterable[Numbered]] = lambda them: them
    ) -> Report:
        """Grade the notebooks and return the report.

        jobs: how many at once. watch: passes on each position and what came of it as soon as that is there.
        Raises SandboxError if the sandbox does not start.
        """
        results: dict[int, SubmissionResult] = {}
        names: set[str] = set()
        for position, graded in watch(grade_all(self.submissions, LocalCrew(self.setup, jobs))):
            results[position] = graded.result
            names |= {graded.assignment.name} if graded.assignment else set()
        ordered = tuple(results[position] for position in sorted(results))
        return Report(self.assignment or ", ".join(sorted(names)), self.isolation, ordered)


def grade(
    notebooks: Name | Sequence[Name],
    *,
    assignment: str | None = None,
    course: Name | None = None,
    jobs: int | None = None,
    isolation: str = "full",
    backend: str | None = None,
    limits: Limits | None = None,
    on_result: Callable[[SubmissionResult], object] | None = None,
) -> Report:
    """Grade notebook files, or folders of them, and return the report.

    notebooks: one path, or several; a folder stands for all notebooks in it and below.
    assignment: the problem set (default: told from each notebook).
    course: the course's folder (default: $AUTOGRADER_COURSE, the one around the working directory, the installed sets).
    jobs: how many notebooks at once (default: one for each processor).
    isolation: the least that is accepted: "full", "container" or "none"; the strongest there is is used.
    backend: the name of an installed sandbox backend, for another one than the built-in.
    limits: what one submission may use.
    on_result: called with each result as soon as it is there, in any order.

    A notebook that can't be graded is a result with the status ERROR and a message. Raises GradingError, with a
    message for a person, where nothing can be graded at all: CourseError, IsolationError and SandboxError are such.
    Raises ValueError for an argument that can't be meant.
    """
    if isolation not in LEVELS:
        msg = f"isolation={isolation!r}; expected one of {', '.join(LEVELS)}"
        raise ValueError(msg)
    if jobs is not None and jobs < 1:
        msg = f"jobs={jobs}; expected at least 1"
        raise ValueError(msg)
    given = [notebooks] if isinstance(notebooks, (str, os.PathLike)) else list(notebooks)
    work = prepare(
        given, assignment=assignment, course=course, isolation=isolation, backend=backend, limits=limits or Limits()
    )

    def told(results: Iterator[Numbered]) -> Iterator[Numbered]:
        for position, graded in results:
            if on_result is not None:
                on_result(graded.result)
            yield position, graded

    return work.graded(jobs or os.cpu_count() or 1, told)


def prepare(
    notebooks: Sequence[Name],
    *,
    assignment: str | None,
    course: Name | None,
    isolation: str,
    backend: str | None,
    limits: Limits,
) -> Work:
    """Find the notebooks, the course and the sandbox; nothing is graded yet. Raises GradingError."""
    paths = _paths(notebooks)
    place = find_course(None if course is None else os.fspath(course), Path.cwd())
    if place is None:
        msg = (
            "no course found: run this in one, name one with --course, or install the sets: "
            "pip install 'backprop-autograder[instructor]'"
        )
        raise GradingError(msg)
    wanted = load_assignments(place, assignment) if assignment else []
    everything, problems = _all_assignments(place)
    decide: Callable[[Notebook, Path], tuple[Assignment, list[str]]]
    decide = (
        partial(choose_named, wanted=wanted, known=everything) if wanted else partial(choose, assignments=everything)
    )
    seed = partial(_seed, course_secret(place))
    submissions = tuple(Submission(path, shown, decide, seed) for path, shown in paths)
    assignments = tuple(wanted or everything)
    used, achieved = chosen(backend, isolation)
    setup = setup_for(_likely(assignments, paths), used, limits)
    return Work(submissions, assignment or "", assignments, place, setup, achieved, problems)


def _likely(assignments: Sequence[Assignment], paths: Sequence[tuple[Path, str]]) -> Sequence[Assignment]:
    """Return those that the files are called after, if each file is: what the others need is loaded where it is met."""
    called = {path.stem for path, _ in paths}
    likely = [one for one in assignments if one.notebook_name in called]
    return likely if called == {one.notebook_name for one in likely} else assignments


def _paths(given: Sequence[Name]) -> list[tuple[Path, str]]:
    """Return the notebooks to grade, each with its path as it is shown."""
    found: list[tuple[Path, str]] = []
    for name in given:
        word = os.fspath(name)
        path = Path(word)
        if not word:
            msg = "an empty path names no notebook; is a variable of your script empty?"
            raise GradingError(msg)
        if not _is_folder(path):
            found.append((path, word))
            continue
        below = notebooks_below(path)
        if not below:
            msg = f"there is no notebook (*.ipynb) in the folder {word}"
            raise GradingError(msg)
        found += [(notebook, str(notebook)) for notebook in below]
    return found


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that no file can have; reading it will say so
        return False


def _all_assignments(course: Path) -> tuple[list[Assignment], tuple[str, ...]]:
    """Return the notebooks of all assignments that can be read, and why others can't be."""
    everything: list[Assignment] = []
    problems: list[str] = []
    for name in assignment_names(course):
        try:
            everything += load_assignments(course, name)
        except CourseError as error:
            problems.append(str(error))
    return everything, tuple(problems)


def _seed(secret: bytes, assignment: Assignment, notebook: Notebook) -> str:
    return seed_for(secret, assignment.name, hashlib.sha256(notebook.content).hexdigest())
