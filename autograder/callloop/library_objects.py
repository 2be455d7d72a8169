"""Objects of libraries' classes that a test passes in, such as a model to fit or a distribution.

They are pickled on the test's side, and read on the student's, which may run what it likes. Never the other way
round: what the student's code has changed of one comes back as plain data, attribute by attribute.
"""

import pickle
import types
from typing import Any

from .shared_classes import State


def read_object(data: bytes) -> Any:
    """Return the object that a test has sent."""
    return pickle.loads(data)  # noqa: S301 - on the student's side, of the test's


def keeps_changes(value: Any) -> bool:
    """Tell whether an object is one that functions are given to change: a model to fit, or names with values."""
    return type(value) is types.SimpleNamespace or (
        hasattr(value, "get_params") and hasattr(value, "fit") and not isinstance(value, type)
    )


def content_of(value: Any) -> bytes:
    """Return what such an object holds, in a form that can be compared."""
    try:
        return pickle.dumps(vars(value))
    except Exception:  # noqa: BLE001 - what the student's code has put into it
        return b""


def attributes_of(value: Any) -> State:
    """Return what such an object's attributes hold."""
    return State(vars(value))
