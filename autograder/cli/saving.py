"""The one writer: a thread that saves results in batches, first in the gradebook, then in `autograded/`.

Whatever ends the program, each prefix of what it does is right: a submission counts as done only when its
graded notebook says so, and that is written after the gradebook has its scores. ^C does not reach this thread.
"""

import contextlib
import errno
import json
import queue
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.cli.errors import say
from autograder.cli.grading import Grading, Task
from autograder.durable import write_durably
from autograder.fingerprint import digest_of
from autograder.gradebook.errors import GradebookError

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.gradebook.opening import Gradebook
    from autograder.marks import Mark

# A transaction costs as much as grading some notebooks; a second's work is soon done again.
BATCH, BATCH_SECONDS = 50, 1.0
WAITING = 200
# Of the system's refusals, those that the next file will meet as well.
_LASTING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


@dataclass
class Saved:
    """How the saving went. problem: why it stopped before its end, or ""."""

    students: int = 0
    refused: int = 0
    seconds: float = 0.0
    problem: str = ""


class Writer:
    """Saves tasks as they are handed in, in a thread of its own."""

    def __init__(self, grading: Grading, level: str) -> None:
        self.grading, self.level = grading, level
        self.saved = Saved()
        # Bounded, so that graded notebooks do not pile up in memory while the disk is slow.
        self._waiting: queue.Queue[Task | None] = queue.Queue(WAITING)
        self._thread = threading.Thread(target=self._run, daemon=True)
        # What it imports would delay the first result.
        self._started = False

    def add(self, task: Task) -> None:
        """Hand in a task all of whose notebooks are graded."""
        if not self._started:
            self._thread.start()
            self._started = True
        while not self.saved.problem:
            try:
                self._waiting.put(task, timeout=1.0)
            except queue.Full:
                continue
            return

    def finish(self) -> Saved:
        """Wait until everything that was handed in is saved, and return how that went."""
        while self._thread.is_alive() and not self.saved.problem:
            try:
                self._waiting.put(None, timeout=1.0)
                break
            except queue.Full:
                continue
        if self._started:
            self._thread.join()
        return self.saved

    def _run(self) -> None:
        from autograder.gradebook.opening import open_gradebook

        try:
            started = time.monotonic()
            with open_gradebook(self.grading.course) as gradebook:
                _register(self.grading, gradebook)
                self.saved.seconds += time.monotonic() - started
                while batch := self._batch():
                    started = time.monotonic()
                    self._save(gradebook, batch)
                    self.saved.seconds += time.monotonic() - started
        except GradebookError as error:
            self.saved.problem = str(error)
        except Exception as error:  # noqa: BLE001 - told by the main thread, which would wait for ever
            self.saved.problem = f"saving failed: {type(error).__name__}: {error}"

    def _batch(self) -> list[Task]:
        """Wait for tasks: some, or those of a second; none at the end."""
        first = self._waiting.get()
        batch = [first] if first is not None else []
        until = time.monotonic() + BATCH_SECONDS
        while batch and len(batch) < BATCH:
            try:
                task = self._waiting.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                break
            if task is None:
                self._waiting.put(None)
                break
            batch.append(task)
        return batch

    def _save(self, gradebook: "Gradebook", batch: list[Task]) -> None:
        """Save tasks together; if one of them is refused, each by itself."""
        try:
            self._save_together(gradebook, batch)
        except (GradebookError, OSError) as error:
            told = _told(error)
            if isinstance(error, GradebookError) and error.lasting:
                raise
            if isinstance(error, OSError) and error.errno in _LASTING:
                msg = f"{told}. Nothing is lost: make room, and grade again"
                raise GradebookError(msg) from None
            if len(batch) == 1:
                say(f"{batch[0].student.student}: {told}")
                self.saved.refused += 1
                return
            for task in batch:
                self._save(gradebook, [task])

    def _save_together(self, gradebook: "Gradebook", batch: list[Task]) -> None:
        from autograder.gradebook.writing import Result, save

        grading = self.grading
        scores = save(gradebook, grading.name, [Result(task.student, task.graded) for task in batch])
        files: dict[Path, bytes | Path] = {}
        marks: dict[Path, Mark] = {}
        for task in batch:
            its_files, its_marks = grading.files(task, scores.get(task.student.student, {}), self.level)
            files |= its_files
            marks |= its_marks
        write_durably(files)
        grading.record.note(marks)
        self.saved.students += len(batch)
        for task in batch:
            task.graded.clear()  # the notebooks are on the disk now


def _told(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.strerror or error}: {error.filename}" if error.filename else str(error.strerror or error)
    return str(error)


def _register(grading: Grading, gradebook: "Gradebook") -> None:
    """Bring the gradebook's cells up to date; nbgrader is asked only if a notebook in source/ changed."""
    from autograder.gradebook.cells import register

    path = grading.course.root / ".autograder" / f"cells-{grading.name}.json"
    contents = [part for one in grading.assignments for part in (one.notebook_name, one.notebook.content)]
    settings = {key: value for key, value in grading.course.config.items() if key != "CourseDirectory"}
    digest = digest_of(*contents, repr(settings))
    # Without a note of what was asked before, the cells are those of generate_assignment, if any are there.
    known = "" if path.exists() else None
    with contextlib.suppress(OSError, ValueError, TypeError):
        of_notebooks, of_cells = json.loads(path.read_text())
        known = str(of_cells) if of_notebooks == digest else ""
    found = register(gradebook, grading.assignments, known)
    if found != known:
        with contextlib.suppress(OSError):  # then nbgrader is asked again next time
            path.write_text(json.dumps([digest, found]))
