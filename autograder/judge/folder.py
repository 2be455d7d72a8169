"""Temporary folders of workers and judges, which go with them, and those of such as were killed and left theirs.

Whose folder it is tells a lock of the operating system's on a file in it, which ends with its process.
"""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import weakref
from pathlib import Path

PREFIX, LOCK = "autograder-", "owner"


class OwnFolder:
    """A folder that is this process's as long as it is not closed.

    place: the folder that it is made in; that for temporary files if there is none. passable: whether other users
    may reach what is below it.
    """

    def __init__(self, place: str | None = None, *, passable: bool = False) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place)).resolve()
        if passable:
            self.path.chmod(0o711)
        made = self.path / f"{LOCK}.new"
        self._lock = os.open(made, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        # Only now may others ask whether its owner is gone.
        made.rename(self.path / LOCK)
        # At the end of the program, if nobody closed it before.
        self._removal = weakref.finalize(self, _remove, self.path, self._lock)

    def close(self) -> None:
        """Remove the folder."""
        self._removal()


def _remove(folder: Path, lock: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        os.close(lock)


def sweep(place: str | None = None) -> None:
    """Remove the folders of this user's processes that are gone. place: as where they were made."""
    for entry in os.scandir(place or tempfile.gettempdir()):
        if entry.name.startswith(PREFIX) and entry.is_dir(follow_symlinks=False):
            with contextlib.suppress(OSError):
                _remove_if_left(Path(entry.path))


def _remove_if_left(folder: Path) -> None:
    """Remove a folder if nobody holds its lock. Raises OSError where somebody does, or it has none."""
    if folder.lstat().st_uid != os.geteuid():
        return
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        facts = os.fstat(lock)
        if stat.S_ISREG(facts.st_mode) and facts.st_uid == os.geteuid():
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)
