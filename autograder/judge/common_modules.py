"""Modules that anybody may import, and that are none of a course's."""

import sys
import types
from typing import Any

SCIENTIFIC = frozenset({"numpy", "scipy", "pandas", "matplotlib", "IPython", "nose", "sklearn", "sympy", "seaborn"})
NOT_FOR_TESTS = frozenset({"antigravity", "this", "idlelib", "turtle", "turtledemo", "tkinter", "__main__", "test"})
# Importing one of these runs a program, or changes how the modules around it behave.
PROGRAMS = frozenset({"__main__", "tests", "conftest", "setup"})


def is_common(name: str) -> bool:
    """Tell whether a name is that of a module that anybody may import."""
    top = name.split(".", maxsplit=1)[0]
    if top in NOT_FOR_TESTS or PROGRAMS.intersection(name.split(".")):
        return False
    return top in SCIENTIFIC or top in sys.stdlib_module_names


def is_common_module(value: Any) -> bool:
    """Tell whether a value is a module that anybody may import, and none of a course's."""
    return isinstance(value, types.ModuleType) and is_common(value.__name__)
