"""Functions of the grader's in the place of the student's, and in the place of those that a limit ended."""

from collections.abc import Iterable, Mapping
from typing import Any

from .descriptions import stub

_ABSENT = object()


class StandIns:
    """What stands in for names of a student's. names: the namespace of their cells."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names
        self._replaced: dict[str, Any] = {}
        self._stubs: frozenset[str] = frozenset()

    def put_back(self) -> None:
        """Put the student's own back."""
        for name, value in self._replaced.items():
            if value is _ABSENT:
                self._names.pop(name, None)
            else:
                self._names[name] = value
        self._replaced = {}

    def put(self, functions: Mapping[str, Any]) -> None:
        """Let functions stand in the place of the student's."""
        for name, function in functions.items():
            self._replaced[name] = self._names.get(name, _ABSENT)
            self._names[name] = function

    def stop(self, names: Iterable[str]) -> None:
        """Remember functions that are not to be called again."""
        self._stubs = frozenset(names)
        self.keep_stopped()

    def keep_stopped(self) -> None:
        """Put a stub in the place of each function that is not to be called again, where there is one anew."""
        for name in self._stubs & self._names.keys():
            self._names[name] = stub(name)
