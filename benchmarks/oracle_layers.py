"""Layers and activations, with their gradients and the mistakes that people make in them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from oracle_family import Draws, FloatArray, Problem, family, sigmoid

Elementwise = Callable[[Any], Any]


@family
def linear_weights(draws: Draws) -> Problem:
    """Z = X W + b with respect to W."""
    m, d, k = draws.sizes[:3]
    X, W, b = draws.normal(m, d, scale=draws.inputs), draws.normal(d, k), draws.normal(1, k)
    g = draws.above((m, k))
    return Problem(
        lambda p: np.sum(g * (X @ p + b)), W, X.T @ g,
        {
            "mean over the batch": lambda: X.T @ g / m,
            "only the first example": lambda: np.outer(X[0], g[0]),
            "only the last example": lambda: np.outer(X[-1], g[-1]),
            "upstream ignored": lambda: X.T @ np.ones_like(g),
            "absolute inputs": lambda: np.abs(X).T @ g,
            "transposed": lambda: (X.T @ g).T,
            "product of sums": lambda: np.outer(X.sum(axis=0), g.sum(axis=0)),
            "weights in place of inputs": lambda: W * g.sum(axis=0),
            "upstream's sign only": lambda: X.T @ np.sign(g),
        },
    )  # fmt: skip


@family
def linear_inputs(draws: Draws) -> Problem:
    """Z = X W with respect to X."""
    m, d, k = draws.sizes[:3]
    X, W, g = draws.normal(m, d, scale=draws.inputs), draws.normal(d, k), draws.above((m, k))
    return Problem(
        lambda p: np.sum(g * (p @ W)), X, g @ W.T,
        {
            "weights not transposed": lambda: g @ W if d == k else W,
            "weights after a step": lambda: g @ (W - 0.1 * W.mean() - 0.1).T,
            "upstream ignored": lambda: np.ones_like(g) @ W.T,
            "mean over the batch": lambda: g @ W.T / m,
            "flattened": lambda: (g @ W.T).reshape(-1),
            "reshape for transpose": lambda: g @ W.reshape(k, d),
            "summed over the batch": lambda: np.broadcast_to((g @ W.T).sum(axis=0), X.shape),
        },
    )  # fmt: skip


@family
def linear_bias(draws: Draws) -> Problem:
    """Z = S + b with respect to b."""
    m, k = draws.sizes[:2]
    S, b, g = draws.normal(m, k), draws.normal(1, k, scale=draws.inputs), draws.above((m, k))
    return Problem(
        lambda p: np.sum(g * (S + p)), b, g.sum(axis=0, keepdims=True),
        {
            "mean instead of sum": lambda: g.mean(axis=0, keepdims=True),
            "sum over everything": lambda: np.full_like(b, g.sum()),
            "not summed": lambda: g,
            "without keepdims": lambda: g.sum(axis=0),
            "summed over the other axis": lambda: g.sum(axis=1, keepdims=True),
            "first example": lambda: g[:1],
            "number of examples": lambda: np.full_like(b, m),
        },
    )  # fmt: skip


def _elementwise(
    draws: Draws, map_: Elementwise, slope: Elementwise, wrong: dict[str, Elementwise], scale: float
) -> Problem:
    """An activation: each mistake is another slope, as a function of Z."""
    shape = draws.sizes[:2]
    Z, g = draws.normal(*shape, scale=scale), draws.above(shape)
    mistakes = {
        **{name: lambda one=one: g * one(Z) for name, one in wrong.items()},
        "upstream ignored": lambda: slope(Z),
        "upstream added": lambda: g + slope(Z),
        "local slope left out": lambda: g,
    }
    return Problem(lambda p: np.sum(g * map_(p)), Z, g * slope(Z), mistakes)


@family
def relu(draws: Draws) -> Problem:
    """A = max(Z, 0)."""
    return _elementwise(
        draws, lambda z: np.maximum(z, 0), lambda z: z > 0,
        {
            "mask inverted": lambda z: z <= 0,
            "multiplied by the activation": lambda z: np.maximum(z, 0),
            "multiplied by Z": lambda z: z,
            "mask of another layer": lambda z: z[:, ::-1] > 0,
            "sign for mask": np.sign,
            "leaky": lambda z: np.where(z > 0, 1.0, 0.01),
            "threshold of 1": lambda z: z > max(1.0, float(np.max(np.abs(z)))) / 2,
        },
        draws.inputs,
    )  # fmt: skip


@family
def relu_near_corners(draws: Draws) -> Problem:
    """ReLU with values on its corner, beside it and away from it."""
    problem = relu(draws)
    shape = problem.at.shape
    near = draws.random.choice([0.0, -0.0, 1e-12, -1e-9, 1e-6, -1e-4, 1e-3], size=shape)
    Z = np.where(draws.random.random(shape) < 0.5, near, draws.normal(*shape))  # noqa: PLR2004 - half of them
    Z.flat[0] = draws.random.choice([-1.0, 1.0])
    g = draws.above(shape)
    away = np.abs(Z) > 2e-3  # noqa: PLR2004 - only there is a mistake to be seen
    return Problem(
        lambda p: np.sum(g * np.maximum(p, 0)), Z, g * (Z > 0),
        {
            "mask left out, beside corners": lambda: np.where(away, g, g * (Z > 0)),
            "doubled, beside corners": lambda: np.where(away, 2.0, 1.0) * g * (Z > 0),
            "mask inverted, beside corners": lambda: np.where(away, g * (Z <= 0), g * (Z > 0)),
        },
    )  # fmt: skip


@family
def sigmoid_layer(draws: Draws) -> Problem:
    """A = sigmoid(Z)."""
    return _elementwise(
        draws, sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z)),
        {
            "the sigmoid itself": sigmoid,
            "z (1 - z)": lambda z: z * (1 - z),
            "tanh's slope": lambda z: 1 - sigmoid(z) ** 2,
            "slope at the activation": lambda z: sigmoid(sigmoid(z)) * (1 - sigmoid(sigmoid(z))),
            "times z": lambda z: z * sigmoid(z) * (1 - sigmoid(z)),
            "only 1 - a": lambda z: 1 - sigmoid(z) / 3,
        },
        draws.moderate,
    )  # fmt: skip


@family
def tanh_layer(draws: Draws) -> Problem:
    """A = tanh(Z)."""
    return _elementwise(
        draws, np.tanh, lambda z: 1 - np.tanh(z) ** 2,
        {
            "1 - z^2": lambda z: 1 - z**2,
            "1 - a": lambda z: 1 - np.tanh(z),
            "sigmoid's slope": lambda z: np.tanh(z) * (1 - np.tanh(z)),
            "slope at the activation": lambda z: 1 - np.tanh(np.tanh(z)) ** 2,
            "squared slope": lambda z: (1 - np.tanh(z) ** 2) ** 2,
        },
        max(draws.moderate, 0.1),
    )  # fmt: skip


@family
def softplus(draws: Draws) -> Problem:
    """A = log(1 + exp(Z))."""
    return _elementwise(
        draws, lambda z: np.logaddexp(0, z), sigmoid,
        {
            "ReLU's mask": lambda z: z > 0,
            "softplus itself": lambda z: np.logaddexp(0, z),
            "sigmoid's slope": lambda z: sigmoid(z) * (1 - sigmoid(z)),
            "sigmoid of -z": lambda z: sigmoid(-z - 1e-2),
        },
        draws.moderate,
    )  # fmt: skip


@family
def leaky_relu(draws: Draws) -> Problem:
    """A = Z where positive, 0.1 Z elsewhere."""
    return _elementwise(
        draws, lambda z: np.where(z > 0, z, 0.1 * z), lambda z: np.where(z > 0, 1.0, 0.1),
        {
            "ReLU's mask": lambda z: z > 0,
            "slopes exchanged": lambda z: np.where(z > 0, 0.1, 1.0),
            "leak of the wrong sign": lambda z: np.where(z > 0, 1.0, -0.1),
            "leak squared": lambda z: np.where(z > 0, 1.0, 0.01),
        },
        draws.inputs,
    )  # fmt: skip


@family
def swish(draws: Draws) -> Problem:
    """A = Z sigmoid(Z)."""
    return _elementwise(
        draws, lambda z: z * sigmoid(z), lambda z: sigmoid(z) * (1 + z * (1 - sigmoid(z))),
        {
            "first term only": lambda z: sigmoid(z) + 0.01,
            "second term only": lambda z: z * sigmoid(z) * (1 - sigmoid(z)),
            "product of the slopes": lambda z: 2 * sigmoid(z) * (1 - sigmoid(z)),
        },
        draws.moderate,
    )  # fmt: skip


@family
def dropout(draws: Draws) -> Problem:
    """A = Z * mask / keep, for a mask that is drawn once."""
    shape = draws.sizes[:2]
    mask, keep = draws.random.random(shape) < 0.7, 0.7  # noqa: PLR2004 - the share that is kept
    Z, g = draws.normal(*shape, scale=draws.inputs), draws.above(shape)
    return Problem(
        lambda p: np.sum(g * p * mask / keep), Z, g * mask / keep,
        {
            "not divided by keep": lambda: g * mask,
            "mask left out": lambda: g / keep,
            "multiplied by keep": lambda: g * mask * keep,
            "another mask": lambda: g * ~mask / keep,
        },
    )  # fmt: skip


@family
def two_layers(draws: Draws) -> Problem:
    """A network of two layers with ReLU and cross-entropy, with respect to its first weights."""
    m, d, h, k = draws.sizes[:4]
    X, W1, b1 = draws.normal(m, d), draws.normal(d, h), draws.normal(1, h)
    W2 = draws.normal(h, k + 1) * min(draws.inputs, 1.0)
    Y = np.eye(k + 1)[draws.random.integers(k + 1, size=m)]

    def forward(p: FloatArray) -> tuple[Any, Any, Any]:
        Z1 = X @ p + b1
        shifted = np.maximum(Z1, 0) @ W2
        shifted = shifted - shifted.max(axis=1, keepdims=True)
        return Z1, shifted, np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)

    def loss(p: FloatArray) -> Any:
        _, shifted, _ = forward(p)
        return np.mean(np.log(np.exp(shifted).sum(axis=1)) - (Y * shifted).sum(axis=1))

    Z1, _, P = forward(W1)
    dZ2 = (P - Y) / m
    dA1 = dZ2 @ W2.T
    return Problem(
        loss, W1, X.T @ (dA1 * (Z1 > 0)),
        {
            "mask left out": lambda: X.T @ dA1,
            "sum over the batch": lambda: m * X.T @ (dA1 * (Z1 > 0)),
            "labels left out": lambda: X.T @ ((P / m @ W2.T) * (Z1 > 0)),
            "mask on the upstream": lambda: X.T @ (dA1 * (dA1 > 0)),
            "times the activation": lambda: X.T @ (dA1 * np.maximum(Z1, 0)),
            "softmax's slope as well": lambda: X.T @ ((dZ2 * P * (1 - P)) @ W2.T * (Z1 > 0)),
            "weights updated before": lambda: X.T @ (dZ2 @ (W2 - np.maximum(Z1, 0).T @ dZ2).T * (Z1 > 0)),
        },
    )  # fmt: skip
