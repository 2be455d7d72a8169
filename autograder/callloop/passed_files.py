"""Open files, and files in memory, that a test passes in: what they hold crosses, and comes back as it then is."""

import io
from typing import TYPE_CHECKING, Any

from .frames import WireError

if TYPE_CHECKING:
    from .encoder import Encoder

IN_MEMORY = (io.StringIO, io.BytesIO)
OPEN = (io.TextIOWrapper, io.BufferedReader, io.BufferedWriter)


class _Named:
    """What a file that was opened by its name tells of itself."""

    name = ""
    mode = "r"

    def readable(self) -> bool:
        """Tell whether it may be read."""
        return "r" in self.mode

    def writable(self) -> bool:
        """Tell whether it may be written."""
        return "r" not in self.mode

    def _check(self, *, may: bool, what: str) -> None:
        if not may:
            raise io.UnsupportedOperation(what)


class _TextFile(_Named, io.StringIO):
    def write(self, text: str) -> int:
        self._check(may=self.writable(), what="not writable")
        return io.StringIO.write(self, text)

    def read(self, *size: Any) -> str:
        self._check(may=self.readable(), what="not readable")
        return io.StringIO.read(self, *size)


class _BytesFile(_Named, io.BytesIO):
    def write(self, data: Any) -> int:
        self._check(may=self.writable(), what="write")
        return io.BytesIO.write(self, data)

    def read(self, *size: Any) -> bytes:
        self._check(may=self.readable(), what="read")
        return io.BytesIO.read(self, *size)


def is_file(value: Any) -> bool:
    """Tell whether a value is a file in memory, or one of those that stand for an open one."""
    return isinstance(value, IN_MEMORY)


def file_state(value: Any) -> list[Any]:
    """Return what a file in memory holds, where it is read or written next, and whether it is closed."""
    if value.closed:
        return [None, 0, True]
    return [value.getvalue(), value.tell(), False]


def encode_file(encoder: "Encoder", value: Any, depth: int) -> list[Any] | None:
    """Return the node of a file in memory or of an open file; None for anything else, and for one that can't cross."""
    if type(value) in IN_MEMORY and not value.closed:
        name, state = "", file_state(value)
    elif type(value) in OPEN and not value.closed:
        try:
            name, state = str(value.name), [*_rest(value), False]
        except (OSError, ValueError, UnicodeDecodeError):
            return None
    else:
        return None
    is_text = isinstance(value, io.TextIOBase)
    if (node := encoder.seen(value)) is not None:
        return node
    told = encoder.encode([name, str(getattr(value, "mode", "")), is_text, *state], depth + 1)
    return ["F", encoder.identity_of(value), told]


def _rest(value: Any) -> tuple[Any, int]:
    """Return what an open file has yet to give; nothing of one that is written."""
    if not value.readable():
        return ("" if isinstance(value, io.TextIOBase) else b""), 0
    if value.writable():
        msg = "a file that is read and written"
        raise ValueError(msg)
    place = value.tell()
    rest = value.read()
    value.seek(place)
    return rest, 0


def decode_file(told: Any) -> Any:
    """Return the file in memory that a node describes."""
    name, mode, is_text, content, place, _ = told
    in_memory, opened = (io.StringIO, _TextFile) if is_text else (io.BytesIO, _BytesFile)
    made: Any = (opened if name else in_memory)(*([content] if not is_text else [content, None]))
    made.seek(place)
    if name:
        made.name, made.mode = name, mode
    return made


def write_file_back(original: Any, state: Any) -> None:
    """Let a file be as the student's side has left what stands for it. Raises WireError for what is no file's state."""
    kind = str if isinstance(original, io.TextIOBase) else bytes
    content, place, is_closed = state if isinstance(state, list) and len(state) == 3 else (0, 0, 0)  # noqa: PLR2004
    if is_closed is True:
        original.close()
        return
    if not isinstance(content, kind) or type(place) is not int or place < 0:
        msg = "what a file holds is malformed"
        raise WireError(msg)
    if type(original) in IN_MEMORY:
        original.seek(0)
        original.truncate()
        original.write(content)
        original.seek(place)
    elif original.readable():
        original.read(place)
    else:
        original.write(content)
