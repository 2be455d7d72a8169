"""Problem set 5: a two-layer network on a batch, with ReLU, softmax and cross-entropy.

Rows are examples: `Z1 = X W1 + b1`, `A1 = relu(Z1)`, `Z2 = A1 W2 + b2`, `A2 = softmax(Z2)`.
The formulas are derived in I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, section 6.5.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.exercises import (
    Array,
    Draw,
    Named,
    Number,
    Parts,
    ProblemSet,
    Style,
    Variable,
    bounded,
    choice,
    computed,
    one_hot,
    one_less_than,
    pre_activation,
    real,
    scores,
)
from solutions.mistakes import ps5_forward, ps5_layers, ps5_whole

FloatArray = NDArray[np.float64]
Parameters = dict[str, FloatArray]


def _softmax(Z: FloatArray) -> FloatArray:
    shifted = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
    return shifted / np.sum(shifted, axis=-1, keepdims=True)


def _loss(Z2: FloatArray, Y: FloatArray, reduction: str) -> Any:
    shifted = Z2 - np.max(Z2, axis=1, keepdims=True)
    total = -np.sum(Y * (shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))))
    return total / len(Y) if reduction == "mean" else total


def _network_loss(X: FloatArray, Y: FloatArray, W1: FloatArray, b1: FloatArray, W2: FloatArray, b2: FloatArray) -> Any:
    return _loss(np.maximum(X @ W1 + b1, 0) @ W2 + b2, Y, "mean")


EXERCISES = ProblemSet(
    "ps5_two_layer",
    {
        "X": bounded("m", "d", zeros=True, large=(2.0**14, 1.0)),
        "Y": one_hot("m", "k"),
        # Where some values are large others are small, so that gradients are large and probabilities not 0 or 1.
        "W1": bounded("d", "h", scale=0.5, large=(2.0**-8, 2.0**-8)),
        "b1": bounded(1, "h", scale=0.5, zeros=True, corner=True, large=(2.0**6, 2.0**-8)),
        "W2": bounded("h", "k", scale=0.5, large=(2.0**-6, 2.0**8)),
        "b2": bounded(1, "k", scale=0.5),
        "Z": scores("m", "k"),
        "Z1": pre_activation("m", "h"),
        "A1": computed("m", "h", by=lambda Z1: np.maximum(Z1, 0.0)),
        "Z2": bounded("m", "k", scale=1.5, zeros=True),
        "A2": computed("m", "k", by=lambda Z2: _softmax(Z2)),
        "z": bounded("k", scale=1.5, zeros=True),
        "a": computed("k", by=lambda z: _softmax(z)),
        "dZ2": real("m", "k"),
        "dA1": real("m", "h", zeros=False),
        "dZ1": real("m", "h"),
        "reduction": choice("mean", "sum"),
        # The sixth comes where there is one class only, whose gradient is 0 whatever the rate.
        "lr": choice(0.1, 1e-3, 0.01, 0.5, 0.0, 1e-3, 2.0, -0.1),
        "steps": one_less_than("steps + 1"),
        "params": computed(by=lambda W1, b1, W2, b2: {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, container=True),
    },
    {**ps5_forward.MISTAKES, **ps5_layers.MISTAKES, **ps5_whole.MISTAKES},
)
PARAMETERS = ("W1", "b1", "W2", "b2")
PARAMETER_FORMS = (
    Array(("d", "h"), "W1"),
    Array((1, "h"), "b1"),
    Array(("h", "k"), "W2"),
    Array((1, "k"), "b2"),
)
GUARD = 1e-10


def _probabilities(draw: Draw, Y: FloatArray) -> FloatArray:
    """Rows of probabilities: ordinary ones, with exact zeros or equal to Y, or with the true class unlikely."""
    raw = draw.random.normal(size=Y.shape) * 1.5
    if draw.style is Style.LARGE:
        # Unlikely enough that a guard of 1e-8 inside the log shows, and one of 1e-10 does not.
        raw = np.where(Y == 1, draw.random.uniform(-9.0, -8.5, size=Y.shape), raw * 0.1)
    A2 = _softmax(raw)
    if draw.style is Style.ZEROS:
        gone = (Y == 0) & (draw.random.random(Y.shape) < (1.0 if draw.number % 2 else 0.5))
        A2 = np.where(gone, 0.0, A2)
        A2 /= np.sum(A2, axis=1, keepdims=True)
    return A2.astype(np.float32).astype(np.float64)


def _added_guard(A2: FloatArray, Y: FloatArray, reduction: str = "mean") -> Any:
    total = -np.sum(Y * np.log(A2 + GUARD))
    return total / len(Y) if reduction == "mean" else total


def _floor_guard(A2: FloatArray, Y: FloatArray, reduction: str = "mean") -> Any:
    total = -np.sum(Y * np.log(np.maximum(A2, GUARD)))
    return total / len(Y) if reduction == "mean" else total


def _guard_at_one(A2: FloatArray, Y: FloatArray, reduction: str) -> float:
    """What a guard inside the log adds where the true class has probability exactly 1."""
    certain = float(np.sum((A2 == 1) & (Y == 1)))
    return 1.001 * GUARD * (certain / len(Y) if reduction == "mean" else certain)


@EXERCISES.function(points=2, returns=Array(("m", "k")))
def softmax(Z: FloatArray) -> FloatArray:
    """Return the softmax of each row of Z (m, k): (m, k), stable for scores up to 1e4."""
    shifted = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return shifted / np.sum(shifted, axis=1, keepdims=True)


@EXERCISES.function(
    points=2,
    returns=Parts((Array(("m", "h"), "Z1"), Array(("m", "h"), "A1"), Array(("m", "k"), "Z2"), Array(("m", "k"), "A2"))),
)
def forward(
    X: FloatArray, W1: FloatArray, b1: FloatArray, W2: FloatArray, b2: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return (Z1 (m, h), A1 (m, h), Z2 (m, k), A2 (m, k)) for a batch X (m, d)."""
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ W2 + b2
    return Z1, A1, Z2, softmax(Z2)


