"""Mistakes that start from the right answer: its axes, its shape, its size, its order."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.exercises.answers import Array, Named, Number, Parts
from autograder.exercises.diagnosis.candidate import Candidate, part_names
from autograder.exercises.diagnosis.trial import MATRIX_AXES, Trial, leaf_forms
from autograder.exercises.exercise import Exercise

Change = Callable[[Any, Any], Any]
MOST_PARTS = 4


def _mapped(change: Change) -> Callable[[Trial], Any]:
    return lambda trial: trial.mapped(
        lambda part, form: change(part, form) if isinstance(form, (Array, Number)) else None
    )


def _on_arrays(axes: int | None, change: Callable[[Any], Any], *, least: int = 1) -> Change:
    """Return a change of arrays with so many axes; None for any number from `least` up."""

    def changed(part: Any, form: Any) -> Any:
        fits = isinstance(form, Array) and (len(form.shape) == axes if axes else len(form.shape) >= least)
        return change(part) if fits else None

    return changed


def _only(part: Any, kept: slice) -> Any:
    """Return an array with some entries along its first axis that is longer than 1, and 0 elsewhere."""
    axis = 1 if part.ndim > 1 and len(part) == 1 else 0
    place = (slice(None),) * axis + (kept,)
    left = np.zeros_like(part)
    left[place] = part[place]
    return left


def _without_single_axes(part: Any, form: Any) -> Any:
    single = tuple(axis for axis, size in enumerate(getattr(form, "shape", ())) if size == 1)
    return np.squeeze(part, axis=single) if single else None


ORDER = {
    "zeros": (
        lambda part, form: np.zeros_like(part),
        "{it} is 0 everywhere, whatever the arguments; is the result ever put into the array that is returned?",
    ),
    "ones": (
        lambda part, form: np.ones_like(part),
        "{it} is 1 everywhere, whatever the arguments; look for the factors that are left out.",
    ),
    "transposed": (
        _on_arrays(MATRIX_AXES, lambda part: part.T),
        ("{it} is the right one transposed: its rows are where the columns must be. A gradient has the shape of what "
         "it "
        "is the gradient of; look at which operand comes first in the product, and which one is transposed."),
    ),
    "reshaped": (
        _on_arrays(MATRIX_AXES, lambda part: np.reshape(part.T, part.shape)),
        ("{it} holds the right numbers in the wrong places: reshape keeps the order in which numbers lie in memory, "
        "and does not exchange rows and columns as a transpose does."),
    ),
    "axis-dropped": (
        _without_single_axes,
        ("{it} has the right numbers, but the axis of length one is gone. A sum over an axis removes that axis unless "
        "it is told to keep it."),
    ),
    "column": (
        _on_arrays(1, lambda part: part[:, None]),
        "{it} is a column, a matrix with one column, where a plain vector with a single axis is due.",
    ),
    "row": (
        _on_arrays(1, lambda part: part[None]),
        "{it} is a row, a matrix with one row, where a plain vector with a single axis is due.",
    ),
    "flat": (
        _on_arrays(None, np.ravel, least=MATRIX_AXES),
        ("{it} has the right numbers in one long row; the shape got lost. It must have an axis for each named "
        "dimension."),
    ),
    "extra-axis": (
        _on_arrays(None, lambda part: part[None], least=MATRIX_AXES),
        "{it} has the right numbers, with one axis too many in front.",
    ),
    "array-of-one": (
        lambda part, form: np.array([part]) if isinstance(form, Number) else None,
        "{it} is an array that holds a single number, where the number itself is due.",
    ),
    "backwards": (
        _on_arrays(1, lambda part: part[::-1]),
        "{it} has the right numbers in the opposite order; look at which end the loop starts from and where it stores.",
    ),
    "summed-to-number": (
        _on_arrays(None, np.sum),
        ("{it} is summed over everything to one number. The gradient keeps an entry for each entry of what it is the "
        "gradient of; sum only over the axis that the other does not have."),
    ),
    "summed-to-one-entry": (
        _on_arrays(1, lambda part: part.sum(keepdims=True)),
        ("{it} is summed over everything to a single entry. The gradient keeps an entry for each entry of what it is "
        "the gradient of."),
    ),
    "averaged-to-number": (
        _on_arrays(None, np.mean),
        ("{it} is averaged over everything to one number. The gradient keeps an entry for each entry of what it is the "
        "gradient of."),
    ),
    "summed-and-spread": (
        _on_arrays(None, lambda part: np.full_like(part, np.sum(part))),
        ("{it} has the same number everywhere: the sum over everything. Each entry must have its own derivative; look "
        "for a sum without an axis."),
    ),
    "sign-lost": (
        lambda part, form: np.abs(part),
        ("{it} has the right size but never a minus: an absolute value, or a square root of a square, loses the sign. "
        "A derivative can well be negative."),
    ),
    "first-entry-only": (
        _on_arrays(None, lambda part: _only(part, slice(1))),
        ("{it} is right in its first entry, or its first row, and 0 in all others: is the return inside the loop, so "
        "that it ends with the first round?"),
    ),
    "last-entry-left-out": (
        _on_arrays(None, lambda part: _only(part, slice(-1))),
        ("{it} is right but for the last entry, or the last row, which is 0: does the loop end one round too early? "
        "range(n) stops before n by itself."),
    ),
    "negative-cut": (
        lambda part, form: np.maximum(part, 0.0),
        ("{it} is right where it is positive, and 0 where it should be negative. ReLU acts on values on the way "
        "forward; a gradient is let through or stopped by the sign of those values, never by its own sign."),
    ),
    "squared": (
        lambda part, form: part * part,
        "{it} is the right one multiplied by itself; look for a factor that is used twice.",
    ),
    "cut-to-whole-numbers": (
        lambda part, form: np.trunc(part),
        "{it} is cut to whole numbers; look for int(), or for an array that was made from whole numbers.",
    ),
    "rounded-down": (
        lambda part, form: np.floor(part),
        "{it} is rounded down to whole numbers; look for //, which divides and then drops the fraction.",
    ),
}  # fmt: skip
# A number that is put in a shape is no mistake in scale as well.
# What is said of a function that is no gradient.
OF_VALUES = {
    "negative-cut": (
        "{it} is right where it is positive, and 0 where it should be negative: ReLU was applied to it as well. Look "
        "for a change in place, which every other name of the same array sees too."
    ),
}
UNSCALED = {"array-of-one", "zeros", "squared"}


def _over_axes(exercise: Exercise) -> Iterator[Candidate]:
    """Yield sums of the right answer over one of its own axes, kept or not, or spread over all entries."""
    dimensions = {
        size: None for form in leaf_forms(exercise) if isinstance(form, Array) and len(form.shape) == MATRIX_AXES
        for size in form.shape if isinstance(size, str)
    }  # fmt: skip
    told = (
        "over {0} too, though the right answer has {0} as an axis of its own; sum only over what the answer does "
        "not have."
    )

    def over(name: str, change: Callable[[Any, int], Any]) -> Callable[[Trial], Any]:
        def changed(part: Any, form: Any) -> Any:
            shape = form.shape if isinstance(form, Array) else ()
            return change(part, shape.index(name)) if name in shape and len(shape) == MATRIX_AXES else None

        return _mapped(changed)

    for name in dimensions:
        text = f"{{it}} is summed {told.format(name)}"
        yield Candidate(f"summed-over-{name}", text, over(name, lambda part, axis: part.sum(axis=axis)))
        yield Candidate(f"summed-over-{name}-kept", text, over(name, lambda part, axis: part.sum(axis, keepdims=True)))
        yield Candidate(
            f"same-along-{name}",
            f"{{it}} is the same for every entry along {name}: what differs from one to the next was summed or "
            "averaged "
            "away, and the result was repeated.",
            over(name, lambda part, axis: np.broadcast_to(part.sum(axis, keepdims=True), part.shape)),
        )


def _right_parts(trial: Trial) -> list[Any]:
    return trial.parts(trial.right) or []


def _picked(places: tuple[int, ...]) -> Callable[[Trial], Any]:
    """Return the parts of the right answer at these places, in this order, as a tuple."""
    return lambda trial: tuple(_right_parts(trial)[place] for place in places)


def _alone(place: int) -> Callable[[Trial], Any]:
    return lambda trial: _right_parts(trial)[place]


def _everywhere(place: int) -> Callable[[Trial], Any]:
    return lambda trial: trial.mapped(lambda part, form: _right_parts(trial)[place])


def _orders(exercise: Exercise) -> Iterator[Candidate]:
    names = part_names(exercise)
    if not isinstance(exercise.form, Parts) or len(names) > MOST_PARTS:
        return
    for order in list(itertools.permutations(range(len(names))))[1:]:
        shown = [names[place] for place in order]
        text = (
            f"The parts of your answer are right, but in another order: it holds ({', '.join(shown)}) where "
            f"({', '.join(names)}) is due."
        )
        yield Candidate(f"order-{'-'.join(shown)}", text, _picked(order), whole=True, rival="order")


def _lost_parts(exercise: Exercise) -> Iterator[Candidate]:
    names = part_names(exercise)
    if not isinstance(exercise.form, Parts):
        return
    due = f"({', '.join(names)})"
    for place, name in enumerate(names):
        only = f"You return {name} alone, where the tuple {due} is due."
        yield Candidate(f"only-{name}", only, _alone(place), scales=False, whole=True)
        lacks = f"Your answer lacks {name}: the tuple {due} is due."
        others = tuple(other for other in range(len(names)) if other != place)
        yield Candidate(f"without-{name}", lacks, _picked(others), scales=False, whole=True)
        copied = f"{{it}} repeats {name}, where each part is something of its own."
        yield Candidate(f"repeats-{name}", copied, _everywhere(place), scales=False)


def _keys_exchanged(exercise: Exercise) -> Iterator[Candidate]:
    """Yield what a dict is in which two parts of one kind, such as two biases, have changed places."""
    form = exercise.form
    if not isinstance(form, Named):
        return
    kinds = [tuple(size if isinstance(size, int) else 0 for size in getattr(one, "shape", ())) for one in form.forms]
    for one, other in itertools.combinations(range(len(kinds)), 2):
        if kinds[one] == kinds[other]:
            order = list(range(len(kinds)))
            order[one], order[other] = other, one
            names = part_names(exercise)
            yield Candidate(
                f"keys-exchanged-{names[one]}-{names[other]}",
                f"Your dict has {names[one]} and {names[other]} exchanged: what belongs to the one stands under the "
                "other.",
                _reordered(tuple(order)),
                scales=False,
                whole=True,
            )


def _reordered(order: tuple[int, ...]) -> Callable[[Trial], Any]:
    return lambda trial: trial.assembled([_right_parts(trial)[place] for place in order])


def of_answers(exercise: Exercise) -> Iterator[Candidate]:
    """Yield the mistakes of an exercise that start from its right answer."""
    for identity, (change, general) in ORDER.items():
        text = general if exercise.rule else OF_VALUES.get(identity, general)
        yield Candidate(identity, text, _mapped(change), scales=identity not in UNSCALED)
    yield from _over_axes(exercise)
    yield from _orders(exercise)
    yield from _lost_parts(exercise)
    yield from _keys_exchanged(exercise)
