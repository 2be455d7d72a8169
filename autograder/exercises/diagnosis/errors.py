"""What an exception of a student's function means, in words."""

import builtins
import difflib
import re
from collections.abc import Callable, Iterable

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.diagnosis.evidence import Observation
from autograder.exercises.diagnosis.operands import broadcast_told, placed_told, product_told
from autograder.exercises.exercise import Exercise
from autograder.report import Diagnosis

MOST_NAME_CHARACTERS = 40
# A shorter name looks like some built-in function whatever was meant.
FEWEST_LETTERS = 3
NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")
UNBOUND = re.compile(r"local variable '(\w+)'")
NO_ATTRIBUTE = re.compile(r"(?:module '([\w.]+)'|'([\w.]+)' object) has no attribute '(\w+)'")
ARGUMENTS = re.compile(
    r"missing \d+ required|unexpected keyword argument|takes .*positional arguments?.* (was|were) given"
)
CLOSE = 0.6


def _nearest(name: str, known: Iterable[str]) -> str:
    """Return a question after the name that was meant, or ""."""
    found = difflib.get_close_matches(name, [one for one in known if one != name], n=1, cutoff=CLOSE)
    by_case = [one for one in known if one.lower() == name.lower() and one != name]
    return f"; did you mean {(by_case or found)[0]}?" if by_case or found else ""


def _not_defined(text: str, exercise: Exercise, case: Case) -> Diagnosis | None:
    found = NOT_DEFINED.search(text)
    if found is None:
        return None
    name = found[1][:MOST_NAME_CHARACTERS]
    builtin = [one for one in dir(builtins) if one.islower() and len(name) >= FEWEST_LETTERS]
    known = [*exercise.arguments, *exercise.variables, "np", *builtin]
    guess = _nearest(name, known)
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
    due = ", ".join(exercise.arguments)
    own = exercise.name in text
    where = f"{exercise.name} cannot be called with its arguments" if own else "A call in your function does not fit"
    return Diagnosis(
        "arguments-differ",
        f"{where}: their number, their names or a default differ from the first line as it was handed out, "
        f"{exercise.name}({due}).",
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
            "column, its axis of length one must be in the right place.",
        )
    told = placed_told(text, exercise, case)
    if told is not None:
        return Diagnosis(
            "assignment-does-not-fit",
            f"Your function assigns {told}. Look at what each index of the place stands for, and at the order of the "
            "axes of what is stored there.",
        )
    return None


WORDS: tuple[tuple[str, str, str], ...] = (
    (
        r"unsupported operand type.*'NoneType'|'NoneType' object|NoneType",
        "none-on-the-way", "",
    ),
    (
        r"truth value of an array",
        "truth-of-array",
        ("Your function asks whether a whole array is true, with if, and, or, max() or while. Each entry decides for "
        "itself: compare the array, which gives an array of true and false, and compute with that."),
    ),
    (
        r"only (length-1|size-1|0-dimensional) arrays can be converted|only integer scalar arrays",
        "array-for-number",
        ("Your function gives a whole array to something that takes a single number, such as float(), int(), range() "
         "or "
        "the module math. NumPy has functions that work on every entry."),
    ),
    (
        r"axis -?\d+ is out of bounds",
        "no-such-axis",
        ("Your function sums, or works otherwise, along an axis that the array does not have; count the axes of its "
        "shape, from 0."),
    ),
    (
        r"index -?\d+ is out of bounds|list index out of range|too many indices",
        "index-out-of-range",
        ("Your function asks for an entry that is not there. Is the size of an example written into it? Take sizes "
         "from "
        "the arguments' shapes, and count from 0."),
    ),
    (
        r"cannot reshape array",
        "reshape-does-not-fit",
        ("Your function reshapes an array to a shape with another number of entries. Is the size of an example written "
        "into it? A sum over an axis, or a transpose, may be what is meant."),
    ),
    (
        r"setting an array element with a sequence|inhomogeneous shape",
        "array-for-entry",
        ("Your function puts a whole array where a single number fits; look at what stands to the right of the "
        "assignment to an entry."),
    ),
    (
        r"values to unpack",
        "unpacking-does-not-fit",
        ("Your function unpacks a tuple into more or fewer names than it holds; look at what the called function "
        "returns."),
    ),
    (
        r"can't multiply sequence|can only concatenate|for .*: 'list' and",
        "list-in-arithmetic",
        ("Your function computes with a Python list, which does no arithmetic on its entries; make an array of it "
        "first."),
    ),
    (
        r"is not callable",
        "not-a-function",
        ("Your function calls something that is no function: round brackets where square ones are due, or a name that "
         "was "
        "given to a value."),
    ),
    (
        r"math range error|too large to convert|Numerical result out of range",
        "overflow",
        ("A number on the way gets too large. An exponential must only meet numbers that are not positive: rewrite the "
        "formula, or subtract the largest first."),
    ),
    (
        r"division by zero",
        "division-by-zero",
        ("Your function divides by something that is 0 for some inputs; a derivative is found without dividing by the "
        "variable."),
    ),
    (
        r"maximum recursion",
        "endless-recursion",
        "Your function calls itself without end; does it have the name of a function that it means to call?",
    ),
)  # fmt: skip


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
