"""A mistake in one function costs nothing in the next: each is judged on its own."""

from typing import Any

import pytest
from judging import SETS, assessed, right_namespace

from autograder.exercises import ExerciseFailed

SCALARS = """
def relu_grad(z):
    return 1.0 if z >= 0 else 0.0

def grad_relu_neuron(x, w):
    return w * relu_grad(x * w), x * relu_grad(x * w)
"""
LINEAR = """
import numpy as np

def grad_x(W, dL_dy):
    return -W.T @ dL_dy

def grad_W(x, dL_dy):
    return np.outer(x, dL_dy)

def grad_chain(W1, W2, x, dL_dy):
    upstream = grad_x(W2, dL_dy)
    return grad_x(W1, upstream), grad_W(x, upstream), grad_W(W1 @ x, dL_dy)
"""
NETWORK = """
import numpy as np

def softmax(Z):
    return np.exp(Z) / np.exp(Z).sum()

def forward(X, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ W2 + b2
    return Z1, A1, Z2, softmax(Z2)

def cross_entropy(A2, Y, reduction="mean"):
    return np.mean((A2 - Y) ** 2)

def grad_Z2(A2, Y, reduction="mean"):
    return A2 - Y

def grad_W2(A1, dZ2):
    return A1 @ dZ2

def grad_b2(dZ2):
    return dZ2.sum(axis=0)

def grad_A1(dZ2, W2):
    raise NotImplementedError

def grad_Z1(dA1, Z1):
    dA1[Z1 <= 0] = 0
    return dA1

grad_W1 = grad_W2
grad_b1 = None

def backward(X, Y, params):
    Z1, A1, _, A2 = forward(X, params["W1"], params["b1"], params["W2"], params["b2"])
    dZ2 = grad_Z2(A2, Y)
    dZ1 = grad_Z1(grad_A1(dZ2, params["W2"]), Z1)
    return {"W1": grad_W1(X, dZ1), "b1": grad_b1(dZ1), "W2": grad_W2(A1, dZ2), "b2": grad_b2(dZ2)}

def train_step(X, Y, params, lr):
    grads = backward(X, Y, params)
    return {name: params[name] + lr * grads[name] for name in params}

def train(X, Y, params, lr, steps):
    losses = []
    for step in range(steps + 1):
        losses.append(cross_entropy(forward(X, **params)[-1], Y))
        if step < steps:
            params = train_step(X, Y, params, lr)
    return params, np.array(losses)
"""


def _notebook(source: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    return namespace


FOLLOWING = [
    ("ps1_chain_rule", SCALARS, "grad_relu_neuron", "relu_grad"),
    ("ps2_linear", LINEAR, "grad_chain", "grad_W, grad_x"),
    ("ps5_two_layer", NETWORK, "forward", "softmax"),
    ("ps5_two_layer", NETWORK, "backward", "forward, grad_A1, grad_W1, grad_W2, grad_Z1, grad_Z2, grad_b1, grad_b2"),
    ("ps5_two_layer", NETWORK, "train", "cross_entropy, forward, train_step"),
]


@pytest.mark.parametrize(("one", "source", "name", "used"), FOLLOWING)
@pytest.mark.parametrize("seed", range(3))
def test_a_later_function_keeps_its_points(one: str, source: str, name: str, used: str, seed: int) -> None:
    """Where its own formula is right it passes, and the checks say whose functions were used."""
    assessment, message = assessed(one, name, _notebook(source), seed)
    assert message == ""
    assert assessment.passed
    follow = assessment.checks[-1]
    assert (follow.name, follow.passed) == ("follow_through", True)
    names = follow.message.removeprefix("judged with the grader's ").removesuffix(" in place of yours")
    assert sorted(names.split(", ")) == sorted(used.split(", "))


WRONG_THEMSELVES = [
    ("ps1_chain_rule", SCALARS, "relu_grad"),
    ("ps2_linear", LINEAR, "grad_x"),
    ("ps2_linear", LINEAR, "grad_W"),
    *(("ps5_two_layer", NETWORK, name) for name in ("softmax", "cross_entropy", "grad_Z2", "grad_W2", "grad_A1")),
    *(("ps5_two_layer", NETWORK, name) for name in ("grad_Z1", "grad_b1", "grad_b2", "train_step")),
]


@pytest.mark.parametrize(("one", "source", "name"), WRONG_THEMSELVES)
def test_a_function_that_is_wrong_itself_still_loses(one: str, source: str, name: str) -> None:
    """No stand-in mends a wrong formula, and nothing is said of stand-ins."""
    assessment, message = assessed(one, name, _notebook(source), 0)
    assert not assessment.passed
    assert "not right yet" in message
    assert all(check.name != "follow_through" for check in assessment.checks)


def test_what_is_told_of_a_wrong_function_is_its_own_mistake() -> None:
    """Not the error that an earlier function raises in it."""
    source = NETWORK.replace("return np.exp(Z) / np.exp(Z).sum()", "raise RuntimeError")
    assessment, message = assessed("ps5_two_layer", "train_step", _notebook(source), 0)
    assert not assessment.passed
    assert "RuntimeError" not in message
    assert "value: the shape is right" in message


def test_the_namespace_is_as_it_was() -> None:
    """Stand-ins are gone afterwards: the student's own functions are back, and no others were added."""
    namespace = _notebook(NETWORK)
    before = dict(namespace)
    for name in ("backward", "train_step", "train", "grad_Z2"):
        assessed("ps5_two_layer", name, namespace, 0)
    assert namespace == before


def test_right_functions_need_no_stand_ins() -> None:
    """Where everything is right no check speaks of follow-through."""
    source = NETWORK.replace("return np.exp(Z) / np.exp(Z).sum()", "raise RuntimeError")
    for name in ("backward", "train"):
        assessment, _ = assessed("ps5_two_layer", name, {**_notebook(source), **right_namespace("ps5_two_layer")}, 0)
        assert [check.name for check in assessment.checks if check.name == "follow_through"] == []


def test_later_functions_never_stand_in() -> None:
    """A function may not borrow its answer from the grader's version of a later one."""
    source = """
def grad_x(W, dL_dy):
    import numpy as np
    return grad_chain(np.eye(W.shape[1]), W, np.zeros(W.shape[1]), dL_dy)[0]
"""
    _, message = assessed("ps2_linear", "grad_x", _notebook(source), 0)
    assert "NameError" in message


def test_a_missing_earlier_function_is_stood_in_for() -> None:
    """Even if the earlier cell was deleted, the later function keeps its points."""
    namespace = _notebook(SCALARS)
    del namespace["relu_grad"]
    assessment, _ = assessed("ps1_chain_rule", "grad_relu_neuron", namespace, 0)
    assert assessment.passed
    assert "relu_grad" not in namespace


def test_without_a_collector_a_failure_is_only_an_error() -> None:
    """In a plain kernel nothing is gathered: an AssertionError with a message is all."""
    with pytest.raises(ExerciseFailed, match="softmax: not right yet") as failed:
        SETS["ps5_two_layer"].assess("softmax", _notebook(NETWORK))
    assert isinstance(failed.value, AssertionError)
    SETS["ps5_two_layer"].assess("backward", _notebook(NETWORK))
