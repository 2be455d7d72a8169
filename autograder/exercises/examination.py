"""How a function is examined: call it on every case, look at each answer, gather what was found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.exercises.answers import AnswerForm, CallLimitError, Leaf, Text
from autograder.exercises.calling import Outcome, call, call_each
from autograder.exercises.cases import RULE_CASES, Case, make_case, make_cases, plans
from autograder.exercises.exercise import Exercise
from autograder.exercises.further import checks_for
from autograder.numerics.comparison import largest_difference, matches
from autograder.report import Check

# The last one twice in a row, and then those beside it: what is kept may be thrown away when another shape comes.
REPEATED_CASES = (5, 3, 0, 0)
SHOWN_CASES = 3
NOT_WRITTEN = "not written yet: the function still raises NotImplementedError"
SMALL_SHARE, ABOUT_ONE, MANY_TIMES = 0.01, 0.95, 100.0


@dataclass
class Tally:
    """What each check found, case by case, in the order in which checks were first made."""

    made: dict[str, int] = field(default_factory=dict)
    failures: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def note(self, check: str, where: str, message: str | None) -> bool:
        """Record one look; return True if it found nothing wrong."""
        self.made[check] = self.made.get(check, 0) + 1
        if message is not None:
            self.failures.setdefault(check, []).append((where, message))
        return message is None

    def checks(self) -> tuple[Check, ...]:
        """Return one Check for each name, with the first message and the cases that failed."""
        return tuple(self._check(name) for name in self.made)

    def _check(self, name: str) -> Check:
        failed = self.failures.get(name, [])
        if not failed:
            return Check(name, passed=True)
        places = list(dict.fromkeys(where for where, _ in failed if where))
        if self.made[name] == 1 or not places:
            return Check(name, passed=False, message=failed[0][1])
        shown = "; ".join(places[:SHOWN_CASES]) + ("; …" if len(places) > SHOWN_CASES else "")
        everywhere = len(failed) == self.made[name]
        where = "in every case tried" if everywhere else f"in {len(failed)} of {self.made[name]} cases: {shown}"
        return Check(name, passed=False, message=f"{failed[0][1]} ({where})")


def _error_message(error: Exception) -> str:
    if isinstance(error, NotImplementedError):
        return NOT_WRITTEN
    text = " ".join(str(error).split())
    name = type(error).__name__
    if isinstance(error, CallLimitError):
        return text
    if isinstance(error, ValueError) and "read-only" in text:
        return f"tried to write to one of its arguments ({text}); work on a copy or make a new array"
    return f"raised {name}: {text}" if text else f"raised {name}"


def _value_fault(form: AnswerForm, ours: list[Leaf], case: Case) -> str | None:
    for answer, true in zip(ours, case.expected, strict=True):
        if answer.value.shape != true.value.shape:
            return "the text has another length than it must have"
        if matches(answer.value, true.value, case.slack):
            continue
        if isinstance(form, Text):
            return "the text has the right length, but other characters than it must have"
        difference = largest_difference(answer.value, true.value)
        what = f"{answer.name} is" if answer.name else "the values are"
        largest = float(np.max(np.abs(true.value), initial=0.0))
        by = f"off by {_roughly(difference / largest)}" if largest else "not 0 where 0 is due"
        return f"the shape is right, {what} {by}{_place(answer, true)}"
    return None


def _roughly(ratio: float) -> str:
    """Say how large an error is beside the largest true entry, too roughly to tell a hidden number."""
    if not ratio < MANY_TIMES:
        return "many times the largest true entry"
    if ratio < SMALL_SHARE:
        return "less than a hundredth of the largest true entry"
    if ratio < ABOUT_ONE:
        return f"up to {round(100 * ratio)} % of the largest true entry"
    return (
        "as much as the largest true entry"
        if round(ratio) == 1
        else f"up to {round(ratio)} times the largest true entry"
    )


def _place(answer: Leaf, true: Leaf) -> str:
    if not answer.value.ndim or answer.value.size == 1:
        return ""
    gaps = np.abs(answer.value.astype(np.longdouble) - true.value)
    worst = [int(position) for position in np.unravel_index(int(np.argmax(gaps)), gaps.shape)]
    return f", most at entry {worst} of shape {answer.value.shape}"


def _look(exercise: Exercise, case: Case, outcome: Outcome, tally: Tally, random: np.random.Generator) -> None:
    """Look at one answer: type, shape and finite values first, so that the rest is well defined."""
    where = case.plan.label
    fault = exercise.form.fault(outcome.answer, case.plan.sizes)
    for check in ("type", "shape", "finite"):
        found = fault.message if fault and fault.check == check else None
        if not tally.note(check, where, found):
            return
    leaves = exercise.form.leaves(outcome.answer)
    tally.note("value", where, _value_fault(exercise.form, leaves, case))
    rule = exercise.rule
    if rule is not None and tally.made.get(rule.check, 0) < RULE_CASES:
        known = case.with_facts(exercise, random)
        if known.facts is not None:
            with np.errstate(all="ignore"):
                tally.note(rule.check, where, rule.fault(case.values, leaves, known.facts))
    for special in exercise.options.special:
        tally.note(special.name, where, special.fault({**case.values, **outcome.given}, outcome.answer))
    for further in checks_for(exercise):
        tally.note(further.name, where, further.fault(exercise, {**case.values, **outcome.given}, outcome.answer))


def _same_again(exercise: Exercise, first: Outcome, second: Outcome, case: Case) -> str | None:
    if second.error is not None or exercise.form.fault(second.answer, case.plan.sizes):
        return "called again with the same arguments, it did not give an answer of the right form"
    before, after = exercise.form.leaves(first.answer), exercise.form.leaves(second.answer)
    for one, other in zip(before, after, strict=True):
        if not matches(other.value, one.value):
            return "called again with the same arguments, it gave another answer; does it keep something between calls?"
    return None


def _found_again(exercise: Exercise, name: str, outcome: Outcome, case: Case) -> str | None:
    """Look at an answer to arguments of which one alone is new since the call before."""
    if outcome.error is None and not exercise.form.fault(outcome.answer, case.plan.sizes):
        if _value_fault(exercise.form, exercise.form.leaves(outcome.answer), case) is None:
            return None
        what = "the answer was not the right one any more"
    else:
        what = "it did not give an answer of the right form"
    new = f"another {name} and else the same arguments" if name else "other arguments of the same sizes"
    return f"called again with {new}, {what}; does it keep something between calls?"


def examine(
    exercise: Exercise, function: Callable[..., Any], random: np.random.Generator, cases: Sequence[Case] | None = None
) -> tuple[Check, ...]:
    """Call a function on every case and return what each check found.

    cases: those that were made before, for whoever examines many functions on the same ones.

    The checks are `runs`, `type`, `shape`, `finite`, `value`, that of the exercise's rule
    (`gradient_check` or `descent`), `purity`, `warnings`, special ones, other packages', and `repeatable`. A check
    that no case reached is left out.
    """
    tally = Tally()
    cases = make_cases(exercise, random) if cases is None else cases
    good: dict[int, Outcome] = {}
    repeated = [number for number in REPEATED_CASES if number < len(cases)]
    beside = cases[0].beside
    calls = [*cases, *(cases[number] for number in repeated), *(case for _, case in beside)]
    outcomes = call_each(function, calls, exercise)
    for number, (case, outcome) in enumerate(zip(cases, outcomes, strict=False)):
        # Which of the calls that were made together met a limit can't be told.
        where = "" if isinstance(outcome.error, CallLimitError) else case.plan.label
        if tally.note("runs", where, _error_message(outcome.error) if outcome.error else None):
            failed_before = len(tally.failures)
            _look(exercise, case, outcome, tally, random)
            if len(tally.failures) == failed_before:
                good[number] = outcome
            if exercise.options.forbids_warnings:
                tally.note("warnings", case.plan.label, f"warned: {outcome.warned}" if outcome.warned else None)
        elif isinstance(outcome.error, (CallLimitError, NotImplementedError)):
            break
        changed = "changed one of its arguments in place; work on a copy or make a new array"
        tally.note("purity", case.plan.label, changed if outcome.changed else None)
    else:
        for number, again in zip(repeated, outcomes, strict=False):
            if number in good and not tally.failures:
                case = cases[number]
                tally.note("repeatable", case.plan.label, _same_again(exercise, good[number], again, case))
        for (name, case), outcome in zip(beside, outcomes, strict=True):
            if not tally.failures:
                tally.note("repeatable", "", _found_again(exercise, name, outcome, case))
    return tally.checks()


def does_the_same(other: Exercise, exercise: Exercise, random: np.random.Generator) -> bool:
    """Tell whether another exercise's reference, given this one's arguments in order, answers it."""
    if len(other.arguments) != len(exercise.arguments):
        return False
    case = make_case(exercise, plans(exercise, random)[0], 0, random)
    outcome = call(other.reference, case, exercise)
    if outcome.error is not None or exercise.form.fault(outcome.answer, case.plan.sizes):
        return False
    return _value_fault(exercise.form, exercise.form.leaves(outcome.answer), case) is None
