"""Wrong answers to set 1, by function and by what is wrong with them."""

from typing import Any

import numpy as np
from judging import Corpus


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _safe(z: Any) -> Any:
    return np.exp(-np.logaddexp(0, -z))


def _slope(z: Any) -> Any:
    return _safe(z) * _safe(-z)


def _deep(x: Any, ws: Any, **wrong: Any) -> Any:
    """Return (dx, dws) with one part of the backward pass replaced."""
    activations = [x]
    for w in ws:
        activations.append(_sigmoid(w * activations[-1]))
    dws, upstream = np.zeros(len(ws)), wrong.get("start", 1.0)
    for k in reversed(range(len(ws))):
        a, before = activations[k + 1], activations[k]
        local = wrong.get("local", lambda a, z: a * (1 - a))(a, ws[k] * before)
        dws[k] = upstream * local * wrong.get("before", lambda before, a, x: before)(before, a, x)
        upstream *= wrong.get("through", lambda local, w: local * w)(local, ws[k])
    return wrong.get("end", lambda dx, dws: (dx, dws))(upstream, dws)


def _deep_with(**wrong: Any) -> Any:
    return lambda x, ws: _deep(x, ws, **wrong)


def _deep_of_at_most(layers: int) -> Any:
    return lambda x, ws: _deep(x, ws[:layers], end=lambda dx, dws: (dx, np.append(dws, np.zeros(len(ws) - len(dws)))))


def _stepping_by(step: Any) -> Any:
    return lambda w, x, target, lr: w + step(w * x - target, x, lr)


