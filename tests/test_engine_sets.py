"""The five sets through the whole engine: right copies, stubs, one exercise wrong at a time, mistakes upstream."""

import pytest
from helpers.grading import Grader
from helpers.notebooks import SETS, grade_id_of, released, replaced, solved, source

RIGHT = {name: solved(source(name)) for name in SETS}
ALL = [
    (name, grade_id_of(cell)[5:])
    for name in SETS
    for cell in RIGHT[name]["cells"]
    if grade_id_of(cell).startswith("test_")
]


@pytest.mark.parametrize("name", SETS)
def test_the_instructors_answers_earn_all_points(grader: Grader, name: str) -> None:
    """The release with the instructor's solutions earns every point, without a warning or an odd cell."""
    outcome = grader.grade_set(name, RIGHT[name])
    assert outcome.lost == {}
    assert outcome.result.max_score == grader.sets[name].max_score > 0
    assert outcome.result.warnings == ()


@pytest.mark.parametrize("name", SETS)
def test_the_release_earns_nothing(grader: Grader, name: str) -> None:
    """The release as it is earns no point, and every exercise says that it is not written yet."""
    outcome = grader.grade_set(name, released(source(name)))
    assert outcome.result.score == 0
    assert outcome.result.warnings == ()
    for exercise in outcome.result.exercises:
        assert not exercise.could_not_judge
        assert "not written yet" in outcome.message(exercise.name)


@pytest.mark.parametrize("name", SETS)
def test_hidden_cases_hang_on_the_seed_and_right_answers_do_not(grader: Grader, name: str) -> None:
    """Right answers are right for every seed."""
    for seed in ("00" * 32, "ff" * 32):
        assert grader.grade(RIGHT[name], grader.sets[name], seed).lost == {}


@pytest.mark.parametrize(("name", "function"), ALL)
def test_one_unwritten_function_costs_its_own_points(grader: Grader, name: str, function: str) -> None:
    """A function that is not written loses its own points; those that call it are judged with the grader's."""
    given = replaced(RIGHT[name], {function: f"def {function}(*_, **__):\n    raise NotImplementedError()"})
    outcome = grader.grade_set(name, given)
    assert outcome.lost == {function: outcome[function].max_score}


WRONG = "import numpy as np\ndef grad_x(W, dL_dy):\n    return -(W.T @ dL_dy)"
DIES = "def grad_x(W, dL_dy):\n    import os\n    os._exit(1)"
CHAIN = """def grad_chain(W1, W2, x, dL_dy):
    d_hidden = grad_x(W2, dL_dy)
    return grad_x(W1, d_hidden), grad_W(x, d_hidden), grad_W(W1 @ x, dL_dy)"""
LOOPS = "def grad_x(W, dL_dy):\n    while True: pass"


@pytest.mark.parametrize("text", [WRONG, DIES, LOOPS])
def test_a_mistake_upstream_is_charged_once_and_told(impatient: Grader, text: str) -> None:
    """A function that calls a wrong, dying or looping one keeps its points, and its checks say whose was used."""
    outcome = impatient.grade_set("ps2_linear", replaced(RIGHT["ps2_linear"], {"grad_x": text, "grad_chain": CHAIN}))
    assert outcome.lost == {"grad_x": 2}
    told = [one.message for one in outcome["grad_chain"].checks if one.name == "follow_through"]
    assert len(told) == 1
    assert "judged with the grader's" in told[0]
    assert "grad_x in place of yours" in told[0]


CHANGES = """def backward(X, Y, params):
    Z1, A1, _, A2 = forward(X, **params)
    dZ2 = grad_Z2(A2, Y)
    dZ1 = grad_Z1(grad_A1(dZ2, params["W2"]), Z1)
    grads = {"W1": grad_W1(X, dZ1), "b1": grad_b1(dZ1), "W2": grad_W2(A1, dZ2), "b2": grad_b2(dZ2)}
    X *= 2
    return grads"""


