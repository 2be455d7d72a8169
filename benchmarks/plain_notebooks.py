"""Notebooks as courses everywhere have them: seven functions each, every one with a cell of plain asserts."""

PLAIN, TABLES = "plain", "tables"

_NUMBERS = """
import numpy as np
== total
def total(x):
    return np.sum(x)
-- test
assert total(np.arange(5)) == 10
== mean
def mean(x):
    return np.sum(x) / len(x)
-- test
assert np.isclose(mean(np.array([1.0, 2.0])), 1.5)
== outer
def outer(a, b):
    return np.outer(a, b)
-- test
assert outer(np.ones(2), np.ones(3)).shape == (2, 3)
== relu
def relu(z):
    return np.maximum(z, 0)
-- test
assert (relu(np.array([-1.0, 2.0])) == [0, 2]).all()
== softmax
def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()
-- test
np.testing.assert_allclose(softmax(np.zeros(4)), np.full(4, 0.25))
== words
def words(text):
    return text.split()
-- test
assert words('a b c') == ['a', 'b', 'c']
== count
def count(items):
    return {one: items.count(one) for one in items}
-- test
assert count(['x', 'y', 'x']) == {'x': 2, 'y': 1}
"""

# Of tables, with a figure: its libraries are large.
_TABLES = """
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
== pay
def pay():
    return pd.DataFrame({"dept": list("xyxy"), "name": list("abcd"), "pay": [10.0, 20.0, 30.0, np.nan]})
-- test
assert pay().shape == (4, 3)
assert list(pay().columns) == ["dept", "name", "pay"]
== clean
def clean(table):
    return table.assign(pay=table["pay"].fillna(table["pay"].mean()))
-- test
assert clean(pay())["pay"].tolist() == [10.0, 20.0, 30.0, 20.0]
== means
def means(table):
    return table.groupby("dept")["pay"].mean()
-- test
expected = pd.Series([20.0, 20.0], index=pd.Index(["x", "y"], name="dept"), name="pay")
pd.testing.assert_series_equal(means(clean(pay())), expected)
== join
def join(table, heads):
    return table.merge(heads, on="dept", how="left")
-- test
joined = join(pay(), pd.DataFrame({"dept": ["x", "y"], "head": ["Q", "R"]}))
assert (joined.loc[joined["dept"] == "y", "head"] == "R").all()
== highest
def highest(table, n):
    return table.sort_values("pay", ascending=False)["name"].head(n).tolist()
-- test
assert highest(clean(pay()), 2) == ["c", "b"]
== monthly
def monthly(series):
    return series.resample("MS").sum()
-- test
days = pd.Series(1.0, index=pd.date_range("2024-01-15", periods=60))
assert monthly(days).tolist() == [17, 29, 14]
== draw
def draw(series):
    fig, ax = plt.subplots()
    ax.bar(series.index, series.values)
    ax.set_ylabel("pay")
    return ax
-- test
ax = draw(means(clean(pay())))
assert ax.get_ylabel() == "pay" and len(ax.patches) == 2
"""

TEXTS = {PLAIN: _NUMBERS, TABLES: _TABLES}


def parts_of(which: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Return a notebook's imports, and the name, the answer and the test of each function."""
    imports, *functions = TEXTS[which].strip().split("\n== ")
    found = []
    for text in functions:
        name, _, rest = text.partition("\n")
        answer, _, test = rest.partition("\n-- test\n")
        found.append((name, answer, test))
    return imports, found