WRONG: Corpus = {
    "grad_pipeline": {
        "b": lambda x, a, b: b,
        "x": lambda x, a, b: x,
        "the value": lambda x, a, b: a * x + b,
        "a plus b": lambda x, a, b: a + b,
        "the example's 3": lambda x, a, b: 3.0,
        "size of a": lambda x, a, b: abs(a),
        "times x": lambda x, a, b: a * x,
        "a squared": lambda x, a, b: a * a,
        "whole part": lambda x, a, b: int(a),
        "one-sided difference": lambda x, a, b: ((a * (x + 1e-3) ** 1.01 if x > 0 else a * x) - a * x) / 1e-3,
    },
    "grad_two_layers": {
        "order of the tuple": lambda x, w1, w2: (x * w2, x * w1, w1 * w2),
        "weights exchanged": lambda x, w1, w2: (w1 * w2, x * w1, x * w2),
        "sum of the weights": lambda x, w1, w2: (w1 + w2, x * w2, x * w1),
        "dw1 without w2": lambda x, w1, w2: (w1 * w2, x, x * w1),
        "dw2 without w1": lambda x, w1, w2: (w1 * w2, x * w2, x),
        "dx of the last layer": lambda x, w1, w2: (w2, x * w2, x * w1),
        "two parts": lambda x, w1, w2: (w1 * w2, x * w2),
        "a dict": lambda x, w1, w2: {"dx": w1 * w2, "dw1": x * w2, "dw2": x * w1},
        "dw1 times w1": lambda x, w1, w2: (w1 * w2, x * w2 * w1, x * w1),
        "sign of dw2": lambda x, w1, w2: (w1 * w2, x * w2, -x * w1),
    },
    "relu_grad": {
        "z >= 0": lambda z: 1.0 if z >= 0 else 0.0,
        "z > 1e-8": lambda z: 1.0 if z > 1e-8 else 0.0,
        "half at 0": lambda z: 0.5 * (np.sign(z) + 1),
        "leaky": lambda z: 1.0 if z > 0 else 0.01,
        "sign": lambda z: float(np.sign(z)),
        "relu itself": lambda z: max(z, 0.0),
        "mask inverted": lambda z: 1.0 if z < 0 else 0.0,
        "always 1": lambda z: 1.0,
        "bits of -0.0": lambda z: float(not np.signbit(z)),
        "smooth": lambda z: float(0.5 + 0.5 * np.tanh(1e4 * z)),
        "numeric": lambda z: (max(z + 1e-6, 0) - max(z - 1e-6, 0)) / 2e-6,
    },
    "grad_relu_neuron": {
        "x w >= 0": lambda x, w: (w * (x * w >= 0), x * (x * w >= 0)),
        "x w > 1e-8": lambda x, w: (w * (x * w > 1e-8), x * (x * w > 1e-8)),
        "mask left out": lambda x, w: (w, x),
        "mask of x": lambda x, w: (w * (x > 0), x * (x > 0)),
        "mask of w": lambda x, w: (w * (w > 0), x * (w > 0)),
        "both positive": lambda x, w: (w * (w > 0 and x > 0), x * (w > 0 and x > 0)),
        "mask only on dx": lambda x, w: (w * (x * w > 0), x),
        "exchanged": lambda x, w: (x * (x * w > 0), w * (x * w > 0)),
        "times the activation": lambda x, w: (w * max(x * w, 0), x * max(x * w, 0)),
        "mask inverted": lambda x, w: (w * (x * w < 0), x * (x * w < 0)),
    },
    "grad_three_layers": {
        "dw1 without w3": lambda x, w1, w2, w3: (w1 * w2 * w3, x * w2, x * w1 * w3, x * w1 * w2),
        "dw2 without w3": lambda x, w1, w2, w3: (w1 * w2 * w3, x * w2 * w3, x * w1, x * w1 * w2),
        "dw3 without w1": lambda x, w1, w2, w3: (w1 * w2 * w3, x * w2 * w3, x * w1 * w3, x * w2),
        "dx without w1": lambda x, w1, w2, w3: (w2 * w3, x * w2 * w3, x * w1 * w3, x * w1 * w2),
        "weights backwards": lambda x, w1, w2, w3: (w1 * w2 * w3, x * w1 * w2, x * w1 * w3, x * w2 * w3),
        "dx last": lambda x, w1, w2, w3: (x * w2 * w3, x * w1 * w3, x * w1 * w2, w1 * w2 * w3),
        "dw1 keeps w1": lambda x, w1, w2, w3: (w1 * w2 * w3, x * w1 * w2 * w3, x * w1 * w3, x * w1 * w2),
        "by division, whole": lambda x, w1, w2, w3: tuple(x * w1 * w2 * w3 // (v or 1) for v in (x, w1, w2, w3)),
        "by division": lambda x, w1, w2, w3: tuple((x * w1 * w2 * w3) / (v + 1e-5) for v in (x, w1, w2, w3)),
    },
    "learning_step": {
        "sign of the update": _stepping_by(lambda error, x, lr: lr * 2 * error * x),
        "without the 2": _stepping_by(lambda error, x, lr: -lr * error * x),
        "without x": _stepping_by(lambda error, x, lr: -lr * 2 * error),
        "lr ignored": _stepping_by(lambda error, x, lr: -0.1 * 2 * error * x),
        "lr left out": _stepping_by(lambda error, x, lr: -2 * error * x),
        "size of lr": _stepping_by(lambda error, x, lr: -abs(lr) * 2 * error * x),
        "lr of at most 0.1": _stepping_by(lambda error, x, lr: -min(lr, 0.1) * 2 * error * x),
        "the gradient only": lambda w, x, target, lr: 2 * (w * x - target) * x,
        "the step only": lambda w, x, target, lr: -lr * 2 * (w * x - target) * x,
        "w minus lr w": lambda w, x, target, lr: w - lr * w,
        "until it fits": lambda w, x, target, lr: target / x,
        "clipped gradient": _stepping_by(lambda error, x, lr: -lr * np.clip(2 * error * x, -1, 1)),
        "absolute error": _stepping_by(lambda error, x, lr: -lr * np.sign(error) * x),
        "two steps": lambda w, x, target, lr: w - 2 * lr * 2 * (w * x - target) * x,
    },
    "grad_sigmoid_neuron": {
        "overflow": lambda x, w: (w * (s := _sigmoid(x * w)) * (1 - s), x * s * (1 - s)),
        "1 - a": lambda x, w: (w * _safe(-x * w), x * _safe(-x * w)),
        "a": lambda x, w: (w * _safe(x * w), x * _safe(x * w)),
        "slope of x": lambda x, w: (w * _slope(x), x * _slope(x)),
        "slope of the slope": lambda x, w: (w * _slope(_safe(x * w)), x * _slope(_safe(x * w))),
        "exchanged": lambda x, w: (x * _slope(x * w), w * _slope(x * w)),
        "tanh": lambda x, w: (w * (1 - np.tanh(x * w) ** 2), x * (1 - np.tanh(x * w) ** 2)),
        "slope squared": lambda x, w: (w * _slope(x * w) ** 2, x * _slope(x * w) ** 2),
        "clipped at 2": lambda x, w: (w * _slope(np.clip(x * w, -2, 2)), x * _slope(np.clip(x * w, -2, 2))),
        "slope only": lambda x, w: (_slope(x * w), _slope(x * w)),
    },
    "grad_deep_sigmoid": {
        "slope of a - 1": _deep_with(local=lambda a, z: a * (a - 1)),
        "1 - a": _deep_with(local=lambda a, z: 1 - a),
        "slope of z": _deep_with(local=lambda a, z: z * (1 - z)),
        "no slope": _deep_with(local=lambda a, z: 1.0),
        "weight left out": _deep_with(through=lambda local, w: local),
        "slope left out on the way": _deep_with(through=lambda local, w: w),
        "dws from the activation after": _deep_with(before=lambda before, a, x: a),
        "dws from x": _deep_with(before=lambda before, a, x: x),
        "dws backwards": _deep_with(end=lambda dx, dws: (dx, dws[::-1])),
        "dx left out": _deep_with(end=lambda dx, dws: (1.0, dws)),
        "dws as a list": _deep_with(end=lambda dx, dws: (dx, list(dws))),
        "exchanged": _deep_with(end=lambda dx, dws: (dws, dx)),
        "dws a column": _deep_with(end=lambda dx, dws: (dx, dws[:, None])),
        "one layer only": _deep_of_at_most(1),
        "two layers only": _deep_of_at_most(2),
        "dx as an array": _deep_with(end=lambda dx, dws: (np.array([dx]), dws)),
    },
}
