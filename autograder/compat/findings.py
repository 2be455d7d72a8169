"""What a look at a course's test cells finds, as frozen values."""

from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

SCHEMA = 1


class Fate(Enum):
    """How a test cell will run."""

    TRUSTED = "trusted"
    WITH_A_NOTE = "trusted with a note"
    ALLOWED = "on the student's side, as configured"
    CANNOT = "cannot run trusted"


@dataclass(frozen=True)
class Finding:
    """One thing that a test cell does. stops: whether it can't be done across the boundary. advice: what to do."""

    what: str
    stops: bool = False
    advice: str = ""


@dataclass(frozen=True)
class CellReport:
    """What was found in one test cell."""

    assignment: str
    notebook: str
    grade_id: str
    findings: tuple[Finding, ...]
    allowed: bool = False

    @property
    def fate(self) -> Fate:
        """How the cell will run."""
        if self.allowed:
            return Fate.ALLOWED
        if any(one.stops for one in self.findings):
            return Fate.CANNOT
        return Fate.WITH_A_NOTE if self.findings else Fate.TRUSTED


@dataclass(frozen=True)
class CourseReport:
    """What was found in a course. unread: why a notebook could not be read, for each that could not."""

    cells: tuple[CellReport, ...]
    unread: tuple[str, ...] = ()
    manual: int = 0

    @property
    def incomplete(self) -> bool:
        """True if grading would leave something unjudged."""
        return bool(self.unread) or any(cell.fate is Fate.CANNOT for cell in self.cells)

    def count(self, fate: Fate) -> int:
        """Return how many cells have a fate."""
        return sum(cell.fate is fate for cell in self.cells)


def as_json(report: CourseReport) -> dict[str, Any]:
    """Return the report as plain data."""
    cells = [
        {
            "assignment": cell.assignment,
            "notebook": cell.notebook,
            "cell": cell.grade_id,
            "fate": cell.fate.name.lower(),
            "findings": [asdict(one) for one in cell.findings],
        }
        for cell in report.cells
    ]
    counts = {fate.name.lower(): report.count(fate) for fate in Fate}
    return {"schema": SCHEMA, "counts": counts, "cells": cells, "unread": list(report.unread), "manual": report.manual}
