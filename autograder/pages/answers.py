"""A student's own cell of a function, and the line in it that matters."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from autograder.notebook.assignment import Assignment
from autograder.notebook.cells import Cell
from autograder.notebook.sources import bound_names, parsed
from autograder.pages.code import coloured_lines, shown
from autograder.report import ExerciseResult

# Longer cells are cut to the function, and longer functions to their beginning.
MOST_LINES, MOST_CHARACTERS = 60, 40_000
# Checks that say nothing of what a function returns.
NOT_OF_THE_ANSWER = frozenset({"defined", "runs", "limit", "purity", "could_not_judge"})
TOOK_TOO_LONG = re.compile(r"\bseconds?\b|\d s\b")


@dataclass(frozen=True)
class Line:
    """One line of code: its number in the cell, its text as HTML, and why it is marked, or ""."""

    number: int
    text: Markup
    mark: str = ""


@dataclass(frozen=True)
class Answer:
    """A student's code of one function.

    place: of its cell in the notebook. cut: how many further lines there are. note: where else to look.
    """

    place: int
    lines: tuple[Line, ...]
    cut: int = 0
    note: str = ""


@dataclass(frozen=True)
class Stop:
    """An exception that ended a cell: what it said, and the line of the cell, 0 where it is not known."""

    text: str
    line: int


def _cells_before_test(cells: Sequence[Cell], assignment: Assignment, grade_id: str) -> list[int]:
    """Return the places of the student's code cells that run before a test."""
    end = next((place for place, cell in enumerate(cells) if cell.grade_id == grade_id), len(cells))
    return [
        place
        for place, cell in enumerate(cells[:end])
        if cell.kind == "code" and cell.grade_id not in assignment.locked and len(cell.source) <= MOST_CHARACTERS
    ]


def place_of(cells: Sequence[Cell], assignment: Assignment, exercise: ExerciseResult) -> int | None:
    """Return where the student defined a function: the last such cell before its test, or else the one meant for it."""
    before = _cells_before_test(cells, assignment, exercise.grade_id)
    defining = [place for place in before if exercise.name in bound_names(cells[place].source, imports=False)]
    meant = [place for place, cell in enumerate(cells) if cell.grade_id == exercise.name and cell.kind == "code"]
    return next(reversed(defining), next(reversed(meant), None))


def _function(source: str, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    try:
        body = parsed(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return next((one for one in reversed(body) if isinstance(one, kinds) and one.name == name), None)


def _syntax_error_line(source: str) -> int:
    try:
        parsed(source)
    except SyntaxError as error:
        return error.lineno or 0
    except (ValueError, RecursionError, MemoryError):
        return 0
    return 0


def _in_order(function: ast.AST) -> list[ast.AST]:
    return sorted((node for node in ast.walk(function) if hasattr(node, "lineno")), key=lambda node: node.lineno)


def _marked(exercise: ExerciseResult, cell: Cell, stop: Stop | None) -> tuple[dict[int, str], bool]:
    """Return the lines that matter with the reason why; and whether the line of the exception is among them."""
    lines = cell.source.split("\n")
    line = exercise.line
    if line is not None and line.number <= len(lines) and lines[line.number - 1].strip()[:200] == line.text:
        return {line.number: "raised here"}, True
    if stop is not None and (number := stop.line or _syntax_error_line(cell.source)):
        return {number: "stopped here"}, True
    function = _function(cell.source, exercise.name)
    if function is None or exercise.passed:
        return {}, False
    failed = {check.name for check in exercise.checks if not check.passed}
    kinds, why = (
        ((ast.While, ast.For), "does this loop end?") if _took_too_long(exercise) else (ast.Return, "what it returns")
    )
    found = [node for node in _in_order(function) if isinstance(node, kinds)]
    if not found or not (_took_too_long(exercise) or failed - NOT_OF_THE_ANSWER):
        return {}, False
    return {found[0 if _took_too_long(exercise) else -1].lineno: why}, False


def _took_too_long(exercise: ExerciseResult) -> bool:
    """Tell whether a limit of time ended a call."""
    return any(not check.passed and TOOK_TOO_LONG.search(check.message) for check in exercise.checks)


def _range(source: str, name: str, count: int) -> tuple[int, int]:
    """Return the first and the last line to show."""
    if count <= MOST_LINES:
        return 1, count
    function = _function(source, name)
    first = min([function.lineno, *(one.lineno for one in function.decorator_list)]) if function else 1
    last = (function.end_lineno or count) if function else count
    return first, min(last, first + MOST_LINES - 1)


def answer_of(cells: Sequence[Cell], place: int, exercise: ExerciseResult, stop: Stop | None) -> Answer:
    """Return the student's code of a function. stop: what ended its cell, if anything did."""
    cell = cells[place]
    coloured = coloured_lines(cell.source)
    marks, found = _marked(exercise, cell, stop)
    first, last = _range(shown(cell.source), exercise.name, len(coloured))
    lines = tuple(
        Line(number, text, marks.get(number, ""))
        for number, text in enumerate(coloured[first - 1 : last], start=first)
    )  # fmt: skip
    elsewhere = "" if found or exercise.line is None else _elsewhere(cells, place, exercise)
    return Answer(place, lines, len(coloured) - len(lines) if len(coloured) > last else 0, elsewhere)


def _elsewhere(cells: Sequence[Cell], place: int, exercise: ExerciseResult) -> str:
    """Say where the line of an exception stands, if it is another cell's."""
    line = exercise.line
    assert line is not None
    for other, cell in enumerate(cells):
        lines = cell.source.split("\n", line.number)
        if other != place and cell.kind == "code" and len(lines) >= line.number:
            text = lines[line.number - 1].strip()
            if text and text[:200] == line.text:
                return f"The exception was raised in cell {other + 1}, line {line.number}: {line.text}"
    return ""
