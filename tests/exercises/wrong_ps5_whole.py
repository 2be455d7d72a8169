"""Wrong answers to the functions of the whole network in set 5: backward, train_step and train."""

from typing import Any

import numpy as np
from judging import Corpus
from scipy import special

NAMES = ("W1", "b1", "W2", "b2")


def _forward(X: Any, params: Any) -> Any:
    Z1 = X @ params["W1"] + params["b1"]
    A1 = np.maximum(Z1, 0)
    return Z1, A1, special.softmax(A1 @ params["W2"] + params["b2"], axis=1)


def _gradients(X: Any, Y: Any, params: Any, **wrong: Any) -> Any:
    """Return the gradients with one part of the backward pass replaced."""
    Z1, A1, A2 = _forward(X, params)
    dZ2 = wrong.get("dZ2", lambda A2, Y: (A2 - Y) / len(Y))(A2, Y)
    dW2 = wrong.get("dW2", lambda A1, Z1, dZ2: A1.T @ dZ2)(A1, Z1, dZ2)
    dA1 = wrong.get("dA1", lambda dZ2, W2, dW2, A2: dZ2 @ W2.T)(dZ2, params["W2"], dW2, A2)
    dZ1 = wrong.get("dZ1", lambda dA1, Z1, A1: dA1 * (Z1 > 0))(dA1, Z1, A1)
    bias = wrong.get("bias", lambda dZ: dZ.sum(axis=0, keepdims=True))
    grads = {"W1": X.T @ dZ1, "b1": bias(dZ1), "W2": dW2, "b2": bias(dZ2)}
    return wrong.get("end", lambda grads, X: grads)(grads, X)


def _backward(**wrong: Any) -> Any:
    return lambda X, Y, params: _gradients(X, Y, params, **wrong)


def _updated(rule: Any) -> Any:
    return lambda p, g, lr: {name: rule(p[name], g[name], lr) for name in NAMES}


_descend = _updated(lambda p, g, lr: p - lr * g)


def _step(update: Any = _descend, **wrong: Any) -> Any:
    return lambda X, Y, params, lr: update(params, _gradients(X, Y, params, **wrong), lr)


def _in_place(params: Any, grads: Any, lr: float) -> Any:
    for name, grad in grads.items():
        params[name] -= lr * grad
    return params


def _same_dict(params: Any, grads: Any, lr: float) -> Any:
    for name, grad in grads.items():
        params[name] = params[name] - lr * grad
    return params


def _arrays_in_place(params: Any, grads: Any, lr: float) -> Any:
    new = dict(params)
    return _in_place(new, grads, lr)


def _one_by_one(X: Any, Y: Any, params: Any, lr: float) -> Any:
    """Take each gradient at parameters of which some are new already."""
    new = dict(params)
    for name in NAMES:
        new[name] = new[name] - lr * _gradients(X, Y, new)[name]
    return new


def _example_by_example(X: Any, Y: Any, params: Any, lr: float) -> Any:
    for row in range(len(X)):
        one = slice(row, row + 1)
        params = _descend(params, _gradients(X[one], Y[one], params), lr / len(X))
    return params


def _loss(X: Any, Y: Any, params: Any) -> Any:
    return -np.mean(np.log((_forward(X, params)[2] * Y).sum(axis=1)))


def _train(update: Any = _descend, loss: Any = _loss, end: Any = None, **wrong: Any) -> Any:
    """Return a training loop with one part replaced."""

    def train(X: Any, Y: Any, params: Any, lr: float, steps: int) -> Any:
        losses = [loss(X, Y, params)]
        for _ in range(steps):
            params = update(params, _gradients(X, Y, params, **wrong), lr)
            losses.append(loss(X, Y, params))
        return end(params, losses) if end else (params, np.array(losses))

    return train


def _steps(number: Any) -> Any:
    whole = _train()
    return lambda X, Y, params, lr, steps: whole(X, Y, params, lr, number(steps))


def _losses_of_old_parameters(X: Any, Y: Any, params: Any, lr: float, steps: int) -> Any:
    losses = [_loss(X, Y, params)]
    for _ in range(steps):
        losses.append(_loss(X, Y, params))
        params = _descend(params, _gradients(X, Y, params), lr)
    return params, np.array(losses)


def _only_where_it_helps(X: Any, Y: Any, params: Any, lr: float, steps: int) -> Any:
    """Leave out every step after which the loss is higher."""
    losses = [_loss(X, Y, params)]
    for _ in range(steps):
        new = _descend(params, _gradients(X, Y, params), lr)
        params = new if _loss(X, Y, new) < losses[-1] else params
        losses.append(_loss(X, Y, params))
    return params, np.array(losses)


def _train_in_place(X: Any, Y: Any, params: Any, lr: float, steps: int) -> Any:
    return _train(update=_in_place)(X, Y, params, lr, steps)


def _only(*moved: str) -> Any:
    return lambda p, g, lr: {name: p[name] - lr * g[name] * (name in moved) for name in NAMES}


