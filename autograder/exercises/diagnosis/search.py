"""The search for known mistakes that give the answers which were observed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from autograder.exercises.answers import Named, Parts
from autograder.exercises.diagnosis.candidate import Candidate, part_names, subject
from autograder.exercises.diagnosis.catalogue import FAILED, FEWEST_CASES, candidates, made
from autograder.exercises.diagnosis.comparing import clearly_differ, equal, factor, same_factor
from autograder.exercises.diagnosis.evidence import Observation
from autograder.exercises.diagnosis.scales import Scale, scales
from autograder.exercises.diagnosis.trial import as_scaled
from autograder.exercises.exercise import Exercise
from autograder.report import Diagnosis

MOST_PARTS_TOLD = 2
# How a message on the whole answer begins.
WHOLE = subject(())
RIGHT = Candidate("right", "", lambda trial: trial.right)
# A mistake, and the factor on top of it if there is one.
Found = tuple[Candidate, Scale | None]


class Search:
    """One search: the observations, and which parts of the answers are wrong in any of them."""

    def __init__(self, exercise: Exercise, observations: Sequence[Observation]) -> None:
        self.exercise = exercise
        self.observations = observations
        self.candidates = candidates(exercise)
        self.names = part_names(exercise)
        self.wrong = self._wrong_parts()

    @cached_property
    def ratios(self) -> list[tuple[Scale, list[float]]]:
        """The factors that answers can be wrong by, with what each is on every observation; seldom all are needed."""
        return [
            (scale, [scale.of(seen.trial.sizes, seen.trial.arguments) for seen in self.observations])
            for scale in scales(self.exercise)
        ]

    def _wrong_parts(self) -> list[int]:
        """Return the positions of wrong parts; none at all if no answer has the right structure."""
        wrong: set[int] = set()
        for seen in self.observations:
            if seen.parts is not None:
                pairs = enumerate(zip(seen.parts, seen.right_parts, strict=True))
                wrong |= {place for place, (part, right) in pairs if not equal(part, right)}
            elif not seen.raised:
                return []
        return sorted(wrong)

    def found(self) -> Diagnosis | None:
        """Return the known mistake that explains every observation."""
        own, derived = [one for one in self.candidates if one.own], [one for one in self.candidates if not one.own]
        exact, vague = [one for one in derived if not one.vague], [one for one in derived if one.vague]
        whole = self._whole(own) or self._whole(derived)
        return whole or self._in_wrong_parts(exact, own, vague) or self._part_by_part()

    def _in_wrong_parts(self, *groups: list[Candidate]) -> Diagnosis | None:
        found = (
            self._scaled([RIGHT], self.wrong)
            or self._in_parts([one for group in groups for one in group], self.wrong)
            or self._scaled(self.candidates, self.wrong)
        )
        return self._told(*found, self.wrong) if found else None

    # --- one mistake in all of the answer -------------------------------------------------------

    def _whole(self, some: Iterable[Candidate]) -> Diagnosis | None:
        for candidate in some:
            if self._explains_whole(candidate):
                return self._or_its_rival(candidate, Diagnosis(candidate.id, candidate.message()))
        return None

    def _or_its_rival(self, candidate: Candidate, found: Diagnosis) -> Diagnosis:
        """Say so where another mistake gives the same answers and can't be told from the one that was found."""
        others = (one for one in self.candidates if candidate.rival and one.rival == candidate.rival)
        rival = next((one for one in others if one is not candidate and self._explains_whole(one)), None)
        return replace(found, message=f"Either: {found.message} Or: {rival.message()}") if rival else found

    def _explains_whole(self, candidate: Candidate) -> bool:
        clear = 0
        for seen in self.observations:
            given = made(candidate, seen.trial)
            if seen.raised or given is FAILED:
                if not (seen.raised and given is FAILED):
                    return False
                continue
            if not equal(seen.outcome.answer, given):
                return False
            clear += clearly_differ(given, seen.trial.right)
        return clear >= FEWEST_CASES

    # --- one mistake in some parts, the others being right --------------------------------------

    def _told(self, candidate: Candidate, scale: Scale | None, places: Sequence[int]) -> Diagnosis:
        parts = tuple(self.names[place] for place in places) if len(places) < len(self.names) else ()
        message = candidate.message(parts)
        is_named = all(re.search(rf"\b{re.escape(part)}\b", message) for part in parts)
        if candidate.own and parts and not is_named:
            message = self._placed(message, parts, is_all=list(places) == self.wrong)
        if scale is None:
            return Diagnosis(candidate.named(parts), message)
        if candidate is RIGHT:
            alone = scale.candidate()
            return Diagnosis(alone.named(parts), alone.message(parts))
        both = f"{message} Besides, it {scale.besides or scale.phrase}."
        return Diagnosis("-".join((candidate.id, "and", scale.id, *parts)), both)

    @staticmethod
    def _placed(message: str, parts: tuple[str, ...], *, is_all: bool) -> str:
        """Say in which parts a mistake shows that was declared for the whole answer.

        is_all: True if no other part is wrong; otherwise another mistake is told besides.
        """
        if is_all:
            return f"{message} This shows in {' and '.join(parts)} alone."
        if message.startswith(WHOLE):
            return subject(parts) + message.removeprefix(WHOLE)
        return f"{message} This shows in {' and '.join(parts)}."

    def _in_parts(self, some: Iterable[Candidate], places: Sequence[int]) -> Found | None:
        for candidate in some if places else ():
            if not candidate.whole and self._factors(candidate, places, plain=True) is not None:
                return candidate, None
        return None

    def _factors(self, candidate: Candidate, places: Sequence[int], *, plain: bool) -> list[float] | None:
        """Return the factor between the answers and a mistake in each observation, or None.

        plain: only a factor of 1 will do. NaN stands for observations that tell nothing.
        """
        found, clear = [], 0
        for seen in self.observations:
            given = made(candidate, seen.trial)
            if seen.raised or given is FAILED:
                if not (seen.raised and given is FAILED):
                    return None
                found.append(np.nan)
                continue
            parts, wrong = seen.parts, seen.trial.parts(given)
            if parts is None or wrong is None:
                return None
            common = _common_factor([(parts[place], wrong[place]) for place in places], plain=plain)
            if common is None:
                return None
            found.append(common)
            clear += any(clearly_differ(parts[place], seen.right_parts[place]) for place in places)
        return found if clear >= FEWEST_CASES else None

    def _scaled(self, some: Iterable[Candidate], places: Sequence[int]) -> Found | None:
        for candidate in some if places else ():
            factors = self._factors(candidate, places, plain=False) if candidate.scales else None
            scale = self._scale_of(candidate, places, factors) if factors else None
            if scale is not None:
                return candidate, scale
        return None

    def _scale_of(self, candidate: Candidate, places: Sequence[int], factors: list[float]) -> Scale | None:
        known = [place for place, one in enumerate(factors) if not np.isnan(one)]
        if len(known) < FEWEST_CASES:
            return None
        for scale, ratios in self.ratios:
            if all(same_factor(factors[place], ratios[place]) for place in known) and all(
                self._equals_scaled(candidate, seen, places, ratio)
                for seen, ratio in zip(self.observations, ratios, strict=True)
            ):
                return scale
        return None

    def _equals_scaled(self, candidate: Candidate, seen: Observation, places: Sequence[int], ratio: float) -> bool:
        parts = seen.parts
        if parts is None:
            return True
        wrong = seen.trial.parts(made(candidate, seen.trial)) or []
        return all(equal(parts[place], as_scaled(wrong[place], ratio)) for place in places)

    # --- another mistake in each part -------------------------------------------------------------

    def _part_by_part(self) -> Diagnosis | None:
        """Name the mistakes of the wrong parts one by one, as far as they are known."""
        if not isinstance(self.exercise.form, (Parts, Named)) or len(self.wrong) < MOST_PARTS_TOLD:
            return None
        made: dict[Found, list[int]] = {}
        for place in self.wrong:
            found = (
                self._in_parts(self.candidates, [place])
                or self._scaled([RIGHT], [place])
                or self._scaled(self.candidates, [place])
            )
            if found:
                made.setdefault(found, []).append(place)
        told = [self._told(*found, places) for found, places in made.items()]
        if not told:
            return None
        return Diagnosis(told[0].id, _without_repeats(one.message for one in told[:MOST_PARTS_TOLD]))


def _without_repeats(messages: Iterable[str]) -> str:
    """Return the sentences of some messages, each once."""
    sentences = (sentence for message in messages for sentence in re.split(r"(?<=[.?!]) ", message))
    return " ".join(dict.fromkeys(sentences))


def _common_factor(pairs: list[tuple[Any, Any]], *, plain: bool) -> float | None:
    """Return the one factor between the members of each pair, NaN if any will do, None if there is none."""
    if plain:
        return 1.0 if all(equal(part, wrong) for part, wrong in pairs) else None
    common = np.nan
    for part, wrong in pairs:
        one = factor(part, wrong)
        if one is None or not same_factor(one, common):
            return None
        common = one if np.isnan(common) else common
    return common
