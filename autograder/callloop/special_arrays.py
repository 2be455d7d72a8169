"""Arrays with fields, each field as an array of its own, and masked arrays, as what they hold and their mask."""

from typing import TYPE_CHECKING, Any

from .frames import WireError
from .own_numpy import np

if TYPE_CHECKING:
    from collections.abc import Callable

    from .encoder import Encoder

MOST_FIELDS = 256
MOST_NAME_CHARACTERS = 200


def encode_special(encoder: "Encoder", value: Any, depth: int) -> list[Any] | None:
    """Return the node of an array with fields, of a row of one, or of a masked array; None for anything else."""
    if value is np.ma.masked:
        return ["M"]
    if isinstance(value, np.ma.MaskedArray):
        return _masked(encoder, value, depth)
    if type(value) is np.matrix:
        return encoder.seen(value) or ["Q", encoder.identity_of(value), encoder.encode(np.asarray(value), depth + 1)]
    if value.dtype.names is None:
        return None
    if isinstance(value, np.void):
        return ["V", encoder.encode(np.array(value, dtype=value.dtype), depth + 1)]
    dtype = value.dtype
    kind = "record" if isinstance(value, np.recarray) else "aligned" if dtype.isalignedstruct else ""
    node = encoder.seen(value)
    if node is None:
        plain = np.asarray(value)
        identity = encoder.identity_of(value)
        fields = [[name, encoder.encode(np.array(plain[name], order="C"), depth + 1)] for name in dtype.names]
        node = ["R", identity, list(plain.shape), fields, kind, bool(plain.flags.writeable)]
    return node


def _masked(encoder: "Encoder", value: Any, depth: int) -> list[Any]:
    node = encoder.seen(value)
    if node is None:
        identity = encoder.identity_of(value)
        parts = np.asarray(value), np.ma.getmaskarray(value), np.ma.getmask(value) is not np.ma.nomask
        node = ["M", identity, *(encoder.encode(part, depth + 1) for part in (*parts, value.fill_value))]
    return node


def decode_special(decode: "Callable[[Any], Any]", node: list[Any]) -> Any:
    """Return the array of a node. Raises WireError, ValueError or TypeError for a malformed one."""
    if node[0] == "V":
        held = decode(node[1])
        if not isinstance(held, np.ndarray) or held.shape != () or held.dtype.names is None:
            msg = "a row is none"
            raise WireError(msg)
        return held[()]
    if node[0] == "Q":
        held = decode(node[2])
        if not isinstance(held, np.ndarray) or held.ndim != 2:  # noqa: PLR2004 - what a matrix is
            msg = "a matrix is none"
            raise WireError(msg)
        return held.view(np.matrix)
    if node == ["M"]:
        return np.ma.masked
    if node[0] == "M":
        data, mask, has_mask, fill = (decode(part) for part in node[2:6])
        if not isinstance(data, np.ndarray) or not isinstance(mask, np.ndarray) or data.shape != mask.shape:
            msg = "a mask does not fit its array"
            raise WireError(msg)
        if mask.dtype != bool and mask.dtype.names is None:
            msg = "a mask is no mask"
            raise WireError(msg)
        return np.ma.MaskedArray(data, mask=mask if has_mask is True else np.ma.nomask, fill_value=fill)
    _, _, shape, fields, kind, writeable = node
    return _with_fields([(name, decode(part)) for name, part in fields], shape, kind, writeable=writeable is True)


def _with_fields(fields: list[tuple[Any, Any]], shape: Any, kind: Any, *, writeable: bool) -> Any:
    names = [name for name, _ in fields]
    are_names = all(isinstance(name, str) and 0 < len(name) <= MOST_NAME_CHARACTERS for name in names)
    are_names = are_names and len(set(names)) == len(names) and 0 < len(names) <= MOST_FIELDS
    if not are_names or not isinstance(shape, list):
        msg = "an array's fields have no names of their own"
        raise WireError(msg)
    most, sizes = len(shape), tuple(shape)
    for _, part in fields:
        if not isinstance(part, np.ndarray) or part.shape[:most] != sizes or part.dtype.itemsize == 0:
            msg = "a field does not fit its array"
            raise WireError(msg)
    types: list[Any] = [(name, part.dtype, part.shape[most:]) for name, part in fields]
    made = np.zeros(sizes, dtype=np.dtype(types, align=kind == "aligned"))
    for name, part in fields:
        made[name] = part
    found = made.view(np.recarray) if kind == "record" else made
    found.flags.writeable = writeable
    return found
