"""How much memory a block of code takes at its peak, and an end for one that does not end."""

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024


@dataclass
class Growth:
    """The growth of this process's memory over a block, at its peak; known after the block."""

    bytes: int = 0


def _peak() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@contextlib.contextmanager
def measured_growth() -> Iterator[Growth]:
    """Measure the memory of NumPy, of JSON's parser and of everything else, which tracemalloc would slow down."""
    # 5 sets the peak to what is in use now: man 5 proc_pid_clear_refs.
    Path("/proc/self/clear_refs").write_text("5")
    before, growth = _peak(), Growth()
    try:
        yield growth
    finally:
        growth.bytes = _peak() - before


class EndlessError(BaseException):
    """The block did not end. No Exception, so that the decoder does not take it for a fault of a value."""


@contextlib.contextmanager
def ends_within(seconds: float) -> Iterator[None]:
    """Raise EndlessError in a block that takes much longer than it could on any machine."""

    def too_long(*_: Any) -> None:
        raise EndlessError

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
