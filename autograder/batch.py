"""Grading many submissions with several workers at once, each result as soon as it is there."""

import queue
import threading
from collections.abc import Generator, Sequence

from autograder.callloop.limits import Limits
from autograder.judge.worker import Setup, Worker
from autograder.notebook.assignment import Assignment
from autograder.notebook.sources import imported_modules
from autograder.pipeline import Graded, Submission, grade_submission
from autograder.sandbox.backend import Backend

TRIES = 2


def setup_for(assignments: Sequence[Assignment], backend: Backend, limits: Limits) -> Setup:
    """Return what workers are started with to grade these assignments."""
    course = next((str(assignment.course) for assignment in assignments if assignment.course), None)
    code = [cell for assignment in assignments for cell in assignment.cells if cell.kind == "code"]
    modules = {name for cell in code if cell.is_locked for name in imported_modules(cell.source)}
    sources = "\n".join(cell.source for cell in code)
    return Setup(backend, limits, (course,) if course else (), tuple(sorted(modules)), sources)


class _Crew:
    """Workers in threads that share one list of submissions."""

    def __init__(self, submissions: Sequence[Submission], setup: Setup, jobs: int) -> None:
        self.setup = setup
        self.waiting: queue.SimpleQueue[tuple[int, Submission]] = queue.SimpleQueue()
        for numbered in enumerate(submissions):
            self.waiting.put(numbered)
        self.done: queue.SimpleQueue[tuple[int, Graded] | BaseException] = queue.SimpleQueue()
        self.stopping = threading.Event()
        # Started here, because a worker's process ends with the thread that started it.
        self.workers = [Worker(setup) for _ in range(max(1, min(jobs, len(submissions))))]
        self.threads = [
            threading.Thread(target=self._work, args=(number,), daemon=True) for number in range(len(self.workers))
        ]

    def start(self) -> None:
        for worker in self.workers:
            worker.begin()
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.stopping.set()
        for worker in self.workers:
            worker.close()
        for thread in self.threads:
            thread.join(timeout=5)

    def _work(self, number: int) -> None:
        try:
            self.workers[number].wait_until_ready()
            while not self.stopping.is_set():
                try:
                    position, submission = self.waiting.get_nowait()
                except queue.Empty:
                    return
                self.done.put((position, self._graded(number, submission)))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that reads results
            self.done.put(error)

    def _graded(self, number: int, submission: Submission) -> Graded:
        """Grade a submission; if the worker broke down, once more with a new one."""
        for attempt in range(TRIES):
            graded = grade_submission(submission, self.workers[number], self.setup.limits)
            if not graded.broke_down or attempt == TRIES - 1 or self.stopping.is_set():
                return graded
            self.workers[number].close()
            self.workers[number] = Worker(self.setup)
            self.workers[number].begin()
            self.workers[number].wait_until_ready()
        raise AssertionError


def grade_all(submissions: Sequence[Submission], setup: Setup, jobs: int) -> Generator[tuple[int, Graded], None, None]:
    """Grade submissions with `jobs` workers; yield each one's position and result when it is there.

    Raises SandboxError if the sandbox can't be started at all.
    """
    if not submissions:
        return
    crew = _Crew(submissions, setup, jobs)
    try:
        crew.start()
        for _ in submissions:
            found = crew.done.get()
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        crew.stop()
