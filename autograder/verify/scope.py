"""What is known of the names in a function that is changed: which there are, and how many axes they have.

A change that nobody could tell from the original (the transpose of a vector, the exchange of two
factors) or that fails at once (a matrix in a number's place) proves nothing, so it is not made.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.exercises import ProblemSet
from autograder.exercises.rules import parameters

MATRIX = 2
ELEMENTWISE = {"maximum", "minimum", "exp", "log", "abs", "where", "zeros_like", "ones_like", "sqrt", "clip", "copy"}


@dataclass(frozen=True)
class Scope:
    """The surroundings of an expression.

    names: the function's arguments and variables. arguments: the former alone.
    axes: how many axes a name's value has, where that is known.
    words: the strings that the function uses, such as a dict's keys.
    siblings: functions that may be called by mistake in the place of another, by their number of
        arguments.
    """

    names: tuple[str, ...]
    arguments: tuple[str, ...]
    axes: Mapping[str, int]
    words: tuple[str, ...]
    siblings: Mapping[str, int]

    def axes_of(self, node: ast.expr) -> int | None:
        """Return how many axes an expression's value has, or None where that is not known."""
        match node:
            case ast.Constant(value=int() | float()):
                return 0
            case ast.Name(id=name):
                return self.axes.get(name)
            case ast.Attribute(value=value, attr="T"):
                return self.axes_of(value)
            case ast.UnaryOp(operand=value):
                return self.axes_of(value)
            case ast.Subscript(slice=ast.Constant(value=str(name))):
                return self.axes.get(name)
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                return self._of_product(left, right)
            case ast.BinOp(left=left, right=right) | ast.Compare(left=left, comparators=[right]):
                return self._widest(left, right)
            case ast.Call(func=ast.Attribute(attr="outer")):
                return MATRIX
            case ast.Call(func=ast.Attribute(attr=name), args=[first, *_]) if name in ELEMENTWISE:
                return self.axes_of(first)
        return None

    def _of_product(self, left: ast.expr, right: ast.expr) -> int | None:
        one, other = self.axes_of(left), self.axes_of(right)
        return None if one is None or other is None else one + other - MATRIX

    def _widest(self, left: ast.expr, right: ast.expr) -> int | None:
        one, other = self.axes_of(left), self.axes_of(right)
        return None if one is None or other is None else max(one, other)

    def alike(self, one: ast.expr, other: ast.expr) -> bool:
        """Tell whether two expressions may well have as many axes as each other."""
        first, second = self.axes_of(one), self.axes_of(other)
        return first is None or second is None or first == second


def scope_of(function: ast.FunctionDef, problem_set: ProblemSet, exercise: str) -> Scope:
    """Return the surroundings of a function that belongs to an exercise's answer."""
    arguments = tuple(argument.arg for argument in (*function.args.posonlyargs, *function.args.args))
    stored = [node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    words = [
        node.value for node in ast.walk(function) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    variables = {**problem_set.variables, **problem_set.exercises[exercise].variables}
    axes = {name: len(variable.shape) for name, variable in variables.items() if variable.shape is not None}
    siblings = {name: len(parameters(one.reference)) for name, one in problem_set.earlier_than(exercise).items()}
    return Scope(tuple(dict.fromkeys([*arguments, *stored])), arguments, axes, tuple(dict.fromkeys(words)), siblings)
