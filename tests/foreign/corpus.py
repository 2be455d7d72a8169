"""Test cells as real courses have them, each with an honest right and an honest wrong answer.

A file of `cells/` is text: `== name` begins a case, `-- given`, `-- right`, `-- wrong` and `-- test` its cells. A
`given` before the first case stands before each of the file's cases.
"""

import os
from dataclasses import dataclass
from pathlib import Path

# Set by `make check`, which takes its time.
WHOLE = "WHOLE_CORPUS" in os.environ
EVERY = 3
CELLS = Path(__file__).resolve().parent / "cells"
PARTS = ("given", "right", "wrong", "test")


@dataclass(frozen=True)
class Case:
    """One test cell with two answers. given: what the instructor's notebook holds before the answer."""

    name: str
    given: str
    right: str
    wrong: str
    test: str


def _parts(text: str) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.split("\n"):
        if line.startswith("-- ") and line[3:] in PARTS:
            lines = found.setdefault(line[3:], [])
        else:
            lines.append(line)
    return {part: "\n".join(kept).strip("\n") for part, kept in found.items()}


def cases() -> list[Case]:
    """Return every third case, in order; every one for `make check`."""
    found = []
    for path in sorted(CELLS.glob("*.txt")):
        head, *rest = path.read_text(encoding="utf-8").split("\n== ")
        common = _parts(head).get("given", "")
        for text in rest:
            name, _, body = text.partition("\n")
            parts = _parts(body)
            given = "\n".join(filter(None, (common, parts.pop("given", ""))))
            found.append(Case(f"{path.stem}/{name}", given, **parts))
    return found if WHOLE else found[::EVERY]
