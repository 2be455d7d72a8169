"""What the other side may ask to be done with a value: the operations of a proxy, by name."""

import copy
import dataclasses
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from .containers import plain_content
from .descriptions import as_exception, description, signature_of
from .special_methods import ARITHMETIC, IN_PLACE
from .surroundings import list_files, read_files, remove_files, work_in, write_files

NAMES_OF_OPERATOR = "getitem setitem delitem eq lt le gt ge neg pos abs invert index"


def _call(function: Any, positional: Any, named: Any) -> Any:
    return function(*positional, **named)


def _value(value: Any) -> Any:
    return value


def _operator(name: str) -> Callable[[Any, Any], Any]:
    found: Callable[[Any, Any], Any] = divmod if name == "divmod" else getattr(operator, f"__{name}__")
    return found


def _reflected(name: str) -> Callable[[Any, Any], Any]:
    forward = _operator(name)
    return lambda value, other: forward(other, value)


def _enter(value: Any) -> Any:
    return type(value).__enter__(value)


def _exit(value: Any, error: dict[str, Any] | None) -> Any:
    """Leave a block, with an exception described by its built-in classes and its text, or without one."""
    if error is None:
        return bool(type(value).__exit__(value, None, None, None))
    raised = as_exception(error)
    return bool(type(value).__exit__(value, type(raised), raised, None))


def _await(value: Any) -> Any:
    """Run what can be awaited to its end, and return what it gives."""
    import asyncio

    async def awaited() -> Any:
        return await value

    return asyncio.run(awaited())


def _with_names(function: Callable[..., Any]) -> Callable[[Any, dict[str, Any]], Any]:
    return lambda value, named: function(value, **named)


def _is_type_of(name: Any, value: Any) -> bool:
    """Tell whether what a name holds is the very class of a value."""
    return name is type(value)


def _held_by(value: Any, name: str) -> Any:
    """Return what an attribute holds now, as a list, dict or set of its own, which nobody keeps."""
    held = getattr(value, name)
    return held.copy() if type(held) in (list, dict, set) else held


def _refill(value: Any, name: str, content: Any) -> None:
    """Let the very list, dict, set or array that an attribute holds hold something else."""
    held = getattr(value, name)
    if held is content or type(held) is not type(content):
        return
    if isinstance(held, list):
        held[:] = content
    elif isinstance(held, np.ndarray):
        held[...] = content
    else:
        held.clear()
        held.update(content)


OPERATIONS: dict[str, Callable[..., Any]] = {
    "call": _call,
    "call_kept": _call,
    "value": _value,
    "named": _value,
    "describe": description,
    "signature": signature_of,
    "content": plain_content,
    "type": type,
    "is_type_of": _is_type_of,
    "refill": _refill,
    "held_by": _held_by,
    "enter": _enter,
    "exit": _exit,
    "await": _await,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "is": operator.is_,
    "super": super,
    "work_in": work_in,
    "list_files": list_files,
    "read_files": read_files,
    "write_files": write_files,
    "remove_files": remove_files,
    **{
        operation.__name__: operation
        for operation in (
            getattr, setattr, delattr, isinstance, issubclass, str, repr, len, iter, next, bool, int, float, complex,
            hash, dir, format, reversed, round,
        )
    },
    **{name: getattr(operator, name) for name in NAMES_OF_OPERATOR.split()},
    **{name: _operator(name) for name in ARITHMETIC},
    **{f"r{name}": _reflected(name) for name in ARITHMETIC},
    **{name: getattr(operator, f"__{name}__") for name in IN_PLACE.values()},
    "contains": operator.contains,
    **{one.__name__: _with_names(one) for one in (dataclasses.asdict, dataclasses.astuple, dataclasses.replace)},
}  # fmt: skip