def test_an_argument_that_an_earlier_function_changes_is_charged_once(grader: Grader) -> None:
    """Who calls a function that changes its arguments keeps the points."""
    outcome = grader.grade_set("ps5_two_layer", replaced(RIGHT["ps5_two_layer"], {"backward": CHANGES}))
    assert outcome.lost == {"backward": 5}


def test_a_mistake_of_its_own_is_charged_with_the_graders_functions_too(grader: Grader) -> None:
    """A wrong function that calls a wrong one loses its own points as well."""
    text = "def grad_chain(W1, W2, x, dL_dy):\n    return grad_x(W1, dL_dy), grad_W(x, dL_dy), grad_W(x, dL_dy)"
    outcome = grader.grade_set("ps2_linear", replaced(RIGHT["ps2_linear"], {"grad_x": WRONG, "grad_chain": text}))
    assert outcome.lost == {"grad_x": 2, "grad_chain": 4}


def test_a_function_in_the_place_of_another_earns_nothing(grader: Grader) -> None:
    """A function that only calls an earlier one of the set earns no point for it."""
    text = "def grad_W(x, dL_dy):\n    return grad_x(x, dL_dy)"
    assert grader.grade_set("ps2_linear", replaced(RIGHT["ps2_linear"], {"grad_W": text})).lost == {"grad_W": 2}


STYLES = {
    "loops": """def grad_W(dD, X):
    dW = np.zeros((dD.shape[0], X.shape[0]))
    for i in range(dD.shape[0]):
        for j in range(X.shape[0]):
            for k in range(X.shape[1]):
                dW[i, j] += dD[i, k] * X[j, k]
    return dW""",
    "einsum": "def grad_W(dD, X):\n    return np.einsum('ik,jk->ij', dD, X)",
    "Fortran order": "def grad_W(dD, X):\n    return np.asfortranarray(dD @ X.T)",
    "a view": "def grad_W(dD, X):\n    return (X @ dD.T).T",
    "a strided view": """def grad_W(dD, X):
    out = np.zeros((2 * len(dD), 2 * len(X)))
    out[::2, ::2] = dD @ X.T
    return out[::2, ::2]""",
    "read-only": "def grad_W(dD, X):\n    out = dD @ X.T\n    out.flags.writeable = False\n    return out",
    "big-endian": "def grad_W(dD, X):\n    return (dD @ X.T).astype('>f8')",
    "pandas": "import pandas as pd\ndef grad_W(dD, X):\n    return (pd.DataFrame(dD) @ pd.DataFrame(X).T).to_numpy()",
    "a class": "class Layer:\n    def __call__(self, dD, X):\n        return dD @ X.T\ngrad_W = Layer()",
    "a decorator": """import functools
def shown(f):
    @functools.wraps(f)
    def g(*a, **k):
        print('called')
        return f(*a, **k)
    return g
@shown
def grad_W(dD, X):
    return dD @ X.T""",
    "a star import": "from numpy import *\ndef grad_W(dD, X):\n    return dot(dD, X.T)",
    "float32": "def grad_W(dD, X):\n    return (dD.astype(np.float32) @ X.T.astype(np.float32))",
}  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_a_right_answer_in_any_style_earns_all_points(grader: Grader, style: str) -> None:
    """A right gradient, however it is written or laid out in memory, earns its points."""
    assert grader.grade_set("ps3_matrix", replaced(RIGHT["ps3_matrix"], {"grad_W": STYLES[style]})).lost == {}


def test_the_same_submission_is_graded_the_same_twice(grader: Grader) -> None:
    """A regrade with the same seed gives the same checks and messages."""
    given = replaced(RIGHT["ps5_two_layer"], {"softmax": "def softmax(Z):\n    return np.exp(Z) / np.exp(Z).sum()"})
    first, second = (grader.grade_set("ps5_two_layer", given).result.exercises for _ in range(2))
    assert first == second
