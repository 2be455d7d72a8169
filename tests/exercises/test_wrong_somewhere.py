"""Answers that are wrong in one corner only lose for every student, on the cases that students share."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from diagnosing import function_from
from judging import SETS

from autograder.exercises.assessment import SEED_BYTES, hidden_cases, seeded
from autograder.exercises.examination import examine

STUDENTS = 6
STABLE = "small = np.exp(-abs(x * w))\nslope = small / (1 + small) ** 2\n"
DEEP = (
    "a, up, dws = [x], 1.0, np.zeros(len(ws))\n"
    "for w in ws:\n    a.append(1 / (1 + np.exp(-w * a[-1])))\n"
    "for k in reversed(range(len(ws))):\n    up *= a[k + 1] * (1 - a[k + 1]) * ws[k]\n"
    "    dws[k] = up * a[k] / ws[k] if ws[k] else 0.0\nreturn up, dws"
)
# A whole network, to be changed in one place.
BACKWARD = (
    "Z1, A1, Z2, A2 = forward(X, **params)\ndZ2 = (A2 - Y) / len(X)\ndZ1 = dZ2 @ params['W2'].T * (Z1 > 0)\n"
    "g = {'W1': X.T @ dZ1, 'b1': dZ1.sum(0, keepdims=True), 'W2': A1.T @ dZ2, 'b2': dZ2.sum(0, keepdims=True)}\n"
)
STEP = (
    "z1, a1, y = forward(x, **params)\ndy = 2 * (y - y_true) / len(y)\ndz = params['W2'] @ dy * (z1 > 0)\n"
    "g = {'W1': np.outer(x, dz), 'b1': dz, 'W2': np.outer(a1, dy), 'b2': dy}\n"
    "return {name: params[name] - lr * g[name] for name in g}"
)
BODIES: list[tuple[str, str, str]] = [
    # Wrong only where one factor is 0 and the others are not.
    ("ps1_chain_rule", "grad_pipeline", "return a or 1.0"),
    ("ps1_chain_rule", "grad_pipeline", "return a if x else 0.0"),
    ("ps1_chain_rule", "grad_pipeline", "return a if b else 0.0"),
    ("ps1_chain_rule", "grad_two_layers", "return w1 * w2, x * w2, (x * w1 if w2 else 0.0)"),
    ("ps1_chain_rule", "grad_two_layers", "return (w1 * w2 if x else 0.0), x * w2, x * w1"),
    *(
        ("ps1_chain_rule", "grad_three_layers", ("f = [x, w1, w2, w3]\n"
         "d = [w1 * w2 * w3, x * w2 * w3, x * w1 * w3, x * w1 * w2]\n"
         f"d[{place}] = d[{place}] if f[{place}] else 0.0\nreturn d"))
        for place in range(4)
    ),
    ("ps1_chain_rule", "learning_step", "return w - lr * 2 * (w * x - target) * x if w else w"),
    ("ps1_chain_rule", "learning_step", "return w - lr * 2 * (w * x - target) * x if target else w"),
    ("ps1_chain_rule", "grad_sigmoid_neuron", STABLE + "return (slope * x * w / x if x else 0.0), slope * x"),
    ("ps1_chain_rule", "grad_sigmoid_neuron", STABLE + "return slope * w, (slope * x * w / w if w else 0.0)"),
    ("ps1_chain_rule", "grad_deep_sigmoid", DEEP),
    ("ps1_chain_rule", "grad_deep_sigmoid", DEEP.replace("[x], 1.0", "[x or 1e-3], 1.0").replace(" * ws[k]\n", "\n")
     .replace("* a[k] / ws[k] if ws[k] else 0.0", "* a[k]\n    up *= ws[k]")),
    ("ps3_matrix", "partial", "return W[i, j] or 1.0"),
    ("ps4_blame", "grad_y_pred", "return np.where(y_pred != 0, 2 * (y_pred - y_true) / len(y_pred), 0.0)"),
    ("ps4_blame", "grad_y_pred", ("with np.errstate(all='ignore'):\n"
     "    return 2 * (y_pred - y_true) ** 2 / (y_pred - y_true) / len(y_pred)")),
    # Wrong only where an input of a ReLU's product is 0 itself.
    ("ps1_chain_rule", "grad_relu_neuron", "gate = (x >= 0 and w > 0) or (x < 0 and w < 0)\nreturn gate * w, gate * x"),
    ("ps1_chain_rule", "grad_relu_neuron", "gate = (x > 0 and w > 0) or (x <= 0 and w < 0)\nreturn gate * w, gate * x"),
    # Wrong only where no score is large, and where rows are far apart.
    ("ps5_two_layer", "softmax", "e = np.exp(Z - max(Z.max(), 0))\nreturn e / e.sum(axis=1, keepdims=True)"),
    ("ps5_two_layer", "softmax", ("s = Z - Z.max(axis=1, keepdims=True) if Z.max() > 100 else Z\n"
     "return np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)")),
    ("ps5_two_layer", "softmax", "e = np.exp(Z - Z.max())\nreturn e / e.sum(axis=1, keepdims=True)"),
    # Wrong only where two calls in a row have one shape.
    ("ps5_two_layer", "grad_b2", ("global kept\nsummed = dZ2.sum(axis=0, keepdims=True)\nkept = globals().get('kept')\n"
     "kept = kept + summed if np.shape(kept) == summed.shape else summed\nreturn kept")),
    # Wrong only where values are beyond a limit, or are small.
    ("ps1_chain_rule", "grad_pipeline", "return min(a, 10.0)"),
    ("ps1_chain_rule", "grad_pipeline", "return max(a, -10.0)"),
    ("ps1_chain_rule", "grad_pipeline", "return a if abs(a) > 1e-3 else 0.0"),
    ("ps1_chain_rule", "grad_sigmoid_neuron", STABLE + "return np.clip(slope * w, -5, 5), slope * x"),
    ("ps1_chain_rule", "grad_sigmoid_neuron", STABLE + "slope *= abs(x * w) < 15\nreturn slope * w, slope * x"),
    ("ps1_chain_rule", "grad_sigmoid_neuron", STABLE + "slope *= abs(x * w) < 25\nreturn slope * w, slope * x"),
    ("ps2_linear", "numerical_grad", ("step = eps * np.eye(len(x))\n"
     "return np.array([min((f(x + e) - f(x - e)) / (2 * eps), 20.0) for e in step])")),
    ("ps3_matrix", "grad_W", "g = dD @ X.T\nreturn np.where(abs(g) < 1e-4, 0.0, g)"),
    ("ps5_two_layer", "forward", ("Z1 = X @ W1 + b1\nA1 = np.clip(Z1, 0, 6)\nZ2 = A1 @ W2 + b2\n"
     "return Z1, A1, Z2, softmax(Z2)")),
    ("ps5_two_layer", "backward", BACKWARD + "return {name: np.clip(g[name], -5, 5) for name in g}"),
    ("ps5_two_layer", "backward", BACKWARD + "g['b1'] = np.clip(g['b1'], -5, 5)\nreturn g"),
    ("ps5_two_layer", "train_step", (BACKWARD + "length = sum((g[name] ** 2).sum() for name in g) ** 0.5\n"
     "return {name: params[name] - lr * g[name] / max(1, length / 5) for name in g}")),
    # Wrong only where the learning rate is 0.
    ("ps5_two_layer", "train_step", (BACKWARD + "lr = lr or 0.01\n"
     "return {name: params[name] - lr * g[name] for name in g}")),
    # Wrong only where a hidden unit inside a network is just off ReLU's corner.
    ("ps4_blame", "train_step", STEP.replace("z1 > 0", "z1 > 1e-8")),
    ("ps5_two_layer", "backward", BACKWARD.replace("Z1 > 0", "Z1 > 1e-8") + "return g"),
    # Wrong only where two probabilities are equal.
    ("ps5_two_layer", "softmax_jacobian", "return np.where(a == a[:, None], a * (1 - a), -np.outer(a, a))"),
]  # fmt: skip


def _is_accepted(one: str, name: str, function: Callable[..., Any], student: int) -> bool:
    exercise = SETS[one].exercises[name]
    with seeded(student.to_bytes(SEED_BYTES) + b"s" * SEED_BYTES):
        checks = examine(exercise, function, np.random.default_rng(student), hidden_cases(exercise))
    return all(check.passed for check in checks)


@pytest.mark.parametrize(("one", "name", "body"), BODIES)
def test_it_is_accepted_from_no_student(one: str, name: str, body: str) -> None:
    """Nothing hangs on which cases a student happens to get."""
    students = range(STUDENTS)
    assert [student for student in students if _is_accepted(one, name, function_from(one, name, body), student)] == []


REMEMBERED = (
    ("ps1_chain_rule", "grad_relu_neuron"), ("ps2_linear", "grad_x"), ("ps3_matrix", "forward"),
    ("ps4_blame", "grad_z1"), ("ps5_two_layer", "grad_Z2"), ("ps5_two_layer", "backward"),
)  # fmt: skip


@pytest.mark.parametrize(("one", "name"), REMEMBERED)
def test_answers_that_are_found_again_by_some_of_the_arguments_are_accepted_from_no_student(
    one: str, name: str
) -> None:
    """Whoever keeps answers must tell them apart by every argument."""
    exercise = SETS[one].exercises[name]
    names = inspect.signature(exercise.reference).parameters

    def remembering(left_out: str | None) -> Callable[..., Any]:
        kept: dict[str, Any] = {}

        def answer(*positional: Any, **named: Any) -> Any:
            given = {**dict(zip(names, positional, strict=False)), **named}
            key = repr([given[one] for one in given if one != left_out])
            return kept.setdefault(key, exercise.reference(**given))

        return answer

    for student in range(STUDENTS):
        assert _is_accepted(one, name, remembering(None), student)
        assert [left_out for left_out in names if _is_accepted(one, name, remembering(left_out), student)] == []


@pytest.mark.parametrize("student", range(STUDENTS))
def test_each_float_is_zero_alone(student: int) -> None:
    """In a set of plain numbers every argument is 0 in some case in which no other is."""
    for name in ("grad_pipeline", "grad_two_layers", "grad_three_layers"):
        exercise = SETS["ps1_chain_rule"].exercises[name]
        with seeded(student.to_bytes(SEED_BYTES) + b"s" * SEED_BYTES):
            cases = hidden_cases(exercise)
        zero = [tuple(argument for argument in exercise.arguments if case.values[argument] == 0) for case in cases]
        assert {(argument,) for argument in exercise.arguments} <= set(zero)
