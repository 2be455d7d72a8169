"""The course's secret, and the seed that it gives each student for each assignment.

Hidden inputs are drawn from a keyed seed, so that answers can't be hard-coded or shared, while a
regrade draws the same ones again.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

SECRET_BYTES = 32


def _user_folder() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "backprop-autograder"


def _made(path: Path) -> bytes | None:
    """Return the secret of a file, made now if there is none; None where nothing can be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    except OSError:
        return None
    else:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES))
    try:
        return bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError):
        return None


def course_secret(course: Path | None) -> bytes:
    """Return a course's secret from `.autograder/secret`, made once with mode 0600.

    Where the course's folder can't be written to, as with the sets that are installed, the secret
    is the user's own; where nothing can be written, it lasts for this run.
    """
    for folder in (course / ".autograder" if course else None, _user_folder()):
        found = _made(folder / "secret") if folder else None
        if found:
            return found
    return secrets.token_bytes(SECRET_BYTES)


def seed_for(secret: bytes, assignment: str, student: str) -> str:
    """Return a student's seed for an assignment, in hexadecimal: 32 bytes of the student's, 32 of the assignment's."""

    def keyed(message: str) -> str:
        return hmac.new(secret, message.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()

    return keyed(f"{len(assignment)}:{assignment}:{student}") + keyed(f"{len(assignment)}:{assignment}")


def key_for(secret: bytes, purpose: str) -> bytes:
    """Return a key that a secret gives for one purpose, and from which the secret can't be told."""
    return hmac.new(secret, f"key for {purpose}".encode("utf-8", "surrogateescape"), hashlib.sha256).digest()
