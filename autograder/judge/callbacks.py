"""The functions of a test that the student's side may call, by the numbers that they have there."""

from collections.abc import Callable
from typing import Any


class Callbacks:
    """Functions that were passed in. held: by number. next: the number of the next one."""

    def __init__(self) -> None:
        self.held: dict[int, Callable[..., Any]] = {}
        self.next = 0
        self._numbers: dict[int, int] = {}

    def node(self, value: Callable[..., Any]) -> list[Any]:
        """Return what stands for a function on the wire: one that was passed in before has its number still."""
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = self.next
            self.next += 1
            self.held[number] = value
        doc = getattr(value, "__doc__", None)
        return ["cb", number, str(getattr(value, "__name__", "function")), doc if isinstance(doc, str) else None]

    def forget(self, since: int = 0) -> None:
        """Let functions be called no more: those from a number on."""
        for number in [one for one in self.held if one >= since]:
            self._numbers.pop(id(self.held.pop(number)), None)
