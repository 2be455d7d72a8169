"""What a few more calls tell: whether an answer depends on its arguments, and on what was called before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.exercises.answers import Array, Named, Parts
from autograder.exercises.cases import Case
from autograder.exercises.diagnosis.comparing import as_numbers, clearly_differ, factor, identical, same_factor
from autograder.exercises.diagnosis.evidence import Observation, Witness
from autograder.exercises.diagnosis.trial import Trial
from autograder.exercises.exercise import Exercise
from autograder.exercises.variables import Style
from autograder.report import Diagnosis

FEWEST_FACTORS = 3
REDRAWN, FEWEST_CASES = 4, 3
FAR = 30.0
LARGER = "larger sizes"
SIZE_WRITTEN_IN = "size-written-in"
TAKE_SIZES = (
    "Is the size of an example written into the function as a number? Take every size from an argument's shape."
)


def _same(witness: Witness, case: Case, answer: Any) -> bool:
    outcome = witness.asked(case)
    return outcome.error is None and identical(outcome.answer, answer)


def _changes(exercise: Exercise, case: Case, other: Case) -> bool:
    """Tell whether the true answer is another one for the other case."""
    answers = [Trial(exercise, {name: one.values[name] for name in exercise.arguments}).right for one in (case, other)]
    return clearly_differ(answers[0], answers[1])


def remembers(witness: Witness, seen: Observation) -> Diagnosis | None:
    """Say so if the function gives another answer when it is called again with the same arguments."""
    answer = seen.outcome.answer
    # Twice, since what is kept may be given up when the sizes change, as they did before the first of these calls.
    again = [witness.asked(seen.case) for _ in range(2)]
    if any(one.error is not None for one in again) or not identical(answer, answer):
        return None
    if all(identical(one.answer, answer) for one in again):
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


def _comparable(exercise: Exercise, seen: Observation, observations: Sequence[Observation]) -> list[Observation]:
    """Return the observations in which an answer that ignores its arguments would be the one that was seen."""
    sizes = seen.case.plan.sizes
    is_array = isinstance(exercise.form, (Array, Parts, Named))
    return [one for one in observations if not one.raised and (one.case.plan.sizes == sizes or not is_array)]


def _is_all_zero(answer: Any) -> bool:
    """Tell whether an answer is 0 everywhere, which says nothing of what it depends on."""
    numbers = as_numbers(answer)
    return numbers is not None and not np.any(numbers)


def _fits_other_sizes(seen: Observation, observations: Sequence[Observation]) -> bool:
    """Tell whether the answer has the shape that is due on other sizes too, which a written-in one has not."""
    others = [one for one in observations if not one.raised and one.case.plan.sizes != seen.case.plan.sizes]
    due = {np.shape(one.trial.right) for one in others if isinstance(one.trial.right, np.ndarray)}
    fits = all(np.shape(one.outcome.answer) == np.shape(one.trial.right) for one in others)
    return len(due) >= FEWEST_CASES and fits


def _constant(
    witness: Witness, seen: Observation, others: list[Case], observations: Sequence[Observation]
) -> Diagnosis | None:
    alike = _comparable(witness.exercise, seen, observations)
    if not all(identical(one.outcome.answer, seen.outcome.answer) for one in alike):
        return None
    # What is 0 on these sizes alone is made from the arguments on others.
    returned = [one.outcome.answer for one in observations if not one.raised]
    if _is_all_zero(seen.outcome.answer) and not all(map(_is_all_zero, returned)):
        return None
    if not _unmoved(witness, seen, others):
        return None
    if _fits_other_sizes(seen, observations):
        return Diagnosis(
            "same-whatever-the-numbers",
            "Your answer depends on the shapes of the arguments alone, not on the numbers in them: is it a count, or "
            "made of ones, where the numbers themselves are due?",
        )
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


def _ignored(witness: Witness, observations: Sequence[Observation], random: np.random.Generator) -> Diagnosis | None:
    exercise, first = witness.exercise, observations[0]
    alike = _comparable(exercise, first, observations)
    # Not the first alone: an option of the next case may be another one.
    alike += [one for one in (observations[1], observations[-1]) if not any(one is other for other in alike)]
    if any(_is_all_zero(seen.outcome.answer) for seen in alike):
        return None
    drawn = [(seen, [witness.redrawn(seen.case, random) for _ in range(REDRAWN)]) for seen in alike]
    for name in exercise.arguments:
        if not isinstance(first.case.values[name], (np.ndarray, float, Mapping)):
            continue
        if all(_unmoved(witness, seen, _other_values(seen.case, name, others)) for seen, others in drawn):
            return Diagnosis(
                f"ignores-{name}",
                f"Your answer stays the same when {name} changes, though it should not: {name} is not used, or "
                "something else in its place, such as a variable of the notebook or what an earlier call left behind.",
            )
    return None


def probed(witness: Witness, observations: Sequence[Observation], random: np.random.Generator) -> Diagnosis | None:
    """Call the function some more, and say what that tells."""
    calm = [one for one in observations if not one.raised and one.case.plan.style is Style.USUAL]
    if len(calm) < FEWEST_CASES:
        return None
    found = remembers(witness, calm[0])
    if found:
        return found
    others = [witness.redrawn(calm[0].case, random) for _ in range(REDRAWN)]
    return _constant(witness, calm[0], others, observations) or _ignored(witness, calm, random)


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


def _sizes(observations: Sequence[Observation]) -> Mapping[str, int]:
    return observations[0].case.plan.sizes if observations else {}


def _is_right_for_one_size(name: str, observations: Sequence[Observation]) -> bool:
    """Tell whether the answer is right for one size of a dimension, always, and for no other size ever.

    Where it is right only if all sizes are equal, axes are mixed up, and no size is written in.
    """
    found: dict[int, list[bool]] = {}
    for seen in observations:
        found.setdefault(seen.case.plan.sizes[name], []).append(seen.is_right)
    right = [each for each in found.values() if any(each)]
    mixed = len(_sizes(observations)) > 1 and all(seen.has_equal_sizes for seen in observations if seen.is_right)
    return len(found) >= FEWEST_CASES and len(right) == 1 and all(right[0]) and len(right[0]) > 1 and not mixed


def by_size(observations: Sequence[Observation]) -> Diagnosis | None:
    """Say so if the answer is right on small sizes, or on a single size, and only there."""
    name = next((name for name in _sizes(observations) if _is_right_for_one_size(name, observations)), None)
    if name:
        return Diagnosis(
            SIZE_WRITTEN_IN,
            f"Your answer is right for one size of {name}, and wrong for every other. {TAKE_SIZES}",
        )
    wrong = [seen for seen in observations if not seen.is_right]
    if len(wrong) < len(observations) and wrong and all(seen.case.plan.label == LARGER for seen in wrong):
        return Diagnosis(
            SIZE_WRITTEN_IN,
            "Your answer is right for small sizes and wrong for larger ones: is the size of an example written into "
            "the function as a number, or are values cut off at a limit that only larger sums reach?",
        )
    return None


def by_shape(observations: Sequence[Observation]) -> Diagnosis | None:
    """Say so if the answer has one shape only, though the sizes differ."""
    returned = [seen for seen in observations if not seen.raised]
    shapes = {np.shape(seen.outcome.answer) for seen in returned if isinstance(seen.outcome.answer, np.ndarray)}
    due = {np.shape(seen.trial.right) for seen in returned if isinstance(seen.trial.right, np.ndarray)}
    if len(shapes) != 1 or len(due) < FEWEST_CASES or max(*shapes.pop(), 0, 0) <= 1:
        return None
    return Diagnosis(
        SIZE_WRITTEN_IN, f"Your answer has the same shape whatever the sizes of the arguments are. {TAKE_SIZES}"
    )
