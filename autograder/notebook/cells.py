"""One cell of a notebook file, with the nbgrader metadata that matter for grading."""

import math
from dataclasses import dataclass
from typing import Any

from autograder.callloop.plain_data import clean

MOST_METADATA_DEPTH = 16


@dataclass(frozen=True)
class Cell:
    """A cell as the file has it.

    raw: the cell's JSON, without outputs. marks: its nbgrader metadata, {} where it has none.
    """

    kind: str
    source: str
    raw: dict[str, Any]
    marks: dict[str, Any]

    @property
    def grade_id(self) -> str:
        """The nbgrader id, or ""."""
        found = self.marks.get("grade_id")
        return found if isinstance(found, str) else ""

    @property
    def identity(self) -> str:
        """The cell's own id in the file (nbformat 4.5), or ""."""
        found = self.raw.get("id")
        return found if isinstance(found, str) else ""

    @property
    def is_solution(self) -> bool:
        """True if students write in this cell."""
        return self.marks.get("solution") is True

    @property
    def is_grade(self) -> bool:
        """True if the cell is worth points."""
        return self.marks.get("grade") is True

    @property
    def is_test(self) -> bool:
        """True if the cell is graded by running it."""
        return self.is_grade and not self.is_solution and self.kind == "code"

    @property
    def is_manual(self) -> bool:
        """True if a person must grade the cell."""
        return (self.is_grade and not self.is_test) or self.marks.get("task") is True

    @property
    def is_locked(self) -> bool:
        """True if the cell is the instructor's, whatever a submission holds."""
        return bool(self.grade_id) and not self.is_solution and (self.is_grade or self.marks.get("locked") is True)

    @property
    def points(self) -> float:
        """What the cell is worth."""
        found = self.marks.get("points", 0)
        return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else 0.0


def _can_be_stored(value: Any, depth: int = 0) -> bool:
    """Tell whether every program can write a piece of metadata and read it back.

    Deep nesting ends programs that follow it, and JSON has neither NaN nor halves of characters.
    """
    if depth > MOST_METADATA_DEPTH:
        return False
    if isinstance(value, dict):
        return all(_can_be_stored(part, depth + 1) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return all(_can_be_stored(part, depth + 1) for part in value)
    if isinstance(value, str):
        return clean(value) == value
    return not isinstance(value, float) or math.isfinite(value)


def storable(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return the pieces of a notebook's or a cell's metadata that can be written and read again."""
    return {name: held for name, held in metadata.items() if _can_be_stored([name, held])}


def _text(source: Any) -> str:
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def cell_from_json(data: dict[str, Any]) -> Cell:
    """Return a cell from its JSON, whatever of it is missing or of a wrong type."""
    metadata = data.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    marks = metadata.get("nbgrader")
    marks = marks if isinstance(marks, dict) else {}
    metadata = storable(metadata)
    kind = data.get("cell_type")
    kind = kind if kind in ("code", "markdown", "raw") else "raw"
    source = _text(data.get("source"))
    raw = {"cell_type": kind, "metadata": metadata, "source": source}
    if isinstance(data.get("id"), str):
        raw["id"] = data["id"]
    return Cell(kind, source, raw, marks)
