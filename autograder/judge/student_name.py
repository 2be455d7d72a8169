"""A name of the student's side, in what it is asked."""

from typing import Any


class StudentName:
    """Stands for a name of the student's side in a request."""

    def __init__(self, name: str) -> None:
        self.name = name


def node_of_name(value: Any) -> list[Any] | None:
    """Return the node of a StudentName, or None for anything else."""
    return ["name", value.name] if isinstance(value, StudentName) else None
