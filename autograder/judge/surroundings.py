"""What calls find around them that a test has set: random numbers, and who answers input()."""

import builtins
import contextlib
import sys
from collections.abc import Callable
from typing import Any

from autograder.callloop.decoder import Decoder
from autograder.callloop.frames import WireError
from autograder.callloop.random_state import random_state, set_random_state
from autograder.judge.drawing import goes_on

# What a test has replaced, if it is not these any more, answers the student's input().
_INPUT, _STDIN = builtins.input, sys.stdin


def _answer_from_stdin(prompt: object = "") -> str:
    return _INPUT(prompt)


def _answering() -> Callable[..., Any] | None:
    """Return what answers the student's input(), where the test has seen to that; None where nobody does."""
    if builtins.input is not _INPUT:
        return builtins.input
    return _answer_from_stdin if sys.stdin is not _STDIN else None


def surroundings(*, shares_random: bool) -> dict[str, Any]:
    """Return what calls find around them, by its name on the wire; nothing where a test has set nothing."""
    found: dict[str, Any] = {"random": random_state()} if shares_random else {}
    asked = _answering()
    return found if asked is None else {**found, "input": asked}


def take_over_random(decoder: Decoder, node: Any) -> None:
    """Let this side's random numbers go on from where those of the student's calls ended."""
    with contextlib.suppress(WireError, LookupError, TypeError, AttributeError):
        state = decoder.decode(node)
        if goes_on(random_state(), state):
            set_random_state(state)
