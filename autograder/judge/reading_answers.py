"""What the student's side sends, read as answers: nothing is known as theirs, and so is what it changes here."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.callloop.decoder import Decoder
from autograder.callloop.encoder import Encoder
from autograder.callloop.frames import WireError
from autograder.callloop.limits import Limits
from autograder.callloop.shared_classes import SharedClasses, State
from autograder.judge.empty_answers import as_answer, note_parts
from autograder.judge.write_back import WrittenBack

# Masked entries agree with anything, as nothing does, so that only a test that knows of them gets them; a mask alone
# is what many a course calls the zeros and ones of a ReLU.
_KNOWS_MASKS = re.compile(r"\bma\b|masked|MaskedArray|\.mask\b")


class AnswerDecoder(Decoder):
    """Reads what the student's side sends.

    An object of a class that both sides have, which has crossed before, is the one that the test has: what an
    answer says that it holds now is a change of it, as if it were an argument.
    own_text: of the instructor's cells.
    """

    def __init__(
        self, limits: Limits, body: bytes, other: Any, classes: SharedClasses, written: WrittenBack, own_text: str
    ) -> None:
        super().__init__(limits, body, other, classes=classes)
        self._written, self._own_text = written, own_text
        self._tests_own: set[int] = set()

    def register(self, identity: Any, value: Any) -> Any:
        """Note a value under its number, and return it as an answer."""
        return super().register(identity, as_answer(value))

    def _rare(self, tag: str, node: list[Any], decode: Callable[[Any], Any]) -> Any:
        """Return what is rare, and of masked arrays only those that the test knows of."""
        made = super()._rare(tag, node, decode)
        if tag != "M" or _KNOWS_MASKS.search(self._own_text):
            return made
        if np.ma.getmaskarray(made).any():
            msg = "a masked array, where no text of the test's or the assignment's speaks of masks"
            raise WireError(msg)
        self.received[node[1]] = plain = as_answer(np.asarray(made))
        return plain

    def decode(self, node: Any) -> Any:
        """Return the value of a node. Raises WireError if it is anything but well-formed."""
        value = super().decode(node)
        note_parts(value)
        return value

    def made(self, number: Any, kind: type) -> Any:
        """Return the object of a number: the test's own, or another one where no change of it is to be seen."""
        held = self.classes.known.held(number)
        if held is None:
            return super().made(number, kind)
        if not self._written.is_on and type(held) is kind:
            return object.__new__(kind)
        self._tests_own.add(id(held))
        return super().made(number, kind)

    def hold(self, value: Any, state: State) -> None:
        """Let an object hold what is told of it, and note where that changes one of the test's own."""
        if id(value) not in self._tests_own:
            super().hold(value, state)
            return
        before = self._content(value)
        super().hold(value, state)
        if before is None or self._content(value) != before:
            self._written.note()

    def _content(self, value: Any) -> tuple[str, bytes] | None:
        encoder = Encoder(self.limits, self._opaque, classes=self.classes)
        encoder.sends = False
        try:
            return repr(encoder.encode(value)), bytes(encoder.body)
        except (WireError, RecursionError):
            return None

    @staticmethod
    def _opaque(part: Any) -> list[Any]:
        return ["opaque", id(part)]
