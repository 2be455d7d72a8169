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
from autograder.report import CodeLine, ExerciseResult

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


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    """Return the blocks within a statement; those of a function or a class are not the outer function's."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return []
    holders = [statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]
    return [getattr(one, name, []) for one in holders for name in ("body", "orelse", "finalbody")]


def _returns(block: list[ast.stmt]) -> list[int]:
    """Return the lines of the returns of a function that can be reached: none behind another of the same block."""
    lines: list[int] = []
    for statement in block:
        lines += [line for inner in _blocks(statement) for line in _returns(inner)]
        if isinstance(statement, ast.Return):
            return [*lines, statement.lineno]
        if isinstance(statement, ast.Raise):
            break
    return lines


def _loops(function: ast.AST) -> list[int]:
    """Return the lines of a function's loops: first those that go on while something holds, which may be for ever."""
    found = [node for node in ast.walk(function) if isinstance(node, (ast.While, ast.For))]
    return [node.lineno for node in sorted(found, key=lambda node: (isinstance(node, ast.For), node.lineno))]


def _raised_at(exercise: ExerciseResult) -> CodeLine | None:
    """Return where the function raised the exception that a check tells of."""
    told = any(check.name == "runs" and not check.passed for check in exercise.checks)
    return exercise.line if told else None


def _is_at(line: CodeLine, cell: Cell) -> bool:
    """Tell whether a line is one of a cell's."""
    lines = cell.source.split("\n", line.number)
    return bool(line.text) and len(lines) >= line.number and lines[line.number - 1].strip().startswith(line.text)


def _mark(exercise: ExerciseResult, cell: Cell, stop: Stop | None) -> tuple[int, str]:
    """Return the line that matters, and the reason why; 0 if there is none."""
    line = _raised_at(exercise)
    if line is not None and _is_at(line, cell):
        return line.number, "raised here"
    if stop is not None and (number := stop.line or _syntax_error_line(cell.source)):
        return number, "stopped here"
    function = _function(cell.source, exercise.name)
    if function is None:
        return 0, ""
    if _took_too_long(exercise):
        return next(iter(_loops(function)), 0), "does this loop end?"
    failed = {check.name for check in exercise.checks if not check.passed}
    returns = _returns(function.body) if failed - NOT_OF_THE_ANSWER else []
    return max(returns, default=0), "what it returns"


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
    marked, why = _mark(exercise, cell, stop)
    first, last = _range(shown(cell.source), exercise.name, len(coloured))
    lines = tuple(
        Line(number, text, why if number == marked else "")
        for number, text in enumerate(coloured[first - 1 : last], start=first)
    )  # fmt: skip
    cut = len(coloured) - len(lines) if len(coloured) > last else 0
    return Answer(place, lines, cut, _elsewhere(cells, place, _raised_at(exercise)))


def _elsewhere(cells: Sequence[Cell], place: int, line: CodeLine | None) -> str:
    """Say where the line of an exception stands, if it is not in the cell at this place."""
    if line is None or _is_at(line, cells[place]):
        return ""
    there = (other for other, cell in enumerate(cells, start=1) if cell.kind == "code" and _is_at(line, cell))
    found = next(there, None)
    return f"The exception was raised in cell {found}, line {line.number}: {line.text}" if found else ""
