"""What `nbgrader autograde` and the formgrader use in the place of nbgrader's own execution.

nbgrader reads and converts a submission twice: once to sanitize it, once to run it. Here the first
step restores the instructor's cells, whatever the file holds; the second grades the submitted file
in the sandbox and writes the scores. nbgrader_config.py names both.
"""

import atexit
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Float, List, Unicode

from autograder.batch import setup_for
from autograder.callloop.limits import Limits
from autograder.course import Course, StudentFolder, open_course
from autograder.gradebook.opening import open_gradebook
from autograder.gradebook.writing import Result, save
from autograder.isolation import strongest
from autograder.judge.worker import Setup, Worker
from autograder.lock import BusyError, course_lock
from autograder.marks import RESULT, result_entry
from autograder.notebook.assignment import Assignment, files_beside, load_assignments
from autograder.notebook.matching import notebook_json, restore
from autograder.notebook.reading import NotebookError, read_notebook
from autograder.notebook.settings import Settings
from autograder.pages.notebook import inert_notebook, storable, with_inert_notebook
from autograder.pipeline import Graded, Submission, grade_submission
from autograder.report import Status
from autograder.secret import course_secret, seed_for
from autograder.writers.text import inert

# A class is graded in minutes; what takes longer should be looked at by somebody.
LONGEST_WAIT_SECONDS = 1800.0
_workers: dict[Setup, Worker] = {}
_lock = threading.Lock()


def _close_workers() -> None:
    for worker in _workers.values():
        worker.close()


atexit.register(_close_workers)


def _worker(setup: Setup) -> Worker:
    """Return a running worker; it is kept, because nbgrader converts one notebook after another."""
    with _lock:
        if setup not in _workers:
            worker = Worker(setup)
            worker.begin()
            worker.wait_until_ready()
            _workers[setup] = worker
        return _workers[setup]


def _discard(setup: Setup) -> None:
    with _lock:
        worker = _workers.pop(setup, None)
    if worker is not None:
        worker.close()


class SubmissionExporter(NotebookExporter):
    """Reads what a student submitted, whatever it is; a file that is no notebook becomes one that says so."""

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """Return the converted notebook of a file."""
        if resources is None or "nbgrader" not in resources:
            return super().from_filename(filename, resources=resources, **kw)
        try:
            found = read_notebook(Path(filename), Limits().notebook_bytes)
            # No metadata: the next step takes the instructor's, and nbgrader acts on the student's before it.
            cells: list[dict[str, Any]] = [
                {"cell_type": cell.kind, "metadata": {}, "source": storable(cell.source)}
                | ({"outputs": [], "execution_count": None} if cell.kind == "code" else {})
                for cell in found.cells
            ]
            minor = min(found.minor, 5)
        except NotebookError as error:
            text = f"**This could not be graded:** {Path(filename).name} {error}"
            cells, minor = [{"cell_type": "markdown", "metadata": {}, "source": text}], 4
        data = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": minor}
        notebook = nbformat.from_dict(data)
        return self.from_notebook_node(notebook, resources=resources, **kw)  # type: ignore[no-untyped-call]


class _CourseStep(NbGraderPreprocessor):  # type: ignore[misc]
    """What both steps need to know: the course, the assignment's notebook, the submitted file."""

    def _place(self, resources: Any) -> tuple[Course, Assignment, StudentFolder]:
        facts = resources["nbgrader"]
        directory = self.parent.parent.coursedir if self.parent and self.parent.parent else None
        root = Path(directory.root if directory is not None else ".").resolve()
        course = open_course(root)
        if directory is not None:
            course = Course(root, course.config, directory)
        assignments = load_assignments(root, facts["assignment"], self._settings(course))
        assignment = next(one for one in assignments if one.notebook_name == facts["notebook"])
        folder = course.folder(course.directory.submitted_directory, facts["student"], facts["assignment"])
        return course, assignment, StudentFolder(facts["student"], folder, course.timestamp(folder))

    def _settings(self, course: Course) -> Settings:
        """Return the course's settings; what the command line or the formgrader set counts, too."""
        there = getattr(self, "on_students_side", None)
        return course.settings if there is None else replace(course.settings, on_students_side=tuple(there))


