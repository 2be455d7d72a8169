"""What the judge tells its server of, event by event, in as few messages as can be: each takes as long as a cell."""

from collections.abc import Callable
from typing import Any

Event = dict[str, Any]


class Events:
    """The events on their way. send: sends a list of them."""

    def __init__(self, send: Callable[[list[Event]], None]) -> None:
        self._send = send
        self._noted: list[Event] = []

    def tell(self, event: Event) -> None:
        """Tell of an event at once, and of those that were noted before it."""
        events, self._noted = [*self._noted, event], []
        self._send(events)

    def note(self, event: Event) -> None:
        """Tell of an event with the next one; of a test this must not be used, whose judge may be ended."""
        self._noted.append(event)
