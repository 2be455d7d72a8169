"""Workers of our own that judge changed functions, and what becomes of one that dies or hangs.

Each is a process with a limit on its memory. It works on one job after another and tells each
result as soon as it is there, so that when it has to be ended, it is known which change did it.
"""

import contextlib
import multiprocessing
import resource
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Self

from autograder.verify.bench import Bench, CourseFaultError, Settings
from autograder.verify.mutants import Mutant
from autograder.verify.references import SourceError
from autograder.verify.results import Fate, MistakeResult, MutantResult, VariantResult

# More than what is in use once everything is imported.
MEMORY_BYTES = 1024**3
# For one result, by the clock: far more than the limit on the processor's time, for a loaded machine.
LONGEST_SILENCE = 300.0
LOOK_EVERY = 1.0
MOST_IN_ONE_JOB = 40


class Kind(Enum):
    """What a job judges."""

    MUTANTS = "mutants"
    VARIANTS = "variants"
    MISTAKES = "mistakes"


@dataclass(frozen=True)
class Job:
    """Some changes of one exercise, by their numbers."""

    kind: Kind
    exercise: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Share:
    """Which of so many workers is asked what there is to judge."""

    part: int
    parts: int


@dataclass(frozen=True)
class Plan:
    """What there is to judge in a problem set."""

    exercises: tuple[str, ...]
    mutants: dict[str, list[Mutant]]
    variants: dict[str, list[str]]
    mistakes: dict[str, list[str]]

    @property
    def total(self) -> int:
        """How many results there will be."""
        return sum(len(found) for kind in (self.mutants, self.variants, self.mistakes) for found in kind.values())

    def jobs(self) -> list[Job]:
        """Return all of it in jobs of a size that keeps every worker busy to the end, the long ones first."""
        found = []
        kinds = ((Kind.MUTANTS, self.mutants), (Kind.MISTAKES, self.mistakes), (Kind.VARIANTS, self.variants))
        for exercise in reversed(self.exercises):
            for kind, counted in kinds:
                numbers = tuple(range(len(counted[exercise])))
                found += [
                    Job(kind, exercise, numbers[start : start + MOST_IN_ONE_JOB])
                    for start in range(0, len(numbers), MOST_IN_ONE_JOB)
                ]
        return found


def _next(waiting: list[Job], worker: "_Worker", workers: list["_Worker"]) -> Job:
    """Take the next job for a worker: of the exercise that it is at, else one that it knows, else one left alone.

    What is made for an exercise, its mistakes, cases and inputs, each worker makes anew.
    """
    taken = {one.exercise for one in workers if one is not worker}
    chosen = min(
        waiting,
        key=lambda job: (job.exercise != worker.exercise, job.exercise not in worker.known, job.exercise in taken),
    )
    waiting.remove(chosen)
    return chosen


@dataclass(frozen=True)
class Broken:
    """What a worker says when it is the judging itself that failed."""

    why: str


Result = MutantResult | VariantResult | MistakeResult


