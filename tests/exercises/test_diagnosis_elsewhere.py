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


def test_what_is_no_tuple_is_called_what_it_is() -> None:
    """A set or a generator is not called a single value."""
    for body, kind in (("return {x, w}", "a set"), ("return (v for v in (w, x))", "a generator")):
        found = diagnosed(
            "ps1_chain_rule", "grad_relu_neuron", function_from("ps1_chain_rule", "grad_relu_neuron", body)
        )
        assert found is not None
        assert kind in found.message
