"""What the other side may ask to be done with a value: the operations of a proxy, by name."""

import operator
from collections.abc import Callable
from typing import Any

from .descriptions import description, signature_of

NAMES_OF_OPERATOR = "getitem setitem delitem eq lt le gt ge add sub mul truediv matmul"


def _call(function: Any, positional: Any, named: Any) -> Any:
    return function(*positional, **named)


def _value(value: Any) -> Any:
    return value


OPERATIONS: dict[str, Callable[..., Any]] = {
    "call": _call,
    "value": _value,
    "describe": description,
    "signature": signature_of,
    **{
        operation.__name__: operation
        for operation in (
            getattr, setattr, delattr, isinstance, str, repr, len, iter, next, bool, int, float,
        )
    },
    **{name: getattr(operator, name) for name in NAMES_OF_OPERATOR.split()},
}  # fmt: skip