def _handed_in_with(path: Path) -> dict[str, bytes]:
    return {name: content for name, content in files_beside(path.parent) if name != "timestamp.txt"}


class RestoreCells(_CourseStep):
    """Sanitizing: every cell of the instructor's is there once, as the instructor wrote it."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the submission with the instructor's cells restored."""
        _, assignment, student = self._place(resources)
        try:
            submitted = read_notebook(student.folder / f"{assignment.notebook_name}.ipynb", Limits().notebook_bytes)
        except NotebookError as error:
            self.log.warning("%s: %s.ipynb %s", inert(student.student), assignment.notebook_name, error)
            return nb, resources
        restored = restore(submitted, assignment)
        for warning in restored.warnings:
            self.log.warning("%s: %s", inert(student.student), inert(warning))
        return nbformat.from_dict(inert_notebook(notebook_json(restored, submitted, {}), assignment)), resources


class GradeInSandbox(_CourseStep):
    """Running: student cells in the sandbox, tests outside it, scores into the gradebook."""

    timeout = Float(Limits().cell_seconds, help="Seconds for one cell, and for all calls of one exercise.").tag(
        config=True
    )
    total_timeout = Float(Limits().total_seconds, help="Seconds for all cells of a notebook.").tag(config=True)
    isolation = Unicode("full", help="The least isolation that is accepted: full, container or none.").tag(config=True)

    on_students_side = List(
        Unicode(),
        help='Tests that run on the student\'s side, such as "ps3/test_spark". Their scores can be forged.',
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Grade the submitted file, write its scores, and return the notebook with outputs."""
        course, assignment, student = self._place(resources)
        graded = self._graded(course, assignment, student)
        if graded.broke_down:
            raise RuntimeError(graded.result.message)
        with self._alone(course), open_gradebook(course) as gradebook:
            save(gradebook, assignment.name, [Result(student, {assignment.notebook_name: graded})])
        if graded.result.status is Status.ERROR or graded.notebook is None:
            self.log.error("%s: %s", inert(student.student), inert(graded.result.message))
            nb.metadata[RESULT] = result_entry(graded.result)
            return nb, resources
        self.log.info("%s: %g of %g points", student.student, graded.result.score, graded.result.max_score)
        metadata = {**graded.notebook["metadata"], RESULT: result_entry(graded.result)}
        return nbformat.from_dict({**graded.notebook, "metadata": metadata}), resources

    @contextlib.contextmanager
    def _alone(self, course: Course) -> Iterator[None]:
        """Wait while another grader is at work on this course."""
        what = "nbgrader autograde"
        with contextlib.ExitStack() as held:
            try:
                held.enter_context(course_lock(course.root, what))
            except BusyError as error:
                self.log.warning("%s; waiting for it", error)
                held.enter_context(course_lock(course.root, what, LONGEST_WAIT_SECONDS))
            yield

    def _graded(self, course: Course, assignment: Assignment, student: StudentFolder) -> Graded:
        limits = Limits(cell_seconds=self.timeout, total_seconds=self.total_timeout)
        backend, _ = strongest(self.isolation)
        setup = setup_for([assignment], backend, limits)
        seed = seed_for(course_secret(course.root), assignment.name, student.student)
        path = student.folder / f"{assignment.notebook_name}.ipynb"
        beside = partial(_handed_in_with, path)
        submission = Submission(path, str(path), lambda *_: (assignment, []), lambda *_: seed, beside=beside)
        grade = partial(grade_submission, submission, limits=limits)
        graded = grade(_worker(setup))
        if graded.broke_down:
            _discard(setup)
            graded = grade(_worker(setup))
        return with_inert_notebook(graded)
