"""Mistakes that the kind of exercise suggests: a sum for a bias, a mask for a ReLU, a step of descent."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.exercises.answers import Array
from autograder.exercises.diagnosis.candidate import Candidate
from autograder.exercises.diagnosis.trial import MATRIX_AXES, NotApplicableError, Trial, array_arguments, leaf_forms
from autograder.exercises.exercise import Exercise
from autograder.exercises.rules import DescentStep, VectorJacobianProduct

Formula = Callable[[Any, Any], Any]


# --- a bias: what flows in, summed over the axis that the bias does not have ---------------------


def _sums(exercise: Exercise, upstream: str) -> Iterator[Candidate]:
    shape, (form, *_) = array_arguments(exercise)[upstream], leaf_forms(exercise)
    own = form.shape if isinstance(form, Array) else ()
    lost = [axis for axis, size in enumerate(shape) if size not in own]
    if len(shape) != MATRIX_AXES or len(lost) != 1:
        return
    due, other = lost[0], 1 - lost[0]
    name, kept = shape[due], shape[other]
    why = (
        f"The bias is added to every entry along {name}, so its gradient is the sum over {name} and over nothing else."
    )
    yield Candidate(
        "not-summed", f"{{it}} is {upstream} itself: there is no sum over {name}. {why}",
        lambda trial: trial.arguments[upstream],
    )  # fmt: skip
    axes = f"{{it}} is summed over {kept}, the wrong axis. {why}"
    yield Candidate("wrong-axis", axes, lambda trial: trial.arguments[upstream].sum(axis=other, keepdims=True))
    yield Candidate("wrong-axis-dropped", axes, lambda trial: trial.arguments[upstream].sum(axis=other))
    turned = "row" if own and own[0] == 1 else "column"
    yield Candidate(
        "wrong-axis-turned",
        f"{axes} It was then turned into a {turned}.",
        lambda trial: trial.arguments[upstream].sum(axis=other).reshape([1 if size == 1 else -1 for size in own]),
    )
    yield Candidate(
        "largest-for-sum", f"{{it}} takes the largest entry along {name} where the sum is due. {why}",
        lambda trial: trial.arguments[upstream].max(axis=due, keepdims=True),
    )  # fmt: skip


# --- a ReLU: what flows in, let through where the value was positive ------------------------------

WHY_MASK = "ReLU lets a gradient through exactly where its input {z} was positive, and stops it elsewhere."
# Thresholds that students write in place of 0.
TINY, TINIER = 1e-8, 1e-20
MASKS: dict[str, tuple[Formula, str]] = {
    "mask-missing": (
        lambda g, z: g,
        "{it} is {g} itself: the mask of the ReLU is missing. " + WHY_MASK,
    ),
    "mask-of-nonzero": (
        lambda g, z: g * (z != 0),
        "{it} lets the gradient through wherever {z} is not 0, for negative values as well. " + WHY_MASK,
    ),
    "mask-inverted": (
        lambda g, z: g * (z < 0),
        "{it} lets the gradient through where {z} was negative: the mask is the wrong way round. " + WHY_MASK,
    ),
    "mask-inverted-with-zero": (
        lambda g, z: g * (z <= 0),
        "{it} lets the gradient through where {z} was not positive: the mask is the wrong way round. " + WHY_MASK,
    ),
    "mask-counts-zero": (
        lambda g, z: g * (z >= 0),
        ("{it} is right but where {z} is exactly 0: there the derivative of ReLU is 0 by the convention of this "
         "course, and yours lets the gradient through. Look at the comparison."),
    ),
    "mask-of-gradient": (
        lambda g, z: g * (g > 0),
        "{it} lets {g} through where {g} itself is positive. The sign of the gradient has no say in it. " + WHY_MASK,
    ),
    "mask-only": (
        lambda g, z: np.asarray(z > 0, dtype=np.float64),
        "{it} is the mask alone, the derivative of ReLU. The chain rule multiplies it by what flows in, {g}.",
    ),
    "mask-of-gradient-alone": (
        lambda g, z: z * (g > 0),
        "{it} has {g} and {z} exchanged: {z} decides what passes, and {g} is what passes.",
    ),
    "times-activation": (
        lambda g, z: g * np.maximum(z, 0.0),
        "{it} is {g} times the value of ReLU, where its derivative is due: that is 1 where {z} is positive, else 0.",
    ),
    "times-input": (
        lambda g, z: g * z,
        "{it} is {g} times {z} itself, where the derivative of ReLU at {z} is due: 1 where {z} is positive, else 0.",
    ),
    "activation-only": (
        lambda g, z: np.maximum(z, 0.0),
        "{it} is ReLU itself, the value on the way forward. On the way back its derivative is due, times {g}.",
    ),
    "relu-of-product": (
        lambda g, z: np.maximum(g * z, 0.0),
        "{it} applies ReLU to a product of {g} and {z}. On the way back nothing is put through ReLU again. " + WHY_MASK,
    ),
    "leaky-mask": (
        lambda g, z: g * np.where(z > 0, 1.0, 0.01),
        "{it} lets a little of the gradient through where {z} is negative: that is a leaky ReLU. " + WHY_MASK,
    ),
    "half-at-zero": (
        lambda g, z: g * (np.sign(z) + 1) / 2,
        "{it} takes the derivative at {z} = 0 as a half; by the convention of this course it is 0 there.",
    ),
    "sign-for-mask": (
        lambda g, z: g * np.sign(z),
        "{it} takes the sign of {z} for the mask, so that the gradient turns round where {z} is negative. " + WHY_MASK,
    ),
    "threshold-above-zero": (
        lambda g, z: g * (z > TINY),
        "{it} stops the gradient where {z} is positive but tiny: the comparison must be with 0 itself.",
    ),
    "tinier-threshold-above-zero": (
        lambda g, z: g * (z > TINIER),
        "{it} stops the gradient where {z} is positive but tiny: the comparison must be with 0 itself.",
    ),
    "slope-of-sigmoid": (
        lambda g, z: g / (2.0 + np.exp(z) + np.exp(-z)),
        "{it} has the derivative of a sigmoid in it, where that of ReLU is due. " + WHY_MASK,
    ),
    "slope-of-activated-sigmoid": (
        lambda g, z: g * z * (1.0 - z),
        "{it} multiplies {g} by z(1 - z), with {z} for z: that belongs to a sigmoid, and to its output. " + WHY_MASK,
    ),
    "slope-of-tanh": (
        lambda g, z: g * (1.0 - z**2),
        "{it} multiplies {g} by one minus the square of {z}: that belongs to tanh, and to its output. " + WHY_MASK,
    ),
    "slope-of-tanh-itself": (
        lambda g, z: g * (1.0 - np.tanh(z) ** 2),
        "{it} has the derivative of tanh in it, where that of ReLU is due. " + WHY_MASK,
    ),
    "mask-of-row": (
        lambda g, z: g * (z.sum(axis=-1, keepdims=True) > 0),
        "{it} opens or shuts a whole row at once, by the sum of {z} along it; each entry of {z} decides for itself.",
    ),
    "mask-of-column": (
        lambda g, z: g * (z.sum(axis=0, keepdims=True) > 0),
        "{it} opens or shuts a whole column at once, by the sum of {z} down it; each entry of {z} decides for itself.",
    ),
    "mask-of-first-row": (
        lambda g, z: g * (z[:1] > 0),
        "{it} masks everything as the first row, or first entry, of {z} says; each entry of {z} decides for itself.",
    ),
}  # fmt: skip


def _masks(g: str, z: str) -> Iterator[Candidate]:
    def made(formula: Formula) -> Callable[[Trial], Any]:
        def make(trial: Trial) -> Any:
            slope = trial.reference(**{g: np.ones_like(trial.arguments[g])})
            if not np.array_equal(slope, trial.arguments[z] > 0):
                raise NotApplicableError
            return formula(trial.arguments[g], trial.arguments[z])

        return make

    for identity, (formula, text) in MASKS.items():
        yield Candidate(identity, text.replace("{g}", g).replace("{z}", z), made(formula))


# --- one step of descent: the old parameter less the learning rate times its gradient -------------

StepFormula = Callable[[Any, Any, float], Any]
STEPS: dict[str, tuple[StepFormula, str]] = {
    "step-uphill": (
        lambda p, g, lr: p + lr * g,
        ("{it} goes up the slope: the gradient points where the loss grows, so a step of descent subtracts it. Or the "
        "gradient has the wrong sign; look at which of prediction and truth is subtracted from the other."),
    ),
    "step-without-rate": (
        lambda p, g, lr: p - g,
        "{it} takes a step of the whole gradient: the learning rate lr is left out.",
    ),
    "unchanged": (
        lambda p, g, lr: p,
        "{it} is the old value: no step was taken, or its result was not returned.",
    ),
    "gradient-for-step": (
        lambda p, g, lr: g,
        "{it} is the gradient itself, where the parameter after a step is due: the old one less lr times the gradient.",
    ),
    "step-only": (
        lambda p, g, lr: -lr * g,
        "{it} is the step alone; it has to be added to the old parameter.",
    ),
    "step-only-uphill": (
        lambda p, g, lr: lr * g,
        "{it} is lr times the gradient alone, which has to be subtracted from the old parameter.",
    ),
    "parameter-for-gradient": (
        lambda p, g, lr: p - lr * p,
        "{it} subtracts lr times the parameter itself, where lr times its gradient is due.",
    ),
    "rate-without-sign": (
        lambda p, g, lr: p - abs(lr) * g,
        "{it} is right only for a positive lr: the sign of lr gets lost.",
    ),
    "sign-of-gradient": (
        lambda p, g, lr: p - lr * np.sign(g),
        "{it} steps by lr in the direction of the gradient's sign, and does not use how large the gradient is.",
    ),
    "step-divided-by-rate": (
        lambda p, g, lr: p - g / lr,
        "{it} divides by lr where the gradient is to be multiplied by it.",
    ),
    "rate-of-one-tenth": (
        lambda p, g, lr: p - 0.1 * g, "{it} takes a fixed learning rate, that of an example, and not the argument lr.",
    ),
    "rate-of-one-hundredth": (
        lambda p, g, lr: p - 0.01 * g,
        "{it} takes a fixed learning rate and does not use the argument lr.",
    ),
    "half-step": (
        lambda p, g, lr: p - lr * g / 2,
        ("{it} takes half of the step that is due: look for a half too much, or for a two that got lost, such as that "
        "of the derivative of a square."),
    ),
    "double-step": (
        lambda p, g, lr: p - 2 * lr * g,
        "{it} takes twice the step that is due; is there a factor of two too much, or are two steps taken?",
    ),
    "quarter-step": (
        lambda p, g, lr: p - lr * g / 4,
        "{it} takes a quarter of the step that is due: the two of the square is missing, and it is halved besides.",
    ),
    "half-step-uphill": (
        lambda p, g, lr: p + lr * g / 2,
        "{it} goes up the slope, and half as far as is due: a sign is wrong, and the two of the square is missing.",
    ),
    "step-uphill-without-rate": (
        lambda p, g, lr: p + g,
        "{it} goes up the slope by the whole gradient: a sign is wrong, and the learning rate lr is left out.",
    ),
    "rate-squared": (
        lambda p, g, lr: p - lr * lr * g,
        "{it} multiplies by the learning rate lr twice; once is enough.",
    ),
    "gradient-clipped": (
        lambda p, g, lr: p - lr * np.clip(g, -1, 1),
        "{it} cuts the gradient off at one before the step; the step is to be taken with the gradient as it is.",
    ),
}  # fmt: skip


def _old_and_gradient(trial: Trial, wrt: tuple[str, ...]) -> list[tuple[Any, Any]]:
    """Return each parameter with its gradient, which a reference step with lr = 1 tells."""
    holder = {key: part for value in trial.arguments.values() if isinstance(value, dict) for key, part in value.items()}
    old = [trial.arguments[name] if name in trial.arguments else holder[name] for name in wrt]
    new = trial.parts(trial.reference(lr=1.0)) or []
    return [(before, before - after) for before, after in zip(old, new, strict=True)]


def _step(wrt: tuple[str, ...], formula: StepFormula) -> Callable[[Trial], Any]:
    def make(trial: Trial) -> Any:
        lr = float(trial.arguments["lr"])
        with np.errstate(all="ignore"):
            return trial.assembled([formula(old, slope, lr) for old, slope in _old_and_gradient(trial, wrt)])

    return make


def _steps(exercise: Exercise, wrt: tuple[str, ...]) -> Iterator[Candidate]:
    for identity, (formula, text) in STEPS.items():
        yield Candidate(identity, text, _step(wrt, formula), scales=False)
    for name in dict.fromkeys(size for one in exercise.variables.values() for size in one.shape or ()):
        if isinstance(name, str):
            for identity, sign, told in (("over", -1, "divided by"), ("times", 1, "multiplied by")):
                yield Candidate(
                    f"step-{identity}-{name}",
                    f"{{it}} takes a step that is {told} {name} besides what is due; look at which means are taken, "
                    "and how often.",
                    _sized_step(wrt, name, sign), scales=False,
                )  # fmt: skip


def _sized_step(wrt: tuple[str, ...], name: str, power: int) -> Callable[[Trial], Any]:
    return lambda trial: _step(wrt, lambda p, g, lr: p - lr * g * float(trial.sizes[name]) ** power)(trial)


def of_rules(exercise: Exercise) -> Iterator[Candidate]:
    """Yield the mistakes that an exercise's rule suggests."""
    rule = exercise.rule
    if isinstance(rule, DescentStep) and "lr" in exercise.arguments:
        yield from _steps(exercise, rule.wrt)
    if isinstance(rule, VectorJacobianProduct) and rule.upstream in array_arguments(exercise) and len(rule.wrt) == 1:
        shapes = array_arguments(exercise)
        upstream, (wrt,) = str(rule.upstream), rule.wrt
        if list(shapes) == [upstream]:
            yield from _sums(exercise, upstream)
        if shapes.keys() == {upstream, wrt} and shapes[upstream] == shapes[wrt]:
            yield from _masks(upstream, wrt)
