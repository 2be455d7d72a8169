"""The crew on a Dask cluster: keeps so many submissions under way, and counts each result once.

A dead worker, a lost scheduler and a slow machine cost another try; a submission is given up only after
`TRIES` of its own failures, and then told as not graded.
"""

import statistics
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from distributed import Future

from autograder.cluster.answers import Answer, AnswerError, unpacked
from autograder.cluster.connection import LOST, ClusterError, Connection
from autograder.cluster.parcel import Errand, Parcel, digest
from autograder.cluster.remote import grade
from autograder.cluster.work import Try, Work
from autograder.notebook.reading import NotebookError, notebook_bytes
from autograder.pipeline import Graded, Submission, refused
from autograder.report import Isolation

TRIES = 3
# Under way at once, for each thread of the cluster: one that is graded, and some on their way.
AHEAD, LEAST_AHEAD, MOST_BYTES = 4, 8, 256 * 1024 * 1024
LOOK_SECONDS, PAUSE_SECONDS = 1.0, 0.01
# A submission that takes so many times as long as most is tried elsewhere as well, and never sooner than that.
SLOW_FACTOR, SLOW_SECONDS, SAMPLES = 4.0, 5.0, 100
ENOUGH_SAMPLES = 3
# An outcome that Dask knows of and does not hand over: the line broke while it was fetched.
UNHEARD_SECONDS = 30.0
NOBODY_SECONDS, NOBODY_AT_ALL_SECONDS = 10.0, 600.0


