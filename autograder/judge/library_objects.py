"""Objects of libraries' classes that a test passes in: which are sent whole, and what comes back of them."""

import io
import pickle
import types
from functools import partial
from typing import Any
from unittest.mock import NonCallableMock

from autograder.callloop.plain_data import Elsewhere
from autograder.callloop.shared_classes import State, set_state
from autograder.judge.errors import CannotCrossError

LIBRARIES = frozenset({"numpy", "scipy", "pandas", "sklearn", "statsmodels", "networkx", "sympy", "PIL"})
LIBRARIES |= {"collections", "types", "array", "datetime", "zoneinfo", "string", "uuid", "decimal"}
# What is called back, so that the test sees who calls it.
CALLED_BACK = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, type, partial, NonCallableMock, Elsewhere,
    types.ModuleType,
)  # fmt: skip
MOST_BYTES = 32 * 1024 * 1024


class _Sender(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        """Send what libraries have, and no class or function of a test's. Raises PicklingError for the latter."""
        if issubclass(type(value), Elsewhere):
            msg = "something of the student's"
            raise pickle.PicklingError(msg)
        module = getattr(value, "__module__", None) or type(value).__module__
        top = str(module).partition(".")[0]
        if top in LIBRARIES or top in ("builtins", "copyreg", "functools", "_operator", "random"):
            return NotImplemented
        msg = f"something of {module}"
        raise pickle.PicklingError(msg)


def library_object(value: Any) -> bytes | None:
    """Return an object of a library's class in a form that the student's side can read; None for any other."""
    kind = type(value)
    if isinstance(value, CALLED_BACK) or str(kind.__module__).partition(".")[0] not in LIBRARIES:
        return None
    written = io.BytesIO()
    try:
        _Sender(written, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    except Exception:  # noqa: BLE001 - the class decides how it is pickled, and whether
        return None
    return written.getvalue() if written.tell() <= MOST_BYTES else None


def change_object(original: Any, state: State) -> None:
    """Let an object hold what the student's code has left in it. Raises CannotCrossError where that is no data."""
    if any(issubclass(type(held), Elsewhere) or callable(held) for held in state.values()):
        msg = f"what the student's code has made of a {type(original).__name__} that it was given"
        raise CannotCrossError(msg)
    set_state(original, state)
