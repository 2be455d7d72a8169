"""Whether random numbers stand where drawing some brings them; any other state could have been chosen.

A test's random numbers go on from where a student's function left them, as if it had run here. Were any
state taken over, the function would choose the inputs that the test draws next.
"""

import random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.callloop.random_state import WORDS

# How many numbers one call may draw at most.
MOST_DRAWN = 1_000_000
Numbers = NDArray[np.float64]
Words = NDArray[np.uint32]
_BITS = 2**128 - 1
# The multipliers of the generators that step by a product and a sum: M. E. O'Neill, "PCG", 2014; the cheap one of
# the DXSM variant is NumPy's.
_MULTIPLIERS = {"PCG64": 0x2360ED051FC65DA44385DF649FCCF645, "PCG64DXSM": 0xDA942042E4DD58B5}


def goes_on(before: Any, after: Any) -> bool:
    """Tell whether a state as `random_state` tells it is one that another becomes as numbers are drawn."""
    try:
        _, words, gauss, *legacy = before
        _, words_after, gauss_after, *legacy_after = after
        return _plain_goes_on(words, gauss, words_after, gauss_after) and _legacy_goes_on(legacy, legacy_after)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return False


def generator_goes_on(before: Any, after: Any) -> bool:
    """Tell whether a generator of NumPy's or of `random` is what another becomes as numbers are drawn."""
    if type(before) is not type(after):
        return False
    try:
        if isinstance(before, random.Random):
            (_, words, gauss), (_, words_after, gauss_after) = before.getstate(), after.getstate()
            return _plain_goes_on(words, gauss, words_after, gauss_after)
        if isinstance(before, np.random.RandomState):
            state: Any = before.get_state(legacy=True)
            return _legacy_goes_on(list(state[1:]), list(after.get_state(legacy=True)[1:]))
        return _stepped(before.bit_generator, after.bit_generator.state)
    except (ValueError, TypeError, OverflowError, IndexError, KeyError, AttributeError):
        return False


def _drawn(before: Words, place: int, after: Words, place_after: int) -> Words | None:
    """Return the words that a Mersenne Twister has given from one state to another; None where it never gets there."""
    if place == place_after and np.array_equal(before, after):
        return np.empty(0, np.uint32)  # as after most calls, at a tenth of the price
    made = np.random.RandomState()
    made.set_state(("MT19937", before, place, 0, 0.0))
    found: list[Words] = [np.empty(0, np.uint32)]
    count = place_after - place
    for _ in range(MOST_DRAWN // WORDS):
        if count > 0:
            found.append(np.frombuffer(made.bytes(4 * count), np.uint32))
        state: Any = made.get_state(legacy=True)
        if count >= 0 and state[2] == place_after and np.array_equal(state[1], after):
            return np.concatenate(found)
        count = count + WORDS if count < 0 else WORDS
    return None


def _uniforms(words: Words) -> tuple[Numbers, Numbers]:
    """Return each number in [0, 1) that two neighbours among the words can have made, and the one after it."""
    high, low = (words[:-1] >> 5).astype(float), (words[1:] >> 6).astype(float)
    made = (high * 67108864.0 + low) / 9007199254740992.0
    return made[:-2], made[2:]


def _is_among(kept: float, numbers: Numbers) -> bool:
    return bool(np.isclose(numbers, kept, rtol=1e-9, atol=0.0).any())


def _plain_goes_on(words: Any, gauss: Any, words_after: Any, gauss_after: Any) -> bool:
    """Tell it of the state of `random`, whose gauss() keeps the second of two normal numbers."""
    first, last = (np.asarray(one[:WORDS], np.uint32) for one in (words, words_after))
    drawn = _drawn(first, int(words[WORDS]), last, int(words_after[WORDS]))
    if drawn is None:
        return False
    if gauss_after is None or gauss_after == gauss:
        return True
    # G. E. P. Box and M. E. Muller, 1958.
    angle, radius = _uniforms(drawn)
    return _is_among(gauss_after, np.sin(angle * 2 * np.pi) * np.sqrt(-2.0 * np.log(1.0 - radius)))


def _legacy_goes_on(before: Any, after: Any) -> bool:
    """Tell it of the state of `np.random`'s own functions: words, place, whether a normal number is kept, and it."""
    words, place, has_kept, kept = before
    words_after, place_after, has_kept_after, kept_after = after
    drawn = _drawn(words, int(place), np.asarray(words_after, np.uint32), int(place_after))
    if drawn is None:
        return False
    if not has_kept_after:
        return True
    if has_kept and kept_after == kept:
        return True
    # G. Marsaglia's polar method, 1962.
    first, second = (2.0 * one - 1.0 for one in _uniforms(drawn))
    square = first**2 + second**2
    inside = (square < 1.0) & (square > 0.0)
    first, square = first[inside], square[inside]
    return _is_among(kept_after, first * np.sqrt(-2.0 * np.log(square) / square))


def _stepped(generator: Any, after: dict[str, Any]) -> bool:
    """Tell whether a bit generator comes to a state in few enough steps."""
    before = generator.state
    if before["bit_generator"] != after["bit_generator"]:
        return False
    if before["bit_generator"] == "MT19937":
        first, last = before["state"], after["state"]
        return _drawn(first["key"], first["pos"], np.asarray(last["key"]), last["pos"]) is not None
    steps = _steps(before, after)
    if not 0 <= steps <= MOST_DRAWN:
        return False
    made = type(generator)()
    made.state = before
    raw = np.atleast_1d(made.random_raw(steps)) if steps else np.empty(0, np.uint64)
    reached = made.state
    # Numbers of 32 bits are made of halves, and the second is kept.
    keeps_another = after["has_uint32"] and not (before["has_uint32"] and after["uinteger"] == before["uinteger"])
    if keeps_another and not (raw >> np.uint64(32) == np.uint64(after["uinteger"])).any():
        return False
    for name in ("has_uint32", "uinteger"):
        reached[name] = after[name]
    return repr(reached) == repr(after)


def _steps(before: dict[str, Any], after: dict[str, Any]) -> int:
    """Return how many steps lie between two states that are as these claim to be."""
    first, last = before["state"], after["state"]
    kind = before["bit_generator"]
    if kind in _MULTIPLIERS:
        return _distance(int(first["state"]), int(last["state"]), _MULTIPLIERS[kind], int(first["inc"]))
    if kind == "Philox":
        counters = [sum(int(word) << 64 * place for place, word in enumerate(one["counter"])) for one in (first, last)]
        return 4 * (counters[1] - counters[0]) + int(after["buffer_pos"]) - int(before["buffer_pos"])
    # SFC64 counts its steps in the last word.
    return int(last["state"][3]) - int(first["state"][3])


def _distance(state: int, wanted: int, multiplier: int, increment: int) -> int:
    """Return after how many steps x -> multiplier x + increment, modulo 2**128, comes from one state to another.

    Bit by bit from the lowest, as in F. B. Brown, "Random number generation with arbitrary strides", 1994.
    """
    steps, bit = 0, 1
    while state != wanted and bit <= _BITS:
        if (state ^ wanted) & bit:
            state = (state * multiplier + increment) & _BITS
            steps |= bit
        increment = (multiplier + 1) * increment & _BITS
        multiplier = multiplier * multiplier & _BITS
        bit <<= 1
    return steps if state == wanted else -1
