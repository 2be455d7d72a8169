"""The picture of a network as SVG: inert, in the page's own colours, with its text in it."""

import math

import numpy as np

from autograder.drawing.markup import coordinate as at
from autograder.drawing.markup import escaped, number, sizes
from autograder.drawing.palette import FAINTEST_LINE, NEGATIVE, POSITIVE, alpha_of, css, strength_of
from autograder.drawing.style import sheet_alone
from autograder.network.geometry import MARGIN, Geometry
from autograder.network.model import Network, Units
from autograder.network.rows import described

THINNEST, MORE_WIDTH = 1.2, 7.0
# How far from a unit the number on a wire stands: past the arrow, where its wires have spread and no others come near.
NUMBER_AT = 46
DIGIT, LINE = 7.3, 16


def _kind(value: float) -> str:
    return "z" if value == 0 else "q" if value < 0 else "p"


class _Picture:
    """One network, drawn in given places and on a given scale."""

    def __init__(self, network: Network, places: Geometry, largest: float) -> None:
        self.network, self.places, self.largest = network, places, largest

    def strength(self, value: float) -> float:
        """Return a value's size beside the largest, from 0 to 1."""
        return strength_of(value, self.largest)

    def unit_strength(self, column: int, unit: int) -> float:
        """Return how large a unit is: by its own gradient, or else by that of the wires that lead to it."""
        units = self.network.units[column]
        if units.blame is not None:
            return self.strength(float(units.blame[unit]))
        if column == 0:
            return 0.0
        return self.strength(float(np.max(np.abs(self.network.layers[column - 1].gradient[:, unit]))))

    def wires(self, layer: int) -> tuple[str, str]:
        """Return the wires of a layer, and the numbers on them: over all wires, so that none hides one."""
        gradient = self.network.layers[layer].gradient
        starts, ends = self.places.shown[layer], self.places.shown[layer + 1]
        numbered = self.places.roomy
        lines, numbers = [], []
        for row, start in enumerate(starts):
            for other_row, end in enumerate(ends):
                value = float(gradient[start, end])
                one, other = self.places.spot(layer, row), self.places.spot(layer + 1, other_row)
                radii = (
                    self.places.radius(self.unit_strength(layer, int(start))),
                    self.places.radius(self.unit_strength(layer + 1, int(end))),
                )
                lines.append(self._wire(self.places.between(one, other, radii), value))
                if numbered:
                    along = (radii[0] + NUMBER_AT) / math.dist(one, other)
                    x, y = (a + along * (b - a) for a, b in zip(one, other, strict=True))
                    numbers.append(_plate(x, y, value))
        return "".join(lines), "".join(numbers)

    def _wire(self, line: tuple[float, float, float, float], value: float) -> str:
        x1, y1, x2, y2 = line
        kind, strength = _kind(value), self.strength(value)
        if kind == "z":
            return f'<line class="z" x1="{at(x1)}" y1="{at(y1)}" x2="{at(x2)}" y2="{at(y2)}"/>'
        width = THINNEST + MORE_WIDTH * strength
        # An arrow's head at the start of the wire: that is where the gradient goes.
        length, half = 6 + width, 2.5 + width * 0.75
        across, down = (x2 - x1) / math.hypot(x2 - x1, y2 - y1), (y2 - y1) / math.hypot(x2 - x1, y2 - y1)
        tail_x, tail_y = x1 + across * length, y1 + down * length
        head = (
            f"M{at(x1)} {at(y1)}L{at(tail_x - down * half)} {at(tail_y + across * half)}"
            f"L{at(tail_x + down * half)} {at(tail_y - across * half)}Z"
        )
        return (
            f'<g class="{kind}" opacity="{FAINTEST_LINE + (1 - FAINTEST_LINE) * strength:.2f}">'
            f'<line class="{kind}" x1="{at(tail_x)}" y1="{at(tail_y)}" x2="{at(x2)}" y2="{at(y2)}" '
            f'stroke-width="{width:.1f}"/><path d="{head}" stroke="none"/></g>'
        )

    def unit(self, column: int, row: int, unit: int) -> str:
        """Return one unit with its name and its gradient."""
        units = self.network.units[column]
        x, y = self.places.spot(column, row)
        strength = self.unit_strength(column, unit)
        place = f'cx="{at(x)}" cy="{at(y)}" r="{at(self.places.radius(strength))}"'
        name = f"{units.name}[{unit}]" if units.count > 1 or units.shape else units.name
        told = self._told(units, unit)
        if units.silent[unit]:
            circle = f'<circle class="z" {place}/>'
        elif units.blame is None or not strength:
            circle = f'<circle class="{"i" if units.blame is None else "z"}" {place}/>'
        else:
            value = float(units.blame[unit])
            colour = NEGATIVE if value < 0 else POSITIVE
            tinted = css(colour, alpha_of(strength))
            circle = f'<circle class="u {_kind(value)}" {place} style="fill:{tinted}"/>'
        if not self.places.roomy:
            mark = "✕" if units.silent[unit] else str(unit)
            return f'{circle}<text x="{at(x)}" y="{at(y + 4)}" text-anchor="middle" class="f">{mark}</text>'
        below = f'<tspan x="{at(x)}" dy="15">{told}</tspan>' if told else ""
        up = 2 if told else -4
        return f'{circle}<text x="{at(x)}" y="{at(y - up)}" text-anchor="middle">{escaped(name)}{below}</text>'

    @staticmethod
    def _told(units: Units, unit: int) -> str:
        if units.silent[unit]:
            return "dead"
        return "" if units.blame is None else number(float(units.blame[unit]))

    def heads(self) -> str:
        """Return the names and shapes above everything."""
        found = []
        for column, units in enumerate(self.network.units):
            x, _ = self.places.spot(column, 0)
            shape = sizes(units.shape) if units.shape else f"{units.count} units" if units.count > 1 else ""
            hidden = units.count - len(self.places.shown[column])
            found.append(_centred(x, 18, f"{units.name} {shape}".rstrip()))
            if hidden:
                dead = int(units.silent.sum() - units.silent[self.places.shown[column]].sum())
                dead_ones = f", {dead} of them dead" if dead else ""
                found.append(_centred(x, 34, f"{hidden} weaker ones not shown{dead_ones}", "f"))
            if column:
                layer = self.network.layers[column - 1]
                before, _ = self.places.spot(column - 1, 0)
                middle = (x + before) / 2
                found.append(_centred(middle, 18, _shaped(f"d{layer.name}", layer.shape), "f"))
                if layer.bias_name:
                    found.append(_centred(middle, 34, _shaped(f"d{layer.bias_name}", layer.bias_shape), "f"))
        return "".join(found)

    def foot(self) -> str:
        """Return the arrow that says which way the gradient flows, and what the lines mean."""
        left, right, y = MARGIN / 2, self.places.width - MARGIN / 2, self.places.height - 46
        arrow = (
            f'<path d="M{at(left)} {at(y)}H{at(right)}M{at(left + 9)} {at(y - 5)}L{at(left)} {at(y)}'
            f'L{at(left + 9)} {at(y + 5)}" fill="none" stroke="currentColor" stroke-width="1.5"/>'
        )
        told = _centred(self.places.width / 2, y - 6, "the gradient flows back", "f")
        legend, x = "", self.places.width / 2 - 215
        for kind, words, room in (
            ("p", "above 0", 118), ("q", "below 0", 118), ("z", "exactly 0", 0),
        ):  # fmt: skip
            line = f'<line class="{kind}" x1="{at(x)}" y1="{at(y + 24)}" x2="{at(x + 34)}" y2="{at(y + 24)}"'
            legend += f'{line} stroke-width="4"/><text class="f" x="{at(x + 40)}" y="{at(y + 28)}">{words}</text>'
            x += room
        width = f'<text class="f" x="{at(x + 112)}" y="{at(y + 28)}">thickest: {number(self.largest)}</text>'
        return arrow + told + legend + width


