"""pandas Series, DataFrame and Index are plain data: values, labels, names and types arrive."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers.wire import back, crossed
from pandas import testing

from autograder.callloop.frames import WireError

INDEXES = {
    "range": pd.RangeIndex(2, 10, 3, name="r"),
    "ints": pd.Index([3, 1, 2], name="n"),
    "text": pd.Index(["b", "a"]),
    "times": pd.DatetimeIndex(["2024-01-01", "2025-06-01"], name="day"),
    "several": pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["x", None]),
    "empty": pd.Index([]),
    "objects": pd.Index([1, "a", None], dtype=object),
}
SERIES = {
    "floats": pd.Series([1.5, np.nan, -0.0], name="f"),
    "ints": pd.Series([1, 2], index=["a", "b"], dtype=np.int32),
    "text": pd.Series(["x", None, "z"]),
    "objects": pd.Series([1, "a", (2, 3)], dtype=object),
    "booleans": pd.Series([True, False]),
    "nullable booleans": pd.Series([True, None], dtype="boolean"),
    "nullable ints": pd.Series([1, None], dtype="Int64"),
    "categories": pd.Series(["a", "b", "a"], dtype="category"),
    "times": pd.Series(pd.to_datetime(["2024-01-01", None])),
    "durations": pd.Series(pd.to_timedelta([1, 2], unit="h")),
    "empty": pd.Series([], dtype=float),
    "several levels": pd.Series([1, 2], index=INDEXES["several"]),
}
FRAMES = {
    "mixed": pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [1.5, np.nan]}, index=["p", "q"]),
    "same name twice": pd.DataFrame([[1, 2.5]], columns=["a", "a"]),
    "no rows": pd.DataFrame({"a": pd.Series([], dtype=int), "b": pd.Series([], dtype=float)}),
    "no columns": pd.DataFrame(index=[1, 2]),
    "numbered": pd.DataFrame(np.arange(6.0).reshape(2, 3)),
    "levels of columns": pd.DataFrame([[1, 2]], columns=INDEXES["several"]),
    "categories": pd.DataFrame({"k": pd.Categorical(["u", "v"])}),
}


@pytest.mark.parametrize("name", INDEXES)
def test_an_index_arrives(name: str) -> None:
    """An index arrives with its class, its labels and its names."""
    testing.assert_index_equal(crossed(INDEXES[name]), INDEXES[name], exact=True)


@pytest.mark.parametrize("name", SERIES)
def test_a_series_arrives(name: str) -> None:
    """A series arrives with its dtype, its index and its name."""
    testing.assert_series_equal(crossed(SERIES[name]), SERIES[name], check_freq=False)


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_arrives(name: str) -> None:
    """A data frame arrives with its columns' dtypes and its labels, also where names repeat."""
    testing.assert_frame_equal(crossed(FRAMES[name]), FRAMES[name])


def test_pandas_values_stand_inside_others() -> None:
    """A series inside a dict inside a list arrives."""
    arrived = crossed([{"s": SERIES["floats"]}])
    testing.assert_series_equal(arrived[0]["s"], SERIES["floats"])


HOSTILE: list[Any] = [
    ["S", ["", ["l", 0, []]], ["I", "range", [0, 5, 1], None], None],
    ["D", 3, 4, 5],
    ["I", "multi", 3, 4],
    ["I", "range", [0, 1], None],
    ["S"],
    ["S", ["object", ["h", 3]], None, None],
    ["I", "plain", ["timedelta64[as]", ["l", 1, ["x"]]], None],
]


@pytest.mark.parametrize("node", HOSTILE)
def test_a_malformed_pandas_node_is_a_wire_error(node: Any) -> None:
    """A pandas node of a wrong form decodes to pandas data or raises WireError, nothing else."""
    try:
        arrived = back(node)
    except WireError:
        return
    assert isinstance(arrived, (pd.Series, pd.DataFrame, pd.Index))


KINDS: dict[str, Any] = {
    "a time with a zone": pd.Timestamp("2024-03-31 03:30", tz="Europe/Berlin"),
    "a month": pd.Period("2024-02", "M"),
    "a span": pd.Interval(0, 1.5, closed="left"),
    "a step": pd.offsets.MonthEnd(2),
    "a type": pd.Int64Dtype(),
    "a type of texts": pd.Series(["a"]).dtype,
    "a type of categories": pd.CategoricalDtype(["b", "a"], ordered=True),
    "a type of objects": np.dtype(object),
}
OF_ITS_OWN = {
    "zone": pd.Series(pd.date_range("2024-01-01", periods=2, tz="UTC")),
    "months": pd.Series(pd.period_range("2024-01", periods=3, freq="M")),
    "spans": pd.Series(pd.cut([1.0, 5.0, 9.0], 3)),
    "spans as labels": pd.cut(pd.Series([1.0, 5.0, 9.0]), 3).value_counts(),
    "small nullable ints": pd.Series([1, None], dtype="Int8"),
    "nullable floats": pd.Series([1.5, None], dtype="Float32"),
}


@pytest.mark.parametrize("name", KINDS)
def test_what_pandas_has_beside_tables_arrives(name: str) -> None:
    """A span, a step, a time with its zone and a type equal what was sent, and are of its class."""
    arrived = crossed(KINDS[name])
    assert type(arrived) is type(KINDS[name])
    assert arrived == KINDS[name]


@pytest.mark.parametrize("name", OF_ITS_OWN)
def test_a_series_of_pandas_own_types_arrives(name: str) -> None:
    """So does a series of such values, its array, and an index of them."""
    sent = OF_ITS_OWN[name]
    testing.assert_series_equal(crossed(sent), sent)
    testing.assert_extension_array_equal(crossed(pd.array(sent)), pd.array(sent))
    testing.assert_index_equal(crossed(pd.Index(sent)), pd.Index(sent), exact=True)


WRONG_KINDS: list[Any] = [
    ["J", "a", "b", "left"],
    ["J", 1, 2, "somewhere"],
    ["J", 2, 1, "left"],
    ["E", 3],
    ["E", ["S", ["period[M]", ["o", 1, [1], ["2024-01"]]], ["I", "range", [0, 1, 1], None], None]],
    ["E", ["S", ["datetime64[us, ../../etc/passwd]", ["o", 1, [1], [1]]], ["I", "range", [0, 2, 1], None], None]],
    ["T", 3, True],
    ["y", "pandas", "zoned 2024-01-01 ../../etc/passwd"],
    ["y", "pandas", "period M x"],
    ["y", "pandas", "type Sparse[int]"],
    ["y", "pandas", "step 5 5"],
]


@pytest.mark.parametrize("node", WRONG_KINDS, ids=repr)
def test_a_malformed_one_is_refused(node: Any) -> None:
    """Neither texts, nor bounds of other kinds, nor names of other types become a value of pandas'."""
    with pytest.raises(WireError):
        back(node)
