"""Writing files so that a reader finds the old one or the new one, never a part."""

import os
import sys
import tempfile
from pathlib import Path


def _is_standard_output(path: Path) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(sys.stdout.fileno()))
    except (OSError, ValueError):
        return False


def write_whole(path: Path, text: str) -> None:
    """Write a text file in one step. Raises OSError if that can't be done.

    A link, such as /dev/stdout, or anything but a file is written to as it is, and stays what it is.
    """
    if _is_standard_output(path):
        # Through the stream itself: opened anew, a file behind it would be written from its start.
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    if path.is_symlink() or (path.exists() and not path.is_file()):
        path.write_text(text, encoding="utf-8")
        return
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
