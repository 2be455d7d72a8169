"""`check`: call a student's function on an example, and look at all of its answer."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.checks.expressions import equal_to
from autograder.checks.forms import Fault, fault, got_words, parts_of, shape_words
from autograder.checks.result import CheckResult, Finding, ShapeLine, story
from autograder.checks.signature import Named, parsed, sizes_of, told
from autograder.drawing.comparison import Comparison
from autograder.drawing.markup import one_line
from autograder.drawing.panel import Part
from autograder.numerics import GradientCheck, check_gradient
from autograder.numerics.comparison import tolerance_for
from autograder.numerics.recognition import alike, recognised

UNCHANGED = "arguments left as they were"


@dataclass(frozen=True)
class _Due:
    """What an answer is compared with.

    names: of its parts, in order. values: the points, or the expected values. keyed: for a dict;
    alone: for an answer that is one array or number.
    """

    names: tuple[str, ...]
    values: tuple[Any, ...]
    keyed: bool
    alone: bool


def _due(target: Any, named: Sequence[Named], name: str) -> _Due:
    if isinstance(target, Mapping):
        return _Due(tuple(map(str, target)), tuple(target.values()), keyed=True, alone=False)
    if isinstance(target, tuple):
        names = tuple(one.name for one in named) or tuple(f"answer[{place}]" for place in range(len(target)))
        if len(names) != len(target):
            msg = f"there are {len(target)} parts to compare with, but `shapes` names {len(names)} answers"
            raise ValueError(msg)
        return _Due(names, target, keyed=False, alone=False)
    return _Due((named[0].name if named else name or "the answer",), (target,), keyed=False, alone=True)


def _are_same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        equal_nan = one.dtype.kind in "fc"
        return isinstance(other, np.ndarray) and np.array_equal(one, other, equal_nan=equal_nan)
    if isinstance(one, Mapping):
        return set(one) == set(other) and all(_are_same(one[key], other[key]) for key in one)
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(_are_same, one, other))
    return True


def _purity(names: Sequence[str], before: Sequence[Any], after: Sequence[Any]) -> Finding:
    changed = [name for name, old, new in zip(names, before, after, strict=True) if not _are_same(old, new)]
    if not changed:
        return Finding(UNCHANGED, passed=True)
    return Finding(UNCHANGED, passed=False, message=f"{changed[0]} was changed in place; make a new array instead")


def _values_finding(label: str, check: GradientCheck, *, alone: bool) -> Finding:
    corners = int(check.numeric.on_kink.sum())
    if check.passed:
        what = "values agree with the numeric gradient" if alone else f"{label} agrees with the numeric gradient"
        return Finding(what, passed=True, message=f"{corners} at a corner left out" if corners else "")
    what = "values" if alone else label
    if check.problem:
        return Finding(what, passed=False, message=check.problem)
    found = check.comparison()
    entry = found.worst()
    where = f" at {list(entry)}" if entry else ""
    numbers = f"the numeric gradient is {check.numeric.values[entry]:.6g}{where}, yours is {check.analytic[entry]:.6g}"
    count = f"{int(found.wrong.sum())} of {check.analytic.size} entries differ; " if entry else ""
    return Finding(what, passed=False, message=f"{count}{numbers}")


def _compared(label: str, value: Any, true: Any, *, alone: bool) -> tuple[Finding, Part]:
    """Compare with an expected value, by the tolerance of grading."""
    answer = value if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind == "f" else float(value)
    answer, due = np.asarray(answer), np.asarray(true, dtype=np.float64)
    wrong = ~(np.abs(np.asarray(answer, dtype=np.float64) - due) <= tolerance_for(answer).bound(due))
    found = Comparison("expected", due, answer, wrong, np.zeros(due.shape, dtype=np.bool_))
    if not wrong.any():
        what = "values as expected" if alone else f"{label} as expected"
        return Finding(what, passed=True), Part(label, found, passed=True)
    entry = found.worst()
    where = f" at {list(entry)}" if entry else ""
    count = f"{int(wrong.sum())} of {wrong.size} entries differ; " if entry else ""
    message = f"{count}expected {due[entry]:.6g}{where}, got {answer[entry]:.6g}"
    return Finding("values" if alone else label, passed=False, message=message), Part(label, found, passed=False)


class _Examination:
    """One check, step by step.

    sizes: of the named dimensions. named: the answers' names and axes; shorter where they are not told.
    """

    def __init__(self, due: _Due, named: Sequence[Named], sizes: Mapping[str, int]) -> None:
        self.due, self.sizes = due, sizes
        by_name = {one.name: one for one in named}
        self.named = [by_name.get(name) for name in due.names]
        self.shapes = [np.shape(value) for value in due.values]

    def faults(self, values: Sequence[Any]) -> list[Fault | None]:
        """Return what is wrong with the form of each part."""
        return [
            fault(value, shape, named, self.sizes)
            for value, shape, named in zip(values, self.shapes, self.named, strict=True)
        ]

    def forms(self, faults: Sequence[Fault | None]) -> list[Finding]:
        """Return the findings on types and shapes, the first fault of each part."""
        words = shape_words(self.shapes[0], self.named[0]) if self.due.alone and self.shapes[0] else ""
        good = f"type and shape {words}".rstrip() if self.due.alone else "types and shapes"
        found = [
            Finding(one.kind if self.due.alone else f"{one.kind} of {name}", passed=False, message=one.message)
            for name, one in zip(self.due.names, faults, strict=True)
            if one
        ]
        return found or [Finding(good, passed=True)]

    def gradients(self, of: Callable[..., Any], values: Sequence[Any], how: Mapping[str, Any]) -> list[GradientCheck]:
        """Return the gradient check of each part."""
        if self.due.alone:
            found = [check_gradient(of, values[0], at=self.due.values[0], name=self.due.names[0], **how)]
        elif self.due.keyed:
            at = dict(zip(self.due.names, self.due.values, strict=True))
            gradients = dict(zip(self.due.names, values, strict=True))
            found = list(check_gradient(of, gradients, at=at, **how).parts.values())
        else:
            found = list(check_gradient(of, tuple(values), at=self.due.values, **how).parts.values())
        return [
            replace(check, name=name, axes=(named.dims or ()) if named else (), sizes=self.sizes)
            for check, name, named in zip(found, self.due.names, self.named, strict=True)
        ]

    def shape_lines(self, arguments: Sequence[tuple[Named, Any]], values: Sequence[Any]) -> tuple[ShapeLine, ...]:
        """Return the shapes of everything whose axes are named."""
        lines = [
            ShapeLine(one.name, told(one.dims) if one.dims else "()", str(np.shape(value)))
            for one, value in arguments
            if one.dims
        ]
        for place, (named, shape) in enumerate(zip(self.named, self.shapes, strict=True)):
            if named is None or not named.dims:
                continue
            value = np.asarray(values[place]) if place < len(values) and _is_numeric(values[place]) else None
            got = got_words(value.shape, self.sizes) if value is not None and value.shape != shape else ""
            lines.append(ShapeLine(named.name, told(named.dims), str(shape), got, is_answer=True))
        return tuple(lines)


def _is_numeric(value: Any) -> bool:
    return isinstance(value, (np.ndarray, np.generic, float, int))


def _exchanged(names: Sequence[str], values: Sequence[Any], trues: Sequence[NDArray[Any]]) -> str:
    """Recognise two parts that came in each other's place."""
    got = [np.asarray(value, dtype=np.float64) for value in values]
    for one in range(len(names)):
        for other in range(one + 1, len(names)):
            here, there = trues[one], trues[other]
            if not alike(got[one], here) and alike(got[one], there) and alike(got[other], here):
                return f"{names[one]} and {names[other]} are exchanged: return ({', '.join(names)}), in this order."
    return ""


