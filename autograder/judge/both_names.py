"""A test's globals as a dict of all names, the test's own and the student's: what `globals()` and `dir()` look at."""

from typing import Any

from autograder.judge.session import Session
from autograder.judge.standing_in import StandingIn


class BothNames(StandingIn):
    """Names of both sides. What a name of the student's holds is looked up when it is asked for."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        # What kind of thing each name of the student's holds.
        self._students: dict[str, str] = {}
        # What the present test has of the student's names, and whether it changes what one of them holds.
        self._fetched: dict[str, Any] = {}
        self.changes_objects = False
        # What the assignment asks students for, what students' code may read, and what no student's takes the place of.
        self._asked_for: frozenset[str] = frozenset()
        self._read: frozenset[str] | None = None
        self._own_names: frozenset[str] = frozenset()
        # Names of the visible part of the present test, of hidden parts, and those that a test's classes work with.
        self._visible: frozenset[str] = frozenset()
        self._secret: set[str] = set()
        self._worked_with: frozenset[str] = frozenset()

    def __contains__(self, name: object) -> bool:
        return dict.__contains__(self, name) or name in self._students

    def keys(self) -> Any:
        """Return the names that a test sees, its own and the student's, as `dir()` asks for them."""
        return dict.fromkeys([*dict.keys(self), *self._students]).keys()

    def items(self) -> Any:
        """Return the names with what they hold, but for those that can't be had."""
        held = {}
        for name in self.keys():
            try:
                held[name] = self[name]
            except Exception:  # noqa: BLE001, S112 - what a student's variable holds may be anything
                continue
        return held.items()

    def values(self) -> Any:
        """Return what the names hold."""
        return dict(self.items()).values()

    def get(self, name: str, default: Any = None) -> Any:
        """Return a name's value, as a plain dict would; dict.get itself asks no __missing__."""
        try:
            return self[name]
        except KeyError:
            return default

    def name_of_copy(self, value: Any) -> str | None:
        """Return the name of the student's that a test has this very copy of; None if there is none."""
        return next((name for name, held in self.copies().items() if held is value), None)

    def copies(self) -> dict[str, Any]:
        """Return the copies of data that a test has of the student's, by their names."""
        return {name: held for name, held in self._fetched.items() if self._students.get(name) == "data"}

    def get_own(self, name: str) -> Any:
        """Return the grader's own value of a name, or None."""
        return dict.get(self, name)

    def asks_for(self, name: str) -> bool:
        """Tell whether the assignment asks students for a name."""
        return name in self._asked_for

    def asked(self) -> frozenset[str]:
        """Return the names that the assignment asks students for."""
        return self._asked_for

    def work_with(self, names: frozenset[str]) -> bool:
        """Have what runs on the student's side work with these names of the test's; False if one is secret."""
        own = {name for name in names if dict.__contains__(self, name) and not callable(self.get_own(name))}
        if own & self._secret:
            return False
        self._read = None if self._read is None else self._read | names
        self._visible |= own
        self._worked_with |= own
        return True

    def get_students(self, name: str) -> Any:
        """Return what a test has of a name of the student's; None if there is none, or the grader's own hides it."""
        return self[name] if name in self._students and not dict.__contains__(self, name) else None

    def leave_to_students(self, name: str, kind: str) -> None:
        """Look a name up on the student's side from now on."""
        self._own_names -= {name}
        self._fetched.pop(name, None)
        dict.pop(self, name, None)
        self._students[name] = kind
