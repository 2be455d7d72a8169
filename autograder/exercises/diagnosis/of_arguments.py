"""Mistakes in how arguments are used: ignored, exchanged, the wrong way round, only in part."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.exercises.answers import Array, Number
from autograder.exercises.diagnosis.candidate import Candidate
from autograder.exercises.diagnosis.trial import (
    MATRIX_AXES,
    NotApplicableError,
    Trial,
    array_arguments,
    leaf_forms,
    real_arguments,
)
from autograder.exercises.exercise import Exercise

Make = Callable[[Trial], Any]


def _with(name: str, change: Callable[[Any], Any]) -> Make:
    """Return the reference's answer to one argument changed."""
    return lambda trial: trial.reference(**{name: change(trial.arguments[name])})


USES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "ignores": (
        np.ones_like,
        ("{it} does not depend on {name}, or only on its shape, though it should. What flows in from above and what "
         "was on the other side of the product both belong to a gradient; check that {name} is used, and not a "
         "variable of the notebook in its place."),
    ),
    "positive-part-of": (
        lambda value: np.maximum(value, 0.0),
        "{it} uses only the positive entries of {name}, as if it had gone through a ReLU; {name} itself is due.",
    ),
    "mask-for": (
        lambda value: np.asarray(value > 0, dtype=np.float64)[()],
        "{it} uses only where {name} is positive, not its values: a mask in place of {name} itself.",
    ),
    "size-of": (
        np.abs,
        "{it} uses {name} without its signs; look for an absolute value.",
    ),
    "square-of": (
        lambda value: value * value,
        "{it} has {name} as a factor twice; the derivative of a product by one factor holds each other factor once.",
    ),
}  # fmt: skip

# What is said of a function that is no gradient.
OF_VALUES = {
    "ignores": "{it} does not depend on {name}, or only on its shape; check that {name} is used, not another name.",
    "square-of": "{it} has {name} as a factor twice, where once is due.",
}


def _uses(exercise: Exercise) -> Iterator[Candidate]:
    for name in real_arguments(exercise):
        for identity, (change, text) in USES.items():
            told = text if exercise.rule else OF_VALUES.get(identity, text)
            yield Candidate(f"{identity}-{name}", told.replace("{name}", name), _with(name, change))


def _swapped(one: str, other: str) -> Make:
    return lambda trial: trial.reference(**{one: trial.arguments[other], other: trial.arguments[one]})


def _exchanged(exercise: Exercise) -> Iterator[Candidate]:
    for one, other in itertools.combinations(real_arguments(exercise), 2):
        if exercise.variables[one].shape == exercise.variables[other].shape:
            yield Candidate(
                f"exchanged-{one}-{other}",
                f"{{it}} is what comes out when {one} and {other} have changed places. Look at where each of the two "
                "is used, at what is subtracted from what, and at the order of the arguments.",
                _swapped(one, other),
                rival="order",
            )


def _turned(exercise: Exercise) -> Iterator[Candidate]:
    for name, shape in array_arguments(exercise).items():
        if len(shape) != MATRIX_AXES:
            continue
        yield Candidate(
            f"wrong-way-round-{name}",
            f"{{it}} uses {name} the wrong way round: as it is where its transpose is due, or transposed where it must "
            "stay as it is. Write the shapes below each other: the axis that is summed over must be the last of the "
            "first operand and the first of the second. Where all sizes are equal no error tells you.",
            _with(name, np.transpose),
        )
        yield Candidate(
            f"reshaped-{name}",
            f"{{it}} uses {name} reshaped where its transpose is due. reshape keeps the order of the numbers in "
            "memory; only a transpose exchanges rows and columns.",
            _with(name, lambda value: np.reshape(value, value.shape[::-1]).T),
        )


