"""A test cell with what of its notebook decides how it runs, and what is said of it."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from autograder.compat.findings import Finding

ALLOW = "let it run on the student's side: use_sandbox(c, on_students_side=[{name!r}])"


@dataclass(frozen=True)
class Started:
    """What the cells that are no tests start. names: what comes of it or does it, each with how.

    commands: shell commands that may make files. threads: functions that start threads. environment: whether cells set
    environment variables.
    """

    names: tuple[tuple[str, str], ...] = ()
    commands: tuple[str, ...] = ()
    threads: frozenset[str] = frozenset()
    environment: bool = False


@dataclass(frozen=True)
class Context:
    """One test cell, and what of its notebook decides how it runs.

    functions, classes: names that students are asked to define. later: the text of the students' cells below.
    own_classes: classes of tests that students' code can't have. modules: what lies beside or in the course.
    written: modules that the students' cells write to files. absent: modules that other cells of the notebook
        import, and that students' code can't have. class_state: attributes of the instructor's classes that only
        students' code is to change, as "Class.attribute". frameworks: names that other cells of the notebook have of
        modules whose objects can't cross, each with its module. started: what the other cells start.
    """

    source: str
    name: str
    asked: frozenset[str]
    classes: frozenset[str]
    later: str
    own_classes: frozenset[str]
    modules: frozenset[str]
    written: frozenset[str]
    absent: frozenset[str] = frozenset()
    class_state: frozenset[str] = frozenset()
    frameworks: frozenset[tuple[str, str]] = frozenset()
    started: Started = field(default_factory=Started)


Detector = Callable[[ast.Module, Context], Iterator[Finding]]


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield the calls in a text, each with what is called, as it is written there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def stop(what: str, context: Context, instead: str = "") -> Finding:
    """Return the finding that a test does what can't be done across the boundary. instead: what to do."""
    allow = ALLOW.format(name=context.name)
    return Finding(what, stops=True, advice=f"{instead}; or {allow}" if instead else allow)
