"""Known mistakes in problem set 3, by function; those that any function can have are derived elsewhere."""

from typing import Any

import numpy as np

from autograder.exercises import Mistake


def _jacobian(W: Any, X: Any) -> Any:
    return np.einsum("ac,db->abcd", np.eye(W.shape[0]), X)


def _turned(*order: int) -> Any:
    return lambda W, X: _jacobian(W, X).transpose(order)


AXES = "Its axes are, in this order: the output's row and column, then the row and column of W."

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "forward": (
        Mistake(
            "bias-missing", "Your D lacks the bias b: it is added to every column.", lambda W, X, b: W @ X
        ),
        Mistake(
            "bias-subtracted", "Your D subtracts the bias b, which is added.", lambda W, X, b: W @ X - b
        ),
        Mistake(
            "bias-twice", "Your D has the bias b in it twice.", lambda W, X, b: W @ X + 2 * b
        ),
        Mistake(
            "bias-along-rows",
            "Your D adds b along the wrong axis: b has an entry for each row of D, the same for all examples.",
            lambda W, X, b: W @ X + b.T,
        ),
        Mistake(
            "bias-summed",
            "Your D adds the sum of b everywhere; each row has its own entry of b.",
            lambda W, X, b: W @ X + b.sum(),
        ),
        Mistake(
            "bias-first-entry",
            "Your D adds the first entry of b everywhere; each row has its own entry of b.",
            lambda W, X, b: W @ X + b[0],
        ),
        Mistake(
            "bias-multiplied", "Your D multiplies by b, which is added.", lambda W, X, b: W @ X * b
        ),
        Mistake(
            "bias-to-first-example",
            "Your D has the bias in its first column only: every example, that is every column, gets it.",
            lambda W, X, b: np.concatenate([W @ X[:, :1] + b, W @ X[:, 1:]], axis=1),
        ),
        Mistake(
            "rectified", "Your D has its negative entries cut off; there is no ReLU in this layer.",
            lambda W, X, b: np.maximum(W @ X + b, 0),
        ),
    ),
    "partial": (
        Mistake(
            "exchanged",
            "Your answer has i and j exchanged: i counts the outputs, which are the rows of W, and j the inputs.",
            lambda W, i, j: W[j, i],
        ),
        Mistake(
            "row-summed",
            "Your answer is the sum of row i of W: how y[i] moves when all inputs move. Asked for is one input, x[j].",
            lambda W, i, j: W[i].sum(),
        ),
        Mistake(
            "column-summed",
            "Your answer is the sum of column j of W: how all outputs move together. Asked for is one output, y[i].",
            lambda W, i, j: W[:, j].sum(),
        ),
        Mistake("row", "Your answer is row i of W; asked for is the one entry for x[j].", lambda W, i, j: W[i]),
        Mistake("column", "Your answer is column j of W; asked for is the one entry for y[i].", lambda W, i,
            j: W[:, j]),
        Mistake(
            "counted-from-one", "Your answer is one row and one column before: i and j count from 0 here.",
            lambda W, i, j: W[i - 1, j - 1],
        ),
        Mistake("diagonal", "Your answer uses i for both indices; j counts the inputs.", lambda W, i, j: W[i, i]),
        Mistake("second-index-twice", "Your answer uses j for both indices; i counts the outputs.", lambda W, i,
            j: W[j, j]),
        Mistake(
            "first-row", "Your answer is always in the first row of W: i is not used.", lambda W, i, j: W[0, j]
        ),
        Mistake(
            "first-column", "Your answer is always in the first column of W: j is not used.", lambda W, i, j: W[i, 0]
        ),
        Mistake(
            "one-if-same", "Your answer is one or zero, as for a variable by itself. y is made of x by the weights in "
                           "W.",
            lambda W, i, j: float(i == j),
        ),
        Mistake(
            "last-entry", "Your answer is always the last entry of W: i and j are not used.", lambda W, i, j: W[-1, -1]
        ),
        Mistake(
            "first-entry", "Your answer is always the first entry of W: i and j are not used.", lambda W, i, j: W[0, 0]
        ),
    ),
    "grad_W": (
        Mistake(
            "examples-apart",
            "Your answer multiplies the sum of dD over the examples by the sum of X over them. Each example's dD meets "
            "its own column of X, and the sum over examples comes last.",
            lambda dD, X: np.outer(dD.sum(axis=1), X.sum(axis=1)),
        ),
        Mistake(
            "row-convention",
            "Your answer is the formula for examples as rows. Here each example is a column, and the sum is over "
            "columns.",
            lambda dD, X: X.T @ dD,
        ),
    ),
    "grad_X": (
        Mistake(
            "inverse-for-transpose",
            "Your answer uses the inverse of W, which undoes the layer. A gradient goes back through the transpose.",
            lambda W, dD: np.linalg.pinv(W) @ dD,
        ),
        Mistake(
            "row-convention",
            "Your answer is the formula for examples as rows, with W behind. Here each example is a column.",
            lambda W, dD: dD @ W,
        ),
        Mistake(
            "examples-mixed",
            "Your answer is the same for every example: their gradients were added up. Each column of X acts only on "
            "its "
            "own column of D.",
            lambda W, dD: np.repeat((W.T @ dD).sum(axis=1, keepdims=True), dD.shape[1], axis=1),
        ),
    ),
    "grad_b": (
        Mistake(
            "examples-counted",
            "Your answer counts the examples, and dD is not in it: sum what flows in, not ones.",
            lambda dD: np.full((len(dD), 1), float(dD.shape[1])),
        ),
    ),
    "jacobian_D_W": (
        Mistake(
            "inputs-first", f"Your Jacobian has the axes of W before those of the output. {AXES}", _turned(2, 3, 0, 1)
        ),
        Mistake("inputs-exchanged", f"Your Jacobian has the two axes of W exchanged. {AXES}", _turned(0, 1, 3, 2)),
        Mistake("outputs-exchanged", f"Your Jacobian has the two axes of the output exchanged. {AXES}",
            _turned(1, 0, 2, 3)),
        Mistake("axes-reversed", f"Your Jacobian has its axes in the opposite order. {AXES}", _turned(3, 2, 1, 0)),
        Mistake("axes-interleaved", f"Your Jacobian has the two rows first, then the two columns. {AXES}",
            _turned(0, 2, 1, 3)),
        Mistake(
            "every-row-acts",
            "Your Jacobian lets every row of W act on every row of the output. A row of the output is made by the "
            "same row "
            "of W; for every other the derivative is 0.",
            lambda W, X: np.broadcast_to(X.T[None, :, None, :], (len(W), X.shape[1], *W.shape)),
        ),
        Mistake(
            "by-input",
            "Your Jacobian is the one with respect to X: it holds weights, where the entries of X are due.",
            lambda W, X: np.einsum("ad,cb->abcd", W, np.ones((len(W), X.shape[1]))) * np.eye(len(W))[:, None, :, None],
        ),
        Mistake(
            "by-input-in-full",
            "Your Jacobian is the one with respect to X: its last two axes must be those of W.",
            lambda W, X: np.einsum("ij,kl->ikjl", W, np.eye(X.shape[1])),
        ),
        Mistake(
            "ones-for-inputs",
            "Your Jacobian is one where an entry of X is due: the derivative with respect to a weight is what it "
            "multiplies.",
            lambda W, X: _jacobian(W, np.ones_like(X)),
        ),
        Mistake(
            "first-example-only",
            "Your Jacobian is 0 for every example but the first; every column of the output has its own derivatives.",
            lambda W, X: _jacobian(W, X) * (np.arange(X.shape[1]) == 0)[:, None, None],
        ),
        Mistake(
            "rows-left-out",
            "Your Jacobian lacks an axis: it has one for the output's row, but none for the row of W.",
            lambda W, X: np.broadcast_to(X.T, (len(W), *X.T.shape)),
        ),
        Mistake(
            "as-matrix",
            "Your Jacobian has the right numbers as a matrix, outputs down and weights across. It must keep four "
            "axes. " + AXES,
            lambda W, X: _jacobian(W, X).reshape(W.shape[0] * X.shape[1], W.size),
        ),
        Mistake(
            "examples-summed",
            "Your Jacobian is summed over the examples; every entry of the output has its own derivatives.",
            lambda W, X: _jacobian(W, X).sum(axis=1, keepdims=True),
        ),
        Mistake(
            "examples-summed-away",
            "Your Jacobian is summed over the examples; every entry of the output has its own derivatives.",
            lambda W, X: _jacobian(W, X).sum(axis=1),
        ),
        Mistake(
            "wrong-pair-equal",
            "Your Jacobian is different from 0 where the output's row equals the column of W; it is the row of W that "
            "counts.",
            lambda W, X: np.broadcast_to(X.T[None, :, None, :], (len(W), X.shape[1], *W.shape))
            * np.eye(len(W), W.shape[1])[:, None, None, :],
        ),
    ),
}  # fmt: skip
