"""Matplotlib's list of its fonts, which takes it a fifth of a second to make, kept from one sandbox for the next.

A sandbox begins with an empty folder. What its server, which no student's code has run in yet, made there
is kept in the user's cache, under the name that Matplotlib gives it with its version.
"""

import contextlib
import json
import re
from typing import Any

from autograder import user_cache

MOST_BYTES = 1_000_000
_NAME = re.compile(r"fontlist-v[\w.]{1,40}\.json")


def kept() -> dict[str, str]:
    """Return the text of each list that was kept, by its file's name."""
    found = {}
    with contextlib.suppress(OSError, RuntimeError, ValueError):
        for path in user_cache.files(_NAME.fullmatch):
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
                user_cache.keep(name, text, _NAME.fullmatch)
