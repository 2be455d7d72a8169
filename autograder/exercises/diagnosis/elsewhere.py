"""What an answer that is right on the usual inputs does elsewhere: by name, on new arguments, where a size is 1."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from autograder.exercises.cases import Plan, make_case, with_beside
from autograder.exercises.diagnosis.comparing import equal, identical
from autograder.exercises.diagnosis.errors import explained
from autograder.exercises.diagnosis.evidence import Observation, Witness
from autograder.exercises.diagnosis.plans import plans
from autograder.exercises.diagnosis.trial import Trial
from autograder.report import Diagnosis

FEWEST_CASES = 2
ONE_MORE = " + 1"


def _plans(sizes: Mapping[str, int]) -> Iterator[tuple[str, Plan]]:
    """Yield plans with some sizes 1, each with that in words."""
    for name in sizes:
        # A record of one more than there are steps has a single entry where there is no step.
        where = f"{name.removesuffix(ONE_MORE)} is 0" if name.endswith(ONE_MORE) else f"{name} is 1"
        yield where, Plan(f"{name} = 1", {**sizes, name: 1})
    if sizes:
        yield "all sizes are 1", Plan("every size 1", dict.fromkeys(sizes, 1))


def _observed(witness: Witness, plan: Plan, number: int, random: np.random.Generator) -> Observation:
    case = make_case(witness.exercise, plan, number, random)
    trial = Trial(witness.exercise, {name: case.values[name] for name in witness.exercise.arguments})
    return Observation(case, trial, witness.asked(case))


def _axis_lost(seen: Observation) -> bool:
    parts = seen.parts
    return parts is not None and any(
        np.ndim(part) < np.ndim(right) and np.size(part) == np.size(right)
        for part, right in zip(parts, seen.right_parts, strict=True)
        if isinstance(part, (np.ndarray, np.generic))
    )


def _told(seen: Observation, where: str) -> Diagnosis:
    if _axis_lost(seen):
        return Diagnosis(
            "axis-of-one-lost",
            f"Your answer has the right numbers, but where {where} it loses an axis: squeeze removes every axis of "
            "length one, also those that must stay.",
        )
    return Diagnosis(
        "wrong-where-a-size-is-one",
        f"Your answer is right, but not where {where}. Is there a special case for that, a division by one less than a "
        "size, or an axis that is dropped where it has a single entry?",
    )


def default_differs(witness: Witness, seen: Sequence[Observation]) -> Diagnosis | None:
    """Say so if the answer is right where an option is given, and wrong where it is left out."""
    defaults = list(witness.exercise.defaults.items())
    wrong = [one for one in seen if not one.is_right]
    if len(wrong) < FEWEST_CASES or not defaults:
        return None
    for one in wrong:
        if all(one.case.values[name] != due for name, due in defaults):
            return None
    for one in wrong[:FEWEST_CASES]:
        given = replace(one.case, plan=replace(one.case.plan, by_keyword=True))
        if not replace(one, outcome=witness.asked(given)).is_right:
            return None
    name, due = defaults[0]
    return Diagnosis(
        "default-differs",
        f"Your answer is right where {name} is given, and wrong where it is left out: it must be {due!r} then, as in "
        "the first line of the function as it was handed out.",
    )


def order_differs(witness: Witness, seen: Sequence[Observation]) -> Diagnosis | None:
    """Say so if the answer is right where the arguments are given by name, and wrong where they come in order."""
    wrong = [one for one in seen if not one.is_right]
    if len(wrong) < FEWEST_CASES or len(wrong) < len(seen) / 2:
        return None
    for one in wrong[:FEWEST_CASES]:
        named = replace(one.case, plan=replace(one.case.plan, by_keyword=True))
        if not replace(one, outcome=witness.asked(named)).is_right:
            return None
    exercise = witness.exercise
    return Diagnosis(
        "arguments-in-another-order",
        f"Your function is right where its arguments are given by name: its first line has them in another order than "
        f"it was handed out with, {exercise.name}({', '.join(exercise.arguments)}).",
    )


def _found_again(witness: Witness, plan: Plan, random: np.random.Generator) -> Diagnosis | None:
    """Say so if the function gives its last answer again where one argument is another one."""
    exercise, last = witness.exercise, None
    for name, case in with_beside(exercise, make_case(exercise, plan, 0, random), random).beside:
        answer = witness.asked(case).answer
        right = Trial(exercise, {one: case.values[one] for one in exercise.arguments}).right
        if name and identical(answer, last) and not equal(answer, right):
            return Diagnosis(
                "keeps-answers",
                f"Called again with another {name} and else the same arguments, your function gives the same answer as "
                f"before: it keeps answers between calls, and does not look at {name} when it takes one of them again.",
            )
        last = answer
    return None


def elsewhere(witness: Witness, random: np.random.Generator) -> Diagnosis | None:
    """Call the function by name, with one new argument, and with sizes of 1, and say what is wrong there."""
    sizes = plans(witness.exercise)[0].sizes
    by_name = _observed(witness, Plan("arguments by name", sizes, by_keyword=True), 0, random)
    if by_name.raised:
        return explained(by_name, witness.exercise)
    again = _found_again(witness, plans(witness.exercise)[0], random)
    if again:
        return again
    for number, (where, plan) in enumerate(_plans(sizes)):
        seen = _observed(witness, plan, number, random)
        if not seen.is_right:
            return (explained(seen, witness.exercise) if seen.raised else None) or _told(seen, where)
    return None
