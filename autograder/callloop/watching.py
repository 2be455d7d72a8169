"""What is looked at while a student's code runs: its warnings, and what it prints."""

import contextlib
import sys
import warnings
from collections.abc import Iterator
from typing import Any

from .outputs import text_of
from .own_numpy import np
from .settings import HANDLING
from .shell import Stream, StudentShell

MOST_WARNINGS = 100


@contextlib.contextmanager
def watched(shell: StudentShell) -> Iterator[list[list[str]]]:
    """Count warnings, keep what is printed, and start each call with NumPy's usual error handling."""
    caught: list[list[str]] = []

    def keep(message: Any, category: Any, *_: Any, **__: Any) -> None:
        if len(caught) < MOST_WARNINGS:
            caught.append([str(getattr(category, "__name__", "")), text_of(message)[:200]])

    standard = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Stream(shell, "stdout"), Stream(shell, "stderr")
    try:
        with warnings.catch_warnings(), np.errstate(**HANDLING):
            warnings.simplefilter("always")
            warnings.showwarning = keep
            yield caught
    finally:
        sys.stdout, sys.stderr = standard
