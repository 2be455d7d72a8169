"""The vocabulary of a problem set: what each named variable is and how the grader makes one.

A set uses one name for one thing (`W2` is always the second weight matrix, of shape (h, k)), so
each name is described once and every exercise that mentions it gets fitting inputs: the right
named dimensions, values that are consistent with each other, and special values where they matter.

Numbers that are drawn, rather than computed from others, are exact in single precision, so that a
student who works in float32 starts from the same inputs as the reference.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Dimension = str | int
Shape = tuple[Dimension, ...]


ZERO_SHARE = 0.4
EQUAL_SHARE = 0.6
FAR_SHARE = 0.2
LARGER = 1000.0
# Powers of two, so that scaling rounds nothing; in turn.
SMALLER = (2.0**-10, 2.0**-13)


class Style(Enum):
    """What kind of numbers a case is made of."""

    USUAL = "usual values"
    ZEROS = "values with zeros among them"
    LARGE = "large values"
    SMALL = "small values"


@dataclass(frozen=True)
class Draw:
    """What a variable is drawn from: randomness, the sizes, the style, and the case's number.

    place: of the variable among those of the exercise.
    alone: in the style of zeros, the place of the one float that is 0 in this case; -1 where chance decides for each.
    """

    random: np.random.Generator
    sizes: Mapping[str, int]
    style: Style
    number: int
    place: int = 0
    alone: int = -1


@dataclass(frozen=True)
class Variable:
    """One name of the vocabulary.

    shape: named or fixed dimensions; () for a float; None for anything that is no number.
    make: returns a value from a Draw and the values of the variables that it `needs`.
    counts: a dimension whose size the value is made from although the value has no such axis.
    is_computed: whether the value follows from what it needs alone, without randomness.
    """

    shape: Shape | None
    make: Callable[..., Any]
    needs: tuple[str, ...] = ()
    counts: str | None = None
    is_computed: bool = False

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The named dimensions that the value depends on."""
        named = tuple(size for size in (self.shape or ()) if isinstance(size, str))
        return (*named, self.counts) if self.counts else named


