"""The pattern of an error as small pictures: a square an entry, told apart by colour and by sign."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from autograder.pages.words import LEGEND, layout_in_words, part_in_words
from autograder.report import Entry, ErrorPattern, PartPattern

SIDE, GAP, BLOCK_GAP = 24, 3, 10
MOST_AXES, PLANE = 4, 2
# A shape is drawn where it is a table of at most so many rows or columns.
MOST_DRAWN = 12
KINDS = {
    Entry.RIGHT: "right",
    Entry.CLOSE: "close",
    Entry.FAR: "far",
    Entry.OPPOSITE: "opposite",
    Entry.NOT_FINITE: "not-finite",
}
# Drawn within a square of 24: a tick, a wave, a cross, a plus over a minus, an exclamation mark.
SIGNS = {
    Entry.RIGHT: "M7 12.5l3.5 3.5 6.5-8",
    Entry.CLOSE: "M6 13c2-4 4-4 6-1s4 3 6-1",
    Entry.FAR: "M7.5 7.5l9 9M16.5 7.5l-9 9",
    Entry.OPPOSITE: "M7 9h10M12 4.5v9M7 18h10",
    Entry.NOT_FINITE: "M12 5.5v8.5M12 17.5v1",
}


@dataclass(frozen=True)
class Drawn:
    """A picture of a part: the drawing, and what it shows in words."""

    svg: Markup
    told: str
    layout: str


@dataclass(frozen=True)
class Key:
    """One line of the legend."""

    svg: Markup
    told: str


def _svg(width: int, height: int, content: str, label: str) -> Markup:
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return Markup(f'<svg class="grid" {named} {size}>{content}</svg>')  # noqa: S704 - numbers, and an escaped label


def _square(kind: str, x: int, y: int) -> str:
    return (
        f'<g transform="translate({x} {y})"><rect class="e-{KINDS[kind]}" width="{SIDE}" height="{SIDE}" rx="4"/>'
        f'<path class="s-{KINDS[kind]}" d="{SIGNS[kind]}"/></g>'
    )


def _along(sizes: tuple[int, ...]) -> list[int]:
    """Return where the squares of one direction begin: blocks, and within each the entries."""
    blocks, entries = (1, *sizes)[-2:]
    whole = entries * (SIDE + GAP) - GAP
    return [block * (whole + BLOCK_GAP) + entry * (SIDE + GAP) for block in range(blocks) for entry in range(entries)]


def _places(shape: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Yield where each entry of an array stands, in the order of its entries."""
    outer_rows, outer_columns, rows, columns = (*(1,) * (MOST_AXES - len(shape)), *shape)
    down, across = _along((outer_rows, rows)), _along((outer_columns, columns))
    for up in range(outer_rows):
        for left in range(outer_columns):
            for row in range(rows):
                for column in range(columns):
                    yield across[left * columns + column], down[up * rows + row]


def _entries(part: PartPattern, label: str) -> Markup:
    places = list(_places(part.shape))
    squares = "".join(_square(kind, *place) for kind, place in zip(part.kinds, places, strict=True))
    width, height = (max(place[way] for place in places) + SIDE for way in (0, 1))
    return _svg(width, height, squares, label)


def _outline(shape: tuple[int, ...], name: str, label: str) -> Markup:
    """Draw a shape as a table of empty squares."""
    squares = "".join(
        f'<rect class="{name}" x="{x + 1}" y="{y + 1}" width="{SIDE - 2}" height="{SIDE - 2}" rx="4"/>'
        for x, y in _places(shape)
    )
    width, height = ((shape or (1,))[-1], (1, *shape)[-2] if len(shape) > 1 else 1)
    return _svg(width * (SIDE + GAP) - GAP, height * (SIDE + GAP) - GAP, squares, label)


def _can_be_drawn(shape: tuple[int, ...]) -> bool:
    return len(shape) <= PLANE and all(0 < size <= MOST_DRAWN for size in shape)


def _part(part: PartPattern, name: str) -> list[Drawn]:
    told = part_in_words(part, name)
    if part.shape == part.got:
        drawable = len(part.shape) <= MOST_AXES and 0 not in part.shape
        return [Drawn(_entries(part, told) if drawable else Markup(), told, layout_in_words(part))]
    if not (_can_be_drawn(part.shape) and _can_be_drawn(part.got)):
        return [Drawn(Markup(), told, "")]
    return [
        Drawn(_outline(part.got, "e-got", f"{name} as it is"), told, "as it is"),
        Drawn(_outline(part.shape, "e-due", f"{name} as it must be"), "", "as it must be"),
    ]


def drawn(pattern: ErrorPattern) -> list[Drawn]:
    """Return the pictures of a wrong answer, a part of it each."""
    return [one for part in pattern.parts for one in _part(part, part.name or "Your answer")]


def legend(pattern: ErrorPattern) -> list[Key]:
    """Return what the squares of these pictures mean."""
    there = {kind for part in pattern.parts for kind in part.kinds}
    return [Key(_svg(SIDE, SIDE, _square(kind, 0, 0), ""), LEGEND[kind]) for kind in Entry.ALL if kind in there]
