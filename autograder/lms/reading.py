"""Reading what a class has: from the gradebook, with the notebooks' order of exercises where there are notebooks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from sqlalchemy import Connection

from autograder.gradebook.grades import SetGrades, Student, UnknownNameError, grades_of, students_in
from autograder.lms.standing import ClassGrades
from autograder.marks import Record
from autograder.notebook.assignment import CourseError, load_assignments


def _order(root: Path, name: str) -> list[tuple[str, str]]:
    """Return an assignment's notebooks and cells, as they stand there; none if they can't be read."""
    try:
        assignments = load_assignments(root, name)
    except (CourseError, OSError):
        return []
    return [(one.notebook_name, cell.grade_id) for one in assignments for cell in one.cells if cell.grade_id]


def class_grades(
    connection: Connection,
    names: Sequence[str],
    root: Path,
    *,
    drop: Iterable[str] = (),
    students: Sequence[str] = (),
    submitted: Mapping[str, Sequence[str]] | None = None,
    graded_folder: Callable[[str, str], Path] | None = None,
) -> ClassGrades:
    """Return what a class has on some assignments.

    root: the course's folder. drop: exercises to leave out. students: whose; all if there are none.
    submitted: who has a submission in the course's folder, by assignment, if that is known. graded_folder: returns the
    folder of a student's graded notebooks of an assignment.
    Raises UnknownNameError if the gradebook has no such assignment, exercise or student.
    """
    sets = [grades_of(connection, name, _order(root, name)) for name in names]
    there = {one.name for grades in sets for one in grades.exercises}
    unknown = set(drop) - there
    if unknown:
        msg = f"there is no exercise {', '.join(sorted(unknown))} to leave out; there are: {', '.join(sorted(there))}"
        raise UnknownNameError(msg)
    everybody = students_in(connection)
    ungraded = {
        grades.name: [student for student in (submitted or {}).get(grades.name, ()) if student not in grades.earned]
        for grades in sets
    }
    for waiting in ungraded.values():
        everybody |= {student: Student(student) for student in waiting if student not in everybody}
    strangers = set(students) - everybody.keys()
    if strangers:
        msg = f"the gradebook has no student {', '.join(sorted(strangers))}"
        raise UnknownNameError(msg)
    chosen = {name: student for name, student in sorted(everybody.items()) if not students or name in students}
    refused = {one.name: _refused(root, one, graded_folder) if graded_folder else [] for one in sets}
    return ClassGrades(chosen, [grades.without(list(drop)) for grades in sets], ungraded, refused)


def _refused(root: Path, grades: SetGrades, graded_folder: Callable[[str, str], Path]) -> list[str]:
    """Return whose file could not be graded, as the marks of graded notebooks tell."""
    record = Record.read(root, grades.name)
    found = []
    for student in grades.earned:
        marks = map(record.mark, sorted(graded_folder(student, grades.name).glob("*.ipynb")))
        if any(mark is not None and mark.message for mark in marks):
            found.append(student)
    return found
