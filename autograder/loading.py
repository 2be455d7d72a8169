"""Loading nbgrader and nbconvert by one thread at a time, and a course's modules as they are now.

nbgrader and nbconvert are loaded when something needs them. Their modules import each other in circles. Where two
threads meet in one, each waits for a module that the other is loading; Python then lets one of them have half a module
(importlib's avoidance of deadlocks), and its import fails.
"""

import contextlib
import sys
import threading
from collections.abc import Iterator

# Held around every import of them that is not at the top of a module. One thread may load more on the way.
LOADING = threading.RLock()


@contextlib.contextmanager
def leaving_nothing_compiled() -> Iterator[None]:
    """Have imports in this block write no bytecode.

    Python knows a module's by the second of its change and its length: a point more or another sign, saved within the
    second in which the module was read, and the old module would be taken for the new one.
    """
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
