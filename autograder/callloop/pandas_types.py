"""What pandas has beside tables: its types, spans, times with a zone, steps, and arrays of a type of its own."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .frames import WireError
from .own_numpy import np

if TYPE_CHECKING:
    from .decoder import Decoder
    from .encoder import Encoder

_ZONE = r"[A-Za-z][A-Za-z0-9_+/-]{0,40}"
_STEP = r"-?\d{0,6}[A-Za-z]{1,4}(-[A-Z]{3}){0,2}"
# Types whose values may come as objects, of whatever kind; pandas refuses those that do not fit.
OF_OBJECTS = re.compile(r"str|string|category|boolean|U?Int(8|16|32|64)|Float(32|64)|object")
# Types whose values are objects of pandas' own, and may be nothing else: it would read dates out of any text.
_ENDS = r"(int64|float64|datetime64\[(s|ms|us|ns)\])"
OF_ITS_OWN = re.compile(
    rf"period\[{_STEP}\]|interval\[{_ENDS}, (left|right|both|neither)\]|datetime64\[(s|ms|us|ns), {_ZONE}\]"
)
TAGS = ("J", "E", "T")
_TEXT = re.compile(r"\S{1,80}( \S{1,80}){0,2}")


def named_type(name: Any) -> bool:
    """Tell whether a type's name is of those that may cross."""
    return isinstance(name, str) and bool(OF_OBJECTS.fullmatch(name) or OF_ITS_OWN.fullmatch(name))


def are_of_pandas(pandas: Any, values: Any) -> bool:
    """Tell whether an array holds nothing but spans and times of pandas', and what stands for a missing one."""
    kinds = (pandas.Timestamp, pandas.Period, pandas.Interval, type(pandas.NaT), type(None))
    return all(isinstance(one, kinds) or (type(one) is float and one != one) for one in values.tolist())  # noqa: PLR0124


def text_of(pandas: Any, value: Any) -> list[Any] | None:
    """Return the node of a single value that a text tells whole, or None if it is none of these."""
    kind = type(value)
    told = ""
    if kind is pandas.Timestamp and value.tzinfo is not None:
        zone = getattr(value.tzinfo, "key", None) or str(value.tzinfo)
        there = value.tz_convert("UTC").tz_localize(None).isoformat()
        told = f"zoned {there} {zone}" if re.fullmatch(_ZONE, zone) else ""
    elif kind is pandas.Period:
        told = f"period {value.freqstr} {value.ordinal}" if re.fullmatch(_STEP, value.freqstr) else ""
    elif isinstance(value, pandas.offsets.BaseOffset):
        told = f"step {value.freqstr}" if re.fullmatch(_STEP, str(value.freqstr)) else ""
    elif isinstance(value, pandas.api.extensions.ExtensionDtype):
        name = str(value)
        told = f"type {name}" if named_type(name) and name != "category" else ""
    return ["y", "pandas", told] if told else None


def from_text(told: str) -> Any:
    """Return the value of such a text. Raises ValueError for a malformed one."""
    import pandas as pd

    kind, _, rest = told.partition(" ")
    if kind == "type" and named_type(rest):
        return pd.api.types.pandas_dtype(rest)
    if not _TEXT.fullmatch(rest):
        raise ValueError(kind)
    first, _, second = rest.partition(" ")
    if kind == "zoned" and re.fullmatch(_ZONE, second):
        return pd.Timestamp(first, tz="UTC").tz_convert(second)
    if kind == "period" and re.fullmatch(_STEP, first):
        return pd.Period(ordinal=int(second), freq=first)
    if kind == "step" and re.fullmatch(_STEP, first):
        return pd.tseries.frequencies.to_offset(first)
    raise ValueError(kind)


def encode_special(encoder: "Encoder", pandas: Any, value: Any, depth: int) -> list[Any] | None:
    """Return the node of a span, of an array of a type of pandas' own, or of a type of categories; else None."""
    if type(value) is pandas.Interval:
        ends = [encoder.encode(end, depth + 1) for end in (value.left, value.right)]
        return ["J", *ends, str(value.closed)]
    if isinstance(value, pandas.api.extensions.ExtensionArray):
        series = pandas.Series(value)
        plain = isinstance(series.dtype, np.dtype) or named_type(str(series.dtype))
        return ["E", encoder.encode(series, depth + 1)] if plain else None
    if isinstance(value, pandas.CategoricalDtype) and value.categories is not None:
        return ["T", encoder.encode(value.categories.tolist(), depth + 1), bool(value.ordered)]
    return None


def decode_special(decoder: "Decoder", node: list[Any], decode: Callable[[Any], Any]) -> Any:
    """Return the value of such a node. Raises WireError, or ValueError and the like, for a malformed one."""
    import pandas as pd

    if node[0] == "J":
        left, right = decode(node[1]), decode(node[2])
        ends = (int, float, np.integer, np.floating, pd.Timestamp, pd.Timedelta)
        if not (isinstance(left, ends) and isinstance(right, ends)):
            msg = "the end of a span is no number and no time"
            raise WireError(msg)
        return pd.Interval(left, right, closed=node[3])
    held = decode(node[1])
    if node[0] == "E":
        if not isinstance(held, pd.Series):
            msg = "the values of an array are no series"
            raise WireError(msg)
        return held.array
    if type(held) is not list:
        msg = "categories are not a list"
        raise WireError(msg)
    decoder.hash_work.check(held, folded=True)
    return pd.CategoricalDtype(held, ordered=node[2] is True)
