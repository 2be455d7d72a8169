"""What the tests of the judge share: the sets, a namespace of right answers, and one verdict."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

import solutions
from autograder.exercises import Assessment, ExerciseFailed, ProblemSet, collect_assessments, seeded
from autograder.exercises.cases import RULE_CASES, Case, make_cases
from autograder.exercises.examination import examine

SETS: dict[str, ProblemSet] = {
    module.name: importlib.import_module(f"solutions.{module.name}").EXERCISES
    for module in pkgutil.iter_modules(solutions.__path__)
    if not module.ispkg
}
EXERCISES = [(one, name) for one, problem_set in SETS.items() for name in problem_set.exercises]
Corpus = dict[str, dict[str, Callable[..., Any]]]


def right_namespace(one: str) -> dict[str, Any]:
    """Return a notebook's namespace in which every function is right."""
    return {name: exercise.reference for name, exercise in SETS[one].exercises.items()}


def assessed(one: str, name: str, namespace: dict[str, Any], seed: int) -> tuple[Assessment, str]:
    """Return the verdict on one function, and the message if it failed."""
    message = ""
    with seeded(b"seed %d" % seed), collect_assessments() as found:
        try:
            SETS[one].assess(name, namespace)
        except ExerciseFailed as failed:
            message = str(failed)
    (assessment,) = found
    assert assessment.name == name
    assert assessment.passed is not bool(message)
    return assessment, message


def verdict(one: str, name: str, function: Any, seed: int = 0) -> tuple[Assessment, str]:
    """Judge `function` as the answer to one exercise, beside right answers to the others."""
    return assessed(one, name, {**right_namespace(one), name: function}, seed)


@cache
def _cases(one: str, name: str, seed: int) -> tuple[list[Case], Any]:
    """Return an exercise's cases of one seed, made once for all answers, and the state of the generator after them."""
    exercise = SETS[one].exercises[name]
    random = np.random.default_rng([seed, *name.encode()])
    cases = make_cases(exercise, random)
    known = [case.with_facts(exercise, random) for case in cases[:RULE_CASES]]
    return [*known, *cases[RULE_CASES:]], random.bit_generator.state


def accepted_on_its_own(one: str, name: str, function: Any, seed: int) -> bool:
    """Judge a function that calls no other of its set, without a second look with stand-ins."""
    cases, state = _cases(one, name, seed)
    random = np.random.default_rng()
    random.bit_generator.state = state
    checks = examine(SETS[one].exercises[name], function, random, cases)
    return all(check.passed for check in checks)
