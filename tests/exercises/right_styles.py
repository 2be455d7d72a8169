"""Ways to give a right answer that must not cost points: precision, memory, types, callables."""

import functools
import warnings
from collections import OrderedDict, namedtuple
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises import Exercise

Function = Callable[..., Any]
Style = Callable[[Function], Function]


class Branded(np.ndarray):
    """An array subclass that does nothing."""


def changed(value: Any, on_array: Function, on_number: Function) -> Any:
    """Return an answer, or an argument, with each of its arrays and floats replaced."""
    if isinstance(value, dict):
        return {key: changed(part, on_array, on_number) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(changed(part, on_array, on_number) for part in value)
    if isinstance(value, np.ndarray) and value.ndim:
        return on_array(value)
    return on_number(value) if isinstance(value, (float, np.floating)) else value


def _same(value: Any) -> Any:
    return value


def result(on_array: Function = _same, on_number: Function = _same) -> Style:
    """Change what a function returns."""
    return lambda function: lambda *args, **named: changed(function(*args, **named), on_array, on_number)


def working_in(precision: type) -> Style:
    """Convert the arguments first, so that all work is done in another precision."""

    def style(function: Function) -> Function:
        def convert(value: Any) -> Any:
            return changed(value, lambda array: array.astype(precision), precision)

        return lambda *args, **named: function(
            *(convert(value) for value in args), **{key: convert(value) for key, value in named.items()}
        )

    return style


def _strided(array: np.ndarray) -> np.ndarray:
    wide = np.full((*array.shape[:-1], 3 * array.shape[-1]), 7.0)
    wide[..., 1::3] = array
    return wide[..., 1::3]


def _backwards(array: np.ndarray) -> np.ndarray:
    return array[::-1].copy()[::-1]


def _read_only(array: np.ndarray) -> np.ndarray:
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def _whole(convert: Function) -> Function:
    return lambda value: convert(value) if float(value).is_integer() else value


def _boolean(value: Any) -> Any:
    return bool(value) if value in {0, 1} else value


def _sequence(make: Function) -> Style:
    def style(function: Function) -> Function:
        def answer(*args: Any, **named: Any) -> Any:
            found = function(*args, **named)
            return make(found) if isinstance(found, tuple) else found

        return answer

    return style


def _named_tuple(parts: tuple[Any, ...]) -> Any:
    return namedtuple("Answer", [f"part{number}" for number in range(len(parts))])(*parts)  # noqa: PYI024


def _numbers_in_one_array(parts: tuple[Any, ...]) -> Any:
    return np.array(parts) if all(np.ndim(part) == 0 for part in parts) else parts


def _ordered(function: Function) -> Function:
    def answer(*args: Any, **named: Any) -> Any:
        found = function(*args, **named)
        return OrderedDict(reversed(found.items())) if isinstance(found, dict) else found

    return answer


class _Callable:
    def __init__(self, function: Function) -> None:
        self.function = function

    def __call__(self, *args: Any, **named: Any) -> Any:
        return self.function(*args, **named)

    def method(self, *args: Any, **named: Any) -> Any:
        return self.function(*args, **named)


def _noisy(function: Function) -> Function:
    def answer(*args: Any, **named: Any) -> Any:
        warnings.warn("divide by zero encountered", RuntimeWarning, stacklevel=1)
        return function(*args, **named)

    return answer


def _with_more_arguments(function: Function) -> Function:
    return functools.partial(lambda spare, *args, **named: function(*args, **named), "spare")


STYLES: dict[str, Style] = {
    "as it is": _same,
    "float32 result": result(lambda array: array.astype(np.float32), np.float32),
    "float32 work": working_in(np.float32),
    "long double result": result(lambda array: array.astype(np.longdouble), np.longdouble),
    "long double work": working_in(np.longdouble),
    "Fortran order": result(np.asfortranarray),
    "a view that skips entries": result(_strided),
    "a view that runs backwards": result(_backwards),
    "read-only result": result(_read_only),
    "big-endian": result(lambda array: array.astype(">f8"), lambda value: np.array(value, dtype=">f8")),
    "big-endian float32": result(lambda array: array.astype(">f4"), lambda value: np.array(value, dtype=">f4")),
    "array subclass": result(lambda array: array.view(Branded)),
    "0-d arrays": result(on_number=lambda value: np.array(float(value))),
    "NumPy scalars": result(on_number=np.float64),
    "Python floats": result(on_number=float),
    "whole numbers as int": result(on_number=_whole(int)),
    "whole numbers as NumPy int": result(on_number=_whole(np.int64)),
    "0 and 1 as bool": result(on_number=_boolean),
    "0 and 1 as NumPy bool": result(on_number=lambda value: np.bool_(value) if value in {0, 1} else value),
    "list for tuple": _sequence(list),
    "named tuple": _sequence(_named_tuple),
    "numbers in one array": _sequence(_numbers_in_one_array),
    "ordered dict": _ordered,
    "callable object": _Callable,
    "bound method": lambda function: _Callable(function).method,
    "partial": functools.partial,
    "partial with an argument": _with_more_arguments,
    "a function that warns": _noisy,
}


def fits(style: str, exercise: Exercise) -> bool:
    """Tell whether a style is right for an exercise at all."""
    if style == "float32 work":
        return exercise.options.single_precision
    return not (style == "a function that warns" and exercise.options.forbids_warnings)
