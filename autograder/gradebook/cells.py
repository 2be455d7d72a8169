"""The assignment's cells in the gradebook, kept as the instructor's notebook has them.

nbgrader does not add or remove a cell once there is a submission; here the gradebook follows the notebook,
in one transaction, and everything else in it stays. Only a person's own entries stop a removal.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from autograder.gradebook.completing import complete
from autograder.gradebook.errors import GradebookError
from autograder.gradebook.opening import Gradebook
from autograder.gradebook.tables import (
    ASSIGNMENT,
    CELL,
    COMMENT,
    COURSE,
    GRADE,
    GRADED,
    NOTEBOOK,
    SOURCE_CELL,
    SUBMISSION,
    SUBMITTED_NOTEBOOK,
    TABLE_OF,
    TASK,
    WITH_GRADE,
    WRITTEN,
    new_id,
)
from autograder.loading import LOADING
from autograder.notebook.assignment import Assignment
from autograder.notebook.cells import Cell
from autograder.notebook.installing import INSTALLING

# What nbgrader calls a course that has no name.
UNNAMED_COURSE = "default_course"


@dataclass(frozen=True)
class Pristine:
    """A notebook's cells as generate_assignment would write them down.

    parts: what is in `base_cell`, by kind and name: the points and the type of a graded one.
    sources: what is in `source_cell`, by name.
    """

    kernel: str
    parts: dict[tuple[str, str], dict[str, Any]]
    sources: dict[str, dict[str, Any]]


def pristine_cells(gradebook: Gradebook, assignment: Assignment) -> Pristine:
    """Let nbgrader's own steps make the student's version of a notebook, and return its cells.

    Raises GradebookError if they refuse it.
    """
    import nbformat

    with LOADING:
        from nbgrader.preprocessors import ClearOutput, ClearSolutions, ComputeChecksums, LockCells

        from autograder.gradebook.resources import resources_for

    notebook = nbformat.reads(assignment.notebook.content.decode("utf-8-sig"), as_version=4)
    course, resources = gradebook.course, resources_for(gradebook.course, assignment, "")
    try:
        for step in (LockCells, ClearSolutions, ClearOutput, ComputeChecksums):
            notebook, resources = step(config=course.config).preprocess(notebook, resources)
    except (RuntimeError, ValueError) as error:
        msg = f"nbgrader refuses the notebook {assignment.notebook_name} in source/: {error}"
        raise GradebookError(msg) from None
    parts: dict[tuple[str, str], dict[str, Any]] = {}
    sources: dict[str, dict[str, Any]] = {}
    for raw in notebook.cells:
        marks = raw.metadata.get("nbgrader", {})
        cell = Cell(raw.cell_type, raw.source, {}, marks)
        if not _is_kept(cell):
            continue
        parts |= parts_of(cell)
        sources[cell.grade_id] = {
            "cell_type": raw.cell_type,
            "locked": cell.is_locked,
            "source": raw.source,
            "checksum": marks.get("checksum"),
        }
    return Pristine(json.dumps(notebook.metadata.get("kernelspec", {})), parts, sources)


def _is_kept(cell: Cell) -> bool:
    """Tell whether the gradebook keeps a cell's text."""
    return bool(cell.grade_id and (cell.is_locked or cell.is_grade or cell.is_solution or cell.marks.get("task")))


def parts_of(cell: Cell) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what a cell is in the gradebook, by kind and name."""
    worth = {"max_score": cell.points, "cell_type": cell.kind}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    if cell.is_grade:
        found[GRADED, cell.grade_id] = worth
    if cell.is_solution:
        found[WRITTEN, cell.grade_id] = {}
    if cell.marks.get("task") is True:
        found[TASK, cell.grade_id] = worth
    return found


def _row_id(connection: Connection, table: Any, **facts: Any) -> str | None:
    wanted = [table.c[name] == value for name, value in facts.items()]
    found: str | None = connection.execute(select(table.c.id).where(*wanted)).scalar()
    return found


def known_parts(connection: Connection, notebook: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what the gradebook has of a notebook's cells, by kind and name, with each one's id."""
    rows = connection.execute(select(CELL.c.type, CELL.c.name, CELL.c.id).where(CELL.c.notebook_id == notebook))
    found: dict[tuple[str, str], dict[str, Any]] = {(kind, name): {"id": row} for kind, name, row in rows}
    for kind in WITH_GRADE:
        table = TABLE_OF[kind]
        query = select(CELL.c.name, table.c.max_score, table.c.cell_type).where(
            CELL.c.notebook_id == notebook, CELL.c.id == table.c.id
        )
        for name, points, cell_type in connection.execute(query):
            found[kind, name] |= {"max_score": points, "cell_type": cell_type}
    return found


