"""Lists, tables and arrays that both sides hold, as the judge has them; see `autograder.callloop.kept`.

The student's side says which it has kept of what was passed in, and what an object of theirs has given. Such a value
is the test's own, and is changed as the student's code changes it in later calls, as an argument is in its own.
"""

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.callloop.encoder import Encoder
from autograder.callloop.frames import WireError
from autograder.callloop.kept import can_be_kept, forget_oldest
from autograder.judge.asking import asked_aside
from autograder.judge.empty_answers import EmptyAnswer

if TYPE_CHECKING:
    from autograder.callloop.decoder import Decoder
    from autograder.judge.session import Session

Outcome = Callable[[], Any]
_UNKNOWN = object()


class KeptValues:
    """The values, by the numbers that both sides have for them, and what each held when both were last the same."""

    def __init__(self, session: "Session") -> None:
        self.held: dict[int, Any] = {}
        self._session = session
        self._content: dict[int, Any] = {}
        self._news: set[int] = set()
        # Those that an object of theirs had first: to change them is no more than to change itself.
        self._theirs: set[int] = set()
        self._generation = 0

    def nodes(self) -> dict[int, list[Any]]:
        """Return what stands for each on the wire, by id(); what an earlier process held is none of the next one's."""
        if self.held and not (self._session.process.is_running and self._generation == self._session.generation):
            self.held.clear()
            self._theirs.clear()
        return {id(value): ["kept", number] for number, value in self.held.items()}

    def read(self, answer: dict[str, Any], decoder: "Decoder", sent: list[Any]) -> list[tuple[Any, Any]]:
        """Take note of what an answer says is kept; return what has changed, each with what it holds now.

        Raises WireError, or LookupError and the like, for what is malformed.
        """
        changes = [(self.held[number], decoder.decode(node)) for number, node in answer.get("kept_changed", ())]
        if not all(isinstance(content, type(value)) for value, content in changes):
            msg = "a value that is kept is told to be of another kind"
            raise WireError(msg)
        self._theirs |= {number for _, number in answer.get("given", ()) if number not in self.held}
        self._note(answer.get("given", ()), decoder.received)
        self._note(answer.get("kept", ()), dict(enumerate(sent)))
        if not changes:
            return []
        if any(number not in self._theirs for number, _ in answer["kept_changed"]):
            self._session.written_back.note()
        is_on = self._session.written_back.is_on
        self._news |= {number for number, _ in answer["kept_changed"]} if is_on else set()
        return changes if is_on else []

    def _note(self, pairs: Any, values: dict[int, Any]) -> None:
        for identity, number in pairs:
            value = values[identity]
            may_be = can_be_kept(value) or type(value) is EmptyAnswer
            if type(number) is not int or not may_be or self.held.get(number, value) is not value:
                msg = "a value that can't be kept, or a number that another has"
                raise WireError(msg)
            self.held[number] = value
            self._news.add(number)
            self._generation = self._session.generation
        forget_oldest(self.held)

    def after(self, outcome: Outcome) -> Outcome:
        """Return what does as an outcome does, and then takes what is new for the same on both sides."""
        news, self._news = self._news, set[int]()

        def tell() -> Any:
            try:
                return outcome()
            finally:
                contents = self._contents()
                self._content |= {number: content for number, content in contents.items() if number in news}

        return tell if news else outcome

    def push(self) -> None:
        """Tell the student's side what the test has changed since both were the same."""
        self.nodes()
        contents = self._contents()
        changed = [number for number, content in contents.items() if content != self._content.get(number, content)]
        self._content = contents
        for number in changed:
            asked_aside(self._session, "refill_kept", number, copy.copy(self.held[number]))

    def pull(self) -> None:
        """Nothing: answers bring what has changed."""

    def _contents(self) -> dict[int, Any]:
        return {number: self._content_of(number, value) for number, value in self.held.items()}

    def _content_of(self, own: int, value: Any) -> Any:
        def other(part: Any) -> list[Any]:
            return self._session.node_of(part) or ["opaque", id(part)]

        if isinstance(value, np.ndarray) and value.dtype != object:
            return value.dtype.str, value.shape, value.tobytes()
        encoder = Encoder(self._session.limits, other, classes=self._session.classes)
        encoder.sends = False
        encoder.known = {id(one): ["kept", number] for number, one in self.held.items() if number != own}
        try:
            return repr(encoder.encode(value)), bytes(encoder.body)
        except (WireError, RecursionError):
            return _UNKNOWN
