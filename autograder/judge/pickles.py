"""Pickles, which may be a student's, are read only under watch.

Python tells an audit hook of each class that a pickle asks for; it also tells it of each id(), which then
takes a hundred times as long. So the hook is added when the first pickle is about to be read.
"""

import _pickle
import pickle
from collections.abc import Callable
from typing import Any

_watch: list[Callable[[], None]] = []


def watch_with(add_hook: Callable[[], None]) -> None:
    """Have a hook added before the next pickle is read in this process, if it ever is; called once."""
    _watch[:] = [add_hook]


def _begin() -> None:
    while _watch:
        _watch.pop()()


class _Unpickler(_pickle.Unpickler):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        _begin()
        super().__init__(*arguments, **named)


def _watched(function: Callable[..., Any]) -> Callable[..., Any]:
    def read(*arguments: Any, **named: Any) -> Any:
        _begin()
        return function(*arguments, **named)

    return read


def keep_watch() -> None:
    """Put what can be watched in the place of everything that reads pickles; before other modules ask for it."""
    for module in (pickle, _pickle):
        vars(module).update(load=_watched(module.load), loads=_watched(module.loads), Unpickler=_Unpickler)
    # What pandas derives its own from.
    slow: Any = pickle._Unpickler  # noqa: SLF001
    slow.__init__ = _watched(slow.__init__)
