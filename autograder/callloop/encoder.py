"""Plain data to JSON and bytes, and back: the only form in which values cross the boundary.

A value is a tree of JSON. Numbers, strings, booleans and None stand for themselves; everything else
is a list that starts with a tag. Mutable values carry an identity, so that one list that stands in
two places is one list on the other side too, and so that the other side can say "that is the
argument you sent". Nothing in here can execute: no pickle, no names of classes that are looked up.
"""

import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any

from .containers import PLAIN, content_kind, factory_name, special_form, view_kind
from .frames import WireError
from .limits import Limits
from .own_numpy import np
from .pandas_codec import encode_pandas
from .passed_files import encode_file
from .plain_data import ARRAY_KINDS, SAFE_INTEGER, Elsewhere, clean
from .random_state import encode_generator
from .scalars import encode_scalar
from .shared_classes import MOST_INSIDE, SharedClasses, state_of
from .sparse_arrays import encode_sparse
from .special_arrays import encode_special

Other = Callable[[Any], list[Any] | None]
_TAGS: dict[type, str] = {list: "l", tuple: "t", set: "s", frozenset: "z", deque: "l"}
_ARRAY, _FLOAT = np.ndarray, np.dtype(np.float64)


class Encoder:
    """Turns values into a header tree and bytes.

    other: takes a value that is not plain data, returns its node, or None to refuse it.
    known: identities that the receiver holds already, by id(), with the node that names them.
    classes: those that both sides have. sends: whether what is encoded is sent, and not only compared.
    gives: returns the bytes of an object that this side, which the other trusts, gives whole, or None.
    """

    def __init__(
        self,
        limits: Limits,
        other: Other,
        known: dict[int, list[Any]] | None = None,
        classes: SharedClasses | None = None,
    ) -> None:
        self.limits = limits
        self.other = other
        self.known = known or {}
        self.body = bytearray()
        self.sent: list[Any] = []
        self.classes = classes or SharedClasses()
        self.sends = classes is not None
        self.gives: Callable[[Any], bytes | None] | None = None
        self._seen: dict[int, int] = {}
        self._waiting: list[tuple[int, Any]] = []
        self._count = 0

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Return the node of a value.

        Raises WireError with the limit's name if the value is past one or can't cross at all.
        """
        if not depth and self.classes.names:
            return self._followed(self.encode(value, 1))
        # As in count(), without the call: this is where the time goes.
        self._count += 1
        if self._count > self.limits.items:
            raise self._too_many()
        if depth > self.limits.depth:
            msg = f"a value nested more than {self.limits.depth} deep"
            raise WireError(msg)
        if value is None or value is True or value is False:
            return value
        if self.known and id(value) in self.known:
            return self.known[id(value)]
        kind = type(value)
        if kind is float:
            return value if math.isfinite(value) else ["f", repr(value)]
        if kind is int:
            return self._integer(value)
        if kind is str:
            return self._text(value)
        if kind in PLAIN:
            return self._container(value, depth)
        return self._other(value, depth)

    def count(self, items: int) -> None:
        """Count what takes as much as so many items. Raises WireError past the limit."""
        self._count += items
        if self._count > self.limits.items:
            raise self._too_many()

    def _too_many(self) -> WireError:
        return WireError(f"more than {self.limits.items:,} items in one value")

    def _integer(self, value: int) -> Any:
        if value.bit_length() > self.limits.integer_bits:
            msg = f"an integer of more than {self.limits.integer_bits:,} bits"
            raise WireError(msg)
        return value if abs(value) < SAFE_INTEGER else ["i", hex(value)]

    def _text(self, value: str) -> str:
        if len(value) > self.limits.string_characters:
            msg = f"a string of more than {self.limits.string_characters:,} characters"
            raise WireError(msg)
        return clean(value)

    def seen(self, value: Any) -> list[Any] | None:
        """Return the node of a value that was sent already, or None."""
        return ["r", self._seen[id(value)]] if id(value) in self._seen else None

    def identity_of(self, value: Any) -> int:
        """Note that a value is sent, and return its number."""
        identity = len(self.sent)
        self.sent.append(value)
        self._seen[id(value)] = identity
        return identity

    def _special_container(self, value: Any, depth: int) -> list[Any]:
        """Return the node of a container that is derived from a plain one, or of a deque."""
        if content_kind(value) and (node := self.other(value)) is not None:
            return node
        node = self._container(value, depth)
        form = special_form(value)
        if form is None or node[0] == "r":
            return node
        if form[0] == "defaultdict":
            name = factory_name(value.default_factory)
            # What it is made by stands as a value where it is none of those that both sides know.
            return [*node, [*form, name, self.encode(value.default_factory, depth + 1) if name is None else None]]
        return [*node, form]

    def _container(self, value: Any, depth: int) -> list[Any]:
        if id(value) in self._seen:
            return ["r", self._seen[id(value)]]
        identity = self.identity_of(value)
        if isinstance(value, dict):
            pairs = list(dict.items(value))
            return ["d", identity, [[self.encode(key, depth + 1), self.encode(part, depth + 1)] for key, part in pairs]]
        base: Any = type(value)
        tag = _TAGS.get(base)
        if tag is None:
            base, tag = next((base, tag) for base, tag in _TAGS.items() if isinstance(value, base))
        return [tag, identity, [self.encode(part, depth + 1) for part in base.__iter__(value)]]

    def _other(self, value: Any, depth: int) -> Any:
        if type(value) is _ARRAY and value.dtype is _FLOAT and value.nbytes <= self.limits.array_bytes:
            return self._floats(value)
        if issubclass(type(value), Elsewhere):
            return self._by_other(value)
        if (name := self.classes.name_of(type(value))) is not None:
            return self._shared(name, value, depth)
        if isinstance(value, (*PLAIN, deque)):
            return self._special_container(value, depth)
        if isinstance(value, np.ndarray):
            return self._array(value, depth)
        if isinstance(value, np.generic):
            return self._scalar(value, depth)
        for base, tag in ((int, "i"), (float, "f"), (str, "u")):
            if isinstance(value, base):
                return self._subclass(value, base, tag)
        if isinstance(value, complex):
            return ["c", repr(value.real), repr(value.imag)]
        return self._rare(value, depth)

    def _shared(self, name: list[str], value: Any, depth: int) -> Any:
        """Return the node of an object of a class that both sides have: its class's name and what it holds."""
        if id(value) in self._seen:
            return ["r", self._seen[id(value)]]
        if isinstance(value, Enum):
            return ["e", name, value.name]
        identity = self.identity_of(value)
        number = self.classes.known.number_of(value) if self.sends else None
        if depth < MOST_INSIDE:
            return ["x", identity, name, self._state(value, depth), number]
        self._waiting.append((identity, value))
        return ["x", identity, name, None, number]

    def with_known(self, value: Any) -> Any:
        """Return the node of a value, and what objects hold that have crossed before."""
        node = self.encode(value)
        others = self._others()
        return ["+", node, self.encode(others)] if others else node

    def _others(self) -> list[Any]:
        return [one for one in self.classes.that_crossed() if id(one) not in self._seen]

    def call(self, function: Any, positional: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
        """Return what `arguments_of` reads: a call, whose list and dict are nobody's, so that they need no number."""
        parts = [self.encode(function), [self.encode(one) for one in positional]]
        parts.append([[self._text(name), self.encode(one)] for name, one in named.items()])
        return ["q", *parts, *([self.encode(others)] if (others := self._others()) else [])]

    def _state(self, value: Any, depth: int) -> list[list[Any]]:
        return [[self._text(name), self.encode(part, depth + 1)] for name, part in state_of(value).items()]

    def state(self, value: Any) -> list[Any]:
        """Return the node of what an object's attributes hold, by their names."""
        return self._followed(["W", self._state(value, 1)])

    def _followed(self, node: Any) -> Any:
        """Return a node with what is told of objects deep inside it."""
        states = []
        while self._waiting:
            identity, value = self._waiting.pop()
            states.append([identity, self._state(value, 1)])
        return ["X", node, states] if states else node

    def _rare(self, value: Any, depth: int) -> Any:
        if isinstance(value, bytes):
            return ["b", *self._append(bytes(value))]
        if isinstance(value, bytearray):
            return self.seen(value) or ["B", self.identity_of(value), *self._append(bytes(value))]
        if isinstance(value, range):
            return ["g", *(self._integer(number) for number in (value.start, value.stop, value.step))]
        if isinstance(value, slice):
            return ["k", *(self.encode(part, depth + 1) for part in (value.start, value.stop, value.step))]
        if (kind := view_kind(value)) is not None:
            return ["v", kind, self.encode(list(value), depth + 1)]
        node = encode_pandas(self, value, depth) or encode_scalar(value) or encode_generator(self, value, depth)
        node = node or encode_sparse(self, value, depth)
        if node is None and self.gives is not None:
            node = encode_file(self, value, depth) or self._given(value)
        return self._by_other(value) if node is None else node

    def _given(self, value: Any) -> list[Any] | None:
        """Return the node of an object that this side gives whole; None for any other."""
        if (node := self.seen(value)) is not None:
            return node
        data = self.gives(value) if self.gives is not None else None
        return None if data is None else ["P", self.identity_of(value), *self._append(data)]

    def _by_other(self, value: Any) -> Any:
        node = self.other(value)
        if node is None:
            msg = f"a value of type {type(value).__name__} can't be sent"
            raise WireError(msg)
        return node

    def _subclass(self, value: Any, base: type, tag: str) -> Any:
        if tag == "u":
            return self._text(str.__str__(value))
        plain = int.__int__(value) if tag == "i" else float.__float__(value)
        return self.encode(plain) if base is not bool else plain

    def _append(self, data: bytes) -> tuple[int, int]:
        if len(self.body) + len(data) > self.limits.array_bytes:
            msg = f"more than {self.limits.array_bytes:,} bytes of arrays in one value"
            raise WireError(msg)
        offset = len(self.body)
        self.body += data
        return offset, len(data)

    def _array(self, value: Any, depth: int) -> list[Any]:
        if id(value) in self._seen:
            return ["r", self._seen[id(value)]]
        if (special := encode_special(self, value, depth)) is not None:
            return special
        identity = self.identity_of(value)
        plain = np.asarray(value)
        if plain.dtype == object:
            if self._count + plain.size > self.limits.items:
                raise self._too_many()
            items = [self.encode(item, depth + 1) for item in plain.reshape(-1).tolist()]
            return ["o", identity, list(plain.shape), items]
        if plain.dtype.kind not in ARRAY_KINDS:
            msg = f"an array of {type(plain.dtype).__name__}, which is not plain data,"
            raise WireError(msg)
        if plain.nbytes > self.limits.array_bytes:
            msg = f"more than {self.limits.array_bytes:,} bytes of arrays in one value"
            raise WireError(msg)
        layout = "F" if plain.flags.f_contiguous and plain.ndim > 1 else "C" if plain.flags.c_contiguous else "V"
        offset, _ = self._append(plain.tobytes())
        return ["a", identity, plain.dtype.str, list(plain.shape), offset, layout, bool(plain.flags.writeable)]

    def _floats(self, value: Any) -> list[Any]:
        """Return the node of a plain array of float64, which most are: as `_array` does, without its questions."""
        number = self._seen.get(id(value))
        if number is not None:
            return ["r", number]
        flags = value.flags
        layout = "F" if flags.f_contiguous and value.ndim > 1 else "C" if flags.c_contiguous else "V"
        identity, (offset, _) = self.identity_of(value), self._append(value.tobytes())
        return ["a", identity, _FLOAT.str, list(value.shape), offset, layout, flags.writeable]

    def _scalar(self, value: Any, depth: int) -> list[Any]:
        if isinstance(value, np.void) and (row := encode_special(self, value, depth)) is not None:
            return row
        if value.dtype.kind not in ARRAY_KINDS:
            msg = f"a NumPy scalar of {value.dtype}, which is not plain data,"
            raise WireError(msg)
        offset, _ = self._append(np.asarray(value).tobytes())
        return ["n", value.dtype.str, offset]