PIECES = {
    "first": (slice(0, 1), "only the first of the {0} entries along {0}"),
    "last": (slice(-1, None), "only the last of the {0} entries along {0}"),
    "without-first": (slice(1, None), "all but the first of the {0} entries along {0}"),
    "without-last": (slice(None, -1), "all but the last of the {0} entries along {0}"),
    "first-two": (slice(0, 2), "only the first two of the {0} entries along {0} (as many as a small example has)"),
}  # fmt: skip


def _piece(exercise: Exercise, dimension: str, piece: slice) -> Make:
    def make(trial: Trial) -> Any:
        changed = {
            name: trial.arguments[name][(slice(None),) * shape.index(dimension) + (piece,)]
            for name, shape in array_arguments(exercise).items()
            if dimension in shape
        }
        return trial.reference(**changed)

    return make


def _pieces(exercise: Exercise) -> Iterator[Candidate]:
    dimensions = {size: None for shape in array_arguments(exercise).values() for size in shape if isinstance(size, str)}
    for dimension in dimensions:
        for identity, (piece, told) in PIECES.items():
            yield Candidate(
                f"{identity}-of-{dimension}",
                f"{{it}} takes {told.format(dimension)} into account. Look for an index that should be a whole axis, "
                "for where a loop starts and ends, and for a return within a loop.",
                _piece(exercise, dimension, piece),
                rival="piece",
            )


def _spread_sum(axis: int) -> Callable[[Any], Any]:
    return lambda value: np.broadcast_to(value.sum(axis=axis, keepdims=True), value.shape).copy()


def _summed_early(exercise: Exercise) -> Iterator[Candidate]:
    for name, shape in array_arguments(exercise).items():
        for axis, dimension in enumerate(shape):
            if isinstance(dimension, str):
                yield Candidate(
                    f"{name}-summed-early-over-{dimension}",
                    f"{{it}} sums {name} over {dimension} before it is multiplied. A sum of products is not the "
                    "product of sums: each entry meets its own partner first, and the sum comes last.",
                    _with(name, _spread_sum(axis)),
                    rival="summed early",
                )


def _argument(name: str) -> Make:
    return lambda trial: trial.mapped(lambda part, form: trial.arguments[name])


def _arguments_themselves(exercise: Exercise) -> Iterator[Candidate]:
    for name in real_arguments(exercise):
        yield Candidate(
            f"returns-{name}",
            f"{{it}} is {name} itself, unchanged, where something computed from it, or another value, is due.",
            _argument(name),
            vague=True,
        )


def _times_argument(name: str) -> Make:
    def make(trial: Trial) -> Any:
        value = trial.arguments[name]

        def change(part: Any, form: Any) -> Any:
            same = isinstance(form, (Array, Number)) and np.shape(part) == np.shape(value)
            return part * value if same else None

        return trial.mapped(change)

    return make


def _extra_factors(exercise: Exercise) -> Iterator[Candidate]:
    for name in real_arguments(exercise):
        yield Candidate(
            f"times-{name}-again",
            f"{{it}} is the right one multiplied by {name} once more. Look for {name} as a factor that does not belong "
            "there: the derivative with respect to a variable no longer holds that variable as a factor.",
            _times_argument(name),
        )


def _products(exercise: Exercise) -> Iterator[Candidate]:
    """Yield what two array arguments give when they are multiplied in some other way."""
    shapes = array_arguments(exercise)
    forms = leaf_forms(exercise)
    if len(forms) != 1:
        return
    own = forms[0].shape if isinstance(forms[0], Array) else ()
    for one, other in itertools.permutations(shapes, 2):
        shared = [size for size in shapes[one] if size in shapes[other] and size not in own]
        over = f" The sum that is due runs over {shared[0]}." if len(shared) == 1 else ""
        if one < other:
            yield from _elementwise(one, other, over, _due(shared, (shapes[one], shapes[other])))
        if (len(shapes[one]), len(shapes[other])) == (MATRIX_AXES, 1):
            yield from _summed_along(one, other, over)
        turns = itertools.product(*(("", ".T") if len(shapes[name]) == MATRIX_AXES else ("",) for name in (one, other)))
        for turn in turns:
            shown = f"{one}{turn[0]} @ {other}{turn[1]}"
            yield Candidate(
                f"product-{one}{turn[0].replace('.', '-')}-{other}{turn[1].replace('.', '-')}",
                f"{{it}} is the matrix product {shown}. A matrix product sums over the last axis of the first and the "
                f"first of the second: that must be the axis which both have and the answer has not.{over}",
                _product(one, other, turn[0], turn[1]),
            )
        yield Candidate(
            f"outer-{one}-{other}",
            f"{{it}} is the outer product of {one} and {other}: every entry of the one times every entry of the other, "
            f"in this order, with no sum.{over}",
            _outer(one, other),
        )
        if (len(shapes[one]), len(shapes[other])) == (1, 1):
            yield Candidate(
                f"added-{one}-{other}",
                f"{{it}} adds every entry of {one} to every entry of {other}, where they are to be multiplied.",
                _added(one, other),
            )


