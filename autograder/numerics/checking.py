"""`check_gradient`: an analytic gradient of any function against the numeric one."""

import contextlib
from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.numerics.comparison import ERROR_MARGIN, norms_agree, relative_tolerance
from autograder.numerics.differences import (
    NumericGradient,
    checked_complex_step_gradient,
    directional_derivatives,
    noise_level,
    numeric_gradient,
    random_directions,
)
from autograder.numerics.evaluation import EPSILON, FloatArray, ScalarFunction, as_number, as_point, called
from autograder.numerics.gradient_check import GradientCheck, GradientChecks

Mode = Literal["entries", "directions"]
Method = Literal["central", "complex"]
DIRECTIONS = 8
# In multiples of a value's last digit, what the first comparison takes f's rounding to be.
ASSUMED_NOISE = 4.0
# A gradient of more entries than this is not computed only to say more about a wrong shape.
MOST_DIAGNOSED = 2000
# How many times its own value a function has to change by for the change to count as hidden.
HIDDEN = 1e3


def _as_array(gradient: Any) -> NDArray[Any]:
    """Return a gradient as an array; a number of a class that NumPy does not know, such as a fraction, as a float."""
    is_unknown = isinstance(gradient, Real) and not isinstance(gradient, (int, float, np.generic))
    with contextlib.suppress(OverflowError):
        return np.asarray(float(gradient) if is_unknown else gradient)
    return np.asarray(gradient)


def _form_problem(analytic: NDArray[Any], shape: tuple[int, ...]) -> str:
    if analytic.dtype == object and analytic.shape == () and analytic.item() is None:
        return "got None; is a return statement missing?"
    if analytic.dtype.kind not in "biuf":
        return f"expected real numbers, got values of type {analytic.dtype}"
    if analytic.shape != shape:
        if not shape:
            return f"expected one number, got an array of shape {analytic.shape}"
        return f"expected shape {shape}, the shape of what it is the gradient of, got {analytic.shape}."
    if not np.all(np.isfinite(analytic)):
        return "holds NaN or infinity; look for a division by zero, a log of zero or an overflow in exp"
    return ""


def _function_problem(f: ScalarFunction, point: FloatArray) -> str:
    """Return what is wrong with the function at the point itself, or "". Misuse raises ValueError."""
    with np.errstate(all="ignore"):
        values = [as_number(called(f, "the function", point.copy())) for _ in range(2)]
    if not all(np.isfinite(values)):
        return (
            f"the function is {values[0]} at the point itself, so that it has no derivative there; "
            f"look for an overflow, a log of zero or a division by zero"
        )
    if values[0] != values[1]:
        return (
            f"the function gave {values[0]:.6g} and then {values[1]:.6g} at the same point; does it draw random "
            f"numbers, keep something between calls, or change a variable outside itself?"
        )
    return ""


def _no_comparison(point: FloatArray) -> NumericGradient:
    nothing = np.zeros(point.shape)
    return NumericGradient(nothing, np.zeros(point.shape, dtype=np.bool_), nothing)


def _agrees(analytic: NDArray[Any], numeric: NumericGradient, relative: float, extra_scale: float) -> bool:
    compared = ~numeric.on_kink
    error = ERROR_MARGIN * float(np.linalg.norm(numeric.error[compared]))
    return norms_agree(analytic[compared], numeric.values[compared], error, relative, extra_scale)


def _is_invisible(analytic: FloatArray, numeric: NumericGradient, point: FloatArray, value: float) -> bool:
    """Tell whether two gradients differ by what no evaluation of f can show.

    Where a softmax is saturated, its loss is far smaller than what was rounded away beside the 1
    inside it, and so is what a right gradient says of the loss.
    """
    size = max(1.0, float(np.linalg.norm(point)))
    largest = max(float(np.linalg.norm(analytic)), float(np.linalg.norm(numeric.values))) * size
    return HIDDEN * abs(value) <= largest <= EPSILON


