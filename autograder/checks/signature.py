"""Shapes in named dimensions, as a course writes them: `A1 (m, h), dZ2 (m, k) -> dW2 (h, k)`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

ITEM = re.compile(r"\s*(?P<name>[^\W\d]\w*)\s*(?:\((?P<dims>[^()]*)\))?\s*(?:,|$)")
ARROW = re.compile(r"->|→")


@dataclass(frozen=True)
class Named:
    """An argument or an answer with the names of its axes; None where its shape is not told."""

    name: str
    dims: tuple[str, ...] | None


@dataclass(frozen=True)
class Signature:
    """What goes in and what comes out, in order."""

    arguments: tuple[Named, ...]
    answers: tuple[Named, ...]


def _dims(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _side(text: str, whole: str) -> tuple[Named, ...]:
    found, position = [], 0
    while text[position:].strip():
        item = ITEM.match(text, position)
        if item is None:
            msg = f"shapes are written as in 'A1 (m, h), dZ2 (m, k) -> dW2 (h, k)'; this can't be read: {whole!r}"
            raise ValueError(msg)
        found.append(Named(item["name"], _dims(item["dims"])))
        position = item.end()
    return tuple(found)


def parsed(text: str) -> Signature:
    """Read a signature. Raises ValueError where it can't be read."""
    sides = ARROW.split(text)
    if len(sides) > 2:  # noqa: PLR2004 - before and after the arrow
        msg = f"shapes have one arrow, from the arguments to the answer; this has more: {text!r}"
        raise ValueError(msg)
    return Signature(_side(sides[0], text), _side(sides[1], text) if len(sides) > 1 else ())


def told(dims: Sequence[str]) -> str:
    """Write named dimensions as Python writes a shape: `(h, k)`, `(h,)`."""
    return f"({dims[0]},)" if len(dims) == 1 else f"({', '.join(dims)})"


def sizes_of(named: Sequence[Named], values: Sequence[Any]) -> dict[str, int]:
    """Return how large each dimension is, from values that have the shapes they should have.

    Raises ValueError where a value has another number of axes, or a dimension two sizes.
    """
    sizes: dict[str, int] = {}
    for one, value in zip(named, values, strict=True):
        shape = np.shape(value) if one.dims is not None else ()
        if one.dims is not None and len(shape) != len(one.dims):
            msg = f"{one.name} should have the axes {told(one.dims)}, but its shape is {shape}"
            raise ValueError(msg)
        for dim, size in zip(one.dims or (), shape, strict=True):
            known = int(dim) if dim.isdecimal() else sizes.setdefault(dim, size)
            if known != size:
                msg = f"{one.name}: {dim} is {size} here, and {known} elsewhere"
                raise ValueError(msg)
    return sizes


def named_sizes(shape: Sequence[int], sizes: Mapping[str, int]) -> str:
    """Name the axes of a shape that was not expected, where each size belongs to one dimension only; or ""."""
    names = []
    for size in shape:
        of_size = [name for name, count in sizes.items() if count == size]
        if len(of_size) != 1 and size != 1:
            return ""
        names.append("1" if size == 1 else of_size[0])
    return told(names) if any(not name.isdecimal() for name in names) else ""
