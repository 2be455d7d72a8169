"""What a wrong gradient looks like beside the numeric one: a lost sign, a factor, a transpose, a missing sum.

Only the two arrays are looked at, and the sizes of the dimensions where they are known; so it works for
any function, and cannot give a solution away.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.numerics.evaluation import FloatArray

# Coarser than what decides whether an answer is right: the numeric gradient has an error of its own.
CLOSE = 1e-5
MATRIX_AXES = 2
MOST_FACTOR = 1000


def alike(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Tell whether two arrays of one shape are equal but for rounding and the numeric gradient's error."""
    if one.shape != other.shape:
        return False
    scale = float(np.linalg.norm(one) + np.linalg.norm(other))
    return scale > 0 and float(np.linalg.norm(one - other)) <= CLOSE * scale


def _nothing(answer: FloatArray, true: FloatArray, sizes: Mapping[str, int]) -> str:
    return "" if np.any(answer) else "Your gradient is 0 everywhere, but the function does react to this argument."


def _factor(answer: FloatArray, true: FloatArray, sizes: Mapping[str, int]) -> str:
    """Recognise a multiple of the right gradient."""
    factor = float(np.sum(answer * true) / np.sum(true * true))
    if not factor or not alike(answer, factor * true):
        return ""
    sign = "" if factor > 0 else " The sign is lost as well."
    size = abs(factor)
    if alike(np.array([size]), np.array([1.0])):
        return "It is the right gradient with the opposite sign. Is a difference taken the wrong way round?"
    whole = round(size if size > 1 else 1 / size)
    if whole > MOST_FACTOR or not alike(np.array([size]), np.array([whole if size > 1 else 1 / whole], dtype=float)):
        # Of a single number anything is a multiple.
        many = true.size > 1
        return f"It is {factor:.6g} times the right gradient: only a constant factor is wrong." if many else ""
    told = f"It is {whole} times too {'large' if size > 1 else 'small'}, and right otherwise.{sign}"
    names = [name for name, count in sizes.items() if count == whole]
    if names:
        what = " or ".join(names)
        n = names[0]
        meaning = (
            f"is 1/{n} missing, as in a sum where a mean is due"
            if size > 1
            else f"is it divided by {n} once too often, as in a mean where a sum is due"
        )
        return f"{told} Here {what} is {whole}: {meaning}?"
    if whole == 2:  # noqa: PLR2004 - the factor of a square's derivative
        return f"{told} Look at the 2 that the derivative of a square brings, and at a ½ in front of a loss."
    return f"{told} Is a number of examples or of outputs divided by, once too often or not at all?"


def _transposed(answer: FloatArray, true: FloatArray, sizes: Mapping[str, int]) -> str:
    if answer.ndim != MATRIX_AXES or not alike(answer.T, true):
        return ""
    return (
        "It is the transpose of the right gradient. Its rows and columns are exchanged: "
        "exchange the two factors of the product, and transpose each."
    )


def _signs(answer: FloatArray, true: FloatArray, sizes: Mapping[str, int]) -> str:
    if not alike(np.abs(answer), np.abs(true)):
        return ""
    count = int(np.sum(np.sign(answer) != np.sign(true)))
    return f"The magnitudes are right, but the sign is wrong at {count} of {true.size} entries."


def _gate(answer: FloatArray, true: FloatArray, sizes: Mapping[str, int]) -> str:
    """Recognise a mask that lets through too much, too little, or the wrong half."""
    bound = CLOSE * float(np.max(np.abs(true)))
    due, got = np.abs(true) > bound, np.abs(answer) > bound
    if np.array_equal(due, got):
        return ""
    if not np.any(due & got) and np.any(got):
        return (
            "It is 0 exactly where the right gradient is not, and the other way round: the gate is open where it "
            "should be shut."
        )
    if np.all(got[due]) and alike(answer[due], true[due]):
        count = int(np.sum(got & ~due))
        return (
            f"It is right where the function reacts, but not 0 at {count} {'entry' if count == 1 else 'entries'} where "
            f"nudging changes nothing. Is a gate missing, or is it set by the wrong array?"
        )
    return _stopped(answer, true, due, got)


def _stopped(answer: FloatArray, true: FloatArray, due: NDArray[Any], got: NDArray[Any]) -> str:
    if not np.any(got) or np.any(got & ~due) or not alike(answer[got], true[got]):
        return ""
    return (
        f"It is right where it is not 0, but 0 at {int(np.sum(due & ~got))} entries where the function does react. "
        f"Is a gate shut that should be open, or is only a part of the entries filled in?"
    )


def _by_axis(answer: FloatArray, true: FloatArray, sizes: Mapping[str, int]) -> str:
    """Recognise a right gradient of which each row, or each column, is multiplied by a number of its own."""
    if true.ndim != MATRIX_AXES or min(true.shape) < MATRIX_AXES:
        return ""
    for axis, what in ((1, "row"), (0, "column")):
        scale = np.sum(answer * true, axis=axis, keepdims=True) / np.maximum(
            np.sum(true * true, axis=axis, keepdims=True), np.finfo(float).tiny
        )
        if alike(answer, scale * true):
            return f"Each {what} is a multiple of the right one: a factor that belongs to the {what} is wrong."
    return ""


