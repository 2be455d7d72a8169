"""What a gradient must agree with besides the reference: numeric derivatives and one step of descent.

A rule looks only at the declared forward map and at the student's answer. It is the part of the
judgment that would still reject a wrong answer if the reference itself were wrong.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from autograder.exercises.answers import Leaf
from autograder.numerics import NumericGradient, directional_derivatives, first_order_descent, noise_level
from autograder.numerics.comparison import is_single

DIRECTIONS = 2
RELATIVE_TOLERANCE = 1e-5
SINGLE_TOLERANCE = 2e-4
SMALL_STEP = 1e-2

Values = Mapping[str, Any]


class Rule(Protocol):
    """A property of right answers that needs no reference."""

    @property
    def check(self) -> str:
        """The name of the check in a report."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The variables that the rule reads."""

    def applies(self, values: Values) -> bool:
        """Tell whether the rule says anything about a case with these values."""

    def facts(self, values: Values, random: np.random.Generator) -> Any:
        """Return what can be found out before there is an answer; anything but None."""

    def fault(self, values: Values, leaves: list[Leaf], facts: Any) -> str | None:
        """Return what is wrong with an answer, or None."""


@cache
def parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of a declared function's parameters."""
    return tuple(inspect.signature(function).parameters)


def applied(function: Callable[..., Any], values: Values) -> Any:
    """Call a declared function with the variables that its parameters name."""
    return function(**{name: values[name] for name in parameters(function)})


@dataclass(frozen=True)
class Directions:
    """Random directions v at a point, and the derivatives of `scalar(at + t v)` at t = 0 along them.

    scalar: a function of one array, or float, of real numbers. at: the point.
    """

    scalar: Callable[[Any], Any]
    at: Any
    directions: tuple[NDArray[Any], ...]
    found: NumericGradient

    @classmethod
    def drawn(cls, scalar: Callable[[Any], Any], at: Any, random: np.random.Generator) -> "Directions":
        """Draw directions and differentiate along them."""
        directions = tuple(np.asarray(random.normal(size=np.shape(at))) for _ in range(DIRECTIONS))
        return cls(scalar, at, directions, directional_derivatives(scalar, at, directions))


def _wrong_along(known: Directions, gradient: NDArray[Any]) -> bool:
    """Tell whether `<gradient, v>` differs from a derivative along a direction v."""
    found = known.found
    relative = SINGLE_TOLERANCE if is_single(gradient.dtype) else RELATIVE_TOLERANCE
    for number, direction in enumerate(known.directions):
        if found.on_kink[number]:
            continue
        numeric = float(found.values[number])
        analytic = float(np.sum(gradient * direction))
        scale = float(np.linalg.norm(gradient) * np.linalg.norm(direction)) + abs(numeric)
        # Written so that a NaN counts as wrong.
        near = abs(analytic - numeric) <= relative * scale + 8 * float(found.error[number])
        if not near and _is_beyond_rounding(known.scalar, known.at, direction, analytic, relative * scale):
            return True
    return False


def _is_beyond_rounding(
    scalar: Callable[[Any], Any], at: Any, direction: NDArray[Any], analytic: float, allowed: float
) -> bool:
    """Look again, with the forward map's rounding measured: large terms may cancel in it."""
    again = directional_derivatives(scalar, at, [direction], noise=noise_level(scalar, at))
    if again.on_kink[0]:
        return False
    return not abs(analytic - float(again.values[0])) <= allowed + 8 * float(again.error[0])


