"""What a request's arguments hold before a call, and what the call has changed of them."""

from typing import Any

from .decoder import Decoder
from .descriptions import snapshot, was_changed
from .encoder import Encoder
from .kept import references
from .library_objects import keeps_changes
from .passed_files import file_state, is_file
from .shared_classes import state_of


def arguments_of(decoder: Decoder, node: Any) -> Any:
    """Return the arguments of an operation; of a call the function, what it is given by position, and by name."""
    if node[0] != "q":
        return decoder.decode(node)
    decode = decoder.decode
    call = [decode(node[1]), [decode(one) for one in node[2]], {name: decode(one) for name, one in node[3]}]
    for others in node[4:]:
        decode(others)
    return call


class Arguments:
    """The arguments that a decoder has read, by their identities."""

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder
        self._before: dict[int, Any] = {}
        self.counts: dict[int, int] = {}

    def look(self) -> None:
        """Remember what each of them holds."""
        shared = self.decoder.shared
        self._before = {
            identity: state_of(value) if identity in shared else snapshot(value)
            for identity, value in self.decoder.received.items()
        }
        self.counts = references(self.decoder.received)

    def changed(self, encoder: Encoder) -> list[list[Any]]:
        """Return the nodes of those that hold something else now, by identity."""
        return [
            [identity, self._content(encoder, identity, held)]
            for identity, held in self.decoder.received.items()
            if identity in self._before and self._was_changed(identity, held)
        ]

    def _was_changed(self, identity: int, held: Any) -> bool:
        before = self._before[identity]
        return was_changed(state_of(held) if identity in self.decoder.shared else held, before)

    def _content(self, encoder: Encoder, identity: int, held: Any) -> Any:
        """Encode what an argument holds now, rather than the word that it is that argument."""
        if identity in self.decoder.shared:
            return encoder.state(held)
        if is_file(held):
            return encoder.encode(file_state(held))
        if keeps_changes(held):
            return encoder.state(held)
        known = encoder.known.pop(id(held))
        encoder._seen.pop(id(held), None)  # noqa: SLF001 - one class in two files
        try:
            return encoder.encode(held)
        finally:
            encoder.known[id(held)] = known
