"""Whatever stands in several places, and whatever pandas holds, arrives as it was: drawn at random."""

from typing import Any

import numpy as np
import pandas as pd
from helpers.wire import crossed
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import testing

LEAVES = st.one_of(st.none(), st.integers(), st.text(max_size=3), st.floats(allow_nan=False))
CELLS: dict[str, Any] = {
    "float64": st.floats(allow_infinity=True),
    "float32": st.floats(width=32),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "uint8": st.integers(0, 255),
    "bool": st.booleans(),
    "datetime64[ns]": st.integers(-(2**62), 2**62),
    "timedelta64[us]": st.integers(-(2**40), 2**40),
    "str": st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    "Int64": st.none() | st.integers(-(2**63), 2**63 - 1),
    "boolean": st.none() | st.booleans(),
    "category": st.sampled_from(["a", "b", "c"]),
}


@st.composite
def series(draw: Any, length: int | None = None) -> Any:
    """Draw a series of any plain dtype, of a length if one is given."""
    dtype = draw(st.sampled_from(sorted(CELLS)))
    length = draw(st.integers(0, 5)) if length is None else length
    values = draw(st.lists(CELLS[dtype], min_size=length, max_size=length))
    if dtype.startswith(("datetime", "timedelta")):
        return pd.Series(
            np.array(values, dtype="i8").view(dtype.replace("datetime64", "M8").replace("timedelta64", "m8"))
        )
    return pd.Series(values, dtype=dtype)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(series(), st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=3) | st.integers())
def test_every_series_arrives(value: Any, name: Any) -> None:
    """A series of any plain dtype arrives with its values, its dtype, its labels and its name."""
    value.name = name
    testing.assert_series_equal(crossed(value), value, check_exact=True)


@st.composite
def data_frames(draw: Any) -> Any:
    """Draw a data frame of any columns, with labels of one level or two."""
    length = draw(st.integers(0, 4))
    columns = draw(st.lists(series(length), max_size=4))
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=range(length))
    frame.columns = pd.Index(draw(st.lists(st.sampled_from("abc"), min_size=len(columns), max_size=len(columns))))
    if length and draw(st.booleans()):
        frame.index = pd.MultiIndex.from_tuples([(number % 2, f"r{number}") for number in range(length)])
    return frame


@settings(max_examples=200, derandomize=True, deadline=None)
@given(data_frames())
def test_every_data_frame_arrives(value: Any) -> None:
    """A data frame of any plain columns, also of the same name, arrives with them and its labels."""
    testing.assert_frame_equal(crossed(value), value, check_exact=True)


def _form(value: Any, found: dict[int, int]) -> Any:
    """Return the form of a value: each container has a number, and is only its number where it is met again."""
    if not isinstance(value, (list, dict, tuple)) or value == ():
        return repr(value)
    if id(value) in found:
        return found[id(value)]
    number = found.setdefault(id(value), len(found))
    parts = [*value, *value.values()] if isinstance(value, dict) else value
    return type(value).__name__, number, [_form(part, found) for part in parts]


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.data())
def test_every_pattern_of_sharing_arrives(data: st.DataObject) -> None:
    """Containers that stand in several others, or lists and dicts in themselves, do so on the other side."""
    shared: list[Any] = [data.draw(st.tuples(LEAVES, LEAVES)), [], {}]
    for _ in range(data.draw(st.integers(1, 12))):
        part = data.draw(LEAVES | st.sampled_from(shared))
        holder = data.draw(st.sampled_from([*shared[1:], None]))
        if holder is None:
            shared.append(data.draw(st.sampled_from([[part], {"k": part}])))
        elif isinstance(holder, list):
            holder.append(part)
        else:
            holder[data.draw(st.integers(0, 3))] = part
    assert _form(crossed(shared), {}) == _form(shared, {})
