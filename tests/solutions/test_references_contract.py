"""The reference package keeps the curriculum: names, order, arguments, shapes and points."""

import inspect
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from reference_inputs import EXERCISES, SETS, applied, draw_values

from autograder.exercises import Array, Named, Number, Parts, ProblemSet, Style, Text
from autograder.exercises.variables import concrete, in_words

# What the curriculum says, function by function: points, arguments, what is returned.
PARAMS = "{W1 (d, h), b1 (1, h), W2 (h, k), b2 (1, k)}"
CURRICULUM: dict[str, str] = {
    "ps1_chain_rule": """
        1  grad_pipeline(x, a, b)                  -> float
        2  grad_two_layers(x, w1, w2)              -> dx float, dw1 float, dw2 float
        1  relu_grad(z)                            -> float
        2  grad_relu_neuron(x, w)                  -> dx float, dw float
        2  grad_three_layers(x, w1, w2, w3)        -> dx float, dw1 float, dw2 float, dw3 float
        2  learning_step(w, x, target, lr)         -> float
        2  grad_sigmoid_neuron(x, w)               -> dx float, dw float
        4  grad_deep_sigmoid(x, ws)                -> dx float, dws (n,)
        """,
    "ps2_linear": """
        1  linear(W, x)                            -> (n,)
        2  grad_x(W, dL_dy)                        -> (m,)
        2  grad_W(x, dL_dy)                        -> (n, m)
        2  influence(W, dL_dy, i)                  -> float
        3  numerical_grad(f, x, eps=1e-6)          -> (m,)
        4  grad_chain(W1, W2, x, dL_dy)            -> dx (m,), dW1 (h, m), dW2 (n, h)
        """,
    "ps3_matrix": """
        1  forward(W, X, b)                        -> (n, p)
        1  partial(W, i, j)                        -> float
        3  grad_W(dD, X)                           -> (n, m)
        3  grad_X(W, dD)                           -> (m, p)
        2  grad_b(dD)                              -> (n, 1)
        4  jacobian_D_W(W, X)                      -> (n, p, n, m)
        """,
    "ps4_blame": """
        2  forward(x, W1, b1, W2, b2)              -> z1 (h,), a1 (h,), y_pred (k,)
        1  mse_loss(y_pred, y_true)                -> float
        2  grad_y_pred(y_pred, y_true)             -> (k,)
        2  grad_W2(a1, d_loss_y)                   -> (h, k)
        1  grad_b2(d_loss_y)                       -> (k,)
        2  grad_a1(d_loss_y, W2)                   -> (h,)
        2  grad_z1(d_a1, z1)                       -> (h,)
        2  grad_W1(x, d_z1)                        -> (d, h)
        1  grad_b1(d_z1)                           -> (h,)
        4  train_step(x, y_true, params, lr)       -> {W1 (d, h), b1 (h,), W2 (h, k), b2 (k,)}
        1  blame_bar(value)                        -> str
        """,
    "ps5_two_layer": f"""
        2  softmax(Z)                              -> (m, k)
        2  forward(X, W1, b1, W2, b2)              -> Z1 (m, h), A1 (m, h), Z2 (m, k), A2 (m, k)
        2  cross_entropy(A2, Y, reduction="mean")  -> float
        3  softmax_jacobian(a)                     -> (k, k)
        3  grad_Z2(A2, Y, reduction="mean")        -> (m, k)
        3  grad_W2(A1, dZ2)                        -> (h, k)
        2  grad_b2(dZ2)                            -> (1, k)
        3  grad_A1(dZ2, W2)                        -> (m, h)
        3  grad_Z1(dA1, Z1)                        -> (m, h)
        3  grad_W1(X, dZ1)                         -> (d, h)
        2  grad_b1(dZ1)                            -> (1, h)
        5  backward(X, Y, params)                  -> {PARAMS}
        3  train_step(X, Y, params, lr)            -> {PARAMS}
        4  train(X, Y, params, lr, steps)          -> params {PARAMS}, losses (steps + 1,)
        """,
}
TOTALS = {"ps1_chain_rule": 16, "ps2_linear": 14, "ps3_matrix": 14, "ps4_blame": 20, "ps5_two_layer": 40}


