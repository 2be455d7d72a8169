"""Functions of Python's libraries that a test has replaced, and what it has set: the student's calls find it so, too.

`patch("random.randint", return_value=4)` and `time.sleep = lambda seconds: None` mean the student's `random`
and `time`, which are in another process.
"""

import ast
import re
import sys
import types
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from autograder.callloop.settings import settings
from autograder.judge.common_modules import is_common_module
from autograder.judge.errors import CannotCrossError, Expected
from autograder.judge.statements import MOST_CELLS
from autograder.notebook.sources import parsed

# These are answered, or refused, by other means.
OTHERWISE = frozenset({"sys.argv", "builtins.input", "sys.stdin", "sys.stdout", "sys.stderr"})
_SETS = re.compile(r"setrecursionlimit|\bseterr\b|\berrstate\b|printoptions|\bgetcontext\b|\blocalcontext\b|\bargv\b")
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)


@lru_cache(maxsize=MOST_CELLS)
def replacements(source: str) -> frozenset[tuple[str, str]]:
    """Return what a test's text may replace: a module, as it is written there, and the name in it."""
    try:
        return frozenset(_replacements(parsed(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()


def _replacements(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called, first = ast.unparse(node.func), node.args[0]
            if called.endswith("patch") and isinstance(first, ast.Constant) and isinstance(first.value, str):
                module, _, name = first.value.rpartition(".")
                yield module, name
            named = node.args[1] if len(node.args) > 1 else None
            if called.endswith("patch.object") and isinstance(named, ast.Constant):
                yield ast.unparse(first), str(named.value)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield ast.unparse(node.value), node.attr


class Patches:
    """What the tests of one notebook may replace, with what was there before.

    module_by: returns the module that a name means in a test, or None.
    """

    def __init__(self, module_by: Callable[[str], types.ModuleType | None]) -> None:
        self._module_by = module_by
        self._found: set[tuple[str, str]] = set()
        self._originals: dict[tuple[str, str], Any] = {}
        self._sets = False
        self._settings: dict[str, Any] | None = None

    def look(self, source: str) -> None:
        """Remember what a test that is about to run may replace, set, and expect."""
        Expected.exits = "SystemExit" in source
        self._found |= replacements(source)
        self._sets = self._sets or bool(_SETS.search(source))
        if self._settings is None:
            self._settings = settings()
        for written, name in self._found:
            self._note(written, name)

    def _note(self, written: str, name: str) -> tuple[str, str] | None:
        """Remember what a module has by a name, once; return where that is, or None if it is no module's."""
        module = sys.modules.get(written) or self._module_by(written)
        if module is None or not is_common_module(module):
            return None
        place = (module.__name__, name)
        if ".".join(place) in OTHERWISE or not hasattr(module, name):
            return None
        self._originals.setdefault(place, getattr(module, name))
        return place

    def found(self) -> dict[str, Any]:
        """Return what a call finds around it: the functions that tests have replaced, and what they have set."""
        functions = self._replaced() if self._found else {}
        found: dict[str, Any] = {"replaced": functions} if functions else {}
        before = self._settings or {}
        changed = {name: now for name, now in settings().items() if now != before.get(name)} if self._sets else {}
        return {**found, "settings": changed} if changed else found

    def _replaced(self) -> dict[str, Any]:
        places = {self._note(written, name) for written, name in self._found} - {None}
        found = {}
        for place in places:
            assert place is not None
            now, before = getattr(sys.modules[place[0]], place[1], None), self._originals[place]
            if now is before:
                continue
            if place == ("builtins", "open") or not isinstance(before, FUNCTIONS) or not callable(now):
                msg = f"replacing {'.'.join(place)} for the student's code"
                raise CannotCrossError(msg)
            found[".".join(place)] = now
        return found
