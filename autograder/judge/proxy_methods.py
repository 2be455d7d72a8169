"""The special methods of proxies, as the class of the object behind each has them."""

from collections.abc import Callable, Generator
from functools import lru_cache
from typing import Any

from autograder.callloop.special_methods import BINARY, IN_PLACE, ITEMS, ORDERING, REFLECTED, UNARY
from autograder.judge.errors import CannotCrossError, describe_error, raised_by_statement
from autograder.judge.proxies import CallableHandle, Handle, apply_to, remote


def _unary(operation: str) -> Callable[[Any], Any]:
    def method(self: Any) -> Any:
        return apply_to(self, operation)

    return method


def _with_other(operation: str, *, orders: bool) -> Callable[[Any, Any], Any]:
    """Return a method of two operands, of which plain data is the second only where that is no comparison."""

    def method(self: Any, other: Any) -> Any:
        if isinstance(other, Handle) or (remote(self).made and not orders):
            return apply_to(self, operation, other)
        if remote(self).made:
            msg = "comparing an object of the student's class with plain data"
            raise CannotCrossError(msg)
        return NotImplemented

    return method


def _item(operation: str) -> Callable[..., Any]:
    def method(self: Any, *arguments: Any) -> Any:
        return apply_to(self, operation, *arguments)

    return method


def _contains(self: Any, value: Any) -> bool:
    # What a test made itself of a class that is asked for is asked itself, as by any of its operators.
    if isinstance(value, Handle) or remote(self).made:
        return apply_to(self, "contains", value) is True
    return any(part is value or part == value for part in self)


def _exit(self: Any, _: Any, error: BaseException | None, __: Any) -> bool:
    """Leave a block. Only what the test raised on purpose can be swallowed: no failed assertion, no student's error."""
    if error is None:
        return apply_to(self, "exit", None) is True
    told = apply_to(self, "exit", describe_error(error))
    return told is True and raised_by_statement(error)


def _round(self: Any, digits: int | None = None) -> Any:
    return apply_to(self, "round", *([] if digits is None else [digits]))


def _await(self: Any) -> Generator[None, None, Any]:
    """Wait for what a coroutine gives; it runs to its end on the student's side."""
    return apply_to(self, "await")
    yield


def _asynchronous(*_: Any) -> Any:
    msg = "an asynchronous loop or block over an object of the student's side"
    raise CannotCrossError(msg)


METHODS: dict[str, Callable[..., Any]] = {
    **{name: _unary(operation) for name, operation in UNARY.items()},
    **{name: _with_other(operation, orders=False) for name, operation in (BINARY | REFLECTED | IN_PLACE).items()},
    **{name: _with_other(operation, orders=True) for name, operation in ORDERING.items()},
    **{name: _item(operation) for name, operation in ITEMS.items()},
    "__await__": _await,
    **dict.fromkeys(("__aiter__", "__aenter__", "__aexit__"), _asynchronous),
    "__contains__": _contains,
    "__exit__": _exit,
    "__round__": _round,
}


@lru_cache(maxsize=1024)
def class_of_proxies(name: str, methods: tuple[str, ...], *, is_callable: bool) -> type[Handle]:
    """Return the class of proxies for objects of a class's name, with these special methods."""
    base = CallableHandle if is_callable else Handle
    held = {method: METHODS[method] for method in methods if method in METHODS}
    return type(name, (base,), {"__slots__": (), "__module__": "__main__", **held})
