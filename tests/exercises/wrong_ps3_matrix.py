"""Wrong answers to set 3, by function and by what is wrong with them."""

from typing import Any

import numpy as np
from judging import Corpus


def _is_square(A: Any) -> bool:
    return bool(A.shape[0] == A.shape[1])


def _jacobian(entry: Any) -> Any:
    """Return a Jacobian whose entry (a, b, c, d) is a function of W, X and the four numbers."""

    def jacobian_D_W(W: Any, X: Any) -> Any:
        (n, m), p = W.shape, X.shape[1]
        J = np.zeros((n, p, n, m))
        for a, b, c, d in np.ndindex(*J.shape):
            J[a, b, c, d] = entry(W, X, a, b, c, d)
        return J

    return jacobian_D_W


def _true(W: Any, X: Any) -> Any:
    return np.einsum("ac,db->abcd", np.eye(W.shape[0]), X)


WRONG: Corpus = {
    "forward": {
        "bias left out": lambda W, X, b: W @ X,
        "bias subtracted": lambda W, X, b: W @ X - b,
        "bias summed": lambda W, X, b: W @ X + b.sum(),
        "bias once": lambda W, X, b: np.concatenate([W @ X[:, :1] + b, W @ X[:, 1:]], axis=1),
        "bias along the rows": lambda W, X, b: W @ X + np.resize(b, (1, X.shape[1])),
        "bias broadcast over a square": lambda W, X, b: W @ X + (b.T if len(b) == X.shape[1] else b),
        "row convention": lambda W, X, b: (X.T @ W.T).T + b[0],
        "transposed": lambda W, X, b: (W @ X + b).T,
        "bias added twice": lambda W, X, b: W @ X + 2 * b,
        "rectified": lambda W, X, b: np.maximum(W @ X + b, 0),
        "first example": lambda W, X, b: W @ X[:, :1] + b,
    },
    "partial": {
        "transposed": lambda W, i, j: W.T[i, j],
        "exchanged": lambda W, i, j: W[j % W.shape[0], i % W.shape[1]],
        "sum of a row": lambda W, i, j: W[i].sum(),
        "sum of a column": lambda W, i, j: W[:, j].sum(),
        "a row": lambda W, i, j: W[i],
        "an array of one": lambda W, i, j: W[[i], [j]],
        "counted from 1": lambda W, i, j: W[i - 1, j - 1],
        "diagonal": lambda W, i, j: W[i, i % W.shape[1]],
        "last entry": lambda W, i, j: W[-1, -1],
        "size": lambda W, i, j: abs(W[i, j]),
        "whole part": lambda W, i, j: int(W[i, j]),
    },
    "grad_W": {
        "X.T @ dD": lambda dD, X: X.T @ dD if _is_square(X) and dD.shape == X.shape else dD @ X,
        "transposed": lambda dD, X: X @ dD.T,
        "transposed if square": lambda dD, X: X @ dD.T if len(X) == len(dD) else dD @ X.T,
        "reshaped": lambda dD, X: (X @ dD.T).reshape(len(dD), len(X)),
        "mean over examples": lambda dD, X: dD @ X.T / X.shape[1],
        "first example": lambda dD, X: np.outer(dD[:, 0], X[:, 0]),
        "last example": lambda dD, X: np.outer(dD[:, -1], X[:, -1]),
        "examples summed apart": lambda dD, X: np.outer(dD.sum(axis=1), X.sum(axis=1)),
        "not transposed if it fits": lambda dD, X: dD @ X if _is_square(X) else dD @ X.T,
        "the batch of the example": lambda dD, X: dD[:, :3] @ X[:, :3].T,
        "upstream ignored": lambda dD, X: np.ones_like(dD) @ X.T,
    },
    "grad_X": {
        "dD W": lambda W, dD: dD @ W if dD.shape[1] == len(W) else W.T @ dD * 0,
        "not transposed if square": lambda W, dD: W @ dD if _is_square(W) else W.T @ dD,
        "reshaped": lambda W, dD: W.reshape(W.shape[::-1]) @ dD,
        "transposed": lambda W, dD: dD.T @ W,
        "mean over examples": lambda W, dD: W.T @ dD / dD.shape[1],
        "summed over examples": lambda W, dD: np.repeat((W.T @ dD).sum(axis=1, keepdims=True), dD.shape[1], axis=1),
        "upstream ignored": lambda W, dD: W.T @ np.ones_like(dD),
        "first output": lambda W, dD: np.outer(W[0], dD[0]),
        "last output left out": lambda W, dD: W[:-1].T @ dD[:-1],
        "inverse": lambda W, dD: np.linalg.pinv(W) @ dD,
        "sizes": lambda W, dD: np.abs(W).T @ dD,
    },
    "grad_b": {
        "not summed": lambda dD: dD,
        "axis 0": lambda dD: dD.sum(axis=0, keepdims=True),
        "axis 0 if square": lambda dD: dD.sum(axis=0 if _is_square(dD) else 1).reshape(-1, 1),
        "(n,)": lambda dD: dD.sum(axis=1),
        "a row": lambda dD: dD.sum(axis=1)[None],
        "over everything": lambda dD: np.full((len(dD), 1), dD.sum()),
        "a number": lambda dD: dD.sum(),
        "mean": lambda dD: dD.mean(axis=1, keepdims=True),
        "first example": lambda dD: dD[:, :1],
        "last example": lambda dD: dD[:, -1:],
        "ones": lambda dD: np.ones((len(dD), 1)) * dD.shape[1],
        "largest": lambda dD: dD.max(axis=1, keepdims=True),
        "a list of lists": lambda dD: [[row.sum()] for row in dD],
    },
    "jacobian_D_W": {
        "X transposed if square": lambda W, X: _true(W, X.T if _is_square(X) else X),
        "inputs first": lambda W, X: _true(W, X).transpose(2, 3, 0, 1),
        "inputs exchanged": lambda W, X: _true(W, X).transpose(0, 1, 3, 2),
        "outputs exchanged": lambda W, X: _true(W, X).transpose(1, 0, 2, 3),
        "no delta": _jacobian(lambda W, X, a, b, c, d: X[d, b]),
        "with respect to X": _jacobian(lambda W, X, a, b, c, d: W[a, d] * (c == a)),
        "delta of the wrong pair": _jacobian(lambda W, X, a, b, c, d: X[d, b] * (a == d)),
        "row of X": _jacobian(lambda W, X, a, b, c, d: X[b % len(X), d % X.shape[1]] * (a == c)),
        "ones": _jacobian(lambda W, X, a, b, c, d: float(a == c)),
        "a matrix": lambda W, X: _true(W, X).reshape(W.shape[0] * X.shape[1], W.size),
        "diagonal blocks": lambda W, X: np.broadcast_to(X.T, (len(W), *X.T.shape)),
        "summed over examples": lambda W, X: _true(W, X).sum(axis=1, keepdims=True),
        "reshaped": lambda W, X: np.kron(np.eye(len(W)), X).reshape(len(W), X.shape[1], len(W), X.shape[0]),
    },
}
