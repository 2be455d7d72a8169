"""Comparing a wrong answer with what a known mistake gives: equal, or equal up to a factor."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

RELATIVE, RELATIVE_SINGLE = 1e-6, 1e-4
# Above what an accepted guard inside a logarithm adds to a loss.
ABSOLUTE = 2e-9
# An answer that is this close to the true one does not show a mistake.
CLEAR = 5e-6
# Of the largest entry, by how much the outlines of equal answers may differ: far above any tolerance.
OUTLINE = 1e-2
MANY_TIMES = 100


def as_numbers(value: Any) -> NDArray[np.float64] | None:
    """Return a number, an array, or a list of such as an array; None for what is not made of real numbers."""
    if not _is_plain(value):
        return None
    try:
        found = np.asarray(value)
        return found.astype(np.float64, copy=False) if found.dtype.kind in "biuf" else None
    except (ValueError, TypeError, OverflowError):
        return None


def _is_plain(value: Any) -> bool:
    """Tell whether a value can be looked at without asking an object of the student's for anything."""
    if type(value) in (list, tuple):
        return all(map(_is_plain, value))
    return isinstance(value, (int, float, np.generic)) or type(value) is np.ndarray


def _tolerance(value: Any) -> float:
    single = isinstance(value, (np.ndarray, np.generic)) and value.dtype == np.float32
    return RELATIVE_SINGLE if single else RELATIVE


def _scale(values: NDArray[np.float64]) -> float:
    return float(np.abs(values).max(initial=0.0))


def equal(answer: Any, candidate: Any) -> bool:
    """Tell whether an answer is, up to rounding, what a known mistake gives, in the same shape."""
    if isinstance(answer, str) or isinstance(candidate, str):
        return bool(isinstance(answer, str) and isinstance(candidate, str) and answer == candidate)
    if isinstance(answer, dict) or isinstance(candidate, dict):
        same = isinstance(answer, dict) and isinstance(candidate, dict) and answer.keys() == candidate.keys()
        return bool(same) and all(equal(answer[key], candidate[key]) for key in candidate)
    if isinstance(candidate, (tuple, list)):
        same = isinstance(answer, (tuple, list)) and len(answer) == len(candidate)
        return bool(same) and all(equal(one, other) for one, other in zip(answer, candidate, strict=True))
    ours, theirs = as_numbers(answer), as_numbers(candidate)
    if ours is None or theirs is None or ours.shape != theirs.shape:
        return False
    finite = np.isfinite(theirs)
    if not finite.all():
        if not np.array_equal(ours[~finite], theirs[~finite], equal_nan=True):
            return False
        ours, theirs = ours[finite], theirs[finite]
    # Nothing is that close to what is not finite, but for an infinity to a tolerance that is one.
    close = np.abs(ours - theirs) <= _tolerance(answer) * _scale(theirs) + ABSOLUTE
    return bool(close.all() and np.isfinite(ours).all())


def outline(answer: Any) -> tuple[float, float, float, float]:
    """Return an answer's number of entries, largest size, first and last entry: equal answers have nearly equal ones.

    NaN where there is none, or where an entry is not finite.
    """
    if isinstance(answer, dict):
        answer = tuple(answer.values())
    parts = answer if isinstance(answer, (tuple, list)) else (answer,)
    found = [as_numbers(part) for part in parts]
    if not found or any(one is None or not one.size for one in found):
        return (np.nan,) * 4
    entries = np.concatenate([one.reshape(-1) for one in found if one is not None])
    if not np.isfinite(entries).all():
        return (np.nan,) * 4
    return float(entries.size), _scale(entries), float(entries[0]), float(entries[-1])


def may_be_equal(one: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell, by outlines, which of many answers may be equal to one; far quicker than to compare them.

    one: the outlines of an answer on n inputs, (n, 4). others: those of k answers, (k, n, 4). Returns (k,).
    """
    allowed = OUTLINE * np.maximum(one[:, 1:2], others[:, :, 1:2]) + 10 * ABSOLUTE
    differ = np.abs(others - one) > allowed
    return np.asarray(~differ.any(axis=(1, 2)))


def clearly_differ(candidate: Any, right: Any) -> bool:
    """Tell whether what a known mistake gives is far enough from the true answer to be told from it."""
    if isinstance(candidate, dict) and isinstance(right, dict):
        return candidate.keys() != right.keys() or any(clearly_differ(candidate[key], right[key]) for key in right)
    if isinstance(candidate, (tuple, list)) and isinstance(right, (tuple, list)):
        return len(candidate) != len(right) or any(map(clearly_differ, candidate, right))
    ours, theirs = as_numbers(candidate), as_numbers(right)
    if ours is None or theirs is None:
        return not equal(candidate, right)
    if ours.shape != theirs.shape or not np.isfinite(ours).all():
        return True
    return bool((np.abs(ours - theirs) > CLEAR * _scale(theirs) + 10 * ABSOLUTE).any())


def factor(answer: Any, candidate: Any) -> float | None:
    """Return the number that a known mistake's answer must be multiplied by, or None if there is none.

    NaN where any number would do, since both are 0.
    """
    ours, theirs = as_numbers(answer), as_numbers(candidate)
    if ours is None or theirs is None or ours.shape != theirs.shape or not ours.size:
        return None
    if not (np.isfinite(ours).all() and np.isfinite(theirs).all()):
        return 1.0 if np.array_equal(ours, theirs, equal_nan=True) else None
    scale = _scale(theirs)
    if scale <= ABSOLUTE:
        return np.nan if _scale(ours) <= MANY_TIMES * ABSOLUTE else None
    unit = theirs / scale
    found = float((ours * unit).sum() / (unit * unit).sum()) / scale
    close = np.abs(ours - found * theirs) <= _tolerance(answer) * abs(found) * scale + ABSOLUTE
    return found if found and close.all() else None


def same_factor(one: float, other: float) -> bool:
    """Tell whether two factors agree; NaN agrees with any."""
    return bool(np.isnan(one) or np.isnan(other) or abs(one - other) <= 10 * RELATIVE_SINGLE * abs(other))


def identical(one: Any, other: Any) -> bool:
    """Tell whether two answers are the same to the last bit."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(identical(one[key], other[key]) for key in one)
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(one) == len(other) and all(map(identical, one, other))
    ours, theirs = as_numbers(one), as_numbers(other)
    if ours is None or theirs is None:
        return bool(isinstance(one, str) and isinstance(other, str) and one == other)
    return bool(np.array_equal(ours, theirs, equal_nan=True))
