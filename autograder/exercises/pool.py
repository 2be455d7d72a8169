"""Hidden cases that many students' judgments share, so that making them is not most of the work.

Each of an exercise's cases exists in several variants, made once in a process that judges many
submissions. A student's seed chooses a variant of each case, so that no two students are judged on
the same inputs, and a regrade is exact; nothing hangs on whether a case was there already.
"""

import hashlib
from functools import lru_cache

import numpy as np

from autograder.exercises.cases import RULE_CASES, Case, Plan, make_case, plans, with_beside
from autograder.exercises.exercise import Exercise

VARIANTS = 8
# A problem set has some hundred cases an exercise, each of a few kilobytes.
MOST_CASES, MOST_PLANS = 20_000, 2_000


class _Kept:
    """An exercise as part of a key: declarations hold dicts, so that they can't be compared by value."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise

    def __hash__(self) -> int:
        return id(self.exercise)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and other.exercise is self.exercise


def _random(key: bytes, exercise: Exercise, purpose: str) -> np.random.Generator:
    digest = hashlib.blake2b(f"{exercise.name}: {purpose}".encode(), key=key, digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest))


@lru_cache(maxsize=MOST_PLANS)
def _plans(key: bytes, kept: _Kept, variant: int) -> tuple[Plan, ...]:
    return tuple(plans(kept.exercise, _random(key, kept.exercise, f"plans {variant}")))


@lru_cache(maxsize=MOST_CASES)
def _case(key: bytes, kept: _Kept, variant: int, place: int) -> Case:
    exercise = kept.exercise
    random = _random(key, exercise, f"case {place} {variant}")
    case = make_case(exercise, _plans(key, kept, variant)[place], place, random)
    if place == 0:
        case = with_beside(exercise, case, random)
    return case.with_facts(exercise, random) if place < RULE_CASES else case


def pooled_cases(exercise: Exercise, key: bytes, random: np.random.Generator) -> list[Case]:
    """Return every case of an exercise, in variants that `random` chooses.

    key: what the variants are drawn from, the same for all students of an assignment; at most 64 bytes.
    Raises RuntimeError if no fitting inputs were found, which is a fault of the declaration.
    """
    kept = _Kept(exercise)
    number = len(_plans(key, kept, 0))
    chosen = random.integers(VARIANTS, size=number)
    return [_case(key, kept, int(variant), place) for place, variant in enumerate(chosen)]
