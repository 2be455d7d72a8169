"""Series, DataFrame and Index as plain data: their values, their labels, their names.

pandas is looked at only where somebody has imported it already, so that it costs nothing elsewhere.
"""

import contextlib
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .frames import WireError
from .own_numpy import np
from .pandas_types import OF_ITS_OWN, TAGS, are_of_pandas, decode_special, encode_special, named_type
from .plain_data import ITEMS_OF_AN_EXTENSION

if TYPE_CHECKING:
    from .decoder import Decoder
    from .encoder import Encoder

OF_PANDAS = ("S", "D", "I", "N", *TAGS)
MOST_STEP_CHARACTERS = 40


def _values(encoder: "Encoder", values: Any, depth: int) -> list[Any]:
    dtype = values.dtype
    if isinstance(dtype, np.dtype) and dtype.kind != "O":
        return ["", encoder.encode(np.asarray(values), depth + 1)]
    encoder.count(ITEMS_OF_AN_EXTENSION)
    node = [str(dtype), encoder.encode(np.asarray(values, dtype=object), depth + 1)]
    if node[0] != "category":
        return node
    # Their order is what the categories sort by, and some may be of no value.
    return [*node, encoder.encode(dtype.categories.tolist(), depth + 1), bool(dtype.ordered)]


def encode_pandas(encoder: "Encoder", value: Any, depth: int) -> list[Any] | None:
    """Return the node of a pandas value, or None if it is none."""
    pandas = sys.modules.get("pandas")
    if pandas is None or not hasattr(pandas, "DataFrame"):
        return None
    if value is pandas.NA:
        return ["N"]
    if isinstance(value, (pandas.Series, pandas.DataFrame)):
        return encoder.seen(value) or _labelled(encoder, value, depth, is_series=isinstance(value, pandas.Series))
    if isinstance(value, pandas.RangeIndex):
        bounds = [encoder.encode(number, depth + 1) for number in (value.start, value.stop, value.step)]
        return ["I", "range", bounds, encoder.encode(value.name, depth + 1)]
    if isinstance(value, pandas.Index):
        names = encoder.encode(list(value.names), depth + 1)
        if isinstance(value, pandas.MultiIndex):
            return ["I", "multi", encoder.encode([tuple(label) for label in value], depth + 1), names]
        node = ["I", "plain", _values(encoder, value, depth), encoder.encode(value.name, depth + 1)]
        return [*node, step] if (step := _step_of(value)) else node
    return encode_special(encoder, pandas, value, depth)


def _step_of(index: Any) -> str | None:
    """Return by what an index of times goes on regularly, as it is spelled; None for any other index."""
    step = getattr(index, "freqstr", None) if index.dtype.kind in "mM" else None
    return step if isinstance(step, str) else None


def _labelled(encoder: "Encoder", value: Any, depth: int, *, is_series: bool) -> list[Any]:
    """Return the node of a series or a data frame; both can be changed in place, and so have a number."""
    identity = encoder.identity_of(value)
    labels = encode_pandas(encoder, value.index, depth + 1)
    if is_series:
        return ["S", _values(encoder, value, depth), labels, encoder.encode(value.name, depth + 1), identity]
    columns = [_values(encoder, column, depth) for _, column in value.items()]
    return ["D", columns, encode_pandas(encoder, value.columns, depth + 1), labels, identity]


def frame_was_changed(value: Any, before: Any) -> bool:
    """Tell whether a series or a data frame holds something else than its copy."""
    labels = ("index", "columns") if hasattr(value, "columns") else ("index", "name")
    try:
        for label in labels:
            one, other = getattr(value, label), getattr(before, label)
            if not (one.identical(other) if hasattr(one, "identical") else one == other):
                return True
        return not value.equals(before)
    except Exception:  # noqa: BLE001 - what cannot be compared is not what it was
        return True


@lru_cache(maxsize=256)
def _type_named(pandas: Any, name: str) -> Any:
    """Return the type of a name that may cross; pandas takes longer to find it than to make an array of it."""
    return pandas.api.types.pandas_dtype(name)


