"""Single values of the standard library, NumPy and pandas that cross by what they say: dates, decimals, types."""

import builtins
import re
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PurePath, PurePosixPath
from typing import Any
from uuid import UUID

from .frames import WireError
from .own_numpy import np
from .pandas_types import from_text, text_of
from .type_hints import hint_of_text, text_of_hint

MOST_CHARACTERS = 1000
OBJECTS = "|O"
_DECIMAL = re.compile(r"[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})(E[+-]?\d{1,4})?|[+-]?Infinity|[+-]?NaN")
# Classes and functions that do nothing but return a value: what one side calls by its name is the same on the other.
BUILTINS = frozenset((
    "int", "float", "complex", "bool", "str", "bytes", "list", "tuple", "dict", "set", "frozenset", "object",
    "range", "slice", "type", "abs", "all", "any", "bin", "chr", "divmod", "hash", "hex", "len", "max", "min",
    "oct", "ord", "pow", "repr", "reversed", "round", "sorted", "sum", "zip", "map", "filter", "enumerate",
))  # fmt: skip
NUMPY_TYPES = frozenset((
    "bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32",
    "float64", "complex64", "complex128", "ndarray", "integer", "floating", "number", "generic",
))  # fmt: skip
ONE_OF_A_KIND = {"Ellipsis": ..., "NotImplemented": NotImplemented, "NoneType": type(None)}
KNOWN: dict[int, list[Any]] = {id(found): ["y", "only", name] for name, found in ONE_OF_A_KIND.items()}
KNOWN |= {id(getattr(np, name)): ["y", "numpy", name] for name in NUMPY_TYPES}
KNOWN |= {id(getattr(builtins, name)): ["y", "builtin", name] for name in BUILTINS}
KNOWN |= {
    id(found): ["y", "builtin", name]
    for name, found in vars(builtins).items()
    if isinstance(found, type) and issubclass(found, Exception)
}


def encode_scalar(value: Any) -> list[Any] | None:
    """Return the node of a value, or None if it is none of these."""
    kind = type(value)
    if kind is date or kind is time or kind is datetime:
        offset = getattr(value, "tzinfo", None)
        plain = offset is None or type(offset).__module__ == "datetime"
        return ["y", kind.__name__, value.isoformat()] if plain else None
    if kind is timedelta:
        return ["y", "timedelta", [value.days, value.seconds, value.microseconds]]
    if kind is Decimal:
        return ["y", "Decimal", str(value)] if _DECIMAL.fullmatch(str(value)) else None
    if kind is Fraction:
        return ["y", "Fraction", [hex(value.numerator), hex(value.denominator)]]
    if kind is UUID:
        return ["y", "UUID", value.hex]
    if isinstance(value, PurePath):
        told = "path" if isinstance(value, Path) else "pure path"
        return ["y", told, str(value)] if len(str(value)) <= MOST_CHARACTERS else None
    if isinstance(value, np.dtype):
        plain = value.str == OBJECTS or not (value.hasobject or value.names)
        return ["y", "dtype", value.str] if plain else None
    # By identity, because asking an object of a student's for its name may run code of theirs.
    found = KNOWN.get(id(value)) or _encode_pandas(value)
    if found is None and (hint := text_of_hint(value, lambda one: id(one) in KNOWN)) is not None:
        return ["y", "hint", hint]
    return found


def _encode_pandas(value: Any) -> list[Any] | None:
    pandas = sys.modules.get("pandas")
    if pandas is None or not hasattr(pandas, "NaT"):
        return None
    if value is pandas.NaT:
        return ["y", "NaT", ""]
    if type(value) is pandas.Timestamp:
        return ["y", "Timestamp", value.isoformat()] if value.tzinfo is None else text_of(pandas, value)
    return ["y", "Timedelta", value.isoformat()] if type(value) is pandas.Timedelta else text_of(pandas, value)


def _from_numbers(kind: str, numbers: Any) -> Any:
    if kind == "timedelta" and len(numbers) == 3 and all(type(one) is int for one in numbers):  # noqa: PLR2004 - days, seconds, microseconds
        return timedelta(*numbers)
    if kind == "Fraction" and len(numbers) == 2 and all(len(one) <= MOST_CHARACTERS for one in numbers):  # noqa: PLR2004 - above and below
        return Fraction(int(numbers[0], 16), int(numbers[1], 16))
    raise ValueError(kind)


def _known(kind: str, name: str) -> Any:
    if kind == "numpy" and name in NUMPY_TYPES:
        return getattr(np, name)
    found = getattr(builtins, name, None)
    is_exception = isinstance(found, type) and issubclass(found, Exception)
    if kind == "builtin" and (name in BUILTINS or is_exception):
        return found
    raise ValueError(kind)


def decode_scalar(node: list[Any]) -> Any:
    """Return the value of a node. Raises WireError, or ValueError and the like, for a malformed one."""
    _, kind, told = node
    if isinstance(told, list):
        return _from_numbers(kind, told)
    if not isinstance(told, str) or len(told) > MOST_CHARACTERS:
        msg = "a value's text is too long, or is none"
        raise WireError(msg)
    if kind in ("builtin", "numpy"):
        return _known(kind, told)
    if kind == "hint":
        return hint_of_text(told, lambda name: _known("numpy" if name in NUMPY_TYPES else "builtin", name))
    if kind == "dtype":
        made = np.dtype(told)
        if made.str == told and (told == OBJECTS or not (made.hasobject or made.names)):
            return made
        raise ValueError(kind)
    if kind == "Decimal" and _DECIMAL.fullmatch(told):
        return Decimal(told)
    if kind in ("Timestamp", "Timedelta", "NaT"):
        import pandas as pd

        return pd.NaT if kind == "NaT" else getattr(pd, kind)(told)
    return OF_TEXT[kind](told)


OF_TEXT: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat, "time": time.fromisoformat, "datetime": datetime.fromisoformat, "path": Path,
    "pure path": PurePosixPath, "UUID": UUID, "only": ONE_OF_A_KIND.__getitem__, "pandas": from_text,
}  # fmt: skip


def span(tag: str, bounds: list[Any]) -> range | slice:
    """Return the range, or for the tag `k` the slice, of these bounds. Raises WireError."""
    if tag == "k":
        return slice(*bounds)
    if not all(type(bound) is int for bound in bounds):
        msg = "a range's bound is not an int"
        raise WireError(msg)
    return range(*bounds)
