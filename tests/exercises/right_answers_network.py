"""Right answers to set 5, written in other ways than the references."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

Function = Callable[..., Any]


def _softmax_by_rows(Z: Any) -> Any:
    out = np.empty_like(Z)
    for r, row in enumerate(Z):
        powers = np.exp(row - row.max())
        out[r] = powers / powers.sum()
    return out


def _forward(softmax: Function) -> Function:
    def forward(X: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        Z1 = np.einsum("md,dh->mh", X, W1) + b1
        A1 = np.where(Z1 > 0, Z1, 0)
        Z2 = (W2.T @ A1.T).T + b2
        return [Z1, A1, Z2, softmax(Z2)]

    return forward


def _guarded(guard: Function) -> Function:
    def cross_entropy(A2: Any, Y: Any, reduction: str = "mean") -> Any:
        total = -np.sum(Y * np.log(guard(A2)))
        return total / len(Y) if reduction == "mean" else total

    return cross_entropy


def _picked(A2: Any, Y: Any, reduction: str = "mean") -> Any:
    chosen = -np.log(A2[np.arange(len(Y)), np.argmax(Y, axis=1)])
    return getattr(chosen, reduction)()


GUARDS: dict[str, Function] = {
    "none": lambda A2: A2 + (A2 == 0),
    "1e-10 added": lambda A2: A2 + 1e-10,
    "1e-10 as a floor": lambda A2: np.maximum(A2, 1e-10),
    "1e-10 as a clip": lambda A2: np.clip(A2, 1e-10, 1.0),
    "1e-10 as a clip on both sides": lambda A2: np.clip(A2, 1e-10, 1 - 1e-10),
    "1e-12 added": lambda A2: A2 + 1e-12,
    "1e-15 as a clip": lambda A2: np.clip(A2, 1e-15, 1.0),
}
LOSSES = [_guarded(guard) for guard in GUARDS.values()]


def _jacobian_by_loops(a: Any) -> Any:
    J = np.zeros((len(a), len(a)), dtype=a.dtype)
    for i, j in np.ndindex(*J.shape):
        J[i, j] = a[i] * (1 - a[i]) if i == j else -a[i] * a[j]
    return J


def _grad_Z2_in_place(A2: Any, Y: Any, reduction: str = "mean") -> Any:
    dZ2 = A2.copy()
    dZ2[np.arange(len(Y)), Y.argmax(axis=1)] -= 1
    if reduction == "mean":
        dZ2 /= len(Y)
    return dZ2


def _outer_sum(A: Any, dZ: Any) -> Any:
    return sum(np.outer(A[row], dZ[row]) for row in range(len(A)))


def _backward(X: Any, Y: Any, params: Any) -> Any:
    """Go example by example, all in one function, without a helper."""
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    for x, y in zip(X, Y, strict=True):
        z1 = x @ params["W1"] + params["b1"][0]
        a1 = np.maximum(z1, 0)
        dz2 = special.softmax(a1 @ params["W2"] + params["b2"][0]) - y
        dz1 = (params["W2"] @ dz2) * (a1 > 0)
        for name, part in (("W1", np.outer(x, dz1)), ("b1", dz1), ("W2", np.outer(a1, dz2)), ("b2", dz2)):
            grads[name] += part / len(X)
    return grads


def _train_step(X: Any, Y: Any, params: Any, lr: float) -> Any:
    new = {name: value.copy() for name, value in params.items()}
    for name, grad in _backward(X, Y, params).items():
        new[name] -= lr * grad
    return new


def _train(loss: Function) -> Function:
    def train(X: Any, Y: Any, params: Any, lr: float, steps: int) -> Any:
        losses = np.zeros(steps + 1, dtype=X.dtype)
        for step in range(steps):
            losses[step] = loss(_forward(_softmax_by_rows)(X, **params)[3], Y)
            params = _train_step(X, Y, params, lr)
        losses[steps] = loss(_forward(_softmax_by_rows)(X, **params)[3], Y)
        return params, losses

    return train


RIGHT: dict[str, dict[str, list[Any]]] = {
    "ps5_two_layer": {
        "softmax": [
            _softmax_by_rows,
            lambda Z: special.softmax(Z, axis=1),
            lambda Z: np.exp(special.log_softmax(Z, axis=1)),
        ],
        "forward": [_forward(_softmax_by_rows), _forward(lambda Z: special.softmax(Z, axis=1))],
        "cross_entropy": [_picked, *LOSSES],
        "softmax_jacobian": [
            _jacobian_by_loops,
            lambda a: a[:, None] * (np.eye(len(a), dtype=a.dtype) - a[None, :]),
            lambda a: np.diagflat(a) - a.reshape(-1, 1) @ a.reshape(1, -1),
        ],
        "grad_Z2": [
            _grad_Z2_in_place,
            lambda A2, Y, reduction="mean": np.subtract(A2, Y) * (1 / len(Y) if reduction == "mean" else 1),
        ],
        "grad_W2": [lambda A1, dZ2: _outer_sum(A=A1, dZ=dZ2), lambda A1, dZ2: np.tensordot(A1, dZ2, axes=(0, 0))],
        "grad_b2": [lambda dZ2: dZ2.sum(axis=0)[None], lambda dZ2: np.ones((1, len(dZ2)), dtype=dZ2.dtype) @ dZ2],
        "grad_A1": [lambda dZ2, W2: np.einsum("mk,hk->mh", dZ2, W2), lambda dZ2, W2: (W2 @ dZ2.T).T],
        "grad_Z1": [
            lambda dA1, Z1: np.where(Z1 > 0, dA1, 0),
            lambda dA1, Z1: dA1 * np.heaviside(Z1, 0.0),
            lambda dA1, Z1: dA1 * (Z1 > 0).astype(dA1.dtype),
        ],
        "grad_W1": [lambda X, dZ1: _outer_sum(A=X, dZ=dZ1), lambda X, dZ1: (dZ1.T @ X).T],
        "grad_b1": [lambda dZ1: np.array([[column.sum() for column in dZ1.T]]), lambda dZ1: dZ1.sum(0).reshape(1, -1)],
        "backward": [_backward],
        "train_step": [_train_step],
        "train": [_train(_picked), *(_train(loss) for loss in LOSSES)],
    }
}
