"""Cells that lost their nbgrader metadata in another editor, known again by their ids, texts and places.

Colab, VS Code, Kaggle and tools that clean notebooks may drop metadata that they do not know, and give cells new ids.
"""

from collections.abc import Callable, Iterator
from typing import Any

from autograder.notebook.assignment import Assignment
from autograder.notebook.cells import Cell
from autograder.notebook.sources import bound_names, visible_part

# Python's parser takes some 600 bytes of memory a character; cells past this many are not searched for definitions.
MOST_SEARCHED_CHARACTERS = 500_000
# Spaces at the ends of lines that an editor may add or take away.
MOST_PADDING = 10_000
# What editors leave in a cell's metadata, the names and pictures of people among it.
OF_EDITORS = frozenset(
    {
        *("colab", "colab_type", "executionInfo", "outputId", "id", "cellView"),  # Colab
        *("vscode", "pycharm", "cell_id", "deepnote_cell_type"),
        *("_uuid", "_cell_guid", "_kg_hide-input", "_kg_hide-output"),  # Kaggle
        *("execution", "ExecuteTime", "trusted"),  # JupyterLab and its extensions
    }
)


def lines_of(text: str) -> tuple[str, ...]:
    """Return a text's lines as far as editors leave them alone: without white space at their ends and around them."""
    return tuple(line.rstrip() for line in text.strip().split("\n"))


def without_editors(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return a cell's metadata without what editors left there."""
    return {name: value for name, value in metadata.items() if name not in OF_EDITORS}


def _identities(cell: Cell) -> Iterator[str]:
    """Yield the ids that a cell has in the file; Colab keeps them in the metadata."""
    for found in (cell.identity, cell.raw["metadata"].get("id")):
        if isinstance(found, str) and found:
            yield found


Key = tuple[str, Any]


def _keys_of(cell: Cell) -> list[Key]:
    """Return what one of the assignment's cells is known by, the surest first."""
    text = lines_of(visible_part(cell.source) if cell.is_locked else cell.source)
    keys: list[Key] = [("id", cell.identity)] if cell.identity else []
    return keys + ([(cell.kind, text)] if any(text) else [])


class _Search:
    """The bare cells of a submission, and which of the assignment's they are."""

    def __init__(self, cells: tuple[Cell, ...], assignment: Assignment) -> None:
        self.cells, self.assignment = cells, assignment
        named = {cell.grade_id: place for place, cell in reversed(list(enumerate(cells))) if cell.grade_id}
        # By the place of each of the assignment's cells: the submission's place.
        self.places = {
            place: named[cell.grade_id] for place, cell in enumerate(assignment.cells) if cell.grade_id in named
        }
        self.taken = set(self.places.values())

    def _take(self, known: int, place: int) -> None:
        self.places[known] = place
        self.taken.add(place)

    def _missing(self) -> list[int]:
        return [place for place in range(len(self.assignment.cells)) if place not in self.places]

    def by_ids_and_texts(self) -> None:
        """Find cells by their own id in the file, and then by their text."""
        wanted = {place: _keys_of(self.assignment.cells[place]) for place in self._missing()}
        longest = max((len(cell.source) for cell in self.assignment.cells), default=0) + MOST_PADDING
        texts = {key for keys in wanted.values() for key in keys}
        found: dict[Key, int] = {}
        for place, cell in enumerate(self.cells):
            if cell.grade_id or place in self.taken:
                continue
            keys: list[Key] = [("id", one) for one in _identities(cell)]
            keys += [(cell.kind, lines_of(cell.source))] if len(cell.source) <= longest else []
            for key in keys:
                if key in texts:
                    found.setdefault(key, place)
        for by_id in (True, False):
            for known, keys in wanted.items():
                for key in keys:
                    place_found = found.get(key) if (key[0] == "id") is by_id else None
                    if place_found is not None and place_found not in self.taken and known not in self.places:
                        self._take(known, place_found)

    def by_definitions(self) -> None:
        """Find code cells that students write in by the function that they define: the last that does."""
        wanted = {
            self.assignment.cells[place].grade_id: place
            for place in self._missing()
            if self.assignment.cells[place].is_solution and self.assignment.cells[place].kind == "code"
        }
        defining: dict[str, int] = {}
        searched = 0
        for place, cell in enumerate(self.cells) if wanted else ():
            if cell.grade_id or place in self.taken or cell.kind != "code":
                continue
            searched += len(cell.source)
            if searched > MOST_SEARCHED_CHARACTERS:
                break
            defining |= {name: place for name in bound_names(cell.source, imports=False) if name in wanted}
        for name, place in defining.items():
            if place not in self.taken:
                self._take(wanted[name], place)

    def by_places(self) -> None:
        """Find cells that students write in, text above all, as the only one of its kind between two that are known."""
        for known in self._missing():
            cell = self.assignment.cells[known]
            if not (cell.is_solution or cell.is_manual):
                continue
            before = max((place for one, place in self.places.items() if one < known), default=-1)
            after = min((place for one, place in self.places.items() if one > known), default=len(self.cells))
            bare = [
                place
                for place in range(before + 1, after)
                if place not in self.taken and not self.cells[place].grade_id and self.cells[place].kind == cell.kind
            ]
            if len(bare) == 1:
                self._take(known, bare[0])


def _marked(cell: Cell, pristine: Cell) -> Cell:
    raw = {**cell.raw, "id": pristine.identity} if pristine.identity else cell.raw
    return Cell(cell.kind, cell.source, raw, pristine.marks)


def recognised(cells: tuple[Cell, ...], assignment: Assignment) -> tuple[Cell, ...]:
    """Return a submission's cells, with the marks of the assignment on those that lost theirs.

    Only a cell that is nowhere in the submission under its own grade_id is looked for, so that a copy that a
    student made stays a student's cell.
    """
    present = {cell.grade_id for cell in cells}
    if all(cell.grade_id in present for cell in assignment.cells if cell.grade_id):
        return cells
    search = _Search(cells, assignment)
    steps: tuple[Callable[[], None], ...] = (search.by_ids_and_texts, search.by_definitions, search.by_places)
    for step in steps:
        step()
    found = list(cells)
    for known, place in search.places.items():
        pristine = assignment.cells[known]
        if pristine.grade_id and not found[place].grade_id:
            found[place] = _marked(found[place], pristine)
    return tuple(found)
