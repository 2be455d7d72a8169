"""What is small on the wire and would be large, slow or endless in memory is refused, soon and in little memory."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from helpers.bounds import MEGABYTE, ends_within, measured_growth
from helpers.wire import back, received

from autograder.callloop import frames
from autograder.callloop.frames import WireError
from autograder.callloop.hash_work import MOST_OF_ONE_HASH
from autograder.callloop.limits import STRUCTURE_OF_A_CELL, Limits

FULL = Limits().header_bytes
# Python's hash of an int is its remainder by this.
HASH_MODULUS = 2**61 - 1
# What the largest frames may take: text of four bytes a character, twice, beside the frame itself.
MOST = 10 * FULL
SECONDS = 120


def _filled(unit: bytes) -> bytes:
    return b"[" + unit * ((FULL - 4) // len(unit)) + b"0]"


FRAMES = {
    "lists without items": lambda: _filled(b"[],"),
    "objects without items": lambda: _filled(b"{},"),
    "objects with one": lambda: _filled(b'{"a":0},'),
    "short strings": lambda: _filled(b'"ab",'),
    "small numbers": lambda: _filled(b"1.5,"),
    "lists behind an escaped quotation mark": lambda: b'["\\\\\\"",' + _filled(b"[],")[:-20] + b"0]]",
    "lists of levels without end": lambda: b"[" * FULL,
    "one string of wide characters": lambda: b'"' + b"x" * (FULL - 20) + b'\\ud83d\\ude00"',
    "a string without end": lambda: b'["' + b'\\"' * (FULL // 2 - 10),
    "one long float": lambda: b"[1." + b"0" * (FULL - 10) + b"]",
    "one long int": lambda: b"[" + b"1" * (FULL - 10) + b"]",
    "many long ints": lambda: _filled(b"1" * 4299 + b","),
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_of_the_largest_size_takes_little_memory_and_time(name: str) -> None:
    """A header of the largest size is refused, without the gigabytes that its values would take."""
    text = FRAMES[name]()
    with ends_within(SECONDS), measured_growth() as growth, pytest.raises(WireError):
        received(text)
    assert growth.bytes < MOST


def test_a_long_int_is_refused_where_python_would_take_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """An int of many digits is refused also where a test's module has lifted Python's own limit on them."""
    monkeypatch.setattr(frames.sys, "get_int_max_str_digits", lambda: 0)
    with pytest.raises(WireError, match="too long"):
        received(b"1" * 5000)
    with pytest.raises(WireError, match="4,096 bits"):
        received(b"1" * 4000)
    assert received(b"1" * 1000) == int("1" * 1000)


def _dag(levels: int) -> list[Any]:
    """Return tuples of which each holds the one before it twice, and a set of the last one."""
    doubled = [["t", number, [["r", number - 1], ["r", number - 1]]] for number in range(1, levels)]
    return ["l", levels, [["t", 0, [1]], *doubled, ["s", levels + 1, [["r", levels - 1]]]]]


def _chain(first: list[Any], tag: str, levels: int) -> list[Any]:
    shape = [[1]] if tag == "o" else []
    further = [[tag, number, *shape, [["r", number - 1]]] for number in range(1, levels)]
    return ["l", 99_999, [first, *further]]


def _collisions(count: int) -> list[Any]:
    return [["i", hex(HASH_MODULUS * (number + 1024))] for number in range(count)]


def _folded(count: int) -> list[Any]:
    """Return ints whose upper and lower 32 bits are the same, which pandas adds up to zero."""
    return [["i", hex(number << 32 | number)] for number in range(2**22, 2**22 + count)]


def _series(values: Any, length: int) -> list[Any]:
    return ["S", values, ["I", "range", [0, length, 1], None], None]


def _whole_number(identity: int) -> list[Any]:
    return ["a", identity, "<i4", [1], 0, "C", True]


def _frame(columns: list[Any], index: list[Any]) -> list[Any]:
    return ["D", columns, NONE, index]


def _bytes_array(identity: int) -> list[Any]:
    return ["a", identity, "|u1", [1], 0, "C", True]


# A list that holds itself twice: two to the power of 64 items for whoever makes an array of it.
ITSELF = ["l", 0, [["r", 0], ["r", 0]]]
NONE = ["I", "range", [0, 0, 1], None]
# Made when they are asked for: some are large.
NODES: dict[str, Callable[[], Any]] = {
    "a set of ints of one hash": lambda: ["s", 0, _collisions(90_000)],
    "a frozen set of ints of one hash": lambda: ["z", 0, _collisions(90_000)],
    "a dict of ints of one hash": lambda: ["d", 0, [[key, 0] for key in _collisions(45_000)]],
    "identities of one hash": lambda: ["l", 0, [["l", HASH_MODULUS * number, []] for number in range(1, 90_000)]],
    "tuples that double": lambda: _dag(60),
    "tuples within tuples": lambda: _chain(["t", 0, [1]], "t", 45_000),
    "frozen sets within frozen sets": lambda: _chain(["z", 0, [1]], "z", 45_000),
    "arrays within arrays": lambda: _chain(["o", 0, [1], [1]], "o", 30_000),
    "arrays of empty strings": lambda: [
        "l",
        0,
        [["a", number, "<U0", [99_000], 0, "C", True] for number in range(1, 9)],
    ],
    "an array without items and with large sizes": lambda: ["a", 0, "|u1", [0, 2**25, 2**25], 0, "C", True],
    "an array of objects without items": lambda: ["o", 0, [0, 2**25, 2**25], []],
    "a series of a list that holds itself": lambda: _series(["", ITSELF], 2),
    "a frame with such an index": lambda: ["D", [], NONE, ITSELF],
    "an index of such a list": lambda: ["I", "plain", ["", ITSELF], None],
    "labels that are such a list": lambda: ["I", "multi", ITSELF, None],
    "a bound of a range that is a list": lambda: ["I", "range", [0, ITSELF, 1], None],
    "a series longer than its values": lambda: _series(["", _bytes_array(0)], 10**12),
    "a series of one value for many labels": lambda: _series(["", 1.5], 10**8),
    "a frame longer than its columns": lambda: [
        "D",
        [["", _bytes_array(0)]],
        NONE,
        ["I", "range", [0, 10**12, 1], None],
    ],
    "labels of many levels": lambda: ["I", "multi", ["l", 0, [["t", 1, [1] * 90_000]]], ["l", 2, [None]]],
    "categories of one hash": lambda: _series(["category", ["o", 0, [90_000], _collisions(90_000)]], 90_000),
    "categories of one hash to pandas": lambda: _series(["category", ["o", 0, [90_000], _folded(90_000)]], 90_000),
    "labels of one hash to pandas": lambda: [
        "I",
        "multi",
        ["l", 0, [["t", n + 1, [k]] for n, k in enumerate(_folded(9000))]],
        0,
    ],
    "many columns of an extension type": lambda: [
        "D",
        [["Int64", ["o", n, [1], [1]]] for n in range(49_000)],
        NONE,
        NONE,
    ],
    "a sparse matrix of many rows": lambda: ["Z", 9, "csr", False, [10**9, 10**9], *map(_whole_number, range(3))],
    "an extension type of many numbers": lambda: _series(["category", ["a", 0, "|u1", [1000], 0, "C", True]], 1000),
}


@pytest.mark.parametrize("name", NODES)
def test_a_value_that_would_be_slow_or_large_is_refused(name: str) -> None:
    """A node that stands for work or memory out of all proportion is refused before it is done."""
    text = json.dumps(NODES[name]()).encode()
    with ends_within(SECONDS), measured_growth() as growth, pytest.raises(WireError):
        received(text, bytes(1000))
    # The sender's copy, the frame and its tree are most of it.
    assert growth.bytes < 200 * MEGABYTE


@pytest.mark.parametrize("layout", ["C", "F", "V"])
def test_the_largest_array_takes_its_bytes_a_few_times(layout: str) -> None:
    """An array of the largest size takes the frame and the array, and for a moment once more."""
    size = Limits().array_bytes
    node = ["a", 0, "|u1", [2, size // 2], 0, layout, True]
    body = bytes(size)
    with measured_growth() as growth:
        assert received(json.dumps(node).encode(), body).nbytes == size
    assert growth.bytes < 5 * size


def test_views_that_are_not_contiguous_have_half_the_room() -> None:
    """An array sent as a view arrives as one while such arrays are half of what may come, then contiguous."""
    limits = Limits(array_bytes=800)
    node = ["l", 0, [["a", number, "<f8", [2, 25], 0, "V", True] for number in (1, 2)]]
    first, second = back(node, bytes(400), limits)
    assert not first.flags.c_contiguous
    assert second.flags.c_contiguous
    assert np.array_equal(first, second)


def test_structure_within_strings_is_text() -> None:
    """Brackets, commas and quotation marks within a string are not counted as structure."""
    text = json.dumps([",[]{}:" * 9, '\\",,', "\\", '"[', "\\\\"])
    assert frames.structural_characters(text.encode()) == 2 + 4


def test_structure_is_counted_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The count is the same in blocks of any size."""
    text = json.dumps({"a": ["x,y", {"b\\": '",["'}, []], '"': [[1, 2], None]}).encode()
    counts = set()
    for size in (1, 2, 3, 7, 1000):
        monkeypatch.setattr(frames, "CHUNK", size)
        counts.add(frames.structural_characters(text))
    assert counts == {20}


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_structure_just_under_its_limit_arrives(more: int, *, fits: bool) -> None:
    """A header with as much structure as its limit allows is read, and one bracket or comma more is refused."""
    limits = Limits(items=1)
    # n items in a list have n - 1 commas and two brackets.
    text = b"[" + b"0," * (limits.structural_characters - 2 + more) + b"0]"
    assert limits.structural_characters > STRUCTURE_OF_A_CELL
    with pytest.raises(WireError, match="is not plain data" if fits else "brackets, commas"):
        received(text, limits=limits)


