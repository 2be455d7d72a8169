"""Problem set 2: the linear layer y = W x, its two gradients, and the numeric gradient.

The central difference and its error are in W. H. Press et al., Numerical Recipes, section 5.7.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.exercises import (
    Array,
    Draw,
    ForeseenFunction,
    ForeseenValues,
    Number,
    ProblemSet,
    SpecialCheck,
    Style,
    Variable,
    bounded,
    choice,
    index,
    real,
)
from solutions.mistakes.ps2_linear import MISTAKES

FloatArray = NDArray[np.float64]


class RecordedFunction(ForeseenFunction):
    """A smooth scalar function that remembers where it was evaluated.

    Its values stay of the size of its gradient, so that rounding stays small against it.
    """

    def __init__(self, kind: int, weights: FloatArray, size: float, foreseen: ForeseenValues | None = None) -> None:
        self.kind = kind
        self.weights = weights
        self.size = size
        self.foreseen = foreseen
        self.points: list[FloatArray] = []

    def __call__(self, x: Any) -> Any:
        """Return the function's value at x (m,), a float."""
        point = np.asarray(x)
        self.evaluated(np.array(point, dtype=np.float64))
        if self.kind == 0:
            return self.size * np.sum(self.weights * point**3 / 3 + self.weights[::-1] * point)
        if self.kind == 1:
            return self.size * (np.sum(self.weights * np.sin(point)) + 0.5 * np.sum(point) ** 2)
        return self.size * np.sum(self.weights * np.exp(0.5 * point))

    def evaluated(self, x: FloatArray) -> None:
        """Remember a point x (m,)."""
        self.points.append(x)

    def fresh(self) -> "RecordedFunction":
        """Return the same function with nothing remembered."""
        return RecordedFunction(self.kind, self.weights, self.size, self.foreseen)


def _function(draw: Draw, x: FloatArray, eps: float) -> RecordedFunction:
    weights = draw.random.uniform(0.5, 2.0, size=x.shape).astype(np.float32).astype(np.float64)
    made = RecordedFunction(draw.number % 3, weights, 1000.0 if draw.style is Style.LARGE else 1.0)
    # Where the notebook says that f is evaluated.
    points = [x, *(x + step for step in eps * np.eye(len(x))), *(x - step for step in eps * np.eye(len(x)))]
    return RecordedFunction(made.kind, weights, made.size, ForeseenValues(points, [made(point) for point in points]))


def _evaluations(values: Mapping[str, Any], answer: Any) -> str | None:
    points, x, eps = values["f"].points, values["x"], float(values["eps"])
    allowed = 2 * x.size + 1
    if len(points) > allowed:
        return f"called f {len(points)} times where 2*m + 1 = {allowed} are enough"
    for point in points:
        if point.shape != x.shape:
            return f"called f with shape {point.shape} where x has shape {x.shape}"
    moved, near = np.abs(np.array(points).reshape(len(points), x.size) - x), 1e-3 * eps
    by_eps = np.abs(moved - eps) <= near
    if not (by_eps | (moved <= near)).all() or (by_eps.sum(axis=1) > 1).any():
        return "called f at a point that is not x with one coordinate moved by eps; is every coordinate put back?"
    return None


EXERCISES = ProblemSet(
    "ps2_linear",
    {
        "W": real("n", "m"),
        "x": real("m"),
        "dL_dy": real("n"),
        "i": index("m"),
        "W1": real("h", "m"),
        "W2": real("n", "h"),
        "eps": choice(1e-6, 1e-3, 1e-2, 1e-5),
        "f": Variable(None, _function, needs=("x", "eps")),
    },
    MISTAKES,
)


@EXERCISES.function(points=1, returns=Array(("n",)))
def linear(W: FloatArray, x: FloatArray) -> FloatArray:
    """Return y = W x (n,) for W (n, m) and x (m,)."""
    return W @ x


@EXERCISES.gradient(points=2, of=lambda W, x: W @ x, wrt="x", upstream="dL_dy")
def grad_x(W: FloatArray, dL_dy: FloatArray) -> FloatArray:
    """Return dL/dx (m,) from W (n, m) and dL/dy (n,)."""
    return W.T @ dL_dy


@EXERCISES.gradient(points=2, of=lambda W, x: W @ x, wrt="W", upstream="dL_dy")
def grad_W(x: FloatArray, dL_dy: FloatArray) -> FloatArray:
    """Return dL/dW (n, m) from x (m,) and dL/dy (n,)."""
    return np.outer(dL_dy, x)


@EXERCISES.function(points=2, returns=Number())
def influence(W: FloatArray, dL_dy: FloatArray, i: int) -> float:
    """Return how much input i sways the loss through every output: a float, from W (n, m), dL/dy (n,)."""
    return np.sum(W[:, i] * dL_dy)


@EXERCISES.function(
    points=3,
    returns=Array(("m",)),
    given={"x": bounded("m", scale=0.5)},
    single_precision=False,
    special=(SpecialCheck("evaluations", _evaluations),),
)
def numerical_grad(f: Callable[[FloatArray], float], x: FloatArray, eps: float = 1e-6) -> FloatArray:
    """Return the central-difference gradient (m,) of a scalar function f at x (m,), with step eps."""
    gradient = np.zeros_like(x)
    for i in range(len(x)):
        step = np.zeros_like(x)
        step[i] = eps
        gradient[i] = (f(x + step) - f(x - step)) / (2 * eps)
    return gradient


@EXERCISES.gradient(points=4, of=lambda W1, W2, x: W2 @ (W1 @ x), wrt=("x", "W1", "W2"), upstream="dL_dy")
def grad_chain(
    W1: FloatArray, W2: FloatArray, x: FloatArray, dL_dy: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return (dx (m,), dW1 (h, m), dW2 (n, h)) of y = W2 (W1 x), for W1 (h, m), W2 (n, h), x (m,)."""
    upstream = grad_x(W2, dL_dy)
    return grad_x(W1, upstream), grad_W(x, upstream), grad_W(W1 @ x, dL_dy)
