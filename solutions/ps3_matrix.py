"""Problem set 3: D = W X + b with examples as columns, and the Jacobian that is never built.

The matrix forms are derived in K. B. Petersen and M. S. Pedersen, The Matrix Cookbook, section 2.
"""

import numpy as np
from numpy.typing import NDArray

from autograder.exercises import Array, Draw, Number, ProblemSet, Style, Variable, index, real
from solutions.mistakes.ps3_matrix import MISTAKES

FloatArray = NDArray[np.float64]


def _weights(draw: Draw, i: int, j: int) -> FloatArray:
    """Any weights; in the style of zeros the one that is asked for is 0."""
    values: FloatArray = real("n", "m").make(draw)
    if draw.style is Style.ZEROS:
        values[i, j] = 0.0
    return values


EXERCISES = ProblemSet(
    "ps3_matrix",
    {
        "W": real("n", "m"),
        "X": real("m", "p"),
        "b": real("n", 1),
        "dD": real("n", "p"),
        "i": index("n"),
        "j": index("m", shift=1),
    },
    MISTAKES,
)


@EXERCISES.function(points=1, returns=Array(("n", "p")))
def forward(W: FloatArray, X: FloatArray, b: FloatArray) -> FloatArray:
    """Return D = W X + b (n, p) for W (n, m), X (m, p), b (n, 1)."""
    return W @ X + b


@EXERCISES.function(points=1, returns=Number(), given={"W": Variable(("n", "m"), _weights, needs=("i", "j"))})
def partial(W: FloatArray, i: int, j: int) -> float:
    """Return the derivative of y[i] with respect to x[j] in y = W x: a float, from W (n, m)."""
    return W[i, j]


@EXERCISES.gradient(points=3, of=lambda W, X, b: W @ X + b, wrt="W", upstream="dD")
def grad_W(dD: FloatArray, X: FloatArray) -> FloatArray:
    """Return dL/dW (n, m) from dD (n, p) and X (m, p)."""
    return dD @ X.T


@EXERCISES.gradient(points=3, of=lambda W, X, b: W @ X + b, wrt="X", upstream="dD")
def grad_X(W: FloatArray, dD: FloatArray) -> FloatArray:
    """Return dL/dX (m, p) from W (n, m) and dD (n, p)."""
    return W.T @ dD


@EXERCISES.gradient(points=2, of=lambda W, X, b: W @ X + b, wrt="b", upstream="dD")
def grad_b(dD: FloatArray) -> FloatArray:
    """Return dL/db (n, 1) from dD (n, p)."""
    return np.sum(dD, axis=1, keepdims=True)


@EXERCISES.jacobian(points=4, of=lambda W, X: W @ X, wrt="W", returns=Array(("n", "p", "n", "m")))
def jacobian_D_W(W: FloatArray, X: FloatArray) -> FloatArray:
    """Return the Jacobian (n, p, n, m) of W X with respect to W, for W (n, m) and X (m, p)."""
    return np.einsum("ac,db->abcd", np.eye(W.shape[0]), X)
