"""Data that the student's own functions work with by its name, kept the same on both sides around each call.

A test that calls `bump()` and then reads `count`, or clears `log` first, means the student's: what such a name
holds is sent where the test has changed it, and read anew after each call. A test's own names are its own: no
student's code changes them, unless the assignment asks students for a name.
"""

from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.callloop.encoder import Encoder
from autograder.callloop.frames import WireError
from autograder.exercises.answers import CallLimitError
from autograder.judge.making import node_of
from autograder.judge.student_name import StudentName
from autograder.judge.write_back import write_back

if TYPE_CHECKING:
    from autograder.judge.namespace import TestNamespace
    from autograder.judge.session import Session

IN_PLACE = (list, dict, set, deque, np.ndarray)
MOST_NAMES = 32


class Followed:
    """The names that students' functions use, with what each held when both sides were last the same."""

    def __init__(self, session: "Session", namespace: "TestNamespace") -> None:
        self._session, self._namespace = session, namespace
        self._names: set[str] = set()
        self._seen: dict[str, Any] = {}
        self._busy = False

    def know(self, names: Iterable[str]) -> None:
        """Remember global names that a student's functions use."""
        self._names.update(names)

    def forget(self) -> None:
        """Begin a test: what was fetched before counts no more."""
        self._seen = {}

    def fetched(self, name: str, value: Any) -> None:
        """Take note of a copy that has just come."""
        if name in self._names:
            self._seen[name] = self.content(value)

    def content(self, value: Any) -> Any:
        """Return what a value holds, in a form that can be compared; None where it can't be sent."""
        encoder = Encoder(self._session.limits, _node_of, classes=self._session.classes)
        encoder.sends = False
        try:
            return repr(encoder.encode(value)), bytes(encoder.body)
        except (WireError, RecursionError):
            return None

    def push(self) -> None:
        """Send what the test has changed in its copies since both sides were the same."""
        if self._busy or not self._seen:
            return
        held = {name: self._namespace.copy_of(name) for name in self._seen}
        changed = {}
        for name, value in held.items():
            content = self.content(value) if _changes_in_place(value) else None
            if content is not None and content != self._seen[name]:
                changed[name] = value
                self._seen[name] = content
        self._session.set_names(changed)
        for name, value in changed.items():
            if self._session.content(value) is None:
                # Functions of either side in a list or dict, which a new process could not be told of again.
                with suppress(WireError, CallLimitError):
                    self._session.bind(name, value)

    def pull(self) -> None:
        """Read anew what the test has copies of, and what it has bound of the student's own names."""
        names = [] if self._busy else [name for name in sorted(self._names) if self._namespace.has_copy(name)]
        if not names:
            return
        self._busy = True
        hooks = self._session.before_call, self._session.after_call
        self._session.before_call = self._session.after_call = lambda: None
        try:
            with self._session.written_back.looking_after():
                for name in names[:MOST_NAMES]:
                    self._take(name, self._session.apply("value", [StudentName(name)]))
        except (CallLimitError, Exception):  # noqa: BLE001 - what does not come is not there
            return
        finally:
            self._session.before_call, self._session.after_call = hooks
            self._busy = False

    def _take(self, name: str, value: Any) -> None:
        held, content = self._namespace.copy_of(name), self.content(value)
        self._seen[name] = content
        if content is not None and content == self.content(held):
            return
        if _changes_in_place(held) and _alike(held, value):
            write_back(held, value)
        else:
            self._namespace.set_copy(name, value)


def _changes_in_place(value: Any) -> bool:
    """Tell whether a test may change what a value holds: in place, so that its name goes on meaning the same."""
    return isinstance(value, IN_PLACE) or type(value).__module__.partition(".")[0] == "pandas"


def _node_of(value: Any) -> list[Any] | None:
    node = node_of(value)
    return ["function", id(value)] if node is None and callable(value) else node


def _alike(held: Any, value: Any) -> bool:
    """Tell whether a value can become another in place."""
    if not isinstance(held, np.ndarray):
        return type(held) is type(value)
    same = isinstance(value, np.ndarray) and held.shape == value.shape and held.dtype == value.dtype
    return same and held.flags.writeable
