"""Arrays out of claimed dtypes, shapes and places in a frame's bytes.

Every claim is checked against the bytes that are there before memory is taken for it.
"""

import math
from typing import Any

from .frames import WireError
from .limits import Limits
from .own_numpy import np
from .plain_data import ARRAY_KINDS, LARGEST_CODE_POINT, LONGEST_DTYPE_NAME, SURROGATES

_FLOAT = np.dtype("<f8")
_FLOAT_NAME = _FLOAT.str


class ArrayReader:
    """Makes arrays and scalars of one frame's bytes, up to the limit on all of them together."""

    def __init__(self, limits: Limits, body: bytes) -> None:
        self.limits = limits
        self.body = body
        self._taken = 0
        self._spread = 0

    def take(self, offset: Any, length: Any) -> memoryview:
        """Return bytes of the frame. Raises WireError where they are not there, or past the limit."""
        if type(offset) is not int or type(length) is not int or offset < 0 or length < 0:
            msg = "bytes are claimed at no valid place"
            raise WireError(msg)
        if offset + length > len(self.body):
            msg = "more bytes are claimed than were sent"
            raise WireError(msg)
        # Overlapping claims could otherwise blow up a small frame into a large value.
        self._taken += length
        if self._taken > self.limits.array_bytes:
            msg = f"more than {self.limits.array_bytes:,} bytes of arrays in one value"
            raise WireError(msg)
        return memoryview(self.body)[offset : offset + length]

    def dtype(self, name: Any) -> np.dtype[Any]:
        """Return the dtype of a name, spelled exactly as NumPy does. Raises WireError for one that is not plain."""
        if name == _FLOAT_NAME:  # what most are
            return _FLOAT
        if not isinstance(name, str) or len(name) > LONGEST_DTYPE_NAME or name[1:2] not in tuple(ARRAY_KINDS):
            msg = "an array's type is not plain data's"
            raise WireError(msg)
        dtype = np.dtype(name)
        if dtype.kind not in ARRAY_KINDS or dtype.hasobject or dtype.names is not None or dtype.str != name:
            msg = "an array's type is not plain data's"
            raise WireError(msg)
        return dtype

    def shape(self, shape: Any) -> tuple[int, ...]:
        """Return a shape as a tuple. Raises WireError if it is no list of sizes, or one that no array could have."""
        most = self.limits.array_bytes
        if not isinstance(shape, list) or len(shape) > self.limits.depth:
            msg = "an array's shape is not a list of sizes"
            raise WireError(msg)
        entries = 1
        for size in shape:
            # A size of zero must not make room for others without bound: a sum along that axis would take them.
            if type(size) is not int or size < 0 or (entries := entries * (size or 1)) > most:
                msg = "an array's shape is not a list of sizes"
                raise WireError(msg)
        return tuple(shape)

    def scalar(self, dtype: np.dtype[Any], offset: Any) -> Any:
        """Return the NumPy scalar of a dtype at a place."""
        if dtype.itemsize == 0:  # an empty string
            return np.zeros((), dtype=dtype)[()]
        return self._typed(self.take(offset, dtype.itemsize), dtype)[0]

    def array(self, dtype: np.dtype[Any], shape: tuple[int, ...], offset: Any, layout: Any) -> Any:
        """Return a new array of a dtype that has a width.

        layout: "F" for Fortran's order, "V" for a view that is not contiguous, anything else for C's order.
        """
        values = self._typed(self.take(offset, math.prod(shape) * dtype.itemsize), dtype).reshape(shape)
        if layout == "V" and shape and self._may_spread(values.nbytes):
            wide = np.zeros((*shape[:-1], 2 * shape[-1]), dtype=dtype)
            wide[..., ::2] = values
            return wide[..., ::2]
        return np.array(values, order="F" if layout == "F" else "C")

    def _may_spread(self, size: int) -> bool:
        """Tell whether there is room for a view; it takes twice its bytes, so that large ones become contiguous."""
        self._spread += size
        return self._spread <= self.limits.array_bytes // 2

    @staticmethod
    def _typed(data: memoryview, dtype: np.dtype[Any]) -> Any:
        """Return a flat array of bytes that may not be written to, or of what they must be in its place."""
        if dtype.kind == "b":
            # A byte other than 0 and 1 in a boolean array is undefined behaviour further on.
            return np.frombuffer(data, dtype=np.uint8) != 0
        if dtype.kind == "U":
            # Text that Python can't make, or no output can carry, would raise wherever it is looked at.
            points = np.frombuffer(data, dtype=f"{dtype.str[0]}u4")
            bad = (points > LARGEST_CODE_POINT) | ((points >= SURROGATES.start) & (points < SURROGATES.stop))
            if bad.any():
                points = np.where(bad, ord("?"), points).astype(points.dtype)
            return points.view(dtype)
        return np.frombuffer(data, dtype=dtype)
