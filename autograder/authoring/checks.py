"""The visible check of an exercise, made from its declaration: the half of a test that students run.

It writes out a forward map and some inputs, and sets the numeric gradient beside the student's;
or, for what is judged by value alone, the value that is due.
"""

import ast
from typing import Any

import numpy as np

from autograder.authoring.sample import Sample, literal, sample
from autograder.exercises import Exercise, Named, Parts, Text
from autograder.exercises.rules import DescentStep, FullJacobian, Rule, VectorJacobianProduct, parameters
from autograder.verify.references import Source

FORWARD_KEYWORDS = ("of", "loss")
SHOWN = "result.show()\nassert result, result.summary"
RATE = "lr"
WIDEST = 90


def _declared(source: Source, exercise: str) -> ast.expr | None:
    """Return the forward map as it is written in the exercise's declaration."""
    for decorator in source.declarations[exercise]:
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else []:
            if keyword.arg in FORWARD_KEYWORDS:
                return keyword.value
    return None


def _forward_map(source: Source, exercise: str) -> str:
    """Return text that defines the forward map under the name `forward_map`, with the helpers it calls."""
    declared = _declared(source, exercise)
    assert declared is not None
    helpers = [source.texts[name] for name in source.called_by(declared)]
    return "\n\n".join([*helpers, f"forward_map = {ast.unparse(declared)}"])


def _call(exercise: Exercise) -> str:
    return f"{exercise.name}({', '.join(exercise.arguments)})"


def _gradients(exercise: Exercise, wrt: tuple[str, ...]) -> tuple[list[str], dict[str, str]]:
    """Return the lines that ask for an answer, and the text of each part by the variable it belongs to."""
    form = exercise.form
    if isinstance(form, Named):
        return [f"answer = {_call(exercise)}"], {name: f'answer["{name}"]' for name in wrt}
    if isinstance(form, Parts):
        return [f"answer = {_call(exercise)}"], {name: f"answer[{place}]" for place, name in enumerate(wrt)}
    return [f"answer = {_call(exercise)}"], {wrt[0]: "answer"}


def _checked(rule: Rule, name: str, gradient: str, *, alone: bool) -> str:
    """Return the lines that check the gradient with respect to one variable."""
    given = ", ".join(parameters(rule.loss if isinstance(rule, DescentStep) else rule.of))  # type: ignore[attr-defined]
    value, called = f"forward_map({given})", "the gradient" if alone else f"d{name}"
    if isinstance(rule, VectorJacobianProduct) and rule.upstream:
        value = f"np.sum({rule.upstream} * {value})"
    if isinstance(rule, FullJacobian):
        value, gradient = f"np.sum(U * {value})", f"np.tensordot(U, {gradient}, axes=U.ndim)"
    if isinstance(rule, DescentStep):
        gradient, called = f"({name} - {gradient}) / {RATE}", f"the gradient behind your step of {name}"
    inside = f'lambda {name}: {value}, {gradient}, at={name}, name="{called}"'
    inside = inside if len(inside) < WIDEST else f"\n    {inside}\n"
    return f"result = check_gradient({inside})\n{SHOWN}"


def _numeric_check(source: Source, exercise: Exercise, rule: Any, drawn: Sample) -> str:
    wrt = (rule.wrt,) if isinstance(rule.wrt, str) else rule.wrt
    names = [name for name in exercise.variables if name in {*exercise.arguments, *rule.needs, *wrt}]
    arrives = ", and a gradient arriving from above" if getattr(rule, "upstream", None) else ""
    lines = [f"# The forward map, its inputs{arrives}.", _forward_map(source, exercise.name)]
    lines += drawn.lines([name for name in names if name != RATE])
    if isinstance(rule, DescentStep):
        lines.append(f"{RATE} = 0.1")
    if isinstance(rule, FullJacobian):
        given = ", ".join(parameters(rule.of))
        lines.append(f"U = np.random.default_rng(0).normal(size=np.shape(forward_map({given})))")
    asked, gradients = _gradients(exercise, wrt)
    if isinstance(rule, FullJacobian):
        due = tuple(np.shape(exercise.reference(**{name: drawn.values[name] for name in exercise.arguments})))
        asked.append(f'assert np.shape(answer) == {due}, f"expected shape {due}, got {{np.shape(answer)}}"')
    checked = [_checked(rule, name, text, alone=len(wrt) == 1) for name, text in gradients.items()]
    return "\n".join([*lines, *asked, *checked])


COMPARED = """    print(f"{name}: {part}, expected {due}")
    assert np.shape(part) == np.shape(due), f"{name}: expected shape {np.shape(due)}, got {np.shape(part)}"
    tolerance = (1e-4 if np.asarray(part).dtype == np.float32 else 1e-6) * np.max(np.abs(due)) + 1e-12
    assert np.max(np.abs(part - due)) <= tolerance, f"{name}: expected {due}, got {part}\""""


def _value_check(exercise: Exercise, drawn: Sample) -> str:
    """Compare with the value that is due for one small input."""
    expected = exercise.reference(**{name: drawn.values[name] for name in exercise.arguments})
    lines = ["# One small example, with the answer that is due.", *drawn.lines(list(exercise.arguments))]
    lines.append(f"answer = {_call(exercise)}")
    if isinstance(exercise.form, Text):
        lines += [f"due = {literal(expected, {})}", 'assert answer == due, f"expected {due!r}, got {answer!r}"']
        return "\n".join(lines)
    parts = []
    for place, leaf in enumerate(exercise.form.leaves(expected)):
        due = literal(leaf.value if leaf.value.ndim else float(leaf.value), {})
        parts.append(f'    ("{leaf.name or "the answer"}", {_part(exercise, place, leaf.name)}, {due}),')
    return "\n".join([*lines, "for name, part, due in [", *parts, "]:", COMPARED])


def _part(exercise: Exercise, place: int, name: str) -> str:
    if isinstance(exercise.form, Named):
        return f'answer["{name}"]'
    return f"answer[{place}]" if isinstance(exercise.form, Parts) else "answer"


def _can_be_valued(exercise: Exercise) -> bool:
    """Tell whether an answer has parts that are numbers or arrays, one after the other."""
    form = exercise.form
    return not isinstance(form, (Parts, Named)) or not any(isinstance(part, (Parts, Named)) for part in form.forms)


def visible_check(source: Source, exercise: Exercise) -> str:
    """Return the visible half of an exercise's test cell."""
    drawn = sample(exercise)
    needed = {*exercise.arguments, *(exercise.rule.needs if exercise.rule else ())}
    if needed <= drawn.texts.keys() and _can_be_valued(exercise):
        if exercise.rule is not None and _declared(source, exercise.name) is not None:
            return _numeric_check(source, exercise, exercise.rule, drawn)
        return _value_check(exercise, drawn)
    return f"# Write a check here that a student can run and learn from.\nassert callable({exercise.name})"
