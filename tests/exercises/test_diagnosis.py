"""A wrong answer is met with the name of its mistake, and never with that of another one."""

import importlib
import zlib
from typing import Any

import numpy as np
import pytest
from diagnosing import Bodies, diagnosed, function_from
from judging import EXERCISES, SETS

BODIES: dict[str, Bodies] = {one: importlib.import_module(f"diagnosed_{one}").BODIES for one in SETS}
FEWEST_NAMED = 0.95


def _judged(one: str, name: str) -> list[tuple[str, str, str]]:
    """Return each answer whose mistake is known, with the names that are right and the one that was given."""
    found = []
    for body, expected in BODIES[one][name].items():
        if expected:
            diagnosis = diagnosed(one, name, function_from(one, name, body))
            found.append((body, expected, diagnosis.id if diagnosis else ""))
    return found


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_the_mistake_is_named(one: str, name: str) -> None:
    """Of the answers that students write, the mistake of at least 95 in 100 is named, and no other ever is."""
    judged = _judged(one, name)
    assert [(body, given) for body, expected, given in judged if given and given not in expected.split("|")] == []
    named = sum(given in expected.split("|") for _, expected, given in judged)
    assert named >= FEWEST_NAMED * len(judged)


def test_the_corpus_is_large_enough() -> None:
    """Every function has some answers, and all together at least 250 whose mistake is known."""
    assert {(one, name) for one, bodies in BODIES.items() for name in bodies} == set(EXERCISES)
    assert (
        sum(bool(expected) for bodies in BODIES.values() for one in bodies.values() for expected in one.values()) >= 250
    )


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_a_right_answer_has_no_mistake(one: str, name: str) -> None:
    """The reference is blamed for nothing."""
    assert diagnosed(one, name, SETS[one].exercises[name].reference) is None


# Each is the same on many inputs, and another one on some.
SOMETIMES_THE_SAME = [
    ("ps2_linear", "influence", "return W[i] @ dL_dy[:W.shape[1]] if W.shape[0] >= W.shape[1] > i else 0.0"),
    ("ps3_matrix", "partial", "return W[i, j] if i == j else 0.0"),
    ("ps4_blame", "blame_bar", "return '|' * min(10, int(abs(value) * 10))"),
]


@pytest.mark.parametrize(("one", "name", "body"), SOMETIMES_THE_SAME)
def test_what_is_sometimes_the_same_depends_on_its_arguments(one: str, name: str, body: str) -> None:
    """An answer that changes on any input of the grader's is not blamed for ignoring its arguments."""
    for seed in range(4):
        found = diagnosed(one, name, function_from(one, name, body), seed)
        assert found is None or not found.id.startswith(("same-whatever", "ignores")), found


def test_mixed_axes_are_no_size_written_in() -> None:
    """What fits only where all sizes are equal is not blamed on the one size at which it makes no difference."""
    body = (
        "Z1, A1, _, A2 = forward(X, **params)\nd = grad_Z2(A2, Y)\ne = grad_Z1(grad_A1(d, params['W2']), Z1)\n"
        "g = {'W1': A1.T @ e, 'b1': grad_b1(e), 'W2': grad_W2(A1, d), 'b2': grad_b2(d)}\n"
        "return {k: params[k] - lr * g[k] for k in params}"
    )
    function = function_from("ps5_two_layer", "train_step", body)
    for seed in (4, 20):
        found = diagnosed("ps5_two_layer", "train_step", function, seed)
        assert found is None or found.id != "size-written-in", found


def test_a_guess_at_a_name_is_not_far_fetched() -> None:
    """A name of two letters is not taken for a built-in function that happens to have one letter more."""
    found = diagnosed("ps5_two_layer", "grad_W1", function_from("ps5_two_layer", "grad_W1", "return ex.X.T @ dZ1"))
    assert found is not None
    assert found.id == "name-not-defined"
    assert "did you mean" not in found.message


