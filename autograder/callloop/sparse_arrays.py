"""Sparse matrices and arrays of SciPy's as plain data: where their entries are, and what they are.

SciPy is looked at only where somebody has imported this part of it already, so that it costs nothing elsewhere.
"""

import importlib
import sys
from typing import TYPE_CHECKING, Any

from .frames import WireError
from .own_numpy import np

if TYPE_CHECKING:
    from collections.abc import Callable

    from .encoder import Encoder

# Of one format the matrices are dicts, and cross as those.
FORMATS = ("csr", "csc", "coo", "lil", "dia", "bsr")
# Some formats take memory for each row, whether it has entries or not.
MOST_ROWS = 1_000_000
# And one takes it for each place on a diagonal that has an entry.
MOST_ON_DIAGONALS = 4_000_000


def encode_sparse(encoder: "Encoder", value: Any, depth: int) -> list[Any] | None:
    """Return the node of a sparse matrix or array of two dimensions, or None for anything else."""
    sparse = sys.modules.get("scipy.sparse")
    if sparse is None or not sparse.issparse(value) or value.ndim != 2 or value.format not in FORMATS:  # noqa: PLR2004
        return None
    if not type(value).__module__.startswith("scipy.sparse") or max(value.shape) > MOST_ROWS:
        return None
    node = encoder.seen(value)
    if node is None:
        identity, entries = encoder.identity_of(value), value.tocoo()
        parts = [encoder.encode(np.asarray(part), depth + 1) for part in (entries.data, entries.row, entries.col)]
        shape = [int(size) for size in value.shape]
        node = ["Z", identity, value.format, isinstance(value, getattr(sparse, "sparray", ())), shape, *parts]
    return node


def decode_sparse(decode: "Callable[[Any], Any]", node: list[Any]) -> Any:
    """Return the matrix or array of a node. Raises WireError, ValueError or TypeError for a malformed one."""
    _, _, form, is_array, shape, *parts = node
    data, row, column = map(decode, parts)
    sizes = isinstance(shape, list) and len(shape) == 2 and all(type(one) is int for one in shape)  # noqa: PLR2004
    if not sizes or not all(0 <= size <= MOST_ROWS for size in shape) or form not in FORMATS:
        msg = "a sparse matrix has no such shape or form"
        raise WireError(msg)
    if not all(isinstance(part, np.ndarray) and part.ndim == 1 for part in (data, row, column)):
        msg = "the entries of a sparse matrix are no arrays"
        raise WireError(msg)
    if data.dtype.kind not in "biufc" or row.dtype.kind != "i" or column.dtype.kind != "i":
        msg = "the entries of a sparse matrix are no numbers"
        raise WireError(msg)
    if form == "dia" and np.unique(column - row).size * shape[1] > MOST_ON_DIAGONALS:
        msg = "a sparse matrix has entries on too many diagonals"
        raise WireError(msg)
    sparse = importlib.import_module("scipy.sparse")
    made = (sparse.coo_array if is_array is True else sparse.coo_matrix)((data, (row, column)), shape=tuple(shape))
    return made.asformat(form)
