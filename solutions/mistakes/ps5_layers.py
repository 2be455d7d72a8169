"""Known mistakes in the gradients of one layer of problem set 5; those that any function can have are derived."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises import Mistake
from solutions.mistakes.ps5_forward import softmax


def _error(error: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Return grad_Z2 with another error."""
    return lambda A2, Y, reduction="mean": error(A2, Y) / (len(Y) if reduction == "mean" else 1)


def _one_row(*, kept: bool) -> Callable[..., Any]:
    return lambda A2, Y, reduction="mean": (
        (A2 - Y).mean(0, keepdims=kept) if reduction == "mean" else (A2 - Y).sum(0, keepdims=kept)
    )


SQUARES = "Your answer subtracts squares, the same along a whole row or column, where products of two entries are due."
NO_TRANSPOSE = "A vector has no rows and columns to exchange: a * a.T is a * a."
ONE_ROW = (
    "Your answer has one row for all examples, their sum or mean. Each example keeps a row of its own; reduction "
    "decides only what it is divided by."
)
AVERAGED = "Where reduction is 'mean', each example keeps a row of its own, divided by the number of examples;"
ERROR = "Softmax and cross-entropy together have a simple gradient: probability minus truth, for every class."
WHOLE = "Raising one score takes probability from all other classes, so that the Jacobian is a full matrix."

MISTAKES: dict[str, tuple[Mistake, ...]] = {
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
        Mistake("squares-along-rows", f"{SQUARES} {NO_TRANSPOSE}", lambda a: np.diag(a) - a * a),
        Mistake("squares-down-columns", f"{SQUARES} {NO_TRANSPOSE}", lambda a: np.diag(a) - (a * a)[:, None]),
        Mistake("diagonal-twice", "Your answer subtracts the square of each probability twice on the diagonal: one "
                "minus the probability has it already.", lambda a: np.diag(a * (1 - a)) - np.outer(a, a)),
        Mistake("softmax-again", "Your answer applies softmax to a, which is past it already.",
                lambda a: np.diag(s := softmax(a, 0)) - np.outer(s, s)),
        Mistake("one-minus-on-diagonal", "Your diagonal is one minus the probability; it lacks the probability itself "
                "as a factor.", lambda a: np.where(np.eye(len(a)) > 0, 1 - a, -np.outer(a, a))),
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
        Mistake("one-row-for-all", ONE_ROW, _one_row(kept=False)),
        Mistake("one-row-for-all-kept", ONE_ROW, _one_row(kept=True)),
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
        Mistake("truth-alone-averaged", "Your answer divides Y alone by the number of examples where reduction is "
                "'mean': division comes before subtraction, so that the difference needs brackets.",
                lambda A2, Y, reduction="mean": A2 - Y / (len(Y) if reduction == "mean" else 1)),
        Mistake("softmax-again", f"Your answer puts A2 through softmax again; it holds probabilities already. {ERROR}",
            _error(lambda A2, Y: softmax(A2) - Y)),
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
