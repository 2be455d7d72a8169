"""Matplotlib where nobody has asked it for anything yet: it takes most of the time in which a judge starts.

A notebook's first cell imports it, and is run in the judge too; tests seldom use it. What stands in its
place imports it when an attribute is asked for, and is it from then on. The judges of later submissions
are forked with it loaded, for they will use it too.
"""

import gc
import importlib
import importlib.util
import mmap
import sys
import types
from typing import Any

MODULES = ("matplotlib", "matplotlib.pyplot")
# Of the special names, those that only somebody who means this module asks for.
_OF_THIS_MODULE = frozenset({"__path__", "__version__", "__all__", "__dir__"})
# Shared by the server and the judges that it forks: whether one of them has used it.
_used = mmap.mmap(-1, 1)


class WaitingModule(types.ModuleType):
    """A module that is imported when it is used for the first time."""

    def _imported(self) -> types.ModuleType:
        if "_real" not in self.__dict__:
            load()
            self.__dict__["_real"] = importlib.import_module(self.__name__)
        real: types.ModuleType = self.__dict__["_real"]
        return real

    def __getattr__(self, name: str) -> Any:
        is_special = name.startswith("__") and name.endswith("__") and name not in _OF_THIS_MODULE
        if is_special and "_real" not in self.__dict__:
            msg = f"module {self.__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        return getattr(self._imported(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        # The import system sets a module's place in its package; all else is meant for the module itself.
        if isinstance(value, types.ModuleType) or (name.startswith("__") and name.endswith("__")):
            super().__setattr__(name, value)
        else:
            setattr(self._imported(), name, value)

    def __dir__(self) -> list[str]:
        return dir(self._imported())


def is_waiting(name: str) -> bool:
    """Tell whether a module is one that is imported with these, and they have not been."""
    return name.partition(".")[0] == MODULES[0] and isinstance(sys.modules.get(MODULES[0]), WaitingModule)


def load() -> None:
    """Import what waits, all of it: who imports one part finds what the others bring."""
    if is_waiting(MODULES[0]):
        for name in MODULES:
            del sys.modules[name]
    for name in MODULES:
        importlib.import_module(name)
    _used[0] = 1


def load_if_used() -> None:
    """Import in the server what one of its judges had to import, so that no other has to."""
    if _used[0] and is_waiting(MODULES[0]):
        load()
        gc.freeze()


def stand_in() -> None:
    """Put what waits in the place of each of these modules, unless one is loaded already or none is installed."""
    if any(name in sys.modules for name in MODULES) or importlib.util.find_spec(MODULES[0]) is None:
        return
    package, module = (WaitingModule(name) for name in MODULES)
    package.pyplot = module
    sys.modules.update({MODULES[0]: package, MODULES[1]: module})
