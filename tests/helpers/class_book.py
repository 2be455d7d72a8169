"""A gradebook of a small class in which everything happens that gradebooks must get right, made by nbgrader itself."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from helpers.course import gradebook
from helpers.notebooks import check, locked, markdown, notebook, solution, written

SET, OTHER = "ps1", "ps2"
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'calculus'\n"
# id: first name, last name, email, lms id.
PEOPLE = {
    "ada": ("Ada", "King, Countess", "ada@uni.example", "501"),
    "jose": ("José Ñandú", "García", "jose@uni.example", ""),
    "li": ("小龍", "李", "LI@uni.example", "503"),
    "pepe": ('Pepe "P"', "O'Núñez", "", ""),
    "evil": ("=HYPERLINK(1)", "+cmd|' /C calc'!A0", "evil@uni.example", "505"),
    "late": ("Lee", "Late", "late@uni.example", "506"),
    "waits": ("Wanda", "Waits", "waits@uni.example", "507"),
    "absent": ("Abe", "Absent", "absent@uni.example", "508"),
}
# By what nbgrader counts: a person's score over the tests', extra credit, what being late costs, never below 0.
EXPECTED = {"ada": 6.0, "jose": 4.5, "li": 0.0, "pepe": 2.0, "evil": 6.25, "late": 4.0, "waits": 3.0}
MAX_SCORE = 7.0


def instructors() -> dict[str, object]:
    """Return the notebook: two functions, then a text that a person grades; not in the order of their names."""
    essay = {"grade_id": "essay", "grade": True, "solution": True, "locked": False, "task": False, "points": 1}
    return notebook(
        solution("grad_z"), check("test_grad_z", "assert grad_z", 4), solution("grad_a"),
        check("test_grad_a", "assert grad_a", 2), locked("note", "1"), markdown("why?", essay),
    )  # fmt: skip


def make_class(folder: Path) -> Path:
    """Make a course with its gradebook."""
    for name in (SET, OTHER):
        written(instructors(), folder / "source" / name / f"{name}.ipynb")
    (folder / "nbgrader_config.py").write_text(CONFIG)
    with gradebook(folder) as book:
        for name in (SET, OTHER):
            book.add_assignment(name)
            book.add_notebook(name, name)
            for cell, points, kind in (
                ("test_grad_z", 4, "code"),
                ("test_grad_a", 2, "code"),
                ("essay", 1, "markdown"),
            ):
                book.add_grade_cell(cell, name, name, max_score=points, cell_type=kind)
            for cell in ("grad_z", "grad_a", "essay"):
                book.add_solution_cell(cell, name, name)
        for student, (first, last, email, lms) in PEOPLE.items():
            book.add_student(student, first_name=first, last_name=last, email=email, lms_user_id=lms or None)
        for student in EXPECTED:
            _submission(book, student, SET)
        _submission(book, "ada", OTHER)
        book.db.commit()
    return folder


def _submission(book: object, student: str, name: str) -> None:
    """Enter what a student has: by default the tests' 3 and 2 points, and the person's 1."""
    at = datetime(2026, 1, 5, 10, tzinfo=UTC).replace(tzinfo=None) + timedelta(hours=1)
    submission = book.add_submission(name, student, timestamp=at)  # type: ignore[attr-defined]
    (mine,) = submission.notebooks
    auto = {"test_grad_z": 3.0, "test_grad_a": 2.0, "essay": None}
    for grade in mine.grades:
        grade.auto_score = 0.0 if student == "li" and grade.name != "essay" else auto[grade.name]
        grade.needs_manual_grade = grade.name == "essay" and student == "waits"
        if grade.name == "essay" and student != "waits":
            grade.manual_score = 0.0 if student == "li" else 1.0
        if grade.name == "test_grad_z" and student == "jose":
            grade.manual_score = 1.5
        if grade.name == "test_grad_a" and student == "evil":
            grade.extra_credit = 0.25
        if grade.name == "test_grad_z" and student == "pepe":
            grade.manual_score, grade.auto_score = 0.0, 4.0
        if grade.name == "test_grad_a" and student == "pepe":
            grade.manual_score = 1.0
        if grade.name == "test_grad_z" and student == "waits":
            grade.auto_score = 1.0
    mine.late_submission_penalty = {"late": 2.0, "li": 5.0}.get(student, 0.0)


def graded_folder(course: Path, student: str, name: str, message: str = "") -> None:
    """Leave a graded notebook whose mark says that its file could not be graded."""
    mark = {"version": 2, "key": "k", "scores": {}, "level": "full", "message": message}
    path = course / "autograded" / student / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": [], "metadata": {"autograder": mark}, "nbformat": 4, "nbformat_minor": 5}))
