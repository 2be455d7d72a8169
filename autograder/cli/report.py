"""`autograder report`: the instructor's page on a class's work on a set, or on a course, with its tables."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from autograder.cli.errors import INCOMPLETE, UsageError, in_plain_words, say, show
from autograder.cli.grading import open_named
from autograder.cli.progress import with_progress
from autograder.course import Course, StudentFolder, open_course
from autograder.gradebook.errors import GradebookError
from autograder.notebook.assignment import COURSE_MARK, CourseError, assignment_names, find_course
from autograder.writers.files import write_whole

FOLDER, COURSE_PAGE = "report", "course"
# Below this many a comparison of all submissions takes no time worth a word.
MANY = 500


@in_plain_words
def report(
    assignment: str | None, *, course: str | None, out: str | None, anonymous: bool, quiet: bool, told: bool = True
) -> int:
    """Write the page and the tables, and print where they are.

    assignment: None for the page across sets. course: the course's folder, or None to look for it. out: the page's
    file, or None. told: whether to print anything. Returns the exit status: 0, 2 for wrong usage, 3 if something
    could not be read or written.
    """
    try:
        if assignment is None:
            return _on_course(course, out, anonymous=anonymous, told=told)
        return _on_set(assignment, course, out, anonymous=anonymous, quiet=quiet, told=told)
    except GradebookError as error:
        say(str(error))
        return INCOMPLETE


def _target(out: str | None, course: Course, name: str) -> Path:
    """Return the page's file. Raises UsageError if it could not be written."""
    if out is None:
        folder = course.root / FOLDER
        folder.mkdir(exist_ok=True)
        return folder / f"{name}.html"
    target = Path(out)
    if target.is_dir() or not target.resolve().parent.is_dir():
        msg = (
            f"{out} can't be written: it is a folder, or its folder does not exist; name a file, as in --out class.html"
        )
        raise UsageError(msg)
    return target.resolve()


def _write(page: str, tables: dict[str, str], target: Path) -> str:
    """Write the page, and each table beside it under the page's name with something added; return where they are."""
    write_whole(target, page)
    written = [target]
    for added, text in tables.items():
        table = target.with_name(f"{target.stem}{added}.csv")
        write_whole(table, text)
        written.append(table)
    here = Path.cwd()
    return "\n".join(str(path.relative_to(here) if path.is_relative_to(here) else path) for path in written)


def _on_set(assignment: str, course: str | None, out: str | None, *, anonymous: bool, quiet: bool, told: bool) -> int:
    opened, assignments = open_named(course, assignment)
    target = _target(out, opened, assignment)
    folders = opened.submitted(assignment)
    # What computes is imported only now, so that a wrong word is answered at once.
    from autograder.classroom.analysis import analysed, summary, to_do
    from autograder.classroom.reading import ClassReader
    from autograder.classroom.set_page import set_page
    from autograder.classroom.tables import Tables

    def progress(items: Iterable[StudentFolder], total: int) -> Iterable[StudentFolder]:
        return with_progress(items, total, f"reading {assignment}", quiet=quiet, unit="submission")

    def step(what: str) -> None:
        if len(folders) >= MANY and not quiet:
            say(f"{what} ...")

    found = analysed(ClassReader(opened, assignments, target.parent).read(folders, progress), step)
    tables = Tables(found, anonymous=anonymous)
    written = _write(set_page(found, anonymous=anonymous, now=_now()), tables.all(), target)
    if told:
        show("\n".join([written, *summary(found)]))
        for fact in to_do(found):
            say(fact.text)
    return 0


def _now() -> datetime:
    return datetime.now().astimezone()


def _on_course(course: str | None, out: str | None, *, anonymous: bool, told: bool) -> int:
    try:
        place = find_course(course, Path.cwd(), installed=False)
    except CourseError as error:
        raise UsageError(_meant(course, error)) from None
    if place is None or not (place / COURSE_MARK).is_file():
        msg = (
            "no course found: run this in a course's folder (the one with nbgrader_config.py), or name it with --course"
        )
        raise UsageError(msg)
    opened = open_course(place)
    target = _target(out, opened, COURSE_PAGE)
    from autograder.classroom.course_page import course_csv, course_page, summary
    from autograder.classroom.course_reading import read_course

    found = read_course(opened)
    beside = [one.name for one in found.sets if target.with_name(f"{one.name}.html").is_file()]
    page = course_page(found, anonymous=anonymous, now=_now(), beside=beside)
    written = _write(page, {"": course_csv(found, anonymous=anonymous)}, target)
    if told:
        show("\n".join([written, *summary(found)]))
    return 0


def _meant(course: str | None, error: CourseError) -> str:
    """Return what is wrong with a course's folder; where a set was named instead, what to type."""
    here = find_course(None, Path.cwd(), installed=False)
    if course and here is not None and course in assignment_names(here):
        return f"--course takes a course's folder; for the page on the set, type: autograder report {course}"
    return str(error)
