"""The gradient check that students run: accepts right gradients, rejects wrong ones, says why."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograder import GradientCheck, check_gradient

Network = tuple[dict[str, np.ndarray], dict[str, np.ndarray], Callable[[dict[str, np.ndarray]], float]]


def _network(seed: int) -> Network:
    """Return the parameters of a random two-layer network, their gradients, and its loss."""
    random = np.random.default_rng(seed)
    m, d, h, k = random.integers(1, 5, size=4)
    X = random.normal(size=(m, d)) * 10.0 ** random.uniform(-3, 2)
    chosen = np.eye(k)[random.integers(k, size=m)]
    params = {
        "W1": random.normal(size=(d, h)),
        "b1": random.normal(size=(1, h)) * (seed % 3),
        "W2": random.normal(size=(h, k)),
        "b2": random.normal(size=(1, k)),
    }

    def loss(p: dict[str, np.ndarray]) -> float:
        scores = np.maximum(X @ p["W1"] + p["b1"], 0) @ p["W2"] + p["b2"]
        shifted = scores - scores.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - (chosen * shifted).sum(axis=1)))

    Z1 = X @ params["W1"] + params["b1"]
    A1 = np.maximum(Z1, 0)
    scores = A1 @ params["W2"] + params["b2"]
    P = np.exp(scores - scores.max(axis=1, keepdims=True))
    dZ2 = (P / P.sum(axis=1, keepdims=True) - chosen) / m
    dZ1 = (dZ2 @ params["W2"].T) * (Z1 > 0)
    grads = {"W1": X.T @ dZ1, "b1": dZ1.sum(0, keepdims=True), "W2": A1.T @ dZ2, "b2": dZ2.sum(0, keepdims=True)}
    return params, grads, loss


def _of_one(loss: Callable[..., float], params: dict[str, np.ndarray], name: str) -> Callable[[Any], float]:
    return lambda p: loss({**params, name: p})


@pytest.mark.parametrize("block", range(4))
def test_right_gradients_of_random_networks_are_accepted(block: int) -> None:
    """Of thousands of right gradients, none is rejected."""
    rejected = []
    for seed in range(block * 500, (block + 1) * 500):
        params, grads, loss = _network(seed)
        name = ("W1", "b1", "W2", "b2")[seed % 4]
        check = check_gradient(_of_one(loss, params, name), grads[name], at=params[name])
        if not check:
            rejected.append((seed, name, str(check)))
    assert rejected == []


@pytest.mark.parametrize("seed", [4514, 7618, 8536, 9021, 9103, 15286])
def test_right_gradients_of_saturated_networks_are_accepted(seed: int) -> None:
    """A loss so small that it changes by leaps, beside the 1 inside its logarithm, is met with larger steps."""
    params, grads, loss = _network(seed)
    name = ("W1", "b1", "W2", "b2")[seed % 4]
    assert check_gradient(_of_one(loss, params, name), grads[name], at=params[name])


def _random_product(seed: int) -> tuple[Callable[[Any], Any], np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    A, W, upstream = random.normal(size=(4, 3)), random.normal(size=(3, 3)), random.normal(size=(4, 3))
    return (lambda p: np.sum(upstream * (A @ p))), A.T @ upstream, W, A


WRONG: dict[str, Callable[[np.ndarray, np.ndarray], Any]] = {
    "transposed square": lambda g, _: g.T,
    "sign": lambda g, _: -g,
    "factor 2": lambda g, _: 2 * g,
    "mean over the batch": lambda g, A: g / len(A),
    "a part in ten thousand": lambda g, _: g * (1 + 1e-4),
    "one entry": lambda g, _: g + np.eye(3)[[1, 0, 0]] * np.arange(3) * 1e-3,
    "dropped example": lambda g, A: g - np.outer(A[0], np.ones(3)),
    "zeros": lambda g, _: np.zeros_like(g),
    "ones": lambda g, _: np.ones_like(g),
    "NaN": lambda g, _: np.where(np.eye(3) > 0, np.nan, g),
    "infinity": lambda g, _: np.where(np.eye(3) > 0, np.inf, g),
    "flat": lambda g, _: g.reshape(-1),
    "row that broadcasts": lambda g, _: g[:1],
    "number that broadcasts": lambda g, _: g[0, 0],
    "axis too many": lambda g, _: g[None],
    "integers": lambda g, _: np.round(g).astype(int),
    "complex": lambda g, _: g + 0j,
    "nothing": lambda g, _: None,
    "text": lambda g, _: "gradient",
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_gradients_are_rejected(name: str) -> None:
    """Each wrong gradient is rejected on every seed, and says so in words."""
    for seed in range(40):
        f, true, at, A = _random_product(seed)
        check = check_gradient(f, WRONG[name](true, A), at=at)
        assert not check
        assert str(check).splitlines()[-1].startswith("✗ gradient: ")


def _linear(values: np.ndarray) -> Callable[[Any], Any]:
    return lambda p: np.sum(values * p)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-6), (np.float32, 1e-4)])
def test_the_tolerance_is_relative_to_both_norms(dtype: type, tolerance: float) -> None:
    """A relative error just under twice the tolerance passes, just over it does not."""
    true = np.array([3.0, -1.0, 0.5, 2.0])
    at = np.array([0.1, 0.2, 0.3, 0.4])
    for factor, passes in ((1.97, True), (2.03, False), (-1.97, True), (-2.03, False)):
        answer = (true * (1 + factor * tolerance)).astype(dtype)
        assert bool(check_gradient(_linear(true), answer, at=at)) is passes


def test_half_precision_is_judged_no_more_strictly_than_single() -> None:
    """What float16 can hold exactly is right."""
    true = np.array([1.0, 0.5, -2.0])
    assert check_gradient(_linear(true), true.astype(np.float16), at=np.zeros(3))


def test_single_precision_work_passes() -> None:
    """A student who works in float32 from the first line on is not rejected."""
    for seed in range(200):
        random = np.random.default_rng(seed)
        A, W, g = (random.normal(size=size).astype(np.float32) for size in ((5, 4), (4, 2), (5, 2)))
        assert check_gradient(lambda p, A=A, g=g: np.sum(g * (A @ p)), A.T @ g, at=W)


def test_corners_are_left_out_and_the_text_says_so() -> None:
    """A gradient that differs only on corners passes, with a note of how many were left out."""
    at = np.array([0.0, 1.0, -2.0, -0.0, 3.0])
    weights = np.arange(1.0, 6.0)
    for at_zero in (0.0, 1.0, 0.5):
        gradient = weights * np.where(at == 0, at_zero, at > 0)
        check = check_gradient(lambda z: np.sum(weights * np.maximum(z, 0)), gradient, at=at)
        assert check
        assert "all 3 entries agree with the numeric gradient (2 left out: the function" in str(check)
        assert str(check).count("corner: left out") == 2


def test_a_wrong_entry_beside_corners_is_still_found() -> None:
    """What is left is compared, and the worst entry is not one of those left out."""
    at = np.array([0.0, 1.0, -2.0])
    check = check_gradient(lambda z: np.sum(np.maximum(z, 0)), np.array([9.0, 1.0, 1.0]), at=at)
    assert not check
    assert "entry [2] differs most" in check.summary
    assert "(1 left out: the function has a corner there)" in check.summary


def test_nothing_compared_is_not_a_pass() -> None:
    """Where every coordinate is on a corner, nothing was checked, and that must not read as agreement."""
    assert not check_gradient(lambda z: np.sum(np.maximum(z, 0)), np.array([7.0]), at=np.array([0.0]))


@pytest.mark.parametrize("returned", [lambda x: 2 * x, lambda x: x[:2]])
def test_a_forward_map_that_is_no_scalar_is_refused(returned: Callable[..., Any]) -> None:
    """The error tells the student to sum against the upstream gradient."""
    with pytest.raises(ValueError, match="returns one real number") as raised:
        check_gradient(returned, np.ones(3), at=np.ones(3))
    assert "Sum it against the upstream gradient first" in str(raised.value)


def test_a_gradient_may_be_a_function_of_the_point() -> None:
    """The function gets a copy of the point, so that it may write to it."""
    at = np.array([1.0, 2.0])

    def gradient(x: np.ndarray) -> np.ndarray:
        x *= 2
        return x

    assert check_gradient(lambda x: np.sum(x**2), gradient, at=at)
    assert at.tolist() == [1.0, 2.0]


def test_the_point_is_never_written_to() -> None:
    """Neither f nor the gradient can change the caller's array."""
    at = np.array([1.0, 2.0])

    def careless(x: np.ndarray) -> Any:
        value = np.sum(x**2)
        x[:] = 0
        return value

    assert check_gradient(careless, 2 * at, at=at)
    assert at.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("at", [3, 3.0, np.float32(3.0), np.array(3.0)])