@EXERCISES.function(
    points=2,
    returns=Number(),
    given={"A2": Variable(("m", "k"), _probabilities, needs=("Y",))},
    also_right=(_added_guard, _floor_guard),
    slack=_guard_at_one,
)
def cross_entropy(A2: FloatArray, Y: FloatArray, reduction: str = "mean") -> float:
    """Return the cross-entropy of A2 (m, k) against one-hot Y (m, k), summed or averaged over rows."""
    total = -np.sum(np.log(np.where(Y == 1, A2, 1.0)))
    return total / Y.shape[0] if reduction == "mean" else total


@EXERCISES.jacobian(points=3, of=lambda z: _softmax(z), wrt="z", returns=Array(("k", "k")))
def softmax_jacobian(a: FloatArray) -> FloatArray:
    """Return the Jacobian (k, k) of softmax at a row whose output is a (k,): a_i (delta_ij - a_j)."""
    return np.diag(a) - np.outer(a, a)


@EXERCISES.gradient(points=3, of=lambda Z2, Y, reduction: _loss(Z2, Y, reduction), wrt="Z2")
def grad_Z2(A2: FloatArray, Y: FloatArray, reduction: str = "mean") -> FloatArray:
    """Return dL/dZ2 (m, k) of the cross-entropy of softmax, for the summed or the mean loss."""
    return (A2 - Y) / Y.shape[0] if reduction == "mean" else A2 - Y


@EXERCISES.gradient(points=3, of=lambda A1, W2: A1 @ W2, wrt="W2", upstream="dZ2")
def grad_W2(A1: FloatArray, dZ2: FloatArray) -> FloatArray:
    """Return dL/dW2 (h, k) from A1 (m, h) and dZ2 (m, k)."""
    return A1.T @ dZ2


@EXERCISES.gradient(points=2, of=lambda A1, W2, b2: A1 @ W2 + b2, wrt="b2", upstream="dZ2")
def grad_b2(dZ2: FloatArray) -> FloatArray:
    """Return dL/db2 (1, k) from dZ2 (m, k)."""
    return np.sum(dZ2, axis=0, keepdims=True)


