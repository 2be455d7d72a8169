"""What the loop says about values: their kind, their errors, whether they were changed."""

import builtins
import contextlib
import inspect
import linecache
import math
import random
import traceback
import types
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from operator import is_
from typing import Any

from .containers import content_kind
from .library_objects import content_of, keeps_changes
from .outputs import text_of
from .own_numpy import np
from .pandas_codec import frame_was_changed
from .passed_files import file_state, is_file
from .plain_data import SAFE_INTEGER
from .random_state import state_of
from .special_methods import OF_EVERY_OBJECT, SPECIAL_METHODS

MOST_TEXT = 2000
MOST_CLASSES = 32
MOST_ARGUMENTS = 10
GENERATOR_TYPES = (np.random.Generator, np.random.RandomState, random.Random)

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
        return "exception" if issubclass(value, BaseException) else "class"
    if isinstance(value, types.FunctionType):
        return "function"
    return "callable" if callable(value) else "data"


def _text(of: Any, attribute: str) -> str:
    try:
        return str(getattr(of, attribute, ""))[:MOST_TEXT]
    except BaseException:  # noqa: BLE001 - the attribute is the student's
        return ""


def classes_of(kind: type) -> list[list[str]]:
    """Return a class and those that it derives from, each by its module and its name."""
    return [[_text(one, "__module__"), _text(one, "__qualname__")] for one in kind.__mro__[:MOST_CLASSES]]


@lru_cache(maxsize=1024)
def _facts_of_class(kind: type) -> dict[str, Any]:
    """Return what a proxy needs to know of an object's class: which special methods to have, above all."""
    special = [name for name in SPECIAL_METHODS if getattr(kind, name, None) is not None]
    special += [name for name in OF_EVERY_OBJECT if getattr(kind, name, None) not in (None, getattr(object, name))]
    return {"type": str(kind.__name__)[:200], "classes": classes_of(kind), "special": special}


def description(value: Any) -> dict[str, Any]:
    """Return what a proxy needs to know of an object."""
    told = {
        "callable": callable(value),
        "class": isinstance(value, type),
        "name": _text(value, "__name__"),
        "doc": _text(value, "__doc__") if callable(value) else "",
    }
    with contextlib.suppress(Exception):
        told |= _facts_of_class(type(value))  # type: ignore[arg-type]
    if told["class"]:
        told["mro"] = classes_of(value)
    if isinstance(value, BaseException):
        told["error"] = error_description(value, MOST_TEXT)
    content = content_kind(value)
    return {**told, "content": content} if content else told


def described(name: str, text: str) -> dict[str, Any]:
    """Describe an error by one class name and a text."""
    return {"name": name, "classes": [name], "text": text.encode("utf-8", "replace").decode()}


def as_exception(error: dict[str, Any], shared: Callable[[str, str], Any] = lambda module, name: None) -> Exception:
    """Return the nearest built-in exception of a description, or one of a class that both sides have.

    shared: returns the class that both sides have by a module's and a class's name.
    """
    given = error.get("args", [error["text"]])
    for module, name in error.get("mro", ()):
        own = shared(module, name)
        if isinstance(own, type) and issubclass(own, Exception):
            # What its own __init__ was given is not known.
            return own.__new__(own, *given)
    for name in error["classes"]:
        found = getattr(builtins, str(name), None)
        if isinstance(found, type) and issubclass(found, Exception):
            try:
                made: Exception = found(*given)
            except TypeError:
                continue
            return made
    return RuntimeError(error["text"])


def snapshot(value: Any) -> Any:
    """Return what a mutable argument holds before a call."""
    if isinstance(value, np.ndarray):
        held = value.reshape(-1).tolist() if value.dtype.kind == "O" else value.tobytes()
        return value.dtype, value.shape, held
    if isinstance(value, (list, tuple, deque)):
        return list(value)
    if isinstance(value, (dict, set, frozenset)):
        return dict(value) if isinstance(value, dict) else set(value)
    if is_file(value):
        return file_state(value)
    if keeps_changes(value):
        return content_of(value)
    if not hasattr(value, "copy"):
        return None
    return state_of(value) if isinstance(value, GENERATOR_TYPES) else value.copy()


def _others(values: list[Any], before: list[Any]) -> bool:
    return len(values) != len(before) or not all(map(is_, values, before))


