"""Python's own functions as a test has them: what looks at a proxy, and what must not run a student's text."""

import builtins
import inspect
import sys
import types
import unittest.case
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.judge import record_functions, texts_of_libraries
from autograder.judge.asked_of_classes import of_class, super_of
from autograder.judge.classes import is_told_to_be, is_told_to_derive, trusted_class
from autograder.judge.empty_answers import EmptyAnswer, over, together
from autograder.judge.errors import CannotCrossError, StudentsError
from autograder.judge.looping import OVER
from autograder.judge.not_a_number import compared, extreme, ordered
from autograder.judge.one_object import is_one
from autograder.judge.own_texts import compiling, running
from autograder.judge.proxies import Handle, is_same, remote
from autograder.judge.rewriting import COMPARED, EXTREME, IS, OF_CLASS, ORDERED, SUPER, TOGETHER, TYPE_OF
from autograder.judge.self_contained import AS_TEXT, WITH_TEXT, as_text, with_text
from autograder.judge.statements import TESTS
from autograder.notebook.sources import HARMLESS_MAGICS, RUNNING_MAGICS

if TYPE_CHECKING:
    from autograder.judge.namespace import TestNamespace
    from autograder.judge.session import Session


def _kinds(kind: Any) -> tuple[Any, ...]:
    if isinstance(kind, tuple):
        return tuple(one for part in kind for one in _kinds(part))
    return getattr(kind, "__args__", (kind,)) if type(kind).__name__ == "UnionType" else (kind,)


def is_instance(value: Any, kind: Any) -> bool:
    """Tell whether a value is an instance of a class, as isinstance() does; a proxy is of what it says that it is."""
    if issubclass(type(value), Handle):
        place = remote(value)
        if any(is_told_to_be(place.facts, one, place.session.classes) for one in _kinds(kind)):
            return True
    return isinstance(value, kind)


def is_subclass(value: Any, kind: Any) -> bool:
    """Tell whether a class is derived from another, as issubclass() does."""
    if issubclass(type(value), Handle):
        place = remote(value)
        facts = place.facts if "mro" in place.facts else place.session.apply("describe", [value])
        kinds = _kinds(kind)
        if any(is_told_to_derive(facts, one) for one in kinds) or object in kinds:
            return True
        return any(issubclass(type(one), Handle) and issubclass(value, one) for one in kinds)
    return issubclass(value, kind)


def builtins_for(namespace: "TestNamespace", session: "Session") -> dict[str, Any]:
    """Return Python's built-in names for the tests of one notebook."""

    def type_of(value: Any) -> Any:
        if not issubclass(type(value), Handle):
            return np.ndarray if type(value) is EmptyAnswer else _own_class(type(value))
        found = trusted_class(remote(value).facts, session.classes)
        return found or _class_by_name(namespace, session, value)

    def own_text() -> str:
        return session.own_text

    def display(*_: Any, **__: Any) -> None:
        """Show nothing: nobody looks at a test's output."""

    return {
        **vars(builtins), "isinstance": is_instance, "issubclass": is_subclass, TYPE_OF: type_of,
        IS: partial(is_one, namespace, session), COMPARED: compared, ORDERED: ordered, EXTREME: extreme,
        TOGETHER: together, OVER: over, OF_CLASS: partial(of_class, type_of), SUPER: partial(super_of, session),
        AS_TEXT: as_text, WITH_TEXT: with_text,
        "eval": running(eval, namespace, own_text), "exec": running(exec, namespace, own_text),
        "compile": compiling(own_text), "display": display,
        "get_ipython": lambda: Shell(namespace),
        "input": builtins.input, "id": numbered(),
    }  # fmt: skip


def numbered() -> Callable[[Any], int]:
    """Return a function that numbers objects as id() does, proxies by what they stand for."""
    found: dict[tuple[Any, ...], list[Any]] = {}

    def number(value: Any) -> int:
        if not issubclass(type(value), Handle):
            return id(value)
        place = remote(value)
        # Held for good: another object is to have another number. Only what can be called may have several nodes.
        key = () if place.facts.get("callable") else (*map(str, place.node[:2]), place.generation or 0)
        same = next((one for one in found.setdefault(key, []) if is_same(one, value)), None)
        if same is None:
            found[key].append(same := value)
        return id(same)

    return number


