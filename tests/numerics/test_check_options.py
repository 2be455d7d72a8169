"""`check_gradient` beyond one array: several arguments, an upstream gradient, directions, complex steps, misuse."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder import GradientChecks, check_gradient

RANDOM = np.random.default_rng(0)
X, W, B, G = (RANDOM.normal(size=shape) for shape in ((4, 3), (3, 2), (1, 2), (4, 2)))


def _layer(x: Any, w: Any, b: Any) -> Any:
    return np.tanh(x @ w + b)


def _layer_gradients(x: Any, w: Any, b: Any) -> tuple[Any, Any, Any]:
    local = G * (1 - _layer(x, w, b) ** 2)
    return local @ w.T, x.T @ local, local.sum(axis=0, keepdims=True)


def test_a_tuple_stands_for_several_arguments() -> None:
    """Every argument is checked, with what the gradient says of it; one that is wrong is named alone."""
    check = check_gradient(_layer, _layer_gradients, at=(X, W, B), upstream=G)
    assert isinstance(check, GradientChecks)
    assert check
    assert [part.name for part in check.parts.values()] == ["gradient[0]", "gradient[1]", "gradient[2]"]
    dX, dW, dB = _layer_gradients(X, W, B)
    wrong = check_gradient(_layer, (dX, 2 * dW, dB), at=(X, W, B), upstream=G, name="d")
    assert [bool(part) for part in wrong.parts.values()] == [True, False, True]
    assert wrong.summary.startswith("d[1]: entry ")
    assert str(wrong).count("✓") == 2


def test_a_dict_stands_for_one_argument_of_named_arrays() -> None:
    """Parameters by name, as a network's loss takes them."""
    params = {"W": W, "b": B}

    def gradients(p: dict[str, Any]) -> dict[str, Any]:
        _, dW, db = _layer_gradients(X, p["W"], p["b"])
        return {"b": db, "W": dW}

    check = check_gradient(lambda p: np.sum(G * _layer(X, p["W"], p["b"])), gradients, at=params, name="grads")
    assert check
    assert check["W"].name == "grads['W']"
    missing = {"W": W}
    with pytest.raises(ValueError, match=r"`at` is a dict with the keys \['W', 'b'\].* got \['W'\]"):
        check_gradient(lambda p: np.sum(p["W"]) + np.sum(p["b"]), missing, at=params)


@pytest.mark.parametrize(("gradient", "got"), [((W,), "1 parts"), (W, "ndarray")])
def test_a_gradient_must_have_the_form_of_the_point(gradient: Any, got: str) -> None:
    """For two arguments there are two gradients."""
    with pytest.raises(ValueError, match=f"`at` is a tuple of 2 arguments.*got {got}"):
        check_gradient(lambda w, b: np.sum(w) + np.sum(b), gradient, at=(W, B))


def test_the_arguments_are_never_written_to() -> None:
    """Every evaluation gets copies of all arguments."""

    def careless(x: Any, w: Any) -> Any:
        x *= 2
        w += 1
        return np.sum(x @ w)

    before = X.copy(), W.copy()
    ones = np.ones((4, 2))
    assert check_gradient(careless, (2 * ones @ (W + 1).T, (2 * X).T @ ones), at=(X, W))
    assert np.array_equal(X, before[0])
    assert np.array_equal(W, before[1])


def test_an_upstream_gradient_makes_an_array_a_scalar() -> None:
    """The output is summed against it; its shape must be the output's."""
    assert check_gradient(lambda w: X @ w, X.T @ G, at=W, upstream=G)
    assert not check_gradient(lambda w: X @ w, X.T @ np.ones_like(G), at=W, upstream=G)
    with pytest.raises(
        TypeError, match=r"upstream gradient has shape \(2,\), but the function returned shape \(4, 2\)"
    ):
        check_gradient(lambda w: X @ w, X.T @ G, at=W, upstream=np.ones(2))


def test_directions_need_few_evaluations() -> None:
    """A large array is checked along a few directions, which are the same ones every time."""
    calls = 0
    at = RANDOM.normal(size=(60, 50))

    def counted(x: Any) -> Any:
        nonlocal calls
        calls += 1
        return np.sum(np.sin(x))

    check = check_gradient(counted, np.cos, at=at, mode="directions")
    assert check
    assert calls <= 60
    assert "all 8 directions agree with the numeric gradient" in check.summary
    wrong = np.cos(at)
    wrong[7, 9] += 0.5
    found = check_gradient(counted, wrong, at=at, mode="directions")
    assert not found
    assert "mode='entries'" in found.summary
    assert str(found) == str(check_gradient(counted, wrong, at=at, mode="directions"))


def test_the_complex_step_finds_what_differences_cannot() -> None:
    """A gradient far below the rounding of f is checked where f carries complex numbers."""
    true = np.array([2e-20, 4e-20])

    def tiny(x: Any) -> Any:
        return 1.0 + 1e-20 * np.sum(x**2)

    at = np.array([1.0, 2.0])
    assert check_gradient(tiny, true, at=at, method="complex")
    assert not check_gradient(tiny, 2 * true, at=at, method="complex")
    assert check_gradient(tiny, 2 * true, at=at), "differences cannot tell"


@pytest.mark.parametrize(
    ("f", "text"),
    [
        (lambda x: np.sum(np.abs(x) ** 3), "loses the imaginary part"),
        (lambda x: math.exp(x[0]), "cannot take complex numbers"),
    ],
)
def test_the_complex_step_is_refused_where_it_does_not_hold(f: Callable[..., Any], text: str) -> None:
    """The message names the method that does."""
    with pytest.raises(ValueError, match=text) as raised:
        check_gradient(f, np.ones(2), at=np.array([0.5, -2.0]), method="complex")
    assert "use method='central'" in str(raised.value)


