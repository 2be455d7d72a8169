"""Where the units of a network stand in its picture, and which of them are shown."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder.network.model import Network

MOST_UNITS = 12
# Columns of more units than this have no room for names and numbers.
MOST_LABELLED = 4
MARGIN, TOP, BOTTOM = 74, 46, 66
# Between columns; a deep network stands closer, so that less of it has to be scrolled to.
GAP, DEEP_GAP, MOST_FAR_APART = 260, 200, 4
ROOMY, TIGHT = 84, 46
LEAST_WIDTH = 470
# The smallest has room for a name and a number of seven characters.
SMALLEST, LARGEST_MORE = {True: 28.0, False: 11.0}, {True: 7.0, False: 7.0}


@dataclass(frozen=True)
class Geometry:
    """Places in pixels. shown: for each column, the units that are drawn; the others are only counted."""

    width: float
    height: float
    shown: tuple[NDArray[np.intp], ...]
    roomy: bool

    def spot(self, column: int, row: int) -> tuple[float, float]:
        """Return the centre of the unit in a column that is drawn as its row-th."""
        gap = _gap(len(self.shown))
        x = (self.width - gap * (len(self.shown) - 1)) / 2 + gap * column
        step = ROOMY if self.roomy else TIGHT
        middle = TOP + (self.height - TOP - BOTTOM) / 2
        return x, middle + (row - (len(self.shown[column]) - 1) / 2) * step

    def radius(self, strength: float) -> float:
        """Return how large a unit is drawn for a strength from 0 to 1."""
        return SMALLEST[self.roomy] + LARGEST_MORE[self.roomy] * strength

    def between(
        self, start: tuple[float, float], end: tuple[float, float], radii: tuple[float, float]
    ) -> tuple[float, float, float, float]:
        """Return the line from one circle's edge to the other's."""
        length = math.dist(start, end)
        across, down = (end[0] - start[0]) / length, (end[1] - start[1]) / length
        first, second = radii[0] + 3, radii[1] + 3
        return (
            start[0] + across * first, start[1] + down * first, end[0] - across * second, end[1] - down * second,
        )  # fmt: skip


def _gap(columns: int) -> float:
    return GAP if columns <= MOST_FAR_APART else DEEP_GAP


def _importance(networks: Sequence[Network], column: int) -> NDArray[np.float64]:
    """Return how much gradient there is at each unit of a column, the most over some networks."""
    found = np.zeros(networks[0].units[column].count)
    for network in networks:
        if column:
            found = np.maximum(found, np.max(np.abs(network.layers[column - 1].gradient), axis=0))
        if column < len(network.layers):
            found = np.maximum(found, np.max(np.abs(network.layers[column].gradient), axis=1))
    return np.nan_to_num(found, posinf=np.inf)


def geometry_of(networks: Sequence[Network]) -> Geometry:
    """Return the places of networks that are drawn alike, such as one network step by step."""
    shown = []
    for column, units in enumerate(networks[0].units):
        if units.count <= MOST_UNITS:
            shown.append(np.arange(units.count))
        else:
            shown.append(np.sort(np.argsort(-_importance(networks, column), kind="stable")[:MOST_UNITS]))
    most = max(len(column) for column in shown)
    roomy = most <= MOST_LABELLED
    height = TOP + BOTTOM + max(1.2, most) * (ROOMY if roomy else TIGHT)
    width = max(LEAST_WIDTH, 2 * MARGIN + _gap(len(shown)) * (len(shown) - 1))
    return Geometry(width, height, tuple(shown), roomy)