def test_a_number_is_a_point(at: Any) -> None:
    """A scalar function of one number is checked like any other."""
    assert check_gradient(lambda x: x**2, 6.0, at=at)
    wrong = check_gradient(lambda x: x**2, 5.0, at=at, name="dx")
    assert "dx: the value differs most: the numeric gradient is 6, yours is 5" in str(wrong)


def test_plain_lists_are_taken_as_arrays() -> None:
    """A list of lists is as good as an array here."""
    assert check_gradient(lambda x: np.sum(x**2), [[2.0, 4.0]], at=[[1, 2]])


def test_the_table_shows_both_gradients() -> None:
    """Entries, both numbers, the difference, and a last line with the verdict."""
    check = check_gradient(lambda x: np.sum(x**2), np.array([[2.0, 4.5]]), at=np.array([[1.0, 2.0]]), name="dW")
    head, first, second, verdict = str(check).splitlines()
    assert head.split() == ["entry", "numeric", "yours", "difference"]
    assert first.split()[:4] == ["[0,", "0]", "2", "2"]
    assert second.split()[2:] == ["4", "4.5", "5.0e-01", "✗"]
    assert verdict.startswith("✗ dW: entry [0, 1] differs most: the numeric gradient is 4, yours is 4.5.")
    assert "Nudging that input by a little" in verdict


