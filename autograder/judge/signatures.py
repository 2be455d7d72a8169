"""Signatures of the student's functions, as their side describes them."""

import inspect
from typing import Any

PARAMETER_KINDS = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.VAR_POSITIONAL,
    inspect.Parameter.KEYWORD_ONLY,
    inspect.Parameter.VAR_KEYWORD,
)


def signature_from(told: Any) -> inspect.Signature:
    """Return the signature that the student's side describes. Raises AttributeError if it is none."""
    empty = inspect.Parameter.empty
    try:
        described, result = told
        parameters = [
            inspect.Parameter(name, PARAMETER_KINDS[kind], default=(*default, empty)[0], annotation=(*note, empty)[0])
            for name, kind, default, note in described
        ]
        return inspect.Signature(parameters, return_annotation=(*result, empty)[0])
    except (TypeError, ValueError, IndexError):
        msg = "__signature__"
        raise AttributeError(msg) from None


def parameters_of(function: Any) -> list[list[Any]] | None:
    """Return the names and kinds of a test's function's parameters, and whether each has a default.

    Not which: a default may be what a test expects.
    """
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    return [[one.name, int(one.kind), one.default is not one.empty] for one in parameters]
