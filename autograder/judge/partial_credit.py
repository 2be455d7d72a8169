"""The points that a test gives: all of them, or what its last expression says, as in nbgrader."""

import ast
import math
from typing import Any

import numpy as np

from autograder.notebook.sources import parsed

# Built-in functions that an author counts points with.
COUNTING = frozenset({"abs", "float", "int", "max", "min", "round", "sum"})


def score_of(value: Any, points: float, source: str) -> float:
    """Return the points for a test that ran through, out of all that it can give.

    Args:
        value: what the test's last expression came to; None where there is none.
        points: what the test gives at most, and where its last expression is no number.
        source: the text of the test's cell.

    Raises:
        ValueError: for a number that says nothing, and for anything else where the author counts points: with
            an answer of the wrong shape a count of none comes to an array, which must not earn them all.

    """
    if isinstance(value, (np.generic, np.ndarray)) and value.size == 1 and value.dtype.kind in "iuf":
        value = float(value.item())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if isinstance(value, float) and not math.isfinite(value):
            msg = f"the test gave the score {value}, which is no number of points"
            raise ValueError(msg)
        return float(min(max(value, 0), points))
    if value is not None and not isinstance(value, (bool, np.bool_, str)) and _counts_points(source):
        kind = f"an array of shape {value.shape}" if isinstance(value, np.ndarray) else f"a {type(value).__name__}"
        msg = f"the test gave {kind} as the score, which is no number of points; was the answer of another shape?"
        raise ValueError(msg)
    return points


def _counts_points(source: str) -> bool:
    """Tell whether a cell's last expression is one that an author counts points with, and not one to be shown."""
    body = parsed(source).body
    last = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
    if isinstance(last, ast.Call):
        return isinstance(last.func, ast.Name) and last.func.id in COUNTING
    if isinstance(last, ast.Name):
        return last.id in {name for one in body for name in _numbers(one)}
    return isinstance(last, (ast.BinOp, ast.UnaryOp, ast.IfExp))


def _numbers(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives a number to, or counts in."""
    found: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            if isinstance(node.value.value, (int, float)):
                found |= {one.id for one in node.targets if isinstance(one, ast.Name)}
        elif isinstance(node, ast.Assign) and isinstance(node.value, (ast.BinOp, ast.Compare)):
            found |= {one.id for one in node.targets if isinstance(one, ast.Name)}
    return found
