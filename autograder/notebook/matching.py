"""From a submission and its assignment to what is run: cells matched by id, locked ones restored."""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from autograder import __version__
from autograder.notebook.assignment import Assignment
from autograder.notebook.cells import Cell
from autograder.notebook.demonstrations import superfluous
from autograder.notebook.installing import installing_warnings, is_installing
from autograder.notebook.plan import Plan, PlanCell, Side
from autograder.notebook.reading import Notebook
from autograder.notebook.reads import look_names_up, names_mentioned
from autograder.notebook.recognising import (
    MOST_PADDING,
    MOST_SEARCHED_CHARACTERS,
    lines_of,
    recognised,
    without_editors,
)
from autograder.notebook.sources import bound_names, visible_part

# The first minor format in which cells have ids of their own, and what such an id may be.
MINOR_WITH_IDS = 5
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
# Files beside a notebook that are sent whether or not a cell names them.
ALL_FILES_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Placed:
    """A cell of the restored notebook, and whether it is the instructor's."""

    cell: Cell
    pristine: bool


@dataclass
class Restored:
    """The submission with the instructor's cells in their place, and what was odd about it."""

    cells: list[Placed] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def _same_text(one: str, other: str) -> bool:
    # Looked at first, because a submission may hold a hundred thousand cells, or one of many megabytes.
    if abs(len(one) - len(other)) > MOST_PADDING or one.lstrip()[:1] != other.lstrip()[:1]:
        return False
    return lines_of(one) == lines_of(other)


def _named(cell: Cell) -> str:
    return f"cell {cell.grade_id[:80]!r}"


def _note_changes(submitted: Cell, pristine: Cell, warnings: list[str]) -> None:
    """Say what a student changed in a cell of the instructor's."""
    if submitted.kind != pristine.kind:
        warnings.append(f"{_named(pristine)}: its type was changed; it counts as {pristine.kind}")
    elif not _same_text(submitted.source, pristine.source) and not _same_text(
        submitted.source, visible_part(pristine.source)
    ):
        warnings.append(f"{_named(pristine)}: its text was changed; the instructor's text is used")
    for mark in ("grade_id", "grade", "locked", "solution", "points"):
        if submitted.marks.get(mark) != pristine.marks.get(mark):
            warnings.append(f"{_named(pristine)}: its metadata ({mark}) was changed; the instructor's is used")
            break


def _as_code(cell: Cell) -> Cell:
    return Cell("code", cell.source, {**cell.raw, "cell_type": "code"}, cell.marks)


def _with_marks(cell: Cell, marks: dict[str, Any]) -> Cell:
    """Return a cell that is written with these nbgrader metadata: nbgrader would believe what a student invents."""
    metadata = {name: value for name, value in without_editors(cell.raw["metadata"]).items() if name != "nbgrader"}
    metadata |= {"nbgrader": marks} if marks else {}
    return Cell(cell.kind, cell.source, {**cell.raw, "metadata": metadata}, cell.marks)


def _kept(submission: Notebook, assignment: Assignment) -> Restored:
    """Walk the submission: locked cells become the instructor's, the first copy of each counts."""
    restored, seen = Restored(), set()
    by_text = {lines_of(visible_part(cell.source)): cell for cell in assignment.locked.values() if cell.kind == "code"}
    marks = {cell.grade_id: cell.marks for cell in assignment.cells if cell.grade_id and not cell.is_locked}
    for cell in recognised(submission.cells, assignment):
        if is_installing(cell):
            restored.warnings += installing_warnings(cell, __version__)
        pristine = assignment.locked.get(cell.grade_id) if cell.grade_id else None
        if pristine is not None and cell.kind == "code":
            # A cell that was given another's id keeps its place by its text.
            pristine = by_text.get(lines_of(cell.source), pristine)
        solution = assignment.solutions.get(cell.grade_id) if cell.grade_id else None
        if pristine is not None:
            if pristine.grade_id in seen:
                restored.warnings.append(f"{_named(cell)} is there more than once; further copies count for nothing")
                continue
            seen.add(pristine.grade_id)
            _note_changes(cell, pristine, restored.warnings)
            restored.cells.append(Placed(pristine, pristine=True))
        elif solution is not None and solution.kind != cell.kind:
            restored.warnings.append(f"{_named(cell)}: its type was changed; it counts as {solution.kind}")
            own = _with_marks(cell, solution.marks)
            restored.cells.append(Placed(_as_code(own) if solution.kind == "code" else own, pristine=False))
        else:
            restored.cells.append(Placed(_with_marks(cell, marks.get(cell.grade_id, {})), pristine=False))
    return restored


