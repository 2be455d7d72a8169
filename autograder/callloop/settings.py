"""What a process has set for all its code, and a test may set for the calls that it makes: a limit, an error mode."""

import contextlib
import decimal
import sys
from collections.abc import Callable, Iterator
from typing import Any

from .own_numpy import np

# How calls find NumPy to handle floating-point errors, whatever cells have set.
HANDLING: dict[str, Any] = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}


def _printing() -> dict[str, Any]:
    told = np.get_printoptions()
    return {name: value for name, value in told.items() if type(value) in (int, float, str) or value is True}


def _set_precision(told: list[Any]) -> None:
    context = decimal.getcontext()
    context.prec, context.rounding = told


def _set_arguments(told: list[str]) -> None:
    sys.argv[:] = told


# By name, what tells of a setting as plain data, and what sets it.
SETTINGS: dict[str, tuple[Callable[[], Any], Callable[[Any], Any]]] = {
    "recursion": (sys.getrecursionlimit, sys.setrecursionlimit),
    "errors": (lambda: dict(np.geterr()), lambda told: HANDLING.update(told)),
    "printing": (_printing, lambda told: np.set_printoptions(**told)),
    "precision": (lambda: [decimal.getcontext().prec, decimal.getcontext().rounding], _set_precision),
    "arguments": (lambda: list(sys.argv), _set_arguments),
}


def settings() -> dict[str, Any]:
    """Return what is set, by its name."""
    return {name: read() for name, (read, _) in SETTINGS.items()}


@contextlib.contextmanager
def applied(told: dict[str, Any]) -> Iterator[None]:
    """Run a block with other settings."""
    before = {name: SETTINGS[name][0]() for name in told if name != "errors"} | {"errors": dict(HANDLING)}
    try:
        for name, value in told.items():
            SETTINGS[name][1](value)
        yield
    finally:
        for name, value in before.items():
            with contextlib.suppress(Exception):
                SETTINGS[name][1](value)
