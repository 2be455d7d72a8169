"""Frames of the real encoder, damaged in any way, decode or are refused, in memory that their size bounds."""

import contextlib
import json
import socket
import time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers.bounds import MEGABYTE, ends_within, measured_growth
from helpers.wire import refuse
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.callloop.decoder import Decoder
from autograder.callloop.encoder import Encoder
from autograder.callloop.frames import LENGTHS, Channel, PeerGoneError, WireError
from autograder.callloop.limits import Limits

LIMITS = Limits(array_bytes=64 * 1024, items=2000, string_characters=2000, header_bytes=64 * 1024)
SHARED = (1, (2, "x"))
VALUES: list[Any] = [
    [1, 2.5, "é", None, True, 10**30, 1j, b"xy", float("nan"), range(3), slice(1, None)],
    {"k": SHARED, SHARED: {2, 3}, 1: [SHARED, [SHARED]], "f": frozenset([4])},
    [np.arange(6.0).reshape(2, 3), np.ones((2, 2), ">f4", order="F"), np.arange(9)[::2], np.float32(1)],
    [np.array(["a", "bc"]), np.array([True, False]), np.array(["2024-01-01"], "M8[D]"), np.array(3, "<i2")],
    np.array([1, "a", None], dtype=object),
    [pd.Series([1.5, 2], index=["a", "b"], name="n"), pd.Series([1, None], dtype="Int64"), pd.RangeIndex(4)],
    pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)])),
    [pd.Series(["u", "v"], dtype="category"), pd.DatetimeIndex(["2024-01-01"]), pd.NA],
]


def _frame(value: Any) -> bytes:
    encoder = Encoder(LIMITS, lambda _: None)
    text = json.dumps({"value": encoder.encode(value)}).encode()
    return LENGTHS.pack(len(text), len(encoder.body)) + text + encoder.body


FRAMES = [_frame(value) for value in VALUES]


def _received(data: bytes) -> Any:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(data)
        ours.shutdown(socket.SHUT_WR)
        frame = Channel(theirs, LIMITS).receive(time.monotonic() + 20)
    node = frame.header.get("value") if isinstance(frame.header, dict) else frame.header
    return Decoder(LIMITS, frame.body, refuse).decode(node)


def _harmless(data: bytes) -> None:
    with ends_within(60), contextlib.suppress(WireError, PeerGoneError):
        _received(data)


@pytest.mark.parametrize("place", range(len(FRAMES)))
def test_an_undamaged_frame_arrives(place: int) -> None:
    """The frames that the other tests damage are whole."""
    assert type(_received(FRAMES[place])) is type(VALUES[place])


@settings(max_examples=1500, derandomize=True, deadline=None)
@given(st.data())
def test_changed_bytes_are_harmless(data: st.DataObject) -> None:
    """A frame with some bytes changed, in its lengths, its header or its arrays, arrives or is refused."""
    frame = bytearray(data.draw(st.sampled_from(FRAMES)))
    for _ in range(data.draw(st.integers(1, 5))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    _harmless(bytes(frame))


@settings(max_examples=500, derandomize=True, deadline=None)
@given(st.data())
def test_frames_cut_short_are_harmless(data: st.DataObject) -> None:
    """A frame that ends early, or lacks a part in its middle, arrives or is refused."""
    frame = data.draw(st.sampled_from(FRAMES))
    first, second = sorted(data.draw(st.tuples(*[st.integers(0, len(frame))] * 2)))
    _harmless(frame[:first] + frame[second:])


@settings(max_examples=500, derandomize=True, deadline=None)
@given(st.sampled_from(FRAMES), st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1), st.integers(0, 400))
def test_changed_lengths_are_harmless(frame: bytes, header: int, body: int, little: int) -> None:
    """A frame that claims other lengths, large ones or nearly the right ones, arrives or is refused."""
    parts = frame[LENGTHS.size :]
    right_header, right_body = LENGTHS.unpack(frame[: LENGTHS.size])
    _harmless(LENGTHS.pack(header, body) + parts)
    _harmless(LENGTHS.pack(max(0, right_header - little), right_body + little) + parts)


def _place_of_numbers(tree: Any) -> list[tuple[list[Any], int]]:
    found = [(tree, place) for place, part in enumerate(tree) if type(part) is int]
    return found + [one for part in tree if isinstance(part, list) for one in _place_of_numbers(part)]


@settings(max_examples=1000, derandomize=True, deadline=None)
@given(st.data())
def test_changed_numbers_are_harmless(data: st.DataObject) -> None:
    """A frame whose sizes, places, identities and references are other numbers arrives or is refused."""
    frame = data.draw(st.sampled_from(FRAMES))
    length, _ = LENGTHS.unpack(frame[: LENGTHS.size])
    tree = [json.loads(frame[LENGTHS.size : LENGTHS.size + length])["value"]]
    for _ in range(data.draw(st.integers(1, 3))):
        node, place = data.draw(st.sampled_from(_place_of_numbers(tree)))
        node[place] = data.draw(st.integers(-2, 12) | st.sampled_from([2**31, 2**61 - 1, 2**63, 10**18, 10**40]))
    text, body = json.dumps({"value": tree[0]}).encode(), frame[LENGTHS.size + length :]
    _harmless(LENGTHS.pack(len(text), len(body)) + text + body)


def test_damaged_frames_take_little_memory() -> None:
    """Every frame with every byte in turn changed takes no more than a few megabytes."""
    with measured_growth() as growth:
        for frame in FRAMES:
            for place in range(0, len(frame), 3):
                _harmless(frame[:place] + b"9" + frame[place + 1 :])
    assert growth.bytes < 50 * MEGABYTE


def test_a_frame_in_parts_of_two_bytes_takes_its_size() -> None:
    """A frame that arrives in a great many small parts takes no more memory than in one."""
    length = 300_000
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)  # noqa: FBT003 - the method's only parameter
    sent = 0

    class _Slow(Channel):
        """A channel whose other end sends two bytes at a time: each is a packet of its own."""

        def _wait_until(self, deadline: float | None) -> None:
            nonlocal sent
            if sent < length:
                ours.send(b"[ " if sent == 0 else b" ]" if sent == length - 2 else b"  ")
                sent += 2

    with ours, theirs, measured_growth() as growth:
        text = _Slow(theirs, Limits())._exactly(length, None)
    assert text.startswith(b"[ ")
    assert len(text) == length
    assert growth.bytes < 8 * length
