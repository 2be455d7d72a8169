"""The derivative of a function of one number at 0, with an error that can be relied on.

Two central differences are extrapolated (W. H. Press et al., Numerical Recipes, section 5.7). The
same samples tell how far to trust the result: where the function is smooth, the slope to the right
minus the slope to the left halves with the step; at a corner it stays. Where the first step does
not settle the matter, the function's rounding is measured (J. Moré and S. Wild, "Estimating
Computational Noise", SIAM Journal on Scientific Computing 33, 2011), and other steps are tried.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograder.numerics.evaluation import EPSILON, FloatArray, Line

# The extrapolated difference errs by about step**4 in its formula and rounding/step otherwise;
# both are smallest together at rounding**(1/5).
FIRST_STEP = 2.0 ** round(math.log2(EPSILON**0.2))
LARGER_STEPS = (8.0, 64.0, 512.0)
SMALLER_STEPS = tuple(2.0**-power for power in (4, 8, 16, 24, 32))
ACCEPTED_ERROR = 1e-7
CLEAR_ERROR = 1e-3
HIDDEN_ROUNDING = 8 * EPSILON
# Past this, every step straddles a corner beside the point, and the number means nothing.
UNRESOLVED_ERROR = 1e-6
# Samples this close share all but their rounding; the later ones are for functions whose values are too
# coarse (lower precision, a small sum of large terms) for the earlier ones to differ at all.
SPACINGS = tuple(2.0**-power for power in (40, 30, 20, 10))
SAMPLES = 8
ORDERS = (4, 5, 6)


@dataclass(frozen=True)
class Slope:
    """A derivative at 0.

    value: the derivative.
    formula: how far off the formula may leave it, by how smooth the function looks at this step.
    rounding: how far off the function's rounding may leave it.
    step: the step it was found with.
    shrunk: True if that is a smaller step than the first, which a corner or the like was in the way of.
    """

    value: float
    formula: float
    rounding: float
    step: float
    shrunk: bool = False

    @property
    def error(self) -> float:
        """An estimate of the absolute error."""
        return self.formula + self.rounding


def slope_at_step(line: Line, middle: float, step: float, noise: float, precision: float) -> Slope:
    """Return the extrapolated central difference at one step.

    noise: the absolute rounding of the function, where it was measured; precision: the relative
        one that its values have at least.
    """
    ahead, behind, near_ahead, near_behind = line(step), line(-step), line(step / 2), line(-step / 2)
    coarse, fine = (ahead - behind) / (2 * step), (near_ahead - near_behind) / step
    value = (4 * fine - coarse) / 3
    jump = (ahead - 2 * middle + behind) / step
    near_jump = (near_ahead - 2 * middle + near_behind) / (step / 2)
    if not (math.isfinite(value) and math.isfinite(jump - near_jump)):
        return Slope(0.0, math.inf, 0.0, step)
    rounding = 8 * max(noise, precision * max(abs(ahead), abs(behind), abs(middle))) / step
    return Slope(value, abs(value - fine) / 8 + abs(near_jump - jump / 2), rounding, step)


def _refined(line: Line, middle: float, first: Slope, noise: float, precision: float, size: float) -> Slope:
    """Look for a better step than the first: a larger one against rounding, a smaller one against corners."""
    if first.rounding < first.formula <= HIDDEN_ROUNDING / first.step:
        # So small a bend can be the rounding of values of about 1 that cancel inside the function.
        noise = max(noise, first.formula * first.step)
    best = replace(first, rounding=max(first.rounding, 8 * noise / first.step))
    if best.error <= ACCEPTED_ERROR * max(size, abs(best.value)):
        return best
    against_rounding = best.formula <= best.rounding
    for factor in LARGER_STEPS if against_rounding else SMALLER_STEPS:
        found = slope_at_step(line, middle, first.step * factor, noise, precision)
        if best.error <= CLEAR_ERROR * abs(best.value) and abs(found.value - best.value) > 4 * best.error:
            # What was clear is lost again: the step is too small for values that change by leaps.
            break
        better = found.error < best.error and not (against_rounding and found.formula > found.rounding)
        if better:
            best = replace(found, shrunk=not against_rounding)
        settled = best.error <= ACCEPTED_ERROR * max(size, abs(best.value))
        if settled or found.rounding > best.error or (against_rounding and not better):
            break
    return best


def measured_noise(
    line: Line, middle: float, spacings: Sequence[float], of_sides: Callable[[list[float]], float] = min
) -> float | None:
    """Return the absolute rounding of a function near 0, from high differences of close samples.

    spacings: of the samples, the most trusted first; the next is for values that do not differ at all.
    of_sides: which side counts. A corner on one side looks like rounding, and is not likely on both.
    Returns None where they never differ.
    """
    for spacing in spacings:
        sides = []
        for side in (spacing, -spacing):
            values = np.array([middle, *(line(number * side) for number in range(1, SAMPLES))])
            if np.all(np.isfinite(values)):
                sides.append(max(_spread(values, order) for order in ORDERS))
        # A side on which nothing changes has nothing to say: it may be flat beside a corner.
        if sides and of_sides(sides) > 0:
            return of_sides(sides)
    return None


def thorough_noise(line: Line, middle: float, length: float, precision: float) -> float:
    """Return the absolute rounding of a function near 0, also where it is coarser than close samples show.

    A small sum of large terms changes by leaps; so the samples are spread over the step that the
    derivative is found with, where the function is smooth, and are as close as can be elsewhere.
    """
    first = slope_at_step(line, middle, FIRST_STEP * length, 0.0, precision)
    (slope,) = slopes([line], [length], middle, precision)
    close = measured_noise(line, middle, [spacing * length for spacing in SPACINGS])
    spacings = [] if unresolved([slope])[0] else [slope.step / SAMPLES]
    if first.formula <= HIDDEN_ROUNDING / first.step:
        spacings = [first.step / SAMPLES, first.step]
    wide = measured_noise(line, middle, spacings, max)
    if close is None and wide is None and slope.value == 0:
        # What never changes may have been rounded away inside f, beside values of about 1.
        return precision * max(1.0, abs(middle))
    return max(close or 0.0, wide or 0.0, precision * abs(middle))


def _spread(values: FloatArray, order: int) -> float:
    """Return the standard deviation of independent errors, from their differences of one order."""
    differences = np.diff(values, n=order)
    return float(np.sqrt(np.mean(differences**2) / math.comb(2 * order, order)))


def _size(found: Sequence[Slope]) -> float:
    """Return the largest derivative that is clear; one found across a jump may be huge, and is no measure."""
    return max((abs(one.value) for one in found if one.error <= CLEAR_ERROR * abs(one.value)), default=0.0)


def slopes(
    lines: Sequence[Line], lengths: Sequence[float], middle: float, precision: float, noise: float | None = None
) -> list[Slope]:
    """Return the derivative of each function of one number at 0.

    lengths: the distance that counts as 1 along each line; middle: the value at 0, common to all.
    noise: the absolute rounding of the functions; None to measure it where the first step fails.
    """
    known = 0.0 if noise is None else noise
    found = [
        slope_at_step(line, middle, FIRST_STEP * length, known, precision)
        for line, length in zip(lines, lengths, strict=True)
    ]
    size = _size(found)
    for number, one in enumerate(found):
        if one.formula == 0 or one.error <= ACCEPTED_ERROR * max(size, abs(one.value)):
            continue
        if noise is None:
            noise = measured_noise(lines[number], middle, [spacing * lengths[number] for spacing in SPACINGS]) or 0.0
        found[number] = _refined(lines[number], middle, one, noise, precision, size)
    return found


def unresolved(found: Sequence[Slope]) -> list[bool]:
    """Tell of each derivative whether no step made the function look smooth, beside the clear ones.

    Where only a step so small that rounding hides everything seemed to, none did.
    """
    size = _size(found)
    return [
        one.formula > max(UNRESOLVED_ERROR * max(size, abs(one.value)), 4 * one.rounding)
        or (one.shrunk and one.value != 0 and one.error > CLEAR_ERROR * max(size, abs(one.value)))
        for one in found
    ]
