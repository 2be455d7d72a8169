"""The wires of a layer as few elements of SVG: those of one kind and one width are one path together.

A slider holds a picture for each step, and most of a picture is its wires.
"""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.drawing.markup import coordinate
from autograder.drawing.palette import FAINTEST_LINE, strength_of

THINNEST, MORE_WIDTH = 1.2, 7.0
# Among many wires, half a pixel more or less says nothing.
COARSE_WIDTH = 1.0


@dataclass(frozen=True)
class Wire:
    """One wire: where it ends on the side that the gradient flows to, where on the other, and its gradient."""

    x1: float
    y1: float
    x2: float
    y2: float
    value: float


def kind_of(value: float) -> str:
    """Return the class of a wire or a unit: above 0, below, exactly 0, or not a finite number."""
    if not math.isfinite(value):
        return "n"
    return "z" if value == 0 else "q" if value < 0 else "p"


def wires_of(wires: Iterable[Wire], largest: float, *, coarse: bool) -> str:
    """Return wires as SVG, the thin ones over the thick ones. coarse: with places and widths rounded more."""
    groups: dict[tuple[float, str], list[Wire]] = {}
    for wire in wires:
        kind = kind_of(wire.value)
        width = THINNEST + MORE_WIDTH * strength_of(wire.value, largest) if kind != "z" else 0.0
        width = round(width / COARSE_WIDTH) * COARSE_WIDTH if coarse else round(width, 1)
        groups.setdefault((width, kind), []).append(wire)
    ordered = sorted(groups.items(), key=lambda group: (-group[0][0], group[0][1]))
    return "".join(_group(kind, width, found, digits=0 if coarse else 1) for (width, kind), found in ordered)


def _group(kind: str, width: float, wires: list[Wire], digits: int) -> str:
    if kind == "z":
        lines = "".join(_path(digits, (wire.x1, wire.y1), (wire.x2, wire.y2)) for wire in wires)
        return f'<path class="z" d="{lines}"/>'
    # An arrow's head at the start of the wire: that is where the gradient goes.
    length, half = 6 + width, 2.5 + width * 0.75
    lines = heads = ""
    for wire in wires:
        far = math.dist((wire.x1, wire.y1), (wire.x2, wire.y2))
        across, down = (wire.x2 - wire.x1) / far, (wire.y2 - wire.y1) / far
        tail_x, tail_y = wire.x1 + across * length, wire.y1 + down * length
        lines += _path(digits, (tail_x, tail_y), (wire.x2, wire.y2))
        left = (tail_x - down * half, tail_y + across * half)
        right = (tail_x + down * half, tail_y - across * half)
        heads += _path(digits, (wire.x1, wire.y1), left, right) + "z"
    opacity = FAINTEST_LINE + (1 - FAINTEST_LINE) * min(1.0, max(0.0, (width - THINNEST) / MORE_WIDTH))
    return (
        f'<g class="{kind}" opacity="{opacity:.2f}"><path class="w" d="{lines}" stroke-width="{coordinate(width)}"/>'
        f'<path stroke="none" d="{heads}"/></g>'
    )


def _path(digits: int, *points: tuple[float, float]) -> str:
    """Return lines from point to point: the first by its place, the others by how far they are from the one before."""
    rounded = [(round(x, digits), round(y, digits)) for x, y in points]
    told = f"M{_place(rounded[0])}"
    for (x0, y0), (x, y) in itertools.pairwise(rounded):
        told += f"l{_place((round(x - x0, digits), round(y - y0, digits)))}"
    return told


def _place(point: tuple[float, float]) -> str:
    x, y = (coordinate(one + 0.0) for one in point)
    return f"{x}{y}" if y.startswith("-") else f"{x} {y}"
