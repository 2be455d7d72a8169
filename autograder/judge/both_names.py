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
