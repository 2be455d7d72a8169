"""Frames on a socket: a length, a JSON header, and raw bytes for arrays.

Lengths are checked against the limits before anything is allocated for them, and so is the number
of values that a header holds: a list without items is two characters of text and 64 bytes of memory.
"""

import json
import socket
import struct
import sys
import time
from dataclasses import dataclass
from typing import Any

from .limits import Limits

LENGTHS = struct.Struct("!IQ")
CHUNK = 1 << 20
# A small frame is read whole at once, whatever its parts.
AHEAD = 1 << 16
# RFC 8259, section 2: every value but the outermost one comes with at least one of these.
STRUCTURAL = b"[]{},:"


class WireError(Exception):
    """What came over the wire is not a frame, is past a limit, or does not decode."""


class PeerGoneError(Exception):
    """The other side closed the socket or died."""


@dataclass(frozen=True)
class Frame:
    """One message: a header of plain JSON, and bytes that it may point into."""

    header: Any
    body: bytes


def _refuse_constant(name: str) -> Any:
    msg = f"{name} is not allowed in a header"
    raise WireError(msg)


def _bounded_integer(text: str) -> int:
    if len(text) > sys.int_info.default_max_str_digits:
        msg = "a number in a header is too long"
        raise WireError(msg)
    return int(text)


_ENCODER = json.JSONEncoder(allow_nan=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
_CAREFUL_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_int=_bounded_integer)


def structural_characters(text: bytes) -> int:
    """Return how many brackets, braces, commas and colons a JSON text has outside its strings.

    Takes time in proportion to the text, and no more memory than two copies of it. Exact up to the
    first character at which the text stops being JSON, which is as far as a parser gets.
    """
    from .own_numpy import np

    # Pairs of backslashes first: a backslash that is left before a quotation mark then escapes it.
    text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    is_structural = np.zeros(256, dtype=bool)
    is_structural[list(STRUCTURAL)] = True
    count, inside = 0, 0
    for start in range(0, len(text), CHUNK):
        part = np.frombuffer(text, dtype=np.uint8, count=min(CHUNK, len(text) - start), offset=start)
        within = (np.cumsum(part == ord('"'), dtype=np.uint8) + np.uint8(inside)) & 1
        count += int(np.count_nonzero(is_structural[part] & (within == 0)))
        inside = int(within[-1])
    return count


class Channel:
    """A socket that carries frames. It reads ahead, so that nothing else may read from the socket."""

    def __init__(self, connection: socket.socket, limits: Limits) -> None:
        self.connection = connection
        self.limits = limits
        self._ahead = b""

    @property
    def has_more(self) -> bool:
        """Whether part of the next frame was read with the last one, so that the socket may have nothing new."""
        return bool(self._ahead)

    def send(self, header: Any, body: bytes = b"", deadline: float | None = None) -> None:
        """Send one frame.

        deadline: in seconds of time.monotonic(). Raises TimeoutError past it, PeerGoneError if the
        other side is gone, WireError if the header is past the limit.
        """
        text = _ENCODER.encode(header).encode()
        if len(text) > self.limits.header_bytes:
            msg = f"more than {self.limits.header_bytes:,} bytes of text and structure in one value"
            raise WireError(msg)
        self._check_structure(text)
        try:
            self._wait_until(deadline)
            self.connection.sendall(b"".join((LENGTHS.pack(len(text), len(body)), text, body)))
        except (BrokenPipeError, ConnectionError) as error:
            raise PeerGoneError from error

    def receive(self, deadline: float | None = None) -> Frame:
        """Return the next frame.

        Raises WireError for a malformed or too large one, TimeoutError past the deadline, and
        PeerGoneError at the end of the stream.
        """
        header_length, body_length = LENGTHS.unpack(self._exactly(LENGTHS.size, deadline))
        if header_length > self.limits.header_bytes or body_length > self.limits.array_bytes:
            msg = f"a message of {header_length} + {body_length} bytes is past the limit"
            raise WireError(msg)
        text = self._exactly(header_length, deadline)
        body = self._exactly(body_length, deadline)
        self._check_structure(text)
        # The text of an int takes time with the square of its length; Python's own bound may have been lifted.
        bounded = 0 < sys.get_int_max_str_digits() <= sys.int_info.default_max_str_digits
        decoder = _DECODER if bounded else _CAREFUL_DECODER
        try:
            # The sender escapes what is not ASCII; so text takes one byte a character here.
            header = decoder.decode(text.decode("ascii"))
        except (ValueError, RecursionError, MemoryError) as error:
            msg = "a message is not JSON"
            raise WireError(msg) from error
        return Frame(header, body)

    def _check_structure(self, text: bytes) -> None:
        """Refuse a header of more values than the limits allow, before they take memory."""
        most = self.limits.structural_characters
        # A short text can't have too many; most texts are short.
        if len(text) > most and structural_characters(text) > most:
            msg = f"a message of more than {most:,} brackets, commas and colons is past the limit"
            raise WireError(msg)

    def _wait_until(self, deadline: float | None) -> None:
        if deadline is None:
            self.connection.settimeout(None)
            return
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        self.connection.settimeout(remaining)

    def _exactly(self, length: int, deadline: float | None) -> bytes:
        if len(self._ahead) < length:
            self._ahead = self._read_on(length, deadline)
        part, self._ahead = self._ahead[:length], self._ahead[length:]
        return part

    def _read_on(self, length: int, deadline: float | None) -> bytes:
        """Return what was read ahead and more, so much in all, or somewhat beyond."""
        if not self._ahead:
            part = self._part(max(length, AHEAD), deadline)
            if len(part) >= length:
                return part
            self._ahead = part
        # One growing buffer: a list of parts would take 50 bytes for each byte that is sent on its own.
        whole = bytearray(self._ahead)
        while len(whole) < length:
            whole += self._part(max(length - len(whole), AHEAD), deadline)
        return bytes(whole)

    def _part(self, most: int, deadline: float | None) -> bytes:
        self._wait_until(deadline)
        try:
            part = self.connection.recv(min(most, CHUNK))
        except ConnectionError as error:
            raise PeerGoneError from error
        if not part:
            raise PeerGoneError
        return part
