"""Known mistakes with the sigmoids of problem set 1; those that any function can have are derived elsewhere."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises import Mistake


def _stable_sigmoid(z: Any) -> Any:
    return np.exp(-np.logaddexp(0, -z))


def _slope(z: Any) -> Any:
    return _stable_sigmoid(z) * _stable_sigmoid(-z)


def _scaled_by(slope: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Return (dx, dw) of a neuron whose slope is a function of (x, w)."""
    return lambda x, w: (w * slope(x, w), x * slope(x, w))


def _deep(
    local: Callable[[Any, Any], Any] = lambda a, z: a * (1 - a),
    onward: Callable[[Any, Any], Any] = lambda slope, w: slope * w,
    factor: Callable[[Any, Any, Any], Any] = lambda before, after, x: before,
    weight: Callable[[Any, int], Any] = lambda ws, k: ws[k],
    layers: Callable[[int], Any] = lambda n: reversed(range(n)),
    sloped: int = 1,
    handed: Callable[[Any], Any] = lambda upstream: upstream,
    linear_end: bool = False,
    own_slope: bool = True,
    start: Callable[[Any], Any] = lambda activations: 1.0,
) -> Callable[..., Any]:
    """Return grad_deep_sigmoid with one part of the backward pass replaced.

    sloped: how far behind layer k the activation stands from which its slope is taken.
    handed: what the layer before takes of what flows in.
    linear_end: True to leave out the last layer's slope.
    own_slope: False to leave each layer's own slope out of its weight's derivative.
    start: what flows into the last layer, from the activations.
    """

    def grad_deep_sigmoid(x: Any, ws: Any) -> Any:
        activations = [x]
        for w in ws:
            activations.append(_stable_sigmoid(w * activations[-1]))
        dws, upstream = np.zeros(len(ws)), start(activations)
        for k in layers(len(ws)):
            is_linear = linear_end and k == len(ws) - 1
            slope = 1.0 if is_linear else local(activations[k + sloped], ws[k] * activations[k])
            dws[k] = upstream * (slope if own_slope else 1.0) * factor(activations[k], activations[k + 1], x)
            upstream = handed(upstream) * onward(slope, weight(ws, k))
        return upstream, dws

    return grad_deep_sigmoid


SLOPE = "The slope of a sigmoid is its value times one minus its value."

