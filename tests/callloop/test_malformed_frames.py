"""Whatever comes over the wire either decodes or raises WireError, soon and in little memory."""

import contextlib
import json
import socket
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from helpers.wire import back, there
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.callloop.frames import LENGTHS, Channel, PeerGoneError, WireError
from autograder.callloop.limits import MEGABYTE, Limits

TAGS = st.sampled_from(
    ["l", "t", "s", "z", "d", "a", "o", "r", "i", "f", "c", "b", "n", "g", "k", "S", "D", "I", "h", "?"]
)
WORDS = st.sampled_from(
    ["<f8", ">i4", "|b1", "<U1", "|O", "<M8[s]", "<f8,<f8", "nan", "0x1", "C", "F", "V", "range", "multi", ""]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 40),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    WORDS,
    st.text(max_size=3),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.builds(lambda tag, rest: [tag, *rest], TAGS, st.lists(inner, max_size=6)),
        st.builds(lambda tag, parts: [tag, 0, parts], TAGS, st.lists(inner, max_size=3)),
        st.dictionaries(st.text(max_size=2), inner, max_size=2),
    ),
    max_leaves=12,
)
ARRAY_NODES = st.builds(
    lambda *parts: ["a", *parts],
    st.integers(-1, 2),
    st.one_of(WORDS, st.text(max_size=6)),
    st.lists(st.one_of(st.integers(-1, 4), st.sampled_from([2**31, 2**62, 2**63, 2**64])), max_size=4),
    st.integers(-8, 40),
    st.sampled_from(["C", "F", "V", None, 3]),
    st.one_of(st.booleans(), st.none()),
)


def _decodes_or_refuses(node: Any, body: bytes) -> None:
    with contextlib.suppress(WireError):
        back(node, body)


@settings(max_examples=1500, derandomize=True, deadline=None)
@given(TREES, st.binary(max_size=64))
def test_no_tree_raises_anything_but_wire_error(tree: Any, body: bytes) -> None:
    """A header of any form decodes or raises WireError."""
    _decodes_or_refuses(tree, body)


@settings(max_examples=1000, derandomize=True, deadline=None)
@given(ARRAY_NODES, st.binary(max_size=64))
def test_no_array_node_raises_anything_but_wire_error(node: Any, body: bytes) -> None:
    """A claim about an array of any dtype, shape and place decodes or raises WireError."""
    _decodes_or_refuses(node, body)


GOOD = [
    1,
    2.5,
    "x",
    None,
    (1, {"k": [True]}),
    {2, 3},
    np.arange(6.0).reshape(2, 3),
    np.array(["a", "bc"]),
    10**30,
    1j,
    b"xy",
]


@settings(max_examples=1000, derandomize=True, deadline=None)
@given(st.data())
def test_a_good_frame_with_changed_characters_is_harmless(data: st.DataObject) -> None:
    """A good header with a few characters exchanged decodes or raises WireError."""
    node, body = there(GOOD)
    text = list(json.dumps(node))
    for _ in range(data.draw(st.integers(1, 4))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.sampled_from('0123456789"[],-.etfnuSDI'))
    with contextlib.suppress(ValueError):
        node = json.loads("".join(text))
    _decodes_or_refuses(node, body[: data.draw(st.integers(0, len(body)))])


