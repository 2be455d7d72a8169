"""Calling a user's function safely: on copies, for one real number, with errors that say what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
ScalarFunction = Callable[[Any], Any]
Line = Callable[[float], float]

EPSILON = float(np.finfo(np.float64).eps)


def as_point(at: ArrayLike) -> FloatArray:
    """Return a copy of a point in double precision.

    Raises ValueError if it holds anything but finite real numbers.
    """
    given = np.array(at)
    if given.dtype.kind not in "biuf":
        msg = f"the point `at` must hold real numbers; this one is of type {given.dtype}"
        raise ValueError(msg)
    point = given.astype(np.float64)
    if not np.all(np.isfinite(point)):
        msg = "the point `at` holds NaN or infinity; there is no derivative there"
        raise ValueError(msg)
    return point


def as_number(returned: Any) -> float:
    """Return what a scalar function returned as a float.

    Raises ValueError if that is not one real number.
    """
    if isinstance(returned, float):
        return float(returned)
    value = np.asarray(returned)
    if value.size == 1 and value.dtype.kind in "biuf":
        return float(value.reshape(()))
    if value.dtype == object and value.shape == () and value.item() is None:
        msg = "a gradient check needs a function that returns one real number; this one returned None"
        raise ValueError(msg)
    msg = (
        f"a gradient check needs a function that returns one real number; this one returned "
        f"shape {value.shape} of {value.dtype}. Sum it against the upstream gradient first."
    )
    raise ValueError(msg)


def precision_of(returned: Any) -> float:
    """Return the relative rounding of a value that a function returned, by its type."""
    dtype = np.asarray(returned).dtype
    return max(EPSILON, float(np.finfo(dtype).eps)) if dtype.kind == "f" else EPSILON


def called(function: Callable[..., Any], what: str, *arguments: Any) -> Any:
    """Call a function; an error that it raises says where it came from."""
    try:
        return function(*arguments)
    except Exception as error:
        error.add_note(f"This was raised by {what}, called at the point where the gradient is checked.")
        raise


@dataclass(frozen=True)
class Place:
    """A scalar function at a point, where lines through it start.

    f: takes an array in the shape of `point`; it is only ever given copies.
    middle: its value at the point.
    precision: the relative rounding that the type of its values stands for.
    size: the length in which a coordinate of the point is measured, at least 1.
    """

    f: ScalarFunction
    point: FloatArray
    middle: float
    precision: float
    size: float

    def _value(self, moved: FloatArray) -> float:
        try:
            returned = self.f(moved)
        except (ArithmeticError, ValueError):
            # It worked at the point: this is the edge of the function's domain, as that of a log.
            return float("nan")
        return as_number(returned)

    def along(self, direction: FloatArray) -> Line:
        """Return the function along a line: `t -> f(point + t * direction)`."""
        return lambda t: self._value(self.point + t * direction)

    def along_entry(self, entry: tuple[int, ...]) -> Line:
        """Return the function of one coordinate's displacement."""

        def value(by: float) -> float:
            moved = self.point.copy()
            moved[entry] += by
            return self._value(moved)

        return value


def place(f: ScalarFunction, at: ArrayLike) -> Place:
    """Evaluate a function at a point.

    Raises ValueError if the point or the value is not made of finite real numbers.
    """
    point = as_point(at)
    returned = called(f, "the function", point.copy())
    middle = as_number(returned)
    if not np.isfinite(middle):
        msg = f"the function is {middle} at the point itself; look for an overflow, a log of 0 or a division by 0"
        raise ValueError(msg)
    root_mean_square = float(np.linalg.norm(point)) / max(1.0, point.size**0.5)
    return Place(f, point, middle, precision_of(returned), max(1.0, root_mean_square))