@EXERCISES.gradient(points=3, of=lambda A1, W2: A1 @ W2, wrt="A1", upstream="dZ2")
def grad_A1(dZ2: FloatArray, W2: FloatArray) -> FloatArray:
    """Return dL/dA1 (m, h) from dZ2 (m, k) and W2 (h, k)."""
    return dZ2 @ W2.T


@EXERCISES.gradient(points=3, of=lambda Z1: np.maximum(Z1, 0.0), wrt="Z1", upstream="dA1")
def grad_Z1(dA1: FloatArray, Z1: FloatArray) -> FloatArray:
    """Return dL/dZ1 (m, h) from dA1 (m, h) and Z1 (m, h); ReLU's derivative at 0 is 0."""
    return dA1 * (Z1 > 0)


@EXERCISES.gradient(points=3, of=lambda X, W1: X @ W1, wrt="W1", upstream="dZ1")
def grad_W1(X: FloatArray, dZ1: FloatArray) -> FloatArray:
    """Return dL/dW1 (d, h) from X (m, d) and dZ1 (m, h)."""
    return X.T @ dZ1


@EXERCISES.gradient(points=2, of=lambda X, W1, b1: X @ W1 + b1, wrt="b1", upstream="dZ1")
def grad_b1(dZ1: FloatArray) -> FloatArray:
    """Return dL/db1 (1, h) from dZ1 (m, h)."""
    return np.sum(dZ1, axis=0, keepdims=True)


@EXERCISES.gradient(points=5, of=_network_loss, wrt=PARAMETERS, returns="dict")
def backward(X: FloatArray, Y: FloatArray, params: Parameters) -> Parameters:
    """Return the gradients of the mean loss with respect to every parameter, by its name."""
    Z1, A1, _, A2 = forward(X, params["W1"], params["b1"], params["W2"], params["b2"])
    dZ2 = grad_Z2(A2, Y)
    dZ1 = grad_Z1(grad_A1(dZ2, params["W2"]), Z1)
    return {"W1": grad_W1(X, dZ1), "b1": grad_b1(dZ1), "W2": grad_W2(A1, dZ2), "b2": grad_b2(dZ2)}


@EXERCISES.step(points=3, loss=_network_loss, wrt=PARAMETERS)
def train_step(X: FloatArray, Y: FloatArray, params: Parameters, lr: float) -> Parameters:
    """Return new parameters after one step of gradient descent with learning rate lr."""
    grads = backward(X, Y, params)
    return {name: params[name] - lr * grads[name] for name in params}


def _trained(X: FloatArray, Y: FloatArray, params: Parameters, lr: float, steps: int, loss: Any) -> Any:
    losses = []
    for step in range(steps + 1):
        A2 = forward(X, **params)[-1]
        losses.append(loss(A2, Y))
        if step < steps:
            params = train_step(X, Y, params, lr)
    return dict(params), np.array(losses)


@EXERCISES.function(
    points=4,
    returns=Parts((Named(PARAMETER_FORMS, "params"), Array(("steps + 1",), "losses"))),
    # With the negative one the loss goes up, as it can with any that is too large, and with 0 it stays: no step may
    # be left out then.
    given={
        "lr": choice(0.1, 0.02, -0.02, 0.3, 0.05, 0.3, 0.1, 0.02, 0.0),
        # Many steps from large values would end anywhere.
        "X": bounded("m", "d", zeros=True),
        "W1": bounded("d", "h", scale=0.5),
        "b1": bounded(1, "h", scale=0.5, zeros=True, corner=True),
        "W2": bounded("h", "k", scale=0.5),
    },
    also_right=(
        lambda X, Y, params, lr, steps: _trained(X, Y, params, lr, steps, _added_guard),
        lambda X, Y, params, lr, steps: _trained(X, Y, params, lr, steps, _floor_guard),
    ),
    slack=lambda X, Y, params, lr, steps: 1.001 * GUARD if Y.shape[1] == 1 else 0.0,
)
def train(X: FloatArray, Y: FloatArray, params: Parameters, lr: float, steps: int) -> tuple[Parameters, FloatArray]:
    """Return (params, losses (steps + 1,)): the mean loss before the first step and after each."""
    return _trained(X, Y, params, lr, steps, cross_entropy)
