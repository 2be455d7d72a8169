"""The functions of a test that the student's side may call, by the numbers that they have there."""

import types
from collections.abc import Callable
from typing import Any
from unittest.mock import NonCallableMock

from autograder.callloop.decoder import Decoder
from autograder.callloop.encoder import Encoder
from autograder.callloop.frames import Frame
from autograder.judge.errors import CannotCrossError, describe_error


class Callbacks:
    """Functions that were passed in. held: by number. next: the number of the next one."""

    def __init__(self) -> None:
        self.held: dict[int, Callable[..., Any]] = {}
        self.next = 0
        self._numbers: dict[int, int] = {}
        self._refused: CannotCrossError | None = None

    def node(self, value: Callable[..., Any]) -> list[Any]:
        """Return what stands for a function on the wire: one that was passed in before has its number still."""
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = self.next
            self.next += 1
            self.held[number] = value
        doc = getattr(value, "__doc__", None)
        name = str(getattr(value, "__name__", "function"))
        is_function = isinstance(value, types.FunctionType)
        return ["cb", number, name, doc if isinstance(doc, str) else None, is_function]

    def answer(
        self, frame: Frame, decoder: Callable[[bytes], Decoder], encoder: Encoder, *, during_call: bool
    ) -> tuple[dict[str, Any], bytes]:
        """Call the function that the student's side asks for; return what it gave, or the error that it raised."""
        try:
            number = frame.header["callback"]
            function = self.held.get(number) if type(number) is int and during_call else None
            if function is None:
                msg = "a function of the grader can be called only during the call that it was passed to"
                raise RuntimeError(msg)  # noqa: TRY301 - sent to the student, not raised here
            positional, named = decoder(frame.body).decode(frame.header["arguments"])
            node = encoder.encode(self._result(function(*positional, **named)))
        except Exception as error:  # noqa: BLE001 - a test's own function may raise for the student to see
            return {"error": describe_error(error)}, b""
        return {"value": node}, bytes(encoder.body)

    def _result(self, value: Any) -> Any:
        """Return what a function gives the student's code: nothing for a mock that was told nothing."""
        if not isinstance(value, NonCallableMock):
            return value
        if value._mock_children:  # noqa: SLF001 - how a mock says what it was told
            self._refused = CannotCrossError("a mock that a function of the test's returns")
        return None

    def raise_refusal(self) -> None:
        """Raise CannotCrossError if a function gave something that the student's side can't have."""
        refused, self._refused = self._refused, None
        if refused is not None:
            raise refused

    def forget(self, since: int = 0) -> None:
        """Let functions be called no more: those from a number on."""
        for number in [one for one in self.held if one >= since]:
            self._numbers.pop(id(self.held.pop(number)), None)
