"""What an exception of a student's function means, in words."""

import builtins
import difflib
import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.diagnosis.evidence import Observation
from autograder.exercises.diagnosis.operands import (
    broadcast_told,
    has_lost_axis,
    placed_told,
    product_told,
    shape_written_in,
)
from autograder.exercises.diagnosis.words import WORDS
from autograder.exercises.exercise import Exercise
from autograder.report import Diagnosis

MOST_NAME_CHARACTERS = 40
# A shorter name looks like some built-in function whatever was meant.
FEWEST_LETTERS = 3
NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")
UNBOUND = re.compile(r"local variable '(\w+)'")
NO_ATTRIBUTE = re.compile(r"(?:module '([\w.]+)'|'([\w.]+)' object) has no attribute '(\w+)'")
CALLED = re.compile(r"([A-Za-z_]\w*)\(\) (?:missing|got|takes)")
ARGUMENTS = re.compile(
    r"missing \d+ required|unexpected keyword argument|takes .*positional arguments?.* (was|were) given"
)
KEPT = " A sum or a maximum over an axis drops that axis, unless keepdims=True keeps it."
CLOSE = 0.6
# For a name that has nothing to do with the exercise: sigmoid is not divmod.
VERY_CLOSE = 0.8
MODULES = {
    "math": "math", "np": "numpy as np", "numpy": "numpy", "random": "random", "itertools": "itertools",
    "functools": "functools", "copy": "copy", "scipy": "scipy", "plt": "matplotlib.pyplot as plt",
}  # fmt: skip


def _nearest(name: str, known: Iterable[str], cutoff: float = CLOSE) -> str:
    """Return a question after the name that was meant, or ""."""
    found = difflib.get_close_matches(name, [one for one in known if one != name], n=1, cutoff=cutoff)
    by_case = [one for one in known if one.lower() == name.lower() and one != name]
    return f"; did you mean {(by_case or found)[0]}?" if by_case or found else ""


def _not_defined(text: str, exercise: Exercise, case: Case) -> Diagnosis | None:
    found = NOT_DEFINED.search(text)
    if found is None:
        return None
    name = found[1][:MOST_NAME_CHARACTERS]
    if name in MODULES:
        told = f"Your function uses {name}, which is not imported: put import {MODULES[name]} into the cell."
        return Diagnosis("name-not-defined", told)
    builtin = [one for one in dir(builtins) if one.islower() and len(name) >= FEWEST_LETTERS]
    guess = _nearest(name, [*exercise.arguments, *exercise.variables, "np"]) or _nearest(name, builtin, VERY_CLOSE)
    told = guess or (
        ". It is no argument of this function; either it has another name, or its cell was not run, or it is a "
        "variable "
        "that only exists while you try things out"
    )
    return Diagnosis(
        "name-not-defined",
        f"Your function uses the name {name}, which is not defined{told}"
        f"{'' if told.endswith('?') else '.'} The arguments are {', '.join(exercise.arguments)}.",
    )


def _unbound(text: str, exercise: Exercise, case: Case) -> Diagnosis | None:
    found = UNBOUND.search(text)
    if found is None:
        return None
    name = found[1][:MOST_NAME_CHARACTERS]
    return Diagnosis(
        "used-before-set",
        f"Your function reads {name} before anything was stored in it: it is set further down, or only in a branch or "
        "a "
        "loop that was not entered.",
    )


def _attribute(text: str, exercise: Exercise, case: Case) -> Diagnosis | None:
    found = NO_ATTRIBUTE.search(text)
    if found is None:
        return None
    module, kind, name = found[1], found[2], found[3][:MOST_NAME_CHARACTERS]
    if kind == "NoneType":
        return _inside_none()
    dicts = [value for one in exercise.arguments if isinstance(value := case.values[one], dict)]
    if kind == "dict" and any(name in held for held in dicts):
        told = f"Your function asks a dict for {name} after a point; a key goes into square brackets, in quotes."
        return Diagnosis("no-such-attribute", told)
    owner = "NumPy" if module == "numpy" else "an array" if kind == "numpy.ndarray" else f"a {kind or module}"
    known = dir(np) if module == "numpy" else dir(np.ndarray) if kind == "numpy.ndarray" else ()
    guess = _nearest(name, [one for one in known if not one.startswith("_")])
    return Diagnosis(
        "no-such-attribute", f"Your function asks {owner} for {name}, which it does not have{guess or '.'}"
    )


