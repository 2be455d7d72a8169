"""JSON and bytes back to plain data. The encoder beside this file describes the form.

Nothing that comes in is trusted: sizes are checked before memory is taken, and every way of being
malformed ends in the one exception.
"""

import builtins
import math
from collections.abc import Callable
from enum import Enum
from typing import Any

from .array_reader import ArrayReader
from .containers import FACTORIES, empty_queue, empty_table, named_tuple, view_of
from .frames import WireError
from .hash_work import HashWork
from .library_objects import read_object
from .limits import Limits
from .own_numpy import np
from .pandas_codec import OF_PANDAS, decode_pandas
from .passed_files import decode_file
from .plain_data import clean
from .random_state import decode_generator
from .scalars import decode_scalar, span
from .shared_classes import SharedClasses, State, set_state
from .sparse_arrays import decode_sparse
from .special_arrays import decode_special

# The longest text of a float is -1.7976931348623157e+308.
LONGEST_FLOAT = 24


class Decoder:
    """Turns a header tree and bytes into values, trusting neither.

    other: takes a node with a tag that is not plain data's, returns its value; raises WireError.
    known: returns what a name holds on this side, or None. classes: those that both sides have.
    received: values that can be referred to, by number. shared: the numbers of objects of such classes.
    """

    def __init__(
        self,
        limits: Limits,
        body: bytes,
        other: Callable[[list[Any]], Any],
        known: Callable[[str], Any] = lambda _: None,
        classes: SharedClasses | None = None,
    ) -> None:
        self.limits = limits
        self.other = other
        self.known = known
        self.arrays = ArrayReader(limits, body)
        self.hash_work = HashWork(limits)
        self.received: dict[int, Any] = {}
        self.classes = classes or SharedClasses()
        self.shared: set[int] = set()
        self.trusts = False
        self._count = 0

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
        # As in count(), without the call: this is where the time goes.
        self._count += 1
        if self._count > self.limits.items:
            raise self._too_many()
        if depth > self.limits.depth:
            msg = f"a value nested more than {self.limits.depth} levels deep"
            raise WireError(msg)
        # JSON gives no classes derived from these.
        kind = type(node)
        if kind is not list:
            return self._text(node) if kind is str else self._integer(node) if kind is int else self._json_scalar(node)
        tag = node[0]
        if tag == "a":
            return self._array(node)
        if tag in ("l", "t", "s", "z", "d"):
            return self._container(node, depth)
        return self._object_array(node, depth) if tag == "o" else self._tagged(tag, node, depth)

    def count(self, items: int) -> None:
        """Count what takes as much as so many items. Raises WireError past the limit."""
        self._count += items
        if self._count > self.limits.items:
            raise self._too_many()

    def _too_many(self) -> WireError:
        return WireError(f"more than {self.limits.items:,} items in one value")

    def _json_scalar(self, node: Any) -> Any:
        if node is None or isinstance(node, bool):
            return node
        if isinstance(node, float):
            if math.isfinite(node):
                return node
            msg = "a number is past what a float can hold"
            raise WireError(msg)
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
        tag, identity, parts, *form = node
        if type(parts) is not list:
            msg = "what a container holds is not a list"
            raise WireError(msg)
        if tag == "d":
            table = self._table(form[0], depth) if form else {}
            self.register(identity, table)
            pairs = [(self._decode(key, depth + 1), self._decode(value, depth + 1)) for key, value in parts]
            self.hash_work.check([key for key, _ in pairs])
            if not form:
                table.update(pairs)
                return table
            # One by one: update() of a Counter counts, and dict.update knows nothing of an OrderedDict's order.
            for key, value in pairs:
                table[key] = value
            return table
        if tag == "l":
            items: Any = empty_queue(form[0], self.limits.items) if form else []
            self.register(identity, items)
            items.extend([self._decode(part, depth + 1) for part in parts])
            return items
        held = [self._decode(part, depth + 1) for part in parts]
        if tag == "t":
            made = named_tuple(form[0], held, self.known) if form else tuple(held)
            return self.register(identity, made)
        self.hash_work.check(held)
        return self.register(identity, set(held) if tag == "s" else frozenset(held))

    def _table(self, form: Any, depth: int) -> dict[Any, Any]:
        """Return an empty dict of a kind of `collections`."""
        factory = None
        if form[0] == "defaultdict":
            if form[1] is None:
                factory = self._decode(form[2], depth + 1)
            elif form[1] in FACTORIES:
                factory = getattr(builtins, form[1])
        return empty_table(form, factory)

    def register(self, identity: Any, value: Any) -> Any:
        """Note a value under its number, and return it. Raises WireError for a number that is none, or taken."""
        # Small numbers only: the table of identities must not be slow either.
        if type(identity) is not int or not 0 <= identity < self.limits.items or identity in self.received:
            msg = "an identity is used twice, or is none"
            raise WireError(msg)
        self.received[identity] = value
        return value

    def _tagged(self, tag: Any, node: list[Any], depth: int) -> Any:
        if tag == "r":
            return self._reference(node[1])
        if tag in ("i", "f", "c"):
            return self._number(tag, node)
        if tag in ("b", "B"):
            data = self.arrays.take(*node[-2:])
            return bytes(data) if tag == "b" else self.register(node[1], bytearray(data))
        if tag == "n":
            return self.arrays.scalar(self.arrays.dtype(node[1]), node[2])
        if tag == "y":
            return decode_scalar(node)
        if tag == "G":
            return self.register(node[1], decode_generator(node[2], self._decode(node[3], depth + 1)))
        if tag in ("g", "k", "R", "M", "Q", "V", "Z", "v", "F", "P"):
            return self._rare(tag, node, lambda part: self._decode(part, depth + 1))
        if tag in OF_PANDAS:
            return decode_pandas(self, node, lambda part: self._decode(part, depth + 1))
        if tag == "W" or (tag in ("x", "e", "X", "+") and self.classes.names):
            return self._shared(tag, node, depth)
        return self.other(node)

    def _rare(self, tag: str, node: list[Any], decode: Callable[[Any], Any]) -> Any:
        """Return a span, an array of a special kind, a view of a dict, or a file or an object of the trusted side's."""
        if tag in ("g", "k"):
            return span(tag, [decode(part) for part in node[1:4]])
        if tag == "v":
            held = decode(node[2])
            self.hash_work.check([one[0] for one in held] if node[1] == "items" else held)
            return view_of(node[1], held)
        if tag == "F" and self.trusts:
            return self.register(node[1], decode_file(decode(node[2])))
        if tag == "P" and self.trusts:
            return self.register(node[1], read_object(bytes(self.arrays.take(node[2], node[3]))))
        made = (decode_sparse if tag == "Z" else decode_special)(decode, node)
        return made if made is np.ma.masked or tag == "V" else self.register(node[1], made)

    def _shared(self, tag: str, node: list[Any], depth: int) -> Any:
        """Return an object of a class that both sides have, or what one holds."""
        if tag == "W":
            return self._state(node[1], depth)
        if tag == "e":
            return self._member(self.classes.named(node[1]), node[2])
        if tag == "+":
            value = self._decode(node[1], depth + 1)
            self._decode(node[2], depth + 1)
            return value
        if tag == "X":
            value = self._decode(node[1], depth + 1)
            for identity, pairs in node[2]:
                if identity not in self.shared:
                    msg = "a value holds what is no object's"
                    raise WireError(msg)
                self.hold(self.received[identity], self._state(pairs, depth))
            return value
        _, identity, name, pairs, number = node
        kind = self.classes.named(name)
        if issubclass(kind, Enum):
            msg = "a member of an enumeration that is none"
            raise WireError(msg)
        made = self.register(identity, self.made(number, kind))
        self.shared.add(identity)
        if pairs is not None:
            self.hold(made, self._state(pairs, depth))
        return made

    def made(self, number: Any, kind: type) -> Any:
        """Return the object of a class that both sides have, by its number. Raises WireError."""
        return self.classes.known.made(number, kind)

    def hold(self, value: Any, state: State) -> None:
        """Let such an object hold what the other side says that it does. Raises WireError."""
        set_state(value, state)

    def _state(self, pairs: Any, depth: int) -> State:
        return State((self._text(name), self._decode(part, depth + 1)) for name, part in pairs)

    @staticmethod
    def _member(kind: Any, name: Any) -> Any:
        if not issubclass(kind, Enum) or name not in kind.__members__:
            msg = "a member of an enumeration that is none"
            raise WireError(msg)
        return kind[name]

    def _reference(self, identity: Any) -> Any:
        if type(identity) is not int or identity not in self.received:
            msg = "a value holds itself, which only a list or dict can, or one that never came"
            raise WireError(msg)
        self.hash_work.share(self.received[identity])
        return self.received[identity]

    def _number(self, tag: str, node: list[Any]) -> int | float | complex:
        if tag == "f":
            return {"nan": np.nan, "inf": math.inf, "-inf": -math.inf}[node[1]]
        if tag == "c":
            return complex(self._spelled(node[1], float, repr), self._spelled(node[2], float, repr))
        return self._integer(self._spelled(node[1], lambda text: int(text, 16), hex))

    def _spelled(self, text: Any, read: Callable[[str], Any], spell: Callable[[Any], str]) -> Any:
        """Return the number that a text spells in the one way that the encoder has."""
        most = max(LONGEST_FLOAT, self.limits.integer_bits // 4 + 8)
        if not isinstance(text, str) or len(text) > most or spell(number := read(text)) != text:
            msg = "a number is too long, or is none"
            raise WireError(msg)
        return number

    def _array(self, node: list[Any]) -> Any:
        _, identity, name, shape, offset, layout, writeable = node
        dtype, sizes = self.arrays.dtype(name), self.arrays.shape(shape)
        if dtype.itemsize == 0:
            # Empty strings are no bytes; NumPy takes memory for each all the same.
            self.count(math.prod(sizes))
            made = np.zeros(sizes, dtype=dtype)
        else:
            made = self.arrays.array(dtype, sizes, offset, layout)
        made.flags.writeable = bool(writeable)
        return self.register(identity, made)

    def _object_array(self, node: list[Any], depth: int) -> Any:
        _, identity, shape, items = node
        sizes = self.arrays.shape(shape)
        if type(items) is not list or math.prod(sizes) != len(items):
            msg = "an array's shape does not fit its items"
            raise WireError(msg)
        made = np.empty(len(items), dtype=object)
        for place, item in enumerate(items):
            made[place] = self._decode(item, depth + 1)
        return self.register(identity, made.reshape(sizes))
