"""Answers whose type is wrong, whatever is in them: nothing, a list, whole numbers, the wrong number of parts."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.exercises.answers import AnswerForm, Array, Named, Number, Parts, Text, described
from autograder.exercises.diagnosis.candidate import called
from autograder.exercises.diagnosis.comparing import as_numbers, equal
from autograder.exercises.diagnosis.evidence import Observation
from autograder.exercises.exercise import Exercise
from autograder.report import Diagnosis

MATRIX_AXES = 2


def _nothing(exercise: Exercise, seen: Observation) -> Diagnosis | None:
    if seen.outcome.answer is not None:
        return None
    return Diagnosis(
        "nothing-returned",
        f"{exercise.name} returns nothing: print shows a value, only return hands it back. Is there a return at the "
        "end, "
        "on every way through the function?",
    )


def _wrong_structure(exercise: Exercise, answer: Any) -> Diagnosis | None:
    form = exercise.form
    if isinstance(form, Named):
        return _wrong_dict(form, answer)
    if not isinstance(form, Parts):
        return None
    due = f"({', '.join(part.name for part in form.forms)})"
    if isinstance(answer, Mapping):
        return Diagnosis("dict-for-tuple", f"You return a dict where the tuple {due} is due, in this order.")
    if not isinstance(answer, (tuple, list, np.ndarray)):
        what = "a single value" if isinstance(answer, (int, float, np.generic)) else described(answer)
        return Diagnosis("one-value-for-tuple", f"You return {what} where the tuple {due} is due.")
    if not isinstance(answer, np.ndarray) and len(answer) != len(form.forms):
        which = "few" if len(answer) < len(form.forms) else "many"
        return Diagnosis(f"too-{which}-parts", f"You return too {which} values; the tuple {due} is due.")
    return None


def _wrong_dict(form: Named, answer: Any) -> Diagnosis | None:
    due = [part.name for part in form.forms]
    told = f"the keys {', '.join(due)}"
    if not isinstance(answer, Mapping):
        return Diagnosis("no-dict", f"Your answer must be a dict with {told}; yours is {described(answer)}.")
    keys = [str(key) for key in answer]
    if len(keys) == len(due) and set(keys) != set(due):
        return Diagnosis("keys-renamed", f"The keys of your dict have other names; it must have {told}, exactly so.")
    if set(due) - set(keys):
        return Diagnosis("keys-missing", f"A key is missing in your dict; it must have {told}.")
    if set(keys) - set(due):
        return Diagnosis("keys-added", f"Your dict has a key too many; it must have {told}, and no other.")
    return None


def _leaf(form: AnswerForm, part: Any, right: Any) -> Diagnosis | None:
    """Say what is wrong with the type of one part."""
    it = called(form.name)
    kind = "tuple" if isinstance(part, tuple) else "list"
    if isinstance(form, (Array, Number)) and isinstance(part, tuple) and len(part) == 1:
        return Diagnosis(
            "tuple-of-one",
            f"{it} is a tuple with one value in it, where the value itself is due; is there a comma after it?",
        )
    if isinstance(form, Array) and isinstance(part, (list, tuple)):
        numbers = as_numbers(part)
        same = numbers is not None and equal(numbers, right)
        values = "Its numbers are right. " if same else ""
        return Diagnosis("list-for-array", f"{it} is a {kind} where an array is due. {values}Make an array of it.")
    if isinstance(form, Number) and isinstance(part, (list, tuple)):
        return Diagnosis("list-for-number", f"{it} is a {kind} where a single number is due.")
    if isinstance(form, Number) and isinstance(part, np.ndarray) and part.ndim and part.size == 1:
        return Diagnosis(
            "array-of-one", f"{it} is an array that holds a single number, where the number itself is due."
        )
    if isinstance(part, str) and not isinstance(form, Text):
        return Diagnosis("text-for-number", f"{it} is a text where numbers are due; return the value, not its picture.")
    if isinstance(form, Array) and isinstance(part, np.ndarray) and part.shape == np.shape(right):
        return _dtype(it, part)
    if isinstance(form, Array) and isinstance(part, (int, float, np.generic)):
        return Diagnosis(
            "number-for-array", f"{it} is a single number where an array is due; is something summed over all?"
        )
    return None


def _dtype(it: str, part: Any) -> Diagnosis | None:
    if part.dtype.kind in "iu":
        return Diagnosis(
            "whole-numbers",
            f"{it} is an array of whole numbers, in which fractions are lost; make it from floats, such as zeros, or "
            "with "
            "a point in each number.",
        )
    if part.dtype.kind == "b":
        return Diagnosis(
            "true-or-false",
            f"{it} is an array of true and false, where numbers are due: a mask has to be multiplied in.",
        )
    if part.dtype == np.float16:
        return Diagnosis(
            "half-precision", f"{it} is in half precision, which keeps three digits; leave out the conversion."
        )
    if part.dtype.kind == "O":
        return Diagnosis("array-of-objects", f"{it} is an array of objects, not of numbers; is a list among its parts?")
    if part.dtype.kind == "c":
        return Diagnosis("complex-numbers", f"{it} is made of complex numbers, where real ones are due.")
    return None


def wrong_type(exercise: Exercise, seen: Observation) -> Diagnosis | None:
    """Say what is wrong with the type of an answer, or return None."""
    answer = seen.outcome.answer
    found = _nothing(exercise, seen) or _wrong_structure(exercise, answer)
    if found or seen.parts is None:
        return found
    form = exercise.form
    forms = form.forms if isinstance(form, (Parts, Named)) else (form,)
    told = (_leaf(one, part, right) for one, part, right in zip(forms, seen.parts, seen.right_parts, strict=True))
    return next((one for one in told if one), None)
