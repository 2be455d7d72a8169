"""Numeric gradients of a scalar function: central differences, extrapolation, complex step.

Sources: the central difference and its Richardson extrapolation are in W. H. Press et al.,
Numerical Recipes, section 5.7; the complex step is from W. Squire and G. Trapp, "Using Complex
Variables to Estimate Derivatives of Real Functions", SIAM Review 40 (1998).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
ScalarFunction = Callable[[Any], Any]

EPSILON = float(np.finfo(np.float64).eps)
# The extrapolated difference errs by about step**4 in its formula and epsilon/step in rounding;
# both are smallest together at epsilon**(1/5).
FIRST_STEP = EPSILON**0.2
COMPLEX_STEP = 1e-30
SMALLER_STEPS = (1.0, 1 / 16, 1 / 256)
ACCEPTED_ERROR = 1e-7
# Past this, every step straddles a corner beside the point, and the number means nothing.
UNRESOLVED_ERROR = 1e-6


@dataclass(frozen=True)
class NumericGradient:
    """A gradient found by evaluating the function near a point.

    values: the gradient, in the shape of the point.
    on_kink: True where the function has a corner (such as ReLU's at 0) that no step avoids; the
        number in `values` there means nothing and must be left out of any comparison.
    error: an estimate of the absolute error of each entry of `values`.
    """

    values: FloatArray
    on_kink: NDArray[np.bool_]
    error: FloatArray


def _evaluate(f: ScalarFunction, x: FloatArray) -> float:
    value = np.asarray(f(x))
    if value.size != 1 or np.iscomplexobj(value):
        msg = (
            f"a gradient check needs a function that returns one real number; this one returned "
            f"shape {value.shape} of {value.dtype}. Sum it against the upstream gradient first."
        )
        raise ValueError(msg)
    return float(value.reshape(()))


def _entries(point: FloatArray) -> Iterator[tuple[int, ...]]:
    return iter(np.ndindex(*point.shape))


def _shifted(point: FloatArray, entry: tuple[int, ...], by: float) -> FloatArray:
    moved = point.copy()
    moved[entry] += by
    return moved


def _as_point(at: ArrayLike) -> FloatArray:
    return np.array(at, dtype=np.float64)


def central_difference(f: ScalarFunction, at: ArrayLike, step: float = 1e-6) -> FloatArray:
    """Return `(f(x + step) - f(x - step)) / (2 step)` along each coordinate of `at`.

    f: takes an array in the shape of `at`, returns one real number.
    step: in the units of `at`, the same for every coordinate.
    Raises ValueError if f returns anything but one real number.
    """
    point = _as_point(at)
    gradient = np.zeros_like(point)
    for entry in _entries(point):
        ahead = _evaluate(f, _shifted(point, entry, step))
        behind = _evaluate(f, _shifted(point, entry, -step))
        gradient[entry] = (ahead - behind) / (2 * step)
    return gradient


def complex_step_gradient(f: ScalarFunction, at: ArrayLike) -> FloatArray:
    """Return `Im f(x + i step) / step` along each coordinate: exact to rounding.

    Holds only where f is analytic and its code carries complex numbers (no abs, max or sorting by
    value); there is no subtraction, so the step can be as small as 1e-30.
    """
    point = np.array(at, dtype=np.complex128)
    gradient = np.zeros(point.shape)
    for entry in np.ndindex(*point.shape):
        moved = point.copy()
        moved[entry] += 1j * COMPLEX_STEP
        gradient[entry] = np.asarray(f(moved)).reshape(()).imag / COMPLEX_STEP
    return gradient


@dataclass(frozen=True)
class _Estimate:
    value: float
    error: float
    has_corner: bool


def _estimate(f: ScalarFunction, point: FloatArray, entry: tuple[int, ...], step: float, middle: float) -> _Estimate:
    """Extrapolate two central differences, and look for a corner between their sample points."""
    ahead, behind, near_ahead, near_behind = (
        _evaluate(f, _shifted(point, entry, by)) for by in (step, -step, step / 2, -step / 2)
    )
    coarse = (ahead - behind) / (2 * step)
    fine = (near_ahead - near_behind) / step
    # Values inside f may be larger than what it returns, so 1 is the least scale of its rounding.
    rounding = 8 * EPSILON * max(1.0, abs(ahead), abs(behind), abs(middle)) / step
    # The slope to the right minus the slope to the left falls with the step where the function is
    # smooth, and stays where it has a corner at the point itself.
    slope_jump = abs(ahead - 2 * middle + behind) / step
    near_slope_jump = abs(near_ahead - 2 * middle + near_behind) / (step / 2)
    noise = 16 * rounding + ACCEPTED_ERROR * max(abs(fine), abs(coarse))
    has_corner = near_slope_jump > 0.75 * slope_jump + noise or (
        near_slope_jump > noise and 0.75 * slope_jump < near_slope_jump
    )
    value = (4 * fine - coarse) / 3
    return _Estimate(value, abs(value - fine) / 8 + rounding, has_corner)


def _entry_gradient(f: ScalarFunction, point: FloatArray, entry: tuple[int, ...], middle: float) -> _Estimate:
    """Shrink the step until it stays clear of corners beside the point, if that can be."""
    first = FIRST_STEP * max(1.0, abs(float(point[entry])))
    best: _Estimate | None = None
    for fraction in SMALLER_STEPS:
        estimate = _estimate(f, point, entry, first * fraction, middle)
        if not estimate.has_corner and (best is None or best.has_corner or estimate.error < best.error):
            best = estimate
        if best is None:
            best = estimate
        if not best.has_corner and best.error <= ACCEPTED_ERROR * max(abs(best.value), 1e-3):
            break
    assert best is not None
    unresolved = best.error > UNRESOLVED_ERROR * max(1.0, abs(best.value), abs(middle))
    return _Estimate(best.value, best.error, best.has_corner or unresolved)


def numeric_gradient(f: ScalarFunction, at: ArrayLike) -> NumericGradient:
    """Return the gradient of a scalar function by extrapolated central differences.

    f: takes an array in the shape of `at`, returns one real number; it is given copies, so it may
        write to them.
    at: the point, real, of any shape, also a plain number.
    Raises ValueError if f returns anything but one real number.
    """
    point = _as_point(at)
    middle = _evaluate(f, point.copy())
    values, error = np.zeros_like(point), np.zeros_like(point)
    on_kink = np.zeros(point.shape, dtype=np.bool_)
    for entry in _entries(point):
        estimate = _entry_gradient(f, point, entry, middle)
        values[entry], error[entry], on_kink[entry] = estimate.value, estimate.error, estimate.has_corner
    return NumericGradient(values, on_kink, error)
