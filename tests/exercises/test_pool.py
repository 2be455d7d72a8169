"""Cases that students share: each student's choice is their own, exact, and independent of who came before."""

from typing import Any

import numpy as np
import pytest
from judging import EXERCISES, SETS

from autograder.exercises.assessment import SEED_BYTES, hidden_cases, seeded
from autograder.exercises.cases import RULE_CASES, Case, make_cases
from autograder.exercises.pool import VARIANTS

COURSE = b"c" * SEED_BYTES


def _student(number: int) -> bytes:
    return number.to_bytes(SEED_BYTES)


def _cases(one: str, name: str, student: int, course: bytes = COURSE) -> list[Case]:
    with seeded(_student(student) + course):
        return hidden_cases(SETS[one].exercises[name])


def _content(case: Case) -> Any:
    return [(leaf.name, leaf.value.tobytes(), leaf.value.shape) for leaf in case.expected]


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_shared_cases_are_as_many_and_of_the_same_kinds(one: str, name: str) -> None:
    """Every kind of case is there, in the same order, whether cases are shared or not."""
    exercise = SETS[one].exercises[name]
    alone = make_cases(exercise, np.random.default_rng(1))
    assert [case.plan.label for case in _cases(one, name, 1)] == [case.plan.label for case in alone]


def test_a_student_has_the_same_cases_whoever_came_before() -> None:
    """A regrade is exact, also in a process that has made no cases or many."""
    first = [_content(case) for case in _cases("ps3_matrix", "grad_W", 1, b"x" * SEED_BYTES)]
    for student in range(2, 12):
        _cases("ps3_matrix", "grad_W", student, b"x" * SEED_BYTES)
    assert [_content(case) for case in _cases("ps3_matrix", "grad_W", 1, b"x" * SEED_BYTES)] == first


def test_no_two_students_have_the_same_cases() -> None:
    """Of 200 students no two are judged on the same inputs, and another course's are all different."""
    seen = {repr([_content(case) for case in _cases("ps5_two_layer", "grad_W2", student)]) for student in range(200)}
    assert len(seen) == 200
    # Of generic inputs; what is made of zeros can be the same anywhere.
    ours = {repr(_content(_cases("ps5_two_layer", "grad_W2", student)[0])) for student in range(50)}
    theirs = {
        repr(_content(_cases("ps5_two_layer", "grad_W2", student, b"d" * SEED_BYTES)[0])) for student in range(50)
    }
    assert not ours & theirs


def test_cases_are_made_once_for_many_students() -> None:
    """However many students there are, each kind of case exists in so many variants and no more."""
    seen = [_cases("ps2_linear", "grad_W", student) for student in range(200)]
    for place in range(len(seen[0])):
        assert len({id(cases[place]) for cases in seen}) == VARIANTS


def test_what_the_rule_knows_is_found_out_once() -> None:
    """The numeric derivatives of the first cases come with the case."""
    cases = _cases("ps2_linear", "grad_W", 7)
    assert [case.facts is not None for case in cases[:RULE_CASES]] == [True] * RULE_CASES
