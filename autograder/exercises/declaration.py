"""How a problem set is declared: a vocabulary of variables, and exercises beside their references.

An exercise in back-propagation is a vector-Jacobian product: a forward map, the argument it is
differentiated with respect to, and an upstream gradient. From that and the reference's signature
follow the shapes, the cases, the numeric gradient check and the hidden test.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

from autograder.exercises.answers import AnswerForm, Array, Named, Number, Parts
from autograder.exercises.assessment import assess
from autograder.exercises.exercise import Exercise, Mistake, Options
from autograder.exercises.rules import DescentStep, FullJacobian, Rule, VectorJacobianProduct, parameters
from autograder.exercises.variables import Variable

Function = TypeVar("Function", bound=Callable[..., Any])


class ProblemSet:
    """The exercises of one problem set, in the order of its notebook.

    name: the set's name, also that of its module and its notebook.
    variables: what each name in the set's signatures and forward maps means.
    mistakes: the known mistakes of functions that are declared later, where they stand in a module of their own.
    """

    def __init__(
        self, name: str, variables: Mapping[str, Variable], mistakes: Mapping[str, tuple[Mistake, ...]] | None = None
    ) -> None:
        self.name = name
        self.variables = dict(variables)
        self.mistakes = dict(mistakes or {})
        self.exercises: dict[str, Exercise] = {}

    def function(
        self, *, points: float, returns: AnswerForm, rule: Rule | None = None, **options: Any
    ) -> Callable[[Function], Function]:
        """Declare a function that is judged by value, and by a rule if there is one.

        returns: the form of its answer. options: the fields of Options.
        Raises ValueError if the function or the rule names a variable that the set does not have.
        """

        def declare(reference: Function) -> Function:
            self._add(reference, points, returns, rule, Options(**options))
            return reference

        return declare

    def gradient(
        self,
        *,
        points: float,
        of: Callable[..., Any],
        wrt: str | tuple[str, ...],
        upstream: str | None = None,
        returns: Literal["tuple", "dict"] = "tuple",
        **options: Any,
    ) -> Callable[[Function], Function]:
        """Declare the gradient of a forward map: a vector-Jacobian product.

        of: the forward map; its parameters are names of variables.
        wrt: the variable, or variables, of the gradient; each gradient has its variable's shape.
        upstream: the variable that holds the upstream gradient; None where `of` is a scalar.
        returns: how several gradients are returned; a dict has the variables' names as keys.
        """
        names = (wrt,) if isinstance(wrt, str) else wrt
        given = {**self.variables, **(options.get("given") or {})}
        keyed = returns == "dict"
        forms = tuple(
            self._form(name, given, "" if isinstance(wrt, str) else name if keyed else f"d{name}") for name in names
        )
        form: AnswerForm = forms[0] if isinstance(wrt, str) else Named(forms) if keyed else Parts(forms)
        return self.function(points=points, returns=form, rule=VectorJacobianProduct(of, names, upstream), **options)

    def jacobian(
        self, *, points: float, of: Callable[..., Any], wrt: str, returns: AnswerForm, **options: Any
    ) -> Callable[[Function], Function]:
        """Declare the full Jacobian of a forward map, output axes first."""
        return self.function(points=points, returns=returns, rule=FullJacobian(of, wrt), **options)

    def step(
        self, *, points: float, loss: Callable[..., Any], wrt: str | tuple[str, ...], **options: Any
    ) -> Callable[[Function], Function]:
        """Declare one step of gradient descent on a loss; the answer is the updated parameters."""
        names = (wrt,) if isinstance(wrt, str) else wrt
        forms = tuple(self._form(name, self.variables, "" if isinstance(wrt, str) else name) for name in names)
        form: AnswerForm = forms[0] if isinstance(wrt, str) else Named(forms)
        return self.function(points=points, returns=form, rule=DescentStep(loss, names), **options)

    def mistake(self, name: str, identity: str, message: str) -> Callable[[Function], Function]:
        """Declare a known mistake of the exercise called `name`, above a function that makes it.

        identity: in kebab case, such as "transposed". message: for the student.
        Raises ValueError if there is no such exercise, or if it has a mistake of this identity.
        """

        def declare(answer: Function) -> Function:
            exercise = self.exercises.get(name)
            if exercise is None or any(known.id == identity for known in exercise.mistakes):
                problem = "is no exercise" if exercise is None else f"has a mistake {identity} already"
                msg = f"{self.name}: {name} {problem}"
                raise ValueError(msg)
            mistakes = (*exercise.mistakes, Mistake(identity, message, answer))
            self.exercises[name] = dataclasses.replace(exercise, mistakes=mistakes)
            return answer

        return declare

    def assess(self, name: str, namespace: dict[str, Any]) -> None:
        """Judge the function called `name` in a notebook's namespace.

        Raises ExerciseFailed, an AssertionError with a readable message, if a check failed.
        """
        assess(self.exercises[name], self.earlier_than(name), namespace)

    def earlier_than(self, name: str) -> dict[str, Exercise]:
        """Return the exercises that come before one in the set, by name."""
        names = list(self.exercises)
        return {other: self.exercises[other] for other in names[: names.index(name)]}

    def _form(self, name: str, variables: Mapping[str, Variable], called: str) -> Number | Array:
        if name not in variables:
            msg = f"{self.name}: {name} is no variable, so nothing can be differentiated with respect to it"
            raise ValueError(msg)
        shape = variables[name].shape
        if shape is None:
            msg = f"{self.name}: {name} has no shape, so nothing can be differentiated with respect to it"
            raise ValueError(msg)
        return Array(shape, called) if shape else Number(called)

    def _add(
        self, reference: Callable[..., Any], points: float, form: AnswerForm, rule: Rule | None, options: Options
    ) -> None:
        name = reference.__name__
        available = {**self.variables, **(options.given or {})}
        needed = (*parameters(reference), *(rule.needs if rule else ()))
        unknown = sorted(_all_needed(needed, available) - set(available))
        if unknown or name in self.exercises:
            problem = f"names unknown variables: {', '.join(unknown)}" if unknown else "is declared twice"
            msg = f"{self.name}: {name} {problem}"
            raise ValueError(msg)
        chosen = _with_their_needs(needed, available)
        self.exercises[name] = Exercise(
            name, points, reference, form, chosen, rule, options, self.mistakes.get(name, ())
        )


def _all_needed(names: tuple[str, ...], available: Mapping[str, Variable]) -> set[str]:
    """Return the names and all that they are computed from, known or not."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += available[name].needs if name in available else ()
    return found


def _with_their_needs(names: tuple[str, ...], available: Mapping[str, Variable]) -> dict[str, Variable]:
    """Return the named variables and those they are computed from, each after what it needs."""
    chosen: dict[str, Variable] = {}

    def add(name: str) -> None:
        for needed in available[name].needs:
            add(needed)
        chosen.setdefault(name, available[name])

    for name in names:
        add(name)
    return chosen
