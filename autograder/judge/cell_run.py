"""What running a student's cell gave, as their side tells of it."""

from dataclasses import dataclass, field
from typing import Any

from autograder.callloop.limits import Limits
from autograder.callloop.plain_data import clean
from autograder.judge.outputs import clean_outputs
from autograder.judge.warned import is_pair

# As many as an honest process tells of; a forged answer could name millions.
MOST_NAMES = 100_000
MOST_ERROR_CHARACTERS = 2500


@dataclass
class CellRun:
    """What running a student's cell gave. value: the number that it ends with, if it does."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    names: list[list[str]] = field(default_factory=list)
    error: str = ""
    stopped: bool = False
    value: Any = None


def cell_run(answer: dict[str, Any], limits: Limits) -> CellRun:
    """Return what the student's side says that a cell gave, cut to the limits and harmless."""
    error, names = answer.get("error"), answer.get("names")
    message = ""
    if isinstance(error, dict):
        message = clean(f"{error.get('name')}: {error.get('text')}"[:MOST_ERROR_CHARACTERS])
    pairs = [pair for pair in names[:MOST_NAMES] if is_pair(pair)] if isinstance(names, list) else []
    return CellRun(clean_outputs(answer.get("outputs"), limits), pairs, message, value=answer.get("value"))