def _agree(connection: Connection, assignments: Sequence[Assignment]) -> bool:
    """Tell whether the gradebook knows just these notebooks' cells, with these points."""
    place = _row_id(connection, ASSIGNMENT, name=assignments[0].name)
    for assignment in assignments:
        notebook = place and _row_id(connection, NOTEBOOK, name=assignment.notebook_name, assignment_id=place)
        if not notebook:
            return False
        wanted: dict[tuple[str, str], dict[str, Any]] = {}
        for cell in assignment.cells:
            wanted |= parts_of(cell) if cell.grade_id else {}
        known = known_parts(connection, notebook)
        if wanted != {key: {name: facts[name] for name in facts if name != "id"} for key, facts in known.items()}:
            return False
    return True


def _sources_digest(connection: Connection, assignment: str) -> str:
    """Return what stands for the texts of an assignment's cells in the gradebook."""
    query = select(NOTEBOOK.c.name, SOURCE_CELL.c.name, SOURCE_CELL.c.locked, SOURCE_CELL.c.source).where(
        SOURCE_CELL.c.notebook_id == NOTEBOOK.c.id,
        NOTEBOOK.c.assignment_id == ASSIGNMENT.c.id,
        ASSIGNMENT.c.name == assignment,
    )
    return hashlib.sha256(repr(sorted(map(tuple, connection.execute(query)))).encode()).hexdigest()


def _texts_agree(connection: Connection, assignments: Sequence[Assignment]) -> bool:
    """Tell whether the gradebook has the texts of just these notebooks' cells.

    Those of solutions are not compared: what was released of them is for generate_assignment to say.
    """
    query = (
        select(NOTEBOOK.c.name, SOURCE_CELL.c.name, SOURCE_CELL.c.cell_type, SOURCE_CELL.c.locked, SOURCE_CELL.c.source)
        .join(NOTEBOOK, SOURCE_CELL.c.notebook_id == NOTEBOOK.c.id)
        .join(ASSIGNMENT, NOTEBOOK.c.assignment_id == ASSIGNMENT.c.id)
        .where(ASSIGNMENT.c.name == assignments[0].name)
    )
    wanted, solutions = set(), set()
    for assignment in assignments:
        for cell in filter(_is_kept, assignment.cells):
            place = assignment.notebook_name, cell.grade_id
            solutions |= {place} if cell.is_solution else set()
            wanted.add((*place, cell.kind, cell.is_locked, "" if cell.is_solution else cell.source))
    found = {
        (notebook, name, kind, bool(locked), "" if (notebook, name) in solutions else source)
        for notebook, name, kind, locked, source in connection.execute(query)
        if name != INSTALLING  # which is in the release alone
    }
    return found == wanted


def register(gradebook: Gradebook, assignments: Sequence[Assignment], known: str | None = None) -> str:
    """Make the gradebook's cells those of the instructor's notebooks, in one transaction.

    known: what this returned for these very notebooks, "" for others, None if it was never asked. nbgrader's own
    steps, which take a second to load, are left out where the gradebook has all that they would write already.
    Raises GradebookError if a cell was removed on which a person has entered something.
    """
    name = assignments[0].name
    if known != "":
        with gradebook.transaction() as connection:
            digest = _sources_digest(connection, name)
            same = digest == known if known else _texts_agree(connection, assignments)
            if same and _agree(connection, assignments):
                return digest
    pristine = [pristine_cells(gradebook, assignment) for assignment in assignments]
    with gradebook.transaction() as connection:
        place = _assignment_row(connection, gradebook, name)
        for assignment, cells in zip(assignments, pristine, strict=True):
            notebook = _row_id(connection, NOTEBOOK, name=assignment.notebook_name, assignment_id=place)
            if notebook is None:
                notebook = new_id()
                row = {"id": notebook, "name": assignment.notebook_name, "assignment_id": place}
                connection.execute(insert(NOTEBOOK).values(**row, kernelspec=cells.kernel))
            _follow_parts(connection, notebook, cells.parts)
            _follow_sources(connection, notebook, cells.sources)
        complete(connection, place)
        return _sources_digest(connection, name)


