"""Known mistakes on the way forward through problem set 5; those that any function can have are derived."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises import Mistake


def softmax(Z: Any, axis: int | None = 1) -> Any:
    """Return softmax over an axis, or over everything."""
    raised = np.exp(Z - np.max(Z, axis=axis, keepdims=True))
    return raised / np.sum(raised, axis=axis, keepdims=True)


def _sigmoid(Z: Any) -> Any:
    return np.exp(-np.logaddexp(0, -Z))


def _forward(
    z1: Callable[..., Any] = lambda X, W1, b1: X @ W1 + b1,
    a1: Callable[..., Any] = lambda Z1: np.maximum(Z1, 0),
    z2: Callable[..., Any] = lambda Z1, A1, W2, b2: A1 @ W2 + b2,
    a2: Callable[..., Any] = softmax,
) -> Callable[..., Any]:
    """Return the forward pass with one part replaced."""

    def forward(X: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        Z1 = z1(X, W1, b1)
        A1 = a1(Z1)
        Z2 = z2(Z1, A1, W2, b2)
        return Z1, A1, Z2, a2(Z2)

    return forward


def _loss(total: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Return a cross-entropy with another sum over the batch."""

    def cross_entropy(A2: Any, Y: Any, reduction: str = "mean") -> Any:
        return total(A2, Y) / (len(Y) if reduction == "mean" else 1)

    return cross_entropy


def _guarded(guard: float) -> Callable[..., Any]:
    return _loss(lambda A2, Y: -np.sum(np.log(A2[Y == 1] + guard)))


def _clipped(guard: float) -> Callable[..., Any]:
    return _loss(lambda A2, Y: -np.sum(np.log(np.clip(A2[Y == 1], guard, 1 - guard))))


def _binary(guard: float) -> Callable[..., Any]:
    return _loss(lambda A2, Y: -np.sum(Y * np.log(A2 + guard) + (1 - Y) * np.log(1 - A2 + guard)))


def _exchanged(guard: float) -> Callable[..., Any]:
    return _loss(lambda A2, Y: -np.sum(A2 * np.log(Y + guard)))


ROWS = "Each row of Z is one example, and its probabilities add up to one."


def _guarded_sum(guard: float) -> Callable[..., Any]:
    return lambda Z: (raised := np.exp(Z - Z.max(axis=1, keepdims=True))) / (raised.sum(axis=1, keepdims=True) + guard)


