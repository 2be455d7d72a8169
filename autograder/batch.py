"""Grading many submissions with several workers at once, each result as soon as it is there.

Whoever does the work is a crew: threads with a worker each, here; the workers of a cluster, in `autograder/cluster`.
"""

import os
import queue
import threading
import time
from collections import deque
from collections.abc import Generator, Sequence
from typing import Protocol

from autograder.callloop.limits import Limits
from autograder.errors import GradingError
from autograder.judge.worker import JudgeProcess, Setup, Worker
from autograder.notebook.assignment import Assignment
from autograder.notebook.demonstrations import cells_that_run
from autograder.notebook.plotting import LIBRARY, draws
from autograder.notebook.sources import imported_modules
from autograder.pipeline import Graded, Submission, grade_submission, refused
from autograder.sandbox.backend import SandboxError
from autograder.sandbox.provided import SandboxBackend

TRIES = 2
# A machine that is busy for a while starts no worker; where so many starts fail in a row, none is tried again.
STARTS = 3
# So many submissions waiting for a worker take longer than another one's start, before it is known how long they take.
MANY = 8


def first_of(jobs: int) -> int:
    """Return how many workers of this machine start at once: each is two processes that do."""
    return max(1, min(jobs, len(os.sched_getaffinity(0)) // 2))


def setup_for(assignments: Sequence[Assignment], backend: SandboxBackend, limits: Limits) -> Setup:
    """Return what workers are started with to grade these assignments."""
    course = next((str(assignment.course) for assignment in assignments if assignment.course), None)
    code = [cell for assignment in assignments for cell in cells_that_run(assignment)]
    modules = {name for cell in code if not cell.is_solution for name in imported_modules(cell.source)}
    if not draws("\n".join(cell.source for cell in code if cell.is_locked or cell.is_test)):
        modules = {name for name in modules if name.partition(".")[0] != LIBRARY}
    sources = "\n".join(cell.source for cell in code)
    return Setup(backend, limits, (course,) if course else (), tuple(sorted(modules)), sources, draws(sources))


class CrewError(GradingError):
    """Nobody is left who could grade; the message says why, and what to do."""


class Station:
    """One worker, replaced when it breaks down. One submission at a time."""

    def __init__(self, setup: Setup, process: JudgeProcess | None = None) -> None:
        self.setup = setup
        self.worker = Worker(setup, process)
        self.stopping = threading.Event()
        self._failed = 0
        self.given_up: SandboxError | None = None

    def begin(self) -> None:
        """Start the worker without waiting for it."""
        self.worker.begin()

    def wait_until_ready(self) -> None:
        """Wait until submissions can be graded. Raises SandboxError if the sandbox does not start."""
        self.worker.wait_until_ready()

    def grade(self, submission: Submission) -> Graded:
        """Grade a submission; if the worker broke down, once more with a new one, or with none that would start."""
        for attempt in range(TRIES):
            graded = grade_submission(submission, self.worker, self.setup.limits)
            if not graded.broke_down or attempt == TRIES - 1 or self.stopping.is_set():
                return graded
            try:
                self._start_anew()
            except SandboxError as error:
                self._failed += 1
                self.given_up = error if self._failed == STARTS else None
                return graded
        raise AssertionError

    def _start_anew(self) -> None:
        self.worker.close()
        self.worker = Worker(self.setup)
        self.worker.begin()
        self.worker.wait_until_ready()
        self._failed = 0

    def close(self) -> None:
        """End the worker and all that it started."""
        self.stopping.set()
        self.worker.close()


class Crew(Protocol):
    """Whoever grades a list of submissions, in any order."""

    def start(self, submissions: Sequence[Submission]) -> None:
        """Take up the work without waiting for it."""
        ...

    def next(self) -> tuple[int, Graded]:
        """Wait for one more result; return the submission's position and what came of it.

        Raises SandboxError or CrewError if there will be none.
        """
        ...

    def stop(self) -> None:
        """Drop what is not done, and end what was started."""
        ...


class LocalCrew:
    """Workers of this machine, in threads that share one list of submissions.

    A worker takes seconds of two processors to start. So as many start as there are processors for, the first result is
    not kept waiting for the others, and those only start where what is left takes longer than that.
    processes: those of judges that were started before it was known what for; more are started where they are few.
    """

    def __init__(self, setup: Setup, jobs: int, processes: Sequence[JudgeProcess] = ()) -> None:
        self.setup, self.jobs, self.processes = setup, jobs, deque(processes)
        self.waiting: queue.SimpleQueue[tuple[int, Submission]] = queue.SimpleQueue()
        self.done: queue.SimpleQueue[tuple[int, Graded] | BaseException | None] = queue.SimpleQueue()
        self.stopping = threading.Event()
        self.stations: list[Station] = []
        self.threads: list[threading.Thread] = []
        self._still_to_start = 0
        self._started = self._starting = self._judging = 0.0
        self._judged = self._given_up = 0

    def start(self, submissions: Sequence[Submission]) -> None:
        """Start the first workers and their threads."""
        for numbered in enumerate(submissions):
            self.waiting.put(numbered)
        self._still_to_start = max(1, min(self.jobs, len(submissions)))
        self._started = time.monotonic()
        self._start(min(self._still_to_start, first_of(self.jobs)))

    def next(self) -> tuple[int, Graded]:
        """Wait for one more result. Raises SandboxError if no worker's sandbox can be started any more."""
        while True:
            try:
                found = self.done.get(timeout=self._starting if self._starting and self._could_start else None)
            except queue.Empty:
                if self._could_start:
                    self._start(self._still_to_start)
                continue
            if isinstance(found, BaseException):
                self._given_up += 1
                if isinstance(found, SandboxError) and self._judged and self._given_up < len(self.stations):
                    continue
                raise found
            if found is None:
                self._starting = self._starting or time.monotonic() - self._started
            else:
                self._judging += found[1].result.seconds
                self._judged += 1
            if self._could_start and self._is_much():
                self._start(self._still_to_start)
            if found is not None:
                return found

    def stop(self) -> None:
        """End the workers, in the middle of a submission if need be."""
        self.stopping.set()
        for station in self.stations:
            station.close()
        while self.processes:
            self.processes.popleft().close(at_once=True)
        for thread in self.threads:
            thread.join(timeout=5)

    @property
    def _could_start(self) -> bool:
        """Whether there are workers to start, and something that nobody has begun with."""
        return self._still_to_start > 0 and not self.waiting.empty()

    def _start(self, workers: int) -> None:
        """Start workers. Not from their threads, because a worker's process ends with the thread that started it."""
        self._still_to_start -= workers
        begun = [Station(self.setup, self.processes.popleft() if self.processes else None) for _ in range(workers)]
        self.stations += begun
        for station in begun:
            station.begin()
        threads = [threading.Thread(target=self._work, args=(one,), daemon=True) for one in begun]
        self.threads += threads
        for thread in threads:
            thread.start()

    def _is_much(self) -> bool:
        """Tell whether those who work would take longer for what is left than others take to start."""
        left = self.waiting.qsize() / len(self.stations)
        return left > MANY if not self._judged else left * self._judging / self._judged > self._starting

    def _work(self, station: Station) -> None:
        try:
            station.wait_until_ready()
            self.done.put(None)
            while not self.stopping.is_set():
                try:
                    position, submission = self.waiting.get_nowait()
                except queue.Empty:
                    return
                self.done.put((position, station.grade(submission)))
                if station.given_up is not None:
                    self.done.put(station.given_up)
                    return
        except BaseException as error:  # noqa: BLE001 - handed to the thread that reads results
            self.done.put(error)


def grade_all(submissions: Sequence[Submission], crew: Crew) -> Generator[tuple[int, Graded], None, None]:
    """Have a crew grade submissions; yield each one's position and result when it is there.

    Raises SandboxError if the sandbox can't be started at all, CrewError if nobody is left who could grade. Where it
    can't be started any more, what was graded counts, and of each of the others it is said that it was not.
    """
    left = dict(enumerate(submissions))
    try:
        if submissions:
            crew.start(submissions)
        while left:
            try:
                position, graded = crew.next()
            except SandboxError as error:
                if len(left) == len(submissions):
                    raise
                why = f"the grader broke down: {error}"
                yield from (
                    (place, refused(one, why, time.monotonic(), broke_down=True)) for place, one in left.items()
                )
                return
            del left[position]
            yield position, graded
    finally:
        crew.stop()
