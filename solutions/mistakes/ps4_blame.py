"""Known mistakes in problem set 4, by function; those that any function can have are derived elsewhere."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises import Mistake
from solutions.mistakes.ps4_bar import BAR

NAMES = ("W1", "b1", "W2", "b2")


def _relu(z: Any) -> Any:
    return np.maximum(z, 0)


def _forward(
    z1: Callable[..., Any] = lambda x, W1, b1: x @ W1 + b1,
    a1: Callable[..., Any] = _relu,
    y_pred: Callable[..., Any] = lambda z, a, W2, b2: a @ W2 + b2,
) -> Callable[..., Any]:
    """Return the forward pass with one part replaced."""

    def forward(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        z = z1(x, W1, b1)
        a = a1(z)
        return z, a, y_pred(z, a, W2, b2)

    return forward


def _step(
    dy: Callable[..., Any] = lambda error: 2 * error / len(error),
    into_W2: Callable[..., Any] = lambda a1, z1, x: a1,
    da1: Callable[..., Any] = lambda dy, W2, dW2, lr: W2 @ dy,
    dz1: Callable[..., Any] = lambda da1, z1, a1: da1 * (z1 > 0),
    moved: tuple[str, ...] = NAMES,
) -> Callable[..., Any]:
    """Return the training step with one part replaced."""

    def train_step(x: Any, y_true: Any, params: Any, lr: float) -> Any:
        z1 = x @ params["W1"] + params["b1"]
        a1 = _relu(z1)
        found = dy(a1 @ params["W2"] + params["b2"] - y_true)
        dW2 = np.outer(into_W2(a1, z1, x), found)
        back = dz1(da1(found, params["W2"], dW2, lr), z1, a1)
        grads = {"W1": np.outer(x, back), "b1": back, "W2": dW2, "b2": found}
        return {name: params[name] - lr * grads[name] * (name in moved) for name in NAMES}

    return train_step


MEAN = "The loss is the mean of the squared errors over the outputs."
INACTIVE = "A hidden unit that was not active passes nothing on: its gradient is 0 where z1 was not positive."

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "forward": (
        Mistake("first-bias-missing", "Your z1 lacks the bias b1.", _forward(z1=lambda x, W1, b1: x @ W1)),
        Mistake("second-bias-missing", "Your y_pred lacks the bias b2.", _forward(y_pred=lambda z, a, W2, b2: a @ W2)),
        Mistake("relu-missing", "Your a1 is z1 itself: the ReLU is missing.", _forward(a1=lambda z: z)),
        Mistake(
            "relu-backwards", "Your a1 keeps what is negative; ReLU keeps what is positive.",
            _forward(a1=lambda z: np.minimum(z, 0)),
        ),
        Mistake("size-for-relu", "Your a1 is the size of z1; ReLU sets what is negative to 0.", _forward(a1=np.abs)),
        Mistake(
            "leaky-relu", "Your a1 lets a little of what is negative through: that is a leaky ReLU.",
            _forward(a1=lambda z: np.where(z > 0, z, 0.01 * z)),
        ),
        Mistake(
            "mask-for-relu", "Your a1 is one where z1 is positive; ReLU keeps the value there.",
            _forward(a1=lambda z: (z > 0).astype(float)),
        ),
        Mistake("sigmoid", "Your a1 is a sigmoid of z1, where ReLU is due.",
            _forward(a1=lambda z: 1 / (1 + np.exp(-z)))),
        Mistake("tanh", "Your a1 is tanh of z1, where ReLU is due.", _forward(a1=np.tanh)),
        Mistake(
            "output-from-z1", "Your y_pred is made from z1; the second layer receives a1, what ReLU makes of it.",
            _forward(y_pred=lambda z, a, W2, b2: z @ W2 + b2),
        ),
        Mistake(
            "output-rectified", "Your y_pred has gone through a ReLU; the last layer is linear.",
            _forward(y_pred=lambda z, a, W2, b2: _relu(a @ W2 + b2)),
        ),
    ),
    "mse_loss": (
        Mistake(
            "not-averaged", "Your answer has the squared error of each output; the loss is one number, their mean.",
            lambda y_pred, y_true: (y_pred - y_true) ** 2,
        ),
        Mistake("sum-for-mean", f"Your answer is the sum. {MEAN}", lambda y_pred,
            y_true: np.sum((y_pred - y_true) ** 2)),
        Mistake(
            "root", f"Your answer is the root of the loss. {MEAN}",
            lambda y_pred, y_true: np.sqrt(np.mean((y_pred - y_true) ** 2)),
        ),
        Mistake(
            "absolute-error", f"Your answer averages the sizes of the errors, without squaring them. {MEAN}",
            lambda y_pred, y_true: np.mean(np.abs(y_pred - y_true)),
        ),
        Mistake(
            "not-squared", f"Your answer averages the errors without squaring them, so that they cancel. {MEAN}",
            lambda y_pred, y_true: np.mean(y_pred - y_true),
        ),
        Mistake(
            "square-of-mean", f"Your answer averages first and squares then, so that errors cancel. {MEAN}",
            lambda y_pred, y_true: np.mean(y_pred - y_true) ** 2,
        ),
        Mistake("norm", f"Your answer is the length of the error. {MEAN}", lambda y_pred,
            y_true: np.linalg.norm(y_pred - y_true)),
        Mistake(
            "halved",
            f"Your answer is half of the loss. Some put a half in front to be rid of a two later; here is none. {MEAN}",
            lambda y_pred, y_true: 0.5 * np.mean((y_pred - y_true) ** 2),
        ),
        Mistake(
            "squares-subtracted",
            "Your answer subtracts the square of y_true from that of y_pred: the difference comes first, and is "
            "squared then.",
            lambda y_pred, y_true: np.mean(y_pred**2 - y_true**2),
        ),
        Mistake(
            "every-pair",
            "Your answer compares every output with every target: a column met a row, and the difference is a "
            f"matrix. {MEAN}",
            lambda y_pred, y_true: np.mean((y_pred[:, None] - y_true) ** 2),
        ),
        Mistake("plus", "Your error adds prediction and target.", lambda y_pred,
            y_true: np.mean((y_pred + y_true) ** 2)),
        Mistake(
            "cross-entropy-like", f"Your answer multiplies targets by logarithms, as a cross-entropy does. {MEAN}",
            lambda y_pred, y_true: -np.sum(y_true * np.log(np.abs(y_pred) + 1e-10)),
        ),
    ),
    "grad_y_pred": (
        Mistake(
            "mean-missing", f"Your answer lacks the division by the number of outputs. {MEAN}",
            lambda y_pred, y_true: 2 * (y_pred - y_true),
        ),
        Mistake(
            "error-only",
            "Your answer is the error alone: the two of the square and the division by the number of outputs are "
            f"missing. {MEAN}",
            lambda y_pred, y_true: y_pred - y_true,
        ),
        Mistake(
            "averaged",
            "Your answer is averaged to one number for all; each output has a derivative of its own.",
            lambda y_pred, y_true: np.full_like(y_pred, np.mean(2 * (y_pred - y_true))),
        ),
        Mistake(
            "sign-of-error", "Your answer uses only the sign of each error: that belongs to the absolute error.",
            lambda y_pred, y_true: np.sign(y_pred - y_true) / len(y_pred),
        ),
        Mistake(
            "prediction-doubled",
            "Your answer doubles y_pred alone: the two of the square belongs to the whole error, which needs brackets.",
            lambda y_pred, y_true: (2 * y_pred - y_true) / len(y_pred),
        ),
        Mistake(
            "target-missing", "Your answer does not subtract y_true.", lambda y_pred, y_true: 2 * y_pred / len(y_pred)
        ),
        Mistake(
            "loss-for-gradient", "Your answer has the squared errors, the loss before its mean; asked for is its "
                                 "derivative.",
            lambda y_pred, y_true: (y_pred - y_true) ** 2 / len(y_pred),
        ),
    ),
    "grad_W2": (
        Mistake(
            "inner-for-outer",
            "Your answer is one number. Every weight joins one hidden unit with one output and has a derivative of "
            "its own.",
            lambda a1, d_loss_y: np.dot(a1, d_loss_y),
        ),
        Mistake(
            "first-output-for-all", "Your answer uses the first output's gradient for every output.",
            lambda a1, d_loss_y: np.outer(a1, np.full(len(d_loss_y), d_loss_y[0])),
        ),
    ),
    "grad_b2": (
        Mistake(
            "averaged", "Your answer is averaged to one number for all; each output has a bias of its own.",
            lambda d_loss_y: np.full_like(d_loss_y, d_loss_y.mean()),
        ),
    ),
    "grad_a1": (
        Mistake(
            "sum-missing",
            "Your answer holds the blame that each output sends to each hidden unit, and lacks the sum over the "
            "outputs.",
            lambda d_loss_y, W2: W2 * d_loss_y,
        ),
        Mistake(
            "outputs-apart",
            "Your answer multiplies sums: each weight meets its own output's gradient first, and the sum comes last.",
            lambda d_loss_y, W2: W2.sum(axis=1) * d_loss_y.sum(),
        ),
        Mistake(
            "sizes-only", "Your answer adds up sizes without signs; blame from different outputs can cancel.",
            lambda d_loss_y, W2: np.abs(W2) @ np.abs(d_loss_y),
        ),
    ),
    "grad_z1": (
        Mistake(
            "all-or-nothing", f"Your answer lets everything pass or nothing; each unit decides for itself. {INACTIVE}",
            lambda d_a1, z1: d_a1 * np.all(z1 > 0),
        ),
        Mistake(
            "entries-dropped",
            f"Your answer leaves out the entries of inactive units. {INACTIVE} Those entries stay in their places, as "
            "0.",
            lambda d_a1, z1: d_a1[z1 > 0],
        ),
    ),
    "grad_W1": (
        Mistake(
            "masked-again", "Your answer drops negative gradients; ReLU's mask is in d_z1 already, and goes by z1's "
                            "sign.",
            lambda x, d_z1: np.outer(x, _relu(d_z1)),
        ),
        Mistake("inner-for-outer", "Your answer is one number; every weight has a derivative.", lambda x,
            d_z1: np.dot(x, d_z1)),
    ),
    "grad_b1": (
        Mistake(
            "mask-for-gradient", "Your answer is one where a gradient flows in, and 0 elsewhere; the gradient itself "
                                 "is due.",
            lambda d_z1: (d_z1 != 0).astype(float),
        ),
    ),
    "train_step": (
        Mistake("mask-missing", f"Your step goes back through ReLU without its mask. {INACTIVE}",
            _step(dz1=lambda d, z, a: d)),
        Mistake(
            "mask-of-gradient", f"Your step's mask goes by the sign of the gradient. {INACTIVE}",
            _step(dz1=lambda d, z, a: d * (d > 0))
        ),
        Mistake(
            "mask-inverted", f"Your step's mask is the wrong way round. {INACTIVE}",
            _step(dz1=lambda d, z, a: d * (z < 0))
        ),
        Mistake(
            "mask-counts-zero", f"Your step's mask opens at exactly 0 as well. {INACTIVE}",
            _step(dz1=lambda d, z, a: d * (z >= 0))
        ),
        Mistake(
            "times-activation", f"Your step multiplies by a1 on the way back, where the mask is due. {INACTIVE}",
            _step(dz1=lambda d, z, a: d * a),
        ),
        Mistake("mean-missing", f"Your step lacks a division by the number of outputs. {MEAN}",
            _step(dy=lambda e: 2 * e)),
        Mistake("two-missing", f"Your step lacks the two of the square. {MEAN}", _step(dy=lambda e: e / len(e))),
        Mistake("error-only", f"Your step takes the error for the gradient of the loss. {MEAN}", _step(dy=lambda e: e)),
        Mistake(
            "updated-too-early",
            "Your step forms the hidden layer's gradient with W2 as it is after its update. All gradients belong to "
            "the old "
            "parameters: find them first, and update then.",
            _step(da1=lambda dy, W2, dW2, lr: (W2 - lr * dW2) @ dy),
        ),
        Mistake(
            "gradient-for-weights",
            "Your step goes back through the gradient of W2 in the place of W2 itself.",
            _step(da1=lambda dy, W2, dW2, lr: dW2 @ dy),
        ),
        Mistake("dW2-from-z1", "Your gradient of W2 uses z1; what W2 multiplies is a1.",
            _step(into_W2=lambda a, z, x: z)),
        Mistake("first-layer-left", "Your step moves only the second layer.", _step(moved=("W2", "b2"))),
        Mistake("second-layer-left", "Your step moves only the first layer.", _step(moved=("W1", "b1"))),
        Mistake("biases-left", "Your step moves the weights and leaves the biases as they were.",
            _step(moved=("W1", "W2"))),
    ),
    "blame_bar": BAR,
}  # fmt: skip
