"""Problem set 4: one example through a small ReLU network, and the blame that flows back.

Row convention: `z1 = x W1 + b1`, `a1 = relu(z1)`, `y_pred = a1 W2 + b2`, `loss = mean((y_pred - y_true)^2)`.
The formulas follow M. Nielsen, Neural Networks and Deep Learning, chapter 2, for a mean squared error.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.exercises import (
    Array,
    Draw,
    Number,
    Parts,
    ProblemSet,
    Style,
    Text,
    Variable,
    bounded,
    choice,
    computed,
    pre_activation,
    real,
)
from solutions.mistakes.ps4_blame import MISTAKES

FloatArray = NDArray[np.float64]
Parameters = dict[str, FloatArray]
PARAMETERS = ("W1", "b1", "W2", "b2")


def _network_loss(
    x: FloatArray, y_true: FloatArray, W1: FloatArray, b1: FloatArray, W2: FloatArray, b2: FloatArray
) -> Any:
    return np.mean((np.maximum(x @ W1 + b1, 0) @ W2 + b2 - y_true) ** 2)


BARS = (0.0, 0.5, -2.0, 0.05, -0.05, 1.0, -0.1, 3.14159, 0.099, -1.25, 12.5, 0.95)


def _blame(draw: Draw) -> float:
    """A value whose tenfold is a whole number, or so near one that a wrong factor shows and rounding does not."""
    large = draw.style is Style.LARGE
    if draw.style is Style.ZEROS or (draw.number % 2 and not large):
        return BARS[draw.number % len(BARS)]
    length = int(draw.random.integers(*((200, 300) if large else (0, 30))))
    beyond = draw.random.uniform(0.9, 0.99) if draw.number % (2 if large else 4) else draw.random.uniform(0.01, 0.1)
    return float((length + beyond) / 10 * draw.random.choice([-1.0, 1.0]))


SMALL_BIAS = bounded("h", scale=0.5, zeros=True, corner=True, large=(2.0**6, 2.0**-8))


def _bias(draw: Draw, x: FloatArray, W1: FloatArray) -> FloatArray:
    """A bias with which some hidden unit is active, and of two or more another one is not, but in the style of zeros.

    Where all are silent, nothing that is done with their activations shows.
    """
    values: FloatArray = SMALL_BIAS.make(draw)
    z1 = x @ W1 + values
    is_alike = np.all(z1 > 0) or np.all(z1 <= 0)
    if draw.style is not Style.ZEROS and len(z1) > 1 and is_alike:
        turned = draw.number % len(z1)
        values[turned] = np.float32(values[turned] - 2 * z1[turned])
    return values


EXERCISES = ProblemSet(
    "ps4_blame",
    {
        "x": bounded("d", zeros=True, large=(2.0**14, 1.0)),
        "W1": bounded("d", "h", large=(2.0**-8, 2.0**-8)),
        "b1": Variable(("h",), _bias, needs=("x", "W1")),
        "W2": bounded("h", "k", large=(2.0**-6, 2.0**8)),
        "b2": bounded("k", scale=0.5),
        "y_true": real("k"),
        "y_pred": real("k"),
        "z1": pre_activation("h"),
        "a1": computed("h", by=lambda z1: np.maximum(z1, 0.0)),
        "d_loss_y": real("k"),
        "d_a1": real("h", zeros=False),
        "d_z1": real("h"),
        "lr": choice(0.1, 1e-3, 0.01, 0.5, 1e-3, 2.0, 0.0, -0.1),
        "params": computed(by=lambda W1, b1, W2, b2: {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, container=True),
        "value": Variable(None, _blame),
    },
    MISTAKES,
)


@EXERCISES.function(points=2, returns=Parts((Array(("h",), "z1"), Array(("h",), "a1"), Array(("k",), "y_pred"))))
def forward(
    x: FloatArray, W1: FloatArray, b1: FloatArray, W2: FloatArray, b2: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return (z1 (h,), a1 (h,), y_pred (k,)) for x (d,), W1 (d, h), b1 (h,), W2 (h, k), b2 (k,)."""
    z1 = x @ W1 + b1
    a1 = np.maximum(z1, 0)
    return z1, a1, a1 @ W2 + b2


