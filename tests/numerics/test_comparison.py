"""When two arrays count as equal: shape first, then one bound for the whole array."""

import numpy as np
import pytest

from autograder.numerics import largest_difference, matches, tolerance_for

TRUE = np.array([[5.0, -0.25, 1e-9], [0.0, 2.0, -3.0]])
DOUBLE_BOUND = 1e-6 * 5.0 + 1e-12
SINGLE_BOUND = 1e-4 * 5.0 + 1e-6


def _moved(by: float, entry: tuple[int, int] = (0, 2)) -> np.ndarray:
    answer = TRUE.copy()
    answer[entry] += by
    return answer


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("entry", [(0, 0), (0, 2), (1, 0)])
def test_double_bound_holds_on_both_sides(entry: tuple[int, int], sign: float) -> None:
    """Just under 1e-6 of the largest entry is right, just over is wrong, at any entry."""
    assert matches(_moved(0.999 * sign * DOUBLE_BOUND, entry), TRUE)
    assert not matches(_moved(1.001 * sign * DOUBLE_BOUND, entry), TRUE)


@pytest.mark.parametrize("entry", [(0, 0), (0, 2), (1, 0)])
def test_single_bound_holds_on_both_sides(entry: tuple[int, int]) -> None:
    """A float32 answer is held to 1e-4 of the largest entry."""
    assert matches(_moved(0.998 * SINGLE_BOUND, entry).astype(np.float32), TRUE)
    assert not matches(_moved(1.002 * SINGLE_BOUND, entry).astype(np.float32), TRUE)


def test_absolute_part_decides_where_zero_is_due() -> None:
    """Where the true array is 0, 1e-12 is accepted of doubles and 1e-6 of singles."""
    zero = np.zeros((2, 2))
    assert matches(np.full((2, 2), 0.999e-12), zero)
    assert not matches(np.full((2, 2), 1.001e-12), zero)
    assert matches(np.full((2, 2), 0.999e-6, dtype=np.float32), zero)
    assert not matches(np.full((2, 2), 1.001e-6, dtype=np.float32), zero)


@pytest.mark.parametrize("dtype", [np.float64, np.longdouble, np.int64, np.float16])
def test_only_single_precision_has_the_wide_tolerance(dtype: type) -> None:
    """Doubles, wider floats and whole numbers share the narrow tolerance."""
    assert tolerance_for(np.zeros(2, dtype=dtype)).relative == 1e-6


def test_byte_order_does_not_change_the_tolerance() -> None:
    """Big-endian float32 is float32."""
    assert tolerance_for(np.zeros(2, dtype=">f4")).relative == 1e-4
    assert tolerance_for(np.zeros(2, dtype="<f4")).relative == 1e-4
    assert tolerance_for(np.zeros(2, dtype=">f8")).relative == 1e-6


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_entry_that_is_not_finite_never_matches(bad: float) -> None:
    """NaN compares as wrong, and so does infinity."""
    answer = TRUE.copy()
    answer[1, 1] = bad
    assert not matches(answer, TRUE)


@pytest.mark.parametrize("shape", [(6,), (3, 2), (1, 2, 3), (2, 3, 1), (1,), ()])
def test_shapes_must_agree_even_if_they_broadcast(shape: tuple[int, ...]) -> None:
    """An array of ones in any other shape is not the same array of ones."""
    assert not matches(np.ones(shape), np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"cannot compare shape \(.*\) with \(2, 3\)"):
        largest_difference(np.ones(shape), np.ones((2, 3)))


def test_transposed_square_does_not_match() -> None:
    """The transpose has the right shape where the matrix is square, and the wrong values."""
    square = np.arange(9.0).reshape(3, 3)
    assert not matches(square.T, square)


def test_difference_is_the_largest_one() -> None:
    """Of all differences, the largest absolute one is returned."""
    assert largest_difference(np.array([1.0, -4.0, 2.0]), np.array([1.5, -1.0, 2.0])) == 3.0


def test_difference_keeps_digits_that_double_precision_loses() -> None:
    """Differences are taken in wide precision, so huge nearly equal numbers compare well."""
    assert largest_difference(np.array([1e16]), np.array([1e16 - 2])) == 2.0


def test_empty_arrays_of_one_shape_match() -> None:
    """Nothing differs from nothing."""
    assert matches(np.zeros((0, 3)), np.zeros((0, 3)))
    assert not matches(np.zeros((0, 3)), np.zeros((3, 0)))
    assert largest_difference(np.zeros((0, 3)), np.zeros((0, 3))) == 0.0


def test_tiny_entries_of_right_answers_do_not_count() -> None:
    """Rounding beside a tiny entry is not an error: the bound is of the array, not of the entry."""
    true = np.array([1.0, 1e-15])
    assert matches(np.array([1.0, 3e-16]), true)
