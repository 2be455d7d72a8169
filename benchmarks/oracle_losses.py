"""Softmax, losses and regularisers, with their gradients and the mistakes that people make in them."""

import numpy as np
from oracle_family import Draws, Problem, family, one_hot, sigmoid, softmax


@family
def softmax_layer(draws: Draws) -> Problem:
    """P = softmax of each row of Z."""
    m, k = draws.sizes[0], draws.sizes[1] + 1
    Z, g = draws.normal(m, k, scale=draws.moderate), draws.above((m, k))
    P = softmax(Z)
    return Problem(
        lambda z: np.sum(g * softmax(z)), Z, P * (g - np.sum(g * P, axis=1, keepdims=True)),
        {
            "diagonal only": lambda: g * P * (1 - P),
            "not multiplied by P": lambda: g - np.sum(g * P, axis=1, keepdims=True),
            "row mean": lambda: P * (g - np.mean(g, axis=1, keepdims=True)),
            "weighted sum over everything": lambda: P * (g - np.sum(g * P)),
            "weighted sum down the columns": lambda: P * (g - np.sum(g * P, axis=0)),
            "first term only": lambda: P * g,
            "off the diagonal with the other sign": lambda: P * (g - 2 * g * P + np.sum(g * P, axis=1, keepdims=True)),
            "softmax down the columns": lambda: softmax(Z, 0) * (g - np.sum(g * softmax(Z, 0), axis=0)),
            "sum not weighted": lambda: P * (g - np.sum(g, axis=1, keepdims=True)),
            "P for the upstream": lambda: P * (P - np.sum(P * P, axis=1, keepdims=True)),
        },
    )  # fmt: skip


@family
def cross_entropy(draws: Draws) -> Problem:
    """The mean cross-entropy of a softmax with respect to its scores."""
    m, k = draws.sizes[0], draws.sizes[1] + 1
    Z, Y, u = draws.normal(m, k, scale=draws.moderate), one_hot(draws, m, k), draws.upstream
    P = softmax(Z)

    def loss(z: np.ndarray) -> float:
        shifted = z - np.max(z, axis=1, keepdims=True)
        return u * float(np.mean(np.log(np.sum(np.exp(shifted), axis=1)) - np.sum(Y * shifted, axis=1)))

    return Problem(
        loss, Z, u * (P - Y) / m,
        {
            "no 1/m": lambda: u * (P - Y),
            "1/m twice": lambda: u * (P - Y) / m**2,
            "Y - P": lambda: u * (Y - P) / m,
            "gradient of the probabilities": lambda: -u * Y / P / m,
            "softmax's slope as well": lambda: u * (P - Y) * P * (1 - P) / m,
            "labels left out": lambda: u * P / m,
            "over m k": lambda: u * (P - Y) / (m * k),
            "argmax for P": lambda: u * (np.eye(k)[P.argmax(axis=1)] - Y) / m,
            "softmax down the columns": lambda: u * (softmax(Z, 0) - Y) / m,
            "softmax over everything": lambda: u * (softmax(Z, None) - Y) / m,
            "one subtracted in every row": lambda: u * (P - Y.max(axis=0)) / m,
            "binary cross-entropy's": lambda: u * ((1 - Y) / (1 - P) - Y / P) / m,
            "logarithm to base 2": lambda: u * (P - Y) / m / np.log(2),
            "a constant for m": lambda: u * (P - Y) / 10,
            "scores for probabilities": lambda: u * (Z - Y) / m,
        },
    )  # fmt: skip


@family
def binary_cross_entropy(draws: Draws) -> Problem:
    """The mean binary cross-entropy of a sigmoid with respect to its scores."""
    m = draws.sizes[0]
    z, u = draws.normal(m, scale=draws.moderate), draws.upstream
    y = draws.random.integers(2, size=m).astype(np.float64)
    s = sigmoid(z)
    return Problem(
        lambda p: u * np.mean(np.logaddexp(0, p) - y * p), z, u * (s - y) / m,
        {
            "no 1/m": lambda: u * (s - y),
            "y - s": lambda: u * (y - s) / m,
            "sigmoid's slope as well": lambda: u * (s - y) * s * (1 - s) / m,
            "sigmoid's slope left out of a product": lambda: -u * y / s / m,
            "labels left out": lambda: u * s / m,
            "scores for probabilities": lambda: u * (z - y) / m,
        },
    )  # fmt: skip


@family
def squared_error(draws: Draws) -> Problem:
    """The mean squared error."""
    m, k = draws.sizes[:2]
    a, t = draws.normal(m, k, scale=draws.inputs), draws.normal(m, k, scale=draws.inputs)
    n = m * k
    return Problem(
        lambda p: np.mean((p - t) ** 2), a, 2 * (a - t) / n,
        {
            "no factor 2": lambda: (a - t) / n,
            "no 1/n": lambda: 2 * (a - t),
            "neither": lambda: a - t,
            "over the examples only": lambda: 2 * (a - t) / m,
            "the other way round": lambda: 2 * (t - a) / n,
            "target left out": lambda: 2 * a / n,
            "absolute error": lambda: 2 * np.abs(a - t) / n,
            "1/(2n)": lambda: (a - t) / (2 * n),
            "squared": lambda: 2 * (a - t) ** 2 / n,
        },
    )  # fmt: skip


