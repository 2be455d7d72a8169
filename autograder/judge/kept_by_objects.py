"""Lists, tables and arrays that a student's object keeps, and that a test changes: `stack.items.append(3)`.

What a test gets of an object is a copy, but for what `kept_values` has on both sides, which is not too large. What the
test changes of a copy before the next call, the very list on the student's side is made to hold, unless that has
become another in the meantime.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.judge.asking import asked_aside

if TYPE_CHECKING:
    from autograder.judge.session import Session

IN_PLACE = (list, dict, set, np.ndarray)
MOST_KEPT = 8
# Who refers to what is kept while it is looked at: the entry, a variable, and the question itself.
OWN_REFERENCES = 3


class KeptByObjects:
    """What tests got of students' objects last. content: what a value holds, so that it can be compared."""

    def __init__(self, session: "Session", content: Callable[[Any], Any]) -> None:
        self._session, self._content = session, content
        self._kept: list[tuple[Any, str, Any, Any]] = []
        session.fetched = self._fetched

    def _fetched(self, proxy: Any, name: str, value: Any) -> None:
        if type(value) in IN_PLACE and (content := self._content(value)) is not None:
            self._kept = [*self._kept[1 - MOST_KEPT :], (proxy, name, value, content)]

    def push(self) -> None:
        """Change on the student's side what the test has changed since it got it."""
        kept, self._kept = self._kept, []
        for proxy, name, value, before in kept:
            content = self._content(value)
            if content is None or content == before:
                # An array may be large, and one that the test has let go of changes no more.
                if not isinstance(value, np.ndarray) or sys.getrefcount(value) > OWN_REFERENCES:
                    self._kept.append((proxy, name, value, before))
                continue
            now = asked_aside(self._session, "getattr", proxy, name)
            if self._content(now) == before and _fits(now, value):
                asked_aside(self._session, "refill", proxy, name, value)
                self._kept.append((proxy, name, value, content))

    def pull(self) -> None:
        """Nothing: a copy that the test has stays as it is."""


def _fits(now: Any, value: Any) -> bool:
    return not isinstance(now, np.ndarray) or (now.shape, now.dtype) == (value.shape, value.dtype)
