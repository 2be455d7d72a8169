"""What the measured gradients have in common: random inputs at some scale, a right gradient, wrong ones."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Problem:
    """A scalar function at a point, with its gradient there and what mistakes make of it.

    f: takes an array in the shape of `at`; at: the point; gradient: the true one.
    wrong: what each mistake gives, by the mistake's name; computed when called.
    """

    f: Callable[[Any], Any]
    at: FloatArray
    gradient: FloatArray
    wrong: dict[str, Callable[[], Any]]


@dataclass(frozen=True)
class Draws:
    """Random inputs.

    inputs: the scale of what goes in, from 1e-8 to 1e8; moderate: the same, at most 2, for what is
        exponentiated; upstream: the scale of the upstream gradient.
    sizes: six sizes, from 1 up.
    """

    random: np.random.Generator
    inputs: float
    upstream: float
    sizes: tuple[int, ...] = field(default=())

    @property
    def moderate(self) -> float:
        """The scale of inputs that are exponentiated."""
        return min(self.inputs, 2.0)

    def normal(self, *shape: int, scale: float = 1.0) -> FloatArray:
        """Return normal numbers."""
        return np.asarray(self.random.normal(size=shape)) * scale

    def above(self, shape: tuple[int, ...]) -> FloatArray:
        """Return an upstream gradient."""
        return np.asarray(self.random.normal(size=shape)) * self.upstream


Family = Callable[[Draws], Problem]
FAMILIES: dict[str, Family] = {}


def family(function: Family) -> Family:
    """Register a family under its function's name."""
    FAMILIES[function.__name__] = function
    return function


def sigmoid(z: Any) -> Any:
    """Return 1 / (1 + exp(-z)) without overflow."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


def softmax(z: Any, axis: int | None = -1) -> Any:
    """Return the softmax along an axis, without overflow."""
    powers = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return powers / np.sum(powers, axis=axis, keepdims=True)


def one_hot(draws: Draws, rows: int, columns: int) -> FloatArray:
    """Return a matrix with one 1 in each row."""
    return np.eye(columns)[draws.random.integers(columns, size=rows)]
