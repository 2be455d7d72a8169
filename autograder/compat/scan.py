"""A look at all test cells of a course, without running any of it."""

import ast
import contextlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from autograder.compat.context import Context
from autograder.compat.detectors import findings_in, frameworks_in, imported
from autograder.compat.findings import CellReport, CourseReport, Fate
from autograder.compat.programs import started_by
from autograder.notebook.assignment import Assignment, CourseError, assignment_names, load_assignments
from autograder.notebook.class_attributes import changed_attributes
from autograder.notebook.settings import Settings
from autograder.notebook.sources import class_names, parsed
from autograder.notebook.test_classes import classes_kept, classes_unmade, names_hidden
from autograder.sandbox.packages import may_import
from autograder.writers.text import inert

Found = TypeVar("Found")
_PLAIN = re.compile(
    r"\b(?:NamedTuple|namedtuple)\b|^(?:collections\.)?(?:list|dict|set|tuple|frozenset|OrderedDict|Counter|defaultdict|deque)$"
)
_WRITES_MODULE = re.compile(r"^%%(?:writefile|file)\s+(?:-a\s+)?(\w+)\.py", re.MULTILINE)


def scan(course: Path, wanted: str | None, settings: Settings) -> CourseReport:
    """Return what was found in a course's tests. wanted: one assignment's name, or None for all.

    Raises CourseError if there is no such assignment.
    """
    names = [wanted] if wanted else assignment_names(course, settings)
    cells: list[CellReport] = []
    unread: list[str] = []
    manual = 0
    for name in names:
        try:
            assignments = load_assignments(course, name, settings)
        except CourseError as error:
            if wanted:
                raise
            unread.append(str(error))
            continue
        for assignment in assignments:
            manual += len(assignment.needs_manual)
            cells += _cells(assignment, course)
    return CourseReport(tuple(cells), tuple(unread), manual)


def _cells(assignment: Assignment, course: Path | None) -> list[CellReport]:
    code = [cell for cell in assignment.cells if cell.kind == "code"]
    own = frozenset().union(*(classes_kept(cell.source) for cell in code if cell.is_test))
    modules = {Path(name).parts[0].removesuffix(".py") for name, _ in assignment.beside}
    around = course.iterdir() if course else ()
    modules |= {one.name.removesuffix(".py") for one in around if one.is_dir() or one.suffix == ".py"}
    students = [cell.source for cell in code if not cell.is_locked]
    written = {found for text in students for found in _WRITES_MODULE.findall(text)}
    absent = _absent([cell.source for cell in code if not cell.is_test], frozenset(modules | written))
    own_cells = [cell.source for cell in code if not cell.is_test and not cell.is_solution]
    state = _class_state(own_cells, [cell.source for cell in code if cell.is_solution])
    classes = frozenset(assignment.class_names) - _plain_classes([cell.source for cell in code])
    beside = [name for name, _ in assignment.beside]
    found = []
    for place, cell in enumerate(code):
        if not cell.is_test or not cell.grade_id:
            continue
        later = "\n".join(one.source for one in code[place + 1 :] if not one.is_locked)
        name = f"{assignment.name}/{cell.grade_id}"
        unmade = classes_unmade(cell.source, names_hidden((one.source, one.is_test) for one in code[: place + 1]))
        context = Context(
            cell.source, name, frozenset(assignment.solution_names), classes, later, (own - classes) | unmade,
            frozenset(modules), frozenset(written), absent, state,
            _of_all(frameworks_in, [cell.source for cell in code if not cell.is_test]),
            started_by([one.source for one in code[:place] if not one.is_test], beside),
        )  # fmt: skip
        allowed = cell.grade_id in assignment.on_students_side
        found.append(
            CellReport(assignment.name, assignment.notebook_name, cell.grade_id, findings_in(context), allowed)
        )
    return found


def reasons(assignment: Assignment) -> dict[str, tuple[str, ...]]:
    """Return why tests of an assignment can't run trusted, by the names of their exercises."""
    cells = _cells(assignment, assignment.course)
    found = ((cell, tuple(one.what for one in cell.findings if one.stops)) for cell in cells)
    return {assignment.exercise_name(cell.grade_id): why for cell, why in found if why and not cell.allowed}


def _class_state(own: Sequence[str], students: Sequence[str]) -> frozenset[str]:
    """Return the attributes of the instructor's classes that only the students' cells are to change."""
    by_own, by_students = (changed_attributes("\n".join(cells)) for cells in (own, students))
    classes = frozenset().union(*map(class_names, own))
    return frozenset(f"{name}.{attribute}" for name, attribute in by_students - by_own if name in classes)


def _of_all(find: Callable[[ast.Module], frozenset[Found]], cells: Sequence[str]) -> frozenset[Found]:
    """Return what is found in the cells that are Python."""
    found: frozenset[Found] = frozenset()
    for source in cells:
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            found |= find(parsed(source))
    return found


def _plain_classes(cells: Sequence[str]) -> frozenset[str]:
    """Return the classes whose objects are tuples with names, lists, dicts and the like, and compare as plain data."""

    def found(tree: ast.Module) -> frozenset[str]:
        classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
        return frozenset(one.name for one in classes if any(_PLAIN.search(ast.unparse(base)) for base in one.bases))

    return _of_all(found, cells)


def _absent(cells: Sequence[str], modules: frozenset[str]) -> frozenset[str]:
    """Return what cells import that students' code can't have. modules: what lies beside or in the course."""
    names = _of_all(imported, cells)
    return frozenset(name for name in names - modules if name != "nose" and not may_import(name))


def text_of(report: CourseReport) -> str:
    """Return the report as text for a person at a terminal."""
    lines: list[str] = []
    place = ("", "")
    for cell in report.cells:
        if (cell.assignment, cell.notebook) != place:
            place = cell.assignment, cell.notebook
            lines.append(inert(cell.assignment if cell.assignment == cell.notebook else " / ".join(place)))
        lines.append(f"  {MARKS[cell.fate]} {inert(cell.grade_id)}: {cell.fate.value}")
        for finding in cell.findings:
            lines.append(f"      {inert(finding.what)}")
            lines += [f"      → {inert(finding.advice)}"] if finding.advice and cell.fate is Fate.CANNOT else []
    lines += [f"could not be read: {inert(why)}" for why in report.unread]
    return "\n".join([*lines, *_summary(report)])


MARKS = {Fate.TRUSTED: "✓", Fate.WITH_A_NOTE: "✓", Fate.ALLOWED: "!", Fate.CANNOT: "✗"}


def _summary(report: CourseReport) -> Sequence[str]:
    counts = ", ".join(f"{report.count(fate)} {fate.value}" for fate in Fate if report.count(fate))
    lines = [f"{len(report.cells)} test cells: {counts}" if report.cells else "no test cells"]
    if report.manual:
        lines.append(f"{report.manual} cells are graded by a person, as ever")
    if report.count(Fate.ALLOWED):
        lines.append("what runs on the student's side can be read and its score forged by the student's code")
    return lines