def _hint(values: Sequence[Any], told_of: Sequence[tuple[str, Any]], wrong: Sequence[int], own: Sequence[str]) -> str:
    """Say what the first wrong part looks like, and which expression of the arguments it is."""
    for place in wrong:
        value = values[place]
        expression = equal_to(value, told_of) if isinstance(value, np.ndarray) and value.dtype.kind in "biuf" else ""
        equals = f"What you return is equal to {expression}, shape {value.shape}." if expression else ""
        if own[place] or equals:
            return " ".join(part for part in (own[place], equals) if part)
    return ""


def check(
    function: Callable[..., Any], *arguments: Any, of: Callable[..., Any] | None = None, at: Any = None,
    upstream: ArrayLike | None = None, expected: Any = None, shapes: str = "", name: str = "",
    mode: str = "entries", method: str = "central",
) -> CheckResult:  # fmt: skip
    """Call a function on an example and check its answer: arguments, type, shape, and values.

    function, arguments: what is called, `function(*arguments)`.
    of, at, upstream: what the answer must be the gradient of, and where, as for `check_gradient`; a
        tuple `at` stands for several arguments of `of`, and the answer must then have as many parts; a
        dict `at`, likewise, for a dict of gradients. mode, method: as there.
    expected: or else, the value that is due: an array, a number, or a tuple or dict of them.
    shapes: the names of all axes, such as "A1 (m, h), dZ2 (m, k) -> dW2 (h, k)": the arguments in
        order, then the answer's parts; a name alone for what has no shape to tell.
    name: what to call the function; its own name unless given.
    Returns a CheckResult: true if all is right. As the last line of a cell it shows itself, or call its `show()`.
    Raises whatever the function raises, with a note of the shapes; ValueError if `shapes` and the example do not fit
        each other.
    """
    if (of is None) == (expected is None):
        msg = "give either `of` and `at`, for a gradient, or `expected`, for a value"
        raise ValueError(msg)
    signature = parsed(shapes)
    if shapes and len(signature.arguments) != len(arguments):
        msg = f"`shapes` names {len(signature.arguments)} arguments, but {len(arguments)} are given"
        raise ValueError(msg)
    due = _due(at if of is not None else expected, signature.answers, name)
    named = [one for one in signature.answers if one.name in due.names]
    in_order = [due.values[due.names.index(one.name)] for one in named]
    sizes = sizes_of([*signature.arguments, *named], [*arguments[: len(signature.arguments)], *in_order])
    words = [one.name for one in signature.arguments] or [f"argument {place}" for place in range(len(arguments))]
    # The forward map may be made of the same arrays, and must not see what is done to them.
    given = copy.deepcopy(arguments)
    how = {"upstream": upstream, "mode": mode, "method": method}
    examination = _Examination(due, named, sizes)
    shown = name or (function.__name__ if isinstance(function, FunctionType) else "") or due.names[0]
    pairs = list(zip(signature.arguments, arguments, strict=False))
    # A student's traceback goes from the cell to the function, and leaves this one out.
    __tracebackhide__ = True
    try:
        answer = function(*given)
    except Exception as error:
        if lines := examination.shape_lines(pairs, ()):
            # A traceback ends with it, in a notebook and in a terminal.
            error.add_note(one_line(f"The shapes of {shown}: {story(lines)}"))
        raise
    return _result(shown, answer, examination, of, how, pairs, _purity(words, arguments, given))


