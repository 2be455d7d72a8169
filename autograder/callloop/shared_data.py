"""Data that the grader's side holds too, under the same name: whether the student's side has changed it since.

A list that is appended to is the same list, so that the name alone does not tell.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from .descriptions import kind_of
from .encoder import Encoder
from .limits import Limits
from .shared_classes import SharedClasses

# Looking takes time with the size: after so many calls, what is larger is looked at after the next cell only.
SMALL, LARGEST, MOST_CALLS = 1 << 14, 1 << 22, 100

# What a value holds, as a digest, and how large it is.
_Content = tuple[bytes, int]


class SharedData:
    """Names of data, and what each held when it was last looked at."""

    def __init__(self, names: dict[str, Any], limits: Limits, classes: SharedClasses) -> None:
        self._names = names
        self._limits, self._classes = limits, classes
        self._kept: dict[str, _Content] = {}
        self._calls = 0

    def keep(self, names: list[list[str]]) -> list[list[str]]:
        """Take note of what the instructor's cell bound; return the names as they are."""
        for name, kind in names:
            if kind == "data":
                self._keep(name)
        return names

    def forget(self, names: Iterable[str]) -> None:
        """Leave names to a test, which has given them values."""
        for name in names:
            self._kept.pop(name, None)

    def changed_by_cell(self) -> list[list[str]]:
        """Return the names whose data a cell changed, each with what kind of thing it is now."""
        self._calls = 0
        return self._changed(None)

    def changed_by_call(self) -> list[list[str]]:
        """Return the same after a call."""
        self._calls += 1
        return self._changed(LARGEST if self._calls <= MOST_CALLS else SMALL)

    def _changed(self, largest: int | None) -> list[list[str]]:
        found = []
        for name, before in list(self._kept.items()):
            if name in self._names and (largest is None or before[1] <= largest) and self._keep(name) != before:
                found.append([name, kind_of(self._names[name])])
        return found

    def _keep(self, name: str) -> _Content | None:
        content = self._content(self._names.get(name))
        if content is None:
            self._kept.pop(name, None)
        else:
            self._kept[name] = content
        return content

    def _content(self, value: Any) -> _Content | None:
        """Return what a value of plain data holds; None for any other."""
        encoder = Encoder(self._limits, lambda _: None, classes=self._classes)
        encoder.sends = False
        try:
            text = repr(encoder.encode(value)).encode()
        except Exception:  # noqa: BLE001 - a value may be of any class, and fail in any way
            return None
        return hashlib.blake2b(text + encoder.body).digest(), len(text) + len(encoder.body)
