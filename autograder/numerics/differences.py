"""Numeric gradients of a scalar function: central differences, extrapolation, complex step.

Sources: the central difference and its Richardson extrapolation are in W. H. Press et al.,
Numerical Recipes, section 5.7; the complex step is from W. Squire and G. Trapp, "Using Complex
Variables to Estimate Derivatives of Real Functions", SIAM Review 40 (1998).
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.numerics.evaluation import EPSILON, FloatArray, Line, Place, ScalarFunction, as_number, as_point, place
from autograder.numerics.slopes import slopes, thorough_noise, unresolved

COMPLEX_STEP = 1e-30
# A complex step that lost its imaginary part on the way is off by as much as the gradient itself.
COMPLEX_DISAGREEMENT = 1e-3
DIRECTIONS_SEED = 20


@dataclass(frozen=True)
class NumericGradient:
    """A gradient found by evaluating the function near a point.

    values: the gradient, in the shape of the point; or the derivatives along some directions.
    on_kink: True where the function has a corner (such as ReLU's at 0) that no step avoids; the
        number in `values` there means nothing and must be left out of any comparison.
    error: an estimate of the absolute error of each entry of `values`.
    """

    values: FloatArray
    on_kink: NDArray[np.bool_]
    error: FloatArray


def central_difference(f: ScalarFunction, at: ArrayLike, step: float = 1e-6) -> FloatArray:
    """Return `(f(x + step) - f(x - step)) / (2 step)` along each coordinate of `at`.

    f: takes an array in the shape of `at`, returns one real number.
    step: in the units of `at`, the same for every coordinate.
    Raises ValueError if f returns anything but one real number.
    """
    point = as_point(at)
    gradient = np.zeros_like(point)
    for entry in np.ndindex(*point.shape):
        ahead, behind = point.copy(), point.copy()
        ahead[entry] += step
        behind[entry] -= step
        gradient[entry] = (as_number(f(ahead)) - as_number(f(behind))) / (2 * step)
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


def _found(
    here: Place, lines: Sequence[Line], lengths: Sequence[float], shape: tuple[int, ...], noise: float | None
) -> NumericGradient:
    with np.errstate(all="ignore"):
        found = slopes(lines, lengths, here.middle, here.precision, noise)
    return NumericGradient(
        np.array([one.value for one in found]).reshape(shape),
        np.array(unresolved(found), dtype=np.bool_).reshape(shape),
        np.array([one.error for one in found]).reshape(shape),
    )


def numeric_gradient(f: ScalarFunction, at: ArrayLike, *, noise: float | None = None) -> NumericGradient:
    """Return the gradient of a scalar function by extrapolated central differences.

    f: takes an array in the shape of `at`, returns one real number; it is given copies, so it may
        write to them.
    at: the point, real, of any shape, also a plain number.
    noise: the absolute rounding of f's values, as `noise_level` measures it; where it is None, it
        is measured if it turns out to matter.
    Raises ValueError if f returns anything but one finite real number.
    """
    here = place(f, at)
    entries = list(np.ndindex(*here.point.shape))
    lengths = [max(here.size, abs(float(here.point[entry]))) for entry in entries]
    return _found(here, [here.along_entry(entry) for entry in entries], lengths, here.point.shape, noise)


def directional_derivatives(
    f: ScalarFunction, at: ArrayLike, directions: Sequence[FloatArray], *, noise: float | None = None
) -> NumericGradient:
    """Return the derivatives of `f(at + t v)` at t = 0 for each direction v, in a vector.

    Costs a few evaluations a direction, however many entries the point has.
    """
    here = place(f, at)
    lengths = [length_along(here, direction) for direction in directions]
    return _found(here, [here.along(direction) for direction in directions], lengths, (len(directions),), noise)


def length_along(here: Place, direction: FloatArray) -> float:
    """Return how far along a direction the point moves by about its own size."""
    spread = float(np.linalg.norm(direction)) / max(1.0, direction.size**0.5)
    return here.size / spread if spread else 1.0


def noise_level(f: ScalarFunction, at: ArrayLike) -> float:
    """Return the absolute rounding of a function's values near a point, also where large terms cancel in it."""
    here = place(f, at)
    direction = random_directions(here.point.shape, 1)[0]
    with np.errstate(all="ignore"):
        return thorough_noise(here.along(direction), here.middle, length_along(here, direction), here.precision)


def random_directions(shape: tuple[int, ...], number: int, seed: int = DIRECTIONS_SEED) -> list[FloatArray]:
    """Return random directions, the same ones each time: normal, so that none is preferred."""
    random = np.random.default_rng(seed)
    return [np.asarray(random.normal(size=shape)) for _ in range(number)]


def checked_complex_step_gradient(f: ScalarFunction, at: ArrayLike) -> NumericGradient:
    """Return the complex-step gradient, after making sure that f carries complex numbers.

    f: as for `complex_step_gradient`.
    Raises ValueError where one difference along a random direction contradicts it, or f cannot
    take complex numbers at all.
    """
    point = as_point(at)
    (direction,) = random_directions(point.shape, 1)
    real = directional_derivatives(f, point, [direction])
    advice = "use method='central', which needs no complex numbers"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            values = complex_step_gradient(f, point)
    except (TypeError, np.exceptions.ComplexWarning) as error:
        msg = f"the function cannot take complex numbers ({error}); {advice}"
        raise ValueError(msg) from error
    along = float(np.sum(values * direction))
    scale = float(np.linalg.norm(values) * np.linalg.norm(direction)) + abs(float(real.values[0]))
    difference = abs(along - float(real.values[0]))
    if not real.on_kink[0] and not difference <= COMPLEX_DISAGREEMENT * scale + 4 * float(real.error[0]):
        msg = f"the function loses the imaginary part of its argument (by abs or the like); {advice}"
        raise ValueError(msg)
    rounding = np.full(point.shape, 64 * EPSILON * float(np.max(np.abs(values), initial=0.0)))
    return NumericGradient(values, np.zeros(point.shape, dtype=np.bool_), rounding)
