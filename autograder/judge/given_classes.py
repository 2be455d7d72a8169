"""Classes of a test's visible part that the student's side has as well, from the statement on that defines them.

One that is a student's in part lives there, and the test has its proxy. Objects of any other cross as data, as those of
the instructor's cells do; see `shared_classes`.
"""

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograder.judge.errors import raise_as_students
from autograder.judge.proxies import Handle
from autograder.judge.statements import Statement
from autograder.judge.visible_definitions import definitions_in, needed
from autograder.notebook.reads import names_in_functions
from autograder.notebook.sources import visible_part
from autograder.notebook.test_classes import acts, changes_itself, classes_given, decides, students_in_part

if TYPE_CHECKING:
    from autograder.judge.namespace import TestNamespace
    from autograder.judge.session import Session


class GivenClasses:
    """The classes of one notebook's tests that the student's side has."""

    def __init__(self, session: "Session", namespace: "TestNamespace") -> None:
        self._session, self._namespace = session, namespace
        # What the student's side was given last under each name.
        self._given: dict[str, str] = {}
        self._theirs: set[str] = set()
        # Those that the present test has defined.
        self.used: set[str] = set()

    @property
    def in_definitions(self) -> bool:
        """Whether an instructor's cell runs that is no test, which the student's side runs itself."""
        return self._session.in_definitions

    def told(self) -> list[str]:
        """Say which classes the present test has defined on the student's side, and begin another test."""
        used, self.used = sorted(self.used), set()
        return [f"classes of the test on the student's side: {', '.join(used)}"] if used else []

    def take(self, node: ast.ClassDef, source: str) -> bool:
        """Define a class on the student's side if it is a student's in part; tell whether it was.

        Raises what the definition raised there.
        """
        names, session = self._namespace, self._session
        if node.name not in classes_given(source) or names.asks_for(node.name) or decides(node):
            return False
        known = names.asked() | self._theirs
        of_students = students_in_part(node, known, session.class_names)
        if not of_students or not all(isinstance(names.get_students(name), Handle) for name in of_students):
            return False
        if not self._works_with_what_is_shown(node):
            return False
        error = self._define(node, source)
        if error:
            name, _, text = error.partition(": ")
            raise_as_students({"name": name, "classes": [name], "text": text})
        names.leave_to_students(node.name, "class")
        self._theirs.add(node.name)
        if of_students & session.class_names:
            session.class_names |= {node.name}
        return True

    def share(self, node: ast.ClassDef, source: str) -> None:
        """Let objects of a class that the test has just defined cross."""
        names, session = self._namespace, self._session
        kind, text = names.get_own(node.name), ast.unparse(node)
        if node.name not in classes_given(source) or names.asks_for(node.name) or not isinstance(kind, type):
            return
        self._theirs.discard(node.name)
        if changes_itself(node, source) or not self._works_with_what_is_shown(node):
            return
        if self._given.get(node.name) != text and self._define(node, source):
            return
        if acts(node):
            session.written_back.acting.add(kind)
        if node.name not in session.classes.names:
            session.share(sorted(session.classes.names | {node.name}))

    def _define(self, node: ast.ClassDef, source: str) -> str:
        """Run a definition, and what it uses, on the student's side; return an error's text, or ""."""
        session = self._session
        if session.process.recording.plays:
            return ""
        session.before_call()
        self._given.pop(node.name, None)
        visible = visible_part(source)
        own, has = ast.unparse(node), self._has
        others = {
            text for text, bound, _ in definitions_in(visible)
            if any(map(has(text), bound)) or (node.name in bound and text != own)
        }  # fmt: skip
        ran = session.run_cell(needed(visible, {node.name}, without=others), own=True)
        if not ran.error:
            self._given[node.name] = own
            self.used.add(node.name)
        return ran.error

    def _works_with_what_is_shown(self, node: ast.ClassDef) -> bool:
        names = names_in_functions(ast.unparse(node))
        self._namespace.followed.know(names)
        return self._namespace.work_with(names)

    def _has(self, text: str) -> Callable[[str], bool]:
        return lambda name: self._given.get(name) == text


def run_statement(statement: Statement, source: str, namespace: "TestNamespace", *, is_secret: bool) -> Any:
    """Run a statement of a cell and return its value; a class that a test shows is the student's side's as well."""
    node, given = statement.node, namespace.given_classes
    if not isinstance(node, ast.ClassDef) or is_secret or given.in_definitions:
        return statement.run(namespace)
    if not given.take(node, source):
        statement.run(namespace)
        given.share(node, source)
    return None
