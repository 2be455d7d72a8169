"""The picture of a network as SVG: inert, in the page's own colours, with its text in it."""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from autograder.drawing.markup import coordinate as at
from autograder.drawing.markup import escaped, number, sizes
from autograder.drawing.palette import NEGATIVE, POSITIVE, alpha_of, css, strength_of
from autograder.drawing.style import sheet_alone
from autograder.network.geometry import MARGIN, Geometry
from autograder.network.model import Network, Units
from autograder.network.rows import described
from autograder.network.wires import Wire, kind_of, wires_of

# How far from a unit the number on a wire stands: past the arrow, where its wires have spread and no others come near;
# where another number stands already, some steps on, but never near the wire's other end.
NUMBER_AT, NUMBER_STEP, FARTHEST = 46, 22, 0.7
DIGIT, LINE = 7.3, 16
# Of more wires between two columns, only so many of the strongest are drawn: a picture of all is a picture of none.
MOST_WIRES = 48
# A number of more characters than this does not fit into a unit's circle.
MOST_IN_CIRCLE = 7
FEWER_DIGITS = 2
LEAST_SHOWN, SHRUNK = 340, 0.7
# Beside the largest gradient, what is so small is rounding; the table of numbers has it as it is.
ROUNDING, NEARLY_NOTHING = 1e-12, "≈ 0"
# Of the legend, in pixels: a sample of a line, a character, and what is between two entries.
SAMPLE, CHARACTER, BETWEEN = 34, 6.2, 22
MEANINGS = {"p": "above 0", "q": "below 0", "z": "exactly 0", "n": "not a finite number"}

Box = tuple[float, float, float]


class _Picture:
    """One network, drawn in given places and on a given scale."""

    def __init__(self, network: Network, places: Geometry, largest: float) -> None:
        self.network, self.places, self.largest = network, places, largest

    def strength(self, value: float) -> float:
        """Return a value's size beside the largest, from 0 to 1."""
        return strength_of(value, self.largest)

    def in_short(self, value: float) -> str:
        """Return a value as the picture tells it: what rounding leaves of a 0 is more to read than it says."""
        return NEARLY_NOTHING if 0 < abs(value) < ROUNDING * self.largest else number(value)

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
        lines, numbers, taken = [], [], list[Box]()
        for row, other_row in _strongest(gradient[np.ix_(starts, ends)]):
            start, end = int(starts[row]), int(ends[other_row])
            value = float(gradient[start, end])
            one, other = self.places.spot(layer, row), self.places.spot(layer + 1, other_row)
            radii = (
                self.places.radius(self.unit_strength(layer, start)),
                self.places.radius(self.unit_strength(layer + 1, end)),
            )
            lines.append(Wire(*self.places.between(one, other, radii), value))
            if self.places.roomy:
                told = self.in_short(value)
                taken.append(_free_spot(one, other, radii[0] + NUMBER_AT, DIGIT * len(told) + 5, taken))
                numbers.append(_plate(taken[-1], told))
        return wires_of(lines, self.largest, coarse=not self.places.roomy), "".join(numbers)

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
        elif not math.isfinite(units.blame[unit]):
            circle = f'<circle class="n" {place}/>'
        else:
            value = float(units.blame[unit])
            colour = NEGATIVE if value < 0 else POSITIVE
            tinted = css(colour, alpha_of(strength))
            circle = f'<circle class="u {kind_of(value)}" {place} style="fill:{tinted}"/>'
        if not self.places.roomy:
            mark = "✕" if units.silent[unit] else str(unit)
            return f'{circle}<text x="{at(x)}" y="{at(y + 4)}" class="f">{mark}</text>'
        below = f'<tspan x="{at(x)}" dy="15" class="f">{told}</tspan>' if told else ""
        up = 2 if told else -4
        return f'{circle}<text x="{at(x)}" y="{at(y - up)}">{escaped(name)}{below}</text>'

    def _told(self, units: Units, unit: int) -> str:
        if units.silent[unit]:
            return "dead"
        if units.blame is None:
            return ""
        told = self.in_short(float(units.blame[unit]))
        return told if len(told) <= MOST_IN_CIRCLE else number(float(units.blame[unit]), FEWER_DIGITS)

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
                found.append(_centred(x, 34, f"{hidden} weaker not shown{f', {dead} dead' if dead else ''}", "f"))
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
        told = "the gradient flows back"
        if self._some_left_out():
            told += f"; of each layer the {MOST_WIRES} strongest wires are drawn"
        return arrow + _centred(self.places.width / 2, y - 6, told, "f") + self._legend(y + 24)

    def _some_left_out(self) -> bool:
        return any(len(one) * len(other) > MOST_WIRES for one, other in pairwise(self.places.shown))

    def _legend(self, y: float) -> str:
        """Return what the lines mean, in the middle of a line of its own."""
        kinds = ["p", "q", "z"]
        gradients = [layer.gradient for layer in self.network.layers]
        gradients += [units.blame for units in self.network.units if units.blame is not None]
        kinds += ["n"] if any(not np.isfinite(one).all() for one in gradients) else []
        thickest = f"thickest: {number(self.largest)}"
        samples = [(kind, MEANINGS[kind], SAMPLE) for kind in kinds] + [("", thickest, 0)]
        rooms = [sample + 6 + CHARACTER * len(words) + BETWEEN for _, words, sample in samples]
        found, x = "", (self.places.width - sum(rooms) + BETWEEN) / 2
        for (kind, words, sample), room in zip(samples, rooms, strict=True):
            if kind:
                found += f'<line class="{kind}" x1="{at(x)}" y1="{at(y)}" x2="{at(x + sample)}" y2="{at(y)}"'
                found += ' stroke-width="4"/>'
            found += f'<text class="f s" x="{at(x + sample + 6)}" y="{at(y + 4)}">{words}</text>'
            x += room
        return found


