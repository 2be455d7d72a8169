"""The functions of a test that the student's side may call, by the numbers that they have there."""

import contextlib
import types
from collections.abc import Callable
from typing import Any
from unittest.mock import NonCallableMock

import numpy as np

from autograder.callloop.decoder import Decoder
from autograder.callloop.encoder import Encoder
from autograder.callloop.foreseen import MOST_ASKED
from autograder.callloop.frames import Frame, WireError
from autograder.callloop.lone_arrays import read_array
from autograder.exercises.foreseen import ForeseenFunction
from autograder.judge.empty_answers import as_answer
from autograder.judge.errors import CannotCrossError, describe_error
from autograder.judge.passing import methods_of, node_of_passed, node_of_search
from autograder.judge.self_contained import text_of
from autograder.judge.signatures import parameters_of


class Callbacks:
    """Functions and iterators that were passed in. held: by number. next: the number of the next one.

    keeping: the student's functions that are there to keep what they are given, which other calls then use.
    """

    def __init__(self) -> None:
        self.held: dict[int, Any] = {}
        self.next = 0
        self.keeping: frozenset[str] = frozenset()
        self._kept: set[int] = set()
        self._numbers: dict[int, int] = {}
        self._refused: CannotCrossError | None = None

    def node(self, value: Any) -> list[Any] | None:
        """Return what stands for a function, an iterator and the like on the wire; None for anything else.

        What was passed in before has its number still.
        """
        if type(value) is object:
            return ["ob", self._number_of(value)]
        if not callable(value):
            return node_of_passed(value, self._number_of(value)) if methods_of(value) else node_of_search(value)
        number = self._number_of(value)
        doc = getattr(value, "__doc__", None)
        name = str(getattr(value, "__name__", "function"))
        is_function = isinstance(value, types.FunctionType)
        text = text_of(value) if is_function else None
        parameters = parameters_of(value) if is_function and text is None else None
        foreseen = value.foreseen if issubclass(type(value), ForeseenFunction) else None
        told = None if foreseen is None else foreseen.told
        return ["cb", number, name, doc if isinstance(doc, str) else None, is_function, parameters, text, told]

    def _number_of(self, value: Any) -> int:
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = self.next
            self.next += 1
            self.held[number] = value
        return number

    def _asked(self, header: dict[str, Any]) -> Callable[..., Any]:
        """Return the function that a request asks for. Raises RuntimeError if it is none that may be asked for."""
        number, method = header["callback"], header.get("method", "")
        value = self.held.get(number) if type(number) is int else None
        if method and method in methods_of(value):
            found: Callable[..., Any] = getattr(value, method)
            return found
        if method or not callable(value):
            msg = "a function of the grader can be called only during the call that it was passed to"
            raise RuntimeError(msg)
        return value

    def answer(
        self, frame: Frame, decoder: Callable[[bytes], Decoder], encoder: Encoder, *, during_call: bool
    ) -> tuple[dict[str, Any], bytes]:
        """Call the function that the student's side asks for; return what it gave, or the error that it raised."""
        try:
            function = self._asked(frame.header if during_call else {"callback": None})
            self.catch_up(frame.header.get("asked", []))
            if "array" in frame.header:
                value = function(as_answer(read_array(frame.header["array"], frame.body, encoder.limits)))
            else:
                positional, named = decoder(frame.body).decode(frame.header["arguments"])
                value = function(*positional, **named)
            # A scalar of NumPy's is told as the array that it is the only entry of.
            if type(value) is np.float64:
                return {"array": []}, value.tobytes()
            node = encoder.encode(self._result(value))
        except Exception as error:  # noqa: BLE001 - a test's own function may raise for the student to see
            return {"error": describe_error(error)}, b""
        return {"value": node}, bytes(encoder.body)

    def catch_up(self, asked: Any) -> None:
        """Evaluate functions at the foreseen points at which the student's code has asked for their values.

        asked: the number of the function and of the point, for each. Raises WireError if it is not of that form.
        """
        if type(asked) is not list or len(asked) > MOST_ASKED:
            msg = "what was asked for is no list, or too long"
            raise WireError(msg)
        for number, place in asked:
            function: Any = self.held.get(number)
            foreseen = function.foreseen if issubclass(type(function), ForeseenFunction) else None
            if foreseen is None or type(place) is not int or not 0 <= place < len(foreseen.points):
                msg = "a point was asked for that was not foreseen"
                raise WireError(msg)
            with contextlib.suppress(Exception):  # its value is known; whatever else it does is its own affair
                function.evaluated(foreseen.points[place])

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

    def forget(self, since: int = 0, *, passed_to: str = "") -> None:
        """Let functions be called no more: those from a number on, but for those that are meant to be kept."""
        if passed_to in self.keeping:
            self._kept |= {number for number in self.held if number >= since}
        for number in [one for one in self.held if one >= since and one not in self._kept]:
            self._numbers.pop(id(self.held.pop(number)), None)
