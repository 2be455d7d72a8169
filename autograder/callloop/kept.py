"""Lists, tables and arrays that both sides hold: each under a number, so that one is the same wherever it crosses.

What the other side passed in and something here has kept, such as an object's list, changes there when it changes
here; and so does what the other side has asked an object for. The other way round, it tells here what to hold.
"""

import sys
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from .descriptions import snapshot, was_changed
from .encoder import Encoder
from .own_numpy import np

KINDS = (list, dict, set, deque, bytearray, np.ndarray)
HOLDING = (dict, list, tuple, deque)
# What is asked for by these is what an object, a name or a function holds, and goes on holding.
ASKED = ("getattr", "named", "call_kept")
# Of so many, and of such as are no larger, each side looks before or after each call whether they have changed.
MOST_KEPT = 32
MOST_ITEMS = 10_000


def can_be_kept(value: Any) -> bool:
    """Tell whether a value is one that both sides may hold."""
    if type(value) not in KINDS:
        return False
    return bool((value.size if isinstance(value, np.ndarray) else len(value)) <= MOST_ITEMS)


def forget_oldest(held: dict[int, Any]) -> None:
    """Let those go that came first, so many as are too many; both sides do."""
    for number in list(held)[:-MOST_KEPT]:
        del held[number]


class Kept:
    """What both sides hold, as this side has it. held: by number. before: what each held when the other side knew."""

    def __init__(self) -> None:
        self.held: dict[int, Any] = {}
        self._before: dict[int, Any] = {}
        self._next = 0

    def nodes(self) -> dict[int, list[Any]]:
        """Return what stands for each on the wire, by id()."""
        return {id(value): ["kept", number] for number, value in self.held.items()}

    def refill(self, number: int, content: Any) -> None:
        """Let one hold what the other side's holds now."""
        held = self.held[number]
        if isinstance(held, np.ndarray):
            held[...] = content
        elif isinstance(held, (list, bytearray)):
            held[:] = content
        else:
            held.clear()
            (held.extend if isinstance(held, deque) else held.update)(content)
        self._before[number] = snapshot(held)

    def told(self, encoder: Encoder, received: Mapping[int, Any], counts: Mapping[int, int], *, asked: bool) -> Any:
        """Return what to tell after a call: which values are kept now, which are given, and which have changed.

        counts: by how many each of those received was held before the call. asked: whether what is answered is
        something that an object holds. What is encoded holds nothing any more when this is done.
        """
        told: dict[str, Any] = {}
        if changed := [
            [number, self._content(encoder, number, value)]
            for number, value in self.held.items()
            if was_changed(value, self._before[number])
        ]:
            told["kept_changed"] = changed
        if asked and (given := _with_parts([encoder.sent[0]], dict(enumerate(encoder.sent)))):
            told["given"] = [[identity, self._keep(value)] for identity, value in given.items()]
            given.clear()
        encoder.sent.clear()
        now = references(received)
        more = [value for identity, value in received.items() if now[identity] > counts.get(identity, now[identity])]
        if not more and not self.held:
            return told
        if kept := _with_parts(more, received):
            told["kept"] = [[identity, self._keep(value)] for identity, value in kept.items()]
        forget_oldest(self.held)
        self._before = {number: snapshot(value) for number, value in self.held.items()}
        return told

    def _keep(self, value: Any) -> int:
        number = next((number for number, one in self.held.items() if one is value), None)
        if number is None:
            number, self._next = self._next, self._next + 1
            self.held[number] = value
        return number

    def _content(self, encoder: Encoder, number: int, value: Any) -> Any:
        known = encoder.known.pop(id(value))
        try:
            return encoder.encode(value)
        finally:
            encoder.known[id(value)] = known or ["kept", number]


def _with_parts(values: Iterable[Any], numbered: Mapping[int, Any]) -> dict[int, Any]:
    """Return values that can be kept, and what is in them, each under its number; no more than half of what is kept."""
    numbers = {id(value): identity for identity, value in numbered.items()}
    waiting, found = list(values), dict[int, Any]()
    while waiting and len(found) < MOST_KEPT // 2:
        value = waiting.pop(0)
        if id(value) not in numbers or numbers[id(value)] in found:
            continue
        if can_be_kept(value):
            found[numbers[id(value)]] = value
        if type(value) in HOLDING:
            waiting += dict.values(value) if type(value) is dict else value
    return found


def references(values: Mapping[int, Any]) -> dict[int, int]:
    """Return by how many things each value is held."""
    return {identity: sys.getrefcount(value) for identity, value in values.items()}
