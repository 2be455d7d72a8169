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
    unknown, empty = object(), inspect.Parameter.empty
    try:
        parameters = [
            inspect.Parameter(name, PARAMETER_KINDS[kind], default=unknown if has_default else empty)
            for name, kind, has_default in told
        ]
        return inspect.Signature(parameters)
    except (TypeError, ValueError, IndexError):
        msg = "__signature__"
        raise AttributeError(msg) from None
