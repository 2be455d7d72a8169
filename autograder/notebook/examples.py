"""Examples in docstrings, as doctest finds them."""

import ast
import doctest

from autograder.notebook.sources import parsed


def examples_in(source: str) -> tuple[str, ...]:
    """Return the examples in the texts that a cell writes out; none where it is no Python."""
    if ">>>" not in source:
        return ()
    try:
        found = [one.value for one in ast.walk(parsed(source)) if isinstance(one, ast.Constant)]
        texts = [one for one in found if isinstance(one, str) and ">>>" in one]
        return tuple(one.source.strip() for text in texts for one in doctest.DocTestParser().get_examples(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