HOSTILE: dict[str, tuple[Any, bytes]] = {
    "a size that overflows": (["a", 0, "<f8", [0, 2**63 - 1], 0, "C", True], b""),
    "sizes whose product overflows": (["a", 0, "<f8", [2**40, 2**40], 0, "C", True], b""),
    "more than was sent": (["a", 0, "<f8", [2], 0, "C", True], b"12345678"),
    "a negative place": (["a", 0, "|u1", [2], -2, "C", True], b"1234"),
    "a negative size": (["a", 0, "|u1", [-1], 0, "C", True], b"1234"),
    "objects from bytes": (["a", 0, "|O", [1], 0, "C", True], b"12345678"),
    "a structured type": (["a", 0, "<f8,<f8", [1], 0, "C", True], b"1234567812345678"),
    "a size that is a bool": (["a", 0, "|u1", [True], 0, "C", True], b"1"),
    "a size that is a float": (["a", 0, "|u1", [1.0], 0, "C", True], b"1"),
    "a string wider than memory": (["a", 0, "<U9999999999", [1], 0, "C", True], b""),
    "objects of no width by the million": (["a", 0, "<U0", [2**25], 0, "C", True], b""),
    "an identity twice": (["t", 0, [["l", 1, []], ["l", 1, []]]], b""),
    "an identity to come": (["l", 0, [["r", 1]]], b""),
    "a tuple within itself": (["t", 0, [["r", 0]]], b""),
    "a key that can't be one": (["d", 0, [[["l", 1, []], 1]]], b""),
    "a long number in hexadecimal": (["i", "0x" + "f" * 5000], b""),
    "no number": (["i", "1; import os"], b""),
    "an endless range": (["g", 0, 1, 0], b""),
    "an object": ({"a": 1}, b""),
    "an empty node": ([], b""),
    "an unknown tag": (["pickle", 0, "x"], b""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_node_is_refused(name: str) -> None:
    """A node that claims what can't be is refused, or is so little that it can be given."""
    node, body = HOSTILE[name]
    tracemalloc.start()
    try:
        with contextlib.suppress(WireError):
            assert np.size(back(node, body)) == 0
        assert tracemalloc.get_traced_memory()[1] < 2 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_overlapping_arrays_can_not_blow_up_a_small_frame() -> None:
    """Arrays that share their bytes count each on its own towards the limit."""
    body = bytes(MEGABYTE)
    node = ["l", 0, [["a", number + 1, "|u1", [MEGABYTE], 0, "C", True] for number in range(33)]]
    with pytest.raises(WireError, match="33,554,432"):
        back(node, body)


def test_booleans_are_made_of_any_byte() -> None:
    """A byte other than 0 and 1 in a boolean array arrives as a proper True."""
    arrived = back(["a", 0, "|b1", [3], 0, "C", True], b"\x00\x01\x7f")
    assert arrived.view(np.uint8).tolist() == [0, 1, 1]


# --- frames ---------------------------------------------------------------------------------------


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, Channel]]:
    """A bare socket, and a channel that reads what is written to it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, Channel(theirs, Limits(header_bytes=1000, array_bytes=1000))


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_frame_or_refused(data: bytes) -> None:
    """Any bytes on the pipe are a frame, a WireError, or the end of the stream."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(data)
        ours.shutdown(socket.SHUT_WR)
        with contextlib.suppress(WireError, PeerGoneError):
            Channel(theirs, Limits()).receive(time.monotonic() + 5)


@pytest.mark.parametrize("lengths", [(1001, 0), (2, 1001), (2**32 - 1, 2**64 - 1)])
def test_a_claimed_length_past_the_limit_is_refused_at_once(ends: tuple[socket.socket, Channel], lengths: Any) -> None:
    """A claimed length past its limit is refused before anything is read or allocated for it."""
    ours, channel = ends
    ours.sendall(LENGTHS.pack(*lengths))
    with pytest.raises(WireError, match="limit"):
        channel.receive(time.monotonic() + 5)


@pytest.mark.parametrize("text", [b"NaN", b"[Infinity]", b"{", b"\xff", b"[" * 900, b"9" * 990 + b"}"])
def test_a_header_that_is_no_strict_json_is_refused(ends: tuple[socket.socket, Channel], text: bytes) -> None:
    """A header that is not strict JSON, or nested without end, is a WireError."""
    ours, channel = ends
    ours.sendall(LENGTHS.pack(len(text), 0) + text)
    with pytest.raises(WireError):
        channel.receive(time.monotonic() + 5)


def test_a_frame_arrives_whole_and_in_order(ends: tuple[socket.socket, Channel]) -> None:
    """Two frames in a row arrive as two, with their bytes."""
    ours, channel = ends
    sender = Channel(ours, Limits())
    sender.send({"a": [1.5, None]}, b"xyz")
    sender.send([], b"")
    assert channel.receive().header == {"a": [1.5, None]}
    assert channel.receive().body == b""


def test_half_a_frame_ends_at_the_deadline(ends: tuple[socket.socket, Channel]) -> None:
    """A frame that never ends is given up at the deadline."""
    ours, channel = ends
    ours.sendall(LENGTHS.pack(10, 0) + b"[")
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        channel.receive(started + 0.05)
    assert time.monotonic() - started < 2


def test_a_closed_socket_is_the_end(ends: tuple[socket.socket, Channel]) -> None:
    """The end of the stream, within a frame or between two, is the other side's end."""
    ours, channel = ends
    ours.sendall(LENGTHS.pack(10, 0) + b"[")
    ours.close()
    with pytest.raises(PeerGoneError):
        channel.receive()
