"""Two arrays of one shape, entry by entry: as a table of text, and as heat maps that are tables themselves.

A heat map is an HTML table, so that a screen reader walks through it by rows and columns, and so
that it is still a table where a page takes the colours away.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.drawing.markup import MINUS, escaped, number, sizes
from autograder.drawing.palette import NEUTRAL_TINT, NOTHING, css, tint

# More rows or columns than these are shown in blocks.
MOST_ROWS, MOST_COLUMNS = 12, 12
# As many columns as there is room for with a number in each cell.
MOST_NUMBERED = 8
ROWS_OF_TEXT = 12
MATRIX_AXES = 2


@dataclass(frozen=True)
class Comparison:
    """An answer beside what it should be.

    reference: what the first array is called ("numeric", "expected").
    true, answer: the arrays, of one shape. wrong, left_out: entries that differ, that are not judged.
    axes: names of the axes, where they are known.
    entry: what one place is called.
    """

    reference: str
    true: NDArray[Any]
    answer: NDArray[Any]
    wrong: NDArray[np.bool_]
    left_out: NDArray[np.bool_]
    axes: tuple[str, ...] = ()
    entry: str = "entry"

    @property
    def difference(self) -> NDArray[np.float64]:
        """The answer minus the reference; 0 where nothing is judged."""
        with np.errstate(all="ignore"):
            found = np.asarray(self.answer, dtype=np.float64) - self.true
        return np.where(self.left_out, 0.0, np.where(np.isnan(found), np.inf, found))

    def worst(self) -> tuple[int, ...]:
        """Return the entry that differs most."""
        flat = int(np.argmax(np.abs(self.difference)))
        return tuple(int(index) for index in np.unravel_index(flat, self.true.shape))

    def lines(self) -> list[str]:
        """Return the two side by side as lines of text, the worst entry among them."""
        lines = [f"{self.entry:>12}  {self.reference:>14}  {'yours':>14}  {'difference':>11}"]
        differences = np.abs(self.difference)
        entries = list(np.ndindex(*self.true.shape))
        shown = entries[:ROWS_OF_TEXT]
        if self.wrong.any() and self.worst() not in shown:
            shown[-1] = self.worst()
        for entry in shown:
            note = "  corner: left out" if self.left_out[entry] else "  ✗" if self.wrong[entry] else ""
            lines.append(
                f"{str(list(entry)) if entry else '':>12}  {self.true[entry]:>14.8g}  "
                f"{self.answer[entry]:>14.8g}  {differences[entry]:>11.1e}{note}"
            )
        if len(entries) > ROWS_OF_TEXT:
            lines.append(f"{'…':>12}  and {len(entries) - ROWS_OF_TEXT} more entries")
        return lines

    def html(self) -> str:
        """Return three heat maps beside each other: the reference, the answer, and what is between them."""
        grid = _Grid(self)
        largest = _largest(self.true, self.answer)
        # What is only rounding would be more to read than it says.
        apart = np.where(self.wrong, self.difference, 0.0)
        panels = [
            grid.table(self.reference, self.true, largest, mark=False),
            grid.table("yours", self.answer, largest, mark=True),
            grid.table(f"yours {MINUS} {self.reference}", apart, _largest(apart), mark=False),
        ]
        note = f"<p>{grid.note}</p>" if grid.note else ""
        return f'<div class="panels">{"".join(panels)}</div>{note}'


def _largest(*arrays: NDArray[Any]) -> float:
    finite = [np.abs(array[np.isfinite(array)]) for array in map(np.asarray, arrays)]
    return max((float(np.max(values)) for values in finite if values.size), default=0.0)


class _Grid:
    """The places of a comparison's tables: which entry each cell stands for, and what its row is called."""

    def __init__(self, of: Comparison) -> None:
        self.of = of
        shape = of.true.shape
        self.columns = shape[-1] if shape else 1
        self.rows = int(np.prod(shape[:-1], dtype=int)) if len(shape) > 1 else 1
        self.row_blocks = np.array_split(np.arange(self.rows), min(self.rows, MOST_ROWS))
        self.column_blocks = np.array_split(np.arange(self.columns), min(self.columns, MOST_COLUMNS))
        self.in_blocks = self.rows > MOST_ROWS or self.columns > MOST_COLUMNS
        self.small = len(self.column_blocks) <= MOST_NUMBERED
        rank = np.abs(of.difference).reshape(self.rows, self.columns)
        if not np.any(rank):
            rank = np.abs(np.nan_to_num(np.asarray(of.true, dtype=np.float64))).reshape(self.rows, self.columns)
        self.places = [[self._place(rank, rows, columns) for columns in self.column_blocks] for rows in self.row_blocks]

    @staticmethod
    def _place(rank: NDArray[Any], rows: NDArray[Any], columns: NDArray[Any]) -> int:
        """Return the flat index of the entry that stands for a block: the one that differs most, or the largest."""
        within = rank[np.ix_(rows, columns)]
        row, column = np.unravel_index(int(np.argmax(within)), within.shape)
        return int(rows[row]) * rank.shape[1] + int(columns[column])

    @property
    def note(self) -> str:
        """What a reader has to know about blocks."""
        if not self.in_blocks:
            return ""
        size = f"{len(self.row_blocks[0])} by {len(self.column_blocks[0])}"
        return (
            f"The whole is {escaped(sizes(self.of.true.shape))}: each cell stands for up to {size} entries, "
            f"and shows the one that differs most. Point at a cell to see which."
        )

    def table(self, title: str, values: NDArray[Any], largest: float, *, mark: bool) -> str:
        """Return one heat map."""
        flat = np.asarray(values).reshape(-1)
        head = ""
        if len(self.column_blocks) > 1 and self.small and not self.in_blocks:
            columns = "".join(f'<th scope="col">{column}</th>' for column in range(self.columns))
            head = f"<thead><tr>{self._corner()}{columns}</tr></thead>"
        rows = []
        for number_of_row, places in enumerate(self.places):
            cells = "".join(self._cell(place, float(flat[place]), largest, mark=mark) for place in places)
            label = f'<th scope="row">{self._row(number_of_row)}</th>' if head and self._row(number_of_row) else ""
            rows.append(f"<tr>{label}{cells}</tr>")
        kind = "h" if self.small else "h s"
        return f'<table class="{kind}"><caption>{escaped(title)}</caption>{head}<tbody>{"".join(rows)}</tbody></table>'

    def _axes(self) -> str:
        named = self.of.axes[-MATRIX_AXES:]
        return escaped(" \\ ".join(named)) if len(named) == MATRIX_AXES == self.of.true.ndim else ""

    def _corner(self) -> str:
        """Return the cell above the rows' labels; none where rows have no labels."""
        if self.of.true.ndim < MATRIX_AXES:
            return ""
        return f"<th>{self._axes()}</th>" if self._axes() else '<td class="x"></td>'

    def _row(self, row: int) -> str:
        shape = self.of.true.shape
        if len(shape) < MATRIX_AXES:
            return ""
        index = np.unravel_index(row, shape[:-1])
        return ", ".join(str(int(place)) for place in index)

    def _cell(self, place: int, value: float, largest: float, *, mark: bool) -> str:
        shape = self.of.true.shape
        entry = tuple(int(index) for index in np.unravel_index(place, shape)) if shape else ()
        wrong, left_out = bool(self.of.wrong[entry]), bool(self.of.left_out[entry])
        shown = number(value) if self.small else ""
        told = f"{self.of.entry} {list(entry)}: {number(value, 6)}" if entry else number(value, 6)
        background, kind = tint(value, largest), ""
        if left_out:
            shown, kind, background = ("corner" if self.small else "·"), "k", css(NOTHING, NEUTRAL_TINT)
            told = f"{self.of.entry} {list(entry)}: left out, the function has a corner here"
        elif wrong and mark:
            shown, kind, told = f"✗ {shown}".rstrip(), "w d" if self.small else "w", f"{told}, differs"
        elif not shown:
            # A cell without a number still has something to read, where pictures are not seen.
            shown = MINUS if value < 0 else "+" if value > 0 else "0"
        classes = f' class="{kind}"' if kind else ""
        return f'<td{classes} title="{escaped(told)}" style="background-color:{background}">{shown}</td>'
