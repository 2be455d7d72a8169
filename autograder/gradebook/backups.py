"""Copies of an SQLite gradebook, made before anything is written to it; a bounded number is kept."""

import contextlib
import os
import sqlite3
import time
from pathlib import Path

from autograder.gradebook.errors import GradebookError, in_plain_words, shown, sqlite_file

KEPT = 10
FOLDER = Path(".autograder") / "backups"


def _copied(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment, whoever writes to it meanwhile."""
    with contextlib.closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True)) as original:
        # Read before the copy is made, so that a file that is no database leaves no copy.
        original.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with contextlib.closing(sqlite3.connect(target)) as copy:
            original.backup(copy)


def advice(url: str) -> str:
    """Return how to back up a gradebook that this program does not; "" for one that it does."""
    if sqlite_file(url) is not None:
        return ""
    return (
        f"the gradebook {shown(url)} is not backed up by this program; to do so, type: "
        f"pg_dump --format=custom --file=gradebook.dump '{shown(url)}'"
    )


def back_up(root: Path, url: str) -> Path | None:
    """Copy a course's gradebook to `.autograder/backups/`, and remove the oldest copies.

    Returns the copy; None if there is nothing to copy yet, or the gradebook is no SQLite file.
    Raises GradebookError if it can't be copied, in which case nothing should be written to it.
    """
    source, folder = sqlite_file(url), root / FOLDER
    if source is None or not source.exists():
        return None
    target = folder / f"gradebook-{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 10**9:09}.db"
    new = folder / "gradebook.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        _copied(source, new)
        new.replace(target)
        for old in sorted(folder.glob("gradebook-*.db"))[:-KEPT]:
            old.unlink()
    except (sqlite3.Error, OSError) as error:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        problem = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        msg = f"{in_plain_words(url, problem, folder)} (it was being backed up to {folder})"
        raise GradebookError(msg) from None
    return target
