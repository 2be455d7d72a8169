"""A test's own time: a limit that Python code can't outlast, and a pause while others use the time."""

import contextlib
import signal
from collections.abc import Iterator
from typing import Any

REMINDER_SECONDS = 0.5


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
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def paused() -> Iterator[None]:
    """Let the time in this block count for no limit that is running."""
    left, interval = signal.setitimer(signal.ITIMER_REAL, 0)
    try:
        yield
    finally:
        if left:
            signal.setitimer(signal.ITIMER_REAL, left, interval)