@EXERCISES.function(points=1, returns=Number())
def mse_loss(y_pred: FloatArray, y_true: FloatArray) -> float:
    """Return the squared error of y_pred (k,) against y_true (k,), averaged over the outputs: a float."""
    return float(np.mean((y_pred - y_true) ** 2))


@EXERCISES.gradient(points=2, of=lambda y_pred, y_true: np.mean((y_pred - y_true) ** 2), wrt="y_pred")
def grad_y_pred(y_pred: FloatArray, y_true: FloatArray) -> FloatArray:
    """Return the gradient (k,) of the mean squared error with respect to y_pred (k,)."""
    return 2 * (y_pred - y_true) / len(y_pred)


@EXERCISES.gradient(points=2, of=lambda a1, W2: a1 @ W2, wrt="W2", upstream="d_loss_y")
def grad_W2(a1: FloatArray, d_loss_y: FloatArray) -> FloatArray:
    """Return dL/dW2 (h, k) from a1 (h,) and d_loss_y (k,)."""
    return np.outer(a1, d_loss_y)


@EXERCISES.gradient(points=1, of=lambda a1, W2, b2: a1 @ W2 + b2, wrt="b2", upstream="d_loss_y")
def grad_b2(d_loss_y: FloatArray) -> FloatArray:
    """Return dL/db2 (k,) from d_loss_y (k,)."""
    return d_loss_y.copy()


@EXERCISES.gradient(points=2, of=lambda a1, W2: a1 @ W2, wrt="a1", upstream="d_loss_y")
def grad_a1(d_loss_y: FloatArray, W2: FloatArray) -> FloatArray:
    """Return dL/da1 (h,) from d_loss_y (k,) and W2 (h, k)."""
    return W2 @ d_loss_y


@EXERCISES.gradient(points=2, of=lambda z1: np.maximum(z1, 0.0), wrt="z1", upstream="d_a1")
def grad_z1(d_a1: FloatArray, z1: FloatArray) -> FloatArray:
    """Return dL/dz1 (h,) from d_a1 (h,) and z1 (h,); ReLU's derivative at 0 is 0."""
    return d_a1 * (z1 > 0)


@EXERCISES.gradient(points=2, of=lambda x, W1: x @ W1, wrt="W1", upstream="d_z1")
def grad_W1(x: FloatArray, d_z1: FloatArray) -> FloatArray:
    """Return dL/dW1 (d, h) from x (d,) and d_z1 (h,)."""
    return np.outer(x, d_z1)


@EXERCISES.gradient(points=1, of=lambda x, W1, b1: x @ W1 + b1, wrt="b1", upstream="d_z1")
def grad_b1(d_z1: FloatArray) -> FloatArray:
    """Return dL/db1 (h,) from d_z1 (h,)."""
    return d_z1.copy()


@EXERCISES.step(points=4, loss=_network_loss, wrt=PARAMETERS)
def train_step(x: FloatArray, y_true: FloatArray, params: Parameters, lr: float) -> Parameters:
    """Return new parameters after one gradient step with learning rate lr on one example x (d,)."""
    z1, a1, y_pred = forward(x, params["W1"], params["b1"], params["W2"], params["b2"])
    d_loss_y = grad_y_pred(y_pred, y_true)
    d_z1 = grad_z1(grad_a1(d_loss_y, params["W2"]), z1)
    grads = {"W1": grad_W1(x, d_z1), "b1": grad_b1(d_z1), "W2": grad_W2(a1, d_loss_y), "b2": grad_b2(d_loss_y)}
    return {name: params[name] - lr * grads[name] for name in PARAMETERS}


@EXERCISES.function(points=1, returns=Text(), single_precision=False)
def blame_bar(value: float) -> str:
    """Return a bar of int(10 |value|) strokes."""
    return "|" * int(abs(value) * 10)
