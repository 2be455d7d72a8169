"""Matplotlib where nobody has asked it for anything yet: it takes most of the time in which a process starts.

A notebook's first cell imports it, on both sides; what is graded seldom uses it. So an import statement
of a cell's binds what imports it when an attribute is asked for. The judges of later submissions are then
forked with it loaded, for they will use it too. In `sys.modules` nothing stands in for it: every other
import is as ever.
"""

import ast
import gc
import importlib
import importlib.util
import mmap
import sys
import types
from collections.abc import Callable
from typing import Any

MODULES = ("matplotlib", "matplotlib.pyplot")
PACKAGE = MODULES[0]
# Of the special names, those that are asked of this module, and not of any object by who looks for something else.
_ASKED_OF_THIS = frozenset({"__version__", "__file__", "__path__", "__all__"})
# Whether it is left for later, and whether it was used since.
_state: bytearray | mmap.mmap = bytearray(2)
_LEFT, _USED = range(2)
# What is done once it is loaded.
_afterwards: list[Callable[[], None]] = []


class WaitingModule(types.ModuleType):
    """A module that is imported when it is used for the first time."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__") and name not in _ASKED_OF_THIS:
            msg = f"module {self.__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        return getattr(self._imported(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._imported(), name, value)

    def __dir__(self) -> list[str]:
        return dir(self._imported())

    def _imported(self) -> types.ModuleType:
        load()
        return importlib.import_module(self.__name__)


def is_waiting(name: str) -> bool:
    """Tell whether a module is one that was left for later, and nothing has imported since."""
    return bool(_state[_LEFT]) and name.partition(".")[0] == PACKAGE and PACKAGE not in sys.modules


def leave_for_later() -> None:
    """Have cells' imports wait from now on, unless the modules are loaded already or not installed."""
    _state[_LEFT] = PACKAGE not in sys.modules and importlib.util.find_spec(PACKAGE) is not None


def share_with_forks() -> None:
    """Have this process know what its forks have used. Not where they are students', who could say what they like."""
    global _state  # noqa: PLW0603 - forks inherit it
    _state = mmap.mmap(-1, 2)


def when_loaded(what: Callable[[], None]) -> None:
    """Do something as soon as it is loaded: now, or when something uses it."""
    if PACKAGE in sys.modules:
        what()
    else:
        _afterwards.append(what)


def load() -> None:
    """Import all of it: who imports one part finds what the others bring."""
    for name in MODULES:
        importlib.import_module(name)
    _state[_USED] = 1
    while _afterwards:
        _afterwards.pop()()


def load_if_used() -> None:
    """Import in the server what one of its judges had to import, so that no other has to."""
    if _state[_USED] and is_waiting(PACKAGE):
        load()
        gc.freeze()


def bind(statement: ast.stmt, namespace: dict[str, Any]) -> bool:
    """Bind what waits in the place of an import statement, if it imports nothing else; tell whether it does."""
    if not isinstance(statement, ast.Import) or not is_waiting(PACKAGE):
        return False
    if any(alias.name not in MODULES for alias in statement.names):
        return False
    for alias in statement.names:
        # Without a name of its own, the package is what an import of a part binds.
        module, name = (alias.name, alias.asname) if alias.asname else (PACKAGE, PACKAGE)
        namespace[name] = WaitingModule(module)
    return True
