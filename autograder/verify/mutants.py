"""All mutants of an exercise: its reference with one small mistake each."""

import ast
import copy
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from autograder.exercises import Exercise
from autograder.verify import operators_calls, operators_values
from autograder.verify.forms import wrong_forms
from autograder.verify.operators import OPERATORS, Operator
from autograder.verify.references import Source
from autograder.verify.scope import Scope, scope_of
from autograder.verify.statements import changed_lines

# In the order of the table's columns.
GROUPS = (
    "product", "sign", "order", "drop", "axis", "number", "mask", "name", "call", "index", "line", "write", "form",
)  # fmt: skip
# Importing these registers their operators.
REGISTERED = (operators_calls, operators_values)
MODULES = {"np", "numpy", "math"}


@dataclass(frozen=True)
class Mutant:
    """One change to one function that an exercise's answer is made of.

    function: the function that is changed: the exercise's, or a helper that it calls.
    before, after: its text; the same where the change wraps the whole function.
    """

    exercise: str
    function: str
    operator: str
    group: str
    before: str
    after: str

    @property
    def diff(self) -> str:
        """What was changed, line by line; or in words where the answer as a whole was."""
        if self.before == self.after:
            return f"  {self.function}: {self.operator}"
        old, new = self.before.splitlines(), self.after.splitlines()
        lines = [
            line for line in difflib.unified_diff(old, new, lineterm="", n=1) if not line.startswith(("---", "+++"))
        ]
        return "\n".join(["  " + line for line in [f"in {self.function}:", *lines]])


Place = tuple[Any, str, int | None]


def _places(node: ast.AST) -> Iterator[tuple[Place, ast.expr]]:
    """Yield where expressions stand below a node, and the expressions."""
    for field, value in ast.iter_fields(node):
        for position, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr):
                continue
            if isinstance(child, ast.expr) and _may_change(node, field, child):
                yield (node, field, position), child
            yield from _places(child)


def _may_change(parent: ast.AST, field: str, child: ast.expr) -> bool:
    is_called = isinstance(parent, ast.Call) and field == "func"
    is_module = isinstance(child, ast.Name) and child.id in MODULES
    is_target = isinstance(getattr(child, "ctx", None), (ast.Store, ast.Del))
    return not (is_called or is_module or (is_target and not isinstance(child, ast.Subscript)))


def _set(place: Place, value: ast.AST) -> None:
    parent, field, position = place
    if position is None:
        setattr(parent, field, value)
    else:
        getattr(parent, field)[position] = value


def _changed_expressions(function: ast.FunctionDef, scope: Scope) -> Iterator[tuple[Operator, str]]:
    for place, original in list(_places(function)):
        for operator in OPERATORS:
            if isinstance(getattr(original, "ctx", None), ast.Store) and operator.group != "index":
                continue
            for changed in operator.change(original, scope):
                _set(place, copy.deepcopy(changed))
                yield operator, ast.unparse(ast.fix_missing_locations(function))
            _set(place, original)


def _of_function(source: Source, exercise: str, name: str) -> Iterator[Mutant]:
    function = copy.deepcopy(source.functions[name])
    before = source.texts[name]
    seen = {before}
    changes: list[tuple[str, str, str]] = [
        (operator.name, operator.group, text)
        for operator, text in _changed_expressions(function, scope_of(function, source.problem_set, exercise))
    ]
    changes += [(change, "line", text) for change, text in changed_lines(function)]
    for operator, group, after in changes:
        if after not in seen:
            seen.add(after)
            yield Mutant(exercise, name, operator, group, before, after)


def mutants(source: Source, exercise: Exercise) -> list[Mutant]:
    """Return every mutant of an exercise, in the same order each time."""
    found = [mutant for name in source.reached(exercise.name) for mutant in _of_function(source, exercise.name, name)]
    text = source.texts[exercise.name]
    found += [Mutant(exercise.name, exercise.name, name, "form", text, text) for name, _ in wrong_forms(exercise)]
    return found


def function_of(source: Source, exercise: Exercise, mutant: Mutant) -> Callable[..., Any]:
    """Return a mutant as a function. Raises whatever its text raises when it is defined."""
    function = source.function(exercise.name, {mutant.function: mutant.after})
    wrapper = dict(wrong_forms(exercise)).get(mutant.operator) if mutant.group == "form" else None
    return wrapper(function) if wrapper else function
