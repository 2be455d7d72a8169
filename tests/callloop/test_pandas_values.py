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
