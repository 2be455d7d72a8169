"""What a test asks of an object's class, and of the classes above it, where one of them is a student's."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograder.judge.empty_answers import EmptyAnswer
from autograder.judge.errors import StudentsError
from autograder.judge.proxies import Handle

if TYPE_CHECKING:
    from autograder.judge.session import Session


def of_class(type_of: Callable[[Any], Any], value: Any, name: str) -> Any:
    """Return an attribute such as `__class__` or `__bases__`, of what a proxy stands for and not of the proxy's class.

    type_of: what `type()` is in a test.
    """
    if issubclass(type(value), type) and issubclass(value, StudentsError) and value.students is not None:
        value = value.students
    if name == "__class__" and issubclass(type(value), (Handle, EmptyAnswer)):
        return type_of(value)
    return getattr(value, name)


def super_of(session: "Session", kind: Any, value: Any) -> Any:
    """Return what `super(kind, value)` does; where either is a student's, what it is on their side."""
    if any(issubclass(type(one), Handle) for one in (kind, value)):
        return session.apply("super", [kind, value])
    return super(kind, value)
