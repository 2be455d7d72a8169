"""The catalogue of an exercise's known mistakes: its own, and those that its declaration suggests."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from autograder.exercises.cases import make_case
from autograder.exercises.diagnosis.candidate import Candidate, as_mistake, declared, part_names
from autograder.exercises.diagnosis.comparing import clearly_differ, equal, may_be_equal, outline
from autograder.exercises.diagnosis.of_answers import of_answers
from autograder.exercises.diagnosis.of_arguments import of_arguments
from autograder.exercises.diagnosis.of_rules import of_rules
from autograder.exercises.diagnosis.plans import plans
from autograder.exercises.diagnosis.scales import scales
from autograder.exercises.diagnosis.trial import Trial, forms_of, leaf_forms
from autograder.exercises.exercise import Exercise, Mistake

FEWEST_CASES = 2
# A derived mistake in the catalogue shows on one case more, so that other inputs show it too.
FEWEST_IN_CATALOGUE = 3
# What is common enough to be in the catalogue of a single part, or with a factor on top.
PART_SCALES = ("sign", "twice", "half")
IN_A_PART = ("transposed", "axis-dropped", "array-of-one", "summed-to-number", "zeros", "unchanged", "ignores")
WITH_A_SCALE = ("transposed", "axis-dropped")
CATALOGUE_SEED = 20
FAILED = object()


def candidates(exercise: Exercise) -> list[Candidate]:
    """Return the mistakes that are looked for in an answer, its own ones first; each id once."""
    found = [declared(mistake) for mistake in exercise.mistakes]
    for source in (of_rules, of_answers, of_arguments):
        found += source(exercise)
    return list({one.id: one for one in reversed(found)}.values())[::-1]


def made(candidate: Candidate, trial: Trial) -> Any:
    """Return what a mistake gives on a trial, or FAILED if it raises, as the student's function would."""
    if candidate.id not in trial.tried:
        try:
            with np.errstate(all="ignore"):
                trial.tried[candidate.id] = candidate.make(trial)
        except Exception:  # noqa: BLE001 - shapes that do not fit are part of many mistakes
            trial.tried[candidate.id] = FAILED
    return trial.tried[candidate.id]


def _combined(exercise: Exercise) -> Iterator[Candidate]:
    """Yield factors, and the commonest mistake in axes with a factor on top."""
    if len(leaf_forms(exercise)) < len(forms_of(exercise)):
        return
    factors = [factor for factor in scales(exercise) if factor.common]
    yield from (factor.candidate() for factor in factors)
    for base in of_answers(exercise):
        if base.id in WITH_A_SCALE:
            for factor in factors:
                text = f"{base.text} Besides, it {factor.phrase}."
                yield Candidate(f"{base.id}-and-{factor.id}", text, factor.applied_to(base.make))


def _all(exercise: Exercise) -> Iterator[tuple[Candidate, tuple[str, ...]]]:
    """Yield every mistake of the catalogue, in the whole answer or in one part of it."""
    whole = [*candidates(exercise), *_combined(exercise)]
    yield from ((candidate, ()) for candidate in whole)
    names = part_names(exercise)
    if len(names) > 1:
        single = [one for one in candidates(exercise) if not one.own and one.id.startswith(IN_A_PART)]
        single += [factor.candidate() for factor in scales(exercise) if factor.id in PART_SCALES]
        yield from ((candidate, (name,)) for name in names for candidate in single)


def _trials(exercise: Exercise) -> list[Trial]:
    random = np.random.default_rng(CATALOGUE_SEED)
    cases = [make_case(exercise, plan, number, random) for number, plan in enumerate(plans(exercise))]
    return [Trial(exercise, {name: case.values[name] for name in exercise.arguments}) for case in cases]


def _answers(candidate: Candidate, parts: tuple[str, ...], mistake: Mistake, trials: list[Trial]) -> list[Any]:
    """Return what a mistake gives on each trial; in the whole answer, from what the trial knows already."""
    found = []
    for trial in trials:
        try:
            with np.errstate(all="ignore"):
                found.append(mistake.answer(**trial.fresh_arguments) if parts else candidate.make(trial))
        except Exception:  # noqa: BLE001 - as in `made`
            found.append(FAILED)
    return found


def _same(one: Any, other: Any) -> bool:
    return one is other if one is FAILED or other is FAILED else equal(one, other)


class _Seen:
    """What the mistakes that are kept give on some trials."""

    def __init__(self, trials: int) -> None:
        self._answers: list[list[Any]] = []
        self._outlines = np.empty((0, trials, 4))

    def is_new(self, answers: list[Any]) -> bool:
        """Tell whether no mistake gives these answers on all trials; if so, they are remembered."""
        own = np.array([(np.nan,) * 4 if one is FAILED else outline(one) for one in answers])
        for place in np.flatnonzero(may_be_equal(own, self._outlines)):
            if all(map(_same, answers, self._answers[place])):
                return False
        self._answers.append(answers)
        self._outlines = np.concatenate([self._outlines, own[np.newaxis]])
        return True


def known_mistakes(exercise: Exercise) -> tuple[Mistake, ...]:
    """Return the known mistakes of an exercise: its own first, then those derived from its declaration.

    Each differs clearly from the right answer on at least two cases, and from every other mistake
    that is named before it on at least one.
    """
    trials = _trials(exercise)
    right = [trial.right for trial in trials]
    kept: dict[str, Mistake] = {}
    seen = _Seen(len(trials))
    for candidate, parts in _all(exercise):
        mistake = as_mistake(candidate, exercise, parts)
        if mistake.id in kept:
            continue
        answers = _answers(candidate, parts, mistake, trials)
        clear = (
            answer is not FAILED and clearly_differ(answer, true) for answer, true in zip(answers, right, strict=True)
        )
        fewest = FEWEST_CASES if candidate.own else FEWEST_IN_CATALOGUE
        # No more are looked at than are enough.
        is_clear = sum(1 for _ in islice(filter(None, clear), fewest)) == fewest
        if is_clear and seen.is_new(answers):
            kept[mistake.id] = mistake
    return tuple(kept.values())
