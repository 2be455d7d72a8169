"""What was tried to earn points without an answer, read off the submitted text and never run.

It is a look at the syntax tree: what is here is worth a person's look, and proves nothing by itself. What is not
here may have been hidden. None of it has any effect on the score: the sandbox and the judge see to that.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.classroom import attempt_rules as rules
from autograder.classroom.attempt_shapes import shapes
from autograder.classroom.code import cannot_be_looked_through, tree_of
from autograder.classroom.values import Classroom, Work

MOST_EVIDENCE = 12
MOST_SHOWN = 200
# What grading says of cells that are the instructor's.
_OF_LOCKED = ("was changed", "was missing", "more than once")


@dataclass(frozen=True)
class Evidence:
    """One line of a student's, and what it is for. place: which cell and line, or "" for what grading noted."""

    what: str
    place: str
    text: str


@dataclass(frozen=True)
class Attempt:
    """What one student tried. whats: in plain words, each once; more: how many lines of evidence are left out."""

    work: Work
    whats: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    more: int = 0


class _Names:
    """What names stand for in a notebook: the full names of what they were imported from."""

    def __init__(self) -> None:
        # What the instructor's cells import, as everywhere.
        self.full: dict[str, str] = {"np": "numpy", "plt": "matplotlib.pyplot"}

    def note(self, tree: ast.AST) -> None:
        """Learn from a cell's imports."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.name if alias.asname else alias.name.split(".")[0]
                    self.full[alias.asname or name] = name
            elif isinstance(node, ast.ImportFrom) and node.module:
                self.full |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}

    def dotted(self, node: ast.AST) -> str:
        """Return the full name of an expression such as `np.testing.assert_equal`; "" for any other."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.full.get(node.id, node.id), *reversed(parts)])


def _starts(name: str, beginning: str) -> bool:
    return name == beginning or name.startswith(f"{beginning}.")


def _of_name(name: str) -> Iterator[str]:
    for uses in rules.USES:
        if any(_starts(name, one) for one in (*uses.modules, *uses.names)):
            yield uses.what


def _uses(node: ast.AST, names: _Names) -> Iterator[str]:
    """Yield what a single node is for, by the names in it."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield from _of_name(alias.name)
    elif isinstance(node, ast.ImportFrom) and node.module:
        for alias in node.names:
            yield from _of_name(f"{node.module}.{alias.name}")
    elif isinstance(node, ast.Attribute):
        yield from (uses.what for uses in rules.USES if node.attr in uses.attributes)
        yield from _of_name(names.dotted(node))
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from _of_name(names.full.get(node.id, node.id))
    elif isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
        text = node.value if isinstance(node.value, str) else node.value.decode("utf-8", "replace")
        yield from (what for what, parts in rules.TEXTS.items() if any(part in text for part in parts))


def _docstrings(tree: ast.AST) -> set[int]:
    """Return the id() of the constants that are documentation."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _in_tree(tree: ast.Module, names: _Names, tools: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines of a cell that are after the tests, with what they are for."""
    documented = _docstrings(tree)
    for node in ast.walk(tree):
        if id(node) not in documented:
            for what in _uses(node, names):
                yield getattr(node, "lineno", 1), what
    yield from shapes(tree, names.dotted, tools)


def _noted(work: Work) -> Iterator[Evidence]:
    """Yield what grading noted of the instructor's cells."""
    for warning in work.warnings:
        if any(part in warning for part in _OF_LOCKED):
            yield Evidence(rules.LOCKED, "", warning)


def _evidence(work: Work, tools: frozenset[str]) -> Iterator[Evidence]:
    trees = []
    for cell in work.cells:
        if (tree := tree_of(cell.source)) is not None:
            trees.append((cell, tree))
        elif cannot_be_looked_through(cell.source):
            yield Evidence(rules.TOO_LONG, f"cell {cell.number}", f"{len(cell.source):,} characters or more")
    names = _Names()
    for _, tree in trees:
        names.note(tree)
    for cell, tree in trees:
        lines = cell.source.split("\n")
        try:
            found = sorted(set(_in_tree(tree, names, tools)))
        except RecursionError:
            found = [(1, rules.TOO_LONG)]
        for line, what in found:
            text = lines[line - 1].strip()[:MOST_SHOWN] if line <= len(lines) else ""
            of = f" ({cell.name})" if cell.name else ""
            yield Evidence(what, f"cell {cell.number}{of}, line {line}", text)
    yield from _noted(work)


def attempt_of(work: Work, tools: frozenset[str] = frozenset()) -> Attempt | None:
    """Return what a student tried; None where there is no sign of anything. tools: names of the instructor's."""
    found = list(_evidence(work, tools))
    if not found:
        return None
    whats = tuple(dict.fromkeys(one.what for one in found))
    # One line for each thing first, then the others.
    firsts = [next(one for one in found if one.what == what) for what in whats]
    shown = [*firsts, *(one for one in found if one not in firsts)][:MOST_EVIDENCE]
    return Attempt(work, whats, tuple(sorted(shown, key=found.index)), len(found) - len(shown))


def attempts(classroom: Classroom) -> tuple[Attempt, ...]:
    """Return what was tried, who tried the most different things first."""
    found = [one for work in classroom.works if (one := attempt_of(work, classroom.tools)) is not None]
    return tuple(sorted(found, key=lambda one: (-len(set(one.whats) - {rules.LOCKED}), -len(one.evidence))))
