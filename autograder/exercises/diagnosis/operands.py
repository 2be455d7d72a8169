"""Finding the operands that an error about shapes speaks of among a function's arguments."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.exercise import Exercise
from autograder.exercises.variables import in_words

MATMUL = re.compile(r"\(size (\d+) is different from (\d+)\)")
NOT_ALIGNED = re.compile(r"shapes \(([\d, ]*)\) and \(([\d, ]*)\) not aligned")
BROADCAST = re.compile(r"could not be broadcast together with shapes \(([\d, ]*)\) \(([\d, ]*)\)")
PLACED = re.compile(r"could not broadcast input array from shape \(([\d, ]*)\) into shape \(([\d, ]*)\)")
MATRIX_AXES = 2
# With more array arguments than this, what does not fit may as well be an array that was made on the way.
FEW_ARGUMENTS = 2
# In a few cases alone a size may be the same by chance.
FEWEST_ERRORS = 3


@dataclass(frozen=True)
class Operand:
    """An argument, or its transpose, with its shape in numbers and in words."""

    name: str
    shape: tuple[int, ...]
    told: str
    turned: bool = False

    def __str__(self) -> str:
        turned = f"the transpose of {self.name}" if self.turned else self.name
        return f"{turned} {self.told}"


def operands(exercise: Exercise, case: Case) -> list[Operand]:
    """Return the array arguments of a case, also those within a dict, and the transposes of matrices."""
    named: dict[str, Any] = {name: case.values[name] for name in exercise.arguments}
    for value in list(named.values()):
        if isinstance(value, Mapping):
            named |= value
    found: list[Operand] = []
    for name, value in named.items():
        variable = exercise.variables.get(name)
        if variable is not None and variable.shape and isinstance(value, np.ndarray):
            found.append(Operand(name, value.shape, in_words(variable.shape)))
            if value.ndim == MATRIX_AXES:
                told = in_words(variable.shape[::-1])
                found.append(Operand(name, value.shape[::-1], told, turned=True))
    return found


def _few(known: list[Operand]) -> bool:
    return len({one.name for one in known}) <= FEW_ARGUMENTS


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(one) for one in text.split(",") if one.strip())


def _size_told(size: int, case: Case) -> str:
    names = [name for name, known in case.plan.sizes.items() if known == size]
    return names[0] if len(names) == 1 else "a size that no argument has" if not names else "another size"


def _by_shape(shape: tuple[int, ...], known: list[Operand], case: Case) -> str:
    """Say which argument has a shape, if few could be meant; else the shape, in named dimensions."""
    for operand in sorted(known, key=lambda one: one.turned) if _few(known) else ():
        if operand.shape == shape:
            return str(operand)
    names = [_size_told(size, case) if size != 1 else "1" for size in shape]
    return f"an array of shape ({', '.join(names)}{',' if len(names) == 1 else ''})"


def _product_pairs(first_last: int, second_first: int, known: list[Operand]) -> Iterator[tuple[Operand, Operand]]:
    for one, other in itertools.product(known, known):
        if one.name != other.name and one.shape[-1] == first_last and other.shape[0] == second_first:
            yield one, other


def _the_product(pairs: list[tuple[Operand, Operand]]) -> tuple[Operand, Operand] | None:
    """Return the pair that is meant, if only one can be: one without transposes before one with."""
    for allowed in range(MATRIX_AXES + 1):
        fitting = [pair for pair in pairs if sum(one.turned for one in pair) == allowed]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def product_told(text: str, exercise: Exercise, case: Case, mistake: str = "") -> str | None:
    """Say which operands a matrix product could not multiply, or None if the error is about something else.

    mistake: the id of the mistake that was found, which may name one of them.
    """
    known = operands(exercise, case)
    if aligned := NOT_ALIGNED.search(text):
        return " and ".join(_by_shape(_numbers(shape), known, case) for shape in aligned.groups())
    sizes = MATMUL.search(text)
    if sizes is None:
        return None
    second_first, first_last = int(sizes[1]), int(sizes[2])
    pair = _the_product(list(_product_pairs(first_last, second_first, known)))
    if pair is not None and (_few(known) or any(one.name in mistake.split("-") for one in pair)):
        return f"{pair[0]} and {pair[1]}"
    return (
        f"an operand whose last axis is {_size_told(first_last, case)} and one whose first axis is "
        f"{_size_told(second_first, case)}"
    )


def broadcast_told(text: str, exercise: Exercise, case: Case) -> str | None:
    """Say which operands could not be combined entry by entry, or None if the error is about something else."""
    found = BROADCAST.search(text)
    if found is None:
        return None
    known = operands(exercise, case)
    return " and ".join(_by_shape(_numbers(shape), known, case) for shape in found.groups())


def shape_written_in(errors: Sequence[tuple[str, Mapping[str, int]]]) -> tuple[int, ...] | None:
    """Return a shape that is in every error about entries that do not fit, though no dimension has its sizes.

    errors: each one's text, with the sizes of the named dimensions.
    """
    told = [(found, sizes) for text, sizes in errors if (found := BROADCAST.search(text) or PLACED.search(text))]
    if len(told) < FEWEST_ERRORS:
        return None
    shapes = [set(map(_numbers, found.groups())) for found, _ in told]
    explained = {size for name, size in told[0][1].items() if all(sizes[name] == size for _, sizes in told)}
    common = [shape for shape in set.intersection(*shapes) if max(shape, default=1) > 1]
    return next((shape for shape in sorted(common) if not explained & set(shape)), None)


def has_lost_axis(text: str) -> bool:
    """Tell whether one of two operands has the sizes of the other but for an axis, as a sum without keepdims has."""
    found = BROADCAST.search(text)
    one, other = sorted(map(_numbers, found.groups()), key=len) if found else ((), ())
    return len(one) == len(other) - 1 == 1 and one[0] == other[0]


def placed_told(text: str, exercise: Exercise, case: Case) -> str | None:
    """Say what was assigned to which place, if that is what the error is about, and whether its transpose fits."""
    found = PLACED.search(text)
    if found is None:
        return None
    known = operands(exercise, case)
    given, place = map(_numbers, found.groups())
    named = [_size_told(size, case) if size != 1 else "1" for size in place]
    turned = len(place) == MATRIX_AXES and place == given[::-1]
    hint = "; its axes are the other way round there" if turned else ""
    return f"{_by_shape(given, known, case)} into a place of shape ({', '.join(named)}){hint}"
