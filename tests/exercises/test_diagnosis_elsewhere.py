"""Diagnoses that hang on a corner: what is right elsewhere is named by its corner, and nothing is blamed by chance."""

from typing import Any

import numpy as np
import pytest
from diagnosing import diagnosed, function_from
from judging import SETS

from autograder.exercises.mistakes import diagnose

SEEDS = 6
NAMED: list[tuple[str, str, str, str]] = [
    ("ps2_linear", "linear", "return np.squeeze(W @ x)", "axis-of-one-lost"),
    ("ps4_blame", "grad_W2", "return np.squeeze(np.outer(a1, d_loss_y))", "axis-of-one-lost"),
    ("ps5_two_layer", "grad_W2", "return A1.T @ dZ2 if len(A1) > 1 else 0 * A1.T @ dZ2", "wrong-where-a-size-is-one"),
    ("ps3_matrix", "partial", "return W[i : i + 1, j : j + 1]", "array-of-one"),
    (
        "ps2_linear",
        "linear",
        "y = np.zeros(len(W))\nfor i in range(len(W)):\n    y[i] = W[i] @ x\n    return y",
        "first-entry-only",
    ),
    (
        "ps2_linear",
        "grad_W",
        "G = np.zeros((len(dL_dy), len(x)))\nfor i in range(len(dL_dy) - 1):\n    G[i] = dL_dy[i] * x\nreturn G",
        "last-entry-left-out",
    ),
    (
        "ps5_two_layer",
        "softmax_jacobian",
        "J = np.zeros((len(a), len(a)), dtype=int)\nJ[:] = np.diag(a) - np.outer(a, a)\nreturn J",
        "whole-numbers",
    ),
    (
        "ps5_two_layer",
        "cross_entropy",
        "total = -np.sum(Y * np.log(A2 + 1e-12))\nreturn total / 10 if reduction == 'mean' else total",
        "batch-of-the-example",
    ),
    ("ps4_blame", "blame_bar", "return '*' * int(abs(value) * 10)", "other-star"),
    ("ps1_chain_rule", "grad_relu_neuron", "g = float(x > 0 and w > 0)\nreturn g * w, g * x", "gate-needs-both"),
    (
        "ps3_matrix",
        "grad_X",
        "global kept\nkept = globals().get('kept', {})\nreturn kept.setdefault(dD.tobytes(), W.T @ dD)",
        "keeps-answers",
    ),
    # Parameters that are kept as long as their sizes fit.
    (
        "ps4_blame",
        "train_step",
        (
            "global held\nheld = globals().get('held')\n"
            "if held is None or any(held[k].shape != params[k].shape for k in params):\n    held = dict(params)\n"
            "z1, a1, y = forward(x, **held)\nd = grad_y_pred(y, y_true)\ne = grad_z1(grad_a1(d, held['W2']), z1)\n"
            "g = {'W1': grad_W1(x, e), 'b1': e, 'W2': grad_W2(a1, d), 'b2': d}\n"
            "held = {k: held[k] - lr * g[k] for k in held}\nreturn dict(held)"
        ),
        "keeps-state",
    ),
]


