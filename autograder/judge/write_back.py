"""Arguments that a student's function changed in place, changed here as well."""

import contextlib
import copy
import io
import random
import warnings as python_warnings
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.callloop.library_objects import keeps_changes
from autograder.callloop.passed_files import write_file_back
from autograder.callloop.random_state import copy_state
from autograder.callloop.shared_classes import State, set_state
from autograder.judge.drawing import generator_goes_on
from autograder.judge.errors import raise_as_students
from autograder.judge.library_objects import change_object

# What is given to be used: to read or draw from is no change of a function's own.
USED_UP = (io.IOBase, np.random.Generator, np.random.RandomState, random.Random)


class WrittenBack:
    """Whose calls changed what a test has, and whose changes are to be seen here.

    by: the functions, "" for what has no name. kept_out: those whose changes are not seen. acting: classes of a test's
    whose objects change themselves when the student's code calls their methods.
    """

    def __init__(self) -> None:
        self.by: set[str] = set()
        self.kept_out: frozenset[str] = frozenset()
        self.acting: set[type] = set()
        self._current = self._last = self._nameless = ""

    @property
    def is_on(self) -> bool:
        """Whether what the present call changes is to be seen."""
        return self._current not in self.kept_out

    def note(self) -> None:
        """Note that the present call has changed something."""
        self.by.add(self._current)

    def place(self, sent: list[Any], changed: Any) -> list[Any]:
        """Return what stands for a call's arguments as its answer changes them: themselves, or copies."""
        acts = bool(self.acting) and any(type(one) in self.acting for one in sent)
        if not acts and any(not isinstance(sent[identity], USED_UP) for identity, _ in changed or ()):
            self.note()
        memo: dict[int, Any] = {}
        return [_copied(one, memo) for one in sent] if changed and not self.is_on else sent

    @contextlib.contextmanager
    def calling(self, function: str) -> Iterator[None]:
        """Charge to a function what is changed in this block."""
        before, self._current = self._current, function or self._nameless
        try:
            yield
        finally:
            self._last, self._current = self._current, before

    @contextlib.contextmanager
    def looking_after(self) -> Iterator[None]:
        """Charge to the last function what is found in this block to have changed."""
        self._nameless = self._last
        try:
            yield
        finally:
            self._nameless = ""


def _copied(value: Any, memo: dict[int, Any]) -> Any:
    try:
        return copy.deepcopy(value, memo)
    except TypeError:  # an open file, or what holds an iterator
        return value


def write_back(original: Any, content: Any) -> None:
    """Change an argument as the student's function changed it, as if it had run here."""
    if isinstance(original, np.ndarray):
        if isinstance(content, np.ndarray):
            _write_array_back(original, content)
    elif isinstance(original, (list, dict, set, deque, bytearray)):
        _refill(original, content)
    elif isinstance(content, State):
        (change_object if keeps_changes(original) else set_state)(original, content)
    elif isinstance(original, (np.random.Generator, np.random.RandomState, random.Random)):
        _write_generator_back(original, content)
    elif isinstance(original, io.IOBase):
        write_file_back(original, content)
    elif type(content) is type(original) and hasattr(original, "_update_inplace"):
        original._update_inplace(content)  # noqa: SLF001 - what pandas' own methods with inplace=True end with


def _refill(original: Any, content: Any) -> None:
    if isinstance(original, list | bytearray):
        original[:] = content
        return
    original.clear()
    if isinstance(original, dict):
        for key, value in content.items():
            original[key] = value
    elif isinstance(original, set):
        original.update(content)
    else:
        original.extend(content)


def _write_generator_back(original: Any, content: Any) -> None:
    if not generator_goes_on(original, content):
        return
    if isinstance(content, random.Random):
        copy_state(original, content.getstate())
    else:
        legacy = isinstance(content, np.random.RandomState)
        copy_state(original, content.get_state() if legacy else content.bit_generator.state)


def _write_array_back(original: Any, content: Any) -> None:
    if content.shape != original.shape or content.dtype != original.dtype:
        # A function that reshapes or reinterprets its argument in place; as it happened there.
        with python_warnings.catch_warnings(), contextlib.suppress(AttributeError, ValueError, TypeError):
            python_warnings.simplefilter("ignore")
            original.dtype, original.shape = content.dtype, content.shape
    if content.shape != original.shape or content.tobytes() == original.tobytes():
        return
    if not original.flags.writeable:
        # Here nobody could have written to it; a function that lifts the lock on its side has tried to.
        told = {"name": "ValueError", "classes": ["ValueError"], "text": "assignment destination is read-only"}
        raise_as_students(told)
    original[...] = content