def _places(answer: FloatArray, true: FloatArray, sizes: Mapping[str, int]) -> str:
    if true.size < MATRIX_AXES or not alike(np.sort(answer, axis=None), np.sort(true, axis=None)):
        return ""
    return "The right numbers are there, at the wrong places. Is something reshaped where it should be transposed?"


def _where(answer: FloatArray, true: FloatArray, sizes: Mapping[str, int]) -> str:
    """Say where the wrong entries lie, if they share a row or a column and others are right."""
    if true.ndim != MATRIX_AXES:
        return ""
    wrong = np.abs(answer - true) > CLOSE * float(np.max(np.abs(true)))
    for axis, what in ((1, "row"), (0, "column")):
        lines = np.flatnonzero(np.any(wrong, axis=axis))
        if len(lines) == 1 and wrong.shape[1 - axis] > 1 and np.sum(wrong) > 1:
            return f"Only {what} {int(lines[0])} is wrong; all others are right. What is special about it?"
    return ""


def _constant(answer: FloatArray, true: FloatArray, sizes: Mapping[str, int]) -> str:
    if true.size < MATRIX_AXES or np.ptp(answer) > CLOSE * float(np.max(np.abs(answer))) or np.ptp(true) == 0:
        return ""
    total = alike(answer.reshape(-1)[:1], np.sum(true).reshape(1))
    summed = ": the sum of all the right ones" if total else ""
    return f"All its entries are the same number{summed}. Is a sum taken over an axis that has to stay?"


Recogniser = Callable[[FloatArray, FloatArray, Mapping[str, int]], str]
OF_ONE_SHAPE: tuple[Recogniser, ...] = (
    *(_nothing, _factor, _transposed, _signs, _gate, _constant, _by_axis, _places, _where),
)


# What can be said of any array, not only of a gradient.
OF_ANY_VALUE: tuple[Recogniser, ...] = (_factor, _transposed, _signs, _constant, _by_axis, _places, _where)


def recognised(
    answer: NDArray[Any], true: FloatArray, sizes: Mapping[str, int] | None = None, *, gradient: bool = True
) -> str:
    """Return in a sentence or two what a wrong gradient looks like; "" where nothing is recognised.

    answer: the gradient that is wrong, of any shape. true: what it should be.
    sizes: the sizes of named dimensions, such as {"m": 6}, to name a factor by.
    gradient: False for values that are no gradient.
    """
    got = np.asarray(answer, dtype=np.float64)
    if not (got.size and true.size and np.all(np.isfinite(got)) and np.any(true)):
        return ""
    with np.errstate(all="ignore"):
        ways = OF_ANOTHER_SHAPE if got.shape != true.shape else OF_ONE_SHAPE if gradient else OF_ANY_VALUE
        found = next((told for told in (way(got, true, sizes or {}) for way in ways) if told), "")
    return found if gradient else found.replace("gradient", "answer")


def _axis_named(size: int, sizes: Mapping[str, int]) -> str:
    names = [name for name, count in sizes.items() if count == size]
    return f" ({' or '.join(names)} = {size})" if names else ""


def _turned(answer: FloatArray, true: FloatArray, sizes: Mapping[str, int]) -> str:
    if answer.ndim != MATRIX_AXES or answer.shape[::-1] != true.shape:
        return ""
    if alike(answer.T, true):
        return _transposed(answer, true, sizes)
    return "Its two axes are exchanged, and its values are not the transposed ones either; look at the product again."


def _reshaped(answer: FloatArray, true: FloatArray, sizes: Mapping[str, int]) -> str:
    if answer.size != true.size or not alike(answer.reshape(-1), true.reshape(-1)):
        return ""
    if answer.ndim < true.ndim:
        return "The numbers are right; an axis of length 1 is lost. keepdims=True keeps an axis that is summed over."
    return "The numbers are right; only the shape is not. There is an axis of length 1 that does not belong."


def _not_summed(answer: FloatArray, true: FloatArray, sizes: Mapping[str, int]) -> str:
    for axis in range(answer.ndim):
        for keep in (True, False):
            if alike(np.sum(answer, axis=axis, keepdims=keep), true):
                return (
                    f"Summed over axis {axis}{_axis_named(answer.shape[axis], sizes)}, it is right: what was copied "
                    f"along that axis on the way forward has to be added up on the way back."
                )
    return ""


def _summed_too_far(answer: FloatArray, true: FloatArray, sizes: Mapping[str, int]) -> str:
    if answer.size == 1 and alike(answer.reshape(1), np.sum(true).reshape(1)):
        return "It is the sum of all entries of the right gradient. Sum over one axis only."
    for axis in range(true.ndim):
        for keep in (True, False):
            if alike(np.sum(true, axis=axis, keepdims=keep), answer):
                return f"It is summed over axis {axis}{_axis_named(true.shape[axis], sizes)}, which has to stay."
    return ""


OF_ANOTHER_SHAPE: tuple[Recogniser, ...] = (_turned, _reshaped, _not_summed, _summed_too_far)