@pytest.mark.parametrize("options", [{"mode": "rows"}, {"method": "forward"}])
def test_an_unknown_option_is_refused(options: dict[str, Any]) -> None:
    """The message says what there is."""
    with pytest.raises(ValueError, match="mode must be 'entries' or 'directions' and method 'central' or 'complex'"):
        check_gradient(np.sum, np.ones(2), at=np.ones(2), **options)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (np.array([1.0, np.nan]), "the point `at` holds NaN or infinity"),
        (np.array([1j]), "must hold real numbers; this one is of type complex128"),
        (np.array(["a"]), "must hold real numbers"),
        (None, "must hold real numbers; this one is of type object"),
    ],
)
def test_a_point_must_be_finite_and_real(at: Any, text: str) -> None:
    """What is no point is refused before anything is called."""
    with pytest.raises(ValueError, match=text):
        check_gradient(np.sum, 1.0, at=at)


@pytest.mark.parametrize("dtype", [np.int64, np.bool_, np.float16, np.float32])
def test_a_point_of_any_real_type_is_nudged_as_doubles(dtype: type) -> None:
    """Whole numbers are not rounded back, so that a step is never lost."""
    at = np.array([1, 0, 1], dtype=dtype)
    assert check_gradient(lambda x: np.sum(x**2 + x), 2.0 * at + 1, at=at)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_gradient_in_low_precision_is_held_to_that_precision(dtype: type) -> None:
    """Its rounding is accepted, a mistake is not."""
    right = (X.T @ G).astype(dtype)
    assert check_gradient(lambda w: np.sum(G * (X @ w)), right, at=W)
    assert not check_gradient(lambda w: np.sum(G * (X @ w)), (1.1 * right).astype(dtype), at=W)


def test_a_function_in_single_precision_can_be_checked() -> None:
    """Its rounding is measured, and larger steps are taken."""

    def narrow(w: Any) -> Any:
        return np.sum(np.tanh(X.astype(np.float32) @ w.astype(np.float32)))

    right = X.T @ (1 - np.tanh(X @ W) ** 2)
    assert check_gradient(narrow, right, at=W)
    assert check_gradient(lambda w: float(narrow(w)), right, at=W)
    assert not check_gradient(narrow, 1.02 * right, at=W)
    assert not check_gradient(lambda w: float(narrow(w)), 1.02 * right, at=W)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_function_without_a_value_at_the_point_is_a_problem(value: float) -> None:
    """The result says that it is the function, not the gradient."""
    check = check_gradient(lambda x: value * np.sum(x), np.ones(2), at=np.ones(2))
    assert not check
    assert f"the function is {value} at the point itself" in check.summary


def test_the_edge_of_a_domain_is_no_error() -> None:
    """Near 0 a logarithm is found with a smaller step, whether it warns, gives NaN or raises."""
    at = np.array([1e-5, 2.0])
    assert check_gradient(lambda x: np.sum(np.log(x)), 1 / at, at=at)
    assert check_gradient(lambda x: math.log(x[0]) + math.log(x[1]), 1 / at, at=at)


def test_an_error_says_who_raised_it() -> None:
    """The exception is the user's own, with a note."""

    def broken(x: Any) -> Any:
        return {}["W3"]

    with pytest.raises(KeyError, match="W3") as raised:
        check_gradient(broken, np.ones(2), at=np.ones(2))
    assert "raised by the function, called at the point" in raised.value.__notes__[0]
    with pytest.raises(KeyError) as raised:
        check_gradient(np.sum, broken, at=np.ones(2))
    assert "raised by your gradient function" in raised.value.__notes__[0]


def test_a_function_that_is_never_the_same_twice_is_a_problem() -> None:
    """Dropout, or something kept between calls, and not the gradient, is named."""
    random = np.random.default_rng(0)
    check = check_gradient(lambda x: np.sum(x * (random.random(3) < 0.5) + random.random()), np.ones(3), at=np.ones(3))
    assert not check
    assert "at the same point; does it draw random numbers, keep something between calls" in check.summary


def test_a_function_that_ignores_its_argument_is_named() -> None:
    """All zeros in the numeric gradient have one likely reason."""
    check = check_gradient(lambda w: np.sum(G * (X @ W)), X.T @ G, at=W)
    assert not check
    assert "does it use its argument?" in check.summary


@pytest.mark.parametrize(("returned", "text"), [(None, "this one returned None"), ("text", "returned shape")])
def test_what_is_no_number_is_named(returned: Any, text: str) -> None:
    """A forgotten return is said to be one."""
    with pytest.raises(ValueError, match=text):
        check_gradient(lambda x: returned, np.ones(2), at=np.ones(2))


def test_the_worst_entry_is_in_the_table_however_long_it_is() -> None:
    """Rows are cut, but not the one that the last line speaks of."""
    wrong = 2 * np.ones((6, 5))
    wrong[5, 3] = 7
    lines = str(check_gradient(lambda x: np.sum(x**2), wrong, at=np.ones((6, 5)))).splitlines()
    assert any(line.split()[:2] == ["[5,", "3]"] for line in lines[:-1])
    assert lines[-1].startswith("✗ gradient: entry [5, 3] differs most")


def test_where_every_direction_meets_a_corner_entries_are_compared() -> None:
    """A coordinate on ReLU's corner does not hide what the others say."""
    at = np.array([0.0, 1.0, -2.0])
    found = check_gradient(lambda z: np.sum(np.maximum(z, 0)), np.array([0.0, 1.0, 0.0]), at=at, mode="directions")
    assert found
    assert "all 2 entries agree" in found.summary
    assert not check_gradient(lambda z: np.sum(np.maximum(z, 0)), np.array([0.0, 1.0, 1.0]), at=at, mode="directions")
