"""The part of the instructor's text that an exercise belongs to: what a student should read again."""

import re
from dataclasses import dataclass
from functools import lru_cache

from autograder.notebook.assignment import Assignment
from autograder.notebook.cells import Cell

HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
FENCE = re.compile(r"^ {0,3}(```|~~~).*?^ {0,3}\1", re.MULTILINE | re.DOTALL)
MARK_SCHEME = re.compile(r"=== BEGIN MARK SCHEME ===.*?(?:=== END MARK SCHEME ===|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Section:
    """A heading, and the text below it up to the exercise; both Markdown. position: of its cell."""

    heading: str
    text: str
    position: int


def is_told_to_everybody(cell: Cell) -> bool:
    """Tell whether a cell of the instructor's notebook is text that every student has."""
    return cell.kind == "markdown" and not (cell.is_solution or cell.is_grade or cell.marks.get("task") is True)


def without_mark_scheme(text: str) -> str:
    """Return a task's text as students get it."""
    return MARK_SCHEME.sub("", text)


def _last_heading(text: str) -> re.Match[str] | None:
    """Return the last heading of a text; what stands in a block of code is none."""
    blank = FENCE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    return list(HEADING.finditer(blank))[-1] if HEADING.search(blank) else None


@lru_cache(maxsize=256)
def _section(cells: tuple[str, ...]) -> Section | None:
    """Return the section that ends with the last of these texts; "" stands for other cells."""
    for position in range(len(cells) - 1, -1, -1):
        if found := _last_heading(cells[position]):
            below = [cells[position][found.end() :], *cells[position + 1 :]]
            return Section(found[2].strip(), "\n\n".join(part.strip() for part in below if part.strip()), position)
    return None


def section_above(assignment: Assignment, grade_id: str) -> Section | None:
    """Return the section in which the cell with this id stands; None if there is no heading above it."""
    places = [place for place, cell in enumerate(assignment.cells) if cell.grade_id == grade_id]
    if not places:
        return None
    above = assignment.cells[: places[0]]
    return _section(tuple(cell.source if is_told_to_everybody(cell) else "" for cell in above))


def title_of(assignment: Assignment) -> str:
    """Return the first heading of the instructor's notebook, or the assignment's name."""
    for cell in assignment.cells:
        if is_told_to_everybody(cell) and (found := HEADING.search(cell.source)):
            return found[2].strip()
    return assignment.name