def _compared(f: ScalarFunction, analytic: NDArray[Any], point: FloatArray, name: str, *, along: bool) -> GradientCheck:
    """Compare by differences; before anything is called wrong, look how much rounding there is in f."""
    relative = relative_tolerance(analytic.dtype)
    directions = random_directions(point.shape, DIRECTIONS) if along else []
    wide = analytic.astype(np.float64)
    answer = np.array([np.sum(wide * direction) for direction in directions]) if along else analytic
    extra_scale = float(np.linalg.norm(wide)) * len(directions) ** 0.5
    noise, passed = None, False
    for _ in range(2):
        numeric = (
            directional_derivatives(f, point, directions, noise=noise)
            if along
            else numeric_gradient(f, point, noise=noise)
        )
        passed = _agrees(answer, numeric, relative, extra_scale)
        if passed and not numeric.on_kink.all():
            break
        noise = noise_level(f, point)
        # Within what was assumed of it already, so that nothing would be found that is new.
        if noise <= ASSUMED_NOISE * EPSILON * abs(float(f(point.copy()))):
            break
    passed = passed or _is_invisible(wide, numeric, point, float(f(point.copy())))
    if along and numeric.on_kink.any() and (numeric.on_kink.all() or not passed):
        # One coordinate on a corner is enough to spoil every direction, but not its neighbours.
        return _compared(f, analytic, point, name, along=False)
    problem = ""
    if numeric.on_kink.size and numeric.on_kink.all():
        problem = "nothing could be compared: the function has a corner at every coordinate; check at another point"
    return GradientCheck(name, answer, numeric, problem, passed and not problem, along)


def _check(f: ScalarFunction, gradient: Any, point: FloatArray, name: str, mode: Mode, method: Method) -> GradientCheck:
    analytic = _as_array(gradient)
    form, function = _form_problem(analytic, point.shape), _function_problem(f, point)
    if form or function:
        told = form or function
        # Of a wrong shape something can be said if the right values are known; a large point is not worth it.
        useful = not function and analytic.dtype.kind in "biuf" and analytic.shape != point.shape
        known = useful and point.size <= MOST_DIAGNOSED
        numeric = numeric_gradient(f, point) if known else _no_comparison(point)
        return GradientCheck(name, analytic, numeric, told, passed=False)
    if method == "central":
        return _compared(f, analytic, point, name, along=mode == "directions")
    numeric = checked_complex_step_gradient(f, point)
    passed = _agrees(analytic, numeric, relative_tolerance(analytic.dtype), 0.0)
    return GradientCheck(name, analytic, numeric, "", passed)


def _contracted(f: Callable[..., Any], upstream: ArrayLike | None) -> Callable[..., Any]:
    """Return f's output summed against the upstream gradient, a scalar function."""
    if upstream is None:
        return f
    weights = np.asarray(upstream)

    def contracted(*arguments: Any) -> Any:
        output = np.asarray(f(*arguments))
        if output.shape != weights.shape:
            # Not a ValueError: that would look like the edge of the function's domain.
            msg = f"the upstream gradient has shape {weights.shape}, but the function returned shape {output.shape}"
            raise TypeError(msg)
        return np.sum(weights * output)

    return contracted


def _parts_of(gradient: Any, keys: list[Any], at: Any) -> dict[Any, Any]:
    if isinstance(at, Mapping):
        given = sorted(map(str, gradient)) if isinstance(gradient, Mapping) else type(gradient).__name__
        if not isinstance(gradient, Mapping) or set(gradient) != set(keys):
            msg = f"`at` is a dict with the keys {sorted(map(str, keys))}, so the gradient must be one too; got {given}"
            raise ValueError(msg)
        return {key: gradient[key] for key in keys}
    if not isinstance(gradient, (tuple, list)) or len(gradient) != len(keys):
        got = f"{len(gradient)} parts" if isinstance(gradient, (tuple, list)) else type(gradient).__name__
        msg = f"`at` is a tuple of {len(keys)} arguments, so the gradient must be one of as many; got {got}"
        raise ValueError(msg)
    return dict(enumerate(gradient))