class _Reader:
    """Makes pandas values of nodes: of flat arrays and of indexes only, never of what pandas would look into."""

    def __init__(self, pandas: Any, decoder: "Decoder", decode: Callable[[Any], Any]) -> None:
        self.pandas = pandas
        self.decoder = decoder
        self.decode = decode
        self.work = decoder.hash_work

    def values(self, node: Any) -> tuple[Any, Any]:
        """Return an extension type or its name, or "", and the array that values come in."""
        name, values = node[0], self.decode(node[1])
        if not isinstance(values, np.ndarray) or values.ndim != 1:
            msg = "the values of a pandas object are not a flat array"
            raise WireError(msg)
        values = np.asarray(values)
        if not named_type(name):
            return "", values
        # They are always made of objects, each of which was counted; of numbers there could be millions.
        if values.dtype != object:
            msg = "the values of an extension type are not objects"
            raise WireError(msg)
        if OF_ITS_OWN.fullmatch(name) and not are_of_pandas(self.pandas, values):
            msg = "the values of a type of pandas' own are not pandas' own"
            raise WireError(msg)
        self.decoder.count(ITEMS_OF_AN_EXTENSION)
        if name == "category":
            self.work.check(values.tolist(), folded=True)
            return self.categories(*node[2:4]), values
        return name, values

    def categories(self, node: Any, ordered: Any) -> Any:
        """Return the type of categories."""
        held = self.decode(node)
        if type(held) is not list:
            msg = "categories are not a list"
            raise WireError(msg)
        self.work.check(held, folded=True)
        return self.pandas.CategoricalDtype(held, ordered=ordered is True)

    def restored(self, node: Any, make: Any, **rest: Any) -> Any:
        """Return a Series or Index of values."""
        name, values = self.values(node)
        if name == "object":  # or pandas would look for a type of its own that the values have
            return make(values, dtype=object, **rest)
        return make(self.extension(name, values) if name else values, **rest)

    def extension(self, name: Any, values: Any) -> Any:
        """Return the array of an extension type, or of its name; quicker than to convert one of objects."""
        return self.pandas.array(values, dtype=_type_named(self.pandas, name) if isinstance(name, str) else name)

    def index(self, node: Any) -> Any:
        """Return an index. Raises WireError for any other value."""
        made = self.decode(node)
        if not isinstance(made, self.pandas.Index):
            msg = "the labels of a pandas object are not an index"
            raise WireError(msg)
        return made

    def made_index(self, form: Any, values: Any, name: Any) -> Any:
        """Return the index of a form, of the node that has its values, and of a name or names."""
        if form == "range":
            bounds = [self.decode(bound) for bound in values]
            if not all(type(bound) is int for bound in bounds):
                msg = "a range's bound is not an int"
                raise WireError(msg)
            return self.pandas.RangeIndex(*bounds, name=name)
        if form == "multi":
            return self.several_levels(self.decode(values), name)
        return self.restored(values, self.pandas.Index, name=name)

    @staticmethod
    def regular(index: Any, step: Any) -> Any:
        """Return an index of times that goes on by a step, where its times do; pandas compares steps, too."""
        if isinstance(step, str) and len(step) <= MOST_STEP_CHARACTERS and index.dtype.kind in "mM":
            with contextlib.suppress(ValueError, TypeError, AttributeError):
                index.freq = step
        return index

    def several_levels(self, labels: Any, names: Any) -> Any:
        """Return an index of labels that are tuples of one length."""
        most = self.work.limits.depth
        if type(labels) is not list or not all(type(label) is tuple and len(label) <= most for label in labels):
            msg = f"labels of several levels are not tuples of at most {most}"
            raise WireError(msg)
        for level in zip(*labels, strict=True):
            self.work.check(level, folded=True)
        return self.pandas.MultiIndex.from_tuples(labels, names=names)

    def series(self, values: Any, labels: Any, name: Any) -> Any:
        """Return a series whose index is as long as its values."""
        index = self.index(labels)
        made = self.restored(values, self.pandas.Series, name=self.decode(name))
        made.index = index
        return made

    def frame(self, columns: Any, labels: Any, index_node: Any) -> Any:
        """Return a data frame of columns of one length."""
        index = self.index(index_node)
        parts = [self.values(column) for column in columns]
        if any(len(values) != len(index) for _, values in parts):
            msg = "a column is not as long as the index"
            raise WireError(msg)
        # Extension types one by one: they are few, and NumPy's own types in one go are a hundred times as fast.
        held = {
            place: self.pandas.Series(values, index=index, dtype=object)
            if name == "object"
            else self.extension(name, values)
            if name
            else values
            for place, (name, values) in enumerate(parts)
        }
        made = self.pandas.DataFrame(held, index=index)
        made.columns = self.index(labels)
        return made


def decode_pandas(decoder: "Decoder", node: list[Any], decode: Callable[[Any], Any]) -> Any:
    """Return the pandas value of a node.

    decode: decodes a part of it, one level deeper. Raises WireError where pandas is not installed, or a
    part is not what it must be.
    """
    try:
        import pandas as pd
    except ImportError as error:
        msg = "a pandas value came, but pandas is not installed on the grader's side"
        raise WireError(msg) from error
    if node[0] in TAGS:
        return decode_special(decoder, node, decode)
    reader = _Reader(pd, decoder, decode)
    if node[0] == "N":
        return pd.NA
    if node[0] in ("S", "D"):
        made = reader.series(*node[1:4]) if node[0] == "S" else reader.frame(*node[1:4])
        return decoder.register(node[4], made) if len(node) > 4 else made  # noqa: PLR2004 - the number comes last
    index = reader.made_index(node[1], node[2], decode(node[3]))
    return reader.regular(index, node[4]) if len(node) > 4 else index  # noqa: PLR2004 - as above
