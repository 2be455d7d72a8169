"""One submission's process in the sandbox: requests, deadlines, and starting anew after a limit."""

import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from autograder.callloop.frames import Channel, Frame, PeerGoneError, WireError
from autograder.callloop.limits import Limits
from autograder.exercises.answers import CallLimitError
from autograder.judge.clock import paused
from autograder.judge.recording import Recording, Take
from autograder.sandbox.backend import SandboxError
from autograder.sandbox.fork_server import Ending

NUMBER_BITS = 50  # exact in JSON, wherever it is read
OTHERS_ARE_FINE = "your other exercises are not affected"

AnswerCallback = Callable[[Frame], tuple[dict[str, Any], bytes]]


@dataclass
class Usage:
    """What a submission has used so far.

    waited, exercise: seconds of waiting for it, in all and in the present exercise.
    replayed: seconds of running its cells again after the process had ended.
    """

    waited: float = 0.0
    exercise: float = 0.0
    replayed: float = 0.0
    restarts: int = 0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    warnings: dict[str, int] = field(default_factory=dict)


class StudentProcess:
    """The process, through all its restarts.

    start, end: start a process and return the socket to it; end it, knowing whether it is gone already.
    started: called with every new process, to bring it to where the last one was.
    answer_callback: answers a call of a function that the grader passed in.
    """

    def __init__(
        self,
        start: Callable[[], socket.socket],
        end: Callable[[bool], Ending],
        limits: Limits,
        started: Callable[[], None],
        answer_callback: AnswerCallback,
    ) -> None:
        self.limits = limits
        self.usage = Usage()
        self.generation = 0
        self._start = start
        self._end_process = end
        self._started = started
        self._answer_callback = answer_callback
        self._channel: Channel | None = None
        self._called, self._begins = 0, False
        self._ended: set[int] = set()
        self._lost: SandboxError | None = None
        self.recording = Recording()

    @property
    def used(self) -> int:
        """The number of the running process if a test has called functions in it already, else 0."""
        return self.generation if self._called == self.generation else 0

    def note_call(self) -> None:
        """Note that a test has called something in the running process."""
        self._called = self.generation

    @property
    def is_running(self) -> bool:
        """Whether there is a process."""
        return self._channel is not None

    @property
    def has_ended_itself(self) -> bool:
        """Whether the last process ended without having been asked to, or said what nobody had asked."""
        return self.generation in self._ended

    @contextmanager
    def on_its_own_account(self) -> Iterator[None]:
        """Judge something once more in this block, in a new process; neither time nor ends are counted to anybody.

        The cells that run again in it have as much time together as one exercise has.
        """
        self.close()
        usage = self.usage
        before = usage.waited, usage.replayed, usage.restarts
        usage.waited = max(usage.waited, self.limits.total_seconds - self.limits.cell_seconds)
        usage.replayed, usage.restarts = 0.0, 0
        try:
            yield
        finally:
            usage.waited, usage.replayed, usage.restarts = before

    def has_ended(self, used: int) -> bool:
        """Tell whether a process that was in use has ended by itself since: what an earlier call left may have done it.

        Then another one is to take its place, which is counted to nobody.
        """
        if used not in self._ended:
            return False
        self.close()
        self.usage.restarts -= 1
        return True

    def close(self) -> None:
        """End the process, if one is running."""
        if self._channel is not None:
            self._end(gone=False)

    def request(self, header: dict[str, Any], body: bytes = b"", take: Take | None = None) -> Frame:
        """Send a request and return the answer; answer callbacks in between.

        take: where the answer comes in several frames, takes each and tells whether it was the last one.
        Raises CallLimitError, with a message for the student, if a limit ended the process or it
        ended by itself. The next request starts a new one.
        """
        if self.recording.plays:
            return self.recording.answer(header, take)
        try:
            with self.recording.answering(header) as keep:
                return self._answered(header, body, take, keep)
        except CallLimitError:
            raise
        except BaseException:
            # A process that is in the middle of something would answer the next request with this one.
            self.close()
            raise

    def request_for_cell(self, header: dict[str, Any]) -> Frame:
        """Send a request; once more, to a new process, where one that was in use ended by itself."""
        used = self.used
        try:
            return self.request(header)
        except CallLimitError:
            if not self.has_ended(used):
                raise
        self.begin()
        return self.request(header)

    def _answered(self, header: dict[str, Any], body: bytes, take: Take | None, keep: Callable[[Frame], None]) -> Frame:
        channel = self._open()
        # Not to be guessed: else one function could answer what only the next one will be asked.
        number = secrets.randbits(NUMBER_BITS)
        # Figures that the calls of one test have left open are none of the next one's.
        begins, self._begins = {"begins": True} if self._begins else {}, False
        frame = self._exchange(channel, ({**header, **begins, "n": number}, body), number)
        called_back = 0
        while True:
            if "callback" not in frame.header:
                keep(frame)
                if take is None or self._taken(take, frame):
                    return frame
                called_back = 0
                frame = self._exchange(channel, None, number)
                continue
            called_back += 1
            if called_back > self.limits.callback_calls:
                break
            started = time.monotonic()
            reply = self._answer_callback(frame)
            self._count(started)
            if self._channel is not channel:
                msg = f"the process was ended while it called back; {OTHERS_ARE_FINE}"
                raise CallLimitError(msg)
            frame = self._exchange(channel, reply, number)
        why = f"stopped: more than {self.limits.callback_calls:,} calls of a function that was passed in"
        raise self._stopped(why)

    def _taken(self, take: Take, frame: Frame) -> bool:
        """Hand on one of several answers; what does not fit together ends the process, as any malformed answer."""
        try:
            return take(frame)
        except WireError as error:
            self._ended.add(self.generation)
            why = f"stopped: {error}"
            raise self._stopped(why) from None

    def _open(self) -> Channel:
        if self._channel is None:
            if self.usage.restarts > self.limits.restarts:
                msg = f"the process ended more than {self.limits.restarts} times; nothing further is called"
                raise CallLimitError(msg)
            with self._noting_a_lost_sandbox():
                self._channel = Channel(self._start(), self.limits)
            self.generation += 1
            self._bring_up()
        if self._channel is None:
            msg = f"the process ended while your cells ran again; {OTHERS_ARE_FINE}"
            raise CallLimitError(msg)
        return self._channel

    @contextmanager
    def _noting_a_lost_sandbox(self) -> Iterator[None]:
        try:
            yield
        except SandboxError as error:
            self._lost = error
            raise

    def raise_if_lost(self) -> None:
        """Raise the SandboxError of a sandbox that is gone, though a test met it first: no student pays for that."""
        if self._lost is not None:
            raise self._lost

    def _bring_up(self) -> None:
        """Run the cells again, on an account of its own: no exercise pays for another's crash."""
        if self.usage.replayed >= self.limits.total_seconds:
            msg = "stopped: running your cells again after each end of the process took too long"
            raise self._stopped(msg)
        exercise, waited, started = self.usage.exercise, self.usage.waited, time.monotonic()
        self.usage.exercise = 0.0
        try:
            with paused():
                self._started()
        finally:
            self.usage.exercise, self.usage.waited = exercise, waited
            self.usage.replayed += time.monotonic() - started

    def begin(self) -> None:
        """Begin one cell or one exercise: its time is counted, and what others left open is closed."""
        self.usage.exercise, self._begins = 0.0, True

    def _exchange(self, channel: Channel, message: tuple[dict[str, Any], bytes] | None, number: int) -> Frame:
        """Send a message, if there is one, and wait for the next frame."""
        started = time.monotonic()
        try:
            deadline = self._deadline()
            if message is not None:
                channel.send(*message, deadline)
            frame = self._numbered(channel, number, deadline)
        except TimeoutError:
            self._count(started)
            raise self._stopped(self._limit_message()) from None
        except WireError as error:
            self._count(started)
            self._ended.add(self.generation)
            why = f"stopped: {error}"
            raise self._stopped(why) from None
        except PeerGoneError:
            self._count(started)
            self._ended.add(self.generation)
            ended = self._end(gone=True)
            self.usage.restarts += 1
            msg = f"{ended} while it ran your code; {OTHERS_ARE_FINE}"
            raise CallLimitError(msg) from None
        self._count(started)
        return frame

    def _numbered(self, channel: Channel, number: int, deadline: float) -> Frame:
        """Return the answer to a request; what was sent without being asked for is passed over."""
        while True:
            frame = channel.receive(deadline)
            if not isinstance(frame.header, dict):
                msg = "the answer was not of the right form"
                raise WireError(msg)
            if frame.header.get("n") == number:
                return frame

    def _stopped(self, why: str) -> CallLimitError:
        """End the process after a limit and return the error to raise."""
        self._end(gone=False)
        self.usage.restarts += 1
        return CallLimitError(why)

    def _end(self, *, gone: bool) -> str:
        if self._channel is not None:
            self._channel.connection.close()
            self._channel = None
        with self._noting_a_lost_sandbox():
            ending = self._end_process(gone)
        self.usage.cpu_seconds += ending.cpu_seconds
        self.usage.peak_bytes = max(self.usage.peak_bytes, ending.peak_bytes)
        return ending.in_words()

    def _deadline(self) -> float:
        left = min(self.limits.cell_seconds - self.usage.exercise, self.limits.total_seconds - self.usage.waited)
        return time.monotonic() + left

    def _limit_message(self) -> str:
        if self.usage.waited >= self.limits.total_seconds:
            together = f"all cells and calls together took longer than {self.limits.total_seconds:g} s"
            return f"stopped: {together} (--total-timeout)"
        return f"stopped after {self.limits.cell_seconds:g} s (--timeout); is there a loop that does not end?"

    def _count(self, started: float) -> None:
        spent = time.monotonic() - started
        self.usage.waited += spent
        self.usage.exercise += spent