def _lines(one: str) -> list[tuple[float, str, str, str]]:
    """Return (points, name, arguments, what is returned) for each line of a set's table."""
    found = []
    for line in textwrap.dedent(CURRICULUM[one]).strip().splitlines():
        points, rest = line.split(maxsplit=1)
        call, returned = (part.strip() for part in rest.split("->"))
        name, arguments = call[:-1].split("(", maxsplit=1)
        found.append((float(points), name, arguments, returned))
    return found


TABLE = [(one, *line) for one in CURRICULUM for line in _lines(one)]


def _in_words(form: Any) -> str:
    called = f"{form.name} " if form.name else ""
    if isinstance(form, (Number, Text)):
        return called + ("float" if isinstance(form, Number) else "str")
    if isinstance(form, Array):
        return called + in_words(form.shape)
    inside = ", ".join(_in_words(part) for part in form.forms)
    return called + (f"{{{inside}}}" if isinstance(form, Named) else inside)


def _parameters(function: Callable[..., Any]) -> list[tuple[str, Any]]:
    return [(one.name, one.default) for one in inspect.signature(function).parameters.values()]


@pytest.mark.parametrize("one", CURRICULUM)
def test_a_set_has_the_functions_of_the_curriculum_in_its_order(one: str) -> None:
    """Nothing is missing, nothing is extra, and the notebook's order is kept."""
    assert list(SETS[one].exercises) == [name for _, name, _, _ in _lines(one)]
    assert SETS[one].name == one


@pytest.mark.parametrize(("one", "total"), TOTALS.items())
def test_points_add_up(one: str, total: int) -> None:
    """A set is worth what its heading says."""
    assert sum(exercise.points for exercise in SETS[one].exercises.values()) == total
    assert sum(points for points, _, _, _ in _lines(one)) == total


@pytest.mark.parametrize(("one", "points", "name", "arguments", "returned"), TABLE)
def test_a_function_is_what_the_curriculum_says(
    one: str, points: float, name: str, arguments: str, returned: str
) -> None:
    """Its points, the names, order and defaults of its arguments, and the form of its answer."""
    exercise = SETS[one].exercises[name]
    assert exercise.points == points
    described: dict[str, Any] = {}
    exec(f"def described({arguments}): ...", described)
    assert _parameters(exercise.reference) == _parameters(described["described"])
    assert _in_words(exercise.form) == returned


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_a_reference_gives_the_form_it_declares(one: str, name: str) -> None:
    """Type, shape and finiteness are right for sizes from 1 up, in every style of values."""
    exercise = SETS[one].exercises[name]
    for number in range(12):
        for style in Style:
            values = draw_values(exercise, number, style)
            sizes = _sizes(exercise.variables, values)
            assert exercise.form.fault(applied(exercise.reference, values), sizes) is None


def _sizes(variables: Any, values: Any) -> dict[str, int]:
    """Read the named dimensions off the values."""
    sizes = {"steps + 1": values["steps"] + 1} if "steps" in values else {}
    for name, variable in variables.items():
        if variable.shape:
            sizes.update({one: due for one, due in zip(variable.shape, values[name].shape, strict=True) if one != 1})
            assert values[name].shape == concrete(variable.shape, sizes)
    return sizes


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_a_reference_keeps_its_arguments(one: str, name: str) -> None:
    """Arrays among the arguments are as they were, bit by bit, and so are dicts."""
    exercise = SETS[one].exercises[name]
    for number in range(6):
        values = draw_values(exercise, number)
        before = {key: _bits(value) for key, value in values.items()}
        applied(exercise.reference, values)
        assert {key: _bits(value) for key, value in values.items()} == before


def _bits(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bits(part) for key, part in value.items()}
    return value.tobytes() if isinstance(value, np.ndarray) else repr(type(value)) if callable(value) else value


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_a_reference_is_documented(one: str, name: str) -> None:
    """Every function says what it returns."""
    assert (SETS[one].exercises[name].reference.__doc__ or "").startswith("Return ")


def test_sets_are_found_by_looking() -> None:
    """The five sets of the curriculum are there; others may be."""
    assert set(CURRICULUM) <= set(SETS)
    assert all(isinstance(found, ProblemSet) for found in SETS.values())
    assert isinstance(SETS["ps5_two_layer"].exercises["train"].form, Parts)
