"""Exceptions across the boundary: the nearest built-in class, and a text that is cut and harmless."""

import builtins
from typing import Any, NoReturn

from autograder.callloop.plain_data import clean
from autograder.report import CodeLine

MOST_CHARACTERS = 2000
MOST_LINES, MOST_LINE_CHARACTERS = 1_000_000, 200
# These would end the judge or mean something to Python itself, so they arrive as RuntimeError.
NOT_AS_THEMSELVES = (
    "SystemExit",
    "KeyboardInterrupt",
    "GeneratorExit",
    "BaseException",
    "BaseExceptionGroup",
    "ExceptionGroup",
)


def _nearest(names: Any) -> type[Exception]:
    for name in names if isinstance(names, list) else []:
        if not isinstance(name, str) or name in NOT_AS_THEMSELVES:
            continue
        found = getattr(builtins, name, None)
        if isinstance(found, type) and issubclass(found, Exception):
            return found
    return RuntimeError


def raise_as_students(described: Any, *, ends_iteration: bool = False) -> NoReturn:
    """Raise what the student's code raised, marked as theirs.

    ends_iteration: whether StopIteration may arrive as itself; anywhere but in `next` it would end
    a loop of the test without a word.
    """
    facts = described if isinstance(described, dict) else {}
    text, name = str(facts.get("text", ""))[:MOST_CHARACTERS], str(facts.get("name", ""))[:200]
    kind = _nearest(facts.get("classes"))
    if issubclass(kind, (StopIteration, StopAsyncIteration)) and not ends_iteration:
        kind = RuntimeError
    if kind is RuntimeError and name not in ("", "RuntimeError"):
        text = f"{name}: {text}"
    try:
        error = kind(text)
    except TypeError:  # a class whose instances need more than a text
        error = RuntimeError(f"{name}: {text}")
    error.from_student = True  # type: ignore[attr-defined]
    error.student_line = _line(facts.get("line"))  # type: ignore[attr-defined]
    raise error from None


def _line(told: Any) -> CodeLine | None:
    """Return the line of a cell that the student's side names, if it names one."""
    number, text = told if isinstance(told, list) and len(told) == 2 else (None, None)  # noqa: PLR2004 - a pair
    if type(number) is not int or not 0 < number <= MOST_LINES or not isinstance(text, str):
        return None
    return CodeLine(number, clean(text[:MOST_LINE_CHARACTERS]))


def is_students(error: BaseException) -> bool:
    """Tell whether an exception came from student code."""
    return bool(getattr(error, "from_student", False))


def describe_error(error: Exception) -> dict[str, Any]:
    """Describe an exception of the grader's side for the student's: built-in classes and a text."""
    classes = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"]
    return {"name": type(error).__name__, "classes": classes, "text": str(error)[:MOST_CHARACTERS]}
