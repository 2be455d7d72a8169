"""What a page of feedback hangs on, found without making it."""

from functools import cache
from pathlib import Path

from autograder.fingerprint import digest_of, files_digest
from autograder.gradebook.entries import Entries
from autograder.notebook.assignment import Assignment

# Where a page's own key stands, among its first bytes.
HEAD_BYTES, KEY_CHARACTERS = 2_000, 32


@cache
def _makers_digest() -> str:
    """Return what stands for all that turns a result into a page."""
    engine = Path(__file__).resolve().parent.parent
    files = [
        *(engine / "pages").rglob("*.py"),
        *(engine / "pages" / "templates" / "feedback").iterdir(),
        engine / "report.py",
        engine / "writers" / "text.py",
    ]
    return files_digest(sorted(files), engine)


def key_of(assignment: Assignment, student: str, graded: bytes, entries: Entries | None) -> str:
    """Return what a page hangs on, as a short digest: when it is the same, so is the page.

    graded: the file of the graded notebook.
    """
    pristine = digest_of(*(f"{cell.kind} {cell.marks} {cell.source}" for cell in assignment.cells))
    return digest_of(_makers_digest(), pristine, student, graded, repr(entries))[:KEY_CHARACTERS]


def has_key(path: Path, key: str) -> bool:
    """Tell whether a file is the page with this key."""
    try:
        with path.open("rb") as file:
            return f'content="autograder {key}"'.encode() in file.read(HEAD_BYTES)
    except OSError:
        return False
