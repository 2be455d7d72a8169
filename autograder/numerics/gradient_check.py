"""A gradient check that a student reads: numeric beside analytic, entry by entry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.numerics.differences import FloatArray, NumericGradient, ScalarFunction, numeric_gradient

RELATIVE_TOLERANCE = 1e-6
SINGLE_TOLERANCE = 1e-4
ROWS_SHOWN = 12


@dataclass(frozen=True)
class GradientCheck:
    """The outcome of comparing one analytic gradient with the numeric one.

    name: what the gradient is called in messages.
    analytic: the gradient that was checked, as it came.
    numeric: the numeric gradient, in the shape of the point.
    problem: why the two cannot be compared at all (a wrong shape, not numbers), or "".
    passed: True if the norm of the difference is within tolerance of the norms of the two.
    """

    name: str
    analytic: NDArray[Any]
    numeric: NumericGradient
    problem: str
    passed: bool

    def __bool__(self) -> bool:
        return self.passed

    @property
    def summary(self) -> str:
        """Say in one or two sentences what was found and where to look."""
        if self.problem:
            return f"{self.name}: {self.problem}"
        left_out = int(self.numeric.on_kink.sum())
        note = f" ({left_out} left out: the function has a corner there)" if left_out else ""
        compared = self.numeric.values.size - left_out
        if self.passed:
            counted = f"all {compared} entries agree" if compared > 1 else "agrees"
            return f"{self.name}: {counted} with the numeric gradient{note}"
        entry = self._worst_entry()
        place = f"entry {list(entry)}" if entry else "the value"
        return (
            f"{self.name}: {place} differs most: the numeric gradient is {self.numeric.values[entry]:.6g}, "
            f"yours is {self.analytic[entry]:.6g}{note}. Nudging that input by a little changes the "
            f"function by the numeric value times the nudge; follow that one number through your formula."
        )

    def _differences(self) -> FloatArray:
        with np.errstate(all="ignore"):
            difference = np.abs(np.asarray(self.analytic, dtype=np.float64) - self.numeric.values)
        return np.where(self.numeric.on_kink, 0.0, np.where(np.isnan(difference), np.inf, difference))

    def _worst_entry(self) -> tuple[int, ...]:
        worst = np.unravel_index(int(np.argmax(self._differences())), self.numeric.values.shape)
        return tuple(int(index) for index in worst)

    def __str__(self) -> str:
        if self.problem:
            return f"✗ {self.summary}"
        lines = [f"{'entry':>12}  {'numeric':>14}  {'yours':>14}  {'difference':>11}"]
        differences = self._differences()
        entries = list(np.ndindex(*self.numeric.values.shape))
        for entry in entries[:ROWS_SHOWN]:
            corner = "  corner: left out" if self.numeric.on_kink[entry] else ""
            lines.append(
                f"{str(list(entry)) if entry else '':>12}  {self.numeric.values[entry]:>14.8g}  "
                f"{self.analytic[entry]:>14.8g}  {differences[entry]:>11.1e}{corner}"
            )
        if len(entries) > ROWS_SHOWN:
            lines.append(f"{'…':>12}  and {len(entries) - ROWS_SHOWN} more entries")
        lines.append(f"{'✓' if self.passed else '✗'} {self.summary}")
        return "\n".join(lines)


def _problem(analytic: NDArray[Any], numeric: NumericGradient) -> str:
    shape = numeric.values.shape
    if analytic.dtype == object and analytic.shape == () and analytic.item() is None:
        return "got None; is a return statement missing?"
    if analytic.dtype.kind not in "biuf":
        return f"expected real numbers, got values of type {analytic.dtype}"
    if analytic.shape != shape:
        if not shape:
            return f"expected one number, got an array of shape {analytic.shape}"
        return (
            f"expected shape {shape}, the shape of what it is the gradient of, got {analytic.shape}. "
            f"Write the shape of every factor beside it and see which product gives {shape}."
        )
    if not np.all(np.isfinite(analytic)):
        return "holds NaN or infinity; look for a division by zero, a log of zero or an overflow in exp"
    if np.all(numeric.on_kink):
        return "nothing could be compared: the function has a corner at every coordinate; check at another point"
    return ""


def _is_narrow(dtype: np.dtype[Any]) -> bool:
    return dtype.kind == "f" and dtype.itemsize <= np.dtype(np.float32).itemsize


def _agrees(analytic: NDArray[Any], numeric: NumericGradient) -> bool:
    compared = ~numeric.on_kink
    ours, theirs = numeric.values[compared], np.asarray(analytic, dtype=np.float64)[compared]
    relative = SINGLE_TOLERANCE if _is_narrow(analytic.dtype) else RELATIVE_TOLERANCE
    scale = float(np.linalg.norm(ours) + np.linalg.norm(theirs))
    rounding = 4 * float(np.linalg.norm(numeric.error[compared]))
    return float(np.linalg.norm(theirs - ours)) <= relative * scale + rounding


def check_gradient(
    f: ScalarFunction, gradient: ArrayLike | Callable[[Any], Any], *, at: ArrayLike, name: str = "gradient"
) -> GradientCheck:
    """Compare an analytic gradient of `f` at a point with the numeric one.

    f: the forward map as a scalar function of one array, for example
        `lambda W2: np.sum(dZ2 * (A1 @ W2))` for a layer with the upstream gradient dZ2.
    gradient: the analytic gradient, an array in the shape of `at`, or a function that returns it
        when it is called with `at`.
    at: the point, an array of any shape or a number. It is never written to.
    name: what to call the gradient in the result's text.
    Returns a GradientCheck: true if the two agree; print it to see them side by side.
    Raises ValueError if f returns anything but one real number.

    Coordinates in which f has a corner (ReLU at 0) are left out, and the result says so. The
    comparison is of norms, `|a - n| <= tol (|a| + |n|)`, because entry-by-entry relative error
    rejects right gradients that have tiny entries.
    """
    point = np.array(at, dtype=np.float64)
    analytic = np.asarray(gradient(point.copy()) if callable(gradient) else gradient)
    numeric = numeric_gradient(f, point)
    problem = _problem(analytic, numeric)
    return GradientCheck(name, analytic, numeric, problem, not problem and _agrees(analytic, numeric))
