"""Sandbox backends that other packages add: what they must have, and how the judge's process finds them again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from autograder.errors import ExtensionError
from autograder.extensions import BACKENDS, fault_of_call, load
from autograder.sandbox.backend import Backend, Start

LEVELS = ("none", "container", "full")


class SandboxBackend(Protocol):
    """What starts sandboxes: the built-in backend, or another package's.

    Another package's has, besides, a `level`: full, container or none, as `autograder doctor` uses the words.
    """

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of what keeps student code apart, for reports. `cgroup` asks for the built-in control groups."""
        ...

    @property
    def is_a_boundary(self) -> bool:
        """True if student code can't read or change what the grader can."""
        ...

    def start(self, folder: Path, control: int, groups: list[str]) -> Start:
        """Return how to start one sandbox.

        folder: an empty one of its own. control: the descriptor of its control socket, which the first program must
        have open under the same number. groups: control groups to enter, as files to write the process number to.
        Raises SandboxError if it can't be had here.
        """
        ...


@dataclass(frozen=True)
class Provided:
    """Another package's backend, under the name of its entry point."""

    name: str
    made: Any

    @property
    def level(self) -> str:
        """The level of isolation that it says it gives."""
        return str(self.made.level)

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of what keeps student code apart."""
        return tuple(map(str, self.made.layers))

    @property
    def is_a_boundary(self) -> bool:
        """True if student code can't read or change what the grader can."""
        return self.made.is_a_boundary is True

    def start(self, folder: Path, control: int, groups: list[str]) -> Start:
        """Return how to start one sandbox. Raises ExtensionError if the backend returns anything else."""
        start = self.made.start(folder, control, groups)
        if isinstance(start, Start):
            return start
        msg = f"the sandbox backend {self.name!r} returned a {type(start).__name__} from start(); expected a Start"
        raise ExtensionError(msg)


def provided(name: str) -> Provided:
    """Return another package's backend, made anew. Raises ExtensionError."""
    make = load(BACKENDS, name, fault_of_call)
    try:
        made = make()
    except Exception as error:
        msg = f"the sandbox backend {name!r} can't be made: {type(error).__name__}: {error}"
        raise ExtensionError(msg) from error
    if fault := _fault_of(made):
        msg = f"the sandbox backend {name!r} has not the form of one: {fault}"
        raise ExtensionError(msg)
    return Provided(name, made)


def _fault_of(made: Any) -> str:
    missing = [one for one in ("level", "layers", "is_a_boundary", "start") if not hasattr(made, one)]
    if missing:
        return f"it has no {', no '.join(missing)}"
    if made.level not in LEVELS:
        return f"its level is {made.level!r}; expected one of {', '.join(LEVELS)}"
    if not isinstance(made.layers, tuple) or not all(isinstance(one, str) for one in made.layers):
        return f"its layers are {made.layers!r}; expected a tuple of names"
    if not isinstance(made.is_a_boundary, bool):
        return f"its is_a_boundary is {made.is_a_boundary!r}; expected True or False"
    return fault_of_call(made.start, "folder", "control", "groups")


def backend_data(backend: SandboxBackend) -> dict[str, Any]:
    """Return a backend as plain data, for the judge's process."""
    if isinstance(backend, Provided):
        return {"name": backend.name}
    assert isinstance(backend, Backend)
    return asdict(backend)


def backend_from(data: Mapping[str, Any]) -> SandboxBackend:
    """Return the backend that `backend_data` made plain. Raises ExtensionError."""
    if "name" in data:
        return provided(str(data["name"]))
    return Backend(tuple(data["layers"]), data["bubblewrap"])
