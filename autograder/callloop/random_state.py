"""Random numbers across the boundary: the state of `random` and `np.random`, and generators that are passed in."""

import random
from typing import TYPE_CHECKING, Any

from .frames import WireError
from .own_numpy import np

if TYPE_CHECKING:
    from .encoder import Encoder

WORDS = 624
GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


def start_from(seed: int) -> None:
    """Give each submission random numbers of its own; forks would all share the server's."""
    random.seed(seed)
    np.random.seed(seed % 2**32)


def random_state() -> list[Any]:
    """Return the state of `random` and of `np.random`'s own functions, as plain data."""
    version, words, gauss = random.getstate()
    legacy: Any = np.random.get_state(legacy=True)
    kept = [np.asarray(legacy[1]), int(legacy[2]), int(legacy[3]), float(legacy[4])]
    return [version, np.array(words, np.uint32), gauss, *kept]


def _as_words(told: Any) -> tuple[int, ...]:
    """Return the words of a state of `random`. Raises TypeError for what can be none."""
    if not isinstance(told, np.ndarray) or told.shape != (WORDS + 1,) or told.dtype != np.uint32:
        msg = "no words of a generator"
        raise TypeError(msg)
    return tuple(told.tolist())


def snapshot() -> tuple[Any, Any]:
    """Return the state of both as this process keeps it; quicker than to tell of it."""
    return random.getstate(), np.random.get_state()  # the generator that np.random.* calls use


def go_back_to(state: tuple[Any, Any]) -> None:
    """Have both go on from a snapshot."""
    random.setstate(state[0])
    np.random.set_state(state[1])


def set_random_state(state: Any) -> None:
    """Take over a state that `random_state` told of. Raises WireError for one that is malformed."""
    try:
        version, words, gauss, keys, place, has_gauss, cached = state
        checked = type(version) is int and (gauss is None or type(gauss) is float)
        checked = checked and isinstance(keys, np.ndarray) and keys.shape == (WORDS,) and keys.dtype == np.uint32
        if not checked or not 0 <= place <= WORDS or has_gauss not in (0, 1):
            raise ValueError(state)  # noqa: TRY301 - told below, with all that the setters refuse
        random.setstate((version, _as_words(words), gauss))
        np.random.set_state(("MT19937", keys, int(place), int(has_gauss), float(cached)))
    except (ValueError, TypeError, OverflowError):
        msg = "the state of the random numbers is malformed"
        raise WireError(msg) from None


def encode_generator(encoder: "Encoder", value: Any, depth: int) -> list[Any] | None:
    """Return the node of a generator of NumPy's or of `random`, or None for anything else."""
    if type(value) is random.Random:
        version, words, gauss = value.getstate()
        told: Any = [version, np.array(words, np.uint32), gauss]
        return encoder.seen(value) or ["G", encoder.identity_of(value), "Random", encoder.encode(told, depth + 1)]
    if type(value) is np.random.RandomState:
        state: Any = value.get_state(legacy=True)
        told = [np.asarray(state[1]), int(state[2]), int(state[3]), float(state[4])]
        return encoder.seen(value) or ["G", encoder.identity_of(value), "RandomState", encoder.encode(told, depth + 1)]
    name = type(value.bit_generator).__name__ if type(value) is np.random.Generator else ""
    if name not in GENERATORS:
        return None
    told = value.bit_generator.state
    return encoder.seen(value) or ["G", encoder.identity_of(value), name, encoder.encode(told, depth + 1)]


def decode_generator(name: Any, state: Any) -> Any:
    """Return the generator of a state. Raises WireError, ValueError or TypeError for a malformed one."""
    if name == "Random":
        own = random.Random()  # noqa: S311 - a test's numbers
        version, words, gauss = state
        copy_state(own, (version, _as_words(words), gauss))
        return own
    if name == "RandomState":
        made = np.random.RandomState()
        copy_state(made, ("MT19937", *state))
        return made
    if name not in GENERATORS:
        msg = "a generator of random numbers of an unknown kind"
        raise WireError(msg)
    generator = np.random.Generator(getattr(np.random, name)())
    copy_state(generator, state)
    return generator


def state_of(generator: Any) -> Any:
    """Return a generator's state, in a form that can be compared."""
    if isinstance(generator, random.Random):
        return repr(generator.getstate())
    if isinstance(generator, np.random.RandomState):
        state: Any = generator.get_state(legacy=True)
        return repr((np.asarray(state[1]).tobytes(), *state[2:]))
    return repr(generator.bit_generator.state)


def copy_state(generator: Any, state: Any) -> None:
    """Give a generator a state. Raises ValueError or TypeError for a malformed one."""
    if isinstance(generator, random.Random):
        version, words, gauss = state
        if len(words) != WORDS + 1 or not all(type(one) is int for one in words) or not 0 <= words[WORDS] <= WORDS:
            raise ValueError(state)
        generator.setstate((version, tuple(words), gauss))
        return
    if isinstance(generator, np.random.RandomState):
        generator.set_state(state)
    else:
        generator.bit_generator.state = state
