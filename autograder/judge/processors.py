"""One processor for a judge and its student, who take turns.

Between two processors each turn costs five times what it costs on one, and a notebook takes hundreds. A judge
that stays on one must share it with no other, whoever started that one; so it is claimed.
"""

import contextlib
import ctypes
import os
import socket

CLAIM = "\0autograder-processor-{}"


def claimed() -> tuple[int | None, socket.socket]:
    """Return a processor that no other judge on this machine has, and what keeps it until it is closed.

    The one where this process is comes first, since the system saw it idle. None where all are taken.
    """
    allowed = os.sched_getaffinity(0)
    here = ctypes.CDLL(None).sched_getcpu()
    # An address that is no file: it is free again when its holder ends, however that happens.
    claim = socket.socket(socket.AF_UNIX)
    for processor in sorted(allowed, key=lambda one: one != here):
        with contextlib.suppress(OSError):
            claim.bind(CLAIM.format(processor))
            return processor, claim
    return None, claim


def stay_on(processor: int) -> None:
    """Keep this process, and the student's, which starts where this one may run, on a processor."""
    with contextlib.suppress(OSError):
        os.sched_setaffinity(0, {processor})
