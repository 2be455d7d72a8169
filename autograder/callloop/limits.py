"""Every limit on a submission, as values in one place."""

from dataclasses import asdict, dataclass, fields
from typing import Any

MEGABYTE = 1024 * 1024
# Of brackets, commas and colons: an item takes at most 26, as does a function's description; what a cell
# bound and displayed, which is no value that crosses, gets room beside them.
STRUCTURE_OF_AN_ITEM = 26
STRUCTURE_OF_A_CELL = 1_000_000


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    cell_seconds: one cell, and all calls of one exercise together.
    total_seconds: all cells and calls of a notebook together.
    memory_bytes, threads, scratch_bytes: of the student's process.
    output_characters: of kept output a cell.
    notebook_bytes: of the submitted file.
    array_bytes, items, depth, string_characters, integer_bits: of one value that crosses.
    callback_calls: calls of functions that the grader passed in, in one call.
    restarts: how often an ended process is started anew; functions that ended one are not called again.
    error_characters: of an exception's text.
    header_bytes: of one frame without its arrays: room for the items, and for a few long strings.
    """

    cell_seconds: float = 10.0
    total_seconds: float = 60.0
    memory_bytes: int = 1024 * MEGABYTE
    threads: int = 32
    scratch_bytes: int = 64 * MEGABYTE
    output_characters: int = 64 * 1024
    notebook_bytes: int = 64 * MEGABYTE
    array_bytes: int = 32 * MEGABYTE
    items: int = 100_000
    depth: int = 32
    string_characters: int = MEGABYTE
    integer_bits: int = 4096
    callback_calls: int = 10_000
    restarts: int = 100
    error_characters: int = 2000
    header_bytes: int = 64 * MEGABYTE

    @property
    def structural_characters(self) -> int:
        """How many brackets, braces, commas and colons a frame's header may have outside its strings."""
        return STRUCTURE_OF_AN_ITEM * self.items + STRUCTURE_OF_A_CELL

    def as_json(self) -> dict[str, Any]:
        """Return the limits as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Limits":
        """Return the limits that `as_json` wrote."""
        return cls(**{field.name: data[field.name] for field in fields(cls)})


# Between the grader's own processes, where a whole notebook and all its outputs are one message.
TRUSTED = Limits(header_bytes=512 * MEGABYTE, items=100_000_000)
