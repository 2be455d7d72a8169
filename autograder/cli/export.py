"""`autograder export`: a class's scores as a file that an LMS imports."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.cli.errors import INCOMPLETE, UsageError, in_plain_words, say, show
from autograder.cli.results import check_targets
from autograder.course import Course, open_course
from autograder.gradebook.errors import GradebookError
from autograder.gradebook.grades import UnknownNameError, connected
from autograder.lms.forms import FORMS
from autograder.lms.reading import class_grades
from autograder.lms.roster import RosterError, read_roster
from autograder.lms.standing import ClassGrades, Wish
from autograder.notebook.assignment import COURSE_MARK, CourseError, find_course
from autograder.writers.files import write_whole

HOW = {
    "csv": "open it in any spreadsheet",
    "canvas": "in Canvas: Grades, Import, Upload file",
    "moodle": "in Moodle: where the worksheet was downloaded, Upload grading worksheet; or Grades, Import, CSV file",
    "brightspace": "in Brightspace: Grades, Enter Grades, Import",
}


def _submitted(course: Course, names: Sequence[str]) -> Mapping[str, list[str]]:
    """Return who has a submission in the course's folder, by assignment."""
    found = {}
    for name in names:
        try:
            found[name] = [one.student for one in course.submitted(name)]
        except CourseError:  # nobody, or the submissions are kept elsewhere
            found[name] = []
    return found


def _read(course: Course, names: Sequence[str], drop: Sequence[str]) -> ClassGrades:
    with connected(course.database, course.root) as connection:
        return class_grades(
            connection, names, course.root, drop=drop, submitted=_submitted(course, names),
            graded_folder=lambda student, name: course.folder(course.directory.autograded_directory, student, name),
        )  # fmt: skip


def _targets(form: str, names: Sequence[str], output: str | None, roster: str | None) -> Path:
    """Return where to write. Raises UsageError if that can't be done, or would destroy the roster."""
    target = output or f"{'-'.join(names)}-{form}.csv"
    check_targets(target)
    if roster is not None and Path(roster).exists() and Path(target).exists() and Path(roster).samefile(target):
        msg = f"--output {target} is the roster itself; name another file"
        raise UsageError(msg)
    return Path(target)


@in_plain_words
def export(
    form: str,
    names: Sequence[str],
    *,
    output: str | None,
    roster: str | None,
    column: str | None,
    out_of: float | None,
    drop: Sequence[str],
    missing: str,
    partial: bool,
    course: str | None,
) -> int:
    """Write a class's scores on some assignments as a gradebook, and say what is not in it.

    Returns the exit status: 0, 2 for wrong usage, 3 if the gradebook can't be read or scores were left out that
    somebody must see to.
    """
    place = find_course(course, Path.cwd(), installed=False)
    if place is None or not (place / COURSE_MARK).is_file():
        msg = (
            "no course found: run this in a course's folder (the one with nbgrader_config.py), or name it with --course"
        )
        raise UsageError(msg)
    if column is not None and len(names) > 1:
        msg = f"--column {column} names the column of one assignment, but there are {len(names)}"
        raise UsageError(msg)
    target = _targets(form, names, output, roster)
    wish = Wish({names[0]: column} if column else {}, out_of, zero=missing == "zero", partial=partial)
    try:
        written = FORMS[form](
            _read(open_course(place), names, drop), wish, read_roster(Path(roster)) if roster else None
        )
    except (RosterError, UnknownNameError) as error:
        raise UsageError(str(error)) from None
    except GradebookError as error:
        say(str(error))
        return INCOMPLETE
    write_whole(target, written.text)
    for note in written.notes:
        say(note)
    show(f"written: {target}; {HOW[form]}")
    return 0 if written.complete else INCOMPLETE
