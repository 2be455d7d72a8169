"""What is to be run for one submission: cells in order, each with the side that it runs on.

A plan is plain data, so that it can be sent to the judge's process as it is.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from autograder.notebook.plotting import draws


class Side(Enum):
    """Where a cell runs.

    STUDENT: in the sandbox only. INSTRUCTOR: on both sides, in the instructor's version.
    DEFINITIONS: on the grader's side only: imports, functions and classes of an instructor's cell
    whose text a student may change. TEST: on the grader's side, and it is worth points. NOWHERE: nothing
    that is graded depends on it, and only a reader would see what it shows.
    """

    STUDENT = "student"
    INSTRUCTOR = "instructor"
    DEFINITIONS = "definitions"
    TEST = "test"
    NOWHERE = "nowhere"


@dataclass(frozen=True)
class PlanCell:
    """One cell to run.

    grade_id: its nbgrader id, or "". index: its place in the notebook that is written, or -1.
    visible: the text without hidden parts; for all but tests, the text itself. on_students_side: whether a
        test runs in the student's process, because the instructor said so. as_released: whether a cell that
        students may change is as the instructor wrote it.
    """

    side: Side
    source: str
    grade_id: str = ""
    index: int = -1
    visible: str = ""
    points: float = 0.0
    on_students_side: bool = False
    as_released: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the cell as plain data."""
        return {**vars(self), "side": self.side.value}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "PlanCell":
        """Return the cell that `as_json` wrote."""
        return cls(**{**data, "side": Side(data["side"])})


@dataclass(frozen=True)
class Plan:
    """A submission to run and judge.

    seed: what hidden cases and the student's random numbers are drawn from, in hexadecimal.
    expected_names: names that the instructor's own notebook binds, so that one that is missing is
        the student's fault and any other the test's.
    read_names: names that what runs on the student's side may read; None for any.
    figures: whether to draw figures, because a person will look at the outputs.
    solution_names: names that the assignment asks students to define; no test's or instructor's
        definition stands in their way.
    class_names: those of them that are classes in the instructor's own version.
    pure_names: functions that leave their arguments alone in the instructor's own version.
    keeping_names: functions that keep what they are given, for later calls, in the instructor's own version.
    filled: what the instructor's cells and modules keep that the students' cells are to fill; see `filled_places`.
    examples: those in the docstrings of the instructor's own version, which doctest runs.
    own_names: functions, classes and imports of the instructor's cells, which no student's takes the place of.
    files, modules: what lies beside the notebook, by path, in base64: for the scratch folder; for tests to import.
    """

    cells: tuple[PlanCell, ...]
    seed: str
    expected_names: tuple[str, ...] = ()
    solution_names: tuple[str, ...] = ()
    figures: bool = False
    class_names: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    modules: tuple[tuple[str, str], ...] = ()
    read_names: tuple[str, ...] | None = None
    own_names: tuple[str, ...] = ()
    pure_names: tuple[str, ...] = ()
    keeping_names: tuple[str, ...] = ()
    filled: tuple[tuple[str, str, str], ...] = ()
    examples: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the plan as plain data."""
        # Not by asdict, which would copy every text's holder once more.
        return {**vars(self), "cells": [cell.as_json() for cell in self.cells]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Plan":
        """Return the plan that `as_json` wrote."""
        cells = tuple(PlanCell.from_json(cell) for cell in data["cells"])
        keys = "expected_names", "solution_names", "class_names", "own_names", "pure_names", "keeping_names", "examples"
        names = {key: tuple(data[key]) for key in keys}
        files, modules = (tuple((one[0], one[1]) for one in data[key]) for key in ("files", "modules"))
        filled = tuple((one[0], one[1], one[2]) for one in data["filled"])
        read = None if data["read_names"] is None else tuple(data["read_names"])
        return cls(
            cells, data["seed"], figures=bool(data["figures"]), files=files, modules=modules, read_names=read,
            filled=filled, **names,
        )  # fmt: skip

    @property
    def sources(self) -> str:
        """The text of everything that runs in the sandbox."""
        return "\n".join(cell.source for cell in self.cells if cell.side in (Side.STUDENT, Side.INSTRUCTOR))

    @property
    def draws(self) -> bool:
        """Whether anything that runs draws with Matplotlib, on either side."""
        return draws("\n".join(cell.source for cell in self.cells if cell.side is not Side.NOWHERE))


def module_names(plan: Plan) -> frozenset[str]:
    """Return the names under which a plan's tests import the instructor's modules."""
    paths = (path.removesuffix(".py").removesuffix("/__init__") for path, _ in plan.modules if path.endswith(".py"))
    return frozenset(path.replace("/", ".") for path in paths)
