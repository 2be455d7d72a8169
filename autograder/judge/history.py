"""What a student's process was given, so that a new one can be brought to where it was."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from autograder.callloop.frames import WireError
from autograder.judge.process import StudentProcess
from autograder.notebook.sources import definition_of

# The instructor's own, and any other; those in which the process ended, by itself or by a limit, are not run again.
OWN_CELL, CELL = "own cell", "cell"
OWN_STOPPED, ENDED, TOO_LONG = "own cell that was stopped", "cell that ended", "cell that took too long"


def _all_that_ran(kind: str, _: str) -> bool:
    return kind in (OWN_CELL, CELL)


class History:
    """Cells that ran, names that were set, and classes that are shared, in their order."""

    def __init__(self) -> None:
        self._entries: list[tuple[str, Any]] = []
        # Which cells a new process is given, by their kind and text; and who is told what one of them answered.
        self.gives: Callable[[str, str], bool] = _all_that_ran
        self.answered: Callable[[dict[str, Any]], None] = lambda answer: None

    @property
    def cells(self) -> list[str]:
        """The text of the student's cells, whatever came of them."""
        return [text for kind, text in self._entries if kind in (CELL, ENDED, TOO_LONG)]

    def give_all(self) -> None:
        """Give new processes all cells that ran."""
        self.gives = _all_that_ran

    def add(self, kind: str, what: Any) -> None:
        """Remember a cell of some kind, names "set", or names that are to "share"."""
        self._entries.append((kind, what))

    def add_stopped(self, source: str, *, own: bool, ended: bool) -> None:
        """Remember a cell in which the process ended: by itself, or by a limit on time."""
        self.add(OWN_STOPPED if own else ENDED if ended else TOO_LONG, source)

    def source_of(self, name: str) -> str | None:
        """Return the text that defined a function or class last; None if none did."""
        for kind, text in reversed(self._entries):
            if _all_that_ran(kind, "") and name in text and (found := definition_of(name, text)) is not None:
                return found
        return None

    def replay(self, process: StudentProcess, set_names: Callable[[dict[str, Any]], None]) -> None:
        """Give a new process all of it."""
        for kind, what in list(self._entries):
            if kind == "share":
                process.request({"op": "share", "names": what})
            elif kind == "set":
                for name, value in what.items():
                    # A test may have put something into it since that can't be sent.
                    with suppress(WireError):
                        set_names({name: value})
            elif self.gives(kind, what):
                process.begin()
                self.answered(
                    process.request({"op": "cell", "source": what, "own": kind in (OWN_CELL, OWN_STOPPED)}).header
                )