@family
def huber(draws: Draws) -> Problem:
    """The Huber loss with a threshold of 1."""
    m = draws.sizes[0] + 1
    r = draws.normal(m, scale=2.0)
    return Problem(
        lambda p: np.sum(np.where(np.abs(p) <= 1, p**2 / 2, np.abs(p) - 0.5)), r, np.clip(r, -1, 1),
        {
            "not clipped": lambda: r,
            "sign everywhere": lambda: np.sign(r),
            "clipped to positive": lambda: np.clip(r, 0, 1),
            "factor 2 inside": lambda: np.where(np.abs(r) <= 1, 2 * r, np.sign(r)),
        },
    )  # fmt: skip


@family
def hinge(draws: Draws) -> Problem:
    """The mean multi-class hinge loss with a margin of 1."""
    m, k = draws.sizes[0], draws.sizes[1] + 1
    S, Y = draws.normal(m, k), one_hot(draws, m, k)

    def loss(s: np.ndarray) -> float:
        true = np.sum(s * Y, axis=1, keepdims=True)
        return float(np.sum(np.maximum(0, s - true + 1) * (1 - Y)) / m)

    active = (S - np.sum(S * Y, axis=1, keepdims=True) + 1 > 0) * (1 - Y)
    count = np.sum(active, axis=1, keepdims=True)
    return Problem(
        loss, S, (active - count * Y) / m,
        {
            "true class left out": lambda: active / m,
            "true class counted once": lambda: (active - Y) / m,
            "no 1/m": lambda: active - count * Y,
            "margin left out": lambda: ((1 - Y) - (k - 1) * Y) / m + 0.01,
            "true class's sign": lambda: (active + count * Y) / m,
        },
    )  # fmt: skip


@family
def ridge(draws: Draws) -> Problem:
    """Squared error with a penalty on the squared weights."""
    m, d = draws.sizes[:2]
    X, w, t, penalty = draws.normal(m, d), draws.normal(d, scale=draws.inputs), draws.normal(m), 0.3
    residual = X @ w - t
    fit = X.T @ residual / m
    return Problem(
        lambda p: np.sum((X @ p - t) ** 2) / (2 * m) + penalty * np.sum(p**2), w, fit + 2 * penalty * w,
        {
            "penalty without factor 2": lambda: fit + penalty * w,
            "penalty left out": lambda: fit,
            "penalty times the sum": lambda: fit + penalty * np.sum(w),
            "penalty over m": lambda: fit + 2 * penalty * w / (m + 1),
            "penalty subtracted": lambda: fit - 2 * penalty * w,
            "penalty squared": lambda: fit + 2 * penalty * w**2,
            "fit without 1/m": lambda: m * fit + 2 * penalty * w,
        },
    )  # fmt: skip


@family
def temperature(draws: Draws) -> Problem:
    """The divergence of a softmax with a temperature from a fixed distribution."""
    k, T = draws.sizes[0] + 1, 3.0
    z, q, u = draws.normal(k, scale=draws.moderate), softmax(draws.normal(k)), draws.upstream
    p = softmax(z / T)
    return Problem(
        lambda x: -u * np.sum(q * np.log(softmax(x / T))), z, u * (p - q) / T,
        {
            "temperature left out": lambda: u * (p - q),
            "temperature squared": lambda: u * (p - q) / T**2,
            "temperature the wrong way": lambda: u * (p - q) * T,
            "temperature not inside": lambda: u * (softmax(z) - q) / T,
            "divergence the other way": lambda: u * (q - p) / T,
        },
    )  # fmt: skip


@family
def focal(draws: Draws) -> Problem:
    """The focal loss -(1 - p)^2 log p of a sigmoid."""
    m = draws.sizes[0]
    z, u = draws.normal(m, scale=draws.moderate), draws.upstream
    p = sigmoid(z)
    return Problem(
        lambda x: -u * np.sum((1 - sigmoid(x)) ** 2 * np.log(sigmoid(x))), z,
        u * (2 * p * (1 - p) ** 2 * np.log(p) - (1 - p) ** 3),
        {
            "first factor's path dropped": lambda: -u * (1 - p) ** 3,
            "second factor's path dropped": lambda: u * 2 * p * (1 - p) ** 2 * np.log(p),
            "sigmoid's slope left out": lambda: u * (2 * (1 - p) * np.log(p) - (1 - p) ** 2 / p),
            "cross-entropy's": lambda: u * (p - 1),
        },
    )  # fmt: skip
