"""What a student's process was given, so that a new one can be brought to where it was."""

from collections.abc import Callable
from typing import Any

from autograder.judge.process import StudentProcess
from autograder.notebook.sources import definition_of

# The instructor's own, and any other.
OWN_CELL, CELL = "own cell", "cell"


class History:
    """Cells that ran, names that were set, and classes that are shared, in their order."""

    def __init__(self) -> None:
        self._entries: list[tuple[str, Any]] = []

    def add(self, kind: str, what: Any) -> None:
        """Remember a cell of either kind, names "set", or names that are to "share"."""
        self._entries.append((kind, what))

    def source_of(self, name: str) -> str | None:
        """Return the text that defined a function or class last; None if none did."""
        for kind, text in reversed(self._entries):
            if kind in (OWN_CELL, CELL) and name in text and (found := definition_of(name, text)) is not None:
                return found
        return None

    def replay(self, process: StudentProcess, set_names: Callable[[dict[str, Any]], None]) -> None:
        """Give a new process all of it."""
        for kind, what in list(self._entries):
            if kind in (OWN_CELL, CELL):
                process.begin()
                process.request({"op": "cell", "source": what, "own": kind == OWN_CELL})
            elif kind == "share":
                process.request({"op": "share", "names": what})
            else:
                set_names(what)
