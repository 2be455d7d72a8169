"""The forward maps of the five sets, written again for an autodiff library and for complex numbers.

Each is a scalar function whose parameters are named as the set names its variables. A Jacobian is
contracted with the upstream array `U`.
"""

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp


def relu(z: Any) -> Any:
    """Keep what is positive; the sign is that of the real part."""
    return z * (anp.real(z) > 0)


def sigmoid(z: Any) -> Any:
    """Return 1 / (1 + exp(-z)), for moderate z."""
    return 1.0 / (1.0 + anp.exp(-z))


def softmax(Z: Any) -> Any:
    """Return exp(Z) divided by its sum along the last axis, for moderate Z."""
    powers = anp.exp(Z)
    return powers / anp.sum(powers, axis=-1, keepdims=True)


def deep_sigmoid(x: Any, ws: Any) -> Any:
    """Pass x through a chain of sigmoids, one weight each."""
    activation = x
    for k in range(ws.shape[0]):
        activation = sigmoid(ws[k] * activation)
    return activation


def cross_entropy(Z2: Any, Y: Any, reduction: str = "mean") -> Any:
    """Return the cross-entropy of the softmax of Z2."""
    total = -anp.sum(Y * anp.log(softmax(Z2)))
    return total / Y.shape[0] if reduction == "mean" else total


def two_layers(*, X: Any, Y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    """Return the mean loss of the network of ps5."""
    return cross_entropy(anp.dot(relu(anp.dot(X, W1) + b1), W2) + b2, Y)


def one_example(*, x: Any, y_true: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    """Return the loss of the network of ps4."""
    return anp.mean((anp.dot(relu(anp.dot(x, W1) + b1), W2) + b2 - y_true) ** 2)


MAPS: dict[str, dict[str, Callable[..., Any]]] = {
    "ps1_chain_rule": {
        "grad_pipeline": lambda x, a, b: a * x + b,
        "grad_two_layers": lambda x, w1, w2: x * w1 * w2,
        "relu_grad": relu,
        "grad_relu_neuron": lambda x, w: relu(x * w),
        "grad_three_layers": lambda x, w1, w2, w3: x * w1 * w2 * w3,
        "learning_step": lambda w, x, target: (w * x - target) ** 2,
        "grad_sigmoid_neuron": lambda x, w: sigmoid(x * w),
        "grad_deep_sigmoid": deep_sigmoid,
    },
    "ps2_linear": {
        "grad_x": lambda W, x, dL_dy: anp.sum(dL_dy * anp.dot(W, x)),
        "grad_W": lambda W, x, dL_dy: anp.sum(dL_dy * anp.dot(W, x)),
        "grad_chain": lambda W1, W2, x, dL_dy: anp.sum(dL_dy * anp.dot(W2, anp.dot(W1, x))),
    },
    "ps3_matrix": {
        "grad_W": lambda W, X, b, dD: anp.sum(dD * (anp.dot(W, X) + b)),
        "grad_X": lambda W, X, b, dD: anp.sum(dD * (anp.dot(W, X) + b)),
        "grad_b": lambda W, X, b, dD: anp.sum(dD * (anp.dot(W, X) + b)),
        "jacobian_D_W": lambda W, X, U: anp.sum(U * anp.dot(W, X)),
    },
    "ps4_blame": {
        "grad_y_pred": lambda y_pred, y_true: anp.mean((y_pred - y_true) ** 2),
        "grad_W2": lambda a1, W2, d_loss_y: anp.sum(d_loss_y * anp.dot(a1, W2)),
        "grad_b2": lambda a1, W2, b2, d_loss_y: anp.sum(d_loss_y * (anp.dot(a1, W2) + b2)),
        "grad_a1": lambda a1, W2, d_loss_y: anp.sum(d_loss_y * anp.dot(a1, W2)),
        "grad_z1": lambda z1, d_a1: anp.sum(d_a1 * relu(z1)),
        "grad_W1": lambda x, W1, d_z1: anp.sum(d_z1 * anp.dot(x, W1)),
        "grad_b1": lambda x, W1, b1, d_z1: anp.sum(d_z1 * (anp.dot(x, W1) + b1)),
        "train_step": one_example,
    },
    "ps5_two_layer": {
        "softmax_jacobian": lambda z, U: anp.sum(U * softmax(z)),
        "grad_Z2": cross_entropy,
        "grad_W2": lambda A1, W2, dZ2: anp.sum(dZ2 * anp.dot(A1, W2)),
        "grad_b2": lambda A1, W2, b2, dZ2: anp.sum(dZ2 * (anp.dot(A1, W2) + b2)),
        "grad_A1": lambda A1, W2, dZ2: anp.sum(dZ2 * anp.dot(A1, W2)),
        "grad_Z1": lambda Z1, dA1: anp.sum(dA1 * relu(Z1)),
        "grad_W1": lambda X, W1, dZ1: anp.sum(dZ1 * anp.dot(X, W1)),
        "grad_b1": lambda X, W1, b1, dZ1: anp.sum(dZ1 * (anp.dot(X, W1) + b1)),
        "backward": two_layers,
        "train_step": two_layers,
    },
}
