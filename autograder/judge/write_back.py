"""Changing arguments as the student's function changed them, as if it had run on the grader's side."""

import contextlib
import warnings
from typing import Any

import numpy as np

from autograder.judge.errors import raise_as_students


def write_back(original: Any, content: Any) -> None:
    """Change an argument as the student's function changed it, as if it had run here."""
    if isinstance(original, np.ndarray):
        if isinstance(content, np.ndarray):
            _write_array_back(original, content)
    elif isinstance(original, list):
        original[:] = content
    elif isinstance(original, (dict, set)):
        original.clear()
        original.update(content)


def _write_array_back(original: Any, content: Any) -> None:
    if content.shape != original.shape or content.dtype != original.dtype:
        # A function that reshapes or reinterprets its argument in place; as it happened there.
        with warnings.catch_warnings(), contextlib.suppress(AttributeError, ValueError, TypeError):
            warnings.simplefilter("ignore")
            original.dtype, original.shape = content.dtype, content.shape
    if content.shape != original.shape or content.tobytes() == original.tobytes():
        return
    if not original.flags.writeable:
        # Here nobody could have written to it; a function that lifts the lock on its side has tried to.
        told = {"name": "ValueError", "classes": ["ValueError"], "text": "assignment destination is read-only"}
        raise_as_students(told)
    original[...] = content