def test_a_forward_value_is_told_nothing_of_gradients() -> None:
    """Where ReLU was applied in place on the way forward, the message is about values."""
    body = "Z1 = X @ W1 + b1\nA1 = np.maximum(Z1, 0, out=Z1)\nZ2 = A1 @ W2 + b2\nreturn Z1, A1, Z2, softmax(Z2)"
    found = diagnosed("ps5_two_layer", "forward", function_from("ps5_two_layer", "forward", body))
    assert found is not None
    assert "in place" in found.message
    assert "gradient" not in found.message


NOT_ARGUMENTS = [
    ("ps4_blame", "forward", "a1 = np.maximum(x @ W1 + b1, 0)\nreturn x @ W1 + b1, a1, a1 @ W2 + b1", "b2"),
    ("ps5_two_layer", "backward", "Z1 = forward(X, **params)[0]\nreturn {**params, 'W1': X @ Z1}", "Y"),
]


@pytest.mark.parametrize(("one", "name", "body", "unused"), NOT_ARGUMENTS)
def test_an_array_made_on_the_way_is_no_argument(one: str, name: str, body: str, unused: str) -> None:
    """What does not fit is not said to be an argument only because an argument has the same shape."""
    found = diagnosed(one, name, function_from(one, name, body))
    assert found is not None
    assert "does not fit" in found.message or "do not fit" in found.message
    assert f" {unused} (" not in found.message


def test_a_tuple_is_not_called_a_list() -> None:
    """A comma at the end of the return makes a tuple, and the message says so."""
    found = diagnosed("ps5_two_layer", "grad_W1", function_from("ps5_two_layer", "grad_W1", "return X.T @ dZ1,"))
    assert found is not None
    assert found.id == "tuple-of-one"
    found = diagnosed("ps4_blame", "grad_z1", function_from("ps4_blame", "grad_z1", "return np.where(z1 > 7), d_a1"))
    assert found is not None
    assert "is a tuple where an array is due" in found.message


# --- answers that are wrong in some other way ---------------------------------------------------------


def _mapped(change: Any) -> Any:
    """Return a function that changes every array and number in the right answer."""

    def changed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: changed(part) for key, part in value.items()}
        if isinstance(value, tuple):
            return tuple(map(changed, value))
        if isinstance(value, str):
            return value + "?"
        found = change(np.asarray(value, dtype=float))
        return found if isinstance(value, np.ndarray) else float(found)

    return lambda reference: lambda *args, **named: changed(reference(*args, **named))


def _noise(array: np.ndarray) -> np.ndarray:
    return np.random.default_rng(zlib.crc32(array.tobytes())).normal(size=array.shape)


OTHERWISE_WRONG = {
    "noise": _mapped(_noise),
    "noise added": _mapped(lambda array: array + _noise(array)),
    "noise multiplied": _mapped(lambda array: array * (1 + 0.3 * _noise(array))),
    "sine": _mapped(lambda array: np.sin(array) + 0.01),
    "cube added": _mapped(lambda array: array + 0.1 * array**3 + 1.3),
    "shifted": _mapped(lambda array: array + 0.7),
    "shifted by its size": _mapped(lambda array: array + 0.1 * np.sum(np.abs(array)) + 0.3),
    "a factor that depends on the numbers": _mapped(lambda array: array * (1.5 + np.tanh(np.sum(array))) + 0.01),
    "arctangent": _mapped(lambda array: np.arctan(3 * array) + 0.2),
    "one entry off": _mapped(lambda array: array + 0.5 * (np.arange(array.size).reshape(array.shape) == 0)),
    "a little off": _mapped(lambda array: array * (1 + 1e-4 * _noise(array)) + 1e-4),
    "root": _mapped(lambda array: np.sqrt(np.abs(array) + 1.7)),
}


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_no_mistake_is_blamed_that_was_not_made(one: str, name: str) -> None:
    """What is wrong in a way that nobody has a name for gets no name."""
    if name == "relu_grad":
        # Two answers only: whatever is done to them is a constant.
        return
    for what, wrong in OTHERWISE_WRONG.items():
        found = diagnosed(one, name, wrong(SETS[one].exercises[name].reference))
        assert found is None, (what, found)
