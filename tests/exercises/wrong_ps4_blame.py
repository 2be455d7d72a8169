"""Wrong answers to set 4, by function and by what is wrong with them."""

import math
from typing import Any

import numpy as np
from judging import Corpus


def _relu(z: Any) -> Any:
    return np.maximum(z, 0)


def _forward(z1: Any = None, a1: Any = None, y_pred: Any = None, end: Any = None) -> Any:
    """Return a forward pass with one part replaced."""

    def forward(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        z = z1(x, W1, b1) if z1 else x @ W1 + b1
        a = a1(z) if a1 else _relu(z)
        y = y_pred(z, a, W2, b2) if y_pred else a @ W2 + b2
        return end(z, a, y) if end else (z, a, y)

    return forward


def _step(**wrong: Any) -> Any:
    """Return a training step with one part replaced."""

    def train_step(x: Any, y_true: Any, params: Any, lr: float) -> Any:
        W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
        z1 = x @ W1 + b1
        a1 = _relu(z1)
        dy = wrong.get("dy", lambda e: 2 * e / len(e))(a1 @ W2 + b2 - y_true)
        dW2 = np.outer(wrong.get("into_W2", lambda a1, z1: a1)(a1, z1), dy)
        behind = W2 - lr * dW2 if wrong.get("stale") else W2
        dz1 = wrong.get("dz1", lambda da1, z1, a1: da1 * (z1 > 0))(behind @ dy, z1, a1)
        grads = {"W1": np.outer(x, dz1), "b1": dz1, "W2": dW2, "b2": dy}
        return wrong.get("update", lambda p, g, lr: {name: p[name] - lr * g[name] for name in p})(params, grads, lr)

    return train_step


def _in_place(params: Any, grads: Any, lr: float) -> Any:
    for name, grad in grads.items():
        params[name] -= lr * grad
    return params


def _same_dict(params: Any, grads: Any, lr: float) -> Any:
    params.update({name: params[name] - lr * grad for name, grad in grads.items()})
    return params


def _only(*moved: str) -> Any:
    return lambda p, g, lr: {name: p[name] - lr * g[name] * (name in moved) for name in p}


def _updated(step: Any) -> Any:
    return lambda p, g, lr: {name: step(p[name], g[name], lr) for name in p}


WRONG: Corpus = {
    "forward": {
        "bias left out": _forward(z1=lambda x, W1, b1: x @ W1),
        "W1 transposed if square": _forward(z1=lambda x, W1, b1: (W1 @ x if len(x) == len(b1) else x @ W1) + b1),
        "no relu": _forward(a1=lambda z: z),
        "relu backwards": _forward(a1=lambda z: np.minimum(z, 0)),
        "size for relu": _forward(a1=np.abs),
        "leaky relu": _forward(a1=lambda z: np.where(z > 0, z, 0.01 * z)),
        "sigmoid": _forward(a1=lambda z: 1 / (1 + np.exp(-z))),
        "z1 rectified in place": _forward(end=lambda z, a, y: (a, a, y)),
        "output from z1": _forward(y_pred=lambda z, a, W2, b2: z @ W2 + b2),
        "output rectified": _forward(y_pred=lambda z, a, W2, b2: _relu(a @ W2 + b2)),
        "output without bias": _forward(y_pred=lambda z, a, W2, b2: a @ W2),
        "first output for all": _forward(y_pred=lambda z, a, W2, b2: a @ W2 + b2[0]),
        "only the output": _forward(end=lambda z, a, y: y),
        "order": _forward(end=lambda z, a, y: (a, z, y)),
        "a row": _forward(end=lambda z, a, y: (z, a, y[None])),
        "output as a number": _forward(end=lambda z, a, y: (z, a, float(y[0]))),
    },
    "mse_loss": {
        "sum": lambda y_pred, y_true: np.sum((y_pred - y_true) ** 2),
        "half": lambda y_pred, y_true: np.mean((y_pred - y_true) ** 2) / 2,
        "half the sum": lambda y_pred, y_true: np.sum((y_pred - y_true) ** 2) / 2,
        "root": lambda y_pred, y_true: np.sqrt(np.mean((y_pred - y_true) ** 2)),
        "absolute": lambda y_pred, y_true: np.mean(np.abs(y_pred - y_true)),
        "not averaged": lambda y_pred, y_true: (y_pred - y_true) ** 2,
        "first output": lambda y_pred, y_true: (y_pred[0] - y_true[0]) ** 2,
        "square of the mean": lambda y_pred, y_true: np.mean(y_pred - y_true) ** 2,
        "every pair": lambda y_pred, y_true: np.mean((y_pred[:, None] - y_true) ** 2),
        "an array of one": lambda y_pred, y_true: np.mean((y_pred - y_true) ** 2, keepdims=True),
        "plus": lambda y_pred, y_true: np.mean((y_pred + y_true) ** 2),
    },
    "grad_y_pred": {
        "mean left out": lambda y_pred, y_true: 2 * (y_pred - y_true),
        "2 left out": lambda y_pred, y_true: (y_pred - y_true) / len(y_pred),
        "both left out": lambda y_pred, y_true: y_pred - y_true,
        "sign": lambda y_pred, y_true: 2 * (y_true - y_pred) / len(y_pred),
        "mean twice": lambda y_pred, y_true: 2 * (y_pred - y_true) / len(y_pred) ** 2,
        "averaged": lambda y_pred, y_true: np.mean(2 * (y_pred - y_true)),
        "averaged over outputs": lambda y_pred, y_true: np.full_like(y_pred, 2 * np.mean(y_pred - y_true)),
        "sign of the error": lambda y_pred, y_true: np.sign(y_pred - y_true) / len(y_pred),
        "one output's": lambda y_pred, y_true: 2 * (y_pred - y_true) / 1,
        "two outputs'": lambda y_pred, y_true: 2 * (y_pred - y_true) / 2,
        "a column": lambda y_pred, y_true: (2 * (y_pred - y_true) / len(y_pred))[:, None],
        "y_true left out": lambda y_pred, y_true: 2 * y_pred / len(y_pred),
    },
    "grad_W2": {
        "transposed": lambda a1, d_loss_y: np.outer(d_loss_y, a1),
        "transposed if square": lambda a1, d_loss_y: (
            np.outer(d_loss_y, a1) if len(a1) == len(d_loss_y) else np.outer(a1, d_loss_y)
        ),
        "reshaped": lambda a1, d_loss_y: np.outer(d_loss_y, a1).reshape(len(a1), len(d_loss_y)),
        "elementwise": lambda a1, d_loss_y: a1 * d_loss_y[0],
        "one output": lambda a1, d_loss_y: np.outer(a1, np.full(len(d_loss_y), d_loss_y[0])),
        "flat": lambda a1, d_loss_y: np.outer(a1, d_loss_y).ravel(),
        "mask for a1": lambda a1, d_loss_y: np.outer(a1 > 0, d_loss_y),
        "upstream ignored": lambda a1, d_loss_y: np.outer(a1, np.ones(len(d_loss_y))),
        "sign": lambda a1, d_loss_y: -np.outer(a1, d_loss_y),
        "mean over outputs": lambda a1, d_loss_y: np.outer(a1, d_loss_y) / len(d_loss_y),
    },
    "grad_b2": {
        "sum": lambda d_loss_y: d_loss_y.sum(),
        "sum, kept": lambda d_loss_y: d_loss_y.sum(keepdims=True),
        "mean for each": lambda d_loss_y: np.full_like(d_loss_y, d_loss_y.mean()),
        "ones": lambda d_loss_y: np.ones(len(d_loss_y)),
        "a row": lambda d_loss_y: d_loss_y[None],
        "a column": lambda d_loss_y: d_loss_y[:, None],
        "halved": lambda d_loss_y: d_loss_y / 2,
        "backwards": lambda d_loss_y: d_loss_y[::-1],
        "rectified": lambda d_loss_y: d_loss_y * (d_loss_y > 0),
        "a list": lambda d_loss_y: [*d_loss_y],
    },
    "grad_a1": {
        "not transposed if square": lambda d_loss_y, W2: W2.T @ d_loss_y if len(W2) == len(d_loss_y) else W2 @ d_loss_y,
        "sums of W2": lambda d_loss_y, W2: W2.sum(axis=1),
        "upstream summed": lambda d_loss_y, W2: W2.sum(axis=1) * d_loss_y.sum(),
        "not summed": lambda d_loss_y, W2: W2 * d_loss_y,
        "first output": lambda d_loss_y, W2: W2[:, 0] * d_loss_y[0],
        "mean": lambda d_loss_y, W2: W2 @ d_loss_y / len(d_loss_y),
        "a row": lambda d_loss_y, W2: (W2 @ d_loss_y)[None],
        "reshaped": lambda d_loss_y, W2: d_loss_y @ W2.reshape(W2.shape[::-1]),
        "axes summed apart": lambda d_loss_y, W2: np.full(len(W2), (W2 @ d_loss_y).sum()),
        "rectified": lambda d_loss_y, W2: _relu(W2 @ d_loss_y),
    },
    "grad_z1": {
        "mask left out": lambda d_a1, z1: d_a1 * 1.0,
        "z1 >= 0": lambda d_a1, z1: d_a1 * (z1 >= 0),
        "-0.0 let through": lambda d_a1, z1: d_a1 * ((z1 > 0) | (np.signbit(z1) & (z1 == 0))),
        "+0.0 let through": lambda d_a1, z1: d_a1 * ((z1 > 0) | (~np.signbit(z1) & (z1 == 0))),
        "z1 > 1e-8": lambda d_a1, z1: d_a1 * (z1 > 1e-8),
        "half at 0": lambda d_a1, z1: d_a1 * (np.sign(z1) + 1) / 2,
        "mask of the gradient": lambda d_a1, z1: d_a1 * (d_a1 > 0),
        "gradient rectified": lambda d_a1, z1: _relu(d_a1),
        "times the activation": lambda d_a1, z1: d_a1 * _relu(z1),
        "times z1": lambda d_a1, z1: d_a1 * z1,
        "mask inverted": lambda d_a1, z1: d_a1 * (z1 < 0),
        "mask only": lambda d_a1, z1: (z1 > 0).astype(float),
        "all or nothing": lambda d_a1, z1: d_a1 * np.all(z1 > 0),
        "leaky": lambda d_a1, z1: d_a1 * np.where(z1 > 0, 1.0, 0.01),
        "relu of the product": lambda d_a1, z1: _relu(d_a1 * z1),
        "dropped entries": lambda d_a1, z1: d_a1[z1 > 0],
    },
    "grad_W1": {
        "transposed": lambda x, d_z1: np.outer(d_z1, x),
        "transposed if square": lambda x, d_z1: np.outer(d_z1, x) if len(x) == len(d_z1) else np.outer(x, d_z1),
        "reshaped": lambda x, d_z1: np.outer(d_z1, x).reshape(len(x), len(d_z1)),
        "inner product": lambda x, d_z1: np.dot(np.resize(x, len(d_z1)), d_z1),
        "masked again": lambda x, d_z1: np.outer(x, d_z1 * (d_z1 > 0)),
        "positive inputs": lambda x, d_z1: np.outer(_relu(x), d_z1),
        "size of inputs": lambda x, d_z1: np.outer(np.abs(x), d_z1),
        "the example's two inputs": lambda x, d_z1: np.outer(np.where(np.arange(len(x)) < 2, x, 0), d_z1),
        "input ignored": lambda x, d_z1: np.outer(np.ones(len(x)), d_z1),
        "mean over inputs": lambda x, d_z1: np.outer(x, d_z1) / len(x),
    },
    "grad_b1": {
        "sum": lambda d_z1: d_z1.sum(),
        "sum, kept": lambda d_z1: d_z1.sum(keepdims=True),
        "mask": lambda d_z1: (d_z1 != 0).astype(float),
        "a row": lambda d_z1: d_z1[None],
        "rectified": lambda d_z1: _relu(z=d_z1),
        "first of two": lambda d_z1: np.where(np.arange(len(d_z1)) < 2, d_z1, 0),
        "mean": lambda d_z1: d_z1 / len(d_z1),
        "sorted": lambda d_z1: np.sort(d_z1, axis=0),
    },
    "train_step": {
        ">= on the corner": _step(dz1=lambda da1, z1, a1: da1 * (z1 >= 0)),
        "sign of the update": _step(update=_updated(lambda p, g, lr: p + lr * g)),
        "lr ignored": _step(update=_updated(lambda p, g, lr: p - 0.1 * g)),
        "lr left out": _step(update=_updated(lambda p, g, lr: p - g)),
        "size of lr": _step(update=_updated(lambda p, g, lr: p - abs(lr) * g)),
        "lr of at most 1": _step(update=_updated(lambda p, g, lr: p - min(lr, 1.0) * g)),
        "p minus lr p": _step(update=_updated(lambda p, g, lr: p - lr * p)),
        "sign of the gradient": _step(update=_updated(lambda p, g, lr: p - lr * np.sign(g))),
        "clipped": _step(update=_updated(lambda p, g, lr: p - lr * np.clip(g, -1, 1))),
        "decayed": _step(update=_updated(lambda p, g, lr: p - lr * (g + 1e-4 * p))),
        "gradients for parameters": _step(update=lambda p, g, lr: g),
        "changed in place": _step(update=_in_place),
        "same dict": _step(update=_same_dict),
        "biases left": _step(update=_only("W1", "W2")),
        "b2 left": _step(update=_only("W1", "b1", "W2")),
        "W1 left": _step(update=_only("b1", "W2", "b2")),
        "one key missing": _step(update=lambda p, g, lr: {name: p[name] - lr * g[name] for name in ("W1", "b1", "W2")}),
        "one key more": _step(update=lambda p, g, lr: {**{name: p[name] - lr * g[name] for name in p}, "loss": 0.0}),
        "a tuple": _step(update=lambda p, g, lr: tuple(p[name] - lr * g[name] for name in p)),
        "mask left out": _step(dz1=lambda da1, z1, a1: da1),
        "mask of the gradient": _step(dz1=lambda da1, z1, a1: da1 * (da1 > 0)),
        "times the activation": _step(dz1=lambda da1, z1, a1: da1 * a1),
        "sum for mean": _step(dy=lambda e: 2 * e),
        "2 left out": _step(dy=lambda e: e / len(e)),
        "W2 updated first": _step(stale=True),
        "dW2 from z1": _step(into_W2=lambda a1, z1: z1),
    },
    "blame_bar": {
        "rounded": lambda value: "|" * round(abs(value) * 10),
        "rounded up": lambda value: "|" * math.ceil(abs(value) * 10),
        "sign lost": lambda value: "|" * int(value * 10),
        "floor": lambda value: "|" * abs(math.floor(value * 10)),
        "whole blame": lambda value: "|" * (int(abs(value)) * 10),
        "not tenfold": lambda value: "|" * int(abs(value)),
        "hundredfold": lambda value: "|" * int(abs(value) * 100),
        "other stroke": lambda value: "I" * int(abs(value) * 10),
        "with a sign": lambda value: ("-" if value < 0 else "") + "|" * int(abs(value) * 10),
        "never empty": lambda value: "|" * max(1, int(abs(value) * 10)),
        "at most 20": lambda value: "|" * min(20, int(abs(value) * 10)),
        "a new line": lambda value: "|" * int(abs(value) * 10) + "\n",
        "a list": lambda value: ["|"] * int(abs(value) * 10),
        "the length": lambda value: int(abs(value) * 10),
        "bytes": lambda value: b"|" * int(abs(value) * 10),
    },
}
