"""Wrong answers to the functions of one layer in set 5, by function and by what is wrong with them."""

from typing import Any

import numpy as np
from judging import Corpus
from scipy import special


def _softmax(Z: Any) -> Any:
    return special.softmax(Z, axis=1)


def _forward(z1: Any = None, a1: Any = None, z2: Any = None, a2: Any = None, end: Any = None) -> Any:
    """Return a forward pass with one part replaced."""

    def forward(X: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        Z1 = z1(X, W1, b1) if z1 else X @ W1 + b1
        A1 = a1(Z1) if a1 else np.maximum(Z1, 0)
        Z2 = z2(Z1, A1, W2, b2) if z2 else A1 @ W2 + b2
        A2 = a2(Z2) if a2 else _softmax(Z2)
        return end(Z1, A1, Z2, A2) if end else (Z1, A1, Z2, A2)

    return forward


def _loss(log: Any = np.log, mean: Any = None, total: Any = None) -> Any:
    """Return a cross-entropy with one part replaced."""

    def cross_entropy(A2: Any, Y: Any, reduction: str = "mean") -> Any:
        found = total(A2, Y) if total else -np.sum(log(A2[Y == 1]))
        return (mean(found, Y) if mean else found / len(Y)) if reduction == "mean" else found

    return cross_entropy


def _reduced(mean: Any) -> Any:
    """Return grad_Z2 with a mean of its own."""
    return lambda A2, Y, reduction="mean": mean(A2 - Y, Y) if reduction == "mean" else A2 - Y


def _mapped(error: Any) -> Any:
    """Return grad_Z2 with an error of its own."""
    return lambda A2, Y, reduction="mean": error(A2, Y) / (len(Y) if reduction == "mean" else 1)


def _mask_in_place(dA1: Any, Z1: Any) -> Any:
    dA1[Z1 <= 0] = 0
    return dA1


LAYER_W = {
    "not transposed if it fits": lambda A, dZ: A @ dZ if A.shape[1] == len(dZ) else A.T @ dZ,
    "transposed": lambda A, dZ: dZ.T @ A,
    "transposed if square": lambda A, dZ: dZ.T @ A if A.shape[1] == dZ.shape[1] else A.T @ dZ,
    "reshaped": lambda A, dZ: (dZ.T @ A).reshape(A.shape[1], dZ.shape[1]),
    "reshaped input": lambda A, dZ: A.reshape(A.shape[::-1]) @ dZ,
    "mean again": lambda A, dZ: A.T @ dZ / len(A),
    "over the example's 10": lambda A, dZ: A.T @ dZ / 10,
    "first ten examples": lambda A, dZ: A[:10].T @ dZ[:10],
    "first example": lambda A, dZ: np.outer(A[0], dZ[0]),
    "last example": lambda A, dZ: np.outer(A[-1], dZ[-1]),
    "examples summed apart": lambda A, dZ: np.outer(A.sum(axis=0), dZ.sum(axis=0)),
    "upstream ignored": lambda A, dZ: A.T @ np.ones_like(dZ),
    "positive upstream": lambda A, dZ: A.T @ np.maximum(dZ, 0),
}
LAYER_B = {
    "not summed": lambda dZ: dZ,
    "axis 1": lambda dZ: dZ.sum(axis=1, keepdims=True),
    "axis 1 if square": lambda dZ: dZ.sum(axis=1 if dZ.shape[0] == dZ.shape[1] else 0)[None],
    "(k,)": lambda dZ: dZ.sum(axis=0),
    "a column": lambda dZ: dZ.sum(axis=0)[:, None],
    "over everything": lambda dZ: np.full((1, dZ.shape[1]), dZ.sum()),
    "a number": lambda dZ: dZ.sum(),
    "mean": lambda dZ: dZ.mean(axis=0, keepdims=True),
    "over the example's 10": lambda dZ: dZ.sum(axis=0, keepdims=True) / 10,
    "first example": lambda dZ: dZ[:1],
    "last example": lambda dZ: dZ[-1:],
    "a list": lambda dZ: [dZ.sum(axis=0)],
}


def _named(mistakes: Any, *names: str) -> Any:
    """Give mistakes the documented argument names of one function."""

    def renamed(mistake: Any) -> Any:
        return lambda *args, **named: mistake(*args, *(named[name] for name in names[len(args) :]))

    return {what: renamed(mistake) for what, mistake in mistakes.items()}


WRONG: Corpus = {
    "softmax": {
        "overflow": lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True),
        "axis 0": lambda Z: special.softmax(Z, axis=0),
        "whole array": lambda Z: special.softmax(Z, axis=None),
        "one maximum for all": lambda Z: (E := np.exp(Z - Z.max())) / E.sum(axis=1, keepdims=True),
        "smallest for largest": lambda Z: (E := np.exp(Z - Z.min(1, keepdims=True))) / E.sum(1, keepdims=True),
        "axis 0 if square": lambda Z: special.softmax(Z, axis=0 if Z.shape[0] == Z.shape[1] else 1),
        "clipped at 500": lambda Z: _softmax(np.clip(Z, -500, 500)),
        "sigmoid": lambda Z: 1.0 * special.expit(Z),
        "hard": lambda Z: np.eye(Z.shape[1])[Z.argmax(axis=1)],
        "guarded": lambda Z: (E := np.exp(Z - Z.max(axis=1, keepdims=True))) / (E.sum(axis=1, keepdims=True) + 1e-4),
        "logarithm": lambda Z: special.log_softmax(Z, axis=1),
        "powers of two": lambda Z: _softmax(Z * np.log(2)),
        "not normalized": lambda Z: np.exp(Z - Z.max(axis=1, keepdims=True)),
        "changed in place": lambda Z: _softmax(np.subtract(Z, Z.max(axis=1, keepdims=True), out=Z)),
    },
    "forward": {
        "first bias left out": _forward(z1=lambda X, W1, b1: X @ W1),
        "second bias left out": _forward(z2=lambda Z1, A1, W2, b2: A1 @ W2),
        "first bias of the first unit": _forward(z1=lambda X, W1, b1: X @ W1 + b1[0, 0]),
        "Z2 from Z1": _forward(z2=lambda Z1, A1, W2, b2: Z1 @ W2 + b2),
        "no relu": _forward(a1=lambda Z1: Z1),
        "tanh": _forward(a1=np.tanh),
        "leaky": _forward(a1=lambda Z1: np.maximum(Z1, 0.01 * Z1)),
        "softmax over examples": _forward(a2=lambda Z2: special.softmax(Z2, axis=0)),
        "softmax of everything": _forward(a2=special.softmax),
        "sigmoid": _forward(a2=special.expit),
        "softmax left out": _forward(a2=lambda Z2: Z2),
        "only A2": _forward(end=lambda Z1, A1, Z2, A2: A2),
        "order": _forward(end=lambda Z1, A1, Z2, A2: (A2, Z2, A1, Z1)),
        "Z1 rectified in place": _forward(end=lambda Z1, A1, Z2, A2: (A1, A1, Z2, A2)),
        "a dict": _forward(end=lambda Z1, A1, Z2, A2: {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}),
        "first example for all": _forward(z1=lambda X, W1, b1: X[:1] @ W1 + b1 + 0 * X[:, :1]),
    },
    "cross_entropy": {
        "guard of 1e-7": _loss(log=lambda p: np.log(p + 1e-7)),
        "guard of 1e-8": _loss(log=lambda p: np.log(p + 1e-8)),
        "floor of 1e-3": _loss(log=lambda p: np.log(np.maximum(p, 1e-3))),
        "log of 0": lambda A2, Y, reduction="mean": -np.sum(Y * np.log(A2)) / (len(Y) if reduction == "mean" else 1),
        "log2": _loss(log=np.log2),
        "sign": _loss(log=lambda p: -np.log(p)),
        "always the sum": _loss(mean=lambda total, Y: total),
        "always the mean": lambda A2, Y, reduction="mean": -np.mean(np.log(A2[Y == 1])),
        "over m k": _loss(mean=lambda total, Y: total / Y.size),
        "over k": _loss(mean=lambda total, Y: total / Y.shape[1]),
        "over the example's 10": _loss(mean=lambda total, Y: total / 10),
        "binary": _loss(total=lambda A2, Y: -np.sum(special.xlogy(Y, A2) + special.xlog1py(1 - Y, -A2 * (A2 < 1)))),
        "squared error": _loss(total=lambda A2, Y: np.sum((A2 - Y) ** 2)),
        "row by row": lambda A2, Y, reduction="mean": -np.log(A2[Y == 1]),
        "hit or miss": _loss(total=lambda A2, Y: np.sum(A2.argmax(axis=1) != Y.argmax(axis=1))),
        "likelihood": _loss(total=lambda A2, Y: -np.sum(A2 * Y)),
        "best class": _loss(total=lambda A2, Y: -np.sum(np.log(A2.max(axis=1)))),
        "an array of one": lambda A2, Y, reduction="mean": np.array([getattr(-np.log(A2[Y == 1]), reduction)()]),
        "sum by default": lambda A2, Y, reduction="sum": getattr(-np.log(A2[Y == 1]), reduction)(),
    },
    "softmax_jacobian": {
        "diagonal only": lambda a: np.diag(a * (1 - a)),
        "diagonal as a vector": lambda a: a * (1 - a),
        "outer added": lambda a: np.diag(a) + np.outer(a, a),
        "sign": lambda a: np.outer(a, a) - np.diag(a),
        "outer only": lambda a: -np.outer(a, a),
        "inner product": lambda a: np.diag(a) - a @ a,
        "identity for diag": lambda a: np.eye(len(a)) - np.outer(a, a),
        "a(1-a) and 0 for two classes": lambda a: np.diag(a) - np.outer(a, a) * (len(a) <= 2 or np.eye(len(a))),
        "of three classes": lambda a: (np.diag(a) - np.outer(a, a))[:3, :3],
        "a row scaled": lambda a: np.diag(a) - a * np.ones((len(a), 1)),
        "flat": lambda a: (np.diag(a) - np.outer(a, a)).ravel(),
        "softmax again": lambda a: np.diag(s := special.softmax(a)) - np.outer(s, s),
        "off-diagonal sign": lambda a: np.where(np.eye(len(a)) > 0, a - a * a, np.outer(a, a)),
    },
    "grad_Z2": {
        "Y - A2": _mapped(lambda A2, Y: Y - A2),
        "no 1/m from 11 rows on": _reduced(lambda error, Y: error / (len(Y) if len(Y) < 11 else 1)),
        "always the sum": _reduced(lambda error, Y: error),
        "always the mean": lambda A2, Y, reduction="mean": (A2 - Y) / len(Y),
        "over m k": _reduced(lambda error, Y: error / Y.size),
        "over k": _reduced(lambda error, Y: error / Y.shape[1]),
        "over the example's 10": _reduced(lambda error, Y: error / 10),
        "1/m twice": _reduced(lambda error, Y: error / len(Y) ** 2),
        "Y / A2": _mapped(lambda A2, Y: -Y / A2),
        "times a(1-a)": _mapped(lambda A2, Y: (A2 - Y) * A2 * (1 - A2)),
        "true class only": _mapped(lambda A2, Y: (A2 - Y) * Y),
        "A2": _mapped(lambda A2, Y: A2),
        "hit or miss": _reduced(lambda error, Y: error.round() / len(Y)),
        "averaged over examples": _reduced(lambda error, Y: np.repeat(error.mean(axis=0)[None], len(Y), axis=0)),
        "two-class shortcut": _mapped(lambda A2, Y: (A2 - Y)[:, :2]),
        "changed in place": _mapped(lambda A2, Y: np.subtract(A2, Y, out=A2)),
        "P[:, y] -= 1": _mapped(lambda A2, Y: A2 - (Y.sum(axis=0) > 0)),
        "sum by default": lambda A2, Y, reduction="sum": (A2 - Y) / (len(Y) if reduction == "mean" else 1),
    },
    "grad_W2": _named(LAYER_W, "A1", "dZ2"),
    "grad_b2": _named(LAYER_B, "dZ2"),
    "grad_A1": {
        "not transposed if square": lambda dZ2, W2: dZ2 @ (W2 if W2.shape[0] == W2.shape[1] else W2.T),
        "reshaped": lambda dZ2, W2: dZ2 @ W2.reshape(W2.shape[::-1]),
        "transposed": lambda dZ2, W2: W2 @ dZ2.T,
        "upstream ignored": lambda dZ2, W2: np.ones_like(dZ2) @ W2.T,
        "upstream summed": lambda dZ2, W2: np.repeat(dZ2.sum(axis=0, keepdims=True) @ W2.T, len(dZ2), axis=0),
        "mean again": lambda dZ2, W2: dZ2 @ W2.T / len(dZ2),
        "elementwise if it fits": lambda dZ2, W2: W2.T * dZ2 if W2.T.shape == dZ2.shape else dZ2 @ W2.T,
        "first class": lambda dZ2, W2: dZ2[:, :1] @ W2[:, :1].T,
        "two classes": lambda dZ2, W2: dZ2[:, :2] @ W2[:, :2].T,
        "rectified": lambda dZ2, W2: np.maximum(dZ2 @ W2.T, 0),
        "sizes": lambda dZ2, W2: dZ2 @ np.abs(W2).T,
    },
    "grad_Z1": {
        "mask left out": lambda dA1, Z1: dA1 + 0.0,
        "Z1 >= 0": lambda dA1, Z1: dA1 * (Z1 >= 0),
        "Z1 > 1e-8": lambda dA1, Z1: dA1 * (Z1 > 1e-8),
        "half at 0": lambda dA1, Z1: dA1 * (np.sign(Z1) + 1) / 2,
        "mask of the gradient": lambda dA1, Z1: dA1 * (dA1 > 0),
        "times the activation": lambda dA1, Z1: dA1 * np.maximum(Z1, 0),
        "mask inverted": lambda dA1, Z1: dA1 * (Z1 < 0),
        "mask only": lambda dA1, Z1: np.where(Z1 > 0, 1.0, 0.0),
        "mask of the first example": lambda dA1, Z1: dA1 * (Z1[:1] > 0),
        "mask of the summed": lambda dA1, Z1: dA1 * (Z1.sum(axis=0, keepdims=True) > 0),
        "1 - Z1**2": lambda dA1, Z1: dA1 * (1 - Z1**2),
        "changed in place": _mask_in_place,
    },
    "grad_W1": _named(LAYER_W, "X", "dZ1"),
    "grad_b1": _named(LAYER_B, "dZ1"),
}
