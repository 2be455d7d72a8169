"""Several calls and answers in one frame: nothing is lost, and what does not fit together is refused."""

import time
from typing import Any

import pytest

from autograder.callloop.frames import Frame, WireError
from autograder.callloop.together import MOST_BYTES, MOST_SECONDS, Answers, joined, parted

PARTS = [({"value": 1}, b"ab"), ({"value": None}, b""), ([], b"c")]


def test_what_is_joined_comes_apart_again() -> None:
    """Headers and bytes come back in order, each with its own."""
    header, body = joined(PARTS, "answers")
    assert list(parted(Frame(header, body), "answers")) == PARTS


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ({}, b""),
        ({"answers": [], "sizes": []}, b""),
        ({"answers": [1], "sizes": [1, 2]}, b"abc"),
        ({"answers": [1], "sizes": [4]}, b"abc"),
        ({"answers": [1], "sizes": [2]}, b"abc"),
        ({"answers": [1, 2], "sizes": [4, -1]}, b"abc"),
        ({"answers": [1, 2], "sizes": [True, 2]}, b"abc"),
        ({"answers": [1, 2], "sizes": [1.0, 2.0]}, b"abc"),
        ({"answers": {"0": 1}, "sizes": [3]}, b"abc"),
        ({"answers": "x", "sizes": [3]}, b"abc"),
    ],
)
def test_what_does_not_fit_together_is_refused(header: dict[str, Any], body: bytes) -> None:
    """No answers at all, other lengths than there are bytes, and anything but lists of numbers are refused."""
    with pytest.raises(WireError):
        list(parted(Frame(header, body), "answers"))


def _answers() -> tuple[Answers, list[int]]:
    """Return answers that wait, and how many are sent each time."""
    sent: list[int] = []
    return Answers(lambda header, body: sent.append(len(header["answers"])), lambda error: {"error": str(error)}), sent


def test_answers_wait_for_each_other() -> None:
    """Small answers that come at once are one frame."""
    answers, sent = _answers()
    for _ in range(10):
        answers.add({"value": 1}, b"x")
    assert sent == []
    answers.flush()
    answers.flush()
    assert sent == [10]


def test_answers_are_sent_when_there_is_much() -> None:
    """Past a number of bytes they are sent, and no frame holds more than one answer beyond it."""
    answers, sent = _answers()
    answers.add({}, bytes(MOST_BYTES))
    assert sent == []
    answers.add({}, b"x")
    assert sent == [1]
    answers.add({}, bytes(MOST_BYTES + 1))
    assert sent == [1, 1, 1]


def test_answers_are_sent_after_a_while() -> None:
    """A slow call's answer does not wait for the next one."""
    answers, sent = _answers()
    answers.add({}, b"")
    time.sleep(MOST_SECONDS * 1.5)
    answers.add({}, b"")
    assert sent == [2]


def test_what_can_not_be_sent_is_answered_by_a_refusal() -> None:
    """An answer past a limit costs its own call and leaves the conversation in step."""
    sent: list[Any] = []

    def send(header: dict[str, Any], body: bytes) -> None:
        if "huge" in header["answers"][0]:
            msg = "too large"
            raise WireError(msg)
        sent.append((header, body))

    answers = Answers(send, lambda error: {"error": str(error)})
    answers.add({"huge": 1}, b"x")
    answers.flush()
    assert sent == [({"answers": [{"error": "too large"}], "sizes": [0]}, b"")]
