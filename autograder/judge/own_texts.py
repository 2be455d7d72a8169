"""Texts that a test runs with eval, exec and compile: its own, whole or in part, and none that may be a student's."""

import ast
from collections.abc import Callable, Iterator, MutableMapping
from functools import lru_cache
from typing import Any

from autograder.judge.errors import CannotCrossError
from autograder.notebook.sources import parsed


class _Names(MutableMapping[str, Any]):
    """Names of a dict of the test's own, and behind it all that its cells know, which Python looks up only there."""

    def __init__(self, own: MutableMapping[str, Any], others: dict[str, Any]) -> None:
        self._own, self._others = own, others

    def __getitem__(self, name: str) -> Any:
        return self._own[name] if name in self._own else self._others[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._own[name] = value

    def __delitem__(self, name: str) -> None:
        del self._own[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)


@lru_cache(maxsize=64)
def _literals(own_text: str) -> frozenset[str]:
    """Return the texts that are written out in cells, as Python reads them: with their line ends, for one."""
    try:
        found = (one.value for one in ast.walk(parsed(own_text)) if isinstance(one, ast.Constant))
        return frozenset(one for one in found if isinstance(one, str))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()


def is_own(text: Any, own_text: str) -> bool:
    """Tell whether a text is a part of the instructor's cells."""
    return str(text) in own_text or str(text) in _literals(own_text)


def running(run: Any, namespace: dict[str, Any], own_text: Callable[[], str]) -> Any:
    """Return eval or exec for a test. own_text: returns that of the instructor's cells."""

    def only_own(text: Any, *rest: Any) -> Any:
        if isinstance(text, str | bytes | ast.AST) and not is_own(text, own_text()):
            msg = f"{run.__name__}() of a text that is not the test's own, and may be the student's"
            raise CannotCrossError(msg)
        names = rest or (namespace,)
        if names[0] is namespace and isinstance(names[-1], MutableMapping) and len(names) > 1:
            names = namespace, _Names(names[-1], namespace)
        return run(text, *names)

    only_own.__name__ = run.__name__
    return only_own


def compiling(own_text: Callable[[], str]) -> Any:
    """Return compile for a test."""

    def own_compile(text: Any, *rest: Any, **named: Any) -> Any:
        if isinstance(text, ast.AST) or is_own(text, own_text()):
            return compile(text, *rest, **named)
        msg = "compile() of a text that is not the test's own, and may be the student's"
        raise CannotCrossError(msg)

    return own_compile
