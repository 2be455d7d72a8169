"""Modules that a test may get by the name under which a student imported them.

A test that uses `np` means NumPy. What the student's notebook calls `np` may be anything, so the
module of that name is imported here, if it is one that a course would import.
"""

import importlib
import sys
import types
from typing import Any

SCIENTIFIC = frozenset({"numpy", "scipy", "pandas", "matplotlib"})
NOT_FOR_TESTS = frozenset({"antigravity", "this", "idlelib", "turtle", "turtledemo", "tkinter", "__main__", "test"})
# Importing one of these runs a program, or changes how the modules around it behave.
PROGRAMS = frozenset({"__main__", "tests", "conftest", "setup"})
MOST_NAME_CHARACTERS = 80


def _is_common(name: str) -> bool:
    top = name.split(".", maxsplit=1)[0]
    if top in NOT_FOR_TESTS or PROGRAMS.intersection(name.split(".")):
        return False
    return top in SCIENTIFIC or top in sys.stdlib_module_names


def is_common_module(value: Any) -> bool:
    """Tell whether a value is a module that anybody may import, and none of a course's."""
    return isinstance(value, types.ModuleType) and _is_common(value.__name__)


def trusted_module(name: str) -> Any:
    """Import a module by name. Raises ImportError if it is none that a test may mean."""
    if not _is_common(name):
        msg = f"no module {name[:MOST_NAME_CHARACTERS]!r} on the grader's side"
        raise ImportError(msg)
    return importlib.import_module(name)
