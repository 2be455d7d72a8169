"""Gathering a class from a course's folder: stored results, the gradebook's points, what students wrote.

Nothing is run, and nothing is changed.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.callloop.limits import Limits
from autograder.classroom.values import Classroom, Item, Key, State, Work, WrittenCell
from autograder.course import Course, StudentFolder
from autograder.gradebook.reading import Standing, standings_in, students_in
from autograder.marks import MARK, Mark, stored_result
from autograder.notebook.assignment import Assignment
from autograder.notebook.reading import Notebook, NotebookError, read_notebook
from autograder.notebook.sources import bound_names, definitions, visible_part
from autograder.report import Resources, Status, SubmissionResult

if TYPE_CHECKING:
    from autograder.notebook.cells import Cell

# From what is best to what is worst; a submission of many notebooks is as its worst one.
_ORDER = (State.GRADED, State.CHANGED, State.OLD, State.WAITING, State.REFUSED)
_SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?^ *### END SOLUTION *$", re.MULTILINE | re.DOTALL)
NOT_DONE = r"\1# YOUR CODE HERE\n\1raise NotImplementedError()"

# Characters of code in a notebook; past these a submission is told as too long to look through.
MOST_WRITTEN = 300_000

Folders = list[StudentFolder]
# Passes folders on, and shows how many there were.
Progress = Callable[[Iterable[StudentFolder], int], Iterable[StudentFolder]]


@dataclass
class _Found:
    """What was found of one student's notebooks so far."""

    state: State = State.GRADED
    messages: list[str] = field(default_factory=list)
    results: list[tuple[str, SubmissionResult]] = field(default_factory=list)
    cells: list[WrittenCell] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)

    def note(self, state: State, message: str = "") -> None:
        """Keep the worse state, and what is said of it."""
        self.state = max(self.state, state, key=_ORDER.index)
        self.messages += [message] if message else []


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.rstrip() for line in text.strip().split("\n"))


