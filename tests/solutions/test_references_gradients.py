"""Every gradient of the reference package, proven against derivatives that know nothing of it.

Three ways: extrapolated differences of the declared forward map in long double precision, and, of
forward maps written a second time, the complex step and an automatic derivative.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from autograd import grad
from forward_maps import MAPS
from reference_inputs import EXERCISES, SETS, applied, draw_values

from autograder.exercises import Exercise
from autograder.exercises.rules import DescentStep, FullJacobian, VectorJacobianProduct
from autograder.numerics import complex_step_gradient

DRAWS = 40
STEP = np.longdouble(2) ** -12
WORST = 1e-10
# A gradient that is truly 0 has no norm to compare with.
LEAST_NORM = 1e-4

GRADIENTS = [(one, name) for one, name in EXERCISES if SETS[one].exercises[name].rule is not None]


def _wrt(exercise: Exercise) -> tuple[str, ...]:
    rule = exercise.rule
    assert isinstance(rule, (VectorJacobianProduct, FullJacobian, DescentStep))
    return (rule.wrt,) if isinstance(rule.wrt, str) else rule.wrt


def _drawn(exercise: Exercise, number: int) -> dict[str, Any]:
    """Return values, with a learning rate of 1 and an upstream array for a Jacobian."""
    values = draw_values(exercise, number)
    if isinstance(exercise.rule, DescentStep):
        values["lr"] = 1.0
    if isinstance(exercise.rule, FullJacobian):
        output = np.shape(applied(exercise.rule.of, values))
        values["U"] = np.random.default_rng(number).normal(size=output)
    return values


def _answers(exercise: Exercise, values: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the gradients that the reference gives or implies, by the name of their variable."""
    leaves = exercise.form.leaves(applied(exercise.reference, values))
    parts = [leaf.value for leaf in leaves]
    if isinstance(exercise.rule, DescentStep):
        parts = [values[name] - part for name, part in zip(_wrt(exercise), parts, strict=True)]
    if isinstance(exercise.rule, FullJacobian):
        parts = [np.tensordot(values["U"], parts[0], axes=values["U"].ndim)]
    return dict(zip(_wrt(exercise), parts, strict=True))


def _declared_scalar(exercise: Exercise, values: Mapping[str, Any]) -> Any:
    """Return the declared forward map as one number, in the precision of the values."""
    rule = exercise.rule
    if isinstance(rule, DescentStep):
        return applied(rule.loss, values)
    if isinstance(rule, FullJacobian):
        return np.sum(values["U"] * applied(rule.of, values))
    assert isinstance(rule, VectorJacobianProduct)
    output = applied(rule.of, values)
    return np.sum(values[rule.upstream] * output) if rule.upstream else output


def _wide(value: Any) -> Any:
    if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        return np.asarray(value, dtype=np.longdouble)[()]
    return value


def _extrapolated(f: Callable[[Any], Any], at: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return derivatives by two extrapolations, and where a corner spoils them.

    The steps disagree where a corner lies between them: that looks at the forward map alone.
    """
    point = np.asarray(at, dtype=np.longdouble)
    found, smooth = np.zeros_like(point), np.ones(point.shape, dtype=bool)
    for entry in np.ndindex(*point.shape):
        slopes = []
        for step in (STEP, STEP / 2, STEP / 4):
            ahead, behind = point.copy(), point.copy()
            ahead[entry] += step
            behind[entry] -= step
            slopes.append((f(ahead[()]) - f(behind[()])) / (2 * step))
        rough, fine = (4 * slopes[1] - slopes[0]) / 3, (4 * slopes[2] - slopes[1]) / 3
        found[entry] = (16 * fine - rough) / 15
        smooth[entry] = abs(fine - rough) <= 1e-11 * (1 + abs(fine))
    return found, smooth


def _error(answer: np.ndarray, true: np.ndarray) -> float:
    true = np.asarray(true)
    assert np.shape(answer) == true.shape
    return float(np.linalg.norm(np.ravel(answer - true)) / max(np.linalg.norm(np.ravel(true)), LEAST_NORM))


@pytest.mark.skipif(np.finfo(np.longdouble).eps > 1e-18, reason="long double is no wider than double here")
@pytest.mark.parametrize(("one", "name"), GRADIENTS)
def test_gradient_is_that_of_the_declared_forward_map(one: str, name: str) -> None:
    """The worst normwise error over all sizes is below 1e-10, and hardly a coordinate is on a corner."""
    exercise, seen, left_out = SETS[one].exercises[name], 0, 0
    for number in range(DRAWS):
        values = _drawn(exercise, number)
        wide = {key: _wide(value) for key, value in values.items()}
        for variable, answer in _answers(exercise, values).items():

            def scalar(x: Any, wide: dict[str, Any] = wide, variable: str = variable) -> Any:
                return _declared_scalar(exercise, {**wide, variable: x})

            numeric, smooth = _extrapolated(scalar, values[variable])
            seen, left_out = seen + smooth.size, left_out + int(np.sum(~smooth))
            assert _error(np.asarray(answer)[smooth], numeric[smooth]) < WORST
    assert left_out <= 0.02 * seen


def test_every_gradient_has_an_independent_forward_map() -> None:
    """What is checked by an autodiff library is everything."""
    written = {(one, name) for one, maps in MAPS.items() for name in maps}
    assert {(one, name) for one, name in GRADIENTS if one in MAPS} == written


@pytest.mark.parametrize(("one", "name"), [(one, name) for one, maps in MAPS.items() for name in maps])
def test_gradient_agrees_with_autodiff(one: str, name: str) -> None:
    """An automatic derivative of a forward map written elsewhere gives the same to thirteen digits."""
    exercise, forward = SETS[one].exercises[name], MAPS[one][name]
    for number in range(2 * DRAWS):
        values = _drawn(exercise, number)
        for variable, answer in _answers(exercise, values).items():

            def scalar(x: Any, values: dict[str, Any] = values, variable: str = variable) -> Any:
                return applied(forward, {**values, variable: x})

            assert _error(answer, grad(scalar)(values[variable])) < 1e-11


@pytest.mark.parametrize(("one", "name"), [(one, name) for one, maps in MAPS.items() for name in maps])
def test_gradient_agrees_with_the_complex_step(one: str, name: str) -> None:
    """A derivative without a subtraction gives the same."""
    exercise, forward = SETS[one].exercises[name], MAPS[one][name]
    for number in range(DRAWS):
        values = _drawn(exercise, number)
        for variable, answer in _answers(exercise, values).items():

            def scalar(x: Any, values: dict[str, Any] = values, variable: str = variable) -> Any:
                return applied(forward, {**values, variable: x})

            assert _error(answer, complex_step_gradient(scalar, values[variable])) < WORST


@pytest.mark.parametrize(("one", "name"), [(one, name) for one, maps in MAPS.items() for name in maps])
def test_a_wrong_gradient_would_be_noticed(one: str, name: str) -> None:
    """The proof itself is proven: an error of 1e-8 in the answer is seen on some draw."""
    exercise, forward = SETS[one].exercises[name], MAPS[one][name]
    errors = []
    for number in range(6):
        values = _drawn(exercise, number)
        for variable, answer in _answers(exercise, values).items():

            def scalar(x: Any, values: dict[str, Any] = values, variable: str = variable) -> Any:
                return applied(forward, {**values, variable: x})

            errors.append(_error(np.asarray(answer) * (1 + 1e-8), grad(scalar)(values[variable])))
    assert max(errors) > WORST