def _matches(placed: Cell, pristine: Cell) -> bool:
    if pristine.grade_id and placed.grade_id:
        return placed.grade_id == pristine.grade_id
    if pristine.identity and placed.identity:
        return placed.identity == pristine.identity
    return placed.kind == pristine.kind and _same_text(placed.source, pristine.source)


def _candidates(restored: Restored, assignment: Assignment) -> set[int]:
    """Return the id() of every cell that could match one of the assignment's; of cells that are alike, the last.

    A submission may hold a hundred thousand cells, which are then looked at once and not again for each
    cell that is missing.
    """
    ids = {cell.grade_id for cell in assignment.cells}
    identities = {cell.identity for cell in assignment.cells} - {""}
    texts = {lines_of(cell.source) for cell in assignment.cells}
    longest = max((len(cell.source) for cell in assignment.cells), default=0) + MOST_PADDING
    last: dict[tuple[Any, ...], Placed] = {}
    for placed in restored.cells:
        cell = placed.cell
        text = lines_of(cell.source) if len(cell.source) <= longest else ()
        known = text if text in texts else ()
        if known or cell.identity in identities or (cell.grade_id and cell.grade_id in ids):
            last[cell.grade_id, cell.identity, cell.kind, known] = placed
    return {id(placed) for placed in last.values()}


def _defining_cells(restored: Restored) -> dict[str, Placed]:
    """Return the last cell of the student's that defines each name, as far as the cells may be searched."""
    found: dict[str, Placed] = {}
    searched = 0
    for placed in restored.cells:
        searched += len(placed.cell.source)
        if searched > MOST_SEARCHED_CHARACTERS:
            break
        if placed.cell.kind == "code":
            found |= dict.fromkeys(bound_names(placed.cell.source, imports=False), placed)
    return found


def _place_after(
    restored: Restored, assignment: Assignment, position: int, candidates: set[int], defining: dict[str, Placed]
) -> int:
    """Return where a missing cell goes: after the nearest earlier cell of the assignment that is there.

    A solution cell that lost its id is found by the function that it defines.
    """
    places = [(place, placed) for place, placed in enumerate(restored.cells) if id(placed) in candidates]
    for earlier in reversed(assignment.cells[:position]):
        found = [place for place, placed in places if _matches(placed.cell, earlier)]
        if not found and earlier.is_solution and earlier.grade_id in defining:
            found = [place for place, one in enumerate(restored.cells) if one is defining[earlier.grade_id]]
        if found:
            return found[-1] + 1
    return 0


def _put_back_missing(restored: Restored, assignment: Assignment) -> None:
    present = {placed.cell.grade_id for placed in restored.cells if placed.pristine}
    missing = assignment.locked.keys() - present
    candidates = _candidates(restored, assignment) if missing else set()
    defining = _defining_cells(restored) if missing else {}
    for position, cell in enumerate(assignment.cells):
        if cell.is_locked and cell.grade_id in missing:
            put_back = Placed(cell, pristine=True)
            restored.cells.insert(_place_after(restored, assignment, position, candidates, defining), put_back)
            candidates.add(id(put_back))
            restored.warnings.append(f"{_named(cell)} was missing and has been put back")
    present_ids = {placed.cell.grade_id for placed in restored.cells}
    restored.warnings += [
        f"solution {_named(cell)} is missing"
        for cell in assignment.solutions.values()
        if cell.grade_id not in present_ids
    ]


def restore(submission: Notebook, assignment: Assignment) -> Restored:
    """Return the submission with every locked cell of the assignment in its place, once."""
    restored = _kept(submission, assignment)
    _put_back_missing(restored, assignment)
    return restored


