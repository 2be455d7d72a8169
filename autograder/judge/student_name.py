"""A name of the student's side, in what it is asked, and in what it says that a call has changed."""

from collections.abc import Iterator
from typing import Any

from autograder.judge.warned import is_pair

MOST_CHANGED = 1000


class StudentName:
    """Stands for a name of the student's side in a request."""

    def __init__(self, name: str) -> None:
        self.name = name


def node_of_name(value: Any) -> list[Any] | None:
    """Return the node of a StudentName, or None for anything else."""
    return ["name", value.name] if isinstance(value, StudentName) else None


def changed_names(told: Any) -> Iterator[str]:
    """Yield the names whose data the student's side says that a call has changed."""
    for pair in told[:MOST_CHANGED] if isinstance(told, list) else []:
        if is_pair(pair):
            yield pair[0]
