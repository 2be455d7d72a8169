"""Known mistakes in the functions of one layer of problem set 5; those that any function can have are derived."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises import Mistake


def _softmax(Z: Any, axis: int | None = 1) -> Any:
    raised = np.exp(Z - np.max(Z, axis=axis, keepdims=True))
    return raised / np.sum(raised, axis=axis, keepdims=True)


def _sigmoid(Z: Any) -> Any:
    return np.exp(-np.logaddexp(0, -Z))


def _forward(
    z1: Callable[..., Any] = lambda X, W1, b1: X @ W1 + b1,
    a1: Callable[..., Any] = lambda Z1: np.maximum(Z1, 0),
    z2: Callable[..., Any] = lambda Z1, A1, W2, b2: A1 @ W2 + b2,
    a2: Callable[..., Any] = _softmax,
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


def _error(error: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Return grad_Z2 with another error."""
    return lambda A2, Y, reduction="mean": error(A2, Y) / (len(Y) if reduction == "mean" else 1)


ROWS = "Each row of Z is one example, and its probabilities add up to one."
SHIFT = "Subtracting the largest score of a row first changes nothing but keeps the exponentials small."
GUARD = (
    "Your loss adds a guard inside the logarithm that is large enough to change it; a far smaller one will do, or none."
)
CLIP = (
    "Your loss clips the probabilities, far enough from 0 or 1 to change it; a far smaller bound will do, or none, and "
    "none at 1."
)
AVERAGED = "Where reduction is 'mean', each example keeps a row of its own, divided by the number of examples;"
TRUE_CLASS = "Cross-entropy takes the logarithm of the probability of each example's true class."
ERROR = "Softmax and cross-entropy together have a simple gradient: probability minus truth, for every class."
WHOLE = "Raising one score takes probability from all other classes, so that the Jacobian is a full matrix."

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "softmax": (
        Mistake(
            "no-shift", f"Your softmax overflows for large scores. {SHIFT}",
            lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True),
        ),
        Mistake("over-examples", f"Your softmax runs down the columns, over the examples. {ROWS}",
            lambda Z: _softmax(Z, 0)),
        Mistake(
            "over-everything", f"Your softmax runs over the whole array. {ROWS}", lambda Z: _softmax(Z, None)
        ),
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
            lambda Z: _softmax(Z * np.log(2))),
        Mistake(
            "not-normalized", f"Your answer is not divided by its sum. {ROWS}",
            lambda Z: np.exp(Z - Z.max(axis=1, keepdims=True)),
        ),
        Mistake("scores-negated", "Your softmax uses the scores with a minus: the lowest gets the most.",
            lambda Z: _softmax(-Z)),
        Mistake(
            "shares-of-scores", "Your answer divides the scores by their sum, and lacks the exponential.",
            lambda Z: Z / Z.sum(axis=1, keepdims=True),
        ),
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
            _forward(a2=lambda Z2: _softmax(Z2, 0))),
        Mistake("softmax-over-everything", f"Your A2 is a softmax over the whole array. {ROWS}",
                _forward(a2=lambda Z2: _softmax(Z2, None))),
        Mistake("sigmoid-for-softmax", f"Your A2 is a sigmoid of each score. {ROWS}", _forward(a2=_sigmoid)),
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
        Mistake("binary", f"Your loss is the binary one, which counts the other classes as well. {TRUE_CLASS}",
                _loss(lambda A2, Y: -np.sum(np.log(A2[Y == 1])) - np.sum(np.log1p(-A2[(Y == 0)])))),
        Mistake("squared-error", f"Your loss is a squared error. {TRUE_CLASS}",
            _loss(lambda A2, Y: np.sum((A2 - Y) ** 2))),
        Mistake("not-summed", "Your loss has a number for each example; sum or average them, as reduction says.",
                lambda A2, Y, reduction="mean": -np.log(A2[Y == 1])),
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
    "softmax_jacobian": (
        Mistake("diagonal-only", f"Your answer has only the diagonal, as for a sigmoid. {WHOLE}",
            lambda a: np.diag(a * (1 - a))),
        Mistake("diagonal-as-vector", f"Your answer is the diagonal, as a vector. {WHOLE}", lambda a: a * (1 - a)),
        Mistake("products-added", "Your answer adds the products of two probabilities, which are subtracted.",
                lambda a: np.diag(a) + np.outer(a, a)),
        Mistake("diagonal-missing", "Your answer lacks the diagonal matrix of the probabilities.",
            lambda a: -np.outer(a, a)),
        Mistake("products-missing", f"Your answer is the diagonal matrix of the probabilities alone. {WHOLE}",
            lambda a: np.diag(a)),
        Mistake("inner-for-outer", "Your answer subtracts one number, the inner product; each entry has its own "
                                   "product of two "
                "probabilities.", lambda a: np.diag(a) - a @ a),
        Mistake("identity-for-diagonal", "Your answer has ones on the diagonal matrix, where the probabilities are "
                                         "due.",
                lambda a: np.eye(len(a)) - np.outer(a, a)),
        Mistake("off-diagonal-sign", "Your answer has the wrong sign off the diagonal: raising one score lowers the "
                                     "others.",
                lambda a: np.where(np.eye(len(a)) > 0, a - a * a, np.outer(a, a))),
        Mistake("row-subtracted", "Your answer subtracts the probabilities, where products of two of them are due.",
                lambda a: np.diag(a) - a * np.ones((len(a), 1))),
        Mistake("column-subtracted", "Your answer subtracts the probabilities, where products of two of them are due.",
                lambda a: np.diag(a) - a[:, None] * np.ones(len(a))),
        Mistake("first-factor-missing", "Your answer lacks the probability that multiplies a whole row: that of the "
                                        "row's own class.",
                lambda a: np.eye(len(a)) - a),
        Mistake("softmax-again", "Your answer applies softmax to a, which is past it already.",
                lambda a: np.diag(s := _softmax(a, 0)) - np.outer(s, s)),
        Mistake("zero-off-row-sum", "Your answer multiplies every entry by one minus a probability, also off the "
                                    "diagonal.",
                lambda a: np.outer(a, 1 - a)),
    ),
    "grad_Z2": (
        Mistake("always-sum", "Your answer is never divided by the number of examples: where reduction is 'mean', it "
                              "must be.",
                lambda A2, Y, reduction="mean": A2 - Y),
        Mistake("always-mean", "Your answer is always divided by the number of examples: reduction is not looked at.",
                lambda A2, Y, reduction="mean": (A2 - Y) / len(Y)),
        Mistake("options-exchanged", "Your answer has the two reductions exchanged.",
                lambda A2, Y, reduction="mean": (A2 - Y) / (len(Y) if reduction == "sum" else 1)),
        Mistake("averaged-over-examples", f"{AVERAGED} here it is one row for all.",
                lambda A2, Y, reduction="mean": (A2 - Y).mean(axis=0) if reduction == "mean" else A2 - Y),
        Mistake("averaged-over-examples-kept", f"{AVERAGED} here it is one row for all.",
                lambda A2, Y, reduction="mean": (A2 - Y).mean(0, keepdims=True) if reduction == "mean" else A2 - Y),
        Mistake("batch-of-the-example", "Your answer is divided by a fixed number, the batch of the example, and not "
                                        "by the number "
                "of rows.", lambda A2, Y, reduction="mean": (A2 - Y) / (10 if reduction == "mean" else 1)),
        Mistake("sigmoid-slope-too", f"Your answer has the slope of a sigmoid as another factor; it cancels. {ERROR}",
                _error(lambda A2, Y: (A2 - Y) * A2 * (1 - A2))),
        Mistake("loss-by-probability", "Your answer is the derivative with respect to A2. Softmax lies between A2 and "
                                       "Z2, and "
                f"has to be gone through. {ERROR}", _error(lambda A2, Y: -Y / A2)),
        Mistake("true-class-only", f"Your answer is right for the true class, and 0 for the others. {ERROR}",
                _error(lambda A2, Y: (A2 - Y) * Y)),
        Mistake("truth-missing", f"Your answer is A2: the truth Y is not subtracted. {ERROR}",
            _error(lambda A2, Y: A2)),
        Mistake("one-off-whole-columns", "Your answer subtracts one from a whole column for each class that occurs; "
                                         "only the "
                "true class of each row gets it.", _error(lambda A2, Y: A2 - (Y.sum(axis=0) > 0))),
        Mistake("guess-for-probability", "Your answer uses the likeliest class as if it were certain; the "
                                         "probabilities "
                "themselves are due.", _error(lambda A2, Y: np.eye(A2.shape[1])[A2.argmax(axis=1)] - Y)),
        Mistake("squared", f"Your answer has the squared error. {ERROR}", _error(lambda A2, Y: (A2 - Y) ** 2)),
        Mistake("logarithm-for-probability", f"Your answer has the logarithm of A2. {ERROR}",
            _error(lambda A2, Y: np.log(A2) - Y)),
    ),
    "grad_W2": (
        Mistake("examples-apart", "Your answer multiplies sums over the examples. Each example's row of A1 meets its "
                                  "own row of "
                "dZ2, and the sum over the examples comes last.", lambda A1,
                dZ2: np.outer(A1.sum(axis=0), dZ2.sum(axis=0))),
        Mistake("batch-of-the-example", "Your answer is divided by a fixed number, the batch of the example. No mean "
                                        "is due here at "
                "all: it is in dZ2 already.", lambda A1, dZ2: A1.T @ dZ2 / 10),
    ),
    "grad_b2": (
        Mistake("batch-of-the-example", "Your answer is divided by a fixed number, the batch of the example. No mean "
                                        "is due here at "
                "all: it is in dZ2 already.", lambda dZ2: dZ2.sum(axis=0, keepdims=True) / 10),
    ),
    "grad_A1": (
        Mistake("examples-mixed", "Your answer is the same for every example: their gradients were added up. Each row "
                                  "of A1 acts "
                "only on its own row of Z2.", lambda dZ2,
                W2: np.repeat(dZ2.sum(axis=0, keepdims=True) @ W2.T, len(dZ2), axis=0)),
    ),
    "grad_Z1": (),
    "grad_W1": (
        Mistake("examples-apart", "Your answer multiplies sums over the examples. Each example's row of X meets its "
                                  "own row of "
                "dZ1, and the sum over the examples comes last.", lambda X,
                dZ1: np.outer(X.sum(axis=0), dZ1.sum(axis=0))),
        Mistake("batch-of-the-example", "Your answer is divided by a fixed number, the batch of the example. No mean "
                                        "is due here at "
                "all: it is in what flows in already.", lambda X, dZ1: X.T @ dZ1 / 10),
    ),
    "grad_b1": (
        Mistake("batch-of-the-example", "Your answer is divided by a fixed number, the batch of the example. No mean "
                                        "is due here at "
                "all: it is in what flows in already.", lambda dZ1: dZ1.sum(axis=0, keepdims=True) / 10),
    ),
}  # fmt: skip
