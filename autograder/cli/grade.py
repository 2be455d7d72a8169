"""`autograder grade`: grade a course's submissions into nbgrader's gradebook and `autograded/`."""

import hashlib
import json as json_format
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import autograder
from autograder.batch import grade_all, setup_for
from autograder.callloop.limits import Limits
from autograder.cli.errors import INCOMPLETE, UsageError, in_plain_words, say, show
from autograder.cli.progress import with_progress
from autograder.cli.results import check_targets, write_results
from autograder.course import Course, StudentFolder, copy_other_files, open_course, tests_fingerprint
from autograder.gradebook import GradebookError, open_gradebook, register, save
from autograder.isolation import strongest
from autograder.judge.worker import Setup
from autograder.notebook.assignment import Assignment, find_course, load_assignments
from autograder.pages.notebook import with_inert_notebook
from autograder.pipeline import Graded, Submission
from autograder.report import Report, Status
from autograder.secret import course_secret, seed_for
from autograder.writers.files import write_whole
from autograder.writers.json_report import write_json
from autograder.writers.terminal import summary_text
from autograder.writers.text import inert

KEY = "autograder_key"
# nbgrader's pages print a student's id as it is, as markup and within programs.
NOT_IN_IDS = frozenset('<>"\\')


@dataclass
class Task:
    """One student's submission while it is being graded: what was there, what came of it."""

    student: StudentFolder
    key: str
    waiting: int
    graded: dict[str, Graded | None] = field(default_factory=dict)


class Grading:
    """One run of `grade` over a course's assignment."""

    def __init__(self, course: Course, assignments: list[Assignment], limits: Limits) -> None:
        self.course = course
        self.assignments = assignments
        self.name = assignments[0].name
        self.limits = limits
        self.secret = course_secret(course.root)
        self.fingerprint = tests_fingerprint(assignments)

    def key(self, student: StudentFolder) -> str:
        """Return what a result hangs on: the submission and its time, the tests, the limits, the grader's version."""
        facts = (autograder.__version__, self.fingerprint, self.limits.as_json(), student.timestamp)
        digest = hashlib.sha256(repr(facts).encode())
        for assignment in self.assignments:
            path = student.folder / f"{assignment.notebook_name}.ipynb"
            readable = path.is_file() and not path.is_symlink() and path.stat().st_size <= self.limits.notebook_bytes
            digest.update(hashlib.sha256(path.read_bytes() if readable else b"").digest())
        return digest.hexdigest()

    def autograded(self, student: str) -> Path:
        """Return the folder of a student's graded notebooks."""
        return self.course.folder(self.course.directory.autograded_directory, student, self.name)

    def is_done(self, student: StudentFolder, key: str, known: set[str]) -> bool:
        """Tell whether this very submission was graded by these very tests, and the gradebook has it."""
        if student.student not in known:
            return False
        for assignment in self.assignments:
            try:
                text = (self.autograded(student.student) / f"{assignment.notebook_name}.ipynb").read_text(
                    encoding="utf-8"
                )
                if json_format.loads(text)["metadata"][KEY] != key:
                    return False
            except (OSError, ValueError, KeyError, TypeError):
                return False
        return True

    def submissions(self, task: Task) -> list[Submission]:
        """Return a student's notebooks to grade."""
        found = []
        seed = seed_for(self.secret, self.name, task.student.student)
        for assignment in self.assignments:
            path = task.student.folder / f"{assignment.notebook_name}.ipynb"
            if not path.exists() and not path.is_symlink():
                task.graded[assignment.notebook_name] = None
                say(f"{task.student.student}: {path.name} was not submitted; it earns 0")
                continue
            shown = str(path.relative_to(self.course.root)) if path.is_relative_to(self.course.root) else str(path)
            found.append(Submission(path, shown, lambda *_, one=assignment: (one, []), lambda *_: seed))
        return found

    def write_notebooks(self, task: Task) -> None:
        """Write the graded notebooks and what lies beside them into `autograded/`."""
        folder = self.autograded(task.student.student)
        folder.mkdir(parents=True, exist_ok=True)
        copy_other_files(task.student.folder, folder)
        for assignment in self.assignments:
            copy_other_files(self.course.folder(self.course.directory.source_directory, ".", self.name), folder)
            graded = task.graded.get(assignment.notebook_name)
            notebook = graded.notebook if graded and graded.notebook else _refusal(graded)
            if graded is None or graded.result.status is Status.GRADED:
                notebook["metadata"] = {**notebook["metadata"], KEY: task.key}
            text = json_format.dumps(notebook, indent=1, ensure_ascii=True)
            write_whole(folder / f"{assignment.notebook_name}.ipynb", text + "\n")


