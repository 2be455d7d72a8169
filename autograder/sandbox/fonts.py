"""Matplotlib's list of its fonts, which takes it a fifth of a second to make, kept from one sandbox for the next.

A sandbox begins with an empty folder. What its server, which no student's code has run in yet, made there
is kept in the user's cache, under the name that Matplotlib gives it with its version.
"""

import contextlib
import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

MOST_BYTES = 1_000_000
_NAME = re.compile(r"fontlist-v[\w.]{1,40}\.json")


def _folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "backprop-autograder"


def _files() -> list[Path]:
    return [path for path in _folder().glob("fontlist-v*.json") if _NAME.fullmatch(path.name)]


def kept() -> dict[str, str]:
    """Return the text of each list that was kept, by its file's name."""
    found = {}
    with contextlib.suppress(OSError, RuntimeError, ValueError):
        for path in _files():
            if path.stat().st_size <= MOST_BYTES:
                found[path.name] = path.read_text(encoding="utf-8")
    return found


def keep(made: Any) -> None:
    """Keep the lists that a sandbox made, instead of all that were kept before; what is no such list is left."""
    if not isinstance(made, dict):
        return
    for name, text in made.items():
        with contextlib.suppress(OSError, RuntimeError, ValueError, TypeError, KeyError):
            if _NAME.fullmatch(name) and len(text) <= MOST_BYTES and json.loads(text)["__class__"] == "FontManager":
                _store(name, text)


def _store(name: str, text: str) -> None:
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    others = [path for path in _files() if path.name != name]
    # Whole or not at all: another grader may read it now.
    with tempfile.TemporaryDirectory(dir=folder) as beside:
        made = Path(beside) / name
        made.write_text(text, encoding="utf-8")
        made.replace(folder / name)
    for path in others:
        path.unlink(missing_ok=True)
