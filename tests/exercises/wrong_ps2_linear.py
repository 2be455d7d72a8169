"""Wrong answers to set 2, by function and by what is wrong with them."""

from typing import Any

import numpy as np
from judging import Corpus


def _units(x: Any) -> Any:
    return np.eye(len(x))


def _in_place(f: Any, x: Any, eps: float = 1e-6) -> Any:
    """Nudge the caller's own array, and put it back."""
    grad = np.zeros(len(x))
    for i in range(len(x)):
        old = x[i]
        x[i] = old + eps
        ahead = f(x)
        x[i] = old - eps
        grad[i] = (ahead - f(x)) / (2 * eps)
        x[i] = old
    return grad


def _not_put_back(f: Any, x: Any, eps: float = 1e-6) -> Any:
    x, grad = x.copy(), np.zeros(len(x))
    for i in range(len(x)):
        x[i] += eps
        ahead = f(x)
        x[i] -= 2 * eps
        grad[i] = (ahead - f(x)) / (2 * eps)
    return grad


def _five_points(f: Any, x: Any, eps: float = 1e-6) -> Any:
    def along(u: Any) -> Any:
        return (8 * f(x + eps * u) - 8 * f(x - eps * u) - f(x + 2 * eps * u) + f(x - 2 * eps * u)) / (12 * eps)

    return np.array([along(u) for u in _units(x)])


def _middle_each_time(f: Any, x: Any, eps: float = 1e-6) -> Any:
    grad = np.zeros(len(x))
    for i, u in enumerate(_units(x)):
        f(x)
        grad[i] = (f(x + eps * u) - f(x - eps * u)) / (2 * eps)
    return grad


def _chain(dx: Any = None, dW1: Any = None, dW2: Any = None, end: Any = None) -> Any:
    """Return grad_chain with some parts replaced by functions of (W1, W2, x, g)."""

    def grad_chain(W1: Any, W2: Any, x: Any, dL_dy: Any) -> Any:
        parts = (
            dx(W1, W2, x, dL_dy) if dx else W1.T @ (W2.T @ dL_dy),
            dW1(W1, W2, x, dL_dy) if dW1 else np.outer(W2.T @ dL_dy, x),
            dW2(W1, W2, x, dL_dy) if dW2 else np.outer(dL_dy, W1 @ x),
        )
        return end(parts) if end else parts

    return grad_chain


