"""Notebooks as JSON values: cells to build one from, and changes to one, each returning a new notebook."""

import copy
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
SETS = ("ps1_chain_rule", "ps2_linear", "ps3_matrix", "ps4_blame", "ps5_two_layer")
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"

Json = dict[str, Any]


# --- cells ----------------------------------------------------------------------------------------


def code(text: str, marks: Json | None = None) -> Json:
    """Return a code cell, with nbgrader metadata where given."""
    metadata = {"nbgrader": {"schema_version": 3, **marks}} if marks else {}
    return {"cell_type": "code", "execution_count": None, "metadata": metadata, "outputs": [], "source": text}


def markdown(text: str, marks: Json | None = None) -> Json:
    """Return a text cell."""
    metadata = {"nbgrader": {"schema_version": 3, **marks}} if marks else {}
    return {"cell_type": "markdown", "metadata": metadata, "source": text}


def solution(grade_id: str, text: str = STUB) -> Json:
    """Return a cell that students write in."""
    return code(text, {"grade_id": grade_id, "grade": False, "solution": True, "locked": False, "task": False})


def check(grade_id: str, text: str, points: float = 1) -> Json:
    """Return a test cell."""
    marks = {"grade_id": grade_id, "grade": True, "solution": False, "locked": True, "task": False, "points": points}
    return code(text, marks)


def locked(grade_id: str, text: str) -> Json:
    """Return an instructor's cell that is worth nothing."""
    return code(text, {"grade_id": grade_id, "grade": False, "solution": False, "locked": True, "task": False})


def hidden(text: str) -> str:
    """Return a hidden part of a test cell."""
    return f"### BEGIN HIDDEN TESTS\n{text}\n### END HIDDEN TESTS"


def notebook(*cells: Json, **metadata: Any) -> Json:
    """Return a notebook of these cells, with a Python kernel unless `metadata` says otherwise."""
    metadata = metadata or {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return {"cells": list(copy.deepcopy(cells)), "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}


# --- the five sets --------------------------------------------------------------------------------


def source(name: str) -> Json:
    """Return a set's notebook as the instructor wrote it."""
    read: Json = json.loads((ROOT / "source" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    for cell in read["cells"]:
        cell["source"] = "".join(cell["source"])
    return read


def _without_hidden(text: str) -> str:
    return re.sub(r"^### BEGIN HIDDEN TESTS\n.*?^### END HIDDEN TESTS\n?", "", text, flags=re.MULTILINE | re.DOTALL)


def _without_solution(text: str) -> str:
    def stub(found: re.Match[str]) -> str:
        return "\n".join(found[1] + line for line in STUB.split("\n"))

    return re.sub(r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION", stub, text, flags=re.MULTILINE | re.DOTALL)


def released(original: Json) -> Json:
    """Return what students get: no hidden tests, and stubs for solutions."""
    given = copy.deepcopy(original)
    for cell in given["cells"]:
        cell["source"] = _without_solution(_without_hidden(cell["source"]))
    return given


def solved(original: Json) -> Json:
    """Return a student's copy in which every solution is the instructor's."""
    given = copy.deepcopy(original)
    for cell in given["cells"]:
        cell["source"] = re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", _without_hidden(cell["source"]))
    return given


# --- changes --------------------------------------------------------------------------------------


def marks_of(cell: Json) -> Json:
    """Return a cell's nbgrader metadata, {} where it has none."""
    found: Json = cell["metadata"].get("nbgrader", {})
    return found


def grade_id_of(cell: Json) -> str:
    """Return a cell's grade_id, or ""."""
    return str(marks_of(cell).get("grade_id", ""))


def position_of(given: Json, grade_id: str) -> int:
    """Return where the first cell with this id stands."""
    return next(place for place, cell in enumerate(given["cells"]) if grade_id_of(cell) == grade_id)


def cell_of(given: Json, grade_id: str) -> Json:
    """Return the first cell with this id."""
    found: Json = given["cells"][position_of(given, grade_id)]
    return found


def replaced(given: Json, texts: dict[str, str]) -> Json:
    """Return the notebook with other texts in the cells of these ids."""
    changed = copy.deepcopy(given)
    for grade_id, text in texts.items():
        cell_of(changed, grade_id)["source"] = text
    return changed


def without(given: Json, *grade_ids: str) -> Json:
    """Return the notebook without the cells of these ids."""
    changed = copy.deepcopy(given)
    changed["cells"] = [cell for cell in changed["cells"] if grade_id_of(cell) not in grade_ids]
    return changed


def inserted(given: Json, cell: Json, *, before: str = "", after: str = "") -> Json:
    """Return the notebook with a cell more: before or after the one with an id, or else at the end."""
    changed = copy.deepcopy(given)
    place = len(changed["cells"])
    if before or after:
        place = position_of(changed, before) if before else position_of(changed, after) + 1
    changed["cells"].insert(place, copy.deepcopy(cell))
    return changed


def duplicated(given: Json, grade_id: str, text: str | None = None) -> Json:
    """Return the notebook with a second copy of a cell right after the first."""
    copied = copy.deepcopy(cell_of(given, grade_id))
    return inserted(given, {**copied, "source": copied["source"] if text is None else text}, after=grade_id)


def moved(given: Json, grade_id: str, place: int) -> Json:
    """Return the notebook with a cell moved to another place."""
    changed = copy.deepcopy(given)
    changed["cells"].insert(place, changed["cells"].pop(position_of(changed, grade_id)))
    return changed


def remarked(given: Json, grade_id: str, /, **marks: Any) -> Json:
    """Return the notebook with other nbgrader metadata in one cell."""
    changed = copy.deepcopy(given)
    marks_of(cell_of(changed, grade_id)).update(marks)
    return changed


def written(given: Json, path: Path) -> Path:
    """Write a notebook file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(given), encoding="utf-8")
    return path