MISTAKES = {
    "sum for mean": {"dZ2": lambda A2, Y: A2 - Y},
    "1/m twice": {"end": lambda grads, X: {name: grad / len(X) for name, grad in grads.items()}},
    "1/m on weights twice": {
        "end": lambda grads, X: {name: grad / (len(X) if "W" in name else 1) for name, grad in grads.items()}
    },
    "biases averaged": {"bias": lambda dZ: dZ.mean(axis=0, keepdims=True)},
    "Y - A2": {"dZ2": lambda A2, Y: (Y - A2) / len(Y)},
    "over the example's 10": {"dZ2": lambda A2, Y: (A2 - Y) / 10},
    "over k": {"dZ2": lambda A2, Y: (A2 - Y) / Y.shape[1]},
    "times a(1-a)": {"dZ2": lambda A2, Y: (A2 - Y) * A2 * (1 - A2) / len(Y)},
    "mask left out": {"dZ1": lambda dA1, Z1, A1: dA1},
    "mask of the gradient": {"dZ1": lambda dA1, Z1, A1: dA1 * (dA1 > 0)},
    "times the activation": {"dZ1": lambda dA1, Z1, A1: dA1 * A1},
    "slope of a sigmoid": {"dZ1": lambda dA1, Z1, A1: dA1 * A1 * (1 - A1)},
    "dW2 from Z1": {"dW2": lambda A1, Z1, dZ2: Z1.T @ dZ2},
    "dA1 from dW2": {"dA1": lambda dZ2, W2, dW2, A2: dZ2 @ dW2.T},
    "dA1 from A2": {"dA1": lambda dZ2, W2, dW2, A2: A2 @ W2.T},
    "W2 not transposed if square": {"dA1": lambda dZ2, W2, dW2, A2: dZ2 @ (W2 if W2.shape[0] == W2.shape[1] else W2.T)},
    "W1 and b1 left out": {
        "end": lambda grads, X: {name: grad * (name in ("W2", "b2")) for name, grad in grads.items()}
    },
}
WRONG: Corpus = {
    "backward": {
        **{what: _backward(**wrong) for what, wrong in MISTAKES.items()},
        "biases flat": _backward(bias=lambda dZ: dZ.sum(axis=0)),
        "biases not summed": _backward(bias=lambda dZ: dZ),
        "one key missing": _backward(end=lambda grads, X: {name: grads[name] for name in ("W1", "b1", "W2")}),
        "one key more": _backward(end=lambda grads, X: {**grads, "Z1": X}),
        "names with a d": _backward(end=lambda grads, X: {f"d{name}": grad for name, grad in grads.items()}),
        "a tuple": _backward(end=lambda grads, X: tuple(grads.values())),
        "lists": _backward(end=lambda grads, X: {name: grad.tolist() for name, grad in grads.items()}),
        "decay added": _backward(end=lambda grads, X: {**grads, "W2": grads["W2"] + 1e-5}),
        "clipped": _backward(end=lambda grads, X: {name: np.clip(grad, -0.05, 0.05) for name, grad in grads.items()}),
    },
    "train_step": {
        **{what: _step(**wrong) for what, wrong in MISTAKES.items()},
        "sign of the update": _step(_updated(lambda p, g, lr: p + lr * g)),
        "lr ignored": _step(_updated(lambda p, g, lr: p - 0.1 * g)),
        "lr left out": _step(_updated(lambda p, g, lr: p - g)),
        "size of lr": _step(_updated(lambda p, g, lr: p - abs(lr) * g)),
        "lr of at most 1": _step(_updated(lambda p, g, lr: p - min(lr, 1.0) * g)),
        "p minus lr p": _step(_updated(lambda p, g, lr: p - lr * p)),
        "decay": _step(_updated(lambda p, g, lr: p - lr * (g + 1e-4 * p))),
        "changed in place": _step(_in_place),
        "same dict": _step(_same_dict),
        "old arrays in a new dict": _step(_arrays_in_place),
        "biases left": _step(_only("W1", "W2")),
        "b1 left": _step(_only("W1", "W2", "b2")),
        "one by one": _one_by_one,
        "example by example": _example_by_example,
        "one key more": _step(lambda p, g, lr: {**_descend(p, g, lr), "lr": lr}),
        "with the loss": _step(lambda p, g, lr: (_descend(p, g, lr), 0.0)),
    },
    "train": {
        **{what: _train(**wrong) for what, wrong in MISTAKES.items()},
        "losses one short": _train(end=lambda p, losses: (p, np.array(losses[:-1]))),
        "first loss left out": _train(end=lambda p, losses: (p, np.array(losses[1:]))),
        "losses one late": _losses_of_old_parameters,
        "only steps that help": _only_where_it_helps,
        "losses a list": _train(end=lambda p, losses: (p, losses)),
        "losses a column": _train(end=lambda p, losses: (p, np.array(losses)[:, None])),
        "losses backwards": _train(end=lambda p, losses: (p, np.array(losses[::-1]))),
        "only the losses": _train(end=lambda p, losses: np.array(losses)),
        "exchanged": _train(end=lambda p, losses: (np.array(losses), p)),
        "summed losses": _train(loss=lambda X, Y, p: _loss(X, Y, p) * len(X)),
        "losses of a guard of 1e-7": _train(
            loss=lambda X, Y, p: -np.mean(np.log((_forward(X, p)[2] * Y).sum(axis=1) + 1e-7))
        ),
        "one step too few": _steps(lambda steps: max(0, steps - 1)),
        "one step too many": _steps(lambda steps: steps + 1),
        "at least one step": _steps(lambda steps: max(1, steps)),
        "ten steps": _steps(lambda steps: 10),
        "lr ignored": _train(_updated(lambda p, g, lr: p - 0.1 * g)),
        "sign of the update": _train(_updated(lambda p, g, lr: p + lr * g)),
        "changed in place": _train_in_place,
        "same dict": _train(_same_dict),
    },
}
