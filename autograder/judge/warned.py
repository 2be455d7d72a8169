"""Warnings of a student's code: counted by category, and given again on the grader's side."""

import warnings
from typing import Any

# As many as an honest process tells of; a forged answer could name millions.
MOST_WARNINGS = 100

WARNING_CLASSES: dict[str, type[Warning]] = {
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


def count_warnings(warned: Any, counts: dict[str, int], *, again: bool = False) -> None:
    """Count what the student's side says it was warned of. again: warn here as well, for a test that looks."""
    for pair in warned[:MOST_WARNINGS] if isinstance(warned, list) else []:
        if not is_pair(pair):
            continue
        name, text = pair
        known = name if name in WARNING_CLASSES else "Warning"
        counts[known] = counts.get(known, 0) + 1
        if again:
            warnings.warn(text, WARNING_CLASSES[known], stacklevel=3)


def is_pair(pair: Any) -> bool:
    """Tell whether a value is a list of two texts."""
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)  # noqa: PLR2004
