"""What a few more calls tell: whether an answer depends on its arguments, and on what was called before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.diagnosis.comparing import clearly_differ, factor, identical, same_factor
from autograder.exercises.diagnosis.evidence import Observation, Witness
from autograder.exercises.diagnosis.trial import Trial
from autograder.exercises.exercise import Exercise
from autograder.exercises.variables import Style
from autograder.report import Diagnosis

FEWEST_FACTORS = 3
REDRAWN, FEWEST_CASES = 4, 3
FAR = 30.0
LARGER = "larger sizes"


def _same(witness: Witness, case: Case, answer: Any) -> bool:
    outcome = witness.asked(case)
    return outcome.error is None and identical(outcome.answer, answer)


def _changes(exercise: Exercise, case: Case, other: Case) -> bool:
    """Tell whether the true answer is another one for the other case."""
    answers = [Trial(exercise, {name: one.values[name] for name in exercise.arguments}).right for one in (case, other)]
    return clearly_differ(answers[0], answers[1])


def _remembers(witness: Witness, seen: Observation) -> Diagnosis | None:
    again = witness.asked(seen.case)
    answer = seen.outcome.answer
    if again.error is not None or not identical(answer, answer) or identical(again.answer, answer):
        return None
    return Diagnosis(
        "keeps-state",
        "Called twice with the same arguments, your function gives two answers: it keeps something between calls, in a "
        "variable of the notebook or in a default argument, or it draws random numbers.",
    )


def _unmoved(witness: Witness, seen: Observation, others: list[Case]) -> bool:
    """Tell whether the answer is the same on other inputs, though the true one is not."""
    told = [other for other in others if _changes(witness.exercise, seen.case, other)]
    return len(told) >= FEWEST_CASES and all(_same(witness, other, seen.outcome.answer) for other in told)


def _constant(witness: Witness, seen: Observation, others: list[Case]) -> Diagnosis | None:
    if not _unmoved(witness, seen, others):
        return None
    return Diagnosis(
        "same-whatever-the-arguments",
        "Your function gives the same answer whatever the arguments are: the numbers of an example are written into "
        "it, "
        "or it uses variables of the notebook in place of its arguments.",
    )


def _other_values(case: Case, name: str, others: list[Case]) -> list[Case]:
    """Return a case with other values of one argument; a number also far away on either side."""
    values = [other.values[name] for other in others]
    if isinstance(values[0], float):
        values += [-FAR, FAR]
    return [replace(case, values={**case.values, name: value}) for value in values]


def _ignored(witness: Witness, observations: Sequence[Observation], others: list[Case]) -> Diagnosis | None:
    exercise, first = witness.exercise, observations[0]
    for name in exercise.arguments:
        if not isinstance(first.case.values[name], (np.ndarray, float, Mapping)):
            continue
        alike = [seen for seen in observations if seen.case.plan.sizes == first.case.plan.sizes]
        if all(_unmoved(witness, seen, _other_values(seen.case, name, others)) for seen in alike[:FEWEST_CASES]):
            return Diagnosis(
                f"ignores-{name}",
                f"Your answer stays the same when {name} changes, though it should not: {name} is not used, or a "
                "variable of the notebook is used in its place.",
            )
    return None


def probed(witness: Witness, observations: Sequence[Observation], random: np.random.Generator) -> Diagnosis | None:
    """Call the function some more, and say what that tells."""
    calm = [one for one in observations if not one.raised and one.case.plan.style is Style.USUAL]
    if not calm:
        return None
    found = _remembers(witness, calm[0])
    if found:
        return found
    others = [witness.redrawn(calm[0].case, random) for _ in range(REDRAWN)]
    return _constant(witness, calm[0], others) or _ignored(witness, calm, others)


def by_a_constant(observations: Sequence[Observation]) -> Diagnosis | None:
    """Say so if the answer is right but for one number, the same on every input."""
    factors = []
    for seen in observations:
        one = None if seen.raised else factor(seen.outcome.answer, seen.trial.right)
        if one is None:
            return None
        factors.append(one)
    known = [one for one in factors if not np.isnan(one)]
    if len(known) < FEWEST_FACTORS or not all(same_factor(one, known[0]) for one in known):
        return None
    if same_factor(known[0], 1.0):
        return None
    return Diagnosis(
        "constant-factor",
        "Your answer is the right one but for a factor that is the same on every input, whatever the sizes are. Is the "
        "size of an example, or a learning rate, written into the function as a number?",
    )


def by_size(observations: Sequence[Observation]) -> Diagnosis | None:
    """Say so if the answer is right on small sizes, and only there."""
    wrong = [seen for seen in observations if not seen.is_right]
    if len(wrong) < len(observations) and wrong and all(seen.case.plan.label == LARGER for seen in wrong):
        return Diagnosis(
            "size-written-in",
            "Your answer is right for small sizes and wrong for larger ones: is the size of an example written into "
            "the "
            "function as a number?",
        )
    return None
