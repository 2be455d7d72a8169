"""What an instructor's class or module keeps for all, such as a count or a registry, where its own code changes it.

Both sides have the class, and either side's objects change it: so it is kept the same around each call. What no
code of the instructor's changes is a constant, which no student's code changes for the tests. What the students' cells
are to fill is read on their side before the test begins.
"""

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from autograder.judge.asking import asked_aside
from autograder.judge.making import module_proxy
from autograder.judge.proxies import Handle
from autograder.judge.write_back import write_back
from autograder.notebook.class_attributes import changed_attributes, read_attributes
from autograder.notebook.filled import Place
from autograder.notebook.plan import Plan, Side

if TYPE_CHECKING:
    from autograder.judge.session import Session

IN_PLACE = (list, dict, set)
PLAIN = (*IN_PLACE, int, float, str, tuple)


def text_of_instructor(plan: Plan) -> str:
    """Return the text of the instructor's cells, tests among them, and of the examples in their docstrings."""
    theirs = (Side.STUDENT, Side.NOWHERE)
    return "\n".join((*(cell.source for cell in plan.cells if cell.side not in theirs), *plan.examples))


def own_text(plan: Plan) -> str:
    """Return the text of the instructor's cells that are no tests."""
    return "\n".join(cell.source for cell in plan.cells if cell.side in (Side.INSTRUCTOR, Side.DEFINITIONS))


class ClassState:
    """What one test looks at of classes and modules, and what the students' cells fill, whatever it looks at.

    own_text: of the instructor's cells that are no tests. content: what a value holds, so that it can be compared.
    """

    def __init__(
        self,
        session: "Session",
        names: dict[str, Any],
        own_text: str,
        filled: Iterable[Place],
        content: Callable[[Any], Any],
    ) -> None:
        self._session, self._names, self._content = session, names, content
        self._changed = changed_attributes(own_text)
        self._filled = tuple(sorted(filled))
        self._looked_at: tuple[Place, ...] = ()
        self._seen: dict[Place, Any] = {}
        # What was there before any test, of what the students' cells fill.
        self._before: dict[Place, Any] = {}

    def begin(self, source: str) -> None:
        """Begin a test: look at what it mentions."""
        self._seen = {}
        mentioned = read_attributes(source) & self._changed if self._changed else frozenset()
        places = {("", *pair) for pair in mentioned} | set(self._filled)
        self._looked_at = tuple(place for place in sorted(places) if self._is_kept(place))
        for place in self._looked_at if self._filled else ():
            content = self._content(self._held(place))
            if place in self._filled and content == self._before.setdefault(place, content):
                self._read(place)
                self._before[place] = self._seen.get(place)

    def _holder(self, place: Place) -> Any:
        """Return the class or module that a place is in; None where there is none here."""
        module, kind, _ = place
        found = sys.modules.get(module) if module else None
        if not kind:
            return found
        return dict.get(self._names, kind) if not module else getattr(found, kind, None)

    def _held(self, place: Place) -> Any:
        return getattr(self._holder(place), place[2], None)

    def _theirs(self, place: Place) -> Any:
        """Return what stands on the wire for the class or module that a place is in."""
        return self._holder(place) if place[1] else module_proxy(self._session, place[0])

    def _is_kept(self, place: Place) -> bool:
        holder = self._holder(place)
        return (isinstance(holder, type) or not place[1]) and isinstance(
            getattr(holder, "__dict__", {}).get(place[2]), PLAIN
        )

    def push(self) -> None:
        """Send what the test has changed since both sides were the same."""
        for place in self._looked_at:
            held = self._held(place)
            content = self._content(held)
            if content is not None and content != self._seen.get(place):
                operation = "refill" if isinstance(held, IN_PLACE) else "setattr"
                asked_aside(self._session, operation, self._theirs(place), place[2], held)
                self._seen[place] = content

    def pull(self) -> None:
        """Take what the student's side has made of it."""
        for place in self._looked_at:
            self._read(place)

    def _read(self, place: Place) -> None:
        value, held = asked_aside(self._session, "held_by", self._theirs(place), place[2]), self._held(place)
        if issubclass(type(value), Handle) or type(value) is not type(held):
            return
        content = self._content(value)
        if content is None or content != self._content(held):
            if isinstance(held, IN_PLACE):
                write_back(held, value)
            else:
                setattr(self._holder(place), place[2], value)
        self._seen[place] = content
