"""Inputs for a notebook's visible check, drawn as the hidden ones are and written out as Python."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exercises import Draw, Exercise, Style
from autograder.exercises.cases import dimensions_of

SMALLEST, DIGITS = 2, 3
WIDE = 100


@dataclass(frozen=True)
class Sample:
    """Values of an exercise's variables, by name, with the text that makes each of them.

    A value that can't be written out, such as a function, has no text.
    """

    values: Mapping[str, Any]
    texts: Mapping[str, str]

    def lines(self, names: list[str]) -> list[str]:
        """Return the lines that assign these variables."""
        return [f"{name} = {self.texts[name]}" for name in names]


def _short(value: Any) -> Any:
    """Round a drawn value to what a person would write."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return np.array([float(f"{one:.{DIGITS}g}") for one in value.reshape(-1)]).reshape(value.shape)
    return value


def literal(value: Any, known: Mapping[str, Any]) -> str | None:
    """Return Python text for a value; None if there is none. What is known already goes by its name."""
    if isinstance(value, dict):
        named = {key: _name_of(part, known) or literal(part, {}) for key, part in value.items()}
        inside = ", ".join(f'"{key}": {text}' for key, text in named.items())
        return None if None in named.values() else "{" + inside + "}"
    if isinstance(value, np.ndarray):
        text = f"np.array({value.tolist()})"
        return text if len(text) < WIDE else text.replace("], [", "],\n    [")
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, (bool, int, float)):
        return repr(value)
    return repr(value.item()) if isinstance(value, np.generic) else None


def _name_of(value: Any, known: Mapping[str, Any]) -> str | None:
    return next((name for name, other in known.items() if other is value), None)


def sample(exercise: Exercise) -> Sample:
    """Draw one small set of inputs, the same for an exercise each time."""
    random = np.random.default_rng([*exercise.name.encode()])
    sizes = {name: SMALLEST + place for place, name in enumerate(dimensions_of(exercise.variables))}
    draw = Draw(random, sizes, Style.USUAL, 0)
    values: dict[str, Any] = {}
    for name, variable in exercise.variables.items():
        made = variable.make(draw, **{needed: values[needed] for needed in variable.needs})
        # What follows from other values must go on fitting them.
        values[name] = made if variable.needs else _short(made)
    texts: dict[str, str] = {}
    for name, value in values.items():
        text = literal(value, {known: values[known] for known in texts})
        if text is not None:
            texts[name] = text
    return Sample(values, texts)
