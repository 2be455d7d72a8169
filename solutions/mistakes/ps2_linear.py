"""Known mistakes in problem set 2, by function; those that any function can have are derived elsewhere."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises import Mistake
from solutions.mistakes.ps2_numeric import NUMERIC


def _chain(
    dx: Callable[..., Any] | None = None, dW1: Callable[..., Any] | None = None, dW2: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """Return grad_chain with some parts replaced by functions of (W1, W2, x, g)."""

    def grad_chain(W1: Any, W2: Any, x: Any, dL_dy: Any) -> Any:
        return (
            dx(W1, W2, x, dL_dy) if dx else W1.T @ (W2.T @ dL_dy),
            dW1(W1, W2, x, dL_dy) if dW1 else np.outer(W2.T @ dL_dy, x),
            dW2(W1, W2, x, dL_dy) if dW2 else np.outer(dL_dy, W1 @ x),
        )

    return grad_chain


COLUMN = "x[i] reaches each output through one weight: all of them stand in one column of W."

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "linear": (
        Mistake(
            "sum-missing",
            "Your answer holds the products of weights and inputs, and lacks the sum: each output is the sum along "
            "its row.",
            lambda W, x: W * x,
        ),
        Mistake(
            "weights-summed-alone",
            "Your answer sums each row of W, and x is not in it: each weight meets its own input before the sum.",
            lambda W, x: W.sum(axis=1),
        ),
        Mistake(
            "input-summed-alone",
            "Your answer multiplies each row's sum of weights by the sum of x. Each weight meets its own input first.",
            lambda W, x: W.sum(axis=1) * x.sum(),
        ),
    ),
    "grad_x": (
        Mistake(
            "sum-missing",
            "Your answer holds what each output contributes to each input, and lacks the sum over the outputs: an "
            "input "
            "acts on the loss through every output.",
            lambda W, dL_dy: W * dL_dy[:, None],
        ),
        Mistake(
            "largest-influence",
            "Your answer takes the output that matters most. An input acts through every output, so all of them add "
            "up.",
            lambda W, dL_dy: np.max(W * dL_dy[:, None], axis=0),
        ),
        Mistake(
            "sizes-only",
            "Your answer adds up sizes without signs; influences through different outputs can cancel.",
            lambda W, dL_dy: np.abs(W).T @ np.abs(dL_dy),
        ),
        Mistake(
            "inverse-for-transpose",
            "Your answer uses the inverse of W, which undoes the layer. A gradient goes back through the transpose.",
            lambda W, dL_dy: np.linalg.pinv(W) @ dL_dy,
        ),
    ),
    "grad_W": (
        Mistake(
            "inner-for-outer",
            "Your answer is one number, the inner product. Every weight joins one input with one output, and has a "
            "derivative of its own: one row for each output, one column for each input.",
            lambda x, dL_dy: np.dot(x, dL_dy),
        ),
        Mistake(
            "diagonal-only",
            "Your answer keeps only weights that join an input to the output of the same number. Every input meets "
            "every "
            "output.",
            lambda x, dL_dy: np.outer(dL_dy, x) * np.eye(len(dL_dy), len(x)),
        ),
        Mistake(
            "outputs-summed",
            "Your answer has the sum of dL_dy in every row; each row has its own output's entry of dL_dy.",
            lambda x, dL_dy: np.tile(x * dL_dy.sum(), (len(dL_dy), 1)),
        ),
    ),
    "influence": (
        Mistake(
            "sum-missing",
            "Your answer holds the influence through each output by itself; asked for is their total.",
            lambda W, dL_dy, i: W[:, i] * dL_dy,
        ),
        Mistake(
            "row-for-column",
            f"Your answer uses row i of W. {COLUMN}",
            lambda W, dL_dy, i: W[i] @ dL_dy,
        ),
        Mistake(
            "row-summed",
            f"Your answer is the sum of row i of W. {COLUMN} Each of them is weighted by its entry of dL_dy.",
            lambda W, dL_dy, i: W[i].sum(),
        ),
        Mistake(
            "largest-influence",
            "Your answer takes the output that matters most. An input acts through every output, so all of them add "
            "up.",
            lambda W, dL_dy, i: np.max(W[:, i] * dL_dy),
        ),
        Mistake(
            "one-output-only",
            "Your answer goes through output i only; input i acts on the loss through every output.",
            lambda W, dL_dy, i: W[i, i] * dL_dy[i],
        ),
        Mistake(
            "index-ignored",
            "Your answer is always that of the first input: i is not used.",
            lambda W, dL_dy, i: W[:, 0] @ dL_dy,
        ),
        Mistake(
            "last-input",
            "Your answer is always that of the last input: i is not used.",
            lambda W, dL_dy, i: W[:, -1] @ dL_dy,
        ),
        Mistake(
            "counted-from-one",
            "Your answer is that of the input before: i counts from 0 here, as Python does.",
            lambda W, dL_dy, i: W[:, i - 1] @ dL_dy,
        ),
        Mistake(
            "one-too-far",
            "Your answer is that of the input after: i counts from 0 here, as Python does.",
            lambda W, dL_dy, i: W[:, (i + 1) % W.shape[1]] @ dL_dy,
        ),
        Mistake(
            "sizes-only",
            "Your answer adds up sizes without signs; influences through different outputs can cancel.",
            lambda W, dL_dy, i: np.abs(W[:, i] * dL_dy).sum(),
        ),
        Mistake(
            "all-inputs",
            "Your answer has the influence of every input; asked for is that of input i alone.",
            lambda W, dL_dy, i: W.T @ dL_dy,
        ),
        Mistake(
            "all-inputs-summed",
            "Your answer adds the influences of all inputs; asked for is that of input i alone.",
            lambda W, dL_dy, i: np.sum(W.T @ dL_dy),
        ),
    ),
    "numerical_grad": NUMERIC,
    "grad_chain": (
        Mistake(
            "dx-stops-at-last-layer",
            "Your dx goes back through the first matrix only; dL_dy has to pass the second one before.",
            _chain(dx=lambda W1, W2, x, g: W1.T @ np.ones(len(W1))),
        ),
        Mistake(
            "dx-stops-at-hidden-layer",
            "Your dx is the gradient of the hidden values: it has to go back through W1 too.",
            _chain(dx=lambda W1, W2, x, g: W2.T @ g),
        ),
        Mistake(
            "dW1-without-second-layer",
            "Your dW1 uses the sum of dL_dy for every hidden unit; dL_dy has to go back through W2 to get there.",
            _chain(dW1=lambda W1, W2, x, g: np.outer(np.full(len(W1), g.sum()), x)),
        ),
        Mistake(
            "dW2-from-input",
            "Your dW2 is made with x. What W2 multiplies is the hidden value, which W1 makes of x.",
            _chain(dW2=lambda W1, W2, x, g: np.outer(g, x)),
        ),
        Mistake(
            "dW2-from-output",
            "Your dW2 is made with y, what W2 makes. Its gradient needs what W2 multiplies: the hidden value.",
            _chain(dW2=lambda W1, W2, x, g: np.outer(g, W2 @ (W1 @ x))),
        ),
        Mistake(
            "dW2-from-hidden-gradient",
            "Your dW2 is made with the gradient of the hidden values. W2 makes y, so that dL_dy itself is due.",
            _chain(dW2=lambda W1, W2, x, g: np.outer(W2.T @ g, W1 @ x)),
        ),
        Mistake(
            "dW2-rectified",
            "Your dW2 uses only positive hidden values; there is no ReLU between these two layers.",
            _chain(dW2=lambda W1, W2, x, g: np.outer(g, np.maximum(W1 @ x, 0))),
        ),
        Mistake(
            "ReLU-on-the-way-back",
            "Your dW1 goes back through the mask of a ReLU; there is no ReLU between these two layers.",
            _chain(dW1=lambda W1, W2, x, g: np.outer((W2.T @ g) * (W1 @ x > 0), x)),
        ),
        Mistake(
            "dW1-from-output-gradient",
            "Your dW1 is made with dL_dy itself, which belongs to the output; take it back through W2 to the hidden "
            "layer.",
            _chain(dW1=lambda W1, W2, x, g: np.outer(g, x)),
        ),
        Mistake(
            "matrices-exchanged",
            "Your dx goes back through W1 before W2. On the way back the last layer comes first.",
            _chain(dx=lambda W1, W2, x, g: W2.T @ (W1.T @ g)),
        ),
    ),
}