@pytest.mark.parametrize(("count", "fits"), [(MOST_OF_ONE_HASH, True), (MOST_OF_ONE_HASH + 1, False)])
@pytest.mark.parametrize("tag", ["s", "z", "d"])
def test_some_keys_may_have_one_hash(tag: str, count: int, *, fits: bool) -> None:
    """As many keys of one hash as can come about by chance are no fault; one more is."""
    keys = _collisions(count)
    node = [tag, 0, [[key, 0] for key in keys] if tag == "d" else keys]
    if fits:
        assert len(back(node)) == count
    else:
        with pytest.raises(WireError, match="same hash"):
            back(node)


@pytest.mark.parametrize(("levels", "fits"), [(33, True), (34, False)])
def test_shared_tuples_are_nested_as_deep_as_others(levels: int, *, fits: bool) -> None:
    """Tuples that hold each other by reference are bounded in depth as those that stand within each other."""
    node = _chain(["t", 0, [1]], "t", levels)
    node[2].append(["r", levels - 1])
    if fits:
        assert len(back(node)) == levels + 1
    else:
        with pytest.raises(WireError, match="nested too deep"):
            back(node)


@pytest.mark.parametrize(("levels", "fits"), [(19, True), (20, False)])
def test_shared_parts_count_in_each_place_where_they_are_hashed(levels: int, *, fits: bool) -> None:
    """A key may hold shared parts, counted in each place, up to ten times as many as items are sent."""
    if fits:
        assert len(back(_dag(levels))[-1]) == 1
    else:
        with pytest.raises(WireError, match="with what"):
            back(_dag(levels))


def test_a_shared_tuple_in_many_lists_is_fine() -> None:
    """A tuple that stands in many places, none of them hashed, costs no more than its references."""
    node = ["l", 0, [["t", 1, [0] * 100], *[["r", 1]] * 50_000]]
    assert len(back(node)) == 50_001