def _result(
    shown: str, answer: Any, asked: _Examination, of: Callable[..., Any] | None, how: Mapping[str, Any],
    arguments: Sequence[tuple[Named, Any]], purity: Finding,
) -> CheckResult:  # fmt: skip
    due = asked.due
    values, problem = ([answer], "") if due.alone else parts_of(answer, due.names, keyed=due.keyed)
    lines = asked.shape_lines(arguments, values)
    if problem:
        return CheckResult(shown, (purity, Finding("type", passed=False, message=problem)), lines)
    faults = asked.faults(values)
    findings = [purity, *asked.forms(faults)]
    given = [(one.name, value) for one, value in arguments]
    if any(one and one.kind != "shape" for one in faults):
        return CheckResult(shown, tuple(findings), lines)
    parts: list[Part] = []
    if of is not None:
        checks = asked.gradients(of, values, how)
        own = [one.diagnosis for one in checks]
        passed = [one.passed for one in checks]
        trues = [one.numeric.values for one in checks]
        for one, wrong_form in zip(checks, faults, strict=True):
            if wrong_form is None:
                findings.append(_values_finding(one.name, one, alone=due.alone))
                parts += one.parts()
    else:
        trues = [np.asarray(value, dtype=np.float64) for value in due.values]
        passed, own = [], []
        for label, value, true, wrong_form in zip(due.names, values, trues, faults, strict=True):
            good = wrong_form is None
            if good:
                finding, part = _compared(label, value, true, alone=due.alone)
                findings.append(finding)
                parts.append(part)
                good = finding.passed
            passed.append(good)
            own.append("" if good else recognised(np.asarray(value), true, asked.sizes, gradient=False))
    wrong = [place for place, good in enumerate(passed) if not good]
    diagnosis = _exchanged(due.names, values, trues) if wrong else ""
    return CheckResult(shown, tuple(findings), lines, diagnosis or _hint(values, given, wrong, own), tuple(parts))
