"""Functions among the arguments of which is known beforehand where they will be evaluated.

A numeric gradient evaluates its function twice for each coordinate. To ask another process each time takes longer
than all else; so the values at those points travel with the function. Only the statement of the exercise may say
where the points are: the student's side holds them, so that points that only the reference knows would be a hint.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class ForeseenValues:
    """Points, of one shape, and a function's value at each."""

    points: Sequence[FloatArray]
    values: Sequence[float]

    @cached_property
    def told(self) -> list[Any]:
        """The points and values as they cross: the points' shape, and the bytes of both in hexadecimal digits."""
        points, values = (np.asarray(one, dtype="<f8") for one in (self.points, self.values))
        return [list(points.shape[1:]), points.tobytes().hex(), values.tobytes().hex()]


class ForeseenFunction:
    """A scalar function of one array that learns of every evaluation, in their order, wherever it was made."""

    foreseen: ForeseenValues | None = None

    def __call__(self, x: Any) -> Any:
        """Return the function's value at x, a float."""
        raise NotImplementedError

    def evaluated(self, x: FloatArray) -> None:
        """Take note that the function's value at a foreseen point was used: it is evaluated, unless overridden."""
        self(x)