class ClusterCrew:
    """The workers of a Dask cluster.

    tell: says something to the person who waits.
    """

    def __init__(self, address: str, tests: Parcel, tell: Callable[[str], None]) -> None:
        self.tests, self.tell = tests, tell
        self.connection = Connection(address, tell)
        self.connection.open()
        self.work = Work()
        self.unfit: dict[str, str] = {}
        self.levels: set[str] = set()
        self.layers: list[tuple[str, ...]] = []
        self.turnarounds: deque[float] = deque(maxlen=SAMPLES)
        self._packed = tests.packed()
        self._run = f"{digest(self._packed)[:8]}-{time.time_ns():x}"
        self._tests: Future | None = None
        self._look_at = 0.0
        self._nobody_since: float | None = None
        self._nobody_told = False
        self._alive()

    @property
    def at_once(self) -> int:
        """How many submissions the cluster's workers take at once, all together."""
        return sum(self._fit().values())

    @property
    def isolation(self) -> Isolation:
        """The weakest isolation that a result was made with, and the layers that held for all."""
        level = min(self.levels, key=("none", "container", "full").index, default=self.tests.level)
        first = self.layers[0] if self.layers else ()
        return Isolation(level, tuple(name for name in first if all(name in other for other in self.layers)))

    def start(self, submissions: Sequence[Submission]) -> None:
        """Take up the work."""
        self.work = Work(submissions, deque(range(len(submissions))), finished=bytearray(len(submissions)))

    def next(self) -> tuple[int, Graded]:
        """Wait for one more result. Raises ClusterError if the cluster can't go on."""
        work = self.work
        while not work.ready:
            self._send()
            answers = self.connection.answers()
            for future, outcome in answers:
                self._hear(future, outcome)
            if time.monotonic() >= self._look_at:
                self._look_after()
                self._look_at = time.monotonic() + LOOK_SECONDS
            elif not answers and not work.ready:
                time.sleep(PAUSE_SECONDS)
        return work.ready.popleft()

    def stop(self) -> None:
        """Drop what is under way, and leave the cluster."""
        self.connection.drop([one.future for one in self.work.tries.values()])
        self._tests = None
        self.connection.close()

    # --- sending ----------------------------------------------------------------------------------

    def _fit(self) -> dict[str, int]:
        return {worker: number for worker, number in self.connection.threads.items() if worker not in self.unfit}

    def _send(self) -> None:
        """Send submissions until enough are under way; none is read sooner than that."""
        work, room = self.work, max(LEAST_AHEAD, AHEAD * self.at_once)
        while work.waiting and len(work.tries) < room and work.bytes_under_way < MOST_BYTES:
            position = work.waiting.popleft()
            if not work.finished[position]:
                self._send_one(position, list(self._fit()) if self.unfit else None, whole=position in work.failures)

    def _send_one(self, position: int, workers: list[str] | None, *, whole: bool) -> None:
        """Send one submission: with the tests themselves, or with word of the call that has them.

        The latter sends the tests to each worker once, but leaves a worker waiting for another that hangs.
        """
        submission, started = self.work.submissions[position], time.monotonic()
        assert submission.settled is not None
        assignment, seed = submission.settled
        try:
            content = notebook_bytes(submission.path, self.tests.limits.notebook_bytes)
        except NotebookError as error:
            self.work.finish(position, refused(submission, f"{submission.path.name} {error}", started))
            return
        errand = Errand(
            submission.path.name,
            submission.shown_path,
            assignment.notebook_name,
            content,
            seed,
            dict(submission.beside()),
        ).packed()
        self.work.sent += 1
        key = f"autograder-{self._run}-{position}-{self.work.sent}"
        tests = self._packed if whole else self._tests_call()
        future = self.connection.submit(grade, tests, errand, key=key, workers=workers)
        size = len(errand["content"])
        self.work.tries[key] = Try(position, future, started, size)
        self.work.bytes_under_way += size
        self.connection.expect(future)

    def _tests_call(self) -> Future:
        """Return the call whose result is the tests; Dask makes it again if the workers that have them die."""
        if self._tests is None or self._tests.status not in ("pending", "finished"):
            name = f"autograder-tests-{self._run}-{self.work.sent}"
            self._tests = self.connection.submit(bytes, self._packed, key=name, workers=None)
        return self._tests

    # --- hearing ----------------------------------------------------------------------------------

    def _hear(self, future: Future, outcome: Any) -> None:
        """Make something of a call's outcome."""
        one = self.work.ended(str(future.key))
        if one is None or self.work.finished[one.position]:
            return
        if future.status == "error":
            error = outcome[1] if isinstance(outcome, tuple) else outcome
            if isinstance(error, ImportError):
                msg = (
                    f"the cluster's workers have not got this program, or another version of it ({error}); "
                    "type on each: pip install 'backprop-autograder[dask,instructor]'"
                )
                raise ClusterError(msg)
            self._failed(one.position, f"{type(error).__name__}: {error}")
        elif future.status in LOST or isinstance(outcome, BaseException):
            self.work.again(one.position)  # nobody's fault; the scheduler went, or was told to forget
            self._look_at = 0.0
        else:
            self._take(one, outcome)

    def _take(self, one: Try, outcome: Any) -> None:
        submission = self.work.submissions[one.position]
        assert submission.settled is not None
        try:
            answer = unpacked(outcome, submission.shown_path, submission.settled[0])
        except AnswerError as error:
            self._failed(one.position, str(error))
            return
        if answer.graded is None:
            self._refuse(answer)
            self.work.again(one.position)
        elif answer.graded.broke_down:
            self._failed(one.position, answer.graded.result.message)
        else:
            self.turnarounds.append(time.monotonic() - one.since)
            self.levels.add(answer.level)
            self.layers += [answer.layers] if answer.layers not in self.layers else []
            self.work.finish(one.position, answer.graded)

    def _failed(self, position: int, why: str) -> None:
        """Try a submission again, or give it up."""
        work = self.work
        work.failures[position] = work.failures.get(position, 0) + 1
        if work.failures[position] < TRIES:
            work.again(position)
            return
        message = why if why.startswith("the grader broke down") else f"the grader broke down: {why}"
        work.finish(position, refused(work.submissions[position], message, time.monotonic(), broke_down=True))

    def _refuse(self, answer: Answer) -> None:
        """Send no more to a worker that can't grade. Raises ClusterError if there is no other."""
        if answer.worker not in self.unfit:
            self.unfit[answer.worker] = answer.refused
            self.tell(f"the worker at {answer.worker} can't grade: {answer.refused}")
        if self._alive() and self.connection.threads and not self._fit():
            msg = f"no worker of the cluster at {self.connection.address} can grade: {answer.refused}"
            raise ClusterError(msg)

    # --- looking after ----------------------------------------------------------------------------

    def _alive(self) -> bool:
        return self.connection.is_alive()

    def _look_after(self) -> None:
        """See to a lost scheduler, to lost answers, to the slow, and to a cluster without workers."""
        if not self._alive():
            self.connection.reopen()
            self._tests = None
            for key in list(self.work.tries):
                one = self.work.ended(key)
                if one is not None:
                    self.work.again(one.position)
            self._alive()
        self._mind_nobody()
        now = time.monotonic()
        for key, one in list(self.work.tries.items()):
            if self.work.finished[one.position]:
                self.work.ended(key)
                self.connection.drop([one.future])
            elif one.future.status in LOST or (one.future.status != "pending" and now - one.since > UNHEARD_SECONDS):
                self.work.ended(key)
                self.work.again(one.position)
        self._try_slow_ones_elsewhere(now)

    def _mind_nobody(self) -> None:
        """Say so if the cluster has no worker, and give up after a while: a cluster that grows may take minutes."""
        if self._fit():
            self._nobody_since, self._nobody_told = None, False
            return
        self._nobody_since = self._nobody_since or time.monotonic()
        waited = time.monotonic() - self._nobody_since
        if waited > NOBODY_AT_ALL_SECONDS:
            msg = f"the cluster at {self.connection.address} has had no worker for {waited / 60:.0f} minutes"
            raise ClusterError(msg)
        if waited > NOBODY_SECONDS and not self._nobody_told:
            self.tell("the cluster has no worker at the moment; waiting for one (^C ends this, and nothing is lost)")
            self._nobody_told = True

    def _try_slow_ones_elsewhere(self, now: float) -> None:
        """Give those that take far longer than most to another worker as well; the first result counts."""
        work, enough = self.work, len(self.turnarounds) >= ENOUGH_SAMPLES
        usual = statistics.median(self.turnarounds) if enough else self.tests.limits.total_seconds
        slow = [one for one in work.tries.values() if now - one.since > max(SLOW_SECONDS, SLOW_FACTOR * usual)]
        tries: dict[int, int] = {}
        for one in work.tries.values():
            tries[one.position] = tries.get(one.position, 0) + 1
        twice = sum(number > 1 for number in tries.values())
        # In the middle of the work a slow one keeps nobody waiting.
        room = len(work.tries) if not work.waiting else max(1, len(work.tries) // 10)
        slow = [one for one in slow if tries[one.position] == 1][: max(0, room - twice)]
        running = self.connection.running() if slow else {}
        for one in slow:
            busy = running.get(str(one.future.key))
            others = [worker for worker in self._fit() if worker != busy]
            if busy is not None and others:
                self._send_one(one.position, others, whole=True)
