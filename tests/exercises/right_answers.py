"""Right answers to sets 1 to 4, written in other ways than the references: loops, einsum, tricks."""

import math
from typing import Any

import numpy as np
from scipy import special


def _grad_deep_sigmoid(x: Any, ws: Any) -> Any:
    a = [x]
    for w in ws:
        a.append(special.expit(w * a[-1]))
    slopes = [ak * (1 - ak) for ak in a[1:]]
    after = [np.prod([slopes[j] * ws[j] for j in range(k + 1, len(ws))], dtype=ws.dtype) for k in range(len(ws))]
    dws = np.array([after[k] * slopes[k] * a[k] for k in range(len(ws))], dtype=ws.dtype)
    return after[0] * slopes[0] * ws[0], dws


def _sigmoid_by_branches(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def _slopes(slope: Any) -> Any:
    return lambda x, w: (w * slope(x * w), x * slope(x * w))


def _numerical_with_copy(f: Any, x: Any, eps: float = 1e-6) -> Any:
    x, grad = x.copy(), np.empty(x.shape)
    for i, old in enumerate(x.copy()):
        x[i] = old + eps
        ahead = f(x)
        x[i] = old - eps
        grad[i] = (ahead - f(x)) / (2 * eps)
        x[i] = old
    return grad


def _numerical_with_middle(f: Any, x: Any, eps: float = 1e-6) -> Any:
    f(x)
    return np.array([(f(x + eps * unit) - f(x - eps * unit)) / (2 * eps) for unit in np.eye(len(x))])


def _jacobian_by_loops(W: Any, X: Any) -> Any:
    (n, m), p = W.shape, X.shape[1]
    J = np.zeros((n, p, n, m), dtype=X.dtype)
    for a in range(n):
        for b in range(p):
            J[a, b, a] = X[:, b]
    return J


def _product_by_loops(A: Any, B: Any) -> Any:
    C = np.zeros((A.shape[0], B.shape[1]), dtype=A.dtype)
    for i, j in np.ndindex(*C.shape):
        for k in range(A.shape[1]):
            C[i, j] += A[i, k] * B[k, j]
    return C


def _train_step_inline(x: Any, y_true: Any, params: Any, lr: float) -> Any:
    new = {key: value.copy() for key, value in params.items()}
    z1 = params["W1"].T @ x + params["b1"]
    a1 = np.where(z1 > 0, z1, 0)
    dy = 2 / len(y_true) * (params["W2"].T @ a1 + params["b2"] - y_true)
    dz1 = np.where(z1 > 0, params["W2"] @ dy, 0)
    new["W2"] -= lr * a1[:, None] * dy
    new["b2"] -= lr * dy
    new["W1"] -= lr * x[:, None] * dz1
    new["b1"] -= lr * dz1
    return new


RIGHT: dict[str, dict[str, list[Any]]] = {
    "ps1_chain_rule": {
        "grad_pipeline": [lambda x, a, b: 1.0 * a, lambda x, a, b: a],
        "grad_two_layers": [lambda x, w1, w2: (w2 * w1, w2 * x, w1 * x), lambda x, w1, w2: [w2 * w1, w2 * x, x * w1]],
        "relu_grad": [
            lambda z: z > 0,
            lambda z: int(z > 0),
            lambda z: np.heaviside(z, 0.0),
            lambda z: max(np.sign(z), 0),
        ],
        "grad_relu_neuron": [
            lambda x, w: (w, x) if x * w > 0 else (0, 0),
            lambda x, w: ((x * w > 0) * w, (x * w > 0) * x),
            lambda x, w: np.array([w, x]) * (x * w > 0),
        ],
        "grad_three_layers": [lambda x, w1, w2, w3: (w3 * w2 * w1, w3 * w2 * x, w3 * w1 * x, w2 * w1 * x)],
        "learning_step": [
            lambda w, x, target, lr: w + 2 * lr * x * (target - w * x),
            lambda w, x, target, lr: w if lr == 0 else w - lr * (2 * w * x * x - 2 * target * x),
        ],
        "grad_sigmoid_neuron": [
            _slopes(lambda z: special.expit(z) * special.expit(-z)),
            _slopes(lambda z: special.expit(z) * (1 - special.expit(z))),
            _slopes(lambda z: _sigmoid_by_branches(z) * (1 - _sigmoid_by_branches(z))),
            _slopes(lambda z: 0.25 * (1 - np.tanh(z / 2) ** 2)),
        ],
        "grad_deep_sigmoid": [_grad_deep_sigmoid],
    },
    "ps2_linear": {
        "linear": [
            lambda W, x: np.einsum("nm,m->n", W, x),
            lambda W, x: np.array([sum(w * v for w, v in zip(row, x, strict=True)) for row in W]),
            lambda W, x: np.sum(W * x, axis=1),
        ],
        "grad_x": [lambda W, dL_dy: dL_dy @ W, lambda W, dL_dy: np.sum(W * dL_dy[:, None], axis=0)],
        "grad_W": [lambda x, dL_dy: dL_dy[:, None] * x, lambda x, dL_dy: (x.reshape(-1, 1) @ dL_dy.reshape(1, -1)).T],
        "influence": [lambda W, dL_dy, i: W[:, i] @ dL_dy, lambda W, dL_dy, i: (W.T @ dL_dy)[i]],
        "numerical_grad": [_numerical_with_copy, _numerical_with_middle],
        "grad_chain": [
            lambda W1, W2, x, dL_dy: (W1.T @ W2.T @ dL_dy, np.outer(W2.T @ dL_dy, x), np.outer(dL_dy, W1 @ x)),
            lambda W1, W2, x, dL_dy: (dL_dy @ (W2 @ W1), np.multiply.outer(dL_dy @ W2, x), dL_dy[:, None] * (W1 @ x)),
        ],
    },
    "ps3_matrix": {
        "forward": [lambda W, X, b: _product_by_loops(W, X) + b, lambda W, X, b: (X.T @ W.T + b.T).T],
        "partial": [lambda W, i, j: W[i][j], lambda W, i, j: (W @ np.eye(W.shape[1]))[i, j]],
        "grad_W": [
            lambda dD, X: _product_by_loops(dD, X.T),
            lambda dD, X: (X @ dD.T).T,
            lambda dD, X: sum(np.outer(dD[:, p], X[:, p]) for p in range(X.shape[1])),
        ],
        "grad_X": [lambda W, dD: np.einsum("nm,np->mp", W, dD), lambda W, dD: _product_by_loops(W.T, dD)],
        "grad_b": [
            lambda dD: dD.sum(axis=1)[:, None],
            lambda dD: dD @ np.ones((dD.shape[1], 1), dtype=dD.dtype),
            lambda dD: np.array([[math.fsum(row)] for row in dD]),
        ],
        "jacobian_D_W": [
            _jacobian_by_loops,
            lambda W, X: np.multiply.outer(np.eye(len(W)), X).transpose(0, 3, 1, 2),
        ],
    },
    "ps4_blame": {
        "forward": [
            lambda x, W1, b1, W2, b2: (z := W1.T @ x + b1, a := z * (z > 0), W2.T @ a + b2),
            lambda x, W1, b1, W2, b2: [z := np.einsum("d,dh", x, W1) + b1, a := z.clip(0), np.dot(a, W2) + b2],
        ],
        "mse_loss": [
            lambda y_pred, y_true: sum((p - t) ** 2 for p, t in zip(y_pred, y_true, strict=True)) / len(y_true),
            lambda y_pred, y_true: (y_true - y_pred) @ (y_true - y_pred) / y_true.size,
        ],
        "grad_y_pred": [lambda y_pred, y_true: -2 / y_pred.size * (y_true - y_pred)],
        "grad_W2": [
            lambda a1, d_loss_y: a1[:, None] @ d_loss_y[None],
            lambda a1, d_loss_y: np.einsum("h,k", a1, d_loss_y),
        ],
        "grad_b2": [lambda d_loss_y: d_loss_y, lambda d_loss_y: d_loss_y * 1.0],
        "grad_a1": [lambda d_loss_y, W2: d_loss_y @ W2.T, lambda d_loss_y, W2: np.sum(W2 * d_loss_y, axis=1)],
        "grad_z1": [
            lambda d_a1, z1: np.where(z1 > 0, d_a1, 0.0),
            lambda d_a1, z1: np.where(z1 <= 0, 0, d_a1),
            lambda d_a1, z1: d_a1 * np.heaviside(z1, 0.0),
            lambda d_a1, z1: d_a1 * (np.sign(z1) > 0),
        ],
        "grad_W1": [lambda x, d_z1: x[:, None] * d_z1[None, :], lambda x, d_z1: np.outer(d_z1, x).T],
        "grad_b1": [lambda d_z1: d_z1, lambda d_z1: d_z1 + 0.0],
        "train_step": [_train_step_inline],
        "blame_bar": [
            lambda value: "".join("|" for _ in range(int(abs(value) * 10))),
            lambda value: "|" * abs(int(value * 10)),
            lambda value: "|" * math.floor(math.fabs(value) * 10),
        ],
    },
}
