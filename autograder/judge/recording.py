"""What the student's side answered during one test, so that the test can be run again without asking it again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from autograder.callloop.frames import Frame, WireError
from autograder.judge.filling import Filling

MOST_BYTES, MOST_ANSWERS = 64 << 20, 20_000
# What is asked for; all else is only said.
ASKING = frozenset({"apply", "each", "forget"})
Take = Callable[[Frame], bool]


class OtherwiseError(AssertionError):
    """A test that is run again asks for what it did not ask for."""


class Recording:
    """The answers to a test's requests, in their order, each with all its frames.

    plays: whether they are given again, instead of asking. filling: what then stands for NaN, if anything does.
    """

    def __init__(self) -> None:
        self.plays = False
        self.filling: Filling | None = None
        self.begin()

    def begin(self) -> None:
        """Begin a test."""
        self._answers: list[list[Frame]] = []
        self._bytes = self._next = self._depth = 0
        self._is_whole = True

    @contextmanager
    def playing(self, filling: Filling | None) -> Iterator[None]:
        """Give the same answers again in this block; past what is kept, the student's side is asked again."""
        self._next, self.plays, self.filling = 0, self._is_whole, filling
        try:
            yield
        finally:
            self.plays, self.filling = False, None

    @contextmanager
    def answering(self, header: dict[str, Any]) -> Iterator[Callable[[Frame], None]]:
        """Keep what a request in this block is answered, given to the function that this yields."""
        frames: list[Frame] = []
        # What a function of the test's asks while the student's calls it is not asked again without that call.
        if header["op"] in ASKING and not self._depth and self._is_whole:
            self._answers.append(frames)

        def keep(frame: Frame) -> None:
            self._bytes += len(frame.body)
            self._is_whole = self._is_whole and self._bytes <= MOST_BYTES
            frames.append(frame)
            if not self._is_whole:
                frames.clear()

        self._depth += 1
        try:
            yield keep
        finally:
            self._depth -= 1
            self._is_whole = self._is_whole and len(self._answers) <= MOST_ANSWERS
            if not self._is_whole:
                self._answers.clear()

    def answer(self, header: dict[str, Any], take: Take | None) -> Frame:
        """Answer a request as it was answered. Raises OtherwiseError if it was not asked."""
        if header["op"] not in ASKING:
            return Frame({"done": True}, b"")
        if self._next >= len(self._answers):
            raise OtherwiseError
        frames, self._next = self._answers[self._next], self._next + 1
        try:
            if not frames or (take is not None and not [take(frame) for frame in frames][-1]):
                raise OtherwiseError
        except WireError:
            raise OtherwiseError from None
        return frames[-1]
