"""An array of floats that is all there is to a message: its shape and its bytes, without a tree.

Numeric differentiation calls a test's function hundreds of times, each time with one small array. To write and read
that as any value takes four times as long.
"""

from typing import Any

from .array_reader import ArrayReader
from .limits import Limits
from .own_numpy import np

FLOAT = np.dtype("<f8")
# The longest that this is worth it for; the encoder knows the limits for longer ones.
MOST_ENTRIES = 1_000


def lone_array(value: Any) -> tuple[list[int], bytes] | None:
    """Return the shape and the bytes of a plain array of floats; None for any other value."""
    if type(value) is not np.ndarray or value.dtype != FLOAT or not 0 < value.size <= MOST_ENTRIES:
        return None
    flags = value.flags
    if not flags.c_contiguous or not flags.writeable or (flags.f_contiguous and value.ndim > 1):
        return None
    return list(value.shape), value.tobytes()


def read_array(shape: Any, body: bytes, limits: Limits) -> Any:
    """Return the array of a shape and bytes. Raises WireError if they don't fit together."""
    reader = ArrayReader(limits, body)
    return reader.array(FLOAT, reader.shape(shape), 0, "C")
