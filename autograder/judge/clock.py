"""A test's own time: a limit that Python code can't outlast, and a pause while others use the time."""

import contextlib
import mmap
import signal
import struct
import time
from collections.abc import Iterator
from typing import Any

REMINDER_SECONDS = 0.5

# Shared with the forks of this process: the judge writes when its test must have ended, and the server
# that forked it, which sees compiled code that no signal handler interrupts, reads it.
_shared = mmap.mmap(-1, 8)
_TIME = struct.Struct("d")


def of_its_own() -> None:
    """Share with this process's own forks only, from now on: it is a fork of one that has others."""
    global _shared  # noqa: PLW0603 - forks inherit it
    _shared = mmap.mmap(-1, 8)


def tell(due: float) -> None:
    """Say when the running test must have ended, in seconds of time.monotonic(); 0 for no test."""
    _TIME.pack_into(_shared, 0, due)


def due() -> float:
    """Return what was told last, here or in a fork."""
    return float(_TIME.unpack_from(_shared, 0)[0])


class TestTimeoutError(BaseException):
    """The test itself, not a call of the student's, took too long.

    No Exception, so that nothing that handles a student's errors takes it for one.
    """

    __test__ = False


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TestTimeoutError in this block after a while, wherever Python code is running."""

    def too_long(*_: Any) -> None:
        msg = f"the test took longer than {seconds:g} s; does an answer make it loop?"
        raise TestTimeoutError(msg)

    before = signal.signal(signal.SIGALRM, too_long)
    # Again and again, in case one is swallowed by code that handles everything.
    signal.setitimer(signal.ITIMER_REAL, seconds, REMINDER_SECONDS)
    tell(time.monotonic() + seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        tell(0.0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def paused() -> Iterator[None]:
    """Let the time in this block count for no limit that is running."""
    left, interval = signal.setitimer(signal.ITIMER_REAL, 0)
    tell(0.0)
    try:
        yield
    finally:
        if left:
            tell(time.monotonic() + left)
            signal.setitimer(signal.ITIMER_REAL, left, interval)
