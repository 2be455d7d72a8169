"""What there is to grade in a course: who submitted, what is done already, what each result hangs on."""

import json
import secrets
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.callloop.limits import Limits
from autograder.cli.errors import UsageError, say
from autograder.course import Course, StudentFolder, open_course, other_files
from autograder.fingerprint import digest_of, environment_digest, file_digest, files_digest, tests_digest
from autograder.gradebook.reading import Scores, scores_in
from autograder.marks import MARK, RESULT, Mark, Record, result_entry
from autograder.notebook.assignment import COURSE_MARK, Assignment, files_beside, find_course, load_assignments
from autograder.report import Status, SubmissionResult
from autograder.secret import SECRET_BYTES, course_secret, seed_for
from autograder.writers.text import inert

if TYPE_CHECKING:
    from autograder.pipeline import Graded, Submission

# nbgrader's pages print a student's id as it is, as markup and within programs.
NOT_IN_IDS = frozenset('<>"\\')
NOT_SUBMITTED = "no notebook was submitted"
LEVELS = ("none", "container", "full")


@dataclass
class Task:
    """One student's submission while it is being graded: what was there, what came of it."""

    student: StudentFolder
    key: str
    waiting: int = 0
    graded: "dict[str, Graded | None]" = field(default_factory=dict)


@dataclass
class Found:
    """What there is to do.

    scores: as the gradebook has them. tasks: what must be graded. unchanged: how many submissions need not be.
    refused: those that could not be graded when they were tried, and are as they were.
    """

    scores: Scores
    tasks: list[Task] = field(default_factory=list)
    unchanged: int = 0
    refused: list[SubmissionResult] = field(default_factory=list)


def open_named(course: str | None, assignment: str) -> tuple[Course, list[Assignment]]:
    """Return the course that is meant, and the notebooks of its assignment. Raises UsageError, CourseError."""
    place = find_course(course, Path.cwd(), installed=False)
    if place is None or not (place / COURSE_MARK).is_file():
        msg = (
            "no course found: run this in a course's folder (the one with nbgrader_config.py), or name it with --course"
        )
        raise UsageError(msg)
    opened = open_course(place)
    return opened, load_assignments(place, assignment, opened.settings)


def showable(folders: list[StudentFolder]) -> list[StudentFolder]:
    """Return the folders whose names nbgrader's pages can show; say which are left out."""
    kept = []
    for folder in folders:
        if NOT_IN_IDS & set(folder.student) or inert(folder.student) != folder.student:
            say(f"{folder.student} was not graded: no page can show \" < > \\ or control characters in a folder's name")
        else:
            kept.append(folder)
    return kept


