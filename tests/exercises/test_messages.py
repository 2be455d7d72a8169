"""What a student reads: the first thing that is wrong, in the terms of the curriculum, and no numbers."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import wrong_ps1_chain_rule
import wrong_ps2_linear
import wrong_ps3_matrix
import wrong_ps4_blame
import wrong_ps5_two_layer
import wrong_ps5_whole
from judging import EXERCISES, SETS, assessed, right_namespace, verdict

from autograder.exercises.examination import examine


def _message(one: str, name: str, function: Any, seed: int = 0) -> str:
    return verdict(one, name, function, seed)[1]


def test_a_transposed_answer_is_told_both_shapes() -> None:
    """By named dimension: expected (4, 2) = (h, k), got (2, 4)."""
    message = _message("ps5_two_layer", "grad_W2", lambda A1, dZ2: dZ2.T @ A1)
    told = r"shape: expected \((\d), (\d)\) = \(h, k\), got \((\d), (\d)\): the two axes are exchanged"
    found = re.search(told, message)
    assert found
    assert found[1] == found[4]
    assert found[2] == found[3]


SHAPES: list[tuple[str, str, Callable[..., Any], str]] = [
    ("ps5_two_layer", "grad_b2", lambda dZ2: dZ2.sum(0), r"\(1, \d\) = \(1, k\), got \(\d,\): an axis is missing"),
    ("ps5_two_layer", "grad_b2", lambda dZ2: dZ2.sum(0)[None, None], r"got \(1, 1, \d\): there is an axis too many"),
    ("ps5_two_layer", "grad_b2", lambda dZ2: dZ2, r"axis 0 has \d entries and must have 1"),
    ("ps2_linear", "grad_x", lambda W, dL_dy: dL_dy, r"expected \(\d,\) = \(m,\), got \(\d,\): axis 0 has"),
    ("ps2_linear", "influence", lambda W, dL_dy, i: dL_dy, r"shape: expected a float, got an array of shape \(\d,\)"),
    ("ps4_blame", "forward", lambda x, W1, b1, W2, b2: (W1, b1, b2), r"z1: expected \(\d,\) = \(h,\), got \(\d, \d\)"),
    ("ps3_matrix", "grad_b", lambda dD: dD.sum(), r"type: expected an array of shape \(\d, 1\) = \(n, 1\), got"),
    ("ps3_matrix", "grad_b", lambda dD: [[0.0]], r"expected an array of shape .*, got a list of length 1"),
    ("ps3_matrix", "grad_b", lambda dD: dD.astype(int), r"array of float64 \(float32 is accepted\), got int64"),
    ("ps3_matrix", "grad_b", lambda dD: dD.astype(np.float16), r"got float16"),
    ("ps3_matrix", "grad_b", lambda dD: dD.sum(axis=1, keepdims=True) * np.nan, r"finite: holds NaN; look for"),
    ("ps3_matrix", "grad_b", lambda dD: dD.sum(axis=1, keepdims=True) + np.inf, r"finite: holds infinity"),
    ("ps1_chain_rule", "grad_pipeline", lambda x, a, b: "a", r"expected a float, got a str of length 1"),
    ("ps1_chain_rule", "grad_pipeline", lambda x, a, b: 10**400, r"a whole number too large"),
    ("ps1_chain_rule", "grad_pipeline", lambda x, a, b: 1j, r"expected a float, got a complex"),
    ("ps1_chain_rule", "grad_two_layers", lambda x, w1, w2: 1.0, r"expected a tuple \(dx, dw1, dw2\), got a float"),
    ("ps1_chain_rule", "grad_two_layers", lambda x, w1, w2: (1.0, 2.0), r"expected 3 values \(dx, dw1, dw2\), got 2"),
    ("ps5_two_layer", "backward", lambda X, Y, params: X, r"a dict with the keys W1, b1, W2, b2, got an array"),
    ("ps5_two_layer", "backward", lambda X, Y, params: {"W1": X}, r"the dict lacks the key 'b1'; it must have W1"),
    ("ps5_two_layer", "backward", lambda X, Y, params: {**params, "Z": X}, r"has 5 keys; it must have exactly W1"),
    ("ps4_blame", "blame_bar", lambda value: 3, r"type: expected a string, got an int"),
    ("ps4_blame", "blame_bar", lambda value: "", r"the text has another length than it must have"),
    ("ps4_blame", "blame_bar", lambda value: "I" * int(abs(value) * 10), r"value: the text has .* other characters"),
]


@pytest.mark.parametrize(("one", "name", "function", "text"), SHAPES)
def test_form_is_told_in_words(one: str, name: str, function: Callable[..., Any], text: str) -> None:
    """Type, then shape, then finiteness: each with what was expected and what came."""
    assert re.search(text, _message(one, name, function))


def test_a_missing_function_is_named() -> None:
    """A deleted cell is not a crash of the grader."""
    namespace = right_namespace("ps3_matrix")
    del namespace["grad_W"]
    assessment, message = assessed("ps3_matrix", "grad_W", namespace, 0)
    assert "grad_W is not defined; was its cell deleted, renamed or stopped by an error?" in message
    assert [(check.name, check.passed) for check in assessment.checks] == [("defined", False)]


@pytest.mark.parametrize("value", [None, 3.0, np.zeros(3), "grad_W"])
def test_what_is_no_function_is_named(value: Any) -> None:
    """A name that holds something else says what it holds."""
    assert f"grad_W is not a function but a {type(value).__name__}" in _message("ps3_matrix", "grad_W", value)


def test_a_stub_is_called_once() -> None:
    """The released stub is told apart from a mistake."""
    calls: list[int] = []

    def stub(*args: Any, **named: Any) -> Any:
        calls.append(1)
        raise NotImplementedError

    message = _message("ps3_matrix", "forward", stub)
    assert "runs: not written yet: the function still raises NotImplementedError" in message
    assert len(calls) == 1


def test_nothing_returned() -> None:
    """A print in place of a return is common enough to be asked after."""
    assert "got None (is there a return statement?)" in _message("ps3_matrix", "grad_W", lambda dD, X: None)


def _writes(d_a1: Any, z1: Any) -> Any:
    d_a1[z1 <= 0] = 0
    return d_a1


def test_writing_to_arguments_is_told() -> None:
    """Read-only arguments raise, writable ones are compared; both messages say what to do."""
    message = _message("ps4_blame", "grad_z1", _writes)
    assert "runs: tried to write to one of its arguments" in message
    assert "purity: changed one of its arguments in place; work on a copy or make a new array" in message


def _raises(*args: Any, **named: Any) -> Any:
    msg = "no\n  such   thing"
    raise KeyError(msg)


def test_an_error_of_the_function_is_its_answer() -> None:
    """The type of the exception and its text on one line."""
    message = _message("ps3_matrix", "grad_W", _raises)
    assert "runs: raised KeyError: " in message
    assert len(message.splitlines()) == 2


def test_wrong_values_are_placed() -> None:
    """The message says where the largest difference is, and in how many cases there is one."""

    def one_off(dD: Any, X: Any) -> Any:
        found = dD @ X.T
        found[0, -1] += 1.0
        return found

    message = _message("ps3_matrix", "grad_W", one_off)
    assert re.search(r"value: the shape is right, the values are off by .* most at entry \[0, \d\] of shape", message)
    assert "(in every case tried)" in message
    assert "gradient_check: your answer does not say how the forward value changes when W is nudged" in message


def test_a_wrong_step_is_told_what_a_step_does() -> None:
    """The descent check speaks of the loss."""
    message = _message("ps1_chain_rule", "learning_step", lambda w, x, target, lr: w + lr * 2 * (w * x - target) * x)
    assert "descent: one small step does not lower the loss" in message


def test_too_many_evaluations_are_counted() -> None:
    """The special check of numerical_grad says how many calls there were and how many are enough."""
    mistake = wrong_ps2_linear.WRONG["numerical_grad"]["five points"]
    message = _message("ps2_linear", "numerical_grad", mistake)
    assert re.search(r"called f \d+ times where 2\*m \+ 1 = \d+ are enough", message)


def test_a_warning_is_told_only_where_it_is_forbidden() -> None:
    """An overflow in the sigmoid neuron costs points, and the message names the warning."""

    def warns(x: float, w: float) -> Any:
        np.exp(np.float64(1000.0))
        small = np.exp(-abs(x * w))
        return w * small / (1 + small) ** 2, x * small / (1 + small) ** 2

    assert "warnings: warned: RuntimeWarning: overflow" in _message("ps1_chain_rule", "grad_sigmoid_neuron", warns)


CORPUS = {
    "ps1_chain_rule": wrong_ps1_chain_rule.WRONG,
    "ps2_linear": wrong_ps2_linear.WRONG,
    "ps3_matrix": wrong_ps3_matrix.WRONG,
    "ps4_blame": wrong_ps4_blame.WRONG,
    "ps5_two_layer": {**wrong_ps5_two_layer.WRONG, **wrong_ps5_whole.WRONG},
}


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, (tuple, list)):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        for part in value.values():
            yield from _numbers(part)
    elif isinstance(value, (float, np.floating, np.ndarray)):
        yield from (float(one) for one in np.ravel(value))


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_no_message_holds_a_hidden_number(one: str, name: str) -> None:
    """Neither an input nor an expected value, however it would be written, is in any message."""
    exercise = SETS[one].exercises[name]
    for mistake in list(CORPUS[one][name].values())[:16]:
        hidden: set[float] = set()

        def listening(*args: Any, mistake: Any = mistake, hidden: Any = hidden, **named: Any) -> Any:
            hidden.update(_numbers(args), _numbers(named), _numbers(exercise.reference(*args, **named)))
            return mistake(*args, **named)

        checks = examine(exercise, listening, np.random.default_rng(5))
        told = set(re.findall(r"-?\d+\.\d+(?:e[-+]?\d+)?", " ".join(check.message for check in checks)))
        for number in hidden:
            if number != round(number, 1):
                assert told.isdisjoint({repr(number), f"{number:.6g}", f"{number:.4g}", f"{number:.3g}"})
