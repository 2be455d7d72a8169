"""What an exercise's answer must be: its exact type and shape, and the names of its parts.

Type comes first, then shape, then finite values, so that nothing is ever compared by broadcasting
and a message names the first thing that is wrong.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from numbers import Real
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from autograder.exercises.variables import Shape, concrete, in_words

MATRIX_AXES = 2
MOST_PARTS = 100
GOOD_ARRAYS = "an array of float64 (float32 is accepted)"


class CallLimitError(RuntimeError):
    """A call was ended by a limit, so that calling again would only waste the time that is left."""


@dataclass(frozen=True)
class Fault:
    """Why an answer can't be right, before its values are looked at."""

    check: str
    message: str


@dataclass(frozen=True)
class Leaf:
    """One number or array of an answer, by name ("" where the answer is all of it)."""

    name: str
    value: NDArray[Any]


class AnswerForm(Protocol):
    """The form that an answer, or a named part of one, must have."""

    @property
    def name(self) -> str:
        """What the part is called; "" where the answer is all of it."""

    def fault(self, answer: Any, sizes: Mapping[str, int]) -> Fault | None:
        """Return what is wrong with the answer's type, shape or finiteness."""

    def leaves(self, answer: Any) -> list[Leaf]:
        """Return the numbers and arrays of an answer that has no fault."""


def described(value: Any) -> str:
    """Say what a value is, without showing anything that is in it."""
    if value is None:
        return "None (is there a return statement?)"
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} with shape {value.shape}"
    if isinstance(value, (tuple, list, dict, str, set)):
        return f"a {type(value).__name__} of length {len(value)}"
    # What lives in the student's process comes as a stand-in that knows the class it stands for.
    kind = str(getattr(value, "__student_type__", type(value).__name__))
    return f"{'an' if kind[:1] in 'aeio' else 'a'} {kind}"


def table_of(answer: Any) -> dict[Any, Any] | None:
    """Return a dict, or what an object of a student's class that is derived from dict holds; None for anything else."""
    found = answer if isinstance(answer, dict) else getattr(answer, "__student_content__", None)
    return found if isinstance(found, dict) else None


def _finite_fault(values: NDArray[Any], where: str) -> Fault | None:
    if np.isfinite(values).all():
        return None
    kind = "NaN" if np.any(np.isnan(values)) else "infinity"
    return Fault("finite", f"{where}holds {kind}; look for a division by zero, log(0), or an overflow in exp")


@dataclass(frozen=True)
class Number:
    """A real number: Python's int, float or bool, a NumPy scalar, or a 0-d array."""

    name: str = ""

    def fault(self, answer: Any, sizes: Mapping[str, int]) -> Fault | None:
        """Return what is wrong with a number."""
        where = f"{self.name}: " if self.name else ""
        if isinstance(answer, np.ndarray) and answer.ndim:
            return Fault(
                "shape", f"{where}expected a float, got an array of shape {answer.shape}; return the number in it"
            )
        if isinstance(answer, (np.ndarray, np.generic)):
            if answer.dtype.kind not in "biuf":
                return Fault("type", f"{where}expected a float, got {answer.dtype}")
        elif not isinstance(answer, Real):
            return Fault("type", f"{where}expected a float, got {described(answer)}")
        try:
            return _finite_fault(self.leaves(answer)[0].value, where)
        except OverflowError:
            return Fault("finite", f"{where}expected a float, got a whole number too large to be one")

    def leaves(self, answer: Any) -> list[Leaf]:
        """Return the number as a 0-d array of its own precision."""
        if isinstance(answer, (np.ndarray, np.generic)) and answer.dtype.kind == "f":
            return [Leaf(self.name, np.asarray(answer))]
        return [Leaf(self.name, np.asarray(float(answer)))]


@dataclass(frozen=True)
class Array:
    """A float array of exactly this shape of named dimensions."""

    shape: Shape
    name: str = ""

    def fault(self, answer: Any, sizes: Mapping[str, int]) -> Fault | None:
        """Return what is wrong with an array: its type, its dtype, its shape, its values."""
        where = f"{self.name}: " if self.name else ""
        expected = concrete(self.shape, sizes)
        if not isinstance(answer, np.ndarray):
            told = f"{expected} = {in_words(self.shape)}"
            return Fault("type", f"{where}expected an array of shape {told}, got {described(answer)}")
        if answer.dtype.kind != "f" or answer.dtype.itemsize < np.dtype(np.float32).itemsize:
            hint = "; a literal 0 or 1 makes integers, 0.0 and 1.0 do not" if answer.dtype.kind in "iu" else ""
            return Fault("type", f"{where}expected {GOOD_ARRAYS}, got {answer.dtype}{hint}")
        if answer.shape != expected:
            told = f"{expected} = {in_words(self.shape)}, got {answer.shape}"
            return Fault("shape", f"{where}expected {told}{_axis_hint(expected, answer.shape)}")
        return _finite_fault(np.asarray(answer), where)

    def leaves(self, answer: Any) -> list[Leaf]:
        """Return the array's plain data, whatever subclass it came in."""
        return [Leaf(self.name, np.asarray(answer))]