def _serve(pipe: Connection, course: str, name: str, settings: Settings) -> None:
    """Answer jobs until there are none: what a worker runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY_BYTES,) * 2)
    try:
        bench = Bench(course, name, settings)
    except (CourseFaultError, SourceError) as error:
        pipe.send(str(error))
        return
    pipe.send(None)
    while (job := pipe.recv()) is not None:
        if isinstance(job, Share):
            pipe.send(Plan(*bench.plan(job.part, job.parts)))
            continue
        for number in job.numbers:
            try:
                pipe.send(_judged(bench, job, number))
            except (MemoryError, RecursionError):
                raise
            except Exception as error:  # noqa: BLE001 - told by who waits; a change must not count as caught by it
                pipe.send(Broken(f"judging {job.exercise} failed: {type(error).__name__}: {error}"))
                return


def _judged(bench: Bench, job: Job, number: int) -> Result:
    if job.kind is Kind.MISTAKES:
        return bench.mistake(job.exercise, number)
    desk = bench.desk(job.exercise)
    return desk.mutant(number) if job.kind is Kind.MUTANTS else desk.variant(number)


def _given_up(plan: Plan, job: Job, number: int, why: str) -> Result:
    """Return what is said of a change that ended its worker."""
    if job.kind is Kind.MISTAKES:
        return MistakeResult(job.exercise, plan.mistakes[job.exercise][number], caught=True)
    if job.kind is Kind.VARIANTS:
        return VariantResult(job.exercise, plan.variants[job.exercise][number], why)
    mutant = plan.mutants[job.exercise][number]
    return MutantResult(
        mutant.exercise, mutant.function, mutant.operator, mutant.group, Fate.KILLED, (why,), mutant.diff
    )


class _Worker:
    """One process and the job that it is at."""

    def __init__(self, arguments: tuple[Any, ...]) -> None:
        # Not a fork: this process may have threads.
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, *arguments), daemon=True)
        self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.exercise = ""
        self.known: frozenset[str] = frozenset()
        self.done = 0
        self.ready = self.closed = False
        self.heard = time.monotonic()

    @property
    def silent(self) -> bool:
        return time.monotonic() - self.heard > LONGEST_SILENCE

    def begin(self, job: Job) -> None:
        self.job, self.exercise, self.done, self.heard = job, job.exercise, 0, time.monotonic()
        # A worker that has died meanwhile is found when it is listened to.
        with contextlib.suppress(BrokenPipeError):
            self.pipe.send(job)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Pool:
    """Some workers for one problem set. Use as a context manager."""

    def __init__(self, course: str, name: str, settings: Settings) -> None:
        self._arguments = (course, name, settings)
        self._workers = [_Worker(self._arguments) for _ in range(settings.jobs)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()

    def plan(self) -> Plan:
        """Return what there is to judge. Raises CourseFaultError if the course's module can't be used."""
        try:
            for part, worker in enumerate(self._workers):
                problem = worker.pipe.recv()
                if problem is not None:
                    raise CourseFaultError(problem)
                worker.pipe.send(Share(part, len(self._workers)))
            parts = [self._planned(worker) for worker in self._workers]
        except EOFError:
            msg = f"solutions/{self._arguments[1]}.py ends the process that imports it"
            raise CourseFaultError(msg) from None
        return Plan(
            parts[0].exercises,
            {name: found for part in parts for name, found in part.mutants.items()},
            {name: found for part in parts for name, found in part.variants.items()},
            {name: found for part in parts for name, found in part.mistakes.items()},
        )

    @staticmethod
    def _planned(worker: _Worker) -> Plan:
        found: Plan = worker.pipe.recv()
        worker.ready, worker.known = True, frozenset(found.mutants)
        return found

    def judge(self, plan: Plan) -> Iterator[Result]:
        """Judge all of a plan; yield each result when it is there."""
        waiting = plan.jobs()
        while waiting or any(worker.job for worker in self._workers):
            for place, worker in enumerate(self._workers):
                if worker.closed or (worker.job and worker.silent):
                    if worker.job:
                        why = "ends the process" if worker.closed else "never ends"
                        yield _given_up(plan, worker.job, worker.job.numbers[worker.done], why)
                        rest = worker.job.numbers[worker.done + 1 :]
                        waiting[:0] = [Job(worker.job.kind, worker.job.exercise, rest)] if rest else []
                    worker.end()
                    self._workers[place] = _Worker(self._arguments)
                elif worker.ready and not worker.job and waiting:
                    worker.begin(_next(waiting, worker, self._workers))
            yield from self._heard()

    def _heard(self) -> Iterator[Result]:
        """Yield what workers said since, or say soon. Raises CourseFaultError if one can't even begin."""
        for pipe in wait([worker.pipe for worker in self._workers], timeout=LOOK_EVERY):
            worker = next(one for one in self._workers if one.pipe is pipe)
            try:
                said = worker.pipe.recv()
            except (EOFError, OSError):
                worker.closed = True
                continue
            worker.heard = time.monotonic()
            if isinstance(said, Broken):
                raise CourseFaultError(said.why)
            if worker.job is None:
                if said is not None:
                    raise CourseFaultError(said)
                worker.ready = True
                continue
            worker.done += 1
            if worker.done == len(worker.job.numbers):
                worker.job = None
            yield said