def was_changed(value: Any, before: Any) -> bool:
    """Tell whether an argument holds something else than before the call."""
    if isinstance(value, np.ndarray):
        dtype, shape, held = snapshot(value)
        if shape != before[1] or dtype != before[0]:
            return True
        return _others(held, before[2]) if value.dtype.kind == "O" else bool(held != before[2])
    if isinstance(value, (list, tuple, deque)):
        return _others(list(value), before)
    if isinstance(value, dict):
        return value.keys() != before.keys() or any(value[key] is not before[key] for key in before)
    if isinstance(value, (set, frozenset, bytearray)):
        return bool(value != before)
    if isinstance(value, GENERATOR_TYPES):
        return bool(state_of(value) != before)
    if is_file(value):
        return bool(file_state(value) != before)
    if keeps_changes(value) or before is None:
        return before is not None and content_of(value) != before
    return frame_was_changed(value, before)


def error_description(error: BaseException, most: int) -> dict[str, Any]:
    """Describe an exception by its classes, its text, and the line of a cell where it was raised."""
    kinds = type(error).__mro__
    classes = [one.__name__ for one in kinds if one.__module__ == "builtins"]
    told = {**described(str(type(error).__name__), text_of(error)[:most]), "classes": classes}
    told |= {"mro": classes_of(type(error)), "line": _line_of(error)}
    given = _given_to(error)
    plain = type(given) is tuple and len(given) <= MOST_ARGUMENTS and all(_is_short(one, most) for one in given)
    return {**told, "args": list(given)} if plain else told


def told_of_error(error: BaseException, most: int, node: Callable[[Any], Any]) -> tuple[dict[str, Any], Any]:
    """Describe an exception, and return what an iteration gave as it ended, where the description doesn't tell.

    One that is not of Python's own classes can be asked for its attributes, by its node.
    """
    told = error_description(error, most)
    if type(error).__module__ != "builtins":
        told["handle"] = node(error)
    return told, _ended_with(error)


def _ended_with(error: BaseException) -> Any:
    return error.value if type(error) is StopIteration and not _is_short(error.value, MOST_TEXT) else None


def _given_to(error: BaseException) -> Any:
    """Return what an exception was made with; of one that a file caused, the file's name, which `args` leaves out."""
    given = getattr(error, "args", ())
    if isinstance(error, OSError) and type(error).__module__ == "builtins" and type(error.filename) is str:
        return (*given, error.filename) if len(given) == 2 else given  # noqa: PLR2004 - a number and a text
    return given


def refusal(error: Exception) -> dict[str, Any]:
    """Return the answer in the place of one that can't be sent."""
    return {"error": described("ValueError", f"the result can't be used: {error}"), "warnings": []}


def _is_short(value: Any, most: int) -> bool:
    """Tell whether a value stands for itself in JSON, and is no longer than an exception's text may be."""
    if type(value) is str:
        return len(value) <= most and value.isprintable()
    return value is None or type(value) is bool or (type(value) is int and abs(value) < SAFE_INTEGER)


def _line_of(error: BaseException) -> list[Any] | None:
    """Return the number and the text of the innermost line of a cell that was running; None if none was."""
    try:
        places = [(frame.f_code.co_filename, number) for frame, number in traceback.walk_tb(error.__traceback__)]
        name, number = [place for place in places if place[0].startswith(CELL)][-1]
        return [number, linecache.getline(name, number).strip()[:MOST_LINE_CHARACTERS]]
    except BaseException:  # noqa: BLE001 - the class is the student's
        return None


def signature_of(function: Any) -> list[Any] | None:
    """Return a function's parameters, each as its name, its kind and what else it has, and what it returns.

    What it has is a list of its default, where it has one, and one of its annotation. None if it tells nothing.
    """
    try:
        told = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    empty = inspect.Parameter.empty
    parameters = [
        [one.name, int(one.kind), *([] if what is empty else [what] for what in (one.default, one.annotation))]
        for one in told.parameters.values()
    ]
    return [parameters, [] if told.return_annotation is empty else [told.return_annotation]]


def number_in(value: Any) -> int | float | str | None:
    """Return a cell's value if it is a number of points, what it is if it is another number, else None."""
    if isinstance(value, np.generic | np.ndarray) and value.ndim == 0 and value.dtype.kind in "iuf":
        value = float(value)
    if type(value) not in (int, float):
        return None
    return value if math.isfinite(value) and abs(value) < SAFE_INTEGER else repr(value)[:20]
