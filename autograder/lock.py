"""One grader on a course at a time: a lock of the operating system's, which ends with its process."""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

PAUSE_SECONDS = 0.2
# Those that this process holds: a second lock on the same file, by another opening of it, would wait for ever.
_held: set[Path] = set()


class BusyError(Exception):
    """Another grader is at work on this course; the message says which, and since when."""


def _path(course: Path) -> Path:
    return course.resolve() / ".autograder" / "lock"


def _holder(file: IO[str]) -> str:
    try:
        file.seek(0)
        told = json.loads(file.read())
        return f"process {int(told['pid'])} ({told['what']}), since {told['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


def _take(file: IO[str], course: Path, wait_seconds: float) -> None:
    until = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                msg = f"{_holder(file)} is grading the course {course}; nothing was written, wait until it is done"
                raise BusyError(msg) from None
            time.sleep(PAUSE_SECONDS)
        else:
            return


@contextlib.contextmanager
def course_lock(course: Path, what: str, wait_seconds: float = 0.0) -> Iterator[None]:
    """Keep other graders off a course while in this block; a block within is the same lock.

    what: this program, for whoever has to wait.
    Raises BusyError if another process has the lock for longer than that, OSError if the course's folder
    can't be written to.
    """
    path = _path(course)
    if path in _held:
        yield
        return
    path.parent.mkdir(exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        _take(file, course, wait_seconds)
        _held.add(path)
        try:
            facts: dict[str, Any] = {"pid": os.getpid(), "what": what, "since": time.strftime("%Y-%m-%d %H:%M:%S")}
            with contextlib.suppress(OSError):  # a full disk: the lock holds all the same
                file.truncate(0)
                file.write(json.dumps(facts))
                file.flush()
            yield
        finally:
            _held.discard(path)
            with contextlib.suppress(OSError):
                file.truncate(0)
