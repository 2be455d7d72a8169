"""Gathering a class's way through the sets: points from the gradebook, reasons from the graded notebooks' marks."""

import os

from autograder.classroom.course_values import CourseClass, SetColumn, Way
from autograder.classroom.values import State
from autograder.course import Course
from autograder.gradebook.reading import Standing, standings_in, students_in
from autograder.marks import Record
from autograder.notebook.assignment import Assignment, CourseError, assignment_names, load_assignments

Standings = dict[str, dict[str, Standing]]


class _Column:
    """One set: who handed in, and what counts."""

    def __init__(self, course: Course, assignments: list[Assignment], standings: Standings) -> None:
        self.course, self.assignments, self.standings = course, assignments, standings
        self.name = assignments[0].name
        self.record = Record.read(course.root, self.name)
        self.max_score = sum(
            cell.points
            for one in assignments
            for cell in one.cells
            if cell.grade_id and (cell.is_test or cell.is_manual)
        )
        try:
            self.submitted = {one.student for one in course.submitted(self.name)}
        except CourseError:
            self.submitted = set()

    def percent(self, student: str) -> tuple[float | None, str]:
        """Return what a student earned in percent, or None and why; "" if nothing was handed in."""
        if student not in self.submitted and student not in self.standings:
            return None, ""
        if refused := self._refusal(student):
            return None, refused
        there = self.standings.get(student)
        if there is None:
            return None, State.WAITING.value
        total = sum(sum(one.scores.values()) - one.penalty for one in there.values())
        return (100 * max(0.0, total) / self.max_score, "") if self.max_score > 0 else (None, "worth no points")

    def _refusal(self, student: str) -> str:
        folder = self.course.folder(self.course.directory.autograded_directory, student, self.name)
        for one in self.assignments:
            mark = self.record.mark(folder / f"{one.notebook_name}.ipynb")
            if mark is not None and mark.message:
                return mark.message
        return ""


def read_course(course: Course) -> CourseClass:
    """Return the course's class and its way through the sets that anybody handed in.

    Raises GradebookError, and CourseError if nobody handed in anything.
    """
    url, root = course.database, course.root
    columns = [
        _Column(course, load_assignments(root, name), standings_in(url, name, root)) for name in assignment_names(root)
    ]
    columns = [one for one in columns if one.submitted or one.standings]
    if not columns:
        msg = f"nobody has handed in anything in {root}: there is nothing to report"
        raise CourseError(msg)
    names = students_in(url, root)
    students = sorted({*names, *(student for one in columns for student in (*one.submitted, *one.standings))})
    ways = []
    for student in students:
        found = [one.percent(student) for one in columns]
        notes = {place: why for place, (_, why) in enumerate(found) if why}
        ways.append(Way(student, tuple(percent for percent, _ in found), notes))
    title = course.directory.course_id or os.path.basename(root)  # noqa: PTH119 - the folder's name, as it was given
    sets = tuple(SetColumn(one.name, one.max_score) for one in columns)
    return CourseClass(title, sets, tuple(ways), {one: name for one, name in names.items() if name})