WRONG: Corpus = {
    "linear": {
        "elementwise": lambda W, x: W * x,
        "transposed": lambda W, x: W.T @ x,
        "row convention": lambda W, x: x @ W if len(x) == len(W) else x @ W.T,
        "a column": lambda W, x: W @ x[:, None],
        "summed over everything": lambda W, x: np.sum(W * x),
        "mean": lambda W, x: np.mean(W * x, axis=1),
        "first input left out": lambda W, x: W[:, 1:] @ x[1:],
        "last input left out": lambda W, x: W[:, :-1] @ x[:-1],
        "the example's two inputs": lambda W, x: W[:, 0] * x[0] + W[:, min(1, len(x) - 1)] * x[min(1, len(x) - 1)],
        "a list": lambda W, x: [row @ x for row in W],
        "whole numbers": lambda W, x: (W @ x).astype(int),
    },
    "grad_x": {
        "not transposed": lambda W, dL_dy: W @ dL_dy,
        "square by luck": lambda W, dL_dy: (W if W.shape[0] == W.shape[1] else W.T) @ dL_dy,
        "sums of W": lambda W, dL_dy: W.sum(axis=0),
        "upstream summed": lambda W, dL_dy: W.sum(axis=0) * dL_dy.sum(),
        "mean": lambda W, dL_dy: W.T @ dL_dy / len(dL_dy),
        "a column": lambda W, dL_dy: W.T @ dL_dy[:, None],
        "elementwise": lambda W, dL_dy: W * dL_dy[:, None],
        "first output only": lambda W, dL_dy: W[0] * dL_dy[0],
        "largest influence": lambda W, dL_dy: np.max(W * dL_dy[:, None], axis=0),
        "sizes": lambda W, dL_dy: np.abs(W).T @ np.abs(dL_dy),
        "reshaped": lambda W, dL_dy: W.reshape(W.shape[::-1]) @ dL_dy,
    },
    "grad_W": {
        "transposed": lambda x, dL_dy: np.outer(x, dL_dy) * 1.0,
        "transposed if square": lambda x, dL_dy: np.outer(x, dL_dy) if len(x) == len(dL_dy) else np.outer(dL_dy, x),
        "reshaped": lambda x, dL_dy: np.outer(x, dL_dy).reshape(len(dL_dy), len(x)),
        "inner product": lambda x, dL_dy: np.dot(x[: len(dL_dy)], dL_dy[: len(x)]),
        "upstream ignored": lambda x, dL_dy: np.outer(np.ones(len(dL_dy)), x),
        "input ignored": lambda x, dL_dy: np.outer(dL_dy, np.ones(len(x))),
        "flat": lambda x, dL_dy: np.outer(dL_dy, x).ravel(),
        "a row": lambda x, dL_dy: x * dL_dy.sum(),
        "mean": lambda x, dL_dy: np.outer(dL_dy, x) / len(dL_dy),
        "input used twice": lambda x, dL_dy: np.outer(dL_dy, x * x),
        "diagonal": lambda x, dL_dy: np.outer(dL_dy, x) * np.eye(len(dL_dy), len(x)),
    },
    "influence": {
        "row": lambda W, dL_dy, i: W[i % len(W)].sum(),
        "upstream ignored": lambda W, dL_dy, i: W[:, i].sum(),
        "first output": lambda W, dL_dy, i: W[0, i] * dL_dy[0],
        "first input": lambda W, dL_dy, i: W[:, 0] @ dL_dy,
        "last input": lambda W, dL_dy, i: W[:, -1] @ dL_dy,
        "next input": lambda W, dL_dy, i: W[:, (i + 1) % W.shape[1]] @ dL_dy,
        "counted from 1": lambda W, dL_dy, i: W[:, i - 1] @ dL_dy,
        "sizes": lambda W, dL_dy, i: np.abs(W[:, i] * dL_dy).sum(),
        "an array of one": lambda W, dL_dy, i: W[:, [i]].T @ dL_dy,
        "all inputs": lambda W, dL_dy, i: W.T @ dL_dy,
        "mean": lambda W, dL_dy, i: np.mean(W[:, i] * dL_dy),
        "not summed": lambda W, dL_dy, i: W[:, i] * dL_dy,
    },
    "numerical_grad": {
        "one-sided": lambda f, x, eps=1e-6: np.array([(f(x + eps * u) - f(x)) / eps for u in _units(x)]),
        "one-sided, one middle": lambda f, x, eps=1e-6: (np.array([f(x + eps * u) for u in _units(x)]) - f(x)) / eps,
        "backward": lambda f, x, eps=1e-6: np.array([(f(x) - f(x - eps * u)) / eps for u in _units(x)]),
        "without the 2": lambda f, x, eps=1e-6: np.array([(f(x + eps * u) - f(x - eps * u)) / eps for u in _units(x)]),
        "precedence": lambda f, x, eps=1e-6: np.array([f(x + eps * u) - f(x - eps * u) / (2 * eps) for u in _units(x)]),
        "divided, multiplied": lambda f, x, eps=1e-6: np.array(
            [(f(x + eps * u) - f(x - eps * u)) / 2 * eps for u in _units(x)]
        ),
        "eps ignored": lambda f, x, eps=1e-6: np.array([(f(x + 1e-6 * u) - f(x - 1e-6 * u)) / 2e-6 for u in _units(x)]),
        "eps has no default": lambda f, x, eps: np.array(
            [(f(x + eps * u) - f(x - eps * u)) / (2 * eps) for u in _units(x)]
        ),
        "half eps": lambda f, x, eps=1e-6: np.array(
            [(f(x + eps / 2 * u) - f(x - eps / 2 * u)) / eps for u in _units(x)]
        ),
        "all coordinates at once": lambda f, x, eps=1e-6: np.full(len(x), (f(x + eps) - f(x - eps)) / (2 * eps)),
        "first coordinate only": lambda f, x, eps=1e-6: (
            (f(x + eps * _units(x)[0]) - f(x - eps * _units(x)[0])) / (2 * eps) * _units(x)[0]
        ),
        "a list": lambda f, x, eps=1e-6: [(f(x + eps * u) - f(x - eps * u)) / (2 * eps) for u in _units(x)],
        "five points": _five_points,
        "middle each time": _middle_each_time,
        "x written to": _in_place,
        "x not put back": _not_put_back,
        "in single precision": lambda f, x, eps=1e-6: np.array(
            [(np.float32(f(x + eps * u)) - np.float32(f(x - eps * u))) / (2 * eps) for u in _units(x)]
        ),
        "in whole steps": lambda f, x, eps=1e-6: np.array([(f(x + u) - f(x - u)) / 2 for u in _units(x)]),
    },
    "grad_chain": {
        "dx through W1 only": _chain(dx=lambda W1, W2, x, g: W1.T @ np.ones(len(W1))),
        "dx with W2 W1 untransposed": _chain(dx=lambda W1, W2, x, g: (W2 @ W1).sum(axis=0)),
        "dW1 transposed": _chain(dW1=lambda W1, W2, x, g: np.outer(x, W2.T @ g)),
        "dW1 without W2": _chain(dW1=lambda W1, W2, x, g: np.outer(np.full(len(W1), g.sum()), x)),
        "dW2 from x": _chain(dW2=lambda W1, W2, x, g: np.outer(g, np.resize(x, len(W1)))),
        "dW2 transposed": _chain(dW2=lambda W1, W2, x, g: np.outer(W1 @ x, g)),
        "dW2 rectified": _chain(dW2=lambda W1, W2, x, g: np.outer(g, np.maximum(W1 @ x, 0))),
        "upstream masked": _chain(dW1=lambda W1, W2, x, g: np.outer((W2.T @ g) * (W1 @ x > 0), x)),
        "order": _chain(end=lambda parts: parts[::-1]),
        "weights exchanged": _chain(end=lambda parts: (parts[0], parts[2], parts[1])),
        "dx a row": _chain(end=lambda parts: (parts[0][None], *parts[1:])),
        "dx left out": _chain(end=lambda parts: parts[1:]),
        "W1 for W2 if square": _chain(
            dx=lambda W1, W2, x, g: W2.T @ (W1.T @ g) if W1.shape == W2.shape[::-1] == W2.shape else W1.T @ (W2.T @ g)
        ),
        "by numeric difference": _chain(dx=lambda W1, W2, x, g: (W1.T @ (W2.T @ g)).round(4)),
    },
}
