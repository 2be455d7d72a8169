"""What student code replaces among Python's built-in functions is in place while it runs, and only then.

The call loop and what it uses would else run with them: with a `zip` that gives nothing, no later function of the
student's could be called, however right it is. A function that traces each line or call stays for no later call.
"""

import builtins
import sys
from sys import setprofile, settrace
from typing import Any

# Asked by their methods alone, which need no built-in function that is looked up by name.
_NAMES: dict[str, Any] = builtins.__dict__
_MODULES = sys.modules


def end_tracing() -> None:
    """Have no function of the student's see what comes after a cell or a call."""
    settrace(None)
    setprofile(None)


class OwnBuiltins:
    """The built-in functions of the call loop, and those that a student's code has left in their place."""

    __slots__ = ("_modules", "_theirs", "_usual")

    def __init__(self) -> None:
        self._usual = _NAMES.copy()
        self._theirs: dict[str, Any] = {}
        self._modules = _MODULES.copy()

    def enter(self) -> None:
        """Put the student's in place, before their code runs."""
        # As they are now: a test may have set another `input` for its calls.
        self._usual = _NAMES.copy()
        _NAMES.update(self._theirs)

    def leave(self) -> None:
        """Put the usual ones in place, and modules that were there before, where they are gone."""
        if self._usual == _NAMES:
            self._theirs = {}
        else:
            now = _NAMES.copy()
            _NAMES.update(self._usual)
            self._theirs = {name: now[name] for name, usual in self._usual.items() if now.get(name, usual) is not usual}
        if len(_MODULES) < len(self._modules):
            _MODULES.update({**self._modules, **_MODULES})

    def __enter__(self) -> None:
        """Put the student's in place."""
        self.enter()

    def __exit__(self, *_: object) -> None:
        """Put the usual ones in place."""
        self.leave()