def test_a_passed_table_ends_with_a_tick() -> None:
    """The last line counts the entries."""
    check = check_gradient(lambda x: np.sum(x**2), np.array([2.0, 4.0]), at=np.array([1.0, 2.0]), name="dW")
    assert str(check).splitlines()[-1] == "✓ dW: all 2 entries agree with the numeric gradient"


def test_a_long_table_is_cut() -> None:
    """Twelve rows are shown and the others are counted."""
    lines = str(check_gradient(lambda x: np.sum(x**2), 2 * np.ones((5, 4)), at=np.ones((5, 4)))).splitlines()
    assert len(lines) == 15
    assert "and 8 more entries" in lines[-2]
    short = str(check_gradient(lambda x: np.sum(x**2), 2 * np.ones(12), at=np.ones(12)))
    assert "more entries" not in short


@pytest.mark.parametrize(
    ("gradient", "text"),
    [
        (np.ones((3, 2)), "expected shape (2, 3), the shape of what it is the gradient of, got (3, 2)"),
        (np.full((2, 3), np.nan), "holds NaN or infinity; look for a division by zero"),
        (np.ones((2, 3)) * 1j, "expected real numbers, got values of type complex128"),
        (None, "got None; is a return statement missing?"),
    ],
)
def test_what_cannot_be_compared_is_said_without_a_table(gradient: Any, text: str) -> None:
    """One line, which names the first thing that is wrong."""
    check = check_gradient(lambda x: np.sum(x**2), gradient, at=np.ones((2, 3)), name="dW")
    assert isinstance(check, GradientCheck)
    assert not check
    assert str(check).startswith(f"✗ dW: {text}")
    assert len(str(check).splitlines()) == 1


def test_a_fraction_is_a_number_like_any_other() -> None:
    """Where one number is due, whoever works in exact fractions is as right as with floats; and wrong as well."""
    assert check_gradient(lambda x: x**2, Fraction(3), at=1.5)
    assert not check_gradient(lambda x: x**2, Fraction(2), at=1.5)
    assert not check_gradient(lambda x: x**2, Fraction(10**400), at=1.5)
