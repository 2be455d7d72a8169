"""Random cases of right and wrong gradients: families of functions, at many scales, sizes and precisions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import oracle_layers  # noqa: F401 - registers its families
import oracle_losses  # noqa: F401
import oracle_matrices  # noqa: F401
import oracle_structures  # noqa: F401
from numpy.typing import NDArray
from oracle_family import FAMILIES, Draws, FloatArray, Problem

Change = Callable[[NDArray[Any]], Any]

# What can go wrong with any gradient, whatever it is of.
GENERAL: dict[str, Change] = {
    "sign": lambda g: -g,
    "doubled": lambda g: 2 * g,
    "halved": lambda g: g / 2,
    "off by a part in a thousand": lambda g: g * 1.003,
    "transposed": lambda g: g.T,
    "reshaped for transposed": lambda g: g.T.reshape(g.shape),
    "zeros": np.zeros_like,
    "ones": np.ones_like,
    "absolute values": np.abs,
    "signs only": np.sign,
    "squared": lambda g: g**2,
    "rounded to whole numbers": np.rint,
    "first row everywhere": lambda g: np.broadcast_to(g[:1], g.shape),
    "last row left out": lambda g: np.concatenate([g[:-1], 0 * g[-1:]]),
    "rows in reverse": lambda g: g[::-1],
    "rows moved by one": lambda g: np.roll(g, 1, axis=0),
    "sum everywhere": lambda g: np.full_like(g, g.sum()),
    "mean everywhere": lambda g: np.full_like(g, g.mean()),
    "normalised": lambda g: g / np.linalg.norm(g),
    "negative part cut off": lambda g: np.maximum(g, 0),
    "largest entry off": lambda g: np.where(np.abs(g) == np.abs(g).max(), 1.01 * g, g),
    "over the number of entries": lambda g: g / g.size,
    "sorted": lambda g: np.sort(g.reshape(-1)).reshape(g.shape),
    "flattened": lambda g: g.reshape(-1),
    "NaN": lambda g: np.where(np.abs(g) == np.abs(g).max(), np.nan, g),
    "infinity": lambda g: np.where(np.abs(g) == np.abs(g).max(), np.inf, g),
    "an axis too many": lambda g: g[None],
}
DECADES = 8.0
SINGLE_SHARE, SQUARE_SHARE = 0.2, 0.3
# A mistake counts where it shows: in its norm, and in what it says of the function's value.
LEAST_DIFFERENCE, LEAST_EFFECT = 1e-3, 1e-7


@dataclass(frozen=True)
class Case:
    """A function at a point with an answer that should be accepted, or rejected.

    kind: the family, or the family and the mistake.
    """

    kind: str
    problem: Problem
    answer: Any


def _draws(seed: int, decades: float) -> Draws:
    random = np.random.default_rng(seed)
    size = int(random.integers(1, 5))
    square = random.random() < SQUARE_SHARE
    sizes = (size,) * 6 if square else tuple(int(one) for one in random.integers(1, 6, size=6))
    return Draws(random, *(10.0 ** random.uniform(-decades, decades, size=2)), sizes)


def problem(seed: int, decades: float = DECADES) -> tuple[str, Problem]:
    """Return the problem of a seed, each family in turn, with the family's name.

    decades: how far the scales of inputs and upstream gradients are from 1, in powers of ten.
    """
    name = sorted(FAMILIES)[seed % len(FAMILIES)]
    return name, FAMILIES[name](_draws(seed, decades))


def right_cases(seeds: range, decades: float = DECADES) -> Iterator[Case]:
    """Yield right gradients; a fifth of them in single precision."""
    for seed in seeds:
        name, one = problem(seed, decades)
        narrow = np.random.default_rng([seed, 1]).random() < SINGLE_SHARE
        yield Case(name, one, one.gradient.astype(np.float32) if narrow else np.asarray(one.gradient, dtype=np.float64))


def _shows(one: Problem, wrong: NDArray[Any]) -> bool:
    """Tell whether a wrong gradient differs enough for any evaluation of the function to show it."""
    if wrong.shape != one.gradient.shape or not np.all(np.isfinite(wrong)):
        return True
    gap = float(np.linalg.norm(wrong - one.gradient))
    reach = max(1.0, float(np.linalg.norm(one.at))) * gap
    both = float(np.linalg.norm(wrong) + np.linalg.norm(one.gradient))
    return gap > LEAST_DIFFERENCE * both and reach > LEAST_EFFECT * abs(float(one.f(one.at)))


def _general(gradient: FloatArray) -> dict[str, Callable[[], Any]]:
    return {f"(any) {what}": lambda change=change: change(gradient) for what, change in GENERAL.items()}


def wrong_cases(seeds: range, decades: float = DECADES) -> Iterator[Case]:
    """Yield wrong gradients: every mistake of the seed's family, and the general ones; those that show."""
    for seed in seeds:
        name, one = problem(seed, decades)
        changes: dict[str, Callable[[], Any]] = dict(one.wrong)
        if name != "relu_near_corners":
            changes |= _general(np.asarray(one.gradient, dtype=np.float64))
        for what, change in changes.items():
            with np.errstate(all="ignore"):
                answer = np.asarray(change(), dtype=np.float64)
            if _shows(one, answer):
                yield Case(f"{name}: {what}", one, answer)