class ClassReader:
    """Reads the submissions of one assignment.

    target: the folder of the page, from which its links lead to students' pages.
    """

    def __init__(self, course: Course, assignments: list[Assignment], target: Path) -> None:
        self.course, self.assignments, self.target = course, assignments, target
        self.name = assignments[0].name
        self.given = {one.notebook_name: tuple(self._given(one)) for one in assignments}
        self.instructors = {
            one.notebook_name: {
                *(_lines(visible_part(cell.source)) for cell in one.cells if not cell.is_solution),
                *(_lines(text) for text in (*self.given[one.notebook_name], "")),
            }
            for one in assignments
        }

    def read(self, folders: Folders, progress: Progress) -> Classroom:
        """Return the class. Raises GradebookError."""
        url, root = self.course.database, self.course.root
        standings, names = standings_in(url, self.name, root), students_in(url, root)
        works = tuple(self._work(one, standings.get(one.student, {})) for one in progress(folders, len(folders)))
        present = {work.student for work in works}
        absent = sorted({*names, *self._others()} - present)
        cells = [cell for one in self.assignments for cell in one.cells if cell.is_locked and cell.kind == "code"]
        tools = frozenset().union(*(bound_names(definitions(cell.source)) for cell in cells), ("np",))
        return Classroom(
            self.name, self._items(), works, tuple(absent), {one: name for one, name in names.items() if name},
            tuple(text for texts in self.given.values() for text in texts), tools,
        )  # fmt: skip

    def _others(self) -> Iterator[str]:
        """Yield who handed in anything at all."""
        above = self.course.folder(self.course.directory.submitted_directory, ".", ".")
        entries = sorted(above.iterdir()) if above.is_dir() else []
        yield from (one.name for one in entries if one.is_dir() and not one.name.startswith("."))

    def _items(self) -> tuple[Item, ...]:
        found = []
        for one in self.assignments:
            before = f"{one.notebook_name}: " if len(self.assignments) > 1 else ""
            for cell in one.cells:
                if cell.grade_id and (cell.is_test or cell.is_manual):
                    key = (one.notebook_name, cell.grade_id)
                    found.append(Item(key, before + one.exercise_name(cell.grade_id), cell.points, cell.is_manual))
        return tuple(found)

    def _given(self, assignment: Assignment) -> Iterator[str]:
        """Yield the texts of the solution cells as students got them."""
        release = self.course.root / "release" / assignment.name / f"{assignment.notebook_name}.ipynb"
        try:
            cells = read_notebook(release, Limits().notebook_bytes).cells
        except NotebookError:
            cells = assignment.cells
        yield from (_SOLUTION.sub(NOT_DONE, cell.source) for cell in cells if cell.is_solution and cell.kind == "code")

    def _work(self, student: StudentFolder, standings: dict[str, Standing]) -> Work:
        found = _Found()
        for assignment in self.assignments:
            self._look(student, assignment, found)
        scores: dict[Key, float] = {
            (name, cell): score for name, one in standings.items() for cell, score in one.scores.items()
        }
        verdicts = {(name, one.grade_id): one for name, result in found.results for one in result.exercises}
        if found.state in (State.GRADED, State.CHANGED) and not standings:
            found.note(State.GRADED, "its points are not in the gradebook; those of the stored result are shown")
            scores = {key: verdict.score for key, verdict in verdicts.items()}
        used = [result.resources for _, result in found.results]
        warned: dict[str, int] = {}
        for _, result in found.results:
            for kind, count in result.python_warnings.items():
                warned[kind] = warned.get(kind, 0) + count
        return Work(
            student.student, found.state, "; ".join(found.messages), scores,
            penalty=sum(one.penalty for one in standings.values()),
            waiting=tuple(cell for one in standings.values() for cell in one.waiting),
            verdicts=verdicts, warnings=tuple(told for _, result in found.results for told in result.warnings),
            python_warnings=warned, seconds=sum(result.seconds for _, result in found.results),
            cells=tuple(found.cells), pages=found.pages, **_together(used),
        )  # fmt: skip

    def _look(self, student: StudentFolder, assignment: Assignment, found: _Found) -> None:
        name = assignment.notebook_name
        path = student.folder / f"{name}.ipynb"
        graded = self._folder("autograded", student.student) / path.name
        if not os.path.lexists(path):
            found.note(State.REFUSED, f"{path.name} was not submitted")
            return
        try:
            written = read_notebook(path, Limits().notebook_bytes)
        except NotebookError as error:
            found.note(State.REFUSED, f"{path.name} {error}")
            written = None
        data = _json(graded)
        if data is None:
            found.note(State.WAITING)
        else:
            self._note_result(name, data, found)
            found.pages[name] = self._page(student.student, graded)
        if written is None:
            return
        found.cells += self._written(written, assignment)
        if data is not None and found.state is State.GRADED and _changed(written, data, assignment):
            found.note(State.CHANGED)

    def _note_result(self, name: str, data: Any, found: _Found) -> None:
        result = stored_result(data)
        if result is not None and result.status is Status.GRADED:
            found.results.append((name, result))
        elif found.state is State.REFUSED:
            return  # why was said where the file was read
        elif result is not None:
            found.note(State.REFUSED, result.message)
        else:
            mark = Mark.from_json(data["metadata"].get(MARK) if isinstance(data.get("metadata"), dict) else None)
            found.note(State.REFUSED if mark and mark.message else State.OLD, mark.message if mark else "")

    def _folder(self, step: str, student: str) -> Path:
        directory = self.course.directory
        names = {"autograded": directory.autograded_directory, "feedback": directory.feedback_directory}
        return self.course.folder(names[step], student, self.name)

    def _page(self, student: str, graded: Path) -> str:
        feedback = self._folder("feedback", student) / f"{graded.stem}.html"
        return os.path.relpath(feedback if feedback.is_file() else graded, self.target)

    def _written(self, notebook: Notebook, assignment: Assignment) -> Iterator[WrittenCell]:
        """Yield the cells that are not the instructor's, as far as anybody would type."""
        instructors, left = self.instructors[assignment.notebook_name], MOST_WRITTEN
        for number, cell in enumerate(notebook.cells, start=1):
            if cell.kind == "code" and _lines(cell.source) not in instructors:
                name = cell.grade_id if cell.grade_id in assignment.solutions else ""
                yield WrittenCell(assignment.notebook_name, number, name, cell.source[:left])
                left -= len(cell.source)
                if left <= 0:
                    return


def _together(used: list[Resources]) -> dict[str, Any]:
    return {
        "cpu_seconds": sum(one.cpu_seconds for one in used),
        "peak_bytes": max((one.peak_bytes for one in used), default=0),
        "restarts": sum(one.restarts for one in used),
    }


def _json(path: Path) -> Any:
    """Return a graded notebook's JSON; None if there is none."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _changed(written: Notebook, graded: Any, assignment: Assignment) -> bool:
    """Tell whether a solution differs between what was submitted and what was graded."""
    try:
        texts = {
            cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
            for cell in graded["cells"]
            if "nbgrader" in cell["metadata"]
        }
    except (KeyError, TypeError):
        return False
    last: dict[str, Cell] = {cell.grade_id: cell for cell in written.cells if cell.grade_id in assignment.solutions}
    return any(
        _lines(cell.source.encode("utf-8", "replace").decode()) != _lines(texts[name])
        for name, cell in last.items()
        if name in texts
    )
