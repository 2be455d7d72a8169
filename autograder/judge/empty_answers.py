"""Answers without entries that came from the student's side: they agree with no answer that has some.

To NumPy, nothing stretched against anything is nothing, and of nothing everything holds: `np.allclose` of an
array of shape (0, 1) and any expected one is true, and so is every entry of their difference small. The same
goes for whatever NumPy makes such an array of: `()`, `[[]]`, `range(0)`, a table without rows.
"""

import functools
import inspect
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np
from numpy.testing._private import utils as private

from autograder.callloop.plain_data import Elsewhere

# Lists and the like have no class of their own that could be told from another; those of the present test are known.
_known: list[Any] = []
MOST_PARTS = 100
# What a test has its expected values in.
SIZED = (list, tuple, dict, str, np.ndarray)
SEQUENCES = (list, tuple, deque)
ASSERTIONS = (
    "assert_allclose",
    "assert_almost_equal",
    "assert_array_almost_equal",
    "assert_array_almost_equal_nulp",
    "assert_array_equal",
    "assert_array_max_ulp",
    "assert_equal",
)
# What makes an array of anything.
MAKING = ("array", "asarray", "asanyarray", "ascontiguousarray", "atleast_1d", "ravel", "squeeze")


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
    if isinstance(other, (str, dict)) or isinstance(empty, dict):
        return AssertionError("the answer has no entries, and is compared with something that has some")
    compared = f"an array of shape {np.shape(other)}" if np.ndim(other) else "a number"
    return AssertionError(f"the answer has no entries (shape {np.shape(empty)}), and is compared with {compared}")


def as_answer(value: Any) -> Any:
    """Return a value from the student's side, known as theirs if it is an array without entries."""
    # A matrix, or rows with fields, just as a plain one.
    return value.view(EmptyAnswer) if isinstance(value, np.ndarray) and not value.size else value


def _parts_of(value: Any) -> Iterator[Any]:
    """Yield what is in lists and the like, however deep; a list may hold itself, or another one twice."""
    waiting, seen = [value], set[int]()
    while waiting:
        one = waiting.pop()
        if not isinstance(one, SEQUENCES):
            yield one
        elif id(one) not in seen:
            seen.add(id(one))
            waiting.extend(one)


def _may_be_empty(value: Any) -> bool:
    """Tell whether a value that is no array may have no entries, as a dict, or for NumPy, which makes arrays of it."""
    if type(value) is dict:
        return not value
    is_container = isinstance(value, (*SEQUENCES, range)) or type(value).__module__.startswith("pandas")
    return is_container and all(map(_is_empty, _parts_of(value)))


def _is_empty(part: Any) -> bool:
    if isinstance(part, range):
        return not part
    is_table = type(part).__module__.startswith("pandas")
    return isinstance(part, Elsewhere) or ((isinstance(part, np.ndarray) or is_table) and np.size(part) == 0)


def note_parts(value: Any) -> None:
    """Remember what may be no entries in a value that came from the student's side, or in one of its parts."""
    parts = value if type(value) in (list, tuple) else value.values() if type(value) is dict else ()
    _known.extend(one for one in (value, *islice(parts, MOST_PARTS)) if _may_be_empty(one))


def forget() -> None:
    """Begin a test: what came before is nobody's answer any more."""
    _known.clear()


def _is_answer(value: Any) -> bool:
    return isinstance(value, EmptyAnswer | Elsewhere) or any(value is one for one in _known)


def _as_compared(value: Any) -> Any:
    """Return a value as it is compared. An object of the student's is asked once: it could answer otherwise again."""
    asks = _is_answer(value) and any(isinstance(one, Elsewhere) for one in _parts_of(value))
    return np.asarray(value) if asks else value


def _refuse_nothing(one: Any, other: Any) -> None:
    for empty, compared in ((one, other), (other, one)):
        if _is_answer(empty) and not np.size(empty) and np.size(compared):
            raise _refusal(empty, compared)


def _comparing(function: Callable[..., Any], first: int) -> Callable[..., Any]:
    """Return a comparing function that refuses a student's nothing. first: the place of the first of the two."""
    pair = list(inspect.signature(function).parameters)[first : first + 2]

    @functools.wraps(function)
    def compare(*arguments: Any, **named: Any) -> Any:
        given = list(arguments)
        given[first : first + 2] = map(_as_compared, given[first : first + 2])
        named |= {name: _as_compared(named[name]) for name in pair if name in named}
        both = [*given[first : first + 2], *(named[name] for name in pair if name in named)]
        if len(both) == len(pair):
            _refuse_nothing(*both)
        return function(*given, **named)

    return compare


def _making(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that makes an array, so that a student's nothing is known as theirs afterwards."""

    @functools.wraps(function)
    def make(*arguments: Any, **named: Any) -> Any:
        made = function(*arguments, **named)
        if getattr(made, "size", 0):
            return made
        if type(made) is tuple:  # one for each argument
            pairs = zip(made, arguments, strict=True)
            return tuple(as_answer(one) if _is_answer(given) else one for one, given in pairs)
        return as_answer(made) if arguments and not np.size(made) and _is_answer(arguments[0]) else made

    return make


def together(function: Any, *values: Any, **named: Any) -> Any:
    """Call what a test calls zip or map. Raises AssertionError where it pairs a student's nothing with something."""
    first = 1 if function is map else 0
    given = values[first:]
    full = next((one for one in given if isinstance(one, SIZED) and len(one)), None)
    if function not in (zip, map) or full is None or len(given) < 2:  # noqa: PLR2004 - one is paired with nothing
        return function(*values, **named)
    return function(*values[:first], *(_begun(one, full) for one in given), **named)


def over(value: Any, held: Callable[[], tuple[Any, ...]], counts: bool) -> Any:
    """Return what a test loops over. Raises AssertionError for a student's nothing, looked up in what has something.

    held: returns what the loop's body looks it up in. counts: whether its length is what is asked for.
    """
    if not _is_answer(value):
        return value
    try:
        full = next((one for one in held() if isinstance(one, SIZED) and len(one)), None)
    except NameError:  # bound in the loop
        return value
    if full is None or (counts and isinstance(value, Elsewhere)):
        return value
    return _begun(value, full)


def _has_none(value: Any) -> bool:
    return not (len(value) if isinstance(value, dict) else np.size(value))


def _begun(value: Any, full: Any) -> Any:
    if isinstance(value, Elsewhere):
        return _begun_there(value, full)
    held = value.base if isinstance(value, np.flatiter) else value
    if _is_answer(held) and _has_none(held):
        raise _refusal(held, full)
    return value


def _begun_there(value: Any, full: Any) -> Iterator[Any]:
    is_empty = True
    for part in value:
        is_empty = False
        yield part
    if is_empty:
        raise _refusal((), full)


def keep_watch() -> None:
    """Have NumPy's comparisons refuse a student's nothing in this process; before other modules ask for them."""
    numpy: Any = np
    numpy.allclose, numpy.isclose = _comparing(np.allclose, 0), _comparing(np.isclose, 0)
    for name in MAKING:
        setattr(numpy, name, _making(getattr(numpy, name)))
    testing: Any = np.testing
    for name in ASSERTIONS:
        setattr(testing, name, _comparing(getattr(testing, name), 0))
    # What all of them end with, and others that compare.
    utils: Any = private
    utils.assert_array_compare = _comparing(private.assert_array_compare, 1)
