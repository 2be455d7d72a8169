"""Modules that a test may get by the name under which a student imported them.

A test that uses `np` means NumPy. What the student's notebook calls `np` may be anything, so the
module of that name is imported here, if it is one that a course would import.
"""

import importlib
import types
from typing import TYPE_CHECKING, Any

from autograder.judge.common_modules import is_common
from autograder.judge.making import module_proxy

if TYPE_CHECKING:
    from autograder.judge.session import Session

# The module whose state is the figures that a student drew: a test that uses it means theirs.
PYPLOT = "matplotlib.pyplot"
MOST_NAME_CHARACTERS = 80


def trusted_module(name: str) -> Any:
    """Import a module by name. Raises ImportError if it is none that a test may mean."""
    if not is_common(name):
        msg = f"no module {name[:MOST_NAME_CHARACTERS]!r} on the grader's side"
        raise ImportError(msg)
    return importlib.import_module(name)


class RoutedModule:
    """`matplotlib.pyplot` in a test: the student's, with the student's figures.

    While an instructor's cell is run on both sides, it is this side's own.
    """

    def __init__(self, session: "Session") -> None:
        self.__dict__["_session"] = session

    def __getattr__(self, name: str) -> Any:
        session = self.__dict__["_session"]
        if session.in_definitions:
            return getattr(importlib.import_module(PYPLOT), name)
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return getattr(module_proxy(session, PYPLOT), name)


def module_for_test(session: "Session", name: str) -> Any:
    """Return what a test gets for a module's name. Raises ImportError if it is none that a test may mean."""
    return routed(session, trusted_module(name))


def routed(session: "Session", value: Any) -> Any:
    """Return what a test gets for a value that it binds to a name: for pyplot and its functions, the student's."""
    if isinstance(value, types.ModuleType) and value.__name__ == PYPLOT:
        return RoutedModule(session)
    if isinstance(value, types.FunctionType) and value.__module__ == PYPLOT:
        return _routed_function(session, value.__name__)
    return value


def _routed_function(session: "Session", name: str) -> Any:
    module = RoutedModule(session)

    def function(*positional: Any, **named: Any) -> Any:
        return getattr(module, name)(*positional, **named)

    function.__name__ = name
    return function
