"""JSON and bytes back to plain data. The encoder beside this file describes the form.

Nothing that comes in is trusted: sizes are checked before memory is taken, and every way of being
malformed ends in the one exception.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .frames import WireError
from .limits import Limits
from .plain_data import ARRAY_KINDS, LONGEST_DTYPE_NAME, clean


class Decoder:
    """Turns a header tree and bytes into values, trusting neither.

    other: takes a node with a tag that is not plain data's, returns its value; raises WireError.
    """

    def __init__(self, limits: Limits, body: bytes, other: Callable[[list[Any]], Any]) -> None:
        self.limits = limits
        self.body = body
        self.other = other
        self.received: dict[int, Any] = {}
        self._count = 0
        self._array_bytes = 0

    def decode(self, node: Any) -> Any:
        """Return the value of a node. Raises WireError if it is anything but well-formed."""
        try:
            return self._decode(node, 0)
        except WireError:
            raise
        except Exception as error:
            msg = "a value does not decode"
            raise WireError(msg) from error

    def _decode(self, node: Any, depth: int) -> Any:
        self._count += 1
        if self._count > self.limits.items or depth > self.limits.depth:
            msg = f"more than {self.limits.items:,} items in one value, or more than {self.limits.depth} levels"
            raise WireError(msg)
        if isinstance(node, str):
            return self._text(node)
        if isinstance(node, int) and not isinstance(node, bool):
            return self._integer(node)
        if not isinstance(node, list):
            return self._json_scalar(node)
        tag = node[0]
        if tag in ("l", "t", "s", "z", "d"):
            return self._container(node, depth)
        if tag in ("a", "o"):
            return self._array(node, depth)
        return self._tagged(tag, node, depth)

    def _json_scalar(self, node: Any) -> Any:
        if node is None or isinstance(node, (bool, float)):
            return node
        msg = "a header holds a JSON object where a value is due"
        raise WireError(msg)

    def _text(self, node: str) -> str:
        if len(node) > self.limits.string_characters:
            msg = f"a string of more than {self.limits.string_characters:,} characters"
            raise WireError(msg)
        return clean(node)

    def _integer(self, node: int) -> int:
        if node.bit_length() > self.limits.integer_bits:
            msg = f"an integer of more than {self.limits.integer_bits:,} bits"
            raise WireError(msg)
        return node

    def _container(self, node: list[Any], depth: int) -> Any:
        tag, identity, parts = node
        if tag == "d":
            table: dict[Any, Any] = {}
            self._register(identity, table)
            for key, value in parts:
                table[self._decode(key, depth + 1)] = self._decode(value, depth + 1)
            return table
        if tag == "l":
            items: list[Any] = []
            self._register(identity, items)
            items.extend(self._decode(part, depth + 1) for part in parts)
            return items
        made = {"t": tuple, "s": set, "z": frozenset}[tag](self._decode(part, depth + 1) for part in parts)
        self._register(identity, made)
        return made

    def _register(self, identity: Any, value: Any) -> None:
        if not isinstance(identity, int) or identity in self.received:
            msg = "an identity is used twice"
            raise WireError(msg)
        self.received[identity] = value

    def _tagged(self, tag: Any, node: list[Any], depth: int) -> Any:
        if tag == "r":
            return self.received[node[1]]
        if tag in ("i", "f", "c"):
            return self._number(tag, node)
        if tag == "b":
            return bytes(self._bytes(node[1], node[2]))
        if tag == "n":
            dtype = self._dtype(node[1])
            if dtype.itemsize == 0:  # an empty string
                return np.zeros((), dtype=dtype)[()]
            return self._typed(self._bytes(node[2], dtype.itemsize), dtype)[0]
        if tag in ("g", "k"):
            kind = range if tag == "g" else slice
            return kind(*(self._decode(part, depth + 1) for part in node[1:4]))
        if tag in ("S", "D", "I", "N"):
            from .pandas_codec import decode_pandas

            return decode_pandas(node, lambda part: self._decode(part, depth + 1))
        return self.other(node)

    def _number(self, tag: str, node: list[Any]) -> int | float | complex:
        if tag == "i":
            return self._integer(int(self._short(node[1]), 16))
        if tag == "f":
            return {"nan": np.nan, "inf": math.inf, "-inf": -math.inf}[node[1]]
        return complex(float(self._short(node[1])), float(self._short(node[2])))

    def _short(self, text: Any) -> str:
        if not isinstance(text, str) or len(text) > self.limits.integer_bits // 4 + 8:
            msg = "a number is too long"
            raise WireError(msg)
        return text

    def _bytes(self, offset: Any, length: Any) -> memoryview:
        if type(offset) is not int or type(length) is not int or offset < 0 or length < 0:
            msg = "bytes are claimed at no valid place"
            raise WireError(msg)
        if offset + length > len(self.body):
            msg = "more bytes are claimed than were sent"
            raise WireError(msg)
        # Overlapping claims could otherwise blow up a small frame into a large value.
        self._array_bytes += length
        if self._array_bytes > self.limits.array_bytes:
            msg = f"more than {self.limits.array_bytes:,} bytes of arrays in one value"
            raise WireError(msg)
        return memoryview(self.body)[offset : offset + length]

    def _dtype(self, name: Any) -> np.dtype[Any]:
        if not isinstance(name, str) or len(name) > LONGEST_DTYPE_NAME or name[1:2] not in tuple(ARRAY_KINDS):
            msg = "an array's type is not plain data's"
            raise WireError(msg)
        dtype = np.dtype(name)
        if dtype.kind not in ARRAY_KINDS or dtype.hasobject or dtype.names is not None:
            msg = "an array's type is not plain data's"
            raise WireError(msg)
        return dtype

    def _shape(self, shape: Any) -> tuple[int, ...]:
        most = self.limits.array_bytes
        if not isinstance(shape, list) or len(shape) > self.limits.depth:
            msg = "an array's shape is not a list of sizes"
            raise WireError(msg)
        if not all(type(size) is int and 0 <= size <= most for size in shape):
            msg = "an array's shape is not a list of sizes"
            raise WireError(msg)
        return tuple(shape)

    def _typed(self, data: memoryview, dtype: np.dtype[Any]) -> Any:
        if dtype.kind == "b":
            # A byte other than 0 and 1 in a boolean array is undefined behaviour further on.
            return np.frombuffer(data, dtype=np.uint8) != 0
        return np.frombuffer(data, dtype=dtype).copy()

    def _array(self, node: list[Any], depth: int) -> Any:
        if node[0] == "o":
            _, identity, shape, items = node
            sizes = self._shape(shape)
            if math.prod(sizes) != len(items):
                msg = "an array's shape does not fit its items"
                raise WireError(msg)
            made = np.empty(len(items), dtype=object)
            for place, item in enumerate(items):
                made[place] = self._decode(item, depth + 1)
            made = made.reshape(sizes)
            self._register(identity, made)
            return made
        _, identity, name, shape, offset, layout, writeable = node
        dtype, sizes = self._dtype(name), self._shape(shape)
        count = math.prod(sizes)
        if dtype.itemsize == 0:
            made = np.zeros(sizes if count <= self.limits.items else (0,), dtype=dtype)
        else:
            made = self._typed(self._bytes(offset, count * dtype.itemsize), dtype).reshape(sizes)
        made = self._laid_out(made, layout)
        made.flags.writeable = bool(writeable)
        self._register(identity, made)
        return made

    @staticmethod
    def _laid_out(made: Any, layout: Any) -> Any:
        if layout == "F":
            return np.asfortranarray(made)
        if layout == "V" and made.ndim:
            wide = np.zeros((*made.shape[:-1], 2 * made.shape[-1]), dtype=made.dtype)
            wide[..., ::2] = made
            return wide[..., ::2]
        return made
