"""Known mistakes in problem set 1, by function; those that any function can have are derived elsewhere."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises import Mistake
from solutions.mistakes.ps1_sigmoids import SIGMOIDS


def _scaled_by(slope: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Return (dx, dw) of a neuron whose slope is a function of (x, w)."""
    return lambda x, w: (w * slope(x, w), x * slope(x, w))


def _step(step: Callable[[Any, Any, Any], Any]) -> Callable[..., Any]:
    """Return learning_step with w moved by a function of (error, x, lr)."""
    return lambda w, x, target, lr: w + step(w * x - target, x, lr)


def _moved(w: Any, x: Any, target: Any, lr: Any) -> Any:
    return w - lr * 2 * (w * x - target) * x


GATE = "The gate of a ReLU looks at what goes into it, the product of x and w, and opens where that is positive."
BOTH_WAYS = "Every factor that lies between a variable and y belongs to that variable's derivative."

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "grad_pipeline": (
        Mistake(
            "value-for-slope",
            "Your answer is y, the value on the way forward. The derivative asks how much y moves when x moves a "
            "little.",
            lambda x, a, b: a * x + b,
        ),
        Mistake(
            "slopes-added",
            "Your answer adds what belongs to the two steps. The chain rule multiplies the slopes of the steps, and "
            "the "
            "slope of adding a constant is one, not the constant.",
            lambda x, a, b: a + b,
        ),
        Mistake(
            "slopes-added-as-one",
            "Your answer adds the slopes of the two steps, where the chain rule multiplies them.",
            lambda x, a, b: a + 1.0,
        ),
        Mistake(
            "step-two-by-constant",
            "Your answer multiplies by b, as if b were the slope of the second step. Adding b moves y by exactly as "
            "much "
            "as u moves.",
            lambda x, a, b: a * b,
        ),
    ),
    "grad_two_layers": (
        Mistake(
            "weights-added",
            "Your dx adds the two weights. A change of x is stretched by the first weight, and then by the second: "
            "slopes "
            "along a path are multiplied.",
            lambda x, w1, w2: (w1 + w2, x * w2, x * w1),
        ),
        Mistake(
            "local-derivatives",
            "Each of your dx, dw1 and dw2 is the derivative of its own layer only. " + BOTH_WAYS,
            lambda x, w1, w2: (w1, x, x * w1),
        ),
        Mistake(
            "own-factor-kept",
            "Each of your parts is y itself. The derivative with respect to a factor is the product of the others.",
            lambda x, w1, w2: (x * w1 * w2, x * w1 * w2, x * w1 * w2),
        ),
        Mistake(
            "dw2-from-input",
            "Your dw2 has x in it without the first weight: what the second weight multiplies is h, not x.",
            lambda x, w1, w2: (w1 * w2, x * w2, x),
        ),
    ),
    "relu_grad": (
        Mistake(
            "counts-zero",
            "Your answer is right but at exactly z = 0: by the convention of this course the derivative is 0 there. "
            "Look "
            "at the comparison.",
            lambda z: 1.0 if z >= 0 else 0.0,
        ),
        Mistake(
            "threshold-above-zero",
            "Your answer is 0 for tiny positive z as well; the comparison must be with 0 itself.",
            lambda z: 1.0 if z > 1e-8 else 0.0,  # noqa: PLR2004 - a threshold that students write
        ),
        Mistake(
            "tinier-threshold-above-zero",
            "Your answer is 0 for tiny positive z as well; the comparison must be with 0 itself.",
            lambda z: 1.0 if z > 1e-20 else 0.0,  # noqa: PLR2004 - any that is too small to be met by chance
        ),
        Mistake(
            "half-at-zero",
            "Your answer is a half at z = 0, which is one way to choose; the convention of this course is 0 there.",
            lambda z: 0.5 * (float(np.sign(z)) + 1.0),
        ),
        Mistake(
            "leaky",
            "Your answer is small but not 0 for negative z: that is the slope of a leaky ReLU.",
            lambda z: 1.0 if z > 0 else 0.01,
        ),
        Mistake(
            "sign-for-slope",
            "Your answer is the sign of z, with a minus for negative z. ReLU is flat there: its slope is 0.",
            lambda z: float(np.sign(z)),
        ),
        Mistake(
            "value-for-slope",
            "Your answer is ReLU itself, its value at z. Asked for is its slope, which is the same for all positive z.",
            lambda z: max(z, 0.0),
        ),
        Mistake(
            "inverted",
            "Your answer has the two sides exchanged: ReLU lets positive z pass, and is flat for negative ones.",
            lambda z: 1.0 if z < 0 else 0.0,
        ),
        Mistake(
            "inverted-with-zero",
            "Your answer has the two sides exchanged: ReLU lets positive z pass, and is flat for all others.",
            lambda z: 1.0 if z <= 0 else 0.0,
        ),
        Mistake(
            "open-but-at-zero",
            "Your answer is 1 wherever z is not 0, for negative z as well: ReLU is flat there, and its slope 0.",
            lambda z: float(z != 0),
        ),
        Mistake(
            "value-cut-at-one",
            "Your answer is z itself, cut to lie between 0 and 1. Asked for is the slope of ReLU: it is 1 for every "
            "positive z, however small.",
            lambda z: min(max(z, 0.0), 1.0),
        ),
        Mistake(
            "minus-where-shut",
            "Your answer is -1 where the gate is shut: ReLU is flat there, and a flat line has the slope 0.",
            lambda z: 1.0 if z > 0 else -1.0,
        ),
    ),
    "grad_relu_neuron": (
        Mistake(
            "gate-counts-zero",
            "Your answer is right but where x times w is exactly 0: by the convention of this course the gate is shut "
            "there. Look at the comparison.",
            _scaled_by(lambda x, w: x * w >= 0),
        ),
        Mistake("gate-missing", f"Your answer lacks the gate of the ReLU. {GATE}", _scaled_by(lambda x, w: 1.0)),
        Mistake("gate-of-x", f"Your answer opens the gate where x is positive. {GATE}", _scaled_by(lambda x, w: x > 0)),
        Mistake("gate-of-w", f"Your answer opens the gate where w is positive. {GATE}", _scaled_by(lambda x, w: w > 0)),
        Mistake(
            "gate-needs-both",
            f"Your answer opens the gate only where x and w are both positive. {GATE}",
            _scaled_by(lambda x, w: x > 0 and w > 0),
        ),
        Mistake(
            "gate-inverted", f"Your answer has the gate the wrong way round. {GATE}", _scaled_by(lambda x, w: x * w < 0)
        ),
        Mistake(
            "gate-is-value",
            f"Your answer multiplies by the neuron's output in place of its slope. {GATE}",
            _scaled_by(lambda x, w: max(x * w, 0.0)),
        ),
        Mistake(
            "gate-only",
            "Each of your parts is the slope of ReLU alone. The product comes before it: its other factor is missing.",
            lambda x, w: (float(x * w > 0), float(x * w > 0)),
        ),
        Mistake(
            "gate-above-zero",
            "Your answer shuts the gate for tiny positive products as well; the comparison must be with 0 itself.",
            _scaled_by(lambda x, w: x * w > 1e-8),  # noqa: PLR2004 - a threshold that students write
        ),
    ),
    "grad_three_layers": (
        Mistake(
            "weights-added",
            "Your dx adds the weights. Slopes along a path are multiplied.",
            lambda x, w1, w2, w3: (w1 + w2 + w3, x * w2 * w3, x * w1 * w3, x * w1 * w2),
        ),
        Mistake(
            "local-derivatives",
            "Each of your parts is the derivative of its own layer only. " + BOTH_WAYS,
            lambda x, w1, w2, w3: (w1, x, x * w1, x * w1 * w2),
        ),
        Mistake(
            "input-for-activations",
            "Your dw2 and dw3 have x where the value that the layer receives is due: what was computed before it.",
            lambda x, w1, w2, w3: (w1 * w2 * w3, x * w2 * w3, x * w3, x),
        ),
        Mistake(
            "next-weight-only",
            "Your gradients pass through the next layer only, and stop there. " + BOTH_WAYS,
            lambda x, w1, w2, w3: (w1 * w2, x * w2, x * w1 * w3, x * w1 * w2),
        ),
    ),
    "learning_step": (
        Mistake(
            "inner-derivative-missing",
            "Your step lacks the factor x: the error depends on w through the product of w and x, and the chain rule "
            "multiplies by that product's slope.",
            _step(lambda error, x, lr: -lr * 2 * error),
        ),
        Mistake(
            "inner-derivative-missing-and-half",
            "Your step lacks two factors: the two from the square, and x, the slope of the product inside it.",
            _step(lambda error, x, lr: -lr * error),
        ),
        Mistake(
            "loss-for-gradient",
            "Your step subtracts lr times the loss itself; what is due is lr times the derivative of the loss.",
            _step(lambda error, x, lr: -lr * error**2),
        ),
        Mistake(
            "sign-of-error",
            "Your step uses only the sign of the error: that belongs to the absolute error, and the loss is its "
            "square.",
            _step(lambda error, x, lr: -lr * np.sign(error) * x),
        ),
        Mistake(
            "target-added",
            "Your error adds the target to the prediction, where the difference of the two is due.",
            lambda w, x, target, lr: w - lr * 2 * (w * x + target) * x,
        ),
        Mistake(
            "size-of-error",
            "Your step uses the error without its sign, as an absolute value, so that it always goes one way.",
            _step(lambda error, x, lr: -lr * 2 * abs(error) * x),
        ),
        Mistake(
            "rate-on-weight-too",
            "Your answer multiplies the old weight by lr as well: only the gradient is; look at the brackets.",
            lambda w, x, target, lr: lr * (w - 2 * (w * x - target) * x),
        ),
        Mistake(
            "prediction-doubled",
            "Your error is twice the prediction, less the target: the factor of two of the square belongs to the whole "
            "error, which needs brackets.",
            lambda w, x, target, lr: w - lr * (2 * w * x - target) * x,
        ),
        Mistake(
            "two-steps",
            "Your answer is the weight after two steps, the second from where the first ended; one is asked for.",
            lambda w, x, target, lr: _moved(_moved(w, x, target, lr), x, target, lr),
        ),
        Mistake(
            "solved-at-once",
            "Your answer is the weight that fits the target exactly, whatever lr is. One step goes only a part of the "
            "way.",
            lambda w, x, target, lr: target / x if x else np.inf,
        ),
        Mistake(
            "derivative-by-input",
            "Your step uses the derivative with respect to x: it has the factor w, where the step is for the weight.",
            lambda w, x, target, lr: w - lr * 2 * (w * x - target) * w,
        ),
    ),
    **SIGMOIDS,
}
