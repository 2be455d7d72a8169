"""What a worker of a cluster is sent: the tests of an assignment once, then submissions one by one.

All of it is plain data, by content, so that no folder need be shared. The course's secret is in none of it.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.callloop.limits import Limits
from autograder.fingerprint import course_modules, environment_facts
from autograder.notebook.assignment import Assignment
from autograder.notebook.reading import notebook_from_bytes


@dataclass(frozen=True)
class Parcel:
    """An assignment's tests as they are sent.

    facts: the versions that a worker must have. level: the least isolation that it must give.
    notebooks: the instructor's, by name. modules: what the tests import from the course, by name below its folder.
    beside: what lies beside the notebooks. on_students_side: tests that run there, by notebook.
    """

    name: str
    facts: dict[str, str]
    level: str
    limits: Limits
    notebooks: dict[str, bytes]
    modules: dict[str, bytes]
    beside: dict[str, bytes] = field(default_factory=dict)
    on_students_side: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, assignments: Sequence[Assignment], limits: Limits, level: str) -> "Parcel":
        """Return the tests of an assignment's notebooks, with the versions of this machine."""
        notebooks = {one.notebook_name: one.notebook.content for one in assignments}
        modules = {name: path.read_bytes() for name, path in sorted(course_modules(assignments).items())}
        beside = dict(assignments[0].beside)
        there = {one.notebook_name: sorted(one.on_students_side) for one in assignments}
        return cls(assignments[0].name, environment_facts(), level, limits, notebooks, modules, beside, there)

    def packed(self) -> bytes:
        """Return the tests as bytes; equal tests give equal bytes."""
        data = {
            "name": self.name,
            "facts": self.facts,
            "level": self.level,
            "limits": self.limits.as_json(),
            "notebooks": _texts(self.notebooks),
            "modules": _texts(self.modules),
            "beside": _texts(self.beside),
            "on_students_side": self.on_students_side,
        }
        return zlib.compress(json.dumps(data, sort_keys=True).encode())

    @classmethod
    def unpacked(cls, packed: bytes) -> "Parcel":
        """Return the tests that `packed` wrote."""
        data = json.loads(zlib.decompress(packed))
        limits = Limits.from_json(data["limits"])
        notebooks, modules = _contents(data["notebooks"]), _contents(data["modules"])
        beside, there = _contents(data["beside"]), data["on_students_side"]
        return cls(data["name"], data["facts"], data["level"], limits, notebooks, modules, beside, there)

    def laid_out(self, folder: Path) -> list[Assignment]:
        """Write the modules below a folder, and return the assignment's notebooks with it as their course."""
        for name, content in self.modules.items():
            relative = PurePosixPath(name)
            if relative.is_absolute() or ".." in relative.parts:
                raise ValueError(name)
            path = folder / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        beside, there = tuple(self.beside.items()), self.on_students_side
        return [
            Assignment(self.name, name, notebook_from_bytes(text), folder, beside, frozenset(there.get(name, ())))
            for name, text in self.notebooks.items()
        ]


def digest(packed: bytes) -> str:
    """Return what stands for packed tests."""
    return hashlib.sha256(packed).hexdigest()


def _texts(files: dict[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(content).decode() for name, content in files.items()}


def _contents(texts: dict[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(text) for name, text in texts.items()}


@dataclass(frozen=True)
class Errand:
    """One submission as it is sent.

    file_name, shown_path: for messages. notebook_name: which of the assignment's notebooks it is.
    content: of the file. seed: of this student's hidden cases, in hexadecimal. beside: what was handed in with it.
    """

    file_name: str
    shown_path: str
    notebook_name: str
    content: bytes
    seed: str
    beside: dict[str, bytes] = field(default_factory=dict)

    def packed(self) -> dict[str, Any]:
        """Return the submission as plain data, the content made small."""
        return {**self.__dict__, "content": zlib.compress(self.content, 1)}

    @classmethod
    def unpacked(cls, data: dict[str, Any]) -> "Errand":
        """Return the submission that `packed` wrote."""
        return cls(**{**data, "content": zlib.decompress(data["content"])})
