"""Arrays with fields, rows of them, masked arrays and matrices cross as what they are; malformed ones are refused."""

from typing import Any

import numpy as np
import pytest
from helpers.wire import back, crossed
from scipy import sparse

from autograder.callloop.frames import WireError
from autograder.callloop.sparse_arrays import FORMATS

PEOPLE: list[Any] = [("name", "U5"), ("age", "i4"), ("marks", "f8", (2,))]
ROWS: list[Any] = [("Ann", 3, [1.0, 2.0]), ("Bob", 4, [3.0, np.nan])]
WITH_FIELDS = {
    "plain": np.array(ROWS, dtype=PEOPLE),
    "aligned": np.array([(1, 2.0)], dtype=np.dtype([("a", "i1"), ("b", "f8")], align=True)),
    "nested": np.array([((1, 2.5), True)], dtype=[("at", [("x", "i8"), ("y", "f4")]), ("on", "?")]),
    "record": np.rec.array([(1, 2.0)], dtype=[("a", "i8"), ("b", "f8")]),
    "empty": np.zeros((0, 2), dtype=[("a", "i8")]),
    "no dimension": np.array((1,), dtype=[("a", "i8")]),
    "read only": np.frombuffer(bytes(8), dtype=[("a", "i4"), ("b", "i4")]),
}


@pytest.mark.parametrize("name", WITH_FIELDS)
def test_an_array_with_fields_arrives_as_it_is(name: str) -> None:
    """Names, types, values and class of an array with fields are the same on the other side."""
    sent = WITH_FIELDS[name]
    arrived = crossed(sent)
    assert (type(arrived), arrived.dtype, arrived.shape) == (type(sent), sent.dtype, sent.shape)
    assert repr(arrived) == repr(sent)
    assert arrived.flags.writeable == sent.flags.writeable


def test_a_row_arrives_as_a_row() -> None:
    """A row of an array with fields can be asked for a field."""
    row = crossed(WITH_FIELDS["plain"][1])
    assert isinstance(row, np.void)
    assert (row["name"], row["age"]) == ("Bob", 4)


@pytest.mark.parametrize("mask", [[True, False], [False, False], np.ma.nomask])
def test_a_masked_array_arrives_with_its_mask(mask: Any) -> None:
    """What is under a mask stays under it, and what fills it is the same."""
    arrived = crossed({"x": [np.ma.array([1.0, 2.0], mask=mask, fill_value=-1.0)]})["x"][0]
    assert isinstance(arrived, np.ma.MaskedArray)
    assert np.ma.getmaskarray(arrived).tolist() == np.broadcast_to(mask, 2).tolist()
    assert arrived.filled().tolist() == [-1.0 if np.broadcast_to(mask, 2)[0] else 1.0, 2.0]
    assert crossed(np.ma.masked) is np.ma.masked


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_a_matrix_arrives_as_one() -> None:
    """A product with a matrix is one of matrices on the other side as well."""
    assert (crossed(np.asmatrix([[1.0, 2.0], [3.0, 4.0]])) ** 2).tolist() == [[7.0, 10.0], [15.0, 22.0]]


@pytest.mark.parametrize("kind", ["matrix", "array"])
@pytest.mark.parametrize("form", FORMATS)
def test_a_sparse_matrix_arrives_as_one(form: str, kind: str) -> None:
    """Its class, form, type, shape and entries are the same on the other side, and one in two places is one."""
    sent = getattr(sparse, f"{form}_{kind}")(np.array([[0, 1.5, 0], [-2, 0, 0]]))
    arrived, again = crossed([sent, sent])
    assert arrived is again
    assert type(arrived) is type(sent)
    assert (arrived.shape, arrived.dtype, arrived.toarray().tolist()) == (
        sent.shape,
        sent.dtype,
        sent.toarray().tolist(),
    )


FIELD = ["a", 1, "<i8", [1], 0, "C", True]
OTHERS = ["a", 2, "<i8", [1], 0, "C", True], ["a", 3, "<i8", [1], 0, "C", True]
MALFORMED = {
    "no fields": ["R", 0, [1], [], "", True],
    "a name that is none": ["R", 0, [1], [[7, FIELD]], "", True],
    "a name twice": ["R", 0, [1], [["a", FIELD], ["a", ["r", 1]]], "", True],
    "another shape": ["R", 0, [2], [["a", FIELD]], "", True],
    "a field that is no array": ["R", 0, [1], [["a", [1]]], "", True],
    "a row that is none": ["V", FIELD],
    "a mask that is none": ["M", 0, FIELD, ["a", 2, "<i8", [1], 0, "C", True], True, 0],
    "a mask of another shape": ["M", 0, FIELD, ["a", 2, "|b1", [2], 0, "C", True], True, 0],
    "a matrix of one dimension": ["Q", 0, FIELD],
    "a sparse matrix of another form": ["Z", 0, "other", True, [2, 2], FIELD, *OTHERS],
    "a sparse matrix of three sizes": ["Z", 0, "coo", True, [2, 2, 2], FIELD, *OTHERS],
    "a sparse matrix with entries outside": ["Z", 0, "coo", True, [0, 2], FIELD, *OTHERS],
    "a sparse matrix of text": ["Z", 0, "coo", True, [2, 2], ["a", 1, "<U2", [1], 0, "C", True], *OTHERS],
    "a sparse matrix of a list": ["Z", 0, "coo", True, [2, 2], ["l", 1, [1]], *OTHERS],
    "a view of what can't be a key": ["v", "keys", ["l", 0, [["l", 1, []]]]],
    "a view of an unknown kind": ["v", "other", ["l", 0, [1]]],
    "an open file": ["F", 0, ["l", 1, ["", "", True, "x", 0, False]]],
    "an object": ["P", 0, 0, 8],
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_malformed_is_refused(name: str) -> None:
    """A node that fits no array, and a file or an object, which only the trusted side may send, are refused."""
    with pytest.raises(WireError):
        back(MALFORMED[name], bytes(8))
