"""Numeric gradients: right to many digits where f is smooth, and honest about corners."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.numerics import central_difference, complex_step_gradient, numeric_gradient

SMOOTH: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "cubic": (lambda x: np.sum(x**3), lambda x: 3 * x**2),
    "sine": (lambda x: np.sum(np.sin(3 * x)), lambda x: 3 * np.cos(3 * x)),
    "exponential": (lambda x: np.sum(np.exp(0.5 * x)), lambda x: 0.5 * np.exp(0.5 * x)),
    "square of a sum": (lambda x: np.sum(x) ** 2, lambda x: 2 * np.sum(x) * np.ones_like(x)),
    "steep": (lambda x: np.sum(np.sin(100 * x)), lambda x: 100 * np.cos(100 * x)),
    "bell": (lambda x: np.sum(1 / (1 + x**2)), lambda x: -2 * x / (1 + x**2) ** 2),
}
POINT = np.array([[0.3, -1.2, 2.5], [0.0, 1e-7, -0.9]])


@pytest.mark.parametrize("name", SMOOTH)
def test_numeric_gradient_of_smooth_functions(name: str) -> None:
    """Smooth functions have no corners, and their gradient is right to seven digits of its norm."""
    f, derivative = SMOOTH[name]
    found, true = numeric_gradient(f, POINT), derivative(POINT)
    assert not found.on_kink.any()
    assert np.linalg.norm(found.values - true) <= 1e-7 * np.linalg.norm(true)


@pytest.mark.parametrize("name", SMOOTH)
def test_error_estimate_covers_the_error(name: str) -> None:
    """What is left of the error is no larger than a few times the estimate of it."""
    f, derivative = SMOOTH[name]
    found = numeric_gradient(f, POINT)
    assert np.all(np.abs(found.values - derivative(POINT)) <= 4 * found.error)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    scale=st.floats(-5, 5),
    entries=st.lists(st.floats(-3, 3, allow_nan=False), min_size=1, max_size=4),
)
def test_numeric_gradient_at_any_scale(scale: float, entries: list[float]) -> None:
    """A gradient is found near tiny and near huge points alike."""
    at = np.array(entries) * 10.0**scale
    found = numeric_gradient(lambda x: np.sum(x**2) + 3 * np.sum(x), at)
    true = 2 * at + 3
    assert not found.on_kink.any()
    assert np.linalg.norm(found.values - true) <= 1e-7 * np.linalg.norm(true) + 4 * np.linalg.norm(found.error)


@pytest.mark.parametrize("name", [name for name in SMOOTH if name != "steep"])
def test_complex_step_is_exact_to_rounding(name: str) -> None:
    """Without a subtraction nothing is lost: fourteen digits are right."""
    f, derivative = SMOOTH[name]
    true = derivative(POINT)
    assert np.linalg.norm(complex_step_gradient(f, POINT) - true) <= 1e-14 * np.linalg.norm(true)


def test_central_difference_is_the_formula() -> None:
    """The step is the one that was asked for: x**3 gives 3 x**2 + step**2, no better."""
    for step in (0.5, 0.125):
        found = central_difference(lambda x: np.sum(x**3), [1.0, 2.0], step=step)
        assert np.allclose(found, [3.0 + step**2, 12.0 + step**2], rtol=1e-13, atol=0)


def test_central_difference_has_a_sensible_step_of_its_own() -> None:
    """The usual step of 1e-6 gives eight digits of a function of size 1."""
    found = central_difference(lambda x: np.sum(np.sin(x)), POINT)
    assert found.shape == POINT.shape
    assert np.allclose(found, np.cos(POINT), rtol=0, atol=1e-8)


@pytest.mark.parametrize("find", [central_difference, complex_step_gradient, numeric_gradient])
def test_a_plain_number_is_a_point(find: Callable[..., Any]) -> None:
    """The gradient at a number is a 0-d array."""
    found = find(lambda x: x**2, 3)
    values = getattr(found, "values", found)
    assert values.shape == ()
    assert float(values) == pytest.approx(6.0, rel=1e-8)


@pytest.mark.parametrize("find", [central_difference, complex_step_gradient, numeric_gradient])
def test_the_point_is_never_written_to(find: Callable[..., Any]) -> None:
    """The caller's array is read-only here, and f may do what it likes with its copy."""
    at = POINT.copy()
    at.flags.writeable = False

    def careless(x: Any) -> Any:
        value = np.sum(x**2)
        x[...] = -7.0
        return value

    found = find(careless, at)
    assert np.array_equal(at, POINT)
    values = getattr(found, "values", found)
    assert np.allclose(values, 2 * POINT, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_points_of_other_types_are_taken_as_doubles(dtype: type) -> None:
    """A point of whole or single-precision numbers is nudged as doubles, not rounded back."""
    found = numeric_gradient(lambda x: np.sum(x**2), np.array([1, 2, 3], dtype=dtype))
    assert np.allclose(found.values, [2.0, 4.0, 6.0], rtol=1e-9)
    assert found.values.dtype == np.float64


@pytest.mark.parametrize("find", [central_difference, numeric_gradient])
@pytest.mark.parametrize(
    ("f", "text"),
    [
        (lambda x: 2 * x, r"needs a function that returns one real number; this one returned shape \(3,\) of float64"),
        (lambda x: np.outer(x, x), r"shape \(3, 3\) of float64"),
        (lambda x: np.sum(x) + 1j, r"shape \(\) of complex128"),
        (lambda x: x[:0], r"shape \(0,\)"),
    ],
)
def test_what_is_no_scalar_function_is_refused(find: Callable[..., Any], f: Callable[..., Any], text: str) -> None:
    """The message says what came back and what to do about it."""
    with pytest.raises(ValueError, match=text) as raised:
        find(f, [1.0, 2.0, 3.0])
    assert "Sum it against the upstream gradient first" in str(raised.value)


def test_one_number_in_an_array_counts_as_a_scalar() -> None:
    """A loss computed with keepdims is still one number."""
    found = numeric_gradient(lambda x: np.sum(x**2, keepdims=True), POINT)
    assert np.allclose(found.values, 2 * POINT, atol=1e-9)


def test_no_coordinates_have_no_gradient() -> None:
    """An empty point has an empty gradient."""
    assert numeric_gradient(np.sum, np.zeros((0, 2))).values.shape == (0, 2)


@pytest.mark.parametrize("kink", [lambda x: np.sum(np.maximum(x, 0)), lambda x: np.sum(np.abs(x))])
def test_a_corner_at_the_point_is_marked(kink: Callable[..., Any]) -> None:
    """No step avoids a corner at the point itself; its neighbours are not touched by it."""
    found = numeric_gradient(kink, [0.0, -0.0, 1.0, -1.0])
    assert found.on_kink.tolist() == [True, True, False, False]


@pytest.mark.parametrize("distance", [10.0 ** (exponent / 4) for exponent in range(-48, 1)])
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_corner_beside_the_point_never_gives_a_wrong_number(side: float, distance: float) -> None:
    """Near a corner the slope is found with a smaller step, or marked as meaningless."""
    found = numeric_gradient(lambda x: np.sum(3 * np.maximum(x, 0) + np.sin(x)), [side * distance])
    true = 3 * (side > 0) + np.cos(distance)
    assert found.on_kink[0] or abs(found.values[0] - true) <= 1e-6 * abs(true)


def test_a_corner_well_beside_the_point_is_avoided() -> None:
    """Leaving out too much would check nothing: 1e-4 away from a corner the slope is found."""
    at = np.array([1e-4, -1e-4, 2e-4, 1e-3])
    found = numeric_gradient(lambda x: np.sum(np.maximum(x, 0)), at)
    assert not found.on_kink.any()
    assert np.allclose(found.values, at > 0, atol=1e-7)
