"""Values of the grader's side: which are data, and which have something in them that no student's may stand for."""

from contextlib import suppress
from typing import Any

from autograder.callloop.encoder import Encoder
from autograder.callloop.frames import WireError
from autograder.judge.making import node_of
from autograder.judge.session import Session


def is_more_than_data(session: Session, own: Any) -> bool:
    """Tell whether a value has anything in it that is neither plain data nor the student's."""
    opaque: list[Any] = []

    def other(part: Any) -> list[Any]:
        opaque.extend([] if node_of(part) else [part])
        return []

    with suppress(WireError, RecursionError):
        Encoder(session.limits, other).encode(own)
    return bool(opaque)
