"""Known mistakes with the bar of problem set 4."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from autograder.exercises import Mistake

OTHERS = {"stroke": "I", "sign": "#", "star": "*", "dash": "-", "equals": "=", "block": "█", "spaced": "| "}
LENGTH = "The bar has as many strokes as tenths fit into the size of the value, cut off to a whole number."


def _bar(length: Callable[[float], Any]) -> Callable[..., Any]:
    return lambda value: "|" * length(value)


def _strokes(stroke: str, value: float) -> str:
    return stroke * int(abs(value) * 10)


BAR: tuple[Mistake, ...] = (
    Mistake("rounded", f"Your bar is rounded. {LENGTH}", _bar(lambda value: round(abs(value) * 10))),
    Mistake("rounded-up", f"Your bar is rounded up. {LENGTH}", _bar(lambda value: math.ceil(abs(value) * 10))),
    Mistake("nothing-for-negative", f"Your bar is empty for negative blame. {LENGTH}",
        _bar(lambda value: int(value * 10))),
    Mistake(
        "rounded-down-below-zero", f"Your bar is a stroke too long for negative blame. {LENGTH}",
        _bar(lambda value: abs(math.floor(value * 10))),
    ),
    Mistake("cut-too-early", f"Your bar cuts to a whole number before it takes tenths. {LENGTH}",
        _bar(lambda v: int(abs(v)) * 10)),
    Mistake("not-tenfold", f"Your bar has a stroke for each whole. {LENGTH}", _bar(lambda value: int(abs(value)))),
    Mistake("one-stroke-more", f"Your bar has a stroke too many. {LENGTH}",
        _bar(lambda value: int(abs(value) * 10) + 1)),
    Mistake("never-empty", f"Your bar always has a stroke. {LENGTH}",
        _bar(lambda value: max(1, int(abs(value) * 10)))),
    *(Mistake(f"other-{name}", "Your bar is made of other characters than the upright stroke alone.",
        partial(_strokes, stroke)) for name, stroke in OTHERS.items()),
    Mistake("rounded-half-up", f"Your bar is rounded. {LENGTH}", _bar(lambda value: int(abs(value) * 10 + 0.5))),
    Mistake("with-sign", f"Your bar has a sign in front. {LENGTH}",
        lambda value: ("-" if value < 0 else "") + "|" * int(abs(value) * 10)),
    Mistake("new-line", "Your bar ends with a new line; return the strokes alone.",
        lambda value: "|" * int(abs(value) * 10) + "\n"),
    Mistake("spaces-between", "Your bar has spaces between its strokes; they stand side by side.",
        lambda value: " ".join("|" * int(abs(value) * 10))),
    Mistake("hundredfold", f"Your bar is ten times too long: it counts hundredths. {LENGTH}",
        _bar(lambda value: int(abs(value) * 100))),
    Mistake("ten-at-most", f"Your bar ends at ten strokes. {LENGTH}",
        _bar(lambda value: min(10, int(abs(value) * 10)))),
    Mistake("length-only", "Your answer is the number of strokes, where the bar itself is due.",
        lambda value: int(abs(value) * 10)),
    Mistake("list-of-strokes", "Your answer is a list of strokes; join them to one text.",
        lambda value: ["|"] * int(abs(value) * 10)),
)  # fmt: skip
