"""The work of hashing what came over the wire, bounded before it is done.

Two forms of small values take work without bound. Tuples that share their parts, each holding the
one before it twice, double the work of a hash with every step, and a long enough chain of them
overflows the stack of C. Keys that all have one hash, such as multiples of 2**61 - 1, make a table
compare each with all others.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from .frames import WireError
from .limits import Limits
from .own_numpy import np

# How often shared parts may count, compared with the items that are sent.
MOST_EXPANDED = 10
# All corners of a cube in eight dimensions, with -1 and -2 for coordinates, have one hash.
MOST_OF_ONE_HASH = 256
HASHES_ITS_PARTS = (tuple, frozenset, slice, np.ndarray)


class HashWork:
    """Measures what it takes to hash the containers of one value, shared parts counted in each place.

    Without shared parts a value is a tree, whose items and levels were counted already, so that only
    what a reference brings in needs to be measured, once.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        # By id(), for which every object in here must live on: it is in the table of what references can name.
        self._shared: dict[int, tuple[int, int]] = {}
        self._of_keys = 0

    def share(self, value: Any) -> None:
        """Note that a value stands in a second place. Raises WireError if hashing it were too much work.

        Freeing arrays within arrays, too, takes a level of the stack for each.
        """
        if id(value) in self._shared or not isinstance(value, (tuple, frozenset, np.ndarray)):
            return
        weight, height = self._measured(value)
        if weight > MOST_EXPANDED * self.limits.items or height > self.limits.depth + 1:
            msg = "a tuple, set or array that, with what it shares, holds too many items or is nested too deep"
            raise WireError(msg)
        self._shared[id(value)] = weight, height

    def _measured(self, value: Any) -> tuple[int, int]:
        """Return how many objects a hash of a value visits, and through how many levels."""
        if id(value) in self._shared:
            return self._shared[id(value)]
        if isinstance(value, np.ndarray):
            parts: Iterable[Any] = value.flat if value.dtype == object else ()
        elif isinstance(value, slice):
            parts = (value.start, value.stop, value.step)
        else:
            parts = value if isinstance(value, (tuple, frozenset)) else ()
        weight, height = 1, 0
        for part in parts:
            its_weight, its_height = self._measured(part) if isinstance(part, HASHES_ITS_PARTS) else (1, 0)
            weight, height = weight + its_weight, max(height, its_height)
        return weight, height + 1

    def check(self, keys: Sequence[Any], *, folded: bool = False) -> None:
        """Raise WireError if putting keys into a table were too much work, TypeError if one can't be a key.

        folded: for tables of pandas, which use 32 bits of a hash.
        """
        if self._shared:
            self._of_keys += sum(self._measured(key)[0] for key in keys if isinstance(key, HASHES_ITS_PARTS))
            if self._of_keys > MOST_EXPANDED * self.limits.items:
                msg = "keys that, with what they share, hold too many items"
                raise WireError(msg)
        if len(keys) <= MOST_OF_ONE_HASH:
            return
        hashes = sorted(hash(key) for key in keys)
        if folded:
            hashes = sorted((number ^ (number >> 32)) & 0xFFFFFFFF for number in hashes)
        if any(one == other for one, other in zip(hashes, hashes[MOST_OF_ONE_HASH:], strict=False)):
            msg = f"more than {MOST_OF_ONE_HASH} keys have the same hash"
            raise WireError(msg)