@pytest.mark.parametrize(("one", "name", "body", "identity"), NAMED)
def test_a_corner_is_named(one: str, name: str, body: str, identity: str) -> None:
    """On every seed."""
    found = [diagnosed(one, name, function_from(one, name, body), seed) for seed in range(SEEDS // 2)]
    assert [diagnosis and diagnosis.id for diagnosis in found] == [identity] * len(found)


def test_another_default_is_named() -> None:
    """Where the option is given the answer is right, so that only a call without it tells."""
    for name in ("grad_Z2", "cross_entropy"):
        reference = SETS["ps5_two_layer"].exercises[name].reference

        def answer(A2: Any, Y: Any, reduction: str = "sum", reference: Any = reference) -> Any:
            return reference(A2, Y, reduction)

        found = [diagnosed("ps5_two_layer", name, answer, seed) for seed in range(SEEDS // 2)]
        assert [diagnosis and diagnosis.id for diagnosis in found] == ["default-differs"] * len(found)


def test_zeros_on_some_sizes_alone_are_not_the_same_answer_always() -> None:
    """What is 0 because the sizes differ is made from the arguments where they do not."""
    function = function_from("ps3_matrix", "grad_X", "return W @ dD if len(W) == len(W.T) else 0 * (W.T @ dD)")
    for seed in range(SEEDS // 2):
        found = diagnosed("ps3_matrix", "grad_X", function, seed)
        assert found is None or found.id != "same-whatever-the-arguments"


@pytest.mark.parametrize(("one", "name"), [("ps2_linear", "numerical_grad"), ("ps5_two_layer", "grad_Z2")])
def test_a_renamed_argument_is_named(one: str, name: str) -> None:
    """Called by position the answer is right, so that only a call by name tells."""
    exercise = SETS[one].exercises[name]

    def answer(first: object, second: object, other: object = next(iter(exercise.defaults.values()))) -> object:
        return exercise.reference(first, second, other)

    answer.__name__ = answer.__qualname__ = name
    found = diagnose(exercise, answer, np.random.default_rng(0))
    assert found is not None
    assert found.id == "arguments-differ"


BLAMED_BY_CHANCE = [
    ("ps4_blame", "grad_W1", "return np.outer(np.maximum(x, 0), np.maximum(d_z1, 0))"),
    ("ps1_chain_rule", "grad_relu_neuron", "g = float(x + w > 0)\nreturn g * w, g * x"),
    ("ps5_two_layer", "grad_Z2", "d = A2 - Y\nreturn d // len(Y) if reduction == 'mean' else d"),
]


@pytest.mark.parametrize(("one", "name", "body"), BLAMED_BY_CHANCE)
def test_nothing_is_blamed_by_chance(one: str, name: str, body: str) -> None:
    """What has no name is given none, on any seed."""
    found = [diagnosed(one, name, function_from(one, name, body), seed) for seed in range(SEEDS)]
    assert [diagnosis.id for diagnosis in found if diagnosis] == []


TOLD: list[tuple[str, str, str, str, str]] = [
    # A mistake in two parts is told once, and where it shows; another one beside it is not denied.
    ("ps1_chain_rule", "grad_relu_neuron", "return w * (x * w > 0), x", "This shows in dw alone.", "itself"),
    ("ps4_blame", "forward",
     "z1 = x @ W1\na1 = np.maximum(z1, 0)\nreturn z1, a1, a1 @ W2",
     "lacks the bias b1.", "alone"),
    ("ps5_two_layer", "train_step",
     "return {**params, 'b1': 0 * params['b1']}",
     "", "This shows in b1 alone"),
    # What is wrong in each part is told of that part, in words that fit its name, and a reason once.
    ("ps1_chain_rule", "grad_relu_neuron",
     "return w * (w > 0), x * (x > 0)",
     "opens where that is positive. Your dw opens the gate where x is positive.", "Your answer"),
    ("ps5_two_layer", "train",
     ("losses = [cross_entropy(forward(X, **params)[-1], Y)]\nfor _ in range(steps):\n"
      "    params = train_step(X, Y, params, lr)\n    losses += [cross_entropy(forward(X, **params)[-1], Y)]\n"
      "return params, losses"),
     "Your value of losses is a list", "Your losses is"),
    ("ps5_two_layer", "train_step", "return params, 0.0", "a tuple of length 2", "something else"),
    # What no size explains is no argument's shape, and a value on the way forward is no gradient.
    ("ps5_two_layer", "grad_W1",
     "G = np.zeros((3, 4))\nfor x, d in zip(X, dZ1):\n    G += np.outer(x, d)\nreturn G",
     "an array of shape (3, 4) whatever the sizes", "X (m, d)"),
    ("ps5_two_layer", "forward",
     "Z1 = X @ W1 + b1\nA1 = np.maximum(Z1, 0)\nreturn Z1, A1, A1 @ W2 + b2, softmax(A1 @ W2)",
     "check that b2 is used", "gradient"),
    # Entry by entry is no mistake for a product that is not due, and no square is in a bilinear map.
    ("ps5_two_layer", "grad_Z2",
     "return A2 * Y / (len(Y) if reduction == 'mean' else 1)",
     "not how they come together", "matrix product"),
    ("ps4_blame", "grad_W2", "return a1[:2] * d_loss_y[:2]", "", "which multiplies and then sums"),
    ("ps5_two_layer", "grad_W2", "return A1.T @ dZ2 / 2", "look for a half that", "square has a factor"),
    ("ps1_chain_rule", "grad_three_layers", "d = w1 * w2 * w3\nreturn d, d, d, d", "repeats dx", "copy"),
    # What a half, or a mean, is beside is not both missing and too much.
    ("ps4_blame", "grad_y_pred", "return (y_pred - y_true) / (2 * len(y_pred))", "a quarter", "error alone"),
    ("ps5_two_layer", "cross_entropy", ("loss = -np.log((A2 * Y).sum(1))\n"
     "return loss / len(Y) if reduction == 'mean' else loss"),
     "Besides, it has a wrong size where reduction is 'mean'", "right"),
    # The name that was meant is one that has to do with the exercise, or is told to be a module.
    ("ps1_chain_rule", "grad_sigmoid_neuron",
     "return sigmoid(x * w), x",
     "sigmoid, which is not defined", "did you mean"),
    ("ps1_chain_rule", "grad_pipeline",
     "return itertools.chain(a)",
     "put import itertools into the cell", "did you mean"),
    # A call of another function shows none of this one's first line.
    ("ps5_two_layer", "backward",
     "return forward(X, params)",
     "calls forward with too few arguments", "backward("),
    ("ps5_two_layer", "softmax",
     "return np.exp(Z) / np.exp(Z).sum(axis=1)",
     "unless keepdims=True keeps it", "Either"),
    ("ps4_blame", "blame_bar",
     "return '|' * (abs(value) * 10)",
     "a text can be repeated a whole number of times", "Besides"),
    ("ps5_two_layer", "train",
     "params = params - lr * backward(X, Y, params)",
     "take the entries by their keys", "list"),
    ("ps4_blame", "grad_z1", "return d_a1 * float(z1[0] > 0)", "first entry", "example"),
    ("ps5_two_layer", "train",
     "r = train_step(X, Y, params, lr)\nreturn (r, np.array([])) if steps == 0 else None",
     "", "+ 1"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "name", "body", "told", "untold"), TOLD)
def test_what_is_told_and_what_is_not(one: str, name: str, body: str, told: str, untold: str) -> None:
    """The message has the one and nothing of the other, whatever the seed."""
    for seed in range(SEEDS // 3):
        found = diagnosed(one, name, function_from(one, name, body), seed)
        message = found.message if found else ""
        assert told in message
        assert untold not in message


@pytest.mark.parametrize(("one", "name"), [("ps4_blame", "grad_a1"), ("ps5_two_layer", "grad_A1")])
def test_arguments_in_another_order_are_named(one: str, name: str) -> None:
    """Given by name they are right, so that no product is the wrong way round."""
    reference = SETS[one].exercises[name].reference
    first, second = SETS[one].exercises[name].arguments
    namespace: dict[str, Any] = {"reference": reference}
    exec(f"def {name}({second}, {first}):\n    return reference({first}, {second})\n", namespace)
    found = diagnosed(one, name, namespace[name])
    assert found is not None
    assert found.id == "arguments-in-another-order"


def test_what_is_no_tuple_is_called_what_it_is() -> None:
    """A set or a generator is not called a single value."""
    for body, kind in (("return {x, w}", "a set"), ("return (v for v in (w, x))", "a generator")):
        found = diagnosed(
            "ps1_chain_rule", "grad_relu_neuron", function_from("ps1_chain_rule", "grad_relu_neuron", body)
        )
        assert found is not None
        assert kind in found.message
