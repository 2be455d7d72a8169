"""What the texts of changed functions call: products and sums written in other ways, and in-place operators.

Everything here is right; it stands for what a student may write instead of one NumPy call.
"""

import operator
from typing import Any

import numpy as np


def product_by_loops(one: Any, other: Any) -> Any:
    """Return `one @ other` of vectors and matrices, added up number by number in Python."""
    rows, columns = np.atleast_2d(one), np.asarray(other)
    columns = columns[:, None] if columns.ndim == 1 else columns
    out = np.zeros((rows.shape[0], columns.shape[1]))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for k in range(rows.shape[1]):
                out[i, j] += rows[i, k] * columns[k, j]
    out = out[0] if np.ndim(one) == 1 else out
    return out[..., 0] if np.ndim(other) == 1 else out


def product_by_einsum(one: Any, other: Any) -> Any:
    """Return `one @ other` of vectors and matrices by einsum."""
    left, right = "ij"[2 - np.ndim(one) :], "jk"[: np.ndim(other)]
    return np.einsum(f"{left},{right}->{(left + right).replace('j', '')}", one, other)


def product_by_sums(one: Any, other: Any) -> Any:
    """Return `one @ other` of vectors and matrices as a sum over a third axis, from its end to its start."""
    rows, columns = np.asarray(one), np.asarray(other)
    if columns.ndim == 1:
        return np.sum((rows * columns)[..., ::-1], axis=-1)
    return np.sum((rows[..., :, None] * columns)[..., ::-1, :], axis=-2)


def outer_by_broadcasting(one: Any, other: Any) -> Any:
    """Return `np.outer` of two vectors as a product of a column and a row."""
    return np.asarray(one)[:, None] * np.asarray(other)[None, :]


def outer_by_loops(one: Any, other: Any) -> Any:
    """Return `np.outer` of two vectors, number by number."""
    return np.array([[a * b for b in other] for a in one])


def sum_by_loops(values: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """Return `np.sum`, slice by slice, from the last to the first."""
    array = np.asarray(values)
    if axis is None:
        total = 0.0
        for value in array.reshape(-1)[::-1]:
            total = total + value
        return np.reshape(total, (1,) * array.ndim) if keepdims else total
    out = np.zeros(np.delete(array.shape, axis))
    for position in reversed(range(array.shape[axis])):
        out = out + np.take(array, position, axis=axis)
    return np.expand_dims(out, axis) if keepdims else out


def sum_by_product(values: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """Return `np.sum` as a product with ones."""
    array = np.asarray(values)
    if axis is None:
        total = array.reshape(-1) @ np.ones(array.size)
        return np.reshape(total, (1,) * array.ndim) if keepdims else total
    out = np.tensordot(array, np.ones(array.shape[axis]), axes=([axis], [0]))
    return np.expand_dims(out, axis) if keepdims else out


def mask_by_where(one: Any, other: Any) -> Any:
    """Return `one > other` as an array of zeros and ones."""
    return np.where(np.asarray(one) > other, 1.0, 0.0)


def larger_by_mask(one: Any, other: Any) -> Any:
    """Return `np.maximum` by a mask for each of the two."""
    return one * (np.asarray(one) > other) + other * (np.asarray(one) <= other)


PRIMITIVES = {
    "add_in_place": operator.iadd,
    "subtract_in_place": operator.isub,
    "multiply_in_place": operator.imul,
    "divide_in_place": operator.itruediv,
    **{
        function.__name__: function
        for function in (
            product_by_loops,
            product_by_einsum,
            product_by_sums,
            outer_by_broadcasting,
            outer_by_loops,
            sum_by_loops,
            sum_by_product,
            mask_by_where,
            larger_by_mask,
        )
    },
}
