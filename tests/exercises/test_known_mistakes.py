"""The catalogue of known mistakes: enough of them, each with a name of its own and a message for students."""

import ast
import functools
import inspect
import re
import textwrap
from typing import Any

import pytest
from diagnosing import diagnosed
from judging import EXERCISES, SETS

from autograder.exercises.mistakes import Mistake, known_mistakes

KEBAB = re.compile(r"[A-Za-z0-9_]+(-[A-Za-z0-9_.]+)*")
MOST_CHARACTERS = 600


@functools.cache
def _catalogue(one: str, name: str) -> tuple[Mistake, ...]:
    return known_mistakes(SETS[one].exercises[name])


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_every_known_mistake_is_named_by_its_own_name(one: str, name: str) -> None:
    """At least five for each function, and of a sample of them 95 in 100 are found again on other inputs."""
    mistakes = _catalogue(one, name)
    assert len(mistakes) >= 5
    assert len({mistake.id for mistake in mistakes}) == len(mistakes)
    mistakes = mistakes[::6]
    found = [diagnosed(one, name, mistake.answer, seed=5) for mistake in mistakes]
    named = [
        one_found is not None and one_found.id == mistake.id for one_found, mistake in zip(found, mistakes, strict=True)
    ]
    assert sum(named) >= 0.95 * len(named) - 1


def test_there_are_at_least_a_hundred_kinds() -> None:
    """Declared ones alone, over the five sets; a name that two functions share counts once."""
    ids = {mistake.id for one, name in EXERCISES for mistake in SETS[one].exercises[name].mistakes}
    assert len(ids) >= 100


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_declared_mistakes_belong_to_exercises_and_are_kept(one: str, name: str) -> None:
    """None is declared for a function that is not there, and none is the right answer or another one again."""
    problem_set = SETS[one]
    assert set(problem_set.mistakes) <= set(problem_set.exercises)
    exercise = problem_set.exercises[name]
    own = [mistake.id for mistake in exercise.mistakes]
    assert len(set(own)) == len(own)
    assert set(own) <= {mistake.id for mistake in _catalogue(one, name)}


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_messages_are_for_students(one: str, name: str) -> None:
    """A whole sentence or some, not too long, without decimals, and without the solution's code."""
    exercise = SETS[one].exercises[name]
    for mistake in _catalogue(one, name):
        assert KEBAB.fullmatch(mistake.id), mistake.id
        assert 20 <= len(mistake.message) <= MOST_CHARACTERS, mistake.message
        assert mistake.message[0].isupper(), mistake.message
        assert mistake.message.endswith((".", "?")), mistake.message
        assert not re.search(r"\{|\}|np\.|\d\.\d|  ", mistake.message), mistake.message
        for line in _code_of(exercise.reference):
            assert line not in mistake.message, (mistake.id, mistake.message)


def _code_of(function: Any) -> list[str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    values = [ast.unparse(node.value) for node in ast.walk(tree) if isinstance(node, ast.Return) and node.value]
    return [value for value in values if len(value) > 8]
