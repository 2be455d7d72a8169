"""What calls find around them that a test has set: random numbers, who answers input(), and standard input."""

import builtins
import contextlib
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from autograder.callloop.decoder import Decoder
from autograder.callloop.encoder import Encoder
from autograder.callloop.frames import WireError
from autograder.callloop.random_state import random_state, set_random_state
from autograder.callloop.surroundings import WORK
from autograder.judge.drawing import goes_on

if TYPE_CHECKING:
    from autograder.judge.process import StudentProcess

# What a test has replaced, if it is not these any more, answers the student's input().
_INPUT, _STDIN = builtins.input, sys.stdin


def _answer_from_stdin(prompt: object = "") -> str:
    return _INPUT(prompt)


def _next_line() -> str:
    return str(sys.stdin.readline())


def _answering() -> Callable[..., Any] | None:
    """Return what answers the student's input(), where the test has seen to that; None where nobody does."""
    if builtins.input is not _INPUT:
        return builtins.input
    return _answer_from_stdin if sys.stdin is not _STDIN else None


def surroundings(*, shares_random: bool) -> dict[str, Any]:
    """Return what calls find around them, by its name on the wire; nothing where a test has set nothing."""
    found: dict[str, Any] = {"random": random_state()} if shares_random else {}
    asked = _answering()
    found |= {"input": asked} if asked is not None else {}
    return found | ({"stdin": _next_line} if sys.stdin is not _STDIN else {})


def take_over_random(decoder: Decoder, node: Any) -> None:
    """Let this side's random numbers go on from where those of the student's calls ended."""
    with contextlib.suppress(WireError, LookupError, TypeError, AttributeError):
        state = decoder.decode(node)
        if goes_on(random_state(), state):
            set_random_state(state)


def put_files(
    process: "StudentProcess", encoder: Callable[[], Encoder], folder: str, files: Mapping[str, bytes]
) -> None:
    """Lay the files that belong to the assignment into the scratch folder, each in a message of its own."""
    asked: list[tuple[str, Any]] = [("work_in", folder)] if folder else []
    inside = f"{WORK}/" if folder else ""
    asked += [("write_files", {inside + name: content}) for name, content in files.items()]
    for operation, argument in asked:
        with contextlib.suppress(WireError):
            made = encoder()
            header = {"op": "apply", "operation": operation, "arguments": made.encode([argument])}
            process.request(header, bytes(made.body))
