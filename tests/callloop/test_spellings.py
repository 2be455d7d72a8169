"""A value has one spelling on the wire: others, which mean the same or nearly so, are refused or mended."""

import json
from typing import Any

import numpy as np
import pytest
from helpers.wire import back, crossed, received, there

from autograder.callloop.frames import WireError
from autograder.callloop.limits import Limits

REFUSED: dict[str, Any] = {
    "a float past all floats": float("inf"),
    "infinity by another name": ["f", "infinity"],
    "a complex number with a sign": ["c", "+1.0", "0.0"],
    "a complex number with underscores": ["c", "1_0.0", "0.0"],
    "a complex number with blanks": ["c", " 1.0", "0.0"],
    "a complex number in other digits": ["c", "\u0661", "0.0"],
    "a complex number past all floats": ["c", "1e999", "0.0"],
    "a complex number of many digits": ["c", "1." + "0" * 10_000, "0.0"],
    "an int with underscores": ["i", "0x1_0"],
    "an int with leading zeros": ["i", "0x00ff"],
    "an int without its prefix": ["i", "ff"],
    "an int with blanks": ["i", " 0xff "],
    "an identity that is a bool": ["l", True, []],
    "a negative identity": ["l", -1, []],
    "an identity without bound": ["l", 2**61, []],
    "a reference that is a bool": ["l", 1, [["r", True]]],
    "a reference that is a list": ["l", 1, [["r", [1]]]],
    "a container of a text": ["l", 0, "abc"],
    "a container of an object": ["l", 0, {"a": 1}],
    "a dtype of parts": ["a", 0, "3f8", [1], 0, "C", True],
    "a dtype without its byte order": ["a", 0, "f8", [1], 0, "C", True],
    "a dtype by another name": ["a", 0, "=f8", [1], 0, "C", True],
    "a dtype of Python objects": ["n", "|O", 0],
    "a range of floats": ["g", 0.0, 3.0, 1.0],
    "a range of NumPy's ints": ["g", 0, ["n", "<i8", 0], 1],
    "a tuple that a list in it holds": ["t", 0, [["l", 1, [["r", 0]]]]],
    "an array that holds itself": ["o", 0, [1], [["r", 0]]],
}


@pytest.mark.parametrize("name", REFUSED)
def test_another_spelling_is_refused(name: str) -> None:
    """A number, name or identity that the encoder would not write like that is refused."""
    with pytest.raises(WireError):
        back(REFUSED[name], bytes(24))


def test_a_number_past_all_floats_is_refused_in_a_header() -> None:
    """JSON's parser takes 1e999 for infinity; the decoder does not."""
    with pytest.raises(WireError, match="past what a float can hold"):
        received(b'["l",0,[1e999]]')


def test_text_in_arrays_is_text_that_can_be_written() -> None:
    """Characters that are none, and lone surrogates, are replaced in arrays as they are in strings."""
    points = np.array([0x41, 0xD800, 0xDFFF, 0x110000, 0xFFFFFFFF, 0x10FFFF, 0xE000, 0xD7FF], dtype=np.uint32)
    expected = ["A", "?", "?", "?", "?", "\U0010ffff", "\ue000", "\ud7ff"]
    for order in "<>":
        body = points.astype(f"{order}u4").tobytes()
        assert back(["a", 0, f"{order}U1", [8], 0, "C", True], body).tolist() == expected
        assert back(["n", f"{order}U8", 0], body) == "".join(expected)
    assert crossed(np.array(["a\ud800"])).tolist() == ["a?"]


def test_a_list_that_holds_itself_twice_arrives() -> None:
    """A list may hold itself, directly and in a dict in it, since in Python it may."""
    arrived = back(["l", 0, [["r", 0], ["d", 1, [["x", ["r", 0]], ["y", ["r", 1]]]]]])
    assert arrived[0] is arrived
    assert arrived[1]["x"] is arrived
    assert arrived[1]["y"] is arrived[1]


def test_a_huge_range_is_a_range() -> None:
    """A range is its three numbers, however long it is, and nothing is made of it."""
    assert crossed(range(10**18)) == range(10**18)
    assert crossed(range(0, 10**1000, 10**999)) == range(0, 10**1000, 10**999)


CLASSES = {
    "a view as another class": (lambda: np.arange(3).view(np.recarray), [0, 1, 2]),
}


@pytest.mark.parametrize("name", CLASSES)
def test_an_array_of_another_class_is_a_plain_one(name: str) -> None:
    """A subclass of arrays that holds plain data arrives as a plain array of it."""
    make, values = CLASSES[name]
    arrived = crossed(make())
    assert type(arrived) is np.ndarray
    assert arrived.tolist() == values


def test_an_array_in_a_file_arrives(tmp_path: Any) -> None:
    """An array that is mapped from a file arrives as a plain one."""
    mapped = np.memmap(tmp_path / "array", dtype=np.float64, mode="w+", shape=(2, 2))
    mapped[:] = [[1, 2], [3, 4]]
    assert type(crossed(mapped)) is np.ndarray
    assert crossed(mapped).tolist() == [[1, 2], [3, 4]]


NOT_PLAIN = {
    "a void scalar": np.zeros(1, dtype="V4")[0],
    "an array of NumPy's own strings": np.array(["a"], dtype=np.dtypes.StringDType()),
}


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_an_array_that_is_not_plain_is_refused_in_words(name: str) -> None:
    """An array whose data is not plain is refused by the sender, with a message that says what it is."""
    with pytest.raises(WireError, match="which is not plain data"):
        there(NOT_PLAIN[name])


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_a_header_just_under_its_limit_arrives(more: int, *, fits: bool) -> None:
    """A header of as many bytes as the limit says is read; one byte more is refused unread."""
    limits = Limits(header_bytes=1000)
    text = json.dumps("x" * (998 + more)).encode()
    if fits:
        assert received(text, limits=limits) == "x" * 998
    else:
        with pytest.raises(WireError, match="past the limit"):
            received(text, limits=limits)


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_the_bytes_of_a_frame_just_under_their_limit_arrive(more: int, *, fits: bool) -> None:
    """As many bytes for arrays as the limit says are read, also if nothing points to them; one more is refused."""
    limits = Limits(array_bytes=1000)
    if fits:
        assert received(b"null", bytes(1000), limits) is None
    else:
        with pytest.raises(WireError, match="past the limit"):
            received(b"null", bytes(1000 + more), limits)


@pytest.mark.parametrize(("sizes", "fits"), [([1000], True), ([0, 1000], True), ([0, 1001], False), ([2] * 33, False)])
def test_shapes_are_bounded_also_without_items(sizes: list[int], *, fits: bool) -> None:
    """A shape's sizes other than zero can't be more than bytes may come, nor more in number than levels."""
    node = ["a", 0, "|u1", sizes, 0, "C", True]
    if fits:
        assert list(back(node, bytes(1000), Limits(array_bytes=1000)).shape) == sizes
    else:
        with pytest.raises(WireError, match="sizes"):
            back(node, bytes(1000), Limits(array_bytes=1000))
