"""Values of the standard library that cross as what they are: containers of `collections`, dates, decimals, types."""

from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pytest
from helpers.wire import crossed

from autograder.callloop.decoder import Decoder
from autograder.callloop.frames import WireError
from autograder.callloop.limits import Limits

Pair = namedtuple("Pair", "a b")  # noqa: PYI024 - that is what students write
OF_COLLECTIONS = [
    Pair(1, [2]),
    OrderedDict(b=1, a=2),
    Counter("aab"),
    defaultdict(list, {1: [2]}),
    defaultdict(None, {1: 2}),
    deque([1, 2], maxlen=3),
]


@pytest.mark.parametrize("value", OF_COLLECTIONS)
def test_containers_of_collections_arrive_as_what_they_are(value: Any) -> None:
    """A container of `collections` arrives with its kind, its order, and what it makes or how much it holds."""
    arrived = crossed(value)
    assert arrived == value
    assert type(arrived).__name__ == type(value).__name__
    assert list(arrived) == list(value)
    for fact in ("_fields", "default_factory", "maxlen"):
        assert getattr(arrived, fact, None) == getattr(value, fact, None)


SCALARS = [
    date(2020, 2, 29), datetime(2020, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
    datetime.fromisoformat("2020-01-02"), time(1, 2), timedelta(-1, 5),
    Decimal("1.10"), Fraction(-1, 3), PurePosixPath("a/b.txt"), np.dtype("<f4"), int, sum, ValueError, np.float64,
]  # fmt: skip


@pytest.mark.parametrize("value", SCALARS, ids=str)
def test_values_of_the_standard_library_arrive_as_what_they_are(value: Any) -> None:
    """Dates, times, decimals, fractions, paths and Python's own types arrive as equal values of the same class."""
    arrived = crossed(value)
    assert arrived == value
    assert isinstance(arrived, type(value))


BAD_SCALARS = [
    ["y", "builtin", "eval"], ["y", "builtin", "open"], ["y", "builtin", "BaseException"], ["y", "numpy", "load"],
    ["y", "Decimal", "1E99999"], ["y", "Decimal", "1" * 500], ["y", "date", "today"], ["y", "path", ["a"]],
    ["y", "timedelta", [1, 2]], ["y", "Fraction", ["0x1", "0x0"]], ["y", "dtype", "O"], ["y", "nothing", "x"], ["y"],
    ["G", 0, "os", []], ["G", 0, "PCG64", {}], ["G", 0, "RandomState", [1]],
    ["d", 0, [], ["dict"]], ["d", 0, [], ["defaultdict", None, 5]], ["l", 0, [], ["deque", -1]], ["l", 0, [], ["Q", 1]],
    ["t", 0, [1], ["namedtuple", "P", ["__class__"]]], ["t", 0, [1], ["namedtuple", "P", []]],
    ["t", 0, [1], ["namedtuple", "class", ["a"]]], ["t", 0, [1], ["namedtuple", "P", ["a b"]]],
]  # fmt: skip


@pytest.mark.parametrize("node", BAD_SCALARS, ids=str)
def test_malformed_values_of_these_kinds_are_refused(node: Any) -> None:
    """No function that does something, no class beyond the list, and no malformed text makes a value."""
    with pytest.raises(WireError):
        Decoder(Limits(), b"", lambda _: None).decode(node)