def _plan_cell(placed: Placed, index: int, assignment: Assignment) -> PlanCell:
    cell = placed.cell
    if is_installing(cell):
        return PlanCell(Side.NOWHERE, cell.source, cell.grade_id, index)
    if not placed.pristine:
        as_released = cell.source in assignment.plain_texts
        return PlanCell(Side.STUDENT, cell.source, cell.grade_id, index, as_released=as_released)
    if not cell.is_test:
        return PlanCell(Side.INSTRUCTOR, cell.source, cell.grade_id, index, visible_part(cell.source))
    there = cell.grade_id in assignment.on_students_side
    return PlanCell(Side.TEST, cell.source, cell.grade_id, index, visible_part(cell.source), cell.points, there)


def _files(restored: Restored, assignment: Assignment, beside: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    """Return the files for the scratch folder, the instructor's before a student's of the same name.

    All of them if they are small together, else those that some cell may mean.
    """
    files = {**beside, **dict(assignment.beside)}
    if sum(map(len, files.values())) > ALL_FILES_BYTES:
        text = "\n".join(placed.cell.source for placed in restored.cells if placed.cell.kind == "code")
        files = {name: content for name, content in files.items() if PurePosixPath(name).stem in text}
    return tuple((name, base64.b64encode(content).decode()) for name, content in files.items())


def plan_for(restored: Restored, assignment: Assignment, seed: str, beside: Mapping[str, bytes] | None = None) -> Plan:
    """Return what is run for a restored submission. beside: what was handed in with it."""
    before = dict(assignment.definitions_before)
    cells: list[PlanCell] = []
    code = [(index, placed) for index, placed in enumerate(restored.cells) if placed.cell.kind == "code"]
    left_out = superfluous(assignment, [(placed.cell, placed.pristine) for _, placed in code])
    for place, (index, placed) in enumerate(code):
        if place in left_out:
            cells.append(PlanCell(Side.NOWHERE, placed.cell.source, placed.cell.grade_id, index))
            continue
        if placed.pristine:
            cells += [PlanCell(Side.DEFINITIONS, text) for text in before.pop(placed.cell.grade_id, ())]
        cells.append(_plan_cell(placed, index, assignment))
    modules = tuple((name, base64.b64encode(text).decode()) for name, text in assignment.beside if name[-3:] == ".py")
    return Plan(
        cells=tuple(cells),
        seed=seed,
        expected_names=assignment.bound_names,
        solution_names=assignment.solution_names,
        figures=bool(assignment.needs_manual),
        class_names=assignment.class_names,
        own_names=assignment.own_names,
        pure_names=assignment.pure_names,
        keeping_names=assignment.keeping_names,
        filled=assignment.filled,
        examples=assignment.examples,
        files=_files(restored, assignment, beside or {}),
        modules=modules,
        read_names=_read_names(cells),
    )


def _read_names(cells: Sequence[PlanCell]) -> tuple[str, ...] | None:
    """Return the global names that what runs on the student's side may read; None if that can't be told."""
    running = [cell.source for cell in cells if cell.side in (Side.STUDENT, Side.INSTRUCTOR) or cell.on_students_side]
    if look_names_up(running):
        return None
    return tuple(sorted(frozenset().union(*map(names_mentioned, running))))


def _harmless(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return what of a notebook's metadata is needed: the rest, such as widgets, can carry scripts into a browser."""
    parts = {name: metadata[name] for name in ("kernelspec", "language_info") if isinstance(metadata.get(name), dict)}
    return {
        name: {key: text for key, text in part.items() if isinstance(key, str) and isinstance(text, str)}
        for name, part in parts.items()
    }


def notebook_json(restored: Restored, submission: Notebook, outputs: dict[int, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the restored notebook with outputs, as the JSON of a notebook file."""
    cells, taken = [], set()
    minor = min(submission.minor, MINOR_WITH_IDS)
    for index, placed in enumerate(restored.cells):
        data = {**placed.cell.raw, "source": placed.cell.source}
        if minor < MINOR_WITH_IDS:
            data.pop("id", None)  # which the format knows nothing of
        elif data.get("id") in taken or not CELL_ID.fullmatch(data.get("id", "")):
            data["id"] = f"cell-{index}"
        taken.add(data.get("id"))
        if placed.cell.kind == "code":
            data |= {"execution_count": None, "outputs": outputs.get(index, [])}
        cells.append(data)
    return {
        "cells": cells,
        "metadata": _harmless(submission.metadata),
        "nbformat": 4,
        "nbformat_minor": minor,
    }
