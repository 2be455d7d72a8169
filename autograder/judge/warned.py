"""Warnings of the student's code: counted by category, and raised again where a test may look at them."""

import warnings as python_warnings
from typing import Any

# As many as an honest process tells of; a forged answer could name millions.
MOST_WARNINGS = 100


_CLASSES: dict[str, type[Warning]] = {
    kind.__name__: kind
    for kind in (
        Warning,
        UserWarning,
        RuntimeWarning,
        DeprecationWarning,
        FutureWarning,
        SyntaxWarning,
        ResourceWarning,
    )
}


def is_pair(pair: Any) -> bool:
    """Tell whether a value is a list of two texts."""
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)  # noqa: PLR2004


def count_warnings(warned: Any, counts: dict[str, int], *, again: bool = False) -> None:
    """Count warnings, each told by its category and text. again: whether to warn here as well."""
    for pair in warned[:MOST_WARNINGS] if isinstance(warned, list) else []:
        if not is_pair(pair):
            continue
        name, text = pair
        known = name if name in _CLASSES else "Warning"
        counts[known] = counts.get(known, 0) + 1
        if again:
            python_warnings.warn(text, _CLASSES[known], stacklevel=3)
