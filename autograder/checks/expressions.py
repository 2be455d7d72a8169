"""Which simple expression of the arguments an answer is equal to, such as `dZ2.T @ A1`.

It says what a student's own formula computes, not what it should.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.numerics.recognition import alike

MATRIX_AXES = 2
MOST_ENTRIES = 10_000


def _sums(name: str, value: NDArray[Any]) -> Iterator[tuple[str, NDArray[Any]]]:
    for what, way in (("sum", np.sum), ("mean", np.mean)):
        for axis in range(value.ndim):
            yield f"{name}.{what}(axis={axis})", way(value, axis=axis)
            yield f"{name}.{what}(axis={axis}, keepdims=True)", way(value, axis=axis, keepdims=True)
        yield f"{name}.{what}()", np.asarray(way(value))


def _turns(name: str, value: NDArray[Any]) -> list[tuple[str, NDArray[Any]]]:
    return [(name, value), (f"{name}.T", value.T)] if value.ndim == MATRIX_AXES else [(name, value)]


def _pairs(first: tuple[str, NDArray[Any]], second: tuple[str, NDArray[Any]]) -> Iterator[tuple[str, NDArray[Any]]]:
    for one, a in _turns(*first):
        for other, b in _turns(*second):
            if a.ndim and b.ndim and a.shape[-1] == b.shape[0]:
                yield f"{one} @ {other}", np.asarray(a @ b)
    (one, a), (other, b) = first, second
    if a.shape == b.shape and one < other:
        yield f"{one} * {other}", a * b
    if a.ndim == b.ndim == 1:
        yield f"np.outer({one}, {other})", np.outer(a, b)


def _expressions(arrays: Sequence[tuple[str, NDArray[Any]]]) -> Iterator[tuple[str, NDArray[Any]]]:
    for name, value in arrays:
        yield from _turns(name, value)
        yield from _sums(name, value)
    for first, second in permutations(arrays, 2):
        yield from _pairs(first, second)


def equal_to(answer: NDArray[Any], arguments: Sequence[tuple[str, Any]]) -> str:
    """Return the expression of the arguments that the answer equals in shape and values, or ""."""
    arrays = [(name, np.asarray(value, dtype=np.float64)) for name, value in arguments if _is_array(value)]
    if not answer.ndim or sum(value.size for _, value in arrays) > MOST_ENTRIES:
        return ""
    wide = np.asarray(answer, dtype=np.float64)
    with np.errstate(all="ignore"):
        return next((told for told, value in _expressions(arrays) if alike(wide, value)), "")


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0 and value.dtype.kind in "biuf"
