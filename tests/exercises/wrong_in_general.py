"""Mistakes that can be made in any function: types, shapes, precision, memory, other code's state."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from right_styles import changed, result

Function = Callable[..., Any]


def _remembers_the_first(function: Function) -> Function:
    kept: list[Any] = []

    def answer(*args: Any, **named: Any) -> Any:
        kept.append(function(*args, **named))
        return kept[0]

    return answer


def _every_other_call(function: Function) -> Function:
    count = itertools.count()

    def answer(*args: Any, **named: Any) -> Any:
        found = function(*args, **named)
        return found if next(count) % 2 else changed(found, lambda array: array + 1, lambda value: value + 1)

    return answer


def _arguments_by_position_only(function: Function) -> Function:
    def answer(*args: Any) -> Any:
        return function(*args)

    return answer


def _rescales_its_arguments(function: Function) -> Function:
    """Multiply each array argument by 1 in place, which changes no number."""

    def answer(*args: Any, **named: Any) -> Any:
        for value in (*args, *named.values()):
            for array in value.values() if isinstance(value, dict) else (value,):
                if isinstance(array, np.ndarray):
                    np.multiply(array, 1.0, out=array)
        return function(*args, **named)

    return answer


def _leaves_its_arguments_at_zero(function: Function) -> Function:
    def answer(*args: Any, **named: Any) -> Any:
        found = changed(function(*args, **named), np.array, lambda value: value)
        for value in (*args, *named.values()):
            for array in value.values() if isinstance(value, dict) else (value,):
                if isinstance(array, np.ndarray) and array.flags.writeable:
                    array.fill(0.0)
        return found

    return answer


def _largest_size(*args: Any, **named: Any) -> int:
    arrays = [value for value in (*args, *named.values()) if isinstance(value, np.ndarray)]
    return max((size for array in arrays for size in array.shape), default=0)


def _only_small_sizes(function: Function) -> Function:
    def answer(*args: Any, **named: Any) -> Any:
        found = function(*args, **named)
        return changed(found, np.zeros_like, lambda value: 0.0) if _largest_size(*args, **named) > 5 else found

    return answer


def _prints(function: Function) -> Function:
    return lambda *args, **named: str(function(*args, **named)) and None


def _one_entry_off(array: np.ndarray) -> np.ndarray:
    moved = array.copy()
    entry = np.unravel_index(np.argmax(np.abs(array)), array.shape)
    moved[entry] += 3e-6 * np.abs(array[entry]) + 1e-11
    return moved


def _bad(value: float) -> Function:
    return result(lambda array: np.where(array == array.max(), value, array), lambda _: value)


# What is wrong with any answer made of numbers.
NUMBERS: dict[str, Function] = {
    "sign": result(lambda array: -array, lambda value: -value),
    "factor 2": result(lambda array: 2 * array, lambda value: 2 * value),
    "three parts in a million": result(_one_entry_off, lambda value: value * (1 + 3e-6) + 1e-11),
    "NaN": _bad(np.nan),
    "infinity": _bad(np.inf),
    "complex": result(lambda array: array + 0j, complex),
    "text": result(str, str),
    "whole numbers": result(lambda array: array.astype(int), int),
    "zero": result(np.zeros_like, lambda _: 0.0),
    "nothing returned": _prints,
    "in a list": lambda function: lambda *args, **named: [function(*args, **named)],
    "remembers the first": _remembers_the_first,
    "every other call": _every_other_call,
    "arguments by position only": _arguments_by_position_only,
}
# What is wrong with an answer that is, or holds, an array.
ARRAYS: dict[str, Function] = {
    "half precision": result(lambda array: array.astype(np.float16)),
    "half precision by the way": result(lambda array: array.astype(np.float16).astype(float)),
    "objects": result(lambda array: array.astype(object)),
    "lists": result(lambda array: array.tolist()),
    "an axis too many": result(lambda array: array[None]),
    "flat with a column": result(lambda array: array.reshape(-1, 1, 1)),
    "numbers for arrays": result(lambda array: float(array.ravel()[0])),
    "small sizes only": _only_small_sizes,
    "entries reversed": result(lambda array: array.ravel()[::-1].reshape(array.shape)),
}
# What is wrong whatever is returned, where an argument is, or holds, an array.
ARGUMENTS: dict[str, Function] = {
    "writes the same numbers": _rescales_its_arguments,
    "arguments left at zero": _leaves_its_arguments_at_zero,
}
# What is wrong with a number in its place.
SCALARS: dict[str, Function] = {
    "array of one": result(on_number=lambda value: np.array([value])),
    "list of one": result(on_number=lambda value: [value]),
}
