"""Random numbers go on from where drawing brings them, and from nowhere else."""

import copy
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.callloop.random_state import random_state
from autograder.judge.drawing import MOST_DRAWN, generator_goes_on, goes_on

KINDS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
PLAIN: list[Callable[[], Any]] = [
    random.random,
    lambda: random.gauss(0, 1),
    lambda: random.getrandbits(32),
    lambda: np.random.randn(301),
    lambda: np.random.randint(0, 5, 3),
    lambda: np.random.permutation(9),
]
DRAWS: list[Callable[[np.random.Generator], Any]] = [
    lambda one: one.random(3),
    lambda one: one.normal(size=1001),
    lambda one: one.integers(0, 9, dtype=np.int32),
    lambda one: one.permutation(7),
    lambda one: one.random(3, dtype=np.float32),
]


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_drawn_goes_on(seed: int) -> None:
    """The state after any draws of any kinds is one that the state before becomes."""
    choose = np.random.default_rng(seed)
    random.seed(seed)
    np.random.seed(seed)
    for number in choose.integers(0, len(PLAIN), seed % 7):
        PLAIN[number]()
    before = random_state()
    for number in choose.integers(0, len(PLAIN), seed):
        PLAIN[number]()
    assert goes_on(before, random_state())


@pytest.mark.parametrize("draw", PLAIN)
def test_nothing_goes_back(draw: Callable[[], Any]) -> None:
    """A state in which fewer numbers were drawn does not come after one in which more were."""
    random.seed(1)
    np.random.seed(1)
    before = random_state()
    draw()
    assert not goes_on(random_state(), before)


@pytest.mark.parametrize("part", ["words", "gauss", "keys", "kept"])
def test_a_state_that_was_chosen_does_not_go_on(part: str) -> None:
    """Other words do not follow, and no normal number is kept that the words do not make."""
    random.seed(2)
    np.random.seed(2)
    before = random_state()
    after = random_state()
    if part in ("gauss", "kept"):
        random.gauss(0, 1)
        np.random.randn()
        after = random_state()
        after[2 if part == "gauss" else 6] += 1e-6
    elif part == "words":
        after[1] = [after[1][0] ^ 1, *after[1][1:]]
    else:
        after[3] = after[3] ^ np.uint32(1)
    assert not goes_on(before, after)


@pytest.mark.parametrize("state", [None, [], [1] * 7, "x" * 7, [3, [0] * 625, "a", b"", None, {}, ()]])
def test_what_is_no_state_does_not_go_on(state: Any) -> None:
    """A malformed state is refused and raises nothing."""
    assert not goes_on(random_state(), state)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(12))
def test_a_generator_goes_on_and_never_back(kind: str, seed: int) -> None:
    """A generator that drew numbers follows its earlier self, not the other way, and follows no other."""
    made = getattr(np.random, kind)
    before = np.random.Generator(made(seed))
    before.integers(0, 5, seed % 3, dtype=np.int32)
    after = copy.deepcopy(before)
    for number in np.random.default_rng(seed).integers(0, len(DRAWS), 1 + seed):
        DRAWS[number](after)
    assert generator_goes_on(before, after)
    assert not generator_goes_on(after, before)
    assert not generator_goes_on(before, np.random.Generator(made(seed + 100)))


def test_the_half_of_a_number_that_is_kept_can_not_be_chosen() -> None:
    """A kept half is one of a number that was drawn."""
    before = np.random.default_rng(4)
    after = copy.deepcopy(before)
    after.integers(0, 5, dtype=np.int32)
    assert generator_goes_on(before, after)
    after.bit_generator.state = {**after.bit_generator.state, "uinteger": 7}
    assert not generator_goes_on(before, after)


@pytest.mark.parametrize(("number", "goes"), [(MOST_DRAWN, True), (MOST_DRAWN + 1, False)])
def test_a_bounded_number_of_draws_is_followed(number: int, goes: bool) -> None:
    """As many numbers as may be drawn in one call are followed, and one more is not."""
    before = np.random.default_rng(4)
    after = copy.deepcopy(before)
    after.random(number)
    assert generator_goes_on(before, after) == goes
