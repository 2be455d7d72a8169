"""What a part of an answer must be before its values are looked at: its type, its shape, finite numbers.

The rules are those of grading: a list is no array, a shape is exact, a number may be any real scalar.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from autograder.checks.signature import Named, named_sizes, told

SINGLE_BYTES = 4


@dataclass(frozen=True)
class Fault:
    """Why a part can't be right. kind: "type", "shape" or "finite"."""

    kind: str
    message: str


def described(value: Any) -> str:
    """Say what a value is, without showing anything that is in it."""
    if value is None:
        return "None (is there a return statement?)"
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} with shape {value.shape}"
    if isinstance(value, (tuple, list, dict, str, set)):
        return f"a {type(value).__name__} of length {len(value)}"
    return f"a {type(value).__name__}"


def shape_words(shape: tuple[int, ...], named: Named | None) -> str:
    """Write a shape that is due with the names of its axes: `(h, k) = (4, 2)`."""
    if named is not None and named.dims:
        return f"{told(named.dims)} = {shape}"
    return str(shape)


def got_words(shape: tuple[int, ...], sizes: Mapping[str, int]) -> str:
    """Write a shape that came, with names of axes where they are clear: `(2, 4) = (k, h)`."""
    names = named_sizes(shape, sizes)
    return f"{shape} = {names}" if names else str(shape)


def _number_fault(value: Any) -> Fault | None:
    if isinstance(value, np.ndarray) and value.ndim:
        return Fault("shape", f"expected one number, got an array of shape {value.shape}; return the number in it")
    if isinstance(value, (np.ndarray, np.generic)):
        return None if value.dtype.kind in "biuf" else Fault("type", f"expected a number, got {value.dtype}")
    return None if isinstance(value, Real) else Fault("type", f"expected a number, got {described(value)}")


def _array_fault(value: Any, due: tuple[int, ...], named: Named | None, sizes: Mapping[str, int]) -> Fault | None:
    words = shape_words(due, named)
    if isinstance(value, (Real, np.generic)):
        return Fault("shape", f"expected {words}, got one number; is everything summed?")
    if not isinstance(value, np.ndarray):
        return Fault("type", f"expected an array of shape {words}, got {described(value)}")
    if value.dtype.kind != "f" or value.dtype.itemsize < SINGLE_BYTES:
        return Fault("type", f"expected an array of float64, got {value.dtype}")
    if value.shape != due:
        return Fault("shape", f"expected {words}, got {got_words(value.shape, sizes)}")
    return None


def fault(value: Any, due: tuple[int, ...], named: Named | None, sizes: Mapping[str, int]) -> Fault | None:
    """Return what is wrong with a part of an answer for which an array (or, for `()`, a number) is due."""
    found = _array_fault(value, due, named, sizes) if due else _number_fault(value)
    if found:
        return found
    try:
        finite = bool(np.all(np.isfinite(np.asarray(value, dtype=np.float64))))
    except OverflowError:
        return Fault("type", "expected a float, got a whole number too large to be one")
    if not finite:
        return Fault("finite", "holds NaN or infinity; look for a division by zero, a log of zero or an overflow")
    return None


def parts_of(answer: Any, names: Sequence[str], *, keyed: bool) -> tuple[list[Any], str]:
    """Return an answer's parts in order, or none and why they can't be told apart."""
    what = ", ".join(names)
    if keyed:
        # While grading, an object of a student's class that is derived from dict is a stand-in that knows its content.
        answer = getattr(answer, "__student_content__", answer)
        if not isinstance(answer, dict):
            return [], f"expected a dict with the keys {what}, got {described(answer)}"
        if set(answer) != set(names):
            return [], f"expected a dict with exactly the keys {what}, got {', '.join(map(str, answer)) or 'none'}"
        return [answer[name] for name in names], ""
    number = isinstance(answer, (np.ndarray, np.generic)) and answer.ndim == 0
    if number or isinstance(answer, (str, bytes, dict, set)) or not hasattr(answer, "__len__"):
        return [], f"expected {len(names)} values ({what}), got {described(answer)}"
    if len(answer) != len(names):
        return [], f"expected {len(names)} values ({what}), got {len(answer)}"
    return [answer[place] for place in range(len(names))], ""
