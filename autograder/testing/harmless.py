"""What pytest shows of a test that called student code: reprs, errors, prints and diffs hold text, and nothing more."""

from pathlib import Path
from typing import Any

import pytest
from _pytest._code import Traceback

from autograder.writers.text import readable, unlike_commands

ENGINE = Path(__file__).resolve().parent.parent
# Of pytest's own: what a traceback is shown from.
SHOWN_IN = "_pytest._code.code"
MOST_DEPTH = 20


def without_grader(traceback: Traceback) -> Traceback:
    """Return a traceback without the grader's own frames, if anything is left of it then."""
    return traceback.filter(lambda entry: not Path(str(entry.path)).is_relative_to(ENGINE)) or traceback


def _text(text: str) -> str:
    return unlike_commands(readable(text))


def _clean(value: Any, depth: int = 0) -> Any:
    """Return a value of a failure's representation with harmless text in it; pytest's objects are changed in place."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (list, tuple)) and depth < MOST_DEPTH:
        return type(value)(_clean(part, depth + 1) for part in value)
    if type(value).__module__ == SHOWN_IN and depth < MOST_DEPTH:
        for name, part in list(vars(value).items()):
            if isinstance(part, (str, list, tuple)) or type(part).__module__ == SHOWN_IN:
                object.__setattr__(value, name, _clean(part, depth + 1))
    return value


def keep_harmless(report: pytest.TestReport) -> None:
    """Make harmless what a report shows."""
    report.longrepr = _clean(report.longrepr)
    report.sections = [(name, _text(content)) for name, content in report.sections]
