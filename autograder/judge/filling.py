"""Answers with numbers in the place of NaN, of infinity, and of what is so large that reckoning with it overflows."""

from typing import Any

import numpy as np

from autograder.judge.reading_answers import AnswerDecoder

MOST = 1e100
NO_NUMBERS = ("nan", "inf", "-inf", "infinity", "-infinity")


class Filling:
    """Puts a number in the place of what is none. number: which; None for one of the same answer, or the last."""

    def __init__(self, number: float | None) -> None:
        self._number, self._last = number, 0.0

    def _instead(self) -> float:
        return self._last if self._number is None else self._number

    def scalar(self, value: Any) -> Any:
        """Return a number that is one; of the same class."""
        if abs(value) < MOST:
            self._last = float(value.real)
            return value
        return type(value)(self._instead())

    def array(self, value: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return an array of numbers."""
        fits = np.abs(value) < MOST
        if fits.all():
            return value
        filled, found = value.copy(), value[fits]
        self._last = float(found.flat[0].real) if found.size else self._last
        filled[~fits] = self._instead()
        filled.flags.writeable = value.flags.writeable
        return filled


class FillingDecoder(AnswerDecoder):
    """Reads what the student's side sent as answers that hold numbers."""

    def __init__(self, filling: Filling, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._filling = filling

    def register(self, identity: Any, value: Any) -> Any:
        """Note a value under its number, and return it as an answer."""
        is_array = isinstance(value, np.ndarray) and value.dtype.kind in "fc" and value.size > 0
        return super().register(identity, self._filling.array(value) if is_array else value)

    def _json_scalar(self, node: Any) -> Any:
        value = super()._json_scalar(node)
        return self._filling.scalar(value) if type(value) is float else value

    def _text(self, node: str) -> str:
        value = super()._text(node)
        return repr(self._filling.scalar(float(value))) if value.strip().lower() in NO_NUMBERS else value

    def _tagged(self, tag: Any, node: list[Any], depth: int) -> Any:
        value = super()._tagged(tag, node, depth)
        is_number = tag in ("f", "c", "n") and isinstance(value, (float, complex, np.inexact))
        return self._filling.scalar(value) if is_number else value


def reading(filling: Filling | None, *arguments: Any) -> AnswerDecoder:
    """Return what reads an answer, as it is or filled."""
    return AnswerDecoder(*arguments) if filling is None else FillingDecoder(filling, *arguments)
