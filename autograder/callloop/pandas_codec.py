"""Series, DataFrame and Index as plain data: their values, their labels, their names.

pandas is looked at only where somebody has imported it already, so that it costs nothing elsewhere.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .frames import WireError

if TYPE_CHECKING:
    from .encoder import Encoder

EXTENSION_TYPES = ("str", "string", "category", "boolean", "Int64", "Float64", "object")


def _values(encoder: "Encoder", values: Any, depth: int) -> list[Any]:
    dtype = values.dtype
    if isinstance(dtype, np.dtype) and dtype.kind != "O":
        return ["", encoder.encode(np.asarray(values), depth + 1)]
    return [str(dtype), encoder.encode(np.asarray(values, dtype=object), depth + 1)]


def encode_pandas(encoder: "Encoder", value: Any, depth: int) -> list[Any] | None:
    """Return the node of a pandas value, or None if it is none."""
    pandas = sys.modules.get("pandas")
    if pandas is None or not hasattr(pandas, "DataFrame"):
        return None
    if value is pandas.NA:
        return ["N"]
    if isinstance(value, pandas.Series):
        labels = encode_pandas(encoder, value.index, depth + 1)
        return ["S", _values(encoder, value, depth), labels, encoder.encode(value.name, depth + 1)]
    if isinstance(value, pandas.DataFrame):
        columns = [_values(encoder, value.iloc[:, place], depth) for place in range(value.shape[1])]
        names = encode_pandas(encoder, value.columns, depth + 1)
        return ["D", columns, names, encode_pandas(encoder, value.index, depth + 1)]
    if isinstance(value, pandas.RangeIndex):
        bounds = [encoder.encode(number, depth + 1) for number in (value.start, value.stop, value.step)]
        return ["I", "range", bounds, encoder.encode(value.name, depth + 1)]
    if isinstance(value, pandas.Index):
        names = encoder.encode(list(value.names), depth + 1)
        if isinstance(value, pandas.MultiIndex):
            return ["I", "multi", encoder.encode([tuple(label) for label in value], depth + 1), names]
        return ["I", "plain", _values(encoder, value, depth), encoder.encode(value.name, depth + 1)]
    return None


def _restored(pandas: Any, node: Any, decode: Callable[[Any], Any], make: Any, **rest: Any) -> Any:
    name, values = node[0], decode(node[1])
    made = make(values, **rest)
    if name and name in EXTENSION_TYPES:
        made = made.astype(name)
    return made


def decode_pandas(node: list[Any], decode: Callable[[Any], Any]) -> Any:
    """Return the pandas value of a node. Raises WireError where pandas is not installed."""
    try:
        import pandas as pd
    except ImportError as error:
        msg = "a pandas value came, but pandas is not installed on the grader's side"
        raise WireError(msg) from error
    if node[0] == "N":
        return pd.NA
    if node[0] == "S":
        return _restored(pd, node[1], decode, pd.Series, index=decode(node[2]), name=decode(node[3]))
    if node[0] == "D":
        index = decode(node[3])
        columns = [_restored(pd, column, decode, pd.Series, index=index) for column in node[1]]
        frame = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=index)
        frame.columns = decode(node[2])
        return frame
    if node[1] == "range":
        return pd.RangeIndex(*(decode(bound) for bound in node[2]), name=decode(node[3]))
    if node[1] == "multi":
        return pd.MultiIndex.from_tuples(decode(node[2]), names=decode(node[3]))
    return _restored(pd, node[2], decode, pd.Index, name=decode(node[3]))
