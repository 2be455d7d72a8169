"""When two arrays count as equal: by the largest difference against the largest true value.

Entry-by-entry relative error rejects right answers whose entries happen to be tiny, and a
comparison by broadcasting accepts wrong shapes. So shapes are required to agree before anything
else, and one bound holds for the whole array.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Tolerance:
    """The bound `relative * max|true| + absolute` on the largest difference."""

    relative: float
    absolute: float

    def bound(self, true: NDArray[Any]) -> float:
        """Return the largest difference that is accepted beside `true`."""
        return self.relative * largest_entry(true) + self.absolute


def largest_entry(values: NDArray[Any]) -> float:
    """Return `max|values|`; 0 where there are none."""
    # Not by np.max, whose detour through Python takes longer than small arrays do.
    return float(np.maximum.reduce(np.absolute(values), axis=None)) if values.size else 0.0


# How many times the estimated error of the numeric gradient a right one may be away from it.
ERROR_MARGIN = 4.0
DOUBLE = Tolerance(relative=1e-6, absolute=1e-12)
SINGLE = Tolerance(relative=1e-4, absolute=1e-6)


def is_single(dtype: np.dtype[Any]) -> bool:
    """Tell whether a dtype is single precision, in either byte order."""
    return dtype.kind == "f" and dtype.itemsize == np.dtype(np.float32).itemsize


def tolerance_for(answer: NDArray[Any]) -> Tolerance:
    """Return the tolerance that the answer's own precision calls for."""
    return SINGLE if is_single(answer.dtype) else DOUBLE


def largest_difference(answer: NDArray[Any], true: NDArray[Any]) -> float:
    """Return `max|answer - true|`; NaN where the answer holds one.

    Raises ValueError if the shapes differ, because a broadcast difference means nothing.
    """
    if answer.shape != true.shape:
        msg = f"cannot compare shape {answer.shape} with {true.shape}"
        raise ValueError(msg)
    if not answer.size:
        return 0.0
    with np.errstate(all="ignore"):
        return largest_entry(np.subtract(answer, true, dtype=np.longdouble))


def matches(answer: NDArray[Any], true: NDArray[Any], slack: float = 0.0) -> bool:
    """Tell whether `answer` has the shape of `true` and is equal within its own tolerance.

    slack: an absolute difference that is accepted beyond the tolerance.
    """
    if answer.shape != true.shape:
        return False
    if answer.dtype == true.dtype and answer.tobytes() == true.tobytes():
        return bool(np.isfinite(true).all())  # the difference is 0; of infinities, and of NaN, there is none
    # Written so that a NaN, which makes every comparison false, does not match.
    return largest_difference(answer, true) <= tolerance_for(answer).bound(true) + slack


# What a gradient of each width of floating-point numbers, in bytes, may be off by.
RELATIVE_TOLERANCES = {2: 2e-2, 4: 1e-4}
RELATIVE_TOLERANCE = 1e-6


def relative_tolerance(dtype: np.dtype[Any]) -> float:
    """Return the relative error that a gradient of a dtype may have beside a numeric one."""
    return RELATIVE_TOLERANCES.get(dtype.itemsize, RELATIVE_TOLERANCE) if dtype.kind == "f" else RELATIVE_TOLERANCE


def norms_agree(
    answer: NDArray[Any], numeric: NDArray[Any], error: float, relative: float, extra_scale: float = 0.0
) -> bool:
    """Tell whether `|a - n| <= relative (|a| + |n|) + error`, in Euclidean norms.

    error: an absolute difference that the numeric side may be off by.
    extra_scale: what counts beside the two norms, in their units.
    """
    ours, theirs = np.asarray(answer, dtype=np.float64), np.asarray(numeric, dtype=np.float64)
    scale = float(np.linalg.norm(ours) + np.linalg.norm(theirs)) + extra_scale
    # Written so that a NaN, which makes every comparison false, does not agree.
    return bool(float(np.linalg.norm(ours - theirs)) <= relative * scale + error)
