"""One set of inputs with the true answer, on which known mistakes are tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from autograder.exercises.answers import AnswerForm, Array, Named, Number, Parts
from autograder.exercises.cases import started_anew
from autograder.exercises.exercise import Exercise

MATRIX_AXES = 2


class NotApplicableError(Exception):
    """A known mistake can't be made in this exercise."""


def forms_of(exercise: Exercise) -> tuple[AnswerForm, ...]:
    """Return the forms of the answer's parts; of itself where it has none."""
    form = exercise.form
    return form.forms if isinstance(form, (Parts, Named)) else (form,)


def leaf_forms(exercise: Exercise) -> tuple[Number | Array, ...]:
    """Return the forms of the parts that are numbers or arrays."""
    return tuple(form for form in forms_of(exercise) if isinstance(form, (Number, Array)))


def array_arguments(exercise: Exercise) -> dict[str, tuple[str | int, ...]]:
    """Return the shapes, in named dimensions, of the arguments that are arrays."""
    return {name: exercise.variables[name].shape or () for name in exercise.arguments if exercise.variables[name].shape}


def real_arguments(exercise: Exercise) -> list[str]:
    """Return the names of the arguments that are arrays or floats."""
    return [name for name in exercise.arguments if exercise.variables[name].shape is not None]


def argument_dimensions(exercise: Exercise) -> list[str]:
    """Return the named dimensions of an exercise's arguments, also of those within a dict."""
    given = _given(exercise)
    shapes = [variable.shape or () for name, variable in exercise.variables.items() if name in given]
    return list(dict.fromkeys(size for shape in shapes for size in shape if isinstance(size, str)))


def _given(exercise: Exercise) -> set[str]:
    """Return the names whose values a caller gives: arguments, and what a dict among them holds."""
    held = {
        needed
        for name in exercise.arguments
        if exercise.variables[name].shape is None
        for needed in exercise.variables[name].needs
    }
    return {*exercise.arguments, *held}


@dataclass
class Trial:
    """Arguments of an exercise, by name, and what is found from them once."""

    exercise: Exercise
    arguments: Mapping[str, Any]
    tried: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def right(self) -> Any:
        """The true answer."""
        return self.reference()

    @cached_property
    def sizes(self) -> dict[str, int]:
        """The sizes of the named dimensions."""
        found: dict[str, int] = {}
        for name, value in self._named_values().items():
            variable = self.exercise.variables.get(name)
            if variable is not None and variable.shape and isinstance(value, np.ndarray):
                pairs = zip(variable.shape, value.shape, strict=True)
                found |= {name: size for name, size in pairs if isinstance(name, str)}
        return found

    def _named_values(self) -> dict[str, Any]:
        named = dict(self.arguments)
        for value in self.arguments.values():
            if isinstance(value, dict):
                named |= value
        return named

    def reference(self, **changed: Any) -> Any:
        """Return the reference's answer with some arguments changed."""
        with np.errstate(all="ignore"):
            return self.exercise.reference(**{**self.fresh_arguments, **changed})

    @property
    def fresh_arguments(self) -> dict[str, Any]:
        """The arguments, of which functions that record their calls start anew."""
        return {name: started_anew(value) for name, value in self.arguments.items()}

    def parts(self, answer: Any) -> list[Any] | None:
        """Return the parts of an answer of the right structure, or None."""
        return parts_of(self.exercise.form, answer)

    def mapped(self, change: Callable[[Any, AnswerForm], Any], answer: Any = None) -> Any:
        """Return the true answer, or another, with each part changed; None leaves a part as it is."""
        whole = self.right if answer is None else answer
        parts = self.parts(whole) or []
        found = [change(part, form) for part, form in zip(parts, forms_of(self.exercise), strict=True)]
        if all(part is None for part in found):
            raise NotApplicableError
        return self.assembled([old if new is None else new for old, new in zip(parts, found, strict=True)])

    def assembled(self, parts: list[Any]) -> Any:
        """Return an answer made of parts."""
        form = self.exercise.form
        if isinstance(form, Named):
            return {one.name: part for one, part in zip(form.forms, parts, strict=True)}
        return tuple(parts) if isinstance(form, Parts) else parts[0]


def parts_of(form: AnswerForm, answer: Any) -> list[Any] | None:
    """Return the parts of an answer of the right structure, or None."""
    if isinstance(form, Named):
        if not isinstance(answer, dict) or answer.keys() != {one.name for one in form.forms}:
            return None
        return [answer[one.name] for one in form.forms]
    if isinstance(form, Parts):
        fits = isinstance(answer, (tuple, list)) and len(answer) == len(form.forms)
        return list(answer) if fits else None
    return [answer]


def as_scaled(answer: Any, times: float) -> Any:
    """Return an answer with every number in it multiplied."""
    if isinstance(answer, dict):
        return {key: as_scaled(part, times) for key, part in answer.items()}
    if isinstance(answer, (tuple, list)):
        return tuple(as_scaled(part, times) for part in answer)
    if isinstance(answer, (str, bytes)) or answer is None:
        raise NotApplicableError
    return answer * times
