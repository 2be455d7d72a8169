"""Each limit on a value that crosses: just under it the value arrives, just over it is refused by name."""

from typing import Any

import numpy as np
import pytest
from helpers.wire import back, crossed, identical, there

from autograder.callloop.frames import WireError
from autograder.callloop.limits import MEGABYTE, Limits


def _nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


SMALL = Limits(array_bytes=800, items=50, depth=8, string_characters=100, integer_bits=64)
CASES = [
    ("arrays", Limits(), lambda more: np.zeros(32 * MEGABYTE + more, dtype=np.uint8), "33,554,432 bytes"),
    ("two arrays", SMALL, lambda more: [np.zeros(50), np.zeros(50 + more)], "800 bytes"),
    ("bytes", SMALL, lambda more: bytes(800 + more), "800 bytes"),
    ("items", Limits(), lambda more: [None] * (99_999 + more), "100,000 items"),
    ("nested items", SMALL, lambda more: [[0] * 24, [0] * (23 + more)], "50 items"),
    ("pairs", SMALL, lambda more: dict.fromkeys(range(24 + more), 0), "50 items"),
    ("depth", Limits(), lambda more: _nested(32 + more), "32"),
    ("text", Limits(), lambda more: "x" * (MEGABYTE + more), "1,048,576 characters"),
    ("int", Limits(), lambda more: 2**4096 - 1 + more, "4,096 bits"),
    ("negative int", Limits(), lambda more: -(2**4096 - 1 + more), "4,096 bits"),
    ("array of objects", SMALL, lambda more: np.array([None] * (49 + more), dtype=object), "50 items"),
]


@pytest.mark.parametrize(("limits", "make"), [case[1:3] for case in CASES], ids=[case[0] for case in CASES])
def test_just_under_a_limit_a_value_arrives(limits: Limits, make: Any) -> None:
    """A value that reaches a limit exactly arrives whole."""
    assert identical(crossed(make(0), limits), make(0))


@pytest.mark.parametrize(("limits", "make", "named"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_just_over_a_limit_the_sender_refuses(limits: Limits, make: Any, named: str) -> None:
    """A value past a limit is not sent, and the message names the limit."""
    with pytest.raises(WireError, match=named):
        there(make(1), limits)


BOUNDLESS = Limits(array_bytes=10**9, items=10**9, depth=500, string_characters=10**9, integer_bits=10**6)
FORGED = [case for case in CASES if case[0] != "negative int"]


@pytest.mark.parametrize(("limits", "make"), [case[1:3] for case in FORGED], ids=[case[0] for case in FORGED])
def test_just_over_a_limit_the_receiver_refuses_too(limits: Limits, make: Any) -> None:
    """A sender that keeps to no limit gains nothing: the receiver checks them all again."""
    with pytest.raises(WireError):
        back(*there(make(1), BOUNDLESS), limits)


def test_a_string_of_any_characters_fits() -> None:
    """A string of one megabyte of UTF-8 fits in a frame, whatever its characters."""
    text = "\U0001f600" * (MEGABYTE // 4)
    assert crossed(text) == text


def test_one_array_in_many_places_is_sent_once() -> None:
    """The same array many times over counts once towards the limit on bytes."""
    array = np.zeros(100)
    assert len(there([array] * 40, SMALL)[1]) == 800


def test_what_is_not_plain_is_refused_by_its_type() -> None:
    """A value that is not plain data is refused with a message that names its type."""
    with pytest.raises(WireError, match="memoryview"):
        there([memoryview(b"")])


def test_arrays_of_no_plain_dtype_are_refused() -> None:
    """A void array is not plain data."""
    with pytest.raises(WireError):
        there(np.zeros(2, dtype="V4"))
