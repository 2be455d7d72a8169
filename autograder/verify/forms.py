"""Right values in a wrong form, and right answers with a side effect: what wraps a whole function.

These are about the exact type, shape and dtype, about arguments left alone, and about the same
answer to the same arguments, rather than about the formula.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.exercises import Array, Exercise, Named, Number, Parts, Text
from autograder.exercises.answers import AnswerForm

Function = Callable[..., Any]
Wrapper = Callable[[Function], Function]
PART = 1e-4


def changed_leaves(value: Any, on_array: Function | None, on_number: Function | None) -> Any:
    """Return an answer with each of its arrays, or each of its numbers, replaced."""
    if isinstance(value, dict):
        return {key: changed_leaves(part, on_array, on_number) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(changed_leaves(part, on_array, on_number) for part in value)
    if isinstance(value, np.ndarray) and value.ndim:
        return on_array(value) if on_array else value
    is_number = isinstance(value, (float, int, np.floating, np.ndarray)) and not isinstance(value, str)
    return on_number(value) if on_number and is_number else value


def on_arrays(change: Function) -> Wrapper:
    """Change every array of what a function returns."""
    return lambda function: lambda *args, **named: changed_leaves(function(*args, **named), change, None)


def on_numbers(change: Function) -> Wrapper:
    """Change every number of what a function returns."""
    return lambda function: lambda *args, **named: changed_leaves(function(*args, **named), None, change)


def _first_answer(function: Function) -> Function:
    """Answer the first call, and every later one with the same."""
    kept: list[Any] = []

    def answer(*args: Any, **named: Any) -> Any:
        kept.append(function(*args, **named))
        return kept[0]

    return answer


def _drifting(function: Function) -> Function:
    """Add a little more to every call's answer."""
    calls: list[int] = []

    def answer(*args: Any, **named: Any) -> Any:
        calls.append(1)

        def drift(value: Any) -> Any:
            return value * (1 + PART * len(calls))

        return changed_leaves(function(*args, **named), drift, drift)

    return answer


def _key(value: Any) -> Any:
    """Return what stands for plain arguments, and is the same for the same ones."""
    if isinstance(value, dict):
        return tuple((name, _key(part)) for name, part in value.items())
    if isinstance(value, tuple):
        return tuple(map(_key, value))
    if isinstance(value, np.ndarray):
        return value.shape, value.tobytes()
    return type(value).__name__ if callable(value) else value


def _remembering(function: Function) -> Function:
    """Right when called with new arguments, wrong when called with the same ones again."""
    seen: dict[Any, int] = {}

    def answer(*args: Any, **named: Any) -> Any:
        key = _key((args, named))
        seen[key] = seen.get(key, 0) + 1
        factor = 1 if seen[key] == 1 else 2
        return changed_leaves(function(*args, **named), lambda value: value * factor, lambda value: value * factor)

    return answer


def _writing(function: Function) -> Function:
    """Write to the arrays among the arguments once the answer is there."""

    def answer(*args: Any, **named: Any) -> Any:
        found = function(*args, **named)
        found = changed_leaves(found, np.array, None)
        for value in (*args, *named.values()):
            for part in value.values() if isinstance(value, dict) else (value,):
                if isinstance(part, np.ndarray):
                    part[...] = part + 1
        return found

    return answer


def _with_nan(values: Any) -> Any:
    changed = np.array(values, dtype=np.float64)
    changed.flat[-1] = np.nan
    return changed


ARRAYS: dict[str, Wrapper] = {
    "arrays as lists": on_arrays(lambda array: array.tolist()),
    "arrays of integers": on_arrays(lambda array: np.rint(array).astype(np.int64)),
    "arrays of half precision": on_arrays(lambda array: array.astype(np.float16)),
    "arrays of booleans": on_arrays(lambda array: array != 0),
    "arrays of objects": on_arrays(lambda array: array.astype(object)),
    "complex arrays": on_arrays(lambda array: array.astype(np.complex128)),
    "flat arrays": on_arrays(lambda array: array.reshape(-1) if array.ndim > 1 else array[:, None]),
    "an axis more": on_arrays(lambda array: array[None]),
    "axes of size 1 lost": on_arrays(lambda array: array.squeeze() if array.ndim > 1 else array.reshape(1, -1)),
    "rows reversed": on_arrays(lambda array: array[::-1]),
    "last entries reversed": on_arrays(lambda array: array[..., ::-1]),
    "rounded to three digits": on_arrays(lambda array: np.round(array, 3)),
    "last entry NaN": on_arrays(_with_nan),
    "arguments written to afterwards": _writing,
}
NUMBERS: dict[str, Wrapper] = {
    "numbers in arrays of shape (1,)": on_numbers(lambda value: np.array([value])),
    "numbers as text": on_numbers(str),
    "complex numbers": on_numbers(complex),
    "numbers rounded to three digits": on_numbers(lambda value: round(float(value), 3)),
    "infinity for numbers": on_numbers(lambda value: float(value) * np.inf),
}
ALL: dict[str, Wrapper] = {
    "nothing returned": lambda function: lambda *args, **named: [function(*args, **named), None][1],
    "a little too large": lambda function: (
        lambda *args, **named: changed_leaves(
            function(*args, **named), lambda value: value * (1 + PART), lambda value: value * (1 + PART)
        )
    ),
    "answer of the first call": _first_answer,
    "more with every call": _drifting,
    "another answer the second time": _remembering,
}
SEVERAL: dict[str, Wrapper] = {
    "parts in reverse": lambda function: lambda *args, **named: function(*args, **named)[::-1],
    "one part too many": lambda function: lambda *args, **named: (*function(*args, **named), 0.0),
    "first part only": lambda function: lambda *args, **named: function(*args, **named)[0],
}
TEXTS: dict[str, Wrapper] = {
    "a text's letters in a list": lambda function: lambda *args, **named: list(function(*args, **named)),
    "a space after the text": lambda function: lambda *args, **named: function(*args, **named) + " ",
    "nothing returned": lambda function: lambda *args, **named: [function(*args, **named), None][1],
    "answer of the first call": _first_answer,
}
KEYED: dict[str, Wrapper] = {
    "a key too many": lambda function: lambda *args, **named: {**function(*args, **named), "loss": 0.0},
    "a key missing": lambda function: lambda *args, **named: dict(list(function(*args, **named).items())[1:]),
    "a dict's values in a tuple": lambda function: lambda *args, **named: tuple(function(*args, **named).values()),
}


def holds(form: AnswerForm, kind: type) -> bool:
    """Tell whether an answer is, or has among its parts, one of a kind."""
    if isinstance(form, (Parts, Named)):
        return isinstance(form, kind) or any(holds(part, kind) for part in form.forms)
    return isinstance(form, kind)


def wrong_forms(exercise: Exercise) -> Iterator[tuple[str, Wrapper]]:
    """Yield every wrapper that can make an exercise's answer wrong, by its name."""
    kinds: list[tuple[type, dict[str, Wrapper]]] = [(Array, ARRAYS), (Number, NUMBERS), (Text, TEXTS)]
    for kind, wrappers in kinds:
        if holds(exercise.form, kind):
            yield from wrappers.items()
    if holds(exercise.form, Array) or holds(exercise.form, Number):
        yield from ALL.items()
    if isinstance(exercise.form, Parts):
        yield from SEVERAL.items()
    if isinstance(exercise.form, Named):
        yield from KEYED.items()