SIGMOIDS: dict[str, tuple[Mistake, ...]] = {
    "grad_sigmoid_neuron": (
        Mistake(
            "slope-is-one-minus-value",
            f"Your slope is one minus the sigmoid. {SLOPE}",
            _scaled_by(lambda x, w: _stable_sigmoid(-x * w)),
        ),
        Mistake(
            "slope-is-value",
            f"Your slope is the sigmoid itself. {SLOPE}",
            _scaled_by(lambda x, w: _stable_sigmoid(x * w)),
        ),
        Mistake("slope-missing", f"Your answer lacks the slope of the sigmoid. {SLOPE}", _scaled_by(lambda x, w: 1.0)),
        Mistake(
            "slope-at-x",
            "Your slope is taken at x. It must be taken at what goes into the sigmoid, the product of x and w.",
            _scaled_by(lambda x, w: _slope(x)),
        ),
        Mistake(
            "slope-at-w",
            "Your slope is taken at w. It must be taken at what goes into the sigmoid, the product of x and w.",
            _scaled_by(lambda x, w: _slope(w)),
        ),
        Mistake(
            "slope-at-activated",
            "Your slope applies the sigmoid twice: it is taken at the neuron's output, not at what goes into it.",
            _scaled_by(lambda x, w: _slope(_stable_sigmoid(x * w))),
        ),
        Mistake(
            "slope-at-raw",
            "Your slope is the formula for an activated value, with the value before the sigmoid put into it.",
            _scaled_by(lambda x, w: x * w * (1 - x * w)),
        ),
        Mistake(
            "slope-of-tanh",
            f"Your slope is that of tanh. {SLOPE}",
            _scaled_by(lambda x, w: 1 - np.tanh(x * w) ** 2),
        ),
        Mistake(
            "tanh-formula",
            f"Your slope is the formula for tanh, one minus the square, with the sigmoid put into it. {SLOPE}",
            _scaled_by(lambda x, w: 1 - _stable_sigmoid(x * w) ** 2),
        ),
        Mistake(
            "slope-only",
            "Each of your parts is the slope of the sigmoid alone. The product inside it has a slope too: the other "
            "factor.",
            lambda x, w: (_slope(x * w), _slope(x * w)),
        ),
    ),
    "grad_deep_sigmoid": (
        Mistake(
            "slope-sign", "Your slopes have the opposite sign in every layer. " + SLOPE, _deep(lambda a, z: a * (a - 1))
        ),
        Mistake(
            "slope-is-one-minus-value", f"Your slope is one minus the activation. {SLOPE}", _deep(lambda a, z: 1 - a)
        ),
        Mistake("slope-is-value", f"Your slope is the activation itself. {SLOPE}", _deep(lambda a, z: a)),
        Mistake(
            "slope-at-raw",
            "Your slope is the formula for an activated value, with the value before the sigmoid put into it.",
            _deep(lambda a, z: z * (1 - z)),
        ),
        Mistake(
            "slope-at-activated",
            "Your slope applies the sigmoid to an activation, which is past it already. " + SLOPE,
            _deep(lambda a, z: _slope(a)),
        ),
        Mistake("slope-missing", f"Your answer lacks the slope of the sigmoids. {SLOPE}", _deep(lambda a, z: 1.0)),
        Mistake("slope-of-tanh", f"Your slope is that of tanh. {SLOPE}", _deep(lambda a, z: 1 - a**2)),
        Mistake(
            "last-slope-missing",
            "Your last layer has no slope on the way back, as if it were linear: y comes out of a sigmoid too. "
            + SLOPE,
            _deep(linear_end=True),
        ),
        Mistake(
            "own-slope-missing",
            "Your dws lack the slope of their own layer's sigmoid: what flows in passes it before it meets the weight. "
            + SLOPE,
            _deep(own_slope=False),
        ),
        Mistake(
            "begins-with-output",
            "What flows into your last layer is y. The derivative of y with respect to itself is 1: begin with that.",
            _deep(start=lambda activations: activations[-1]),
        ),
        Mistake(
            "weight-of-layer-before",
            "What flows back out of a layer is multiplied by the weight of the layer before it; it passes the layer's "
            "own.",
            _deep(weight=lambda ws, k: ws[k - 1]),
        ),
        Mistake(
            "weight-missing-on-the-way",
            "What flows back to the layer before is multiplied by the slope only: the weight between the two is "
            "missing.",
            _deep(onward=lambda slope, w: slope),
        ),
        Mistake(
            "slope-missing-on-the-way",
            "What flows back to the layer before is multiplied by the weight only: the slope of the sigmoid is "
            "missing.",
            _deep(onward=lambda slope, w: w),
        ),
        Mistake(
            "slope-of-layer-before",
            "Your slopes are made from the activation that goes into a layer; they belong to the one that comes out.",
            _deep(sloped=0),
        ),
        Mistake(
            "activation-missing",
            "Your dws lack the activation that goes into each layer: it is what the weight multiplies.",
            _deep(factor=lambda before, after, x: 1.0),
        ),
        Mistake(
            "first-weight-missing",
            "Your dx lacks the first weight: what flows back from the first layer to x passes that weight too.",
            _deep(weight=lambda ws, k: ws[k] if k else 1.0),
        ),
        Mistake(
            "first-layer-left-out",
            "Your loop on the way back ends before the first layer, whose weight has a derivative as well.",
            _deep(layers=lambda n: range(n - 1, 0, -1)),
        ),
        Mistake(
            "activation-after",
            "Your dws multiply by the activation that comes out of a layer; a weight multiplies the one that goes in.",
            _deep(factor=lambda before, after, x: after),
        ),
        Mistake(
            "input-for-activations",
            "Your dws multiply by x in every layer; a weight multiplies the activation of the layer before it.",
            _deep(factor=lambda before, after, x: x),
        ),
        Mistake(
            "weights-in-wrong-order",
            "On the way back your weights are taken from the front; the last layer's comes first.",
            _deep(weight=lambda ws, k: ws[len(ws) - 1 - k]),
        ),
        Mistake(
            "nothing-handed-on",
            "Each of your dws is the derivative of its own layer: what flows in from the later layers is missing.",
            _deep(onward=lambda slope, w: 1.0),
        ),
        Mistake(
            "own-layer-only",
            "Your gradients start anew in every layer: what flows in from later layers is multiplied, not replaced.",
            _deep(handed=lambda upstream: 1.0),
        ),
    ),
}
