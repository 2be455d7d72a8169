"""What pytest shows of a test that called student code: reprs, errors, prints and diffs hold text, and nothing more."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from autograder.writers.text import readable, unlike_commands

ENGINE = Path(__file__).resolve().parent.parent
# Of pytest's own: what a traceback is shown from.
SHOWN_IN = "_pytest._code.code"
MOST_DEPTH = 20


def without_grader(excinfo: pytest.ExceptionInfo[BaseException]) -> pytest.ExceptionInfo[BaseException]:
    """Return an error as if it had been raised where the grader's own frames begin, if any others are left."""
    frames = [frame for frame in _frames(excinfo.tb) if not _is_graders(frame)]
    shown: TracebackType | None = None
    for frame in reversed(frames):
        shown = TracebackType(shown, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return pytest.ExceptionInfo.from_exc_info((excinfo.type, excinfo.value, shown)) if shown else excinfo


def _frames(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _is_graders(frame: TracebackType) -> bool:
    return Path(frame.tb_frame.f_code.co_filename).is_relative_to(ENGINE)


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
