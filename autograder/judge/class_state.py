"""What an instructor's class keeps for all its objects, such as a count, where its own code changes it.

Both sides have the class, and either side's objects change it: so it is kept the same around each call. What no
code of the instructor's changes is a constant, which no student's code changes for the tests.
"""

from typing import TYPE_CHECKING, Any

from autograder.judge.asking import asked_aside
from autograder.judge.proxies import Handle
from autograder.judge.write_back import write_back
from autograder.notebook.class_attributes import changed_attributes, read_attributes
from autograder.notebook.plan import Plan, Side

if TYPE_CHECKING:
    from autograder.judge.session import Session

IN_PLACE = (list, dict, set)
PLAIN = (*IN_PLACE, int, float, str, tuple)


def own_text(plan: Plan) -> str:
    """Return the text of the instructor's cells that are no tests."""
    return "\n".join(cell.source for cell in plan.cells if cell.side in (Side.INSTRUCTOR, Side.DEFINITIONS))


def read_ahead(plan: Plan) -> None:
    """Read what judges will ask of a plan, so that those forked from here need not."""
    changed_attributes(own_text(plan))
    for cell in plan.cells:
        if cell.side is Side.TEST:
            read_attributes(cell.source)


class ClassState:
    """The attributes of classes that one test looks at. own_text: of the instructor's cells that are no tests."""

    def __init__(self, session: "Session", names: dict[str, Any], own_text: str) -> None:
        self._session, self._names = session, names
        self._changed = changed_attributes(own_text)
        self._looked_at: tuple[tuple[str, str], ...] = ()
        self._seen: dict[tuple[str, str], Any] = {}

    def begin(self, source: str) -> None:
        """Begin a test: look at what it mentions."""
        self._seen = {}
        found = sorted(read_attributes(source) & self._changed) if self._changed else []
        self._looked_at = tuple(place for place in found if self._is_kept(*place))

    def _is_kept(self, name: str, attribute: str) -> bool:
        kind = dict.get(self._names, name)
        return isinstance(kind, type) and isinstance(vars(kind).get(attribute), PLAIN)

    def push(self) -> None:
        """Send what the test has changed since both sides were the same."""
        if self._looked_at:
            for place in self._looked_at:
                held = getattr(dict.get(self._names, place[0]), place[1], None)
                content = self._session.content(held)
                if content is not None and content != self._seen.get(place):
                    asked_aside(self._session, "setattr", dict.get(self._names, place[0]), place[1], held)
                    self._seen[place] = content

    def pull(self) -> None:
        """Take what the student's side has made of it."""
        if self._looked_at:
            for place in self._looked_at:
                kind = dict.get(self._names, place[0])
                self._take(kind, place, asked_aside(self._session, "getattr", kind, place[1]))

    def _take(self, kind: Any, place: tuple[str, str], value: Any) -> None:
        held = getattr(kind, place[1], None)
        if issubclass(type(value), Handle) or type(value) is not type(held):
            return
        if self._session.content(value) != self._session.content(held) or self._session.content(value) is None:
            if isinstance(held, IN_PLACE):
                write_back(held, value)
            else:
                setattr(kind, place[1], value)
        self._seen[place] = self._session.content(value)
