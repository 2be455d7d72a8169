"""One step of gradient descent, by which the loss must fall as much as the first order says.

A mere decrease proves little; many wrong gradients decrease a loss. The first-order amount, the
rate times the squared norm of the gradient, is known to a term of the rate's square, which is
measured with a step along the numeric gradient.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.numerics.comparison import is_single
from autograder.numerics.differences import numeric_gradient

RELATIVE_ERROR = 1e-4
ROUNDING, SINGLE_ROUNDING = 1e-13, 1e-6


@dataclass(frozen=True)
class Descent:
    """What one step did to the loss.

    decrease: how much the loss fell; first_order: how much it falls to first order.
    allowed: how far apart the two may be, for curvature and rounding.
    """

    decrease: float
    first_order: float
    allowed: float

    @property
    def passed(self) -> bool:
        """True if the loss fell by the first-order amount; written so that a NaN fails."""
        return abs(self.decrease - self.first_order) <= self.allowed

    def __bool__(self) -> bool:
        return self.passed


def first_order_descent(
    loss: Callable[[Mapping[str, Any]], Any], before: Mapping[str, Any], after: Mapping[str, Any], rate: float
) -> Descent | None:
    """Compare a loss's decrease with the first-order one.

    loss: a scalar function of all parameters, by name; before, after: the parameters on both sides
        of the step; rate: the learning rate, small enough for the first order to say something.
    Returns None where the loss has a corner at the point.
    """
    start = float(loss(before))
    gradients = {}
    for name, value in before.items():

        def of_one(x: Any, name: str = name) -> Any:
            return loss({**before, name: x})

        gradients[name] = numeric_gradient(of_one, value)
        if gradients[name].on_kink.any():
            return None
    first_order = rate * sum(float(np.sum(found.values**2)) for found in gradients.values())
    stepped = {name: before[name] - rate * found.values for name, found in gradients.items()}
    curved = abs(start - float(loss(stepped)) - first_order)
    answered = {name: np.asarray(value, dtype=np.float64) for name, value in after.items()}
    single = any(is_single(np.asarray(value).dtype) for value in after.values())
    rounding = (SINGLE_ROUNDING if single else ROUNDING) * max(1.0, abs(start))
    return Descent(start - float(loss(answered)), first_order, 2 * curved + RELATIVE_ERROR * first_order + rounding)
