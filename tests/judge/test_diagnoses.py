"""What a wrong answer looks like: from the test cell to the report and every form of it, and only where it is wrong."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.grading import LOW, Grader, Outcome, solved_by
from helpers.notebooks import solved, source

from autograder.callloop.limits import Limits
from autograder.report import LOOKS_LIKE, Isolation, Report
from autograder.writers.json_report import as_json
from autograder.writers.junit import as_junit
from autograder.writers.terminal import submission_text

NAME = "ps5_two_layer"
WRONG = {
    "grad_W2": "def grad_W2(A1, dZ2):\n    return dZ2.T @ A1 / len(A1)",
    "grad_A1": "def grad_A1(dZ2, W2):\n    return dZ2 @ W2",
    "grad_b2": "def grad_b2(dZ2):\n    print('here')\n    return np.sum(dZ, axis=0, keepdims=True)",
    "grad_W1": "m = 10\ndef grad_W1(X, dZ1):\n    return X.T @ dZ1 / m",
}
NAMES = {
    "grad_W2": "transposed-and-over-m",
    "grad_A1": "wrong-way-round-W2",
    "grad_b2": "name-not-defined",
    "grad_W1": "batch-of-the-example",
}


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    """One running grader for all tests of this module."""
    one = Grader(Limits(), tmp_path_factory.mktemp("submissions"))
    yield one
    one.close()


@pytest.fixture(scope="module")
def wrong(grader: Grader) -> Outcome:
    """A submission with four mistakes."""
    return grader.grade_set(NAME, solved_by(NAME, WRONG))


def _report(outcome: Outcome) -> Report:
    return Report(NAME, Isolation("full", ("namespaces",)), (outcome.result,))


def test_each_mistake_is_in_the_report(wrong: Outcome) -> None:
    """By its name and with a message, made in the sandbox from the student's own function."""
    found = {name: wrong[name].diagnosis for name in WRONG}
    assert {name: one.id if one else "" for name, one in found.items()} == NAMES


def test_a_stub_is_told_and_nothing_else(wrong: Outcome) -> None:
    """What is not written yet is no mistake in a formula."""
    diagnosis = wrong["softmax"].diagnosis
    assert diagnosis is not None
    assert diagnosis.id == "not-written"


def test_the_operands_that_do_not_fit_are_named(wrong: Outcome) -> None:
    """With their named dimensions, as in the docstrings."""
    diagnosis = wrong["grad_A1"].diagnosis
    assert diagnosis is not None
    assert "dZ2 (m, k) and W2 (h, k)" in diagnosis.message


def test_every_form_of_the_report_tells_it(wrong: Outcome) -> None:
    """JSON, JUnit and the terminal; null in JSON where there is none."""
    diagnosis = wrong["grad_W2"].diagnosis
    assert diagnosis is not None
    exercises = as_json(_report(wrong))["submissions"][0]["exercises"]
    told = {one["name"]: one["diagnosis"] for one in exercises}
    assert told["grad_W2"] == {"id": diagnosis.id, "message": diagnosis.message}
    assert json.loads(json.dumps(told)) == told
    failures = {
        case.get("name"): case.findtext("failure") for case in ET.fromstring(as_junit(_report(wrong))).iter("testcase")
    }
    assert f"{LOOKS_LIKE}: {diagnosis.message}" in (failures["grad_W2"] or "")
    assert f"{LOOKS_LIKE}: {diagnosis.message}" in submission_text(wrong.result)


def test_the_graded_notebook_tells_it(wrong: Outcome) -> None:
    """Below the checks, in the test cell's output; what the function prints on the way is not shown again."""
    cells = (wrong.graded.notebook or {})["cells"]
    position = next(
        at for at, cell in enumerate(cells) if cell["metadata"].get("nbgrader", {}).get("grade_id") == "test_grad_b2"
    )
    text = json.dumps(wrong.outputs(position))
    assert LOOKS_LIKE in text
    assert "did you mean dZ2" in text


def test_a_right_answer_is_not_diagnosed(grader: Grader) -> None:
    """Nothing is looked for where nothing is wrong."""
    right = grader.grade_set(NAME, solved(source(NAME)))
    assert right.lost == {}
    assert [one.diagnosis for one in right.result.exercises] == [None] * len(right.result.exercises)


def test_an_endless_function_is_not_called_again(tmp_path: Path) -> None:
    """A limit ends the examination and the diagnosis with it; the neighbours keep their points and their diagnoses."""
    grader = Grader(LOW, tmp_path)
    texts = {
        "linear": "def linear(W, x):\n    while True:\n        pass",
        "grad_x": "def grad_x(W, dL_dy):\n    return -W.T @ dL_dy",
    }
    outcome = grader.grade_set("ps2_linear", solved_by("ps2_linear", texts))
    grader.close()
    assert outcome["linear"].diagnosis is None
    diagnosis = outcome["grad_x"].diagnosis
    assert diagnosis is not None
    assert diagnosis.id == "sign"
    assert outcome.result.seconds < 30
