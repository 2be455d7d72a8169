"""What the loop says about values: their kind, their errors, whether they were changed."""

import builtins
import inspect
import linecache
import traceback
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from .shell import text_of

CELL = "<ipython-input-"
MOST_LINE_CHARACTERS = 200


def stub(name: str) -> Callable[..., Any]:
    """Return a function that stands for one that a limit ended, and refuses to run."""

    def stopped(*_: Any, **__: Any) -> Any:
        msg = f"{name} is not called again: a limit ended it before"
        raise RuntimeError(msg)

    stopped.__name__ = stopped.__qualname__ = name
    return stopped


def kind_of(value: Any) -> str:
    """Return what kind of thing a name holds."""
    if isinstance(value, types.ModuleType):
        return f"module:{getattr(value, '__name__', '')}"
    if isinstance(value, type):
        return "class"
    return "callable" if callable(value) else "data"


def description(value: Any) -> dict[str, Any]:
    """Return what a proxy needs to know of an object."""

    def text(of: Any, attribute: str) -> str:
        try:
            return str(getattr(of, attribute, ""))[:2000]
        except BaseException:  # noqa: BLE001 - the attribute is the student's
            return ""

    kind = type(value)
    return {
        "callable": callable(value),
        "class": isinstance(value, type),
        "name": text(value, "__name__"),
        "doc": text(value, "__doc__") if callable(value) else "",
        "type": str(kind.__name__)[:200],
        "bases": [str(base.__name__)[:200] for base in kind.__mro__ if base.__module__ == "builtins"],
    }


def described(name: str, text: str) -> dict[str, Any]:
    """Describe an error by one class name and a text."""
    return {"name": name, "classes": [name], "text": text.encode("utf-8", "replace").decode()}


def as_exception(error: dict[str, Any]) -> Exception:
    """Return the nearest built-in exception of a description."""
    for name in error["classes"]:
        found = getattr(builtins, str(name), None)
        if isinstance(found, type) and issubclass(found, Exception):
            try:
                made: Exception = found(error["text"])
            except TypeError:
                continue
            return made
    return RuntimeError(error["text"])


def snapshot(value: Any) -> Any:
    """Return what a mutable argument holds before a call."""
    if isinstance(value, np.ndarray):
        held = value.reshape(-1).tolist() if value.dtype.kind == "O" else value.tobytes()
        return value.dtype.str, value.shape, held
    if isinstance(value, (list, tuple)):
        return list(value)
    return dict(value) if isinstance(value, dict) else set(value)


def _others(values: list[Any], before: list[Any]) -> bool:
    return len(values) != len(before) or any(one is not other for one, other in zip(values, before, strict=True))


def was_changed(value: Any, before: Any) -> bool:
    """Tell whether an argument holds something else than before the call."""
    if isinstance(value, np.ndarray):
        dtype, shape, held = snapshot(value)
        if (dtype, shape) != before[:2]:
            return True
        return _others(held, before[2]) if value.dtype.kind == "O" else bool(held != before[2])
    if isinstance(value, (list, tuple)):
        return _others(list(value), before)
    if isinstance(value, dict):
        return value.keys() != before.keys() or any(value[key] is not before[key] for key in before)
    return bool(value != before)


def error_description(error: BaseException, most: int) -> dict[str, Any]:
    """Describe an exception by its built-in classes, its text, and the line of a cell where it was raised."""
    classes = [one.__name__ for one in type(error).__mro__ if one.__module__ == "builtins"]
    told = described(str(type(error).__name__), text_of(error)[:most])
    return {**told, "classes": classes, "line": _line_of(error)}


def _line_of(error: BaseException) -> list[Any] | None:
    """Return the number and the text of the innermost line of a cell that was running; None if none was."""
    try:
        places = [(frame.f_code.co_filename, number) for frame, number in traceback.walk_tb(error.__traceback__)]
        name, number = [place for place in places if place[0].startswith(CELL)][-1]
        return [number, linecache.getline(name, number).strip()[:MOST_LINE_CHARACTERS]]
    except BaseException:  # noqa: BLE001 - the class is the student's
        return None


def signature_of(function: Any) -> list[Any] | None:
    """Return a function's parameters as names, kinds and whether each has a default; None if it tells none."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    return [[one.name, int(one.kind), one.default is not one.empty] for one in parameters]