def _inside_none() -> Diagnosis:
    return Diagnosis(
        "none-on-the-way",
        "Your function goes on computing with None: something that it calls returns nothing, or changes an array in "
        "place "
        "and returns nothing.",
    )


def _call_of_it(text: str, exercise: Exercise, case: Case) -> Diagnosis | None:
    if not ARGUMENTS.search(text):
        return None
    called = CALLED.search(text)
    if called and called[1] != exercise.name:
        return Diagnosis(
            "call-does-not-fit",
            f"Your function calls {called[1][:MOST_NAME_CHARACTERS]} with too few arguments, too many, or one by a "
            "name that it does not know; look at the first line of what is called.",
        )
    return Diagnosis(
        "arguments-differ",
        f"{exercise.name} cannot be called with its arguments: their number, their names or a default differ from the "
        f"first line as it was handed out, {exercise.name}({', '.join(exercise.arguments)}).",
    )


def _shapes(text: str, exercise: Exercise, case: Case) -> Diagnosis | None:
    told = product_told(text, exercise, case)
    if told is not None:
        return Diagnosis(
            "product-does-not-fit",
            f"A matrix product in your function does not fit: {told}. It sums over the last axis of the first and the "
            "first axis of the second, which must be one and the same; look at which operand comes first, and which "
            "one "
            "has to be transposed.",
        )
    told = broadcast_told(text, exercise, case)
    if told is not None:
        return Diagnosis(
            "shapes-do-not-fit",
            f"Your function combines {told} entry by entry, and their shapes do not fit. Where every entry of the one "
            "meets several of the other and is summed, a matrix product is due; where one is added to every row or "
            f"column, its axis of length one must be in the right place.{KEPT if has_lost_axis(text) else ''}",
        )
    told = placed_told(text, exercise, case)
    if told is not None:
        return Diagnosis(
            "assignment-does-not-fit",
            f"Your function assigns {told}. Look at what each index of the place stands for, and at the order of the "
            "axes of what is stored there.",
        )
    return None


def _by_words(text: str, exercise: Exercise, case: Case) -> Diagnosis | None:
    for pattern, identity, message in WORDS:
        if re.search(pattern, text):
            return Diagnosis(identity, message) if message else _inside_none()
    return None


def _key(text: str, exercise: Exercise, case: Case) -> Diagnosis | None:
    keys = [key for name in exercise.arguments if isinstance(case.values[name], dict) for key in case.values[name]]
    name = text.strip("'\"")[:MOST_NAME_CHARACTERS]
    if not keys or not name.isidentifier():
        return None
    guess = _nearest(name, keys)
    return Diagnosis(
        "no-such-key", f"Your function asks a dict for {name}; its keys are {', '.join(keys)}{guess or '.'}"
    )


def written_in(seen: Sequence[Observation]) -> Diagnosis | None:
    """Say so if what does not fit is an array that has one shape whatever the sizes are, as that of an example."""
    raised = [(one.error_text, one.case.plan.sizes) for one in seen if isinstance(one.outcome.error, ValueError)]
    shape = shape_written_in(raised)
    if shape is None:
        return None
    return Diagnosis(
        "size-written-in",
        f"Your function makes an array of shape {shape} whatever the sizes of its arguments are, so that other arrays "
        "do not fit it. Take every size from an argument's shape.",
    )


Reading = Callable[[str, Exercise, Case], Diagnosis | None]
READINGS: tuple[tuple[type[Exception], tuple[Reading, ...]], ...] = (
    (NameError, (_not_defined, _unbound)),
    (AttributeError, (_attribute, _by_words)),
    (KeyError, (_key,)),
    (TypeError, (_call_of_it, _by_words)),
    (ValueError, (_shapes, _by_words)),
    (Exception, (_shapes, _by_words)),
)


def not_written(exercise: Exercise) -> Diagnosis:
    """Say that a function is as it was handed out."""
    told = f"{exercise.name} is not written yet: replace the line that raises NotImplementedError."
    return Diagnosis("not-written", told)


def explained(seen: Observation, exercise: Exercise) -> Diagnosis | None:
    """Say what the exception of an observation means, or return None."""
    error = seen.outcome.error
    if isinstance(error, NotImplementedError):
        return not_written(exercise)
    for kind, readings in READINGS:
        if isinstance(error, kind):
            found = (reading(seen.error_text, exercise, seen.case) for reading in readings)
            return next((one for one in found if one), None)
    return None
