"""Frames on a socket: a length, a JSON header, and raw bytes for arrays.

Lengths are checked against the limits before anything is allocated for them.
"""

import json
import socket
import struct
import time
from dataclasses import dataclass
from typing import Any

from .limits import Limits

LENGTHS = struct.Struct("!IQ")
CHUNK = 1 << 20


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


class Channel:
    """A socket that carries frames."""

    def __init__(self, connection: socket.socket, limits: Limits) -> None:
        self.connection = connection
        self.limits = limits

    def send(self, header: Any, body: bytes = b"", deadline: float | None = None) -> None:
        """Send one frame.

        deadline: in seconds of time.monotonic(). Raises TimeoutError past it, PeerGoneError if the
        other side is gone, WireError if the header is past the limit.
        """
        text = json.dumps(header, allow_nan=False, separators=(",", ":")).encode()
        if len(text) > self.limits.header_bytes:
            msg = f"more than {self.limits.header_bytes:,} bytes of text and structure in one value"
            raise WireError(msg)
        try:
            self._wait_until(deadline)
            self.connection.sendall(LENGTHS.pack(len(text), len(body)) + text)
            if body:
                self.connection.sendall(body)
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
        try:
            header = json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            msg = "a message is not JSON"
            raise WireError(msg) from error
        return Frame(header, body)

    def _wait_until(self, deadline: float | None) -> None:
        if deadline is None:
            self.connection.settimeout(None)
            return
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        self.connection.settimeout(remaining)

    def _exactly(self, length: int, deadline: float | None) -> bytes:
        parts: list[bytes] = []
        while length:
            self._wait_until(deadline)
            try:
                part = self.connection.recv(min(length, CHUNK))
            except ConnectionError as error:
                raise PeerGoneError from error
            if not part:
                raise PeerGoneError
            parts.append(part)
            length -= len(part)
        return b"".join(parts)
