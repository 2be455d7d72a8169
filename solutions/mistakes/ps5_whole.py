"""Known mistakes in the functions of the whole network of problem set 5: backward, train_step and train."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.exercises import Mistake

NAMES = ("W1", "b1", "W2", "b2")
Parts = dict[str, Callable[..., Any]]


def _forward(X: Any, params: Any) -> Any:
    Z1 = X @ params["W1"] + params["b1"]
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ params["W2"] + params["b2"]
    raised = np.exp(Z2 - Z2.max(axis=1, keepdims=True))
    return Z1, A1, raised / raised.sum(axis=1, keepdims=True)


def _loss(X: Any, Y: Any, params: Any) -> Any:
    return -np.mean(np.log(_forward(X, params)[2][Y == 1]))


RIGHT: Parts = {
    "dZ2": lambda A2, Y: (A2 - Y) / len(Y),
    "dW2": lambda A1, Z1, dZ2: A1.T @ dZ2,
    "dA1": lambda dZ2, W2, dW2, A2: dZ2 @ W2.T,
    "dZ1": lambda dA1, Z1, A1: dA1 * (Z1 > 0),
    "dW1": lambda X, dZ1, dA1, A1: X.T @ dZ1,
    "bias": lambda dZ: dZ.sum(axis=0, keepdims=True),
}


def _gradients(X: Any, Y: Any, params: Any, wrong: Parts) -> Any:
    """Return the gradients with some parts of the backward pass replaced."""
    Z1, A1, A2 = _forward(X, params)
    part = {**RIGHT, **wrong}
    dZ2 = part["dZ2"](A2, Y)
    dW2 = part["dW2"](A1, Z1, dZ2)
    dA1 = part["dA1"](dZ2, params["W2"], dW2, A2)
    dZ1 = part["dZ1"](dA1, Z1, A1)
    return {"W1": part["dW1"](X, dZ1, dA1, A1), "b1": part["bias"](dZ1), "W2": dW2, "b2": part["bias"](dZ2)}


def _descended(params: Any, grads: Any, lr: float) -> Any:
    return {name: params[name] - lr * grads[name] for name in NAMES}


MASK = "ReLU passes a gradient on exactly where Z1 was positive."
MEAN = "One division by the number of examples is due, and it sits in dZ2; every later gradient inherits it."
# What can be wrong in the backward pass, whatever is then done with the gradients.
BACKWARD: tuple[tuple[str, str, Parts], ...] = (
    ("mean-missing", f"the gradients are too large by the number of examples. {MEAN}", {"dZ2": lambda A2, Y: A2 - Y}),
    ("mean-twice", f"the gradients are divided by the number of examples twice. {MEAN}",
     {"dZ2": lambda A2, Y: (A2 - Y) / len(Y) ** 2}),
    ("biases-averaged", f"the biases' gradients are averaged over the examples, where they are summed. {MEAN}",
     {"bias": lambda dZ: dZ.mean(axis=0, keepdims=True)}),
    ("biases-over-wrong-axis", "the biases' gradients are summed over the wrong axis: a sum over the examples is due.",
     {"bias": lambda dZ: dZ.sum(axis=1, keepdims=True)}),
    ("truth-minus-probability", "the error has the opposite sign: it is probability minus truth.",
     {"dZ2": lambda A2, Y: (Y - A2) / len(Y)}),
    ("batch-of-the-example", "the gradients are divided by a fixed number, the batch of the example.",
     {"dZ2": lambda A2, Y: (A2 - Y) / 10}),
    ("mean-over-classes", "the gradients are divided by the number of classes, not of examples.",
     {"dZ2": lambda A2, Y: (A2 - Y) / Y.shape[1]}),
    ("sigmoid-slope-too", ("dZ2 has the slope of a sigmoid as another factor, which cancels: it is probability minus "
                          "truth."),
     {"dZ2": lambda A2, Y: (A2 - Y) * A2 * (1 - A2) / len(Y)}),
    ("loss-by-probability", "dZ2 is the derivative with respect to A2; softmax has to be gone through as well.",
     {"dZ2": lambda A2, Y: -Y / A2 / len(Y)}),
    ("truth-missing", "dZ2 lacks the truth: Y is not subtracted.", {"dZ2": lambda A2, Y: A2 / len(Y)}),
    ("mask-missing", f"ReLU is gone back through without its mask. {MASK}", {"dZ1": lambda dA1, Z1, A1: dA1}),
    ("mask-of-gradient", f"the mask goes by the sign of the gradient. {MASK}",
     {"dZ1": lambda dA1, Z1, A1: dA1 * (dA1 > 0)}),
    ("mask-inverted", f"the mask is the wrong way round. {MASK}", {"dZ1": lambda dA1, Z1, A1: dA1 * (Z1 < 0)}),
    ("mask-counts-zero", f"the mask opens at exactly 0 as well. {MASK}", {"dZ1": lambda dA1, Z1, A1: dA1 * (Z1 >= 0)}),
    ("times-activation", f"ReLU is gone back through with its value, not its slope. {MASK}",
     {"dZ1": lambda dA1, Z1, A1: dA1 * A1}),
    ("slope-of-sigmoid", f"ReLU is gone back through with the slope of a sigmoid. {MASK}",
     {"dZ1": lambda dA1, Z1, A1: dA1 * A1 * (1 - A1)}),
    ("dW2-from-Z1", "the gradient of W2 is made with Z1; what W2 multiplies is A1.",
     {"dW2": lambda A1, Z1, dZ2: Z1.T @ dZ2}),
    ("gradient-for-weights", "dA1 goes back through the gradient of W2 in the place of W2 itself.",
     {"dA1": lambda dZ2, W2, dW2, A2: dZ2 @ dW2.T}),
    ("dA1-from-probabilities", "dA1 is made from A2; what flows back is dZ2.",
     {"dA1": lambda dZ2, W2, dW2, A2: A2 @ W2.T}),
    ("W2-wrong-way-round", ("dA1 uses W2 as it is, where its transpose is due; only if sizes are equal is there no "
                           "error."),
     {"dA1": lambda dZ2, W2, dW2, A2: dZ2 @ W2}),
    ("dW1-from-dA1", f"the gradient of W1 is made with dA1, before ReLU is gone back through. {MASK}",
     {"dW1": lambda X, dZ1, dA1, A1: X.T @ dA1}),
    ("dW1-from-A1", "the gradient of W1 is made with A1; what W1 multiplies is X.",
     {"dW1": lambda X, dZ1, dA1, A1: A1.T @ dZ1}),
)  # fmt: skip

# In a step the one is the same as going uphill, and the other shows in a single size only.
IN_STEPS = tuple(one for one in BACKWARD if one[0] not in {"truth-minus-probability", "dW1-from-A1"})


def _in_backward() -> Iterator[Mistake]:
    for identity, told, wrong in BACKWARD:
        yield Mistake(
            identity, f"In your answer {told}", lambda X, Y, params, wrong=wrong: _gradients(X, Y, params, wrong)
        )


def _in_step() -> Iterator[Mistake]:
    for identity, told, wrong in IN_STEPS:
        yield Mistake(
            identity,
            f"Your step is one of descent, but {told}",
            lambda X, Y, params, lr, wrong=wrong: _descended(params, _gradients(X, Y, params, wrong), lr),
        )
    yield Mistake("one-after-the-other", LATER, _one_after_the_other(NAMES))
    yield Mistake("one-after-the-other-from-the-end", LATER, _one_after_the_other(("W2", "b2", "W1", "b1")))
    for identity, told, moved in LEFT:
        yield Mistake(
            identity,
            f"Your step {told}",
            lambda X, Y, params, lr, moved=moved: {
                **params, **{name: _descended(params, _gradients(X, Y, params, {}), lr)[name] for name in moved}
            },
        )  # fmt: skip


LATER = (
    "Your step takes gradients at parameters of which some are updated already. All gradients belong to the old "
    "parameters: "
    "find them first, and update then."
)
LEFT = (
    ("biases-left", "moves the weights and leaves the biases as they were.", ("W1", "W2")),
    ("first-layer-left", "moves only the second layer.", ("W2", "b2")),
    ("second-layer-left", "moves only the first layer.", ("W1", "b1")),
)


def _one_after_the_other(order: tuple[str, ...]) -> Callable[..., Any]:
    def train_step(X: Any, Y: Any, params: Any, lr: float) -> Any:
        new = dict(params)
        for name in order:
            new[name] = new[name] - lr * _gradients(X, Y, new, {})[name]
        return new

    return train_step


def _train(
    update: Callable[..., Any] = _descended,
    loss: Callable[..., Any] = _loss,
    end: Callable[[Any, list[Any]], Any] = lambda params, losses: (params, np.array(losses)),
    count: Callable[[int], int] = lambda steps: steps,
    wrong: Parts | None = None,
) -> Callable[..., Any]:
    """Return the training loop with one part replaced."""

    def train(X: Any, Y: Any, params: Any, lr: float, steps: int) -> Any:
        losses = [loss(X, Y, params)]
        for _ in range(count(steps)):
            params = update(params, _gradients(X, Y, params, wrong or {}), lr)
            losses.append(loss(X, Y, params))
        return end(params, losses)

    return train


def _late(X: Any, Y: Any, params: Any, lr: float, steps: int) -> Any:
    losses = [_loss(X, Y, params)]
    for _ in range(steps):
        losses.append(_loss(X, Y, params))
        params = _descended(params, _gradients(X, Y, params, {}), lr)
    return params, np.array(losses)


def _first_gradients_kept(X: Any, Y: Any, params: Any, lr: float, steps: int) -> Any:
    grads, losses = _gradients(X, Y, params, {}), [_loss(X, Y, params)]
    for _ in range(steps):
        params = _descended(params, grads, lr)
        losses.append(_loss(X, Y, params))
    return params, np.array(losses)


def _always_from_the_first(X: Any, Y: Any, params: Any, lr: float, steps: int) -> Any:
    once = _descended(params, _gradients(X, Y, params, {}), lr) if steps else params
    return once, np.array([_loss(X, Y, params)] + [_loss(X, Y, once)] * steps)


def _left_at_zero(place: int) -> Callable[..., Any]:
    """Return a training loop whose record, made of zeros, is never filled at one place."""

    def end(params: Any, losses: list[Any]) -> Any:
        record = np.array(losses)
        record[place] = 0.0
        return params, record

    return _train(end=end)


def _losses_of_the_start(X: Any, Y: Any, params: Any, lr: float, steps: int) -> Any:
    return _train()(X, Y, params, lr, steps)[0], np.full(steps + 1, _loss(X, Y, params))


def _updated(rule: Callable[[Any, Any, float], Any]) -> Callable[..., Any]:
    return lambda params, grads, lr: {name: rule(params[name], grads[name], lr) for name in NAMES}


LOSSES = "There is a loss before the first step and one after each, all of the parameters at that time."
IN_TRAINING: tuple[Mistake, ...] = (
    Mistake("uphill", "Your training climbs: the gradient points where the loss grows, and is to be subtracted; or "
                      "the error is truth minus probability, and not the reverse.",
            _train(_updated(lambda p, g, lr: p + lr * g))),
    Mistake("rate-missing", "Your training takes steps of the whole gradient: lr is left out.",
            _train(_updated(lambda p, g, lr: p - g))),
    Mistake("rate-of-one-tenth", "Your training uses a fixed learning rate, and not the argument lr.",
            _train(_updated(lambda p, g, lr: p - 0.1 * g))),
    Mistake("parameter-for-gradient", "Your training subtracts lr times the parameter, where the gradient is due.",
            _train(_updated(lambda p, g, lr: p - lr * p))),
    Mistake("last-loss-missing", f"Your losses end one too early. {LOSSES}",
            _train(end=lambda params, losses: (params, np.array(losses[:-1])))),
    Mistake("first-loss-missing", f"Your losses begin after the first step. {LOSSES}",
            _train(end=lambda params, losses: (params, np.array(losses[1:])))),
    Mistake("losses-one-late", "Your losses come a step late: each is taken before the update that it should follow. "
                               f"{LOSSES}", _late),
    Mistake("first-loss-left-at-zero", f"Your first loss is 0: nothing is stored there before the first step. {LOSSES}",
            _left_at_zero(0)),
    Mistake("last-loss-left-at-zero", f"Your last loss is 0: nothing is stored there after the last step. {LOSSES}",
            _left_at_zero(-1)),
    Mistake("losses-of-the-start", f"Your losses are all those of the parameters you were given. {LOSSES}",
            _losses_of_the_start),
    Mistake("returned-after-one-step", "Your training ends after one step, whatever steps is: is the return inside the "
            "loop?", _train(count=lambda steps: min(steps, 1))),
    Mistake("losses-backwards", f"Your losses are in the opposite order. {LOSSES}",
            _train(end=lambda params, losses: (params, np.array(losses[::-1])))),
    Mistake("last-loss-only", f"Your losses hold the last one only. {LOSSES}",
            _train(end=lambda params, losses: (params, np.array(losses[-1:])))),
    Mistake("losses-summed", "Your losses are summed over the examples; they are the mean ones.",
            _train(loss=lambda X, Y, params: _loss(X, Y, params) * len(X))),
    Mistake("one-step-too-few", "Your training takes a step too few; look at where the loop starts and ends.",
            _train(count=lambda steps: max(0, steps - 1))),
    Mistake("one-step-too-many", "Your training takes a step too many; look at where the loop starts and ends.",
            _train(count=lambda steps: steps + 1)),
    Mistake("old-parameters-returned", "Your training returns the parameters that it began with.",
            lambda X, Y, params, lr, steps: (params, _train()(X, Y, params, lr, steps)[1])),
    Mistake("parameters-never-replaced", "Your training starts from the same parameters in every step: the new ones "
                                         "are not "
            "taken over.", lambda X, Y, params, lr, steps: (params, np.full(steps + 1, _loss(X, Y, params)))),
    Mistake("first-step-repeated", "Your training takes the first step again and again: each step must start from the "
                                   "parameters that the one before it made.", _always_from_the_first),
    Mistake("gradients-found-once", "Your training finds the gradients once, before the loop, and goes on using them.",
            _first_gradients_kept),
)  # fmt: skip


def _in_training() -> Iterator[Mistake]:
    yield from IN_TRAINING
    for identity, told, wrong in IN_STEPS:
        yield Mistake(identity, f"In each step of your training {told}", _train(wrong=wrong))


MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "backward": tuple(_in_backward()),
    "train_step": tuple(_in_step()),
    "train": tuple(_in_training()),
}
