"""`dataclasses` in a test: its functions look at the class of what they are given, which a proxy's is not."""

import dataclasses
from collections.abc import Callable
from typing import Any

from autograder.judge.proxies import Handle, apply_to


def _is_proxy(value: Any) -> bool:
    return issubclass(type(value), Handle)


def _asked_there(operation: str, own: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that is called on the student's side for an object of theirs."""

    def function(value: Any, /, **named: Any) -> Any:
        return apply_to(value, operation, named) if _is_proxy(value) else own(value, **named)

    return function


def look_through_proxies() -> None:
    """Let these functions look at what a proxy stands for."""
    is_own = dataclasses.is_dataclass

    def is_dataclass(value: Any) -> bool:
        return hasattr(value, "__dataclass_fields__") if _is_proxy(value) else is_own(value)

    own_fields = dataclasses.fields

    def fields(value: Any) -> Any:
        if not _is_proxy(value):
            return own_fields(value)
        return tuple(one for one in value.__dataclass_fields__.values() if one._field_type.name == "_FIELD")  # noqa: SLF001 - as fields() does

    module: Any = dataclasses
    module.is_dataclass, module.fields = is_dataclass, fields
    for name in ("asdict", "astuple", "replace"):
        setattr(module, name, _asked_there(name, getattr(dataclasses, name)))