def _axis_hint(expected: tuple[int, ...], got: tuple[int, ...]) -> str:
    if got == expected[::-1] and len(expected) == MATRIX_AXES:
        return ": the two axes are exchanged"
    if len(got) < len(expected):
        return ": an axis is missing; keepdims=True keeps an axis that is summed over"
    if len(got) > len(expected):
        return ": there is an axis too many"
    wrong = [axis for axis, (due, actual) in enumerate(zip(expected, got, strict=True)) if due != actual]
    return f": axis {wrong[0]} has {got[wrong[0]]} entries and must have {expected[wrong[0]]}"


def _parts(answer: Any) -> list[Any] | None:
    """Return the items of any sequence; None for what is no sequence of parts, such as a dict or a text."""
    if isinstance(answer, (str, bytes, Mapping, AbstractSet)) or (isinstance(answer, np.ndarray) and not answer.ndim):
        return None
    if isinstance(answer, (Sequence, np.ndarray)):
        return list(answer)
    try:
        return [answer[place] for place in range(min(len(answer), MOST_PARTS))]
    except CallLimitError:
        raise
    except Exception:  # noqa: BLE001 - whatever a student's object raises, it is no sequence
        return None


@dataclass(frozen=True)
class Parts:
    """Several answers in a fixed order, as a tuple or any other sequence."""

    forms: tuple[AnswerForm, ...]
    name: str = ""

    def fault(self, answer: Any, sizes: Mapping[str, int]) -> Fault | None:
        """Return what is wrong with the sequence or with the first faulty part."""
        names = ", ".join(form.name for form in self.forms)
        parts = _parts(answer)
        if parts is None:
            return Fault("type", f"expected a tuple ({names}), got {described(answer)}")
        if len(parts) != len(self.forms):
            return Fault("type", f"expected {len(self.forms)} values ({names}), got {len(parts)}")
        faults = (form.fault(part, sizes) for form, part in zip(self.forms, parts, strict=True))
        return next((fault for fault in faults if fault), None)

    def leaves(self, answer: Any) -> list[Leaf]:
        """Return every part in order."""
        parts = _parts(answer) or []
        return [leaf for form, part in zip(self.forms, parts, strict=True) for leaf in form.leaves(part)]


@dataclass(frozen=True)
class Named:
    """A dict with exactly these keys."""

    forms: tuple[AnswerForm, ...]
    name: str = ""

    def fault(self, answer: Any, sizes: Mapping[str, int]) -> Fault | None:
        """Return what is wrong with the dict, its keys, or its first faulty value."""
        due = [form.name for form in self.forms]
        table = table_of(answer)
        if table is None:
            return Fault("type", f"expected a dict with the keys {', '.join(due)}, got {described(answer)}")
        missing = [name for name in due if name not in table]
        if missing:
            return Fault("type", f"the dict lacks the key {missing[0]!r}; it must have {', '.join(due)}")
        if len(table) != len(due):
            return Fault("type", f"the dict has {len(table)} keys; it must have exactly {', '.join(due)}")
        faults = (form.fault(table[form.name], sizes) for form in self.forms)
        return next((fault for fault in faults if fault), None)

    def leaves(self, answer: Any) -> list[Leaf]:
        """Return every value in the order of the declared keys."""
        table = table_of(answer) or {}
        return [leaf for form in self.forms for leaf in form.leaves(table[form.name])]


@dataclass(frozen=True)
class Text:
    """A string, exactly."""

    name: str = ""

    def fault(self, answer: Any, sizes: Mapping[str, int]) -> Fault | None:
        """Return what is wrong with a string's type."""
        return None if isinstance(answer, str) else Fault("type", f"expected a string, got {described(answer)}")

    def leaves(self, answer: Any) -> list[Leaf]:
        """Return the string's characters as numbers, so that equality means equality."""
        return [Leaf("", np.array([ord(character) for character in answer], dtype=np.float64))]
