"""Wrong gradients of many functions, by hundreds of kinds of mistakes: none is accepted."""

import numpy as np
import pytest
from oracle_cases import Case, right_cases, wrong_cases
from oracle_family import FAMILIES

from autograder import check_gradient
from autograder.numerics import taylor_remainder

ROUNDS = range(3)


def _round(number: int) -> list[Case]:
    return list(wrong_cases(range(number * len(FAMILIES), (number + 1) * len(FAMILIES))))


@pytest.mark.parametrize("number", ROUNDS)
def test_no_wrong_gradient_is_accepted(number: int) -> None:
    """Of a thousand wrong gradients of every family of functions, none is accepted."""
    with np.errstate(all="ignore"):
        accepted = [
            case.kind for case in _round(number) if check_gradient(case.problem.f, case.answer, at=case.problem.at)
        ]
    assert accepted == []


@pytest.mark.parametrize("number", ROUNDS)
def test_wrong_gradients_show_along_random_directions(number: int) -> None:
    """A few directions find what every entry would, at any scale."""
    with np.errstate(all="ignore"):
        accepted = [
            case.kind
            for case in _round(number)
            if check_gradient(case.problem.f, case.answer, at=case.problem.at, mode="directions")
        ]
    assert accepted == []


def test_there_are_hundreds_of_kinds_of_mistakes() -> None:
    """What is measured are mistakes of many kinds, most of them particular to one function."""
    with np.errstate(all="ignore"):
        kinds = {case.kind for number in ROUNDS for case in _round(number)}
    assert len({kind for kind in kinds if "(any)" not in kind}) >= 150
    assert len({kind for kind in kinds if "(any)" in kind}) >= 500


def test_right_gradients_are_right_along_directions_too() -> None:
    """Of thousands of right gradients, none is rejected along random directions."""
    rejected = [
        f"{case.kind}: {check}"
        for case in right_cases(range(3_000))
        if not (check := check_gradient(case.problem.f, case.answer, at=case.problem.at, mode="directions"))
    ]
    assert rejected == []


def test_the_taylor_remainder_of_right_gradients_falls_as_the_square() -> None:
    """Of thousands of right gradients, no remainder falls more slowly than with order 1.8."""
    rejected = [
        (case.kind, found.order)
        for case in right_cases(range(3_000))
        if not (found := taylor_remainder(case.problem.f, case.answer, at=case.problem.at))
    ]
    assert rejected == []


def test_the_taylor_remainder_of_wrong_gradients_falls_as_the_step() -> None:
    """Wrong gradients are told without a tolerance, at any scale."""
    accepted = []
    for case in _round(0):
        answer, at = case.answer, case.problem.at
        corner = case.kind.startswith("relu_near_corners")
        if corner or answer.shape != at.shape or not np.all(np.isfinite(answer)):
            continue
        found = taylor_remainder(case.problem.f, answer, at=at)
        if found and not found.has_corner:
            accepted.append((case.kind, found.order))
    assert accepted == []