def concrete(shape: Shape, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """Return the numbers that a shape of named dimensions stands for."""
    return tuple(size if isinstance(size, int) else sizes[size] for size in shape)


def in_words(shape: Shape) -> str:
    """Write a shape of named dimensions as a person would: (h, k), (1, k), (n,)."""
    inside = ", ".join(str(size) for size in shape)
    return f"({inside},)" if len(shape) == 1 else f"({inside})"


def _single(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values.astype(np.float32).astype(np.float64)


def _plain(values: NDArray[np.float64]) -> Any:
    """Turn a 0-d array into the Python float that the curriculum promises."""
    return float(values) if values.ndim == 0 else values


LEAST_OF_LARGE = 0.2
LARGE_SIGNS = ((1.0, -1.0, 1.0), (1.0, -1.0, -1.0), (-1.0, -1.0, 1.0))


def _normal(draw: Draw, shape: Shape, scale: float) -> NDArray[np.float64]:
    values = np.asarray(draw.random.normal(size=concrete(shape, draw.sizes)))
    if draw.style is Style.LARGE and not values.ndim:
        # Of three in a row each float is of both signs, and so is the product of any two of the first three.
        values = (np.abs(values) + LEAST_OF_LARGE) * LARGE_SIGNS[draw.place % 3][draw.number % 3]
    return values * scale * {Style.LARGE: LARGER, Style.SMALL: SMALLER[draw.number % 2]}.get(draw.style, 1.0)


def _with_zeros(draw: Draw, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values with two in five of them 0; some for certain.

    What is wrong only where one factor is 0 shows only where the others are not: a float is 0 alone, in a case of its
    own. Two arrays of a shape meet at 0 in one entry, and in one each is 0 where the other is not.
    """
    if not values.ndim and draw.alone >= 0:
        return np.zeros_like(values) if draw.alone == draw.place else values
    zero = draw.random.random(values.shape) < ZERO_SHARE
    if values.ndim:
        for after, certain in ((2, draw.place % 2 == 1), (1, draw.place % 2 == 0), (0, True)):
            zero.flat[(draw.number + after) % values.size] = certain
    return np.where(zero, 0.0, values)


def real(*shape: Dimension, scale: float = 1.0, zeros: bool = True) -> Variable:
    """Any real numbers; a thousand times larger in the style of large ones, and smaller in that of small ones.

    zeros: in the style of zeros, whether two in five are 0, and one for certain; of floats one after the other.
    Not for an upstream gradient, which would hide what happens to it.
    """

    def make(draw: Draw) -> Any:
        values = _normal(draw, shape, scale)
        if zeros and draw.style is Style.ZEROS:
            values = _with_zeros(draw, values)
        return _plain(_single(values))

    return Variable(shape, make)


def bounded(
    *shape: Dimension,
    scale: float = 1.0,
    zeros: bool = False,
    corner: bool = False,
    large: tuple[float, float] = (1.0, 1.0),
) -> Variable:
    """Real numbers that stay of one size unless asked otherwise, for networks that must not explode.

    zeros: in the style of zeros, whether the first half along the first axis is 0, or all of a
    vector in every other case; a float in its turn. Inputs and biases that are 0 together put a
    unit exactly on ReLU's corner, in any order of summation.
    corner: whether what would be 0 then is one of the values around 0, in turn, which take it off that corner again.
    large: what they are multiplied by in the style of large values, in every other case the second.
    """

    def make(draw: Draw) -> Any:
        values = np.asarray(draw.random.normal(size=concrete(shape, draw.sizes))) * scale
        values *= {Style.LARGE: large[draw.number % 2], Style.SMALL: SMALLER[draw.number % 2]}.get(draw.style, 1.0)
        if zeros and draw.style is Style.ZEROS and not shape:
            values = _with_zeros(draw, values)
        elif zeros and draw.style is Style.ZEROS:
            axis = max(range(values.ndim), key=lambda one: values.shape[one]) if 1 in shape else 0
            whole = values.ndim == 1 and draw.number % 2
            half = values.shape[axis] if whole else (values.shape[axis] + 1) // 2
            chosen = values[(slice(None),) * axis + (slice(half),)]
            chosen[...] = np.resize(AROUND_ZERO if corner else (0.0,), chosen.shape)
        return _plain(_single(values))

    return Variable(shape, make)


# The two that matter most come first, so that they are there however few entries there are.
AROUND_ZERO = (0.0, 1e-9, -0.0, -1e-9, 1e-30)


def pre_activation(*shape: Dimension) -> Variable:
    """What goes into a ReLU: of both signs, and in the style of zeros also 0.0, -0.0 and tiny values.

    Here tiny values are what decides: the derivative at 0 is 0 by convention, at 1e-9 it is 1.
    """

    def make(draw: Draw) -> Any:
        values = _single(_normal(draw, shape, 1.0))
        if draw.style is Style.ZEROS:
            flat = values.reshape(-1)
            order = draw.random.permutation(flat.size)
            special = _single(np.asarray(AROUND_ZERO))
            start = draw.number if flat.size == 1 else 2 * (draw.number % 2)
            for position, index in enumerate(order[: max(1, flat.size - 1, 2)]):
                flat[index] = special[(start + position) % len(special)]
            values = flat.reshape(values.shape)
        return _plain(values)

    return Variable(shape, make)


def positive(*shape: Dimension, low: float, high: float) -> Variable:
    """Numbers spread evenly over the orders of magnitude from `low` to `high`."""

    def make(draw: Draw) -> Any:
        exponents = draw.random.uniform(np.log(low), np.log(high), size=concrete(shape, draw.sizes))
        return _plain(_single(np.exp(exponents)))

    return Variable(shape, make)


def scores(*shape: Dimension) -> Variable:
    """What goes into a softmax: moderate, equal in the style of zeros, up to 10,000 in that of large ones."""

    def make(draw: Draw) -> Any:
        size = concrete(shape, draw.sizes)
        values = draw.random.normal(size=size) * 2.0
        if draw.style is Style.ZEROS:
            values = np.where(draw.random.random(size) < EQUAL_SHARE, 0.0, values)
        if draw.style is Style.LARGE:
            # Whole numbers near the limit: their differences are exact in single precision too.
            # Rows alternate between the two limits, so that one maximum for all rows is too far away.
            rows = np.arange(size[0]).reshape(-1, *(1,) * (len(size) - 1))
            # Every other case has no large score at all: unshifted, all of its exponentials are 0.
            high = (rows % 2 == 0) & (draw.number % 2 == 0)
            values = np.where(high, 9990.0, -9990.0) + draw.random.integers(-4, 5, size=size)
            far = draw.random.random(size) < FAR_SHARE
            far[..., -1], far[..., 0] = False, size[-1] > 1
            values = np.where(high & far, -9990.0, values)
        return _single(values)

    return Variable(shape, make)


def one_hot(rows: str, columns: str) -> Variable:
    """A matrix with exactly one 1 in each row."""

    def make(draw: Draw) -> Any:
        chosen = draw.random.integers(draw.sizes[columns], size=draw.sizes[rows])
        return np.eye(draw.sizes[columns])[chosen]

    return Variable((rows, columns), make)


def index(dimension: str, shift: int = 0) -> Variable:
    """A whole number that counts along a dimension, another one in each case.

    shift: keeps two indices apart, so that exchanging them is never right.
    """
    return Variable(None, lambda draw: (draw.number + shift) % draw.sizes[dimension], counts=dimension)


def one_less_than(dimension: str) -> Variable:
    """A whole number from 0 up, one less than the size of a dimension such as "steps + 1"."""
    return Variable(None, lambda draw: draw.sizes[dimension] - 1, counts=dimension)


def choice(*options: Any) -> Variable:
    """One of a few values, each in turn."""
    return Variable(None, lambda draw: options[draw.number % len(options)])


def computed(*shape: Dimension, by: Callable[..., Any], container: bool = False) -> Variable:
    """A value that follows from other variables, named by the parameters of `by`.

    Caches such as A1 = relu(Z1) are made this way, so that hidden inputs are always consistent.
    container: True for a dict or other value that has no shape of its own.
    """
    needs = tuple(inspect.signature(by).parameters)

    def make(draw: Draw, **values: Any) -> Any:
        return by(**values)

    return Variable(None if container else shape, make, needs, is_computed=True)