def _due(shared: list[Any], shapes: tuple[Any, Any]) -> str:
    """Say what is due in place of a product entry by entry, as far as the shapes tell."""
    if shared:
        return "where a matrix product is due, which multiplies and then sums"
    if all(len(shape) == 1 for shape in shapes) and shapes[0] != shapes[1]:
        return "where every entry of the one is to meet every entry of the other"
    return "which is not how they come together here"


def _outer(one: str, other: str) -> Make:
    return lambda trial: np.outer(trial.arguments[one], trial.arguments[other])


def _added(one: str, other: str) -> Make:
    return lambda trial: np.add.outer(trial.arguments[one], trial.arguments[other])


def _down(down: str, along: str) -> Make:
    return lambda trial: trial.arguments[down] * _column(trial.arguments[along])


def _elementwise(one: str, other: str, over: str, due: str) -> Iterator[Candidate]:
    told = f"entry by entry, {due}"
    yield Candidate(
        f"elementwise-{one}-{other}",
        f"{{it}} multiplies {one} and {other} {told}.{over}",
        lambda trial: trial.arguments[one] * trial.arguments[other],
    )
    for down, along in ((one, other), (other, one)):
        yield Candidate(
            f"elementwise-{along}-down-{down}",
            f"{{it}} multiplies {down} and {along} {told}.{over}",
            _down(down, along),
        )


def _summed_along(matrix: str, vector: str, over: str) -> Iterator[Candidate]:
    """Yield the sums along an axis of the products of a matrix's and a vector's entries; one of them may be right."""
    told = f"{{it}} multiplies {matrix} and {vector} entry by entry, and sums along the wrong axis.{over}"

    def summed(axis: int, turn: Callable[[Any], Any]) -> Make:
        return lambda trial: (trial.arguments[matrix] * turn(trial.arguments[vector])).sum(axis=axis)

    for axis in range(MATRIX_AXES):
        yield Candidate(f"{matrix}-times-{vector}-summed-along-{axis}", told, summed(axis, np.asarray))
        yield Candidate(f"{matrix}-times-{vector}-down-summed-along-{axis}", told, summed(axis, _column))


def _column(value: Any) -> Any:
    if np.ndim(value) == 1:
        return value[:, None]
    if np.ndim(value) == MATRIX_AXES:
        return value.T
    raise NotApplicableError


def _product(one: str, other: str, turn_one: str, turn_other: str) -> Make:
    def turned(value: Any, turn: str) -> Any:
        return value.T if turn else value

    return lambda trial: turned(trial.arguments[one], turn_one) @ turned(trial.arguments[other], turn_other)


def of_arguments(exercise: Exercise) -> Iterator[Candidate]:
    """Yield the mistakes of an exercise that lie in how its arguments are used."""
    yield from _uses(exercise)
    yield from _arguments_themselves(exercise)
    yield from _exchanged(exercise)
    yield from _turned(exercise)
    yield from _pieces(exercise)
    yield from _extra_factors(exercise)
    yield from _products(exercise)
    yield from _summed_early(exercise)