def _refusal(graded: Graded | None) -> dict[str, Any]:
    """Return a notebook that says why there is none."""
    why = graded.result.message if graded else "no notebook was submitted"
    cell = {"cell_type": "markdown", "id": "refusal", "metadata": {}, "source": f"**This could not be graded:** {why}"}
    return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _open(course: str | None, assignment: str) -> tuple[Course, list[Assignment]]:
    place = find_course(course, Path.cwd(), installed=False)
    if place is None or not (place / "nbgrader_config.py").is_file():
        msg = (
            "no course found: run this in a course's folder (the one with nbgrader_config.py), or name it with --course"
        )
        raise UsageError(msg)
    return open_course(place), load_assignments(place, assignment)


def _showable(folders: list[StudentFolder]) -> list[StudentFolder]:
    """Return the folders whose names nbgrader's pages can show; say which are left out."""
    kept = []
    for folder in folders:
        if NOT_IN_IDS & set(folder.student) or inert(folder.student) != folder.student:
            say(f"{folder.student} was not graded: no page can show \" < > \\ or control characters in a folder's name")
        else:
            kept.append(folder)
    return kept


def _tasks(grading: Grading, gradebook: Any, folders: list[StudentFolder], *, force: bool) -> tuple[list[Task], int]:
    """Return what must be graded, and how many submissions have not changed."""
    known = {submission.student_id for submission in gradebook.assignment_submissions(grading.name)}
    tasks, unchanged = [], 0
    for folder in folders:
        key = grading.key(folder)
        if not force and grading.is_done(folder, key, known):
            unchanged += 1
        else:
            tasks.append(Task(folder, key, 0))
    return tasks, unchanged


def _grade_tasks(grading: Grading, gradebook: Any, tasks: list[Task], setup: Setup, jobs: int, *, quiet: bool) -> bool:
    """Grade and write each task as soon as all of it is graded; return whether all could be written."""
    written = True
    owners: list[Task] = []
    submissions: list[Submission] = []
    for task in tasks:
        mine = grading.submissions(task)
        task.waiting = len(mine)
        submissions += mine
        owners += [task] * len(mine)
        if not mine:
            written &= _finish(grading, gradebook, task)
    results = grade_all(submissions, setup, jobs)
    for position, graded in with_progress(results, len(submissions), f"grading {grading.name}", quiet=quiet):
        task = owners[position]
        name = graded.assignment.notebook_name if graded.assignment else submissions[position].path.stem
        task.graded[name] = with_inert_notebook(graded)
        task.waiting -= 1
        if task.waiting == 0:
            written &= _finish(grading, gradebook, task)
    return written


@in_plain_words
def grade(
    assignment: str,
    *,
    student: str | None,
    force: bool,
    json: str | None,
    jobs: int,
    limits: Limits,
    isolation: str,
    course: str | None,
    quiet: bool,
    table: bool = True,
) -> int:
    """Grade every submission of an assignment that has changed since it was graded.

    table: whether to print the scores.
    Returns the exit status: 0, 2 for wrong usage, 3 if something could not be graded or written.
    """
    check_targets(json)
    opened, assignments = _open(course, assignment)
    submitted = opened.submitted(assignment, student)
    folders = _showable(submitted)
    backend, achieved = strongest(isolation)
    grading = Grading(opened, assignments, limits)
    setup = setup_for(assignments, backend, limits)
    try:
        with open_gradebook(opened) as gradebook:
            register(opened, gradebook, assignments)
            tasks, unchanged = _tasks(grading, gradebook, folders, force=force)
            written = _grade_tasks(grading, gradebook, tasks, setup, jobs, quiet=quiet)
    except GradebookError as error:
        say(str(error))
        return INCOMPLETE
    finished = tuple(graded.result for task in tasks for graded in task.graded.values() if graded is not None)
    report = Report(assignment, achieved, finished)
    written &= write_results(report, [(json, write_json)])
    if table:
        _print(report, unchanged, opened)
    complete = written and not report.incomplete and len(folders) == len(submitted)
    return 0 if complete else INCOMPLETE


def _finish(grading: Grading, gradebook: Any, task: Task) -> bool:
    """Write one student's result; return whether that went well."""
    broken = [one for one in task.graded.values() if one is not None and one.broke_down]
    if broken:
        say(f"{task.student.student}: {broken[0].result.message}; nothing was written, grade it again")
        return False
    try:
        save(grading.course, gradebook, task.student, task.graded, grading.name)
        grading.write_notebooks(task)
    except (GradebookError, OSError) as error:
        say(f"{task.student.student}: {error}")
        return False
    return True


def _print(report: Report, unchanged: int, course: Course) -> None:
    if report.submissions:
        show(summary_text(report))
    errors = sum(submission.status is Status.ERROR for submission in report.submissions)
    show(f"graded: {len(report.submissions) - errors}, could not be graded: {errors}, unchanged: {unchanged}")
    show(f"gradebook: {course.database}")