def _assignment_row(connection: Connection, gradebook: Gradebook, name: str) -> str:
    place = _row_id(connection, ASSIGNMENT, name=name)
    if place is None:
        course, place = gradebook.course.directory.course_id, new_id()
        if _row_id(connection, COURSE, id=course or UNNAMED_COURSE) is None:
            connection.execute(insert(COURSE).values(id=course or UNNAMED_COURSE))
        connection.execute(insert(ASSIGNMENT).values(id=place, name=name, course_id=course or UNNAMED_COURSE))
    return place


def _follow_parts(connection: Connection, notebook: str, wanted: Mapping[tuple[str, str], Mapping[str, Any]]) -> None:
    known = known_parts(connection, notebook)
    for key in known.keys() - wanted.keys():
        _remove(connection, key, known[key]["id"])
    for (kind, name), facts in wanted.items():
        if (kind, name) not in known:
            row = new_id()
            connection.execute(insert(CELL).values(id=row, name=name, notebook_id=notebook, type=kind))
            connection.execute(insert(TABLE_OF[kind]).values(id=row, **facts))
        elif any(known[kind, name].get(key) != value for key, value in facts.items()):
            table = TABLE_OF[kind]
            connection.execute(update(table).where(table.c.id == known[kind, name]["id"]).values(**facts))


def _remove(connection: Connection, key: tuple[str, str], cell: str) -> None:
    """Remove a cell with what the tests wrote for it; refuse to if a person wrote something."""
    kind, name = key
    by_hand = {
        GRADE: GRADE.c.manual_score.is_not(None) | GRADE.c.extra_credit.is_not(None),
        COMMENT: COMMENT.c.manual_comment.is_not(None),
    }
    students: set[str] = set()
    for table, entered in by_hand.items():
        query = select(SUBMISSION.c.student_id).where(
            table.c.cell_id == cell,
            entered,
            table.c.notebook_id == SUBMITTED_NOTEBOOK.c.id,
            SUBMITTED_NOTEBOOK.c.assignment_id == SUBMISSION.c.id,
        )
        students.update(connection.execute(query).scalars())
    if students:
        msg = (
            f"the cell {name} is no longer in source/, but a person has entered a score or a comment on it for "
            f"{', '.join(sorted(students))}; put the cell back, or remove these entries in the formgrader first. "
            "Nothing was written"
        )
        raise GradebookError(msg)
    for table in by_hand:
        connection.execute(delete(table).where(table.c.cell_id == cell))
    connection.execute(delete(TABLE_OF[kind]).where(TABLE_OF[kind].c.id == cell))
    connection.execute(delete(CELL).where(CELL.c.id == cell))


def _follow_sources(connection: Connection, notebook: str, wanted: Mapping[str, Mapping[str, Any]]) -> None:
    query = select(SOURCE_CELL).where(SOURCE_CELL.c.notebook_id == notebook)
    known = {row.name: row._mapping for row in connection.execute(query)}  # noqa: SLF001 - SQLAlchemy's public way
    for name in known.keys() - wanted.keys():
        connection.execute(delete(SOURCE_CELL).where(SOURCE_CELL.c.id == known[name]["id"]))
    for name, facts in wanted.items():
        if name not in known:
            connection.execute(insert(SOURCE_CELL).values(id=new_id(), name=name, notebook_id=notebook, **facts))
        elif any(known[name][key] != value for key, value in facts.items()):
            connection.execute(update(SOURCE_CELL).where(SOURCE_CELL.c.id == known[name]["id"]).values(**facts))