@dataclass(frozen=True)
class VectorJacobianProduct:
    """The answer is the upstream gradient times the Jacobian of `of` with respect to `wrt`.

    Checked along random directions v: `<answer, v>` must be the derivative of
    `<upstream, of(wrt + t v)>` at t = 0. Without an upstream gradient, `of` is a scalar.
    """

    of: Callable[..., Any]
    wrt: tuple[str, ...]
    upstream: str | None = None
    check: str = "gradient_check"

    @property
    def needs(self) -> tuple[str, ...]:
        """The forward map's inputs and the upstream gradient."""
        return (*parameters(self.of), *((self.upstream,) if self.upstream else ()))

    def scalar(self, values: Values) -> Any:
        """Return the forward map contracted with the upstream gradient."""
        output = applied(self.of, values)
        return np.sum(values[self.upstream] * output) if self.upstream else output

    def applies(self, values: Values) -> bool:
        """Every case will do; corners are skipped direction by direction."""
        return True

    def facts(self, values: Values, random: np.random.Generator) -> tuple[Directions, ...]:
        """Differentiate along random directions of each argument."""

        def of(name: str) -> Directions:
            return Directions.drawn(lambda x: self.scalar({**values, name: x}), values[name], random)

        return tuple(map(of, self.wrt))

    def fault(self, values: Values, leaves: list[Leaf], facts: Any) -> str | None:
        """Compare each part of the answer with numeric derivatives along random directions."""
        for name, leaf, known in zip(self.wrt, leaves, facts, strict=True):
            if _wrong_along(known, leaf.value):
                what = f"{leaf.name} " if leaf.name else "your answer "
                return f"{what}does not say how the forward value changes when {name} is nudged by a little"
        return None


@dataclass(frozen=True)
class FullJacobian:
    """The answer is the Jacobian of `of` with respect to `wrt`, output axes first."""

    of: Callable[..., Any]
    wrt: str
    check: str = "gradient_check"

    @property
    def needs(self) -> tuple[str, ...]:
        """The forward map's inputs."""
        return parameters(self.of)

    def applies(self, values: Values) -> bool:
        """Every case will do."""
        return True

    def facts(self, values: Values, random: np.random.Generator) -> tuple[NDArray[Any], Directions]:
        """Draw an upstream gradient, and differentiate its product with the output along random directions."""
        upstream = np.asarray(random.normal(size=np.shape(applied(self.of, values))))

        def scalar(x: Any) -> Any:
            return np.sum(upstream * applied(self.of, {**values, self.wrt: x}))

        return upstream, Directions.drawn(scalar, values[self.wrt], random)

    def fault(self, values: Values, leaves: list[Leaf], facts: Any) -> str | None:
        """Contract the Jacobian with a random upstream gradient, and check that product."""
        upstream, known = facts
        product = np.tensordot(upstream, leaves[0].value, axes=upstream.ndim).astype(leaves[0].value.dtype)
        if _wrong_along(known, product):
            return f"your Jacobian does not say how each output changes when {self.wrt} is nudged by a little"
        return None


@dataclass(frozen=True)
class DescentStep:
    """The answer holds updated parameters: the loss must fall by the first-order amount, lr * |g|^2.

    `autograder.numerics.descent` says how.
    """

    loss: Callable[..., Any]
    wrt: tuple[str, ...]
    check: str = "descent"

    @property
    def needs(self) -> tuple[str, ...]:
        """The loss's inputs and the learning rate."""
        return (*parameters(self.loss), "lr")

    def applies(self, values: Values) -> bool:
        """Only a small learning rate makes a step that the first order describes."""
        return 0 < float(values["lr"]) <= SMALL_STEP

    def facts(self, values: Values, random: np.random.Generator) -> bool:
        """There is nothing to find out: all of it hangs on the answer."""
        return True

    def fault(self, values: Values, leaves: list[Leaf], facts: Any) -> str | None:
        """Compare the loss's decrease with the first-order one."""
        before = {name: values[name] for name in self.wrt}
        after = {name: leaf.value for name, leaf in zip(self.wrt, leaves, strict=True)}
        step = first_order_descent(lambda p: applied(self.loss, {**values, **p}), before, after, float(values["lr"]))
        if step is None or step.passed:
            return None
        if step.decrease <= 0:
            return "one small step does not lower the loss; is the gradient's sign or the update's wrong?"
        return "one small step does not lower the loss by about lr times the squared norm of the gradient"
