"""Several calls in one frame, and their answers in few: a frame takes longer than most calls.

A frame holds headers, and the bytes of each one's arrays behind one another. Answers are sent when
there are many, when some time has passed, and before anything is asked back, so that the other side
knows how far the calls have come.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .frames import Frame, WireError

MOST_BYTES, MOST_SECONDS = 1 << 18, 0.02
Part = tuple[Any, bytes]
Send = Callable[[dict[str, Any], bytes], None]


def joined(parts: Sequence[Part], key: str) -> tuple[dict[str, Any], bytes]:
    """Return one frame's header and body of several, the headers under a key."""
    headers, bodies = [header for header, _ in parts], [body for _, body in parts]
    return {key: headers, "sizes": list(map(len, bodies))}, b"".join(bodies)


def parted(frame: Frame, key: str) -> Iterator[Part]:
    """Yield what `joined` put into a frame. Raises WireError if it is not of that form."""
    headers, sizes = frame.header.get(key), frame.header.get("sizes")
    are_lists = isinstance(headers, list) and isinstance(sizes, list) and len(headers) == len(sizes)
    if (
        not are_lists
        or not headers
        or not all(type(size) is int and size >= 0 for size in sizes)
        or sum(sizes) != len(frame.body)
    ):
        msg = "several answers in one message do not fit together"
        raise WireError(msg)
    start = 0
    for header, size in zip(headers, sizes, strict=True):
        yield header, frame.body[start : start + size]
        start += size


class Answers:
    """Answers that wait to be sent together.

    send: sends a frame. refused: returns the answer in the place of one that can't be sent.
    """

    def __init__(self, send: Send, refused: Callable[[WireError], dict[str, Any]]) -> None:
        self._send, self._refused = send, refused
        self._waiting: list[Part] = []
        self._bytes = 0
        self._since = time.monotonic()

    def add(self, header: dict[str, Any], body: bytes) -> None:
        """Take one more answer, and send what is due."""
        if self._bytes + len(body) > MOST_BYTES:
            self.flush()
        self._waiting.append((header, body))
        self._bytes += len(body)
        if self._bytes > MOST_BYTES or time.monotonic() - self._since > MOST_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Send all that waits."""
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        if waiting:
            try:
                self._send(*joined(waiting, "answers"))
            except WireError as error:
                self._send(*joined([(self._refused(error), b"") for _ in waiting], "answers"))
        self._since = time.monotonic()
