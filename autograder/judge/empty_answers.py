"""Arrays and lists without entries that came from the student's side: they agree with no answer that has some.

To NumPy, nothing stretched against anything is nothing, and of nothing everything holds: `np.allclose` of an
array of shape (0, 1) and any expected one is true, and so is every entry of their difference small.
"""

import functools
import re
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
from numpy.testing._private import utils as private

from autograder.callloop.decoder import Decoder
from autograder.callloop.frames import WireError
from autograder.callloop.limits import Limits
from autograder.callloop.plain_data import Elsewhere
from autograder.callloop.shared_classes import SharedClasses

# Lists have no class of their own that could be told from a list; those that came in the present test are known.
_lists: list[list[Any]] = []
MOST_PARTS = 100
ASSERTIONS = (
    "assert_allclose",
    "assert_almost_equal",
    "assert_array_almost_equal",
    "assert_array_equal",
    "assert_equal",
)


class EmptyAnswer(np.ndarray[Any, Any]):
    """An array without entries. It is not stretched against an array that has some."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        """Apply a function entry by entry, as to any array. Raises AssertionError where that is to nothing at all."""
        others = [one for one in inputs if not isinstance(one, EmptyAnswer | Elsewhere)]
        if method == "__call__" and ufunc.signature is None:
            for other in others:
                if np.ndim(other) and np.size(other):
                    raise _refusal(self, other)
        plain = [_plain(one) for one in inputs]
        if "out" in named:
            named["out"] = tuple(map(_plain, named["out"]))
        found = getattr(ufunc, method)(*plain, **named)
        return as_answer(found) if isinstance(found, np.ndarray) else found

    def __repr__(self) -> str:
        """Return the text of an array."""
        return repr(self.view(np.ndarray))


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, EmptyAnswer) else value


def _refusal(empty: Any, other: Any) -> AssertionError:
    return AssertionError(f"the answer has no entries (shape {np.shape(empty)}), where {np.shape(other)} is compared")


def as_answer(value: Any) -> Any:
    """Return a value from the student's side, known as theirs if it has no entries."""
    if type(value) is np.ndarray and not value.size and value.dtype != object:
        return value.view(EmptyAnswer)
    return value


# Masked entries agree with anything, as nothing does, so that only a test that knows of masks gets them.
_KNOWS_MASKS = re.compile(r"\bma\b|mask")


class AnswerDecoder(Decoder):
    """Reads what the student's side sends. own_text: of the instructor's cells."""

    def __init__(
        self, limits: Limits, body: bytes, other: Callable[[list[Any]], Any], own_text: str, classes: SharedClasses
    ) -> None:
        super().__init__(limits, body, other, classes=classes)
        self._own_text = own_text

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

    def register(self, identity: Any, value: Any) -> Any:
        """Note a value under its number, and return it as an answer."""
        return super().register(identity, as_answer(value))

    def decode(self, node: Any) -> Any:
        """Return the value of a node. Raises WireError if it is anything but well-formed."""
        value = super().decode(node)
        parts = value if type(value) in (list, tuple) else value.values() if type(value) is dict else ()
        _lists.extend(one for one in (value, *islice(parts, MOST_PARTS)) if type(one) is list and not one)
        return value


def forget() -> None:
    """Begin a test: what came before is nobody's answer any more."""
    _lists.clear()


def _is_empty_answer(value: Any) -> bool:
    return isinstance(value, EmptyAnswer) or (type(value) is list and not value and any(value is one for one in _lists))


def _refuse_nothing(one: Any, other: Any) -> None:
    for empty, compared in ((one, other), (other, one)):
        if _is_empty_answer(empty) and np.size(compared):
            raise _refusal(empty, compared)


def _comparing(function: Callable[..., Any], first: int) -> Callable[..., Any]:
    """Return a comparing function that refuses a student's nothing. first: the place of the first of the two."""

    @functools.wraps(function)
    def compare(*arguments: Any, **named: Any) -> Any:
        both = arguments[first : first + 2]
        if len(both) == 2:  # noqa: PLR2004 - of a pair
            _refuse_nothing(*both)
        return function(*arguments, **named)

    return compare


def keep_watch() -> None:
    """Have NumPy's comparisons refuse a student's nothing in this process; before other modules ask for them."""
    numpy: Any = np
    numpy.allclose, numpy.isclose = _comparing(np.allclose, 0), _comparing(np.isclose, 0)
    testing: Any = np.testing
    for name in ASSERTIONS:
        setattr(testing, name, _comparing(getattr(testing, name), 0))
    # What all of them end with, and others that compare.
    utils: Any = private
    utils.assert_array_compare = _comparing(private.assert_array_compare, 1)