class Grading:
    """One run of `grade` over a course's assignment.

    level: the least isolation that a result must have been made with. lasting: whether anything is written.
    """

    def __init__(
        self, course: Course, assignments: list[Assignment], limits: Limits, level: str, *, lasting: bool
    ) -> None:
        self.course, self.assignments, self.limits, self.level = course, assignments, limits, level
        self.name = assignments[0].name
        known = lasting or (course.root / ".autograder" / "secret").is_file()
        self.secret = course_secret(course.root) if known else secrets.token_bytes(SECRET_BYTES)
        self.source = course.folder(course.directory.source_directory, ".", self.name)
        self.beside = list(other_files(self.source))
        tests = tests_digest(assignments, self.beside)
        there = sorted(f"{one.notebook_name}/{name}" for one in assignments for name in one.on_students_side)
        self.basis = digest_of(environment_digest(), tests, json.dumps(limits.as_json()), *there)
        self.record = Record.read(course.root, self.name)

    def key(self, student: StudentFolder) -> str:
        """Return what a result hangs on: submission, time, tests, limits, environment, seed."""
        parts = [self.basis, self.seed(student), str(student.timestamp)]
        for assignment in self.assignments:
            path = self.notebook(student, assignment)
            readable = path.is_file() and path.stat().st_size <= self.limits.notebook_bytes
            parts += [str(path.readlink()) if path.is_symlink() else "", file_digest(path) if readable else ""]
        return digest_of(*parts, files_digest(other_files(student.folder), student.folder))

    def seed(self, student: StudentFolder) -> str:
        """Return what a student's hidden cases are drawn from, in hexadecimal."""
        return seed_for(self.secret, self.name, student.student)

    def notebook(self, student: StudentFolder, assignment: Assignment) -> Path:
        """Return the path of a submitted notebook."""
        return student.folder / f"{assignment.notebook_name}.ipynb"

    def autograded(self, student: str) -> Path:
        """Return the folder of a student's graded notebooks."""
        return self.course.folder(self.course.directory.autograded_directory, student, self.name)

    def done(self, student: StudentFolder, key: str, scores: Scores) -> dict[Path, Mark] | None:
        """Return the marks by notebook if these very tests graded this very submission, and the gradebook has it."""
        there, marks = scores.get(student.student, {}), {}
        for assignment in self.assignments:
            mark = self.record.mark(self.autograded(student.student) / f"{assignment.notebook_name}.ipynb")
            if mark is None or mark.key != key or mark.level not in LEVELS[LEVELS.index(self.level) :]:
                return None
            cells = there.get(assignment.notebook_name)
            if cells is None or mark.scores != {name: auto for name, (auto, _) in cells.items()}:
                return None
            marks[self.notebook(student, assignment)] = mark
        return marks

    def look(self, folders: list[StudentFolder], *, force: bool) -> "Found":
        """Return what must be graded, and what need not be. Raises GradebookError."""
        found = Found(scores_in(self.course.database, self.name, self.course.root))
        for folder in folders:
            key = self.key(folder)
            marks = None if force else self.done(folder, key, found.scores)
            if marks is None:
                found.tasks.append(Task(folder, key))
                continue
            # What could not be graded can't be today: told again, but not tried again.
            refused = [(path, mark.message) for path, mark in marks.items() if mark.message]
            found.refused += [
                SubmissionResult(self.shown(path), Status.ERROR, message=message) for path, message in refused
            ]
            found.unchanged += not refused
        return found

    def shown(self, path: Path) -> str:
        """Return a path as it is told: below the course's folder, if it is there."""
        return str(path.relative_to(self.course.root)) if path.is_relative_to(self.course.root) else str(path)

    def submissions(self, task: Task) -> "list[Submission]":
        """Return a student's notebooks to grade; those that were not submitted are noted as such."""
        from autograder.pipeline import settled_submission

        found = []
        seed = self.seed(task.student)
        for assignment in self.assignments:
            path = self.notebook(task.student, assignment)
            if not path.exists() and not path.is_symlink():
                task.graded[assignment.notebook_name] = None
                say(f"{task.student.student}: {path.name} was not submitted; it earns 0")
                continue
            beside = partial(_handed_in_with, path)
            found.append(settled_submission(path, self.shown(path), assignment, seed, beside=beside))
        return found

    def files(
        self, task: Task, scores: dict[str, dict[str, float | None]], level: str
    ) -> tuple[dict[Path, bytes | Path], dict[Path, Mark]]:
        """Return what belongs into `autograded/`: the files beside, then the notebooks, with their marks.

        scores: as the gradebook has them, by notebook and cell.
        """
        folder = self.autograded(task.student.student)
        files: dict[Path, bytes | Path] = {}
        for above, beside in (
            (task.student.folder, other_files(task.student.folder)),
            (self.source, iter(self.beside)),
        ):
            files.update({folder / path.relative_to(above): path for path in beside})
        marks: dict[Path, Mark] = {}
        for assignment in self.assignments:
            name = assignment.notebook_name
            graded = task.graded.get(name)
            path = folder / f"{name}.ipynb"
            notebook = graded.notebook if graded and graded.notebook else refusal(graded)
            metadata = {key: value for key, value in notebook["metadata"].items() if key not in (MARK, RESULT)}
            refused = graded.result.message if graded and graded.result.status is Status.ERROR else ""
            marks[path] = Mark(task.key, scores.get(name, {}), level, refused)
            metadata[MARK] = marks[path].as_json()
            missing = SubmissionResult(name, Status.ERROR, message=NOT_SUBMITTED)
            metadata[RESULT] = result_entry(graded.result if graded is not None else missing)
            notebook = {**notebook, "metadata": metadata}
            files[path] = notebook_file(notebook)
        return files, marks


def notebook_file(notebook: dict[str, Any]) -> bytes:
    """Return a notebook as a file with a line for each cell.

    An indentation would have Python's own slow writer do it, which takes as long as to judge an exercise.
    """
    rest = {key: value for key, value in notebook.items() if key != "cells"}
    cells = ",\n".join(map(json.dumps, notebook["cells"]))
    return f'{{"cells": [\n{cells}\n],\n{json.dumps(rest)[1:]}\n'.encode("ascii")


def _handed_in_with(path: Path) -> dict[str, bytes]:
    return {name: content for name, content in files_beside(path.parent) if name != "timestamp.txt"}


def refusal(graded: "Graded | None") -> dict[str, Any]:
    """Return a notebook that says why there is none."""
    why = graded.result.message if graded else NOT_SUBMITTED
    cell = {"cell_type": "markdown", "id": "refusal", "metadata": {}, "source": f"**This could not be graded:** {why}"}
    return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
