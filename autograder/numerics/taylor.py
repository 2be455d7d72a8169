"""The Taylor-remainder test: how fast `|f(p + h v) - f(p) - h <g, v>|` falls with h.

For the true gradient g it falls as h², for any other as h alone, whatever the scale of f; so the
order of convergence needs no tolerance. The test is common for derivatives of simulations; see
P. E. Farrell, D. A. Ham, S. W. Funke and M. E. Rognes, "Automated Derivation of the Adjoint of
High-Level Transient Finite Element Programs", SIAM Journal on Scientific Computing 35 (2013).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.numerics.differences import length_along, random_directions
from autograder.numerics.evaluation import EPSILON, FloatArray, ScalarFunction, place
from autograder.numerics.slopes import FIRST_STEP, slopes, thorough_noise

LEAST_ORDER = 1.8
RATIO = 4.0
STEPS = tuple(2.0**-power for power in range(5, 25, 2))
# A remainder counts while it is this many times as large as the rounding in it.
MARGIN = 32.0
# The order is that between the last steps: this many, as a corner may lie between two of them.
NEEDED = 2


@dataclass(frozen=True)
class TaylorRemainder:
    """How a remainder fell.

    steps: the steps h, along the direction; remainders: what was left at each.
    order: the order of convergence; infinite where no more than rounding was left (a linear map).
    has_corner: True where f has a corner at the point along the direction, which says nothing of g:
        the part of the remainder that both sides share, and that g has no part in, falls as h.
    """

    steps: FloatArray
    remainders: FloatArray
    order: float
    has_corner: bool

    @property
    def passed(self) -> bool:
        """True if the remainder falls as h² does, or there is a corner and nothing to be said."""
        return self.has_corner or self.order >= LEAST_ORDER

    def __bool__(self) -> bool:
        return self.passed


def _orders(sizes: FloatArray, floors: FloatArray) -> list[float]:
    """Return the orders of convergence between steps, until nothing but rounding is left."""
    clear = sizes > floors
    count = int(np.argmin(clear)) if not clear.all() else len(sizes) - 1
    least = np.maximum(sizes, floors / MARGIN)
    return [float(np.log(sizes[k] / least[k + 1]) / np.log(RATIO)) for k in range(count)]


def taylor_remainder(
    f: ScalarFunction, gradient: NDArray[Any], *, at: ArrayLike, direction: FloatArray | None = None
) -> TaylorRemainder:
    """Look how the first-order Taylor remainder of f falls along a direction.

    gradient: in the shape of `at`; direction: likewise, a random one if it is None.
    Both sides, h and -h, are taken together, so that a second- and a third-order term cannot cancel.
    Raises ValueError if f returns anything but one finite real number.
    """
    here = place(f, at)
    along = random_directions(here.point.shape, 1)[0] if direction is None else np.asarray(direction, dtype=np.float64)
    length = length_along(here, along)
    line = here.along(along)
    slope = float(np.sum(np.asarray(gradient, dtype=np.float64) * along))
    with np.errstate(all="ignore"):
        (found,) = slopes([line], [length], here.middle, here.precision)
        steps = np.array(STEPS) * found.step / FIRST_STEP
        ahead, behind = (np.array([line(sign * float(h)) for h in steps]) for sign in (1, -1))
        noise = thorough_noise(line, here.middle, length, here.precision)
    even = np.abs(ahead + behind - 2 * here.middle) / 2
    odd = np.abs(ahead - behind - 2 * steps * slope) / 2
    wide = np.asarray(gradient).dtype
    precision = float(np.finfo(wide).eps) if wide.kind == "f" else EPSILON
    carried = precision * float(np.linalg.norm(gradient) * np.linalg.norm(along))
    remainders, floors = even + odd, MARGIN * (noise + steps * carried)
    orders, even_orders = _orders(remainders, floors), _orders(even, floors)
    has_corner = bool(even_orders) and max(even_orders[-NEEDED:]) < LEAST_ORDER
    order = max(orders[-NEEDED:]) if orders else float("inf")
    return TaylorRemainder(steps, remainders, order, has_corner)
