"""Comparisons that a NaN decides: it is neither greater nor less, so that `if error > tolerance: raise` holds for it.

And those of infinity with itself: `abs(a - b) <= tolerance * max(a, b)`. Where a test passes and such a comparison
was part of it, it is run again with what the student's side answered, but with numbers in the place of NaN. If no
number passes, and each turns such a comparison, then the test holds for NaN alone: not because NaN is the answer,
but because NaN compares with nothing.
"""

import ast
import builtins
import math
import operator
import re
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy import isinf, isnan

from autograder.judge.filling import Filling
from autograder.notebook.sources import parsed

# Whose code asks for it has decided what it is worth.
_KNOWN = re.compile(
    r"nan(max|min|sum|prod|mean|median|std|var)?|(is|equal)_?nan|is_?(na|null|finite)|not(na|null)|(drop|fill)na",
    re.IGNORECASE,
)
ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "Gt": operator.gt, "Lt": operator.lt, "GtE": operator.ge, "LtE": operator.le,
}  # fmt: skip
# NumPy's functions, and pandas' methods.
NAMED_ORDERS = ("greater", "less", "greater_equal", "less_equal", "gt", "lt", "ge", "le")
USUAL = frozenset({int, float, bool, np.float64})
EXTREMES = ("max", "min")
# What stands for NaN, in one run after the other: a number of the same answer, or these.
NUMBERS = (None, 0.0, 1.0, -1e6, 1e6)
# Runs the test again with the same answers, filled; returns its score, and whether what failed was no assertion.
Play = Callable[[Filling | None], tuple[float, bool]]


class Watch:
    """The comparisons of one test that NaN has decided. turned: whether a number decides one of them otherwise."""

    def __init__(self) -> None:
        self.sites: dict[int, bool] = {}
        self.turned = self.replays = False

    def begin(self) -> None:
        """Begin a test."""
        self.sites, self.turned, self.replays = {}, False, False

    def look(self, site: int, *, held: bool, holds: Callable[[bool], bool]) -> None:
        """Take note of a comparison that NaN decides. held: whether it held. holds: whether one with numbers does."""
        if self.replays:
            self.turned = self.turned or (site in self.sites and holds(not self.sites[site]))
        else:
            self.sites[site] = held


WATCH = Watch()


def _is_nan(value: Any, *, decides: bool) -> bool:
    """Tell whether a value is NaN or an array with one; a table, where NaN means what is missing, if it `decides`."""
    if isinstance(value, float):
        return value != value  # noqa: PLR0124 - what NaN is
    if isinstance(value, (np.ndarray, np.floating)):
        if value.dtype.kind == "O":
            return any(isinstance(one, float) and isnan(one) for one in value.flat)
        return value.dtype.kind == "f" and bool(isnan(value).any())
    if decides and type(value).__module__.startswith("pandas") and hasattr(value, "isna"):
        return bool(np.any(value.isna()))
    return False


def _are_infinite(values: tuple[Any, ...]) -> bool:
    """Tell whether two numbers, or two entries of arrays, are both infinite."""
    if len(values) != 2 or not all(isinstance(one, (float, np.floating, np.ndarray)) for one in values):  # noqa: PLR2004
        return False
    if any(np.asarray(one).dtype.kind != "f" for one in values):
        return False
    return bool(np.any(isinf(values[0]) & isinf(values[1])))


def _holds(found: Any) -> Callable[[bool], bool]:
    """Return what tells whether a comparison holds anywhere, or fails anywhere."""
    return lambda otherwise: bool(np.any(found)) if otherwise else not np.all(found)


def compared(order: str, site: int, decides: bool, left: Any, right: Any) -> Any:
    """Compare two values as a test does. decides: whether the test fails where the comparison holds."""
    holds = ORDERS[order](left, right)
    if not _are_usual(left, right):
        _look(site, decides, holds, left, right)
    return holds


def _are_usual(left: Any, right: Any) -> bool:
    """Tell whether two values are numbers that NaN and infinity have no part in, as most are; at once."""
    if WATCH.replays or type(left) not in USUAL or type(right) not in USUAL:
        return False
    is_number = left == left and right == right  # noqa: PLR0124 - what NaN is not
    return bool(is_number and (left != right or abs(left) != math.inf))


def ordered(order: Any, site: int, decides: bool, *values: Any, **named: Any) -> Any:
    """Call what compares two values in a test, by its name in NumPy or pandas."""
    holds = order(*values, **named)
    of_method = (order.__self__,) if isinstance(order, types.MethodType) else ()
    _look(site, decides, holds, *of_method, *values)
    return holds


def _look(site: int, decides: bool, holds: Any, *values: Any) -> None:
    """Take note of a comparison, if NaN or infinity may have decided it."""
    if WATCH.replays or any(_is_nan(one, decides=decides) for one in values):
        WATCH.look(site, held=False, holds=_holds(holds))
    elif _are_infinite(values):
        WATCH.look(site, held=True, holds=_holds(holds))


def extreme(site: int, function: Any, *values: Any, **named: Any) -> Any:
    """Call what a test calls max or min, which pass over a NaN that is not the first."""
    if function not in (builtins.max, builtins.min):
        return function(*values, **named)
    if len(values) == 2 and not named and _are_usual(*values):  # noqa: PLR2004 - as most have
        return function(*values)
    passed: list[bool] = []

    def seen(given: Iterable[Any]) -> Iterator[Any]:
        for one in given:
            if isinstance(one, float) and one != one:  # noqa: PLR0124 - what NaN is
                passed.append(True)
            yield one

    found = function(seen(values[0]), **named) if len(values) == 1 else function(*seen(values), **named)
    is_passed_over = bool(passed) and not _is_nan(found, decides=False)
    if WATCH.replays or is_passed_over:
        WATCH.look(site, held=False, holds=lambda _: not passed)
    return found


def _asks_for_nan(source: str) -> bool:
    """Tell whether a test's code does anything with NaN; what is said of it in words is no code."""
    nodes = list(ast.walk(parsed(source)))
    names = [str(getattr(node, key)) for node in nodes for key in ("id", "attr", "arg") if hasattr(node, key)]
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return any(_KNOWN.fullmatch(one.strip()) for one in (*names, *texts))


def holds_for_nan_alone(source: str, score: float, play: Play) -> bool:
    """Tell whether a test that has just passed passes for NaN alone."""
    if not WATCH.sites or _asks_for_nan(source):
        return False
    WATCH.replays = True
    turned = False
    try:
        for number in NUMBERS:
            WATCH.turned = False
            earned, is_error = play(Filling(number))
            # What a number can't be reckoned with for, as with zero, says nothing.
            if earned >= score or not (WATCH.turned or is_error):
                return False
            turned = turned or WATCH.turned
        return turned
    finally:
        # What the test has bound is what it was again.
        play(None)
        WATCH.begin()