def _shaped(name: str, shape: tuple[int, ...]) -> str:
    return f"{name} {sizes(shape)}" if shape else name


def _plate(x: float, y: float, value: float) -> str:
    """Return a number on a plate of the page's colour, so that the wire does not run through it."""
    told = number(value)
    wide = DIGIT * len(told) + 5
    return (
        f'<rect class="c" x="{at(x - wide / 2)}" y="{at(y - LINE / 2)}" width="{at(wide)}" height="{LINE}" rx="3"/>'
        f'<text class="v" x="{at(x)}" y="{at(y + 4)}" text-anchor="middle">{told}</text>'
    )


def _centred(x: float, y: float, text: str, kind: str = "") -> str:
    marked = f' class="{kind}"' if kind else ""
    return f'<text{marked} x="{at(x)}" y="{at(y)}" text-anchor="middle">{escaped(text)}</text>'


def svg_of(network: Network, places: Geometry, largest: float, title: str, *, alone: bool = False) -> str:
    """Return the picture as an SVG element. alone: for a file of its own, with its own colours."""
    picture = _Picture(network, places, largest)
    drawn = [picture.wires(layer) for layer in range(len(network.layers))]
    units = [
        picture.unit(column, row, int(unit))
        for column, shown in enumerate(places.shown)
        for row, unit in enumerate(shown)
    ]
    size = f'viewBox="0 0 {at(places.width)} {at(places.height)}" width="{at(places.width)}"'
    space = ' xmlns="http://www.w3.org/2000/svg"' if alone else ""
    return (
        f'<svg{space} class="agr-n" {size} height="{at(places.height)}" role="img">'
        f"<title>{escaped(title)}</title><desc>{escaped(described(network))}</desc>"
        f"{sheet_alone() if alone else ''}{picture.heads()}{''.join(lines for lines, _ in drawn)}"
        f"{''.join(units)}{''.join(numbers for _, numbers in drawn)}{picture.foot()}</svg>"
    )
