"""A worker's temporary folder, which goes with it, and those of workers that were killed and could not remove theirs.

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


class WorkerFolder:
    """A folder that is this process's as long as it is not closed."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        # Student code may run as another user, who must get at the sandbox's folder below.
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


def sweep() -> None:
    """Remove the folders of this user's workers that are gone."""
    for entry in os.scandir(tempfile.gettempdir()):
        if entry.name.startswith(PREFIX) and entry.is_dir(follow_symlinks=False):
            with contextlib.suppress(OSError):
                _remove_if_left(Path(entry.path))


def _remove_if_left(folder: Path) -> None:
    """Remove a worker's folder if nobody holds its lock. Raises OSError where somebody does, or it is no worker's."""
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