def _own_class(kind: type) -> type:
    """Return the class of this side's that an exception of the student's stands for, where it has one of that name."""
    above = kind.__bases__[-1] if issubclass(kind, StudentsError) else kind
    return above if above.__name__ == kind.__name__ and not issubclass(above, StudentsError) else kind


def _class_by_name(namespace: "TestNamespace", session: "Session", value: Any) -> Any:
    """Return the class of a proxy's object: what a name of the student's holds, if that is the very class."""
    name = str(remote(value).facts.get("type", ""))
    if session.kind_of(name) == "class":
        held = namespace.get(name)
        if issubclass(type(held), Handle) and session.apply("is_type_of", [held, value]) is True:
            return held
    return session.apply("type", [value])


class Shell:
    """What get_ipython() gives a test: its names, and magics, of which those that change no score do nothing."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.user_ns = self.user_global_ns = names

    def run_line_magic(self, name: str, line: str = "", *_: Any) -> None:
        """Do nothing for a harmless magic. Raises CannotCrossError for any other."""
        if name not in HARMLESS_MAGICS | RUNNING_MAGICS:
            msg = f"the magic %{name} {line}".rstrip()
            raise CannotCrossError(msg)

    magic = run_line_magic

    def __getattr__(self, name: str) -> Any:
        """Refuse whatever else a shell can do."""
        msg = f"get_ipython().{name}"
        raise CannotCrossError(msg)


def look_through_proxies(session: "Session", namespace: "TestNamespace") -> None:
    """Let modules of this process that tests use look at proxies, too: unittest's assertions, and inspect's sources."""
    unittest.case.isinstance = is_instance  # type: ignore[attr-defined]
    unittest.case.issubclass = is_subclass  # type: ignore[attr-defined]
    record_functions.look_through_proxies()
    texts_of_libraries.watch(namespace, lambda: session.own_text)
    own_source = inspect.getsource

    def source_of(value: Any) -> str:
        name = value.__name__ if issubclass(type(value), Handle) else ""
        if name == "<lambda>" and remote(value).node[0] == "name":
            name = remote(value).node[1]
        if isinstance(value, type) and issubclass(value, StudentsError):
            name = value.__name__
        found = session.source_of(str(name)) if name else None
        if name and found is None:
            msg = "could not find the source in the submitted cells"
            raise OSError(msg)
        return found if found is not None else own_source(value)

    def lines_of(value: Any) -> tuple[list[str], int]:
        return source_of(value).splitlines(keepends=True), 1

    inspect.getsource = source_of  # type: ignore[assignment]
    inspect.getsourcelines = lines_of  # type: ignore[assignment]
    inspect.ismethod = lambda value: is_instance(value, types.MethodType)  # type: ignore[assignment]
    is_generator_function = inspect.isgeneratorfunction

    def makes_generator(value: Any) -> bool:
        if not issubclass(type(value), Handle):
            return is_generator_function(value)
        try:
            flags = value.__code__.co_flags
        except AttributeError:
            return False
        return isinstance(flags, int) and bool(flags & inspect.CO_GENERATOR)

    inspect.isgeneratorfunction = makes_generator  # type: ignore[assignment]
    for name in ("shares_memory", "may_share_memory"):
        setattr(np, name, _of_own_arrays(getattr(np, name)))


def _of_own_arrays(asked: Any) -> Any:
    """Return a function for one that tells whether arrays share memory, which refuses to tell tests: theirs are copies.

    Libraries ask as well, about their own.
    """

    def tell(*arrays: Any, **named: Any) -> Any:
        if sys._getframe(1).f_code.co_filename.startswith(TESTS):  # noqa: SLF001 - there is no other way to ask
            msg = f"{asked.__name__}() of arrays, of which a test has copies"
            raise CannotCrossError(msg)
        return asked(*arrays, **named)

    return tell
