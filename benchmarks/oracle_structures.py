"""Normalisations, convolutions, attention and recurrence, with mistakes in their gradients."""

from collections.abc import Callable
from typing import Any

import numpy as np
from oracle_family import Draws, FloatArray, Problem, family, softmax

STABILITY = 1e-5


def _normalised(draws: Draws, axis: int) -> Problem:
    """Y = gamma (X - mean) / deviation along an axis, with respect to X."""
    m, d = draws.sizes[0] + 2, draws.sizes[1] + 2
    X, g, gamma = draws.normal(m, d, scale=draws.moderate), draws.above((m, d)), 1.0 + draws.random.random((1, d))

    def parts(x: FloatArray) -> tuple[Any, Any]:
        centred = x - x.mean(axis=axis, keepdims=True)
        return centred, np.sqrt(np.mean(centred**2, axis=axis, keepdims=True) + STABILITY)

    def mean(x: FloatArray) -> Any:
        return np.mean(x, axis=axis, keepdims=True)

    centred, deviation = parts(X)
    hat, up = centred / deviation, g * gamma
    return Problem(
        lambda x: np.sum(up * parts(x)[0] / parts(x)[1]), X, (up - mean(up) - hat * mean(up * hat)) / deviation,
        {
            "variance's path dropped": lambda: (up - mean(up)) / deviation,
            "mean's path dropped": lambda: (up - hat * mean(up * hat)) / deviation,
            "both paths dropped": lambda: up / deviation,
            "gamma left out": lambda: (g - mean(g) - hat * mean(g * hat)) / deviation,
            "deviation left out": lambda: up - mean(up) - hat * mean(up * hat),
            "variance for deviation": lambda: (up - mean(up) - hat * mean(up * hat)) / deviation**2,
            "sums for means": lambda: (up - X.shape[axis] * mean(up) - hat * mean(up * hat)) / deviation,
            "not normalised inside": lambda: (up - mean(up) - centred * mean(up * centred)) / deviation,
            "mean's path added": lambda: (up + mean(up) - hat * mean(up * hat)) / deviation,
            "over the other axis": lambda: (up - np.mean(up, axis=1 - axis, keepdims=True)) / deviation,
        },
    )  # fmt: skip


@family
def batch_norm(draws: Draws) -> Problem:
    """Batch normalisation, over the examples."""
    return _normalised(draws, 0)


@family
def layer_norm(draws: Draws) -> Problem:
    """Layer normalisation, over the features."""
    return _normalised(draws, 1)


@family
def norm_scale(draws: Draws) -> Problem:
    """Y = gamma * hat + beta with respect to gamma."""
    m, d = draws.sizes[0] + 1, draws.sizes[1]
    X, g, gamma = draws.normal(m, d, scale=2.0) + 1, draws.above((m, d)), draws.normal(d, scale=draws.inputs)
    hat = (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + STABILITY)
    return Problem(
        lambda p: np.sum(g * (p * hat + 1)), gamma, np.sum(g * hat, axis=0),
        {
            "inputs not normalised": lambda: np.sum(g * X, axis=0),
            "the shift's gradient": lambda: np.sum(g, axis=0),
            "mean instead of sum": lambda: np.mean(g * hat, axis=0),
            "not summed": lambda: g * hat,
            "upstream ignored": lambda: np.sum(hat**2, axis=0),
        },
    )  # fmt: skip


def _convolved(x: FloatArray, w: FloatArray) -> Any:
    rows, columns = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    return sum(
        w[i, j] * x[i : i + rows, j : j + columns] for i in range(w.shape[0]) for j in range(w.shape[1])
    )  # fmt: skip


def _images(draws: Draws) -> tuple[FloatArray, FloatArray, FloatArray]:
    height, width = draws.sizes[0] + 2, draws.sizes[1] + 2
    x, w = draws.normal(height, width, scale=draws.inputs), draws.normal(2, 2)
    return x, w, draws.above((height - 1, width - 1))


@family
def convolution_weights(draws: Draws) -> Problem:
    """Y = X * w without padding, with respect to w."""
    x, w, g = _images(draws)
    true = _convolved(x, g)
    return Problem(
        lambda p: np.sum(g * _convolved(x, p)), w, true,
        {
            "kernel flipped": lambda: true[::-1, ::-1],
            "upstream flipped": lambda: _convolved(x, g[::-1, ::-1]),
            "transposed": lambda: true.T,
            "mean over the places": lambda: true / g.size,
            "off by one place": lambda: np.roll(true, 1, axis=0),
            "inputs not shifted": lambda: np.full_like(w, np.sum(g * x[:-1, :-1])),
        },
    )  # fmt: skip


