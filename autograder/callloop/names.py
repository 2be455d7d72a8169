"""Which names a cell bound: the difference between what a namespace held before and after it."""

from collections.abc import Mapping
from typing import Any

from .descriptions import kind_of

MOST_NAMES = 100_000


class Names:
    """The names of a shell's cells, and what they held when they were last looked at."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self._known = self._visible()

    def know(self, values: Mapping[str, Any]) -> None:
        """Take note of names that no cell bound."""
        self._known.update({name: id(value) for name, value in values.items()})

    def forget(self, name: str) -> None:
        """Take note of a name that no cell took away."""
        self._known.pop(name, None)

    def changed(self) -> list[list[str]]:
        """Return the names that were bound since the last look, with what they hold, and those that are gone."""
        now = self._visible()
        changed = [
            [name, kind_of(self.shell.user_ns[name])]
            for name, identity in now.items()
            if self._known.get(name) != identity
        ]
        gone = [[name, "gone"] for name in self._known if name not in self.shell.user_ns]
        self._known = now
        return changed + gone

    def _visible(self) -> dict[str, int]:
        """Return the names that cells bound, with the identity of what they hold."""
        hidden = self.shell.user_ns_hidden
        names = list(self.shell.user_ns.items())
        if len(names) > MOST_NAMES:
            # The oldest and the newest, so that no number of names in one cell hides what the next cell binds.
            names = names[: MOST_NAMES // 2] + names[-MOST_NAMES // 2 :]
        return {name: id(value) for name, value in names if isinstance(name, str) and name not in hidden}
