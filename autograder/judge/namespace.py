"""The names that a test sees: the grader's own, and proxies or copies of the student's.

Functions, classes and modules that the instructor's cells or earlier tests define are the grader's
own. Everything else that the student's side has bound is looked up there when a test first mentions
it: a function as a proxy, a module by its name, data as a copy that is fetched anew in every test.
"""

import builtins
import sys
import types
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from autograder.judge import empty_answers
from autograder.judge.both_names import BothNames
from autograder.judge.common_modules import is_common_module
from autograder.judge.errors import raise_as_students
from autograder.judge.followed import Followed
from autograder.judge.given_classes import GivenClasses
from autograder.judge.in_tests import builtins_for
from autograder.judge.making import known_class, named_class, named_exception, named_function, named_object
from autograder.judge.modules import module_for_test, routed
from autograder.judge.one_object import held_already
from autograder.judge.own_values import is_more_than_data
from autograder.judge.proxies import Handle, is_same, remote
from autograder.judge.session import Session
from autograder.judge.statements import Statement
from autograder.judge.student_name import StudentName, changed_names


class TestNamespace(BothNames):
    """The globals of all tests of one notebook."""

    __test__ = False  # not a test itself, whatever pytest makes of its name

    def __init__(
        self,
        session: Session,
        solution_names: tuple[str, ...],
        read_names: tuple[str, ...] | None = None,
        own_names: tuple[str, ...] = (),
    ) -> None:
        super().__init__(session)
        dict.__setitem__(self, "__builtins__", builtins_for(self, session))
        self._asked_for = frozenset(solution_names)
        self._read = None if read_names is None else frozenset(read_names)
        self._own_names = frozenset(own_names) - self._asked_for
        self._replaced: dict[str, Any] = {}
        self._sent: dict[str, int] = {}
        self.to_come: frozenset[str] = frozenset()
        self.used: dict[str, str] = {}
        self.given_classes = GivenClasses(session, self)
        self.followed = Followed(session, self)
        self._of_locked_cells: set[str] = set()
        session.names_changed = self.note_changed
        self.with_calls: list[Any] = [self.followed]
        session.before_call, session.after_call = self.write_visible_names, self._read_back
        session.kind_of = lambda name: self._students.get(name, "")
        session.classes.find = self._class_by

    def __missing__(self, name: str) -> Any:
        if name in self._fetched:
            return self._fetched[name]
        kind = self._students.get(name)
        if kind is None or (hasattr(builtins, name) and name not in self._asked_for):
            raise KeyError(name)
        # Not even where the instructor's cell that defines it failed, or was moved behind the test.
        if name in self._own_names and not kind.startswith("module:"):
            raise KeyError(name)
        value = self._look_up(name, kind)
        self._fetched[name] = value
        if kind == "data":
            self.followed.fetched(name, value)
        return value

    def _look_up(self, name: str, kind: str) -> Any:
        if kind.startswith("module:"):
            try:
                return module_for_test(self._session, kind.removeprefix("module:"))
            except BaseException as error:  # noqa: BLE001 - whose name it is decides what is imported
                told = {"name": type(error).__name__, "classes": ["ImportError"], "text": str(error)}
                raise_as_students(told)
        if kind == "data":
            found = held_already(self._session, name, self.copies()) if self.changes_objects else None
            if found is not None:
                return found
            return self._session.apply("named" if self._session.keeps_objects else "value", [StudentName(name)])
        if kind in ("class", "exception") and (known := known_class(self._session, name)) is not None:
            return known
        if kind == "exception":
            return named_exception(self._session, name)
        makers = {"class": named_class, "callable": named_object}
        return makers.get(kind, named_function)(self._session, name)

    # --- what a test binds and deletes ----------------------------------------------------------

    def __setitem__(self, name: str, value: Any) -> None:
        value = routed(self._session, value)
        dict.__setitem__(self, name, value)
        (self._of_locked_cells.add if self._session.in_definitions else self._of_locked_cells.discard)(name)
        if self._is_students_function(name) or name in self._replaced:
            self._replace(name, value)

    def __delitem__(self, name: str) -> None:
        if dict.__contains__(self, name):
            dict.__delitem__(self, name)
            self._put_back(name)
        elif name in self._students:
            self._take_away(name)
        else:
            raise KeyError(name)

    def _is_students_function(self, name: str) -> bool:
        """Tell whether a name is one that the assignment asks for, and the student's side has a function by it."""
        return name in self._asked_for and self._students.get(name) in ("function", "callable", "class")

    def _take_away(self, name: str) -> None:
        """Take a name from the student's side for the rest of the test; proxies of it still stand for what it was."""
        held, kind = self._fetched.pop(name, None), self._students.pop(name)
        original = self._session.forget_name(name)
        if isinstance(held, Handle) and isinstance(original, Handle):
            remote(held).node, remote(held).generation = remote(original).node, remote(original).generation
        self._replaced.setdefault(name, (original, kind))

    def _replace(self, name: str, value: Any) -> None:
        """Let a function of the test's stand in the place of the student's for the rest of the test."""
        if name in self._students and self._is_students_function(name):
            self._take_away(name)
        original, _ = self._replaced.get(name, (None, ""))
        if isinstance(value, Handle):
            if is_same(value, original):
                self._put_back(name)
            else:
                self._session.bind(name, value)
        elif callable(value) and not isinstance(value, type):
            self._session.bind(name, value)

    def _put_back(self, name: str) -> None:
        if name in self._replaced:
            original, kind = self._replaced.pop(name)
            if isinstance(original, Handle) and remote(original).generation == self._session.generation:
                self._session.bind(name, original)
            self._students[name] = kind
            self.pop(name, None)

    def note_students(self, names: list[list[str]]) -> None:
        """Remember which names a student's cell bound; for data, the last writer counts. None that Python looks up."""
        for name, kind in names:
            if name.startswith("__") and name.endswith("__") and name not in self._asked_for:
                continue
            if kind == "gone":
                self._students.pop(name, None)
                continue
            self._students[name] = kind
            if not self._stays_own(name):
                self.pop(name, None)

    def note_changed(self, names: Any) -> None:
        """Look data of an instructor's cell up on the student's side that a call has changed; a test's own stays."""
        for name in changed_names(names):
            is_theirs = self._students.get(name) == "data" and name in self._of_locked_cells
            if is_theirs and not self._stays_own(name):
                self.pop(name, None)

    def _stays_own(self, name: str) -> bool:
        """Tell whether the grader's own value of a name outlives a student's of the same name.

        Modules always do; what can be called or has methods of the grader's does, unless the assignment asks
        students for it.
        """
        own = self.get_own(name)
        if isinstance(own, types.ModuleType):
            return True
        return name not in self._asked_for and (callable(own) or is_more_than_data(self._session, own))

    def module_by(self, name: str) -> types.ModuleType | None:
        """Return the module that a name means in a test; None if it means none, or one of a course's."""
        found = dict.get(self, name, sys.modules.get(self._students.get(name, "").removeprefix("module:")))
        return found if isinstance(found, types.ModuleType) and is_common_module(found) else None

    def _class_by(self, module: str, name: str) -> Any:
        if module != "__main__":
            return vars(sys.modules[module]).get(name) if module in sys.modules else None
        return None if name in self._asked_for else self.get_own(name)

    def share_classes(self, modules: Iterable[str] = ()) -> None:
        """Let objects of classes that instructor's cells have defined so far cross, and of those in these modules."""
        names = {f"module {one}" for one in modules}
        names |= {name for name, value in dict.items(self) if isinstance(value, type) and name not in self._asked_for}
        if names != self._session.classes.names:
            self._session.share(sorted(names))

    # --- one test -----------------------------------------------------------------------------

    @contextmanager
    def test(self, visible_names: frozenset[str]) -> Iterator[None]:
        """Run one test in this block: fresh copies, and visible names written to the student's side."""
        self._fetched = {}
        self.followed.forget()
        self._visible = visible_names
        self._session.callbacks.forget()
        empty_answers.forget()
        try:
            yield
        finally:
            self.used = {name: self._students.get(name, "gone") for name in self._fetched}
            self.answer_no_more()
            for name in list(self._replaced):
                self._put_back(name)
            self.write_visible_names()
            self._fetched = {}
            self._visible = frozenset()

    @contextmanager
    def running(self, statement: Statement) -> Iterator[None]:
        """Run one statement in this block; what it makes of hidden values stays on the grader's side.

        A hidden statement's names are secret, and so is what it changes in place; so are the names that
        a visible statement makes from secret ones, such as the variables of a loop over hidden cases.
        """
        made, is_hidden = statement.made, statement.is_hidden
        is_secret = is_hidden or self.is_secret(statement)
        if is_secret:
            self._secret |= made
        before = self._contents() if is_secret else {}
        try:
            yield
        finally:
            if is_secret:
                self._secret |= {name for name, one in self._contents().items() if one != before.get(name, one)}
                self._secret -= {name for name in made if is_hidden and is_common_module(self.get_own(name))}
            elif statement.is_assignment:
                self._secret -= made

    def is_secret(self, statement: Statement) -> bool:
        """Tell whether a statement works with what only hidden statements know."""
        return not statement.used.isdisjoint(self._secret)

    def _contents(self) -> dict[str, Any]:
        """Return what each name of the visible part holds, so that changes in place show."""
        return {
            name: self._session.content(self.get_own(name)) for name in self._visible if dict.__contains__(self, name)
        }

    def write_visible_names(self) -> None:
        """Bind what the visible part of the test assigned on the student's side, where it changed."""
        changed = {
            name: self[name]
            for name in self._visible
            if dict.__contains__(self, name)
            and not callable(self.get_own(name))
            and not isinstance(self.get_own(name), types.ModuleType)
            and name not in self._secret
            and (self._read is None or name in self._read)
            and id(self.get_own(name)) != self._sent.get(name)
        }
        if changed:
            self._sent.update({name: id(value) for name, value in changed.items()})
            self._session.set_names(changed)
        for one in self.with_calls:
            one.push()

    def _read_back(self) -> None:
        for one in self.with_calls:
            one.pull()

    def has_copy(self, name: str) -> bool:
        """Tell whether the test has a copy of a student's data, or has bound a name of theirs to data of its own."""
        if not dict.__contains__(self, name):
            return name in self._fetched and self._students.get(name) == "data"
        is_theirs = name in self._asked_for | self._worked_with and name not in self._secret
        return is_theirs and self._sent.get(name) == id(self.get_own(name))

    def copy_of(self, name: str) -> Any:
        """Return the test's copy of a student's data."""
        return self.get_own(name) if dict.__contains__(self, name) else self._fetched.get(name)

    def set_copy(self, name: str, value: Any) -> None:
        """Let the test have another copy of a student's data."""
        if dict.__contains__(self, name):
            dict.__setitem__(self, name, value)
            self._sent[name] = id(value)
        else:
            self._fetched[name] = value
