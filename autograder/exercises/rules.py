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
from autograder.numerics import numeric_gradient
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

    def fault(self, values: Values, leaves: list[Leaf], random: np.random.Generator) -> str | None:
        """Return what is wrong with an answer, or None."""


@cache
def parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of a declared function's parameters."""
    return tuple(inspect.signature(function).parameters)


def applied(function: Callable[..., Any], values: Values) -> Any:
    """Call a declared function with the variables that its parameters name."""
    return function(**{name: values[name] for name in parameters(function)})


def _along(scalar: Callable[[Any], Any], at: Any, direction: NDArray[Any]) -> Callable[[Any], Any]:
    return lambda t: scalar(at + float(t) * direction)


def _wrong_along_random_directions(
    scalar: Callable[[Any], Any], at: Any, gradient: NDArray[Any], random: np.random.Generator
) -> bool:
    """Tell whether `<gradient, v>` differs from the derivative of `scalar(at + t v)` at t = 0."""
    for _ in range(DIRECTIONS):
        direction = random.normal(size=gradient.shape)
        numeric = numeric_gradient(_along(scalar, at, direction), 0.0)
        if numeric.on_kink:
            continue
        analytic = float(np.sum(gradient * direction))
        scale = float(np.linalg.norm(gradient) * np.linalg.norm(direction)) + abs(float(numeric.values))
        relative = SINGLE_TOLERANCE if is_single(gradient.dtype) else RELATIVE_TOLERANCE
        # Written so that a NaN counts as wrong.
        if not abs(analytic - numeric.values) <= relative * scale + 8 * float(numeric.error):
            return True
    return False


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

    def fault(self, values: Values, leaves: list[Leaf], random: np.random.Generator) -> str | None:
        """Compare each part of the answer with numeric derivatives along random directions."""
        for name, leaf in zip(self.wrt, leaves, strict=True):

            def scalar(x: Any, name: str = name) -> Any:
                return self.scalar({**values, name: x})

            if _wrong_along_random_directions(scalar, values[name], leaf.value, random):
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

    def fault(self, values: Values, leaves: list[Leaf], random: np.random.Generator) -> str | None:
        """Contract the Jacobian with a random upstream gradient, and check that product."""
        upstream = random.normal(size=np.shape(applied(self.of, values)))
        product = np.tensordot(upstream, leaves[0].value, axes=upstream.ndim).astype(leaves[0].value.dtype)

        def scalar(x: Any) -> Any:
            return np.sum(upstream * applied(self.of, {**values, self.wrt: x}))

        if _wrong_along_random_directions(scalar, values[self.wrt], product, random):
            return f"your Jacobian does not say how each output changes when {self.wrt} is nudged by a little"
        return None


@dataclass(frozen=True)
class DescentStep:
    """The answer holds updated parameters: the loss must fall by the first-order amount, lr * |g|^2.

    A mere decrease proves little; many wrong gradients decrease a loss. The first-order amount is
    known to a term of order lr^2, which is measured with a step along the numeric gradient.
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

    def _loss_of(self, name: str, values: Values) -> Callable[[Any], Any]:
        return lambda x: applied(self.loss, {**values, name: x})

    def fault(self, values: Values, leaves: list[Leaf], random: np.random.Generator) -> str | None:
        """Compare the loss's decrease with the first-order one."""
        rate, before = float(values["lr"]), float(applied(self.loss, values))
        gradients = {name: numeric_gradient(self._loss_of(name, values), values[name]) for name in self.wrt}
        if any(found.on_kink.any() for found in gradients.values()):
            return None
        first_order = rate * sum(float(np.sum(found.values**2)) for found in gradients.values())
        stepped = {name: values[name] - rate * found.values for name, found in gradients.items()}
        curved = abs(before - float(applied(self.loss, {**values, **stepped})) - first_order)
        answered = {name: leaf.value.astype(np.float64) for name, leaf in zip(self.wrt, leaves, strict=True)}
        decrease = before - float(applied(self.loss, {**values, **answered}))
        single = any(is_single(leaf.value.dtype) for leaf in leaves)
        rounding = (1e-6 if single else 1e-13) * max(1.0, abs(before))
        if abs(decrease - first_order) <= 2 * curved + 1e-4 * first_order + rounding:
            return None
        if decrease <= 0:
            return "one small step does not lower the loss; is the gradient's sign or the update's wrong?"
        return "one small step does not lower the loss by about lr times the squared norm of the gradient"
