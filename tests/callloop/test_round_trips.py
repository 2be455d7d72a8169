"""Plain data arrives as it was sent: the same types, bits, signs, order and shared identity."""

import cmath
import math
from enum import IntEnum
from typing import Any

import numpy as np
import pytest
from helpers.wire import crossed, identical
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(2**4095), max_value=2**4095),
    st.floats(),
    st.complex_numbers(allow_nan=True, allow_infinity=True),
    st.text(max_size=20),
    st.binary(max_size=20),
)
HASHABLE = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=5), st.floats(allow_nan=False), st.binary(max_size=5)),
    lambda inner: st.one_of(st.tuples(inner, inner), st.frozensets(inner, max_size=3)),
    max_leaves=5,
)
DTYPES = st.one_of(
    hnp.boolean_dtypes(),
    hnp.integer_dtypes(endianness="?"),
    hnp.unsigned_integer_dtypes(endianness="?"),
    hnp.floating_dtypes(endianness="?"),
    hnp.complex_number_dtypes(endianness="?"),
    hnp.datetime64_dtypes(endianness="?"),
    hnp.timedelta64_dtypes(endianness="?"),
    hnp.byte_string_dtypes(endianness="?", max_len=5),
    hnp.unicode_string_dtypes(endianness="?", max_len=5),
)
ARRAYS = hnp.arrays(DTYPES, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
VALUES = st.recursive(
    st.one_of(SCALARS, ARRAYS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(HASHABLE, inner, max_size=3),
        st.sets(HASHABLE, max_size=3),
        st.frozensets(HASHABLE, max_size=3),
    ),
    max_leaves=8,
)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(VALUES)
def test_every_plain_value_arrives_unchanged(value: Any) -> None:
    """Any tree of plain data arrives with its exact types, its order and its bits."""
    assert identical(crossed(value), value)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(ARRAYS)
def test_every_plain_array_arrives_bit_for_bit(value: np.ndarray) -> None:
    """An array of any plain dtype, byte order and shape (0-d and empty ones too) arrives bit for bit."""
    assert identical(crossed(value), value)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(ARRAYS.filter(lambda array: array.size > 0))
def test_every_numpy_scalar_keeps_its_type(value: np.ndarray) -> None:
    """A NumPy scalar arrives as a NumPy scalar of its own type."""
    scalar = value.reshape(-1)[0]
    assert identical(crossed(scalar), scalar)


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_order_in_memory_arrives(order: Any) -> None:
    """A Fortran-ordered array stays Fortran-ordered."""
    arrived = crossed(np.array(np.arange(6.0).reshape(2, 3), order=order))
    assert arrived.flags[f"{order}_CONTIGUOUS"]
    assert arrived.tolist() == [[0, 1, 2], [3, 4, 5]]


VIEWS = [
    np.arange(24.0).reshape(4, 6)[::2, ::3],
    np.arange(24.0).reshape(4, 6)[::-1, ::-1],
    np.arange(24.0).reshape(2, 3, 4).transpose(1, 0, 2),
    np.broadcast_to(np.arange(3.0), (4, 3)),
    np.arange(10)[::2],
    np.arange(10.0)[3:3],
]


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_arrives_with_its_values(view: np.ndarray) -> None:
    """A view with any strides arrives with its values, and one that is not contiguous stays so."""
    arrived = crossed(view)
    assert np.array_equal(arrived, view)
    contiguous = view.flags.c_contiguous or view.flags.f_contiguous
    assert (arrived.flags.c_contiguous or arrived.flags.f_contiguous) == contiguous


def test_a_read_only_array_stays_read_only() -> None:
    """An array that can't be written to can't be written to on the other side either."""
    frozen = np.arange(3.0)
    frozen.flags.writeable = False
    assert not crossed(frozen).flags.writeable
    assert crossed(np.arange(3.0)).flags.writeable


def test_not_a_number_is_numpys_own() -> None:
    """NaN arrives as np.nan itself, so that `x is np.nan` holds where it did."""
    assert crossed(float("nan")) is np.nan  # noqa: PLW0177 - identity is the point
    assert crossed([math.nan])[0] is np.nan  # noqa: PLW0177 - as above


@pytest.mark.parametrize("value", [-0.0, 5e-324, 1.7976931348623157e308, math.inf, -math.inf, 0.1 + 0.2])
def test_floats_keep_every_bit(value: float) -> None:
    """Negative zero, subnormal, largest and infinite floats arrive as they are."""
    assert identical(crossed(value), value)


def test_complex_numbers_keep_signs_of_zero() -> None:
    """The sign of a complex number's zeros, and its NaN, arrive."""
    assert math.copysign(1, crossed(complex(-0.0, -0.0)).real) == -1
    assert math.copysign(1, crossed(complex(-0.0, -0.0)).imag) == -1
    assert cmath.isnan(crossed(complex(math.nan, 1)))


@pytest.mark.parametrize("value", [2**53 - 1, 2**53, -(2**53), 2**63, -(2**64), 10**400])
def test_integers_are_exact(value: int) -> None:
    """An int past what a float can hold arrives exactly."""
    assert identical(crossed(value), value)


def test_one_object_in_two_places_is_one_object_there() -> None:
    """A list or array that stands in two places of a value is one object on the other side."""
    row, array = [1], np.zeros(2)
    arrived = crossed({"a": row, "b": (row, array), "c": array, "d": [1]})
    assert arrived["a"] is arrived["b"][0]
    assert arrived["b"][1] is arrived["c"]
    assert arrived["d"] is not arrived["a"]


def test_a_list_that_holds_itself_arrives() -> None:
    """A list that holds itself holds itself on the other side, without end."""
    loop: list[Any] = [1]
    loop.append(loop)
    arrived = crossed(loop)
    assert arrived[1] is arrived
    assert arrived[0] == 1


class _Level(IntEnum):
    HIGH = 3


class _Text(str):
    __slots__ = ()


class _Matrix(np.ndarray):
    """An array class of a student's own."""


SUBCLASSES = [
    (_Level.HIGH, 3),
    (_Text("x"), "x"),
    (np.zeros((1, 2)).view(_Matrix), np.zeros((1, 2))),
]


@pytest.mark.parametrize(("value", "plain"), SUBCLASSES)
def test_subclasses_arrive_as_their_plain_base(value: Any, plain: Any) -> None:
    """An instance of a subclass of a plain class arrives as that plain class."""
    assert identical(crossed(value), plain)


class _Liar(dict):
    def items(self) -> Any:
        return [("score", 10)]

    def __iter__(self) -> Any:
        return iter(["score"])


def test_a_subclass_can_not_lie_about_what_it_holds() -> None:
    """What a subclass's own methods claim is not asked; what the plain base holds is sent."""
    assert crossed(_Liar(a=1)) == {"a": 1}


def test_lone_surrogates_are_replaced() -> None:
    """Text that no output format can carry arrives with a replacement."""
    assert crossed("a\ud800b") == "a?b"
    assert crossed({"\udfff": 1}) == {"?": 1}


def test_arrays_of_objects_keep_their_items() -> None:
    """An array of objects arrives with plain items, its shape and its order."""
    ragged = np.empty((2, 1), dtype=object)
    ragged[0, 0], ragged[1, 0] = np.arange(2), "x"
    assert identical(crossed(ragged), ragged)


def test_ranges_and_slices_arrive() -> None:
    """A range and a slice, which index plain data, arrive as such."""
    assert crossed(range(10, 0, -3)) == range(10, 0, -3)
    assert crossed(slice(None, 5, 2)) == slice(None, 5, 2)