@family
def convolution_inputs(draws: Draws) -> Problem:
    """Y = X * w without padding, with respect to X."""
    x, w, g = _images(draws)
    padded = np.pad(g, 1)
    return Problem(
        lambda p: np.sum(g * _convolved(p, w)), x, _convolved(padded, w[::-1, ::-1]),
        {
            "kernel not flipped": lambda: _convolved(padded, w),
            "kernel flipped along one axis": lambda: _convolved(padded, w[::-1]),
            "kernel transposed": lambda: _convolved(padded, w[::-1, ::-1].T),
            "border left out": lambda: np.pad(_convolved(padded, w[::-1, ::-1])[1:-1, 1:-1], 1),
            "not padded": lambda: _convolved(g, w) if min(g.shape) > 1 else g,
        },
    )  # fmt: skip


@family
def max_pooling(draws: Draws) -> Problem:
    """The maximum of each of some windows."""
    n, width = draws.sizes[0], draws.sizes[1] + 1
    X, g = draws.normal(n, width, scale=draws.inputs), draws.above((n,))
    mask = np.max(X, axis=1, keepdims=True) == X
    return Problem(
        lambda p: np.sum(g * p.max(axis=1)), X, g[:, None] * mask,
        {
            "spread over the window": lambda: np.repeat(g[:, None] / width, width, axis=1),
            "to the whole window": lambda: np.repeat(g[:, None], width, axis=1),
            "to the first place": lambda: g[:, None] * np.eye(width)[np.zeros(n, dtype=int)],
            "to the smallest": lambda: g[:, None] * (np.min(X, axis=1, keepdims=True) == X),
            "times the maximum": lambda: g[:, None] * mask * X,
        },
    )  # fmt: skip


@family
def embedding(draws: Draws) -> Problem:
    """Rows looked up in a table, some of them more than once."""
    rows, width = draws.sizes[0] + 1, draws.sizes[1]
    table, which = draws.normal(rows, width, scale=draws.inputs), draws.random.integers(rows, size=rows + 3)
    g = draws.above((rows + 3, width))
    true = np.zeros_like(table)
    np.add.at(true, which, g)

    def assigned() -> FloatArray:
        wrong = np.zeros_like(table)
        wrong[which] = g
        return wrong

    return Problem(
        lambda p: np.sum(g * p[which]), table, true,
        {
            "repeated rows overwritten": assigned,
            "mean of repeated rows": lambda: true / np.maximum(1, np.bincount(which, minlength=rows))[:, None],
            "every row": lambda: np.broadcast_to(g.sum(axis=0), table.shape),
            "counts only": lambda: np.repeat(np.bincount(which, minlength=rows)[:, None], width, axis=1),
        },
    )  # fmt: skip


@family
def attention_queries(draws: Draws) -> Problem:
    """softmax(Q K^T / sqrt(d)) V with respect to Q."""
    n, d = draws.sizes[0] + 1, draws.sizes[1] + 1
    Q, K, V = draws.normal(n, d, scale=draws.moderate), draws.normal(n, d), draws.normal(n, d)
    g, root = draws.above((n, d)), d**0.5
    P = softmax(Q @ K.T / root)
    dP = g @ V.T
    dS = P * (dP - np.sum(dP * P, axis=1, keepdims=True))
    return Problem(
        lambda p: np.sum(g * (softmax(p @ K.T / root) @ V)), Q, dS @ K / root,
        {
            "scale left out": lambda: dS @ K,
            "scale squared": lambda: dS @ K / d,
            "softmax's diagonal only": lambda: (dP * P * (1 - P)) @ K / root,
            "scores transposed": lambda: dS.T @ K / root,
            "values for keys": lambda: dS @ V / root,
            "softmax left out": lambda: dP @ K / root,
            "the keys' gradient": lambda: dS.T @ Q / root,
        },
    )  # fmt: skip


@family
def recurrence(draws: Draws) -> Problem:
    """A recurrent network, h' = tanh(x + h W), over three steps, with respect to W."""
    d = draws.sizes[0] + 1
    xs, W, g = draws.normal(3, d), draws.normal(d, d, scale=min(0.5, draws.inputs)), draws.above((d,))

    def states(w: FloatArray) -> list[Any]:
        found = [np.ones(d)]
        for x in xs:
            found.append(np.tanh(x + found[-1] @ w))
        return found

    hs = states(W)

    def backward(
        *, steps: int = 3, slope: Callable[[Any], Any] = lambda h: 1 - h**2, turned: bool = True
    ) -> FloatArray:
        total, dh = np.zeros_like(W), g
        for t in reversed(range(3 - steps, 3)):
            dz = dh * slope(hs[t + 1])
            total += np.outer(hs[t], dz)
            dh = dz @ (W.T if turned else W)
        return total

    return Problem(
        lambda w: np.sum(g * states(w)[-1]), W, backward(),
        {
            "last step only": lambda: backward(steps=1),
            "first step left out": lambda: backward(steps=2),
            "slope left out": lambda: backward(slope=np.ones_like),
            "slope 1 - h": lambda: backward(slope=lambda h: 1 - h),
            "weights not transposed": lambda: backward(turned=False),
            "mean over time": lambda: backward() / 3,
        },
    )  # fmt: skip
