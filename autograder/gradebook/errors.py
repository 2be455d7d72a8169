"""What a person is told when the gradebook can't be used, and what to do about it."""

import re
from pathlib import Path

WAIT_SECONDS = 10.0
_SQLITE_FILE = re.compile(r"sqlite(?:\+\w+)?:///(?P<path>[^?]+)")
_PASSWORD = re.compile(r"(?<=:)[^:@/]+(?=@)")


class GradebookError(Exception):
    """The gradebook can't be used; the message says why and what to do.

    lasting: whether the next student's scores will meet the same.
    """

    def __init__(self, message: str, *, lasting: bool = True) -> None:
        super().__init__(message)
        self.lasting = lasting


def sqlite_file(url: str) -> Path | None:
    """Return the file of an SQLite gradebook; None for a database of any other kind."""
    found = _SQLITE_FILE.fullmatch(url)
    return Path(found["path"]) if found else None


def shown(url: str) -> str:
    """Return a gradebook's URL without the password in it."""
    return _PASSWORD.sub("***", url)


def in_plain_words(url: str, problem: str, backups: Path) -> str:
    """Return what a database's message means and what to do.

    backups: the folder of the gradebook's backups.
    """
    lower = problem.lower()
    name = f"the gradebook {shown(url)}"
    if "not a database" in lower or "malformed" in lower:
        kept = sorted(backups.glob("*.db"))
        newest = f"copy the newest backup, {kept[-1]}, over it" if kept else "there is no backup of it"
        return f"{name} is damaged, or is no database; move it away, and then {newest}. Nothing was written to it"
    if "locked" in lower or "lock timeout" in lower:
        return (
            f"{name} has been locked by another program for {WAIT_SECONDS:g} s: a database browser, another "
            "nbgrader? Close that, and grade again"
        )
    if "readonly" in lower or "read-only" in lower:
        return f"{name} can't be written to: the file, or its folder, is read-only for this user"
    if "disk is full" in lower or "no space left" in lower or "disk i/o error" in lower:
        return f"{name} can't be written to: the disk is full, or failing. Make room, and grade again"
    return f"{name} can't be used: {problem}"
