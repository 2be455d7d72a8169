"""A network's gradients as rows of numbers with bars, from the output back to the input."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder.drawing.markup import number, sizes
from autograder.drawing.palette import strength_of
from autograder.network.model import Layer, Network, Units

# With more numbers than this, each array is told by its largest entry and its root mean square.
MOST_ENTRIES = 24
BAR = 30
DEAD = "dead: passes nothing back"


@dataclass(frozen=True)
class Row:
    """One number. what: the array it is of; label: the entry; size: what its bar shows; note: what else to say."""

    what: str
    label: str
    value: float
    size: float
    note: str = ""

    def bar(self, largest: float, width: int = BAR) -> str:
        """Return a bar of text, as long as the size is beside the largest."""
        return "|" * round(width * strength_of(self.size, largest))


def entries_of(network: Network) -> int:
    """Return how many numbers the network's gradients have."""
    found = sum(layer.gradient.size for layer in network.layers)
    return found + sum(units.count for units in network.units if units.blame is not None)


def rows_of(network: Network) -> list[Row]:
    """Return every gradient, the output's first: entry by entry where they are few, array by array else."""
    few = entries_of(network) <= MOST_ENTRIES
    found: list[Row] = []
    for place in reversed(range(len(network.units))):
        units = network.units[place]
        if units.blame is not None:
            found += _unit_rows(units) if few else [_summed(units.what, units.blame, units.silent)]
        if place:
            layer = network.layers[place - 1]
            found += _wire_rows(network, place - 1) if few else [_layer_row(layer, network, place - 1)]
    return found


def _unit_rows(units: Units) -> Iterator[Row]:
    assert units.blame is not None
    for place, value in enumerate(units.blame):
        label = f"{units.name}[{place}]" if units.count > 1 or units.shape else units.name
        yield Row(units.what, label, float(value), abs(float(value)), DEAD if units.silent[place] else "")


def _wire_rows(network: Network, place: int) -> Iterator[Row]:
    layer = network.layers[place]
    for start, end in np.ndindex(*layer.gradient.shape):
        value = float(layer.gradient[start, end])
        yield Row(f"d{layer.name}", network.label(place, start, end), value, abs(value))


def _layer_row(layer: Layer, network: Network, place: int) -> Row:
    start, end = (
        int(index) for index in np.unravel_index(int(np.argmax(np.abs(layer.gradient))), layer.gradient.shape)
    )
    value = float(layer.gradient[start, end])
    where = network.label(place, start, end)
    what = f"d{layer.name} {sizes(layer.shape)}"
    return Row(what, f"largest: {where}", value, _root_mean_square(layer.gradient), _spread(layer.gradient))


def _summed(what: str, blame: NDArray[np.float64], silent: NDArray[np.bool_]) -> Row:
    place = int(np.argmax(np.abs(blame)))
    dead = f", {int(silent.sum())} of {len(silent)} units dead" if silent.any() else ""
    return Row(what, f"largest: [{place}]", float(blame[place]), _root_mean_square(blame), f"{_spread(blame)}{dead}")


def _root_mean_square(values: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(values**2)))


def _spread(values: NDArray[np.float64]) -> str:
    return f"root mean square {number(_root_mean_square(values))}"


def described(network: Network) -> str:
    """Say in a few sentences what the picture of a network shows, for whoever does not see it."""
    columns = ", ".join(f"{units.name} with {units.count} unit{'s' * (units.count != 1)}" for units in network.units)
    told = [f"A network of {len(network.units)} columns, from left to right: {columns}."]
    rows = [row for row in rows_of(network) if row.size > 0 and math.isfinite(row.value)]
    broken = [row.label.removeprefix("largest: ") for row in rows_of(network) if not math.isfinite(row.value)]
    if broken:
        told.append(f"Not a finite number: {_some(broken)}.")
    if rows:
        strongest = max(rows, key=lambda row: abs(row.value))
        name = strongest.label.removeprefix("largest: ")
        of = "" if name.startswith("d") else f"{strongest.what} at "
        told.append(
            f"The gradient flows back from right to left; the largest is {of}{name}, {number(strongest.value)}."
        )
    dead = [f"{one.name}[{place}]" for one in network.units for place in np.flatnonzero(one.silent)]
    if dead:
        told.append(f"Dead, grey and without any gradient: {_some(dead)}.")
    return " ".join(told)


def _some(names: list[str]) -> str:
    return ", ".join(names[:MOST_ENTRIES]) + (" and more" if len(names) > MOST_ENTRIES else "")


def chain(network: Network) -> str:
    """Return the network in one line of text, with the shape of everything."""
    words = [_units_told(network.units[0])]
    for layer, units in zip(network.layers, network.units[1:], strict=True):
        shape = f" {sizes(layer.shape)}" if layer.shape else ""
        words += [f"──[{layer.name}{shape}]──", _units_told(units)]
    return " ".join(words)


def _units_told(units: Units) -> str:
    shape = f" {sizes(units.shape)}" if units.shape else f" ({units.count} units)" if units.count > 1 else ""
    return f"{units.name}{shape}"


def text_of(network: Network, largest: float) -> list[str]:
    """Return the network's gradients as lines of text, with bars."""
    lines, before = [chain(network), "gradient, from the output back to the input:"], ""
    rows = rows_of(network)
    width = max((len(row.label) for row in rows), default=0)
    for row in rows:
        if row.what not in (before, row.label):
            lines.append(f"  {row.what}")
        before = row.what
        note = f"  ({row.note})" if row.note else ""
        lines.append(f"    {row.label:<{width}} {number(row.value):>9}  {row.bar(largest)}{note}".rstrip())
    return lines
