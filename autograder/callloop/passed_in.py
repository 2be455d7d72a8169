"""What a test passes in that only it can go on with: on the student's side, objects that ask it to.

Iterators are asked for one item at a time, so that a test's own iterator stands where the student's code has left
it. The patterns of `re`, and what they have found, are made again.
"""

import builtins
import importlib
import inspect
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

from .descriptions import as_exception

# Asks the other side for what a method of the object of a number gives; "" calls the object itself.
Ask = Callable[[int, str, list[Any], dict[str, Any]], Any]


class Unknown:
    """A default that only the test knows."""

    def __repr__(self) -> str:
        """Return what stands for what is left out."""
        return "..."


UNKNOWN = Unknown()


def _signature(parameters: list[list[Any]]) -> inspect.Signature:
    kinds = inspect._ParameterKind  # noqa: SLF001 - the numbers that kinds have
    return inspect.Signature(
        [
            inspect.Parameter(name, kinds(kind), default=UNKNOWN if has_default else inspect.Parameter.empty)
            for name, kind, has_default in parameters
        ]
    )


def function_for(
    ask: Ask, number: int, name: str, doc: str | None, is_function: bool, parameters: list[list[Any]] | None,
    text: list[Any] | None,
) -> Callable[..., Any]:  # fmt: skip
    """Return a function that has a function of the test's called. parameters: what it takes, if that is known.

    text: that of one that needs nothing but its arguments, and what it calls which modules; it is called here.
    """
    if text is not None:
        return _function_of_text(*text)

    def function(*positional: Any, **named: Any) -> Any:
        return ask(number, "", list(positional), named)

    if parameters is not None:
        function = _taking(parameters, function)
    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    # What is no function there becomes no method of a class here.
    made: Any = function if is_function else staticmethod(function)
    return made


def _taking(parameters: list[list[Any]], function: Any) -> Any:
    """Return a function that takes just these parameters, as its code says too, and passes on what it is given."""
    signature = _signature(parameters)

    def passed_on(given: dict[str, Any]) -> Any:
        bound = inspect.BoundArguments(signature, OrderedDict())
        for name, one in signature.parameters.items():
            # Behind what was left out all goes by its name, which no more of them has.
            if given[name] is not UNKNOWN and (one.kind is not inspect.Parameter.VAR_POSITIONAL or given[name]):
                bound.arguments[name] = given[name]
        return function(*bound.args, **bound.kwargs)

    names: dict[str, Any] = {"__builtins__": {"locals": locals}}
    # A default is written as `...`, which is put right at once.
    text = f"def making(__on__):\n    def made{signature}:\n        return __on__(locals())\n    return made"
    exec(text, names)  # noqa: S102 - names of the instructor's own
    made = names["making"](passed_on)
    made.__defaults__ = made.__defaults__ and (UNKNOWN,) * len(made.__defaults__)
    made.__kwdefaults__ = made.__kwdefaults__ and dict.fromkeys(made.__kwdefaults__, UNKNOWN)
    made.__signature__ = signature
    return made


def _function_of_text(text: str, modules: dict[str, str]) -> Callable[..., Any]:
    """Return the function that a lambda or a definition makes, with Python's own functions as they are now."""
    names: dict[str, Any] = {name: importlib.import_module(module) for name, module in modules.items()}
    names |= {"__builtins__": vars(builtins).copy(), "__name__": "__main__"}
    if text.startswith("lambda"):
        found: Callable[..., Any] = eval(text, names)  # noqa: S307 - the instructor's own
        return found
    before = set(names)
    exec(text, names)  # noqa: S102 - as above
    return names.pop((names.keys() - before).pop())


class PassedIterator:
    """An iterator of a test's. What else it tells of itself is told beforehand, as attributes."""

    def __init__(self, ask: Ask, number: int, told: dict[str, Any]) -> None:
        self.__dict__.update(told)
        self.__ask, self.__number = ask, number

    def __iter__(self) -> "PassedIterator":
        """Return itself."""
        return self

    def __next__(self) -> Any:
        """Return what the test's iterator gives next."""
        return self.__ask(self.__number, "__next__", [], {})


def _generator(ask: Ask, number: int) -> Iterator[Any]:
    """Return a generator that goes on where one of a test's stands."""
    sent = None
    while True:
        try:
            sent = yield ask(number, "__next__" if sent is None else "send", [] if sent is None else [sent], {})
        except StopIteration:
            return


class PassedWriter:
    """An object of a test's of which methods can be called, and nothing else."""

    def __init__(self, ask: Ask, number: int, methods: list[str]) -> None:
        for method in methods:
            self.__dict__[method] = self._asking(ask, number, method)

    @staticmethod
    def _asking(ask: Ask, number: int, method: str) -> Callable[..., Any]:
        return lambda *positional, **named: ask(number, method, list(positional), named)


def iterator_for(ask: Ask, number: int, kind: str, told: dict[str, Any]) -> Any:
    """Return what stands for an iterator of a test's."""
    return _generator(ask, number) if kind == "generator" else PassedIterator(ask, number, told)


def nothing_known(_: Ask, __: int) -> object:
    """Return what stands for a test's `object()`, of which nothing is known but that it is the same."""
    return object()


def pattern_of(text: str, flags: int) -> "re.Pattern[str]":
    """Return a compiled pattern."""
    return re.compile(text, flags)


def match_of(text: str, flags: int, searched: str, start: int, end: int, how: str) -> Any:
    """Return what a pattern has found in a text; None if it finds nothing there."""
    return getattr(pattern_of(text, flags), how)(searched, start, end)


# What is made of what is told, by the tag of its node.
MADE_OF_TEXT: dict[str, Callable[..., Any]] = {
    "er": as_exception, "re": pattern_of, "rm": match_of, "m": importlib.import_module,
}  # fmt: skip