SHIFT = "Subtracting the largest score of a row first changes nothing but keeps the exponentials small."
GUARD = (
    "Your loss adds a guard inside the logarithm that is large enough to change it; a far smaller one will do, or none."
)
CLIP = (
    "Your loss clips the probabilities, far enough from 0 or 1 to change it; a far smaller bound will do, or none, and "
    "none at 1."
)
EXCHANGED = "Your loss takes the logarithm of the truth Y and multiplies by A2: the two have changed places."
BINARY = "Your loss is the binary one, which counts the other classes as well."
TRUE_CLASS = "Cross-entropy takes the logarithm of the probability of each example's true class."

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "softmax": (
        Mistake(
            "no-shift", f"Your softmax overflows for large scores. {SHIFT}",
            lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True),
        ),
        Mistake("over-examples", f"Your softmax runs down the columns, over the examples. {ROWS}",
            lambda Z: softmax(Z, 0)),
        Mistake(
            "over-everything", f"Your softmax runs over the whole array. {ROWS}", lambda Z: softmax(Z, None)
        ),
        Mistake("over-examples-no-shift", f"Your softmax runs down the columns, and overflows for large scores. {ROWS}",
            lambda Z: np.exp(Z) / np.exp(Z).sum(axis=0)),
        Mistake("over-everything-no-shift", f"Your softmax runs over the whole array, and overflows for large scores. "
            f"{ROWS}", lambda Z: np.exp(Z) / np.exp(Z).sum()),
        Mistake(
            "one-shift-for-all",
            "Your softmax subtracts the largest score of the whole array, so that a row far below it becomes 0 over "
            "0. Each "
            "row has a largest score of its own.",
            lambda Z: (raised := np.exp(Z - Z.max())) / raised.sum(axis=1, keepdims=True),
        ),
        Mistake(
            "shift-by-smallest", f"Your softmax subtracts the smallest score of a row, its mean or its first. {SHIFT}",
            lambda Z: (raised := np.exp(Z - Z.min(axis=1, keepdims=True))) / raised.sum(axis=1, keepdims=True),
        ),
        Mistake("sigmoid", f"Your answer is a sigmoid of each score. {ROWS}", _sigmoid),
        Mistake("hard", "Your answer picks the largest score; softmax gives every class a probability.",
                lambda Z: np.eye(Z.shape[1])[Z.argmax(axis=1)]),
        Mistake(
            "logarithm", "Your answer is the logarithm of softmax.",
            lambda Z: (Z - Z.max(axis=1, keepdims=True))
            - np.log(np.exp(Z - Z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)),
        ),
        Mistake("powers-of-two", "Your softmax raises two to the scores; it is e that is due.",
            lambda Z: softmax(Z * np.log(2))),
        Mistake(
            "not-normalized", f"Your answer is not divided by its sum. {ROWS}",
            lambda Z: np.exp(Z - Z.max(axis=1, keepdims=True)),
        ),
        Mistake("scores-negated", "Your softmax uses the scores with a minus: the lowest gets the most.",
            lambda Z: softmax(-Z)),
        Mistake(
            "shares-of-scores", "Your answer divides the scores by their sum, and lacks the exponential.",
            lambda Z: Z / Z.sum(axis=1, keepdims=True),
        ),
        Mistake("scores-cut-off", f"Your softmax cuts the scores off at a limit, so that those beyond become equal. "
            f"{SHIFT}", lambda Z: softmax(np.clip(Z, -50, 50))),
        *(Mistake(f"sum-guarded-by-{guard:.0e}", "Your softmax adds a guard to the sum, large enough to change it. The "
            "sum is never 0: its largest term is one after the shift.", _guarded_sum(guard))
            for guard in (1e-5, 1e-4)),
        Mistake(
            "divided-by-column-sums", f"Your softmax divides by the sums over the examples. {ROWS}",
            lambda Z: (raised := np.exp(Z - Z.max(axis=1, keepdims=True))) / raised.sum(axis=0, keepdims=True),
        ),
        Mistake(
            "divided-by-whole-sum", f"Your softmax divides by the sum over the whole array. {ROWS}",
            lambda Z: (raised := np.exp(Z - Z.max(axis=1, keepdims=True))) / raised.sum(),
        ),
    ),
    "forward": (
        Mistake("softmax-for-relu", "Your A1 is a softmax of Z1, where ReLU is due.", _forward(a1=softmax)),
        Mistake("first-bias-missing", "Your Z1 lacks the bias b1.", _forward(z1=lambda X, W1, b1: X @ W1)),
        Mistake("second-bias-missing", "Your Z2 lacks the bias b2.", _forward(z2=lambda Z1, A1, W2, b2: A1 @ W2)),
        Mistake("relu-missing", "Your A1 is Z1 itself: the ReLU is missing.", _forward(a1=lambda Z1: Z1)),
        Mistake("tanh", "Your A1 is tanh of Z1, where ReLU is due.", _forward(a1=np.tanh)),
        Mistake("sigmoid-for-relu", "Your A1 is a sigmoid of Z1, where ReLU is due.", _forward(a1=_sigmoid)),
        Mistake("leaky-relu", "Your A1 lets a little of what is negative through: that is a leaky ReLU.",
                _forward(a1=lambda Z1: np.maximum(Z1, 0.01 * Z1))),
        Mistake("mask-for-relu", "Your A1 is one where Z1 is positive; ReLU keeps the value there.",
                _forward(a1=lambda Z1: (Z1 > 0).astype(float))),
        Mistake("size-for-relu", "Your A1 is the size of Z1; ReLU sets what is negative to 0.", _forward(a1=np.abs)),
        Mistake("Z2-from-Z1", "Your Z2 is made from Z1; the second layer receives A1, what ReLU makes of it.",
                _forward(z2=lambda Z1, A1, W2, b2: Z1 @ W2 + b2)),
        Mistake("Z2-rectified", "Your Z2 has gone through a ReLU; the scores go into softmax as they are.",
                _forward(z2=lambda Z1, A1, W2, b2: np.maximum(A1 @ W2 + b2, 0))),
        Mistake("softmax-over-examples", f"Your A2 is a softmax down the columns. {ROWS}",
            _forward(a2=lambda Z2: softmax(Z2, 0))),
        Mistake("softmax-over-everything", f"Your A2 is a softmax over the whole array. {ROWS}",
                _forward(a2=lambda Z2: softmax(Z2, None))),
        Mistake("sigmoid-for-softmax", f"Your A2 is a sigmoid of each score. {ROWS}", _forward(a2=_sigmoid)),
        Mistake("softmax-twice", "Your A2 has gone through softmax twice; once makes probabilities of the scores.",
                _forward(a2=lambda Z2: softmax(softmax(Z2)))),
        Mistake("likeliest-class", "Your A2 picks the largest score; softmax gives every class a probability.",
                _forward(a2=lambda Z2: np.eye(Z2.shape[1])[Z2.argmax(axis=1)])),
        Mistake("softmax-missing", "Your A2 is Z2 itself: the softmax is missing.", _forward(a2=lambda Z2: Z2)),
    ),
    "cross_entropy": (
        Mistake("guard-too-large", GUARD, _guarded(1e-7)),
        Mistake("guard-a-little-too-large", GUARD, _guarded(1e-8)),
        Mistake("guard-much-too-large", GUARD, _guarded(1e-6)),
        Mistake("guard-far-too-large", GUARD, _guarded(1e-5)),
        *(Mistake(f"clip-at-{guard:.0e}", CLIP, _clipped(guard)) for guard in (1e-7, 1e-6, 1e-5, 1e-3)),
        Mistake(
            "zero-times-logarithm-of-zero",
            "Your loss is not finite where a probability is exactly 0: 0 times the logarithm of 0 is no number. Only "
            "the "
            "true class needs a logarithm.",
            _loss(lambda A2, Y: -np.sum(Y * np.log(A2))),
        ),
        Mistake("batch-of-the-example", "Your mean is divided by a fixed number, the batch of the example, and not by "
                "the number of rows.",
                lambda A2, Y, reduction="mean": -np.sum(np.log(A2[Y == 1])) / (10 if reduction == "mean" else 1)),
        Mistake("logarithm-of-the-sum", f"Your loss takes the logarithm of a sum over all examples. {TRUE_CLASS}",
                _loss(lambda A2, Y: -np.log(np.sum(Y * A2)))),
        Mistake("logarithm-to-base-two", "Your loss takes the logarithm to base two; the natural one is due.",
                _loss(lambda A2, Y: -np.sum(np.log2(A2[Y == 1])))),
        Mistake("logarithm-to-base-ten", "Your loss takes the logarithm to base ten; the natural one is due.",
                _loss(lambda A2, Y: -np.sum(np.log10(A2[Y == 1])))),
        Mistake("sign", "Your loss is negative: the logarithm of a probability is, and the minus in front is missing.",
                _loss(lambda A2, Y: np.sum(np.log(A2[Y == 1])))),
        Mistake("always-sum", "Your loss is always the sum: where reduction is 'mean' it must be divided by the "
                              "number of examples.",
                lambda A2, Y, reduction="mean": -np.sum(np.log(A2[Y == 1]))),
        Mistake("always-mean", "Your loss is always the mean: reduction is not looked at.",
                lambda A2, Y, reduction="mean": -np.mean(np.log(A2[Y == 1]))),
        Mistake("averaged-over-classes-too", "Your mean runs over every entry; it is over the examples only.",
                lambda A2, Y, reduction="mean": -np.sum(np.log(A2[Y == 1])) / (Y.size if reduction == "mean" else 1)),
        Mistake("options-exchanged", "Your loss has the two reductions exchanged.",
                lambda A2, Y, reduction="mean": -np.sum(np.log(A2[Y == 1])) / (len(Y) if reduction == "sum" else 1)),
        Mistake("binary", f"{BINARY} {TRUE_CLASS}",
                _loss(lambda A2, Y: -np.sum(np.log(A2[Y == 1])) - np.sum(np.log1p(-A2[(Y == 0)])))),
        *(Mistake(f"binary-with-guard-{guard:.0e}", f"{BINARY} {TRUE_CLASS}", _binary(guard))
            for guard in (1e-10, 1e-8)),
        Mistake("squared-error", f"Your loss is a squared error. {TRUE_CLASS}",
            _loss(lambda A2, Y: np.sum((A2 - Y) ** 2))),
        Mistake("not-summed", "Your loss has a number for each example; sum or average them, as reduction says.",
                lambda A2, Y, reduction="mean": -np.log(A2[Y == 1])),
        Mistake("softmax-again", "Your loss puts A2 through softmax again; it holds probabilities already.",
                _loss(lambda A2, Y: -np.sum(np.log(softmax(A2)[Y == 1])))),
        Mistake("exchanged", EXCHANGED, _exchanged(0.0)),
        Mistake("exchanged-with-guard", EXCHANGED, _exchanged(1e-12)),
        Mistake("exchanged-with-larger-guard", EXCHANGED, _exchanged(1e-8)),
        Mistake("exchanged-with-accepted-guard", EXCHANGED, _exchanged(1e-10)),
        Mistake("likelihood", f"Your loss adds up probabilities: the logarithm is missing. {TRUE_CLASS}",
                _loss(lambda A2, Y: -np.sum(A2 * Y))),
        Mistake("likeliest-class", f"Your loss uses the likeliest class in place of the true one. {TRUE_CLASS}",
                _loss(lambda A2, Y: -np.sum(np.log(A2.max(axis=1))))),
        Mistake("all-classes", f"Your loss adds the logarithms of all classes: Y is not used. {TRUE_CLASS}",
                _loss(lambda A2, Y: -np.sum(np.log(A2 + 1e-10)))),
        Mistake("entropy", f"Your loss is the entropy of A2: Y is not used. {TRUE_CLASS}",
                _loss(lambda A2, Y: -np.sum(A2 * np.log(A2 + 1e-10)))),
        Mistake("misses-counted", f"Your loss counts wrong guesses, which has no useful gradient. {TRUE_CLASS}",
                _loss(lambda A2, Y: np.sum(A2.argmax(axis=1) != Y.argmax(axis=1)))),
    ),
}  # fmt: skip
