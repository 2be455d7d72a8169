"""A reference's source: the functions that its answer is made of, and how they are run with a change.

The functions run in a copy of their module's names, so that a changed helper is met by the answer
alone: the forward map that judges it keeps the right one.
"""

import ast
import contextlib
import inspect
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.exercises import Exercise, ProblemSet
from autograder.verify.primitives import PRIMITIVES


class SourceError(Exception):
    """A reference's source can't be read; the message says why."""


def _bare(function: ast.FunctionDef) -> ast.FunctionDef:
    """Return a function without what has no part in its answer: decorators, annotations, docstring."""
    documented = ast.get_docstring(function, clean=False) is not None
    bare = ast.parse(ast.unparse(function)).body[0]
    assert isinstance(bare, ast.FunctionDef)
    bare.decorator_list, bare.returns = [], None
    bare.body = (bare.body[1:] if documented else bare.body) or [ast.Pass()]
    for node in ast.walk(bare):
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.fix_missing_locations(bare)


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            with contextlib.suppress(ValueError):
                ast.literal_eval(node.value)
                yield node.targets[0].id, ast.unparse(node)


@dataclass(frozen=True)
class Source:
    """A problem set's module, read as a syntax tree.

    written: the functions at its top level, as they are written. constants: the lines that set a
        name to a number, a text, or a tuple or dict of such.
    """

    problem_set: ProblemSet
    module: ModuleType
    written: Mapping[str, ast.FunctionDef]
    constants: Mapping[str, str]

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Every function of the module without decorators, annotations and docstring."""
        return {name: _bare(function) for name, function in self.written.items()}

    @cached_property
    def declarations(self) -> dict[str, list[ast.expr]]:
        """The decorators of every function of the module."""
        return {name: function.decorator_list for name, function in self.written.items()}

    @cached_property
    def texts(self) -> dict[str, str]:
        """The bare text of every function of the module."""
        return {name: ast.unparse(function) for name, function in self.functions.items()}

    @cached_property
    def _reached(self) -> dict[str, list[str]]:
        others = self.problem_set.exercises
        return {name: [name, *self.called_by(self.functions[name], but=others)] for name in others}

    def reached(self, exercise: str) -> list[str]:
        """Return an exercise's function and the helpers it reaches that are no exercises themselves."""
        return self._reached[exercise]

    def called_by(self, tree: ast.AST, but: Iterable[str] = ()) -> list[str]:
        """Return the module's functions that a syntax tree calls, itself or by way of others, but for some."""
        found: list[str] = []
        waiting = [tree]
        while waiting:
            names = sorted((_names(waiting.pop()) & self.functions.keys()) - set(but) - set(found))
            found += names
            waiting += [self.functions[name] for name in names]
        return found

    def constants_of(self, functions: Iterable[str]) -> list[str]:
        """Return the lines of the module that set a plain constant that one of these functions uses."""
        used = set().union(*(_names(self.functions[name]) for name in functions))
        return [text for name, text in self.constants.items() if name in used]

    def callers(self, exercise: str) -> list[str]:
        """Return the exercises whose answers call this one's function, themselves or by way of others."""
        found = {exercise}
        for name in self.problem_set.exercises:
            called = set().union(*(_names(self.functions[one]) for one in self.reached(name)))
            found |= {name} if called & found else set()
        return [name for name in self.problem_set.exercises if name in found - {exercise}]

    def run(self, texts: Iterable[str]) -> dict[str, Any]:
        """Return the module's names after these texts were run among them."""
        namespace = {**vars(self.module), **PRIMITIVES}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for text in texts:
                # The course's own source, with a change that this package made.
                exec(compile(text, f"<{self.problem_set.name}>", "exec"), namespace)  # noqa: S102
        return namespace

    def function(self, exercise: str, changed: Mapping[str, str]) -> Callable[..., Any]:
        """Return an exercise's function, with other texts for some of the functions that it reaches."""
        names = self.reached(exercise)
        return self.run(changed.get(name, self.texts[name]) for name in names)[exercise]

    def notebook(self) -> dict[str, Any]:
        """Return a namespace in which every function is right, and looks up the others there."""
        names = {name for exercise in self.problem_set.exercises for name in self.reached(exercise)}
        return self.run(text for name, text in self.texts.items() if name in names)


def source_of(problem_set: ProblemSet) -> Source:
    """Read the module that a problem set is declared in.

    Raises SourceError if a reference is no plain function of that module.
    """
    exercises: Iterable[Exercise] = problem_set.exercises.values()
    modules = {exercise.reference.__module__ for exercise in exercises}
    if len(modules) != 1:
        msg = f"{problem_set.name} must be declared in one module, and hold an exercise; it is in {len(modules)}"
        raise SourceError(msg)
    module = sys.modules[modules.pop()]
    tree = ast.parse(Path(inspect.getfile(module)).read_text(encoding="utf-8"))
    # What is called _ is a known mistake, and no function that others call.
    written = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name != "_"}
    lost = [name for name in problem_set.exercises if name not in written]
    if lost:
        msg = f"{problem_set.name}: {lost[0]} is no function at the top level of {module.__name__}"
        raise SourceError(msg)
    return Source(problem_set, module, written, dict(_constants(tree)))
