"""Answers that are wrong in one corner only lose for every student, on the cases that students share."""

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
]  # fmt: skip


@pytest.mark.parametrize(("one", "name", "body"), BODIES)
def test_it_is_accepted_from_no_student(one: str, name: str, body: str) -> None:
    """Nothing hangs on which cases a student happens to get."""
    exercise = SETS[one].exercises[name]
    accepted = []
    for student in range(STUDENTS):
        with seeded(student.to_bytes(SEED_BYTES) + b"s" * SEED_BYTES):
            function = function_from(one, name, body)
            checks = examine(exercise, function, np.random.default_rng(student), hidden_cases(exercise))
        if all(check.passed for check in checks):
            accepted.append(student)
    assert accepted == []


@pytest.mark.parametrize("student", range(STUDENTS))
def test_each_float_is_zero_alone(student: int) -> None:
    """In a set of plain numbers every argument is 0 in some case in which no other is."""
    for name in ("grad_pipeline", "grad_two_layers", "grad_three_layers"):
        exercise = SETS["ps1_chain_rule"].exercises[name]
        with seeded(student.to_bytes(SEED_BYTES) + b"s" * SEED_BYTES):
            cases = hidden_cases(exercise)
        zero = [tuple(argument for argument in exercise.arguments if case.values[argument] == 0) for case in cases]
        assert {(argument,) for argument in exercise.arguments} <= set(zero)