def _check_parts(
    f: Callable[..., Any], gradient: Any, at: Any, name: str, mode: Mode, method: Method
) -> GradientChecks:
    points = {key: as_point(part) for key, part in (at.items() if isinstance(at, Mapping) else enumerate(at))}

    def copies() -> tuple[Any, ...]:
        fresh = {key: part.copy() for key, part in points.items()}
        return (fresh,) if isinstance(at, Mapping) else tuple(fresh.values())

    found = called(gradient, "your gradient function", *copies()) if callable(gradient) else gradient
    parts = _parts_of(found, list(points), at)

    def of_one(key: Any) -> ScalarFunction:
        def scalar(value: Any) -> Any:
            arguments = copies()
            if isinstance(at, Mapping):
                arguments[0][key] = value
                return f(*arguments)
            return f(*arguments[:key], value, *arguments[key + 1 :])

        return scalar

    return GradientChecks(
        {key: _check(of_one(key), parts[key], points[key], f"{name}[{key!r}]", mode, method) for key in points}
    )


@overload
def check_gradient(
    f: Callable[..., Any], gradient: Any, *, at: tuple[Any, ...] | Mapping[str, Any], name: str = ...,
    upstream: ArrayLike | None = ..., mode: Mode = ..., method: Method = ...,
) -> GradientChecks: ...  # fmt: skip


@overload
def check_gradient(
    f: ScalarFunction, gradient: Any, *, at: ArrayLike, name: str = ...,
    upstream: ArrayLike | None = ..., mode: Mode = ..., method: Method = ...,
) -> GradientCheck: ...  # fmt: skip


def check_gradient(
    f: Callable[..., Any], gradient: Any, *, at: Any, name: str = "gradient",
    upstream: ArrayLike | None = None, mode: Mode = "entries", method: Method = "central",
) -> GradientCheck | GradientChecks:  # fmt: skip
    """Compare an analytic gradient of `f` at a point with the numeric one.

    f: the forward map as a scalar function of one array, for example
        `lambda W2: np.sum(dZ2 * (A1 @ W2))` for a layer with the upstream gradient dZ2.
    gradient: the analytic gradient, an array in the shape of `at`, or a function that returns it
        when it is called with `at`.
    at: the point, an array of any shape or a number. It is never written to. A tuple stands for
        several arguments, `f(*at)`, and a dict of arrays for one argument, `f(at)`; the gradient
        then is a tuple or a dict likewise.
    name: what to call the gradient in the result's text.
    upstream: for an f that returns an array, the upstream gradient to sum it against.
    mode: "entries" nudges one coordinate after another; "directions" all of them together along a
        few random directions, which is quick for large arrays but does not say which entry is wrong;
        where corners get in the way, it goes entry by entry all the same.
    method: "central" differences, extrapolated; or the "complex" step, exact to rounding, for an f
        that is smooth and carries complex numbers.
    Returns a GradientCheck (GradientChecks for several arrays): true if the two agree; print it to
    see them side by side.
    Raises ValueError if f returns anything but one real number, or the point is not one.

    Coordinates in which f has a corner (ReLU at 0) are left out, and the result says so. The
    comparison is of norms, `|a - n| <= tol (|a| + |n|)`, because entry-by-entry relative error
    rejects right gradients that have tiny entries.
    """
    if mode not in ("entries", "directions") or method not in ("central", "complex"):
        msg = f"mode must be 'entries' or 'directions' and method 'central' or 'complex', not {mode!r} and {method!r}"
        raise ValueError(msg)
    if method == "complex" and mode == "directions":
        msg = "the complex step goes entry by entry; leave out mode='directions'"
        raise ValueError(msg)
    scalar = _contracted(f, upstream)
    if isinstance(at, (tuple, Mapping)):
        return _check_parts(scalar, gradient, at, name, mode, method)
    point = as_point(at)
    found = called(gradient, "your gradient function", point.copy()) if callable(gradient) else gradient
    return _check(scalar, found, point, name, mode, method)