def _strongest(gradient: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return which entries of the gradient of the wires between two columns are drawn, in their own order."""
    size = np.nan_to_num(np.abs(gradient), nan=np.inf).ravel()
    kept = np.sort(np.argsort(-size, kind="stable")[:MOST_WIRES])
    return [(int(place) // gradient.shape[1], int(place) % gradient.shape[1]) for place in kept]


def _free_spot(
    one: tuple[float, float], other: tuple[float, float], start: float, wide: float, taken: list[Box]
) -> Box:
    """Return the first place along a wire where a number covers no other, with its width; else the first of all."""
    length = math.dist(one, other)
    tried = []
    for far in np.arange(start, max(FARTHEST * length, start + 1), NUMBER_STEP):
        x, y = (a + float(far) / length * (b - a) for a, b in zip(one, other, strict=True))
        tried.append((x, y, wide))
        if all(abs(x - x1) > (wide + wide1) / 2 or abs(y - y1) > LINE for x1, y1, wide1 in taken):
            return tried[-1]
    return tried[0]


def _shaped(name: str, shape: tuple[int, ...]) -> str:
    return f"{name} {sizes(shape)}" if shape else name


def _plate(box: Box, told: str) -> str:
    """Return a number on a plate of the page's colour, so that the wire does not run through it."""
    x, y, wide = box
    return (
        f'<rect class="c" x="{at(x - wide / 2)}" y="{at(y - LINE / 2)}" width="{at(wide)}" height="{LINE}" rx="3"/>'
        f'<text class="v" x="{at(x)}" y="{at(y + 4)}">{told}</text>'
    )


def _centred(x: float, y: float, text: str, kind: str = "") -> str:
    marked = f' class="{kind}"' if kind else ""
    return f'<text{marked} x="{at(x)}" y="{at(y)}">{escaped(text)}</text>'


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
    # On a small screen a picture shrinks as far as its words can be read, and is scrolled from there on.
    size += "" if alone else f' style="min-width:{min(places.width, max(LEAST_SHOWN, SHRUNK * places.width)):.0f}px"'
    space = ' xmlns="http://www.w3.org/2000/svg"' if alone else ""
    return (
        f'<svg{space} class="agr-n" {size} height="{at(places.height)}" role="img">'
        f"<title>{escaped(title)}</title><desc>{escaped(described(network))}</desc>"
        f"{sheet_alone() if alone else ''}{picture.heads()}{''.join(lines for lines, _ in drawn)}"
        f"{''.join(units)}{''.join(numbers for _, numbers in drawn)}{picture.foot()}</svg>"
    )
