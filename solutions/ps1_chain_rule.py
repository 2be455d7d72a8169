"""Problem set 1: the chain rule on scalars, from a two-step pipeline to a deep chain of sigmoids.

The formulas are the chain rule itself; the stable sigmoid is the usual one that never exponentiates
a positive number (N. Higham, Accuracy and Stability of Numerical Algorithms, section 1.13, on
avoiding overflow by rewriting).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.exercises import AROUND_ZERO, Draw, ProblemSet, Style, Variable, bounded, pre_activation, real
from solutions.mistakes.ps1_chain_rule import MISTAKES

FloatArray = NDArray[np.float64]
# How many cases in a row have zeros among their values.
ZERO_CASES = 7
SMALL_INPUT = 0.01
# Where a sigmoid's slope is far below 1, and far above what two right answers differ by.
SMALL_SLOPES = ((21.0, 24.0), (25.5, 27.0))


def _sigmoid(z: Any) -> Any:
    small = np.exp(-np.abs(z))
    return np.where(np.real(z) >= 0, 1.0, small) / (1.0 + small)


def _relu(z: Any) -> Any:
    return np.where(z > 0, z, 0.0)


def _deep_sigmoid(x: Any, ws: Any) -> Any:
    activation = x
    for w in ws:
        activation = _sigmoid(w * activation)
    return activation


def _sigmoid_weight(draw: Draw, x: float) -> float:
    """A weight; in the style of large values one that drives x w close to 1000, in either direction.

    One case in three has a large weight beside an input so small that its product is not. In the style of
    small values the slope is small but not yet 0, so that a limit on the product shows.
    """
    if draw.style is Style.SMALL:
        product = draw.random.uniform(*SMALL_SLOPES[draw.number % 2]) * draw.random.choice([-1.0, 1.0])
        return float(np.float32(product / x))
    if draw.style is Style.LARGE and abs(x) < SMALL_INPUT:
        return float(np.float32(draw.random.uniform(800.0, 950.0) * (-1.0 if draw.number % 2 else 1.0)))
    if draw.style is Style.LARGE and x:
        product = draw.random.uniform(720.0, 990.0) * (-1.0 if draw.number % 2 else 1.0)
        return float(np.float32(product / x))
    weight = 0.0 if draw.style is Style.ZEROS and draw.number % 2 else draw.random.normal()
    return float(np.float32(weight))


def _sigmoid_input(draw: Draw) -> float:
    """An input; 0 in turn with the weight, and small in one of three cases of large values."""
    size = 0.0 if draw.style is Style.ZEROS and not draw.number % 2 else draw.random.uniform(0.5, 2.0)
    if draw.style is Style.LARGE and draw.number % 3 == 0:
        size *= SMALL_INPUT / 20
    return float(np.float32(size * draw.random.choice([-1.0, 1.0])))


def _deep_input(draw: Draw) -> float:
    """An input; in the style of zeros 0 in turn with one of the weights."""
    size = 0.0 if draw.style is Style.ZEROS and not draw.number % 2 else draw.random.normal()
    return float(np.float32(size))


def _deep_weights(draw: Draw, x: float) -> FloatArray:
    """Weights; in the style of zeros one of them is 0 where x is not: a second 0 would hide the first."""
    values: FloatArray = bounded("n", scale=0.8).make(draw)
    if draw.style is Style.ZEROS and x:
        values[draw.number % len(values)] = 0.0
    return values


def _relu_input(draw: Draw) -> float:
    """An input; positive where the weight is one of the values around 0, so that the product is too.

    After those values it is 0 itself, once beside a positive weight and once beside a negative one.
    """
    zeros = draw.style is Style.ZEROS
    size = 0.0 if zeros and draw.number % ZERO_CASES >= len(AROUND_ZERO) else draw.random.uniform(0.5, 2.0)
    return float(np.float32(size if zeros or not draw.number % 2 else -size))


def _relu_weight(draw: Draw, x: float) -> float:
    """A weight; in the style of zeros one of the values around 0. All four pairs of signs come in turn."""
    if draw.style is Style.ZEROS and x:
        return AROUND_ZERO[draw.number % ZERO_CASES]
    positive = draw.number % 2 if draw.style is Style.ZEROS else draw.number % 4 in {0, 3}
    size = draw.random.uniform(0.2, 2.0) * (300.0 if draw.style is Style.LARGE else 1.0)
    return float(np.float32(size if positive else -size))


EXERCISES = ProblemSet(
    "ps1_chain_rule",
    {
        "x": real(),
        "a": real(),
        "b": real(),
        "w": real(),
        "w1": real(),
        "w2": real(),
        "w3": real(),
        "ws": real("n", scale=0.8),
        "z": pre_activation(),
        "target": real(),
        "lr": Variable(None, lambda draw: (0.1, 1e-3, 0.01, 0.5, 1e-3, 0.0, 1e-2, -0.25)[draw.number % 8]),
    },
    MISTAKES,
)
RELU_NEURON = {"x": Variable((), _relu_input), "w": Variable((), _relu_weight, needs=("x",))}
# Only the single neuron is asked to stand products up to 1000.
DEEP_SIGMOID = {"x": Variable((), _deep_input), "ws": Variable(("n",), _deep_weights, needs=("x",))}
SIGMOID_NEURON = {"x": Variable((), _sigmoid_input), "w": Variable((), _sigmoid_weight, needs=("x",))}


@EXERCISES.gradient(points=1, of=lambda x, a, b: a * x + b, wrt="x")
def grad_pipeline(x: float, a: float, b: float) -> float:
    """Return dy/dx of u = a x, y = u + b (floats)."""
    return a


@EXERCISES.gradient(points=2, of=lambda x, w1, w2: x * w1 * w2, wrt=("x", "w1", "w2"))
def grad_two_layers(x: float, w1: float, w2: float) -> tuple[float, float, float]:
    """Return (dx, dw1, dw2) of h = x w1, y = h w2 (floats)."""
    return w1 * w2, x * w2, x * w1


@EXERCISES.gradient(points=1, of=lambda z: _relu(z), wrt="z")
def relu_grad(z: float) -> float:
    """Return the derivative of ReLU at z (floats): 1 if z > 0, else 0."""
    return 1.0 if z > 0 else 0.0


@EXERCISES.gradient(points=2, of=lambda x, w: _relu(x * w), wrt=("x", "w"), given=RELU_NEURON)
def grad_relu_neuron(x: float, w: float) -> tuple[float, float]:
    """Return (dx, dw) of a = relu(x w) (floats)."""
    gate = relu_grad(x * w)
    return w * gate, x * gate


@EXERCISES.gradient(points=2, of=lambda x, w1, w2, w3: x * w1 * w2 * w3, wrt=("x", "w1", "w2", "w3"))
def grad_three_layers(x: float, w1: float, w2: float, w3: float) -> tuple[float, float, float, float]:
    """Return (dx, dw1, dw2, dw3) of y = x w1 w2 w3 (floats)."""
    return w1 * w2 * w3, x * w2 * w3, x * w1 * w3, x * w1 * w2


@EXERCISES.step(points=2, loss=lambda w, x, target: (w * x - target) ** 2, wrt="w")
def learning_step(w: float, x: float, target: float, lr: float) -> float:
    """Return the weight after one step of gradient descent on (w x - target)^2 (floats)."""
    return w - lr * 2 * (w * x - target) * x


@EXERCISES.gradient(
    points=2, of=lambda x, w: _sigmoid(x * w), wrt=("x", "w"), given=SIGMOID_NEURON, forbids_warnings=True
)
def grad_sigmoid_neuron(x: float, w: float) -> tuple[float, float]:
    """Return (dx, dw) of a = sigmoid(x w) (floats), without overflow for |x w| up to 1000."""
    small = np.exp(-np.abs(x * w))
    slope = small / (1.0 + small) ** 2
    return w * slope, x * slope


@EXERCISES.gradient(points=4, of=_deep_sigmoid, wrt=("x", "ws"), given=DEEP_SIGMOID)
def grad_deep_sigmoid(x: float, ws: FloatArray) -> tuple[float, FloatArray]:
    """Return (dx, dws (n,)) of a[0] = x, a[k+1] = sigmoid(ws[k] a[k]), y = a[n], for ws (n,)."""
    activations = [x]
    for w in ws:
        activations.append(_sigmoid(w * activations[-1]))
    dws, upstream = np.zeros_like(ws), 1.0
    for k in reversed(range(len(ws))):
        local = activations[k + 1] * (1.0 - activations[k + 1])
        dws[k] = upstream * local * activations[k]
        upstream = upstream * local * ws[k]
    return upstream, dws
