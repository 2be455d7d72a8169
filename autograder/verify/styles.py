"""Right answers given in another form: precision, memory layout, number types, sequences, callables."""

import functools
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.exercises import Array, Exercise, Named, Number, Parts
from autograder.verify.forms import Function, Wrapper, changed_leaves, holds, on_arrays, on_numbers


class Branded(np.ndarray):
    """An array subclass that does nothing."""


class Sequenced:
    """A sequence of parts that is neither a tuple nor a list."""

    def __init__(self, parts: tuple[Any, ...]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return len(self._parts)

    def __getitem__(self, place: int) -> Any:
        return self._parts[place]


class Answering:
    """A callable object, and one with a method."""

    def __init__(self, function: Function) -> None:
        self._function = function

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Answer as the function does."""
        return self._function(*args, **named)

    def method(self, *args: Any, **named: Any) -> Any:
        """Answer as the function does."""
        return self._function(*args, **named)


def _in_precision(precision: type) -> Wrapper:
    """Do all the work in another precision."""

    def convert(value: Any) -> Any:
        return value if isinstance(value, int) else changed_leaves(value, lambda one: one.astype(precision), precision)

    def wrap(function: Function) -> Function:
        return lambda *args, **named: function(
            *map(convert, args), **{name: convert(value) for name, value in named.items()}
        )

    return wrap


def _skipping(array: Any) -> Any:
    wide = np.full((*array.shape[:-1], 3 * array.shape[-1]), 7.0)
    wide[..., 1::3] = array
    return wide[..., 1::3]


def _read_only(array: Any) -> Any:
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def _sequence(make: Callable[[Any], Any]) -> Wrapper:
    def wrap(function: Function) -> Function:
        def answer(*args: Any, **named: Any) -> Any:
            found = function(*args, **named)
            return make(found) if isinstance(found, tuple) else found

        return answer

    return wrap


def _warning(function: Function) -> Function:
    def answer(*args: Any, **named: Any) -> Any:
        warnings.warn("a warning costs nothing", RuntimeWarning, stacklevel=1)
        return function(*args, **named)

    return answer


def _whole(value: Any) -> Any:
    return int(value) if float(value).is_integer() else value


ARRAYS: dict[str, Wrapper] = {
    "float32 results": on_arrays(lambda array: array.astype(np.float32)),
    "long double results": on_arrays(lambda array: array.astype(np.longdouble)),
    "big-endian results": on_arrays(lambda array: array.astype(">f8")),
    "Fortran order": on_arrays(np.asfortranarray),
    "transposed views": on_arrays(lambda array: array.T.copy().T),
    "views that skip entries": on_arrays(_skipping),
    "views that run backwards": on_arrays(lambda array: array[::-1].copy()[::-1]),
    "read-only results": on_arrays(_read_only),
    "an array subclass": on_arrays(lambda array: array.view(Branded)),
}
NUMBERS: dict[str, Wrapper] = {
    "0-d arrays": on_numbers(lambda value: np.array(float(value))),
    "NumPy scalars": on_numbers(np.float64),
    "float32 scalars": on_numbers(np.float32),
    "Python floats": on_numbers(float),
    "whole numbers as int": on_numbers(_whole),
}
PARTS: dict[str, Wrapper] = {
    "a list of parts": _sequence(list),
    "another sequence of parts": _sequence(Sequenced),
}
KEYED: dict[str, Wrapper] = {
    "a dict in another order": lambda function: (
        lambda *args, **named: OrderedDict(reversed(function(*args, **named).items()))
    ),
}
ALL: dict[str, Wrapper] = {
    "as it is": lambda function: function,
    "a callable object": Answering,
    "a bound method": lambda function: Answering(function).method,
    "a partial function": functools.partial,
    "work in long double": _in_precision(np.longdouble),
}


def styles(exercise: Exercise) -> Iterator[tuple[str, Wrapper]]:
    """Yield every other form that an exercise's right answer may be given in."""
    yield from ALL.items()
    if exercise.options.single_precision:
        yield "work in float32", _in_precision(np.float32)
    if not exercise.options.forbids_warnings:
        yield "a function that warns", _warning
    kinds: list[tuple[type, dict[str, Wrapper]]] = [(Array, ARRAYS), (Number, NUMBERS), (Parts, PARTS)]
    for kind, wrappers in kinds:
        if holds(exercise.form, kind):
            yield from wrappers.items()
    if isinstance(exercise.form, Named):
        yield from KEYED.items()
