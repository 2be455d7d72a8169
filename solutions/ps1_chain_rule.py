"""Problem set 1: the chain rule on scalars, from a two-step pipeline to a deep chain of sigmoids.

The formulas are the chain rule itself; the stable sigmoid is the usual one that never exponentiates
a positive number (N. Higham, Accuracy and Stability of Numerical Algorithms, section 1.13, on
avoiding overflow by rewriting).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.exercises import Draw, ProblemSet, Style, Variable, bounded, pre_activation, real
from solutions.mistakes.ps1_chain_rule import MISTAKES

FloatArray = NDArray[np.float64]


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
    """A weight; in the style of large values one that drives x w close to 1000, in either direction."""
    if draw.style is Style.LARGE:
        product = draw.random.uniform(720.0, 990.0) * (-1.0 if draw.number % 2 else 1.0)
        return float(np.float32(product / x))
    weight = 0.0 if draw.style is Style.ZEROS and draw.number % 2 else draw.random.normal()
    return float(np.float32(weight))


def _sigmoid_input(draw: Draw) -> float:
    return float(np.float32(draw.random.uniform(0.5, 2.0) * draw.random.choice([-1.0, 1.0])))


def _relu_input(draw: Draw) -> float:
    """An input; positive where the weight is one of the values around 0, so that the product is too."""
    sign = 1.0 if draw.style is Style.ZEROS else draw.random.choice([-1.0, 1.0])
    return float(np.float32(draw.random.uniform(0.5, 2.0) * sign))


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
RELU_NEURON = {"x": Variable((), _relu_input), "w": pre_activation()}
# Only the single neuron is asked to stand products up to 1000.
DEEP_SIGMOID = {"x": bounded(), "ws": bounded("n", scale=0.8)}
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
