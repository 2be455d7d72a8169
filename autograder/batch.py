"""Grading many submissions with several workers at once, each result as soon as it is there.

Whoever does the work is a crew: threads with a worker each, here; the workers of a cluster, in `autograder/cluster`.
"""

import queue
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from typing import Protocol

from autograder.callloop.limits import Limits
from autograder.errors import GradingError
from autograder.judge.worker import JudgeProcess, Lanes, Setup, Worker
from autograder.notebook.assignment import Assignment
from autograder.notebook.demonstrations import cells_that_run
from autograder.notebook.plotting import LIBRARY, draws
from autograder.notebook.sources import imported_modules
from autograder.pipeline import Graded, Submission, grade_submission, refused
from autograder.sandbox.backend import Backend, SandboxError
from autograder.sandbox.provided import SandboxBackend

TRIES = 2
# A machine that is busy for a while starts no worker; where so many starts fail in a row, none is tried again.
STARTS = 3


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

    def __init__(self, setup: Setup, worker: Worker | None = None) -> None:
        self.setup = setup
        self.worker = worker or Worker(setup)
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

    One process loads everything, for a second of two processors; the workers are forks of it.
    process: one that was started before it was known what for.
    """

    def __init__(self, setup: Setup, jobs: int, process: JudgeProcess | None = None) -> None:
        self.setup, self.jobs, self.process = setup, jobs, process
        self.waiting: queue.SimpleQueue[tuple[int, Submission]] = queue.SimpleQueue()
        self.done: queue.SimpleQueue[tuple[int, Graded] | BaseException] = queue.SimpleQueue()
        self.stopping = threading.Event()
        self.stations: list[Station] = []
        self.lanes: Lanes | None = None
        self.threads: list[threading.Thread] = []
        self._given_up = 0

    def start(self, submissions: Sequence[Submission]) -> None:
        """Start the workers and their threads."""
        for numbered in enumerate(submissions):
            self.waiting.put(numbered)
        workers = max(1, min(self.jobs, len(submissions)))
        for station in self._begun(workers):
            self.stations.append(station)
            self.threads.append(threading.Thread(target=self._work, args=(station,), daemon=True))
            self.threads[-1].start()

    def _begun(self, workers: int) -> Iterator[Station]:
        """Start so many. Not from their threads, because a worker's process ends with the thread that started it."""
        process, self.process = self.process, None
        # Another package's sandbox is made for one submission at a time.
        if workers > 1 and isinstance(self.setup.backend, Backend):
            self.lanes = Lanes(self.setup, process)
            self.lanes.begin()
            for number in range(workers):
                try:
                    worker = self.lanes.another()
                except SandboxError:
                    if number == 0:
                        raise
                    return  # those that have begun do all of the work, or say why they can't
                yield Station(self.setup, worker)
            return
        for number in range(workers):
            station = Station(self.setup, Worker(self.setup, process if number == 0 else None))
            station.begin()
            yield station

    def next(self) -> tuple[int, Graded]:
        """Wait for one more result. Raises SandboxError if no worker's sandbox can be started any more."""
        while True:
            found = self.done.get()
            if not isinstance(found, BaseException):
                return found
            self._given_up += 1
            if not isinstance(found, SandboxError) or self._given_up == len(self.stations):
                raise found

    def stop(self) -> None:
        """End the workers, in the middle of a submission if need be."""
        self.stopping.set()
        at_once = any(station.worker.is_busy for station in self.stations)
        for station in self.stations:
            station.close()
        if self.lanes is not None:
            self.lanes.close(at_once=at_once)
        if self.process is not None:
            self.process.close(at_once=True)
        for thread in self.threads:
            thread.join(timeout=5)

    def _work(self, station: Station) -> None:
        try:
            station.wait_until_ready()
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
