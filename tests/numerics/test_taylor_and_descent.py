"""The Taylor remainder, the first-order descent, derivatives along directions, and the measured rounding."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.numerics import directional_derivatives, first_order_descent, noise_level, norms_agree, taylor_remainder

AT = np.array([0.7, -1.3, 2.0])
SMOOTH: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "sine": (lambda x: np.sum(np.sin(x)), np.cos(AT)),
    "product": (lambda x: np.prod(x), np.prod(AT) / AT),
    "cubic without a square term": (lambda x: np.sum((x - AT) ** 3 + x), np.ones(3)),
    "linear": (lambda x: 3 * np.sum(x), 3 * np.ones(3)),
    "constant": (lambda x: 4.0, np.zeros(3)),
}


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
@pytest.mark.parametrize("name", SMOOTH)
def test_the_remainder_of_the_true_gradient_falls_as_the_square(name: str, scale: float) -> None:
    """At any scale, also where nothing but rounding is left of it."""
    f, gradient = SMOOTH[name]
    found = taylor_remainder(lambda x: scale * f(x), scale * gradient, at=AT)
    assert found
    assert found.order >= 1.8
    assert not found.has_corner


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
@pytest.mark.parametrize("name", [name for name in SMOOTH if name != "constant"])
@pytest.mark.parametrize("factor", [-1.0, 0.5, 1 + 1e-5])
def test_the_remainder_of_a_wrong_gradient_falls_as_the_step(name: str, scale: float, factor: float) -> None:
    """Without any tolerance, a part in 100,000 is found."""
    f, gradient = SMOOTH[name]
    found = taylor_remainder(lambda x: scale * f(x), factor * scale * gradient, at=AT)
    assert not found
    assert found.order < 1.5


def test_a_gradient_for_a_constant_is_wrong() -> None:
    """A constant has the gradient 0 and no other."""
    assert not taylor_remainder(lambda x: 4.0, np.array([0.0, 1e-3, 0.0]), at=AT)


def test_a_corner_at_the_point_is_told_from_a_wrong_gradient() -> None:
    """On a corner there is nothing to be said; beside one there is."""
    on = taylor_remainder(lambda x: np.sum(np.maximum(x, 0)), np.array([1.0]), at=np.array([0.0]))
    assert on.has_corner
    for distance in (1e-2, 1e-4, 1e-6):
        at = np.array([distance, 2.0])
        beside = taylor_remainder(lambda x: np.sum(np.maximum(x, 0) ** 2 + np.maximum(x, 0)), 2 * at + 1, at=at)
        assert beside
        assert not taylor_remainder(lambda x: np.sum(np.maximum(x, 0)), np.array([0.0, 1.0]), at=at)


def test_derivatives_along_directions_are_products_with_the_gradient() -> None:
    """Each is right to nine digits, whatever the direction's length."""
    directions = [np.array([1.0, 0.0, 0.0]), np.array([1e6, -2e6, 0.5e6]), 1e-7 * np.ones(3)]
    found = directional_derivatives(lambda x: np.sum(np.sin(x)), AT, directions)
    true = np.array([np.sum(np.cos(AT) * direction) for direction in directions])
    assert not found.on_kink.any()
    assert np.allclose(found.values, true, rtol=1e-9, atol=0)


@pytest.mark.parametrize("size", [1e-12, 1.0, 1e12])
def test_measured_rounding_is_that_of_the_values(size: float) -> None:
    """A function without cancellation rounds in its last digit."""
    found = noise_level(lambda x: size * (2 + np.sum(np.sin(x))), AT)
    assert 1e-17 * size < found < 1e-14 * size


def test_rounding_inside_the_function_is_measured() -> None:
    """Where terms of 1e6 cancel, the rounding is theirs, not that of the small sum."""
    found = noise_level(lambda x: (1e6 + np.sum(np.sin(x))) - 1e6, AT)
    assert 1e-11 < found < 1e-8


def test_norms_are_compared_as_a_whole() -> None:
    """A tiny entry may be off by many times itself; the norm of the difference decides, on both sides."""
    one, other = np.array([1.0, 1e-9]), np.array([1.0, 3e-9])
    assert norms_agree(one, other, 0.0, 1e-6)
    assert not norms_agree(one, np.array([1.0, 2.1e-6]), 0.0, 1e-6)
    assert norms_agree(one, np.array([1.0, 2.1e-6]), 1e-6, 1e-6)
    assert not norms_agree(one, np.array([1.0, np.nan]), 1.0, 1.0)


PARAMETERS = {"w": np.array([1.0, -2.0]), "b": np.array(0.5)}
GRADIENTS = {"w": np.array([2.0, -4.0]), "b": np.array(4 * 0.5**3)}


def _loss(p: Any) -> Any:
    return np.sum(p["w"] ** 2) + p["b"] ** 4


@pytest.mark.parametrize("rate", [1e-3, 1e-2])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_step_along_the_gradient_lowers_the_loss_by_the_first_order(rate: float, dtype: type) -> None:
    """By the rate times the squared norm, up to curvature."""
    after = {name: (value - rate * GRADIENTS[name]).astype(dtype) for name, value in PARAMETERS.items()}
    found = first_order_descent(_loss, PARAMETERS, after, rate)
    assert found
    assert found.first_order == pytest.approx(rate * 20.25, rel=1e-9)


@pytest.mark.parametrize("factor", [-1.0, 0.0, 0.5, 1.1, 2.0])
def test_another_step_does_not(factor: float) -> None:
    """A decrease alone is not enough: half a step lowers the loss too."""
    after = {name: value - factor * 1e-3 * GRADIENTS[name] for name, value in PARAMETERS.items()}
    found = first_order_descent(_loss, PARAMETERS, after, 1e-3)
    assert found is not None
    assert not found


def test_a_loss_with_a_corner_says_nothing() -> None:
    """On a corner there is no first order."""
    at = {"w": np.array([0.0])}
    assert first_order_descent(lambda p: np.sum(np.abs(p["w"])), at, at, 1e-3) is None
