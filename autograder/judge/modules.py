"""Modules that a test may get by the name under which a student imported them.

A test that uses `np` means NumPy. What the student's notebook calls `np` may be anything, so the
module of that name is imported here, if it is one that a course would import.
"""

import importlib
import sys
from typing import Any

SCIENTIFIC = frozenset({"numpy", "scipy", "pandas", "matplotlib"})
NOT_FOR_TESTS = frozenset({"antigravity", "this", "idlelib", "turtle", "turtledemo", "tkinter", "__main__", "test"})


def trusted_module(name: str) -> Any:
    """Import a module by name. Raises ImportError if it is none that a test may mean."""
    top = name.split(".", maxsplit=1)[0]
    if top in NOT_FOR_TESTS or (top not in SCIENTIFIC and top not in sys.stdlib_module_names):
        msg = f"no module {name!r} on the grader's side"
        raise ImportError(msg)
    return importlib.import_module(name)
