"""The five sets' own tests: no answer passes that is not right, and no stand-in earns what nobody wrote."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from arena import SOLVED, Arena, corpus
from helpers.grading import assignment_from
from helpers.notebooks import SETS, check, code, hidden, notebook, position_of, released, replaced, solution

from autograder.exercises import ProblemSet
from autograder.exercises.examination import does_the_same

JUDGED = corpus("judged")
# W x with its arguments exchanged is a product of a row and a matrix: NumPy's work, and the student's formula.
A_PRODUCT = ("linear", "grad_x")


@pytest.mark.parametrize("name", JUDGED)
def test_an_answer_that_is_not_right_loses_its_points(arena: Arena, name: str) -> None:
    """An answer that changes, pretends, or is of another kind loses its own points and no others."""
    text = JUDGED[name]
    if "class grad_W" in text or "def grad_W" in text:
        own = "\nimport numpy as np\ndef outer(x, dL_dy):\n    return np.outer(dL_dy, x)"
        chain = str(next(one for one in SOLVED["ps2_linear"]["cells"] if "def grad_chain" in one["source"])["source"])
        arena.set_loses(
            "ps2_linear", {"grad_W": text + own, "grad_chain": chain.replace("grad_W(", "outer(")}, "grad_W"
        )


def test_the_same_work_under_another_name_stays_unpaid(arena: Arena) -> None:
    """A function that a limit ended stands in for none that does the same work, whatever the visible part does."""
    names = ("grad_W2", "grad_W1")
    test = "from solutions.ps5_two_layer import EXERCISES\nEXERCISES.assess('{0}', globals())"
    cells = [cell for name in names for cell in (solution(name), check(f"test_{name}", hidden(test.format(name)), 3))]
    dying = "import os\ndef grad_W2(A1, dZ2):\n    os._exit(0)"
    given = replaced(
        released(notebook(*cells)), {"grad_W2": dying, "grad_W1": "def grad_W1(X, dZ1):\n    return grad_W2(X, dZ1)"}
    )
    assert arena.grader.grade(given, assignment_from(notebook(*cells))).scores == {"grad_W2": 0, "grad_W1": 0}
    raising = replaced(given, {"grad_W2": "def grad_W2(A1, dZ2):\n    raise ValueError"})
    assert arena.grader.grade(raising, assignment_from(notebook(*cells))).scores == {"grad_W2": 0, "grad_W1": 0}


def _set_of(name: str) -> ProblemSet:
    module = __import__(f"solutions.{name}", fromlist=["EXERCISES"])
    found = module.EXERCISES
    assert isinstance(found, ProblemSet)
    return found


@pytest.mark.parametrize("name", SETS)
def test_no_earlier_function_answers_a_later_one_in_another_order(name: str) -> None:
    """What is not kept from standing in gives a later answer neither as it is nor with its arguments exchanged."""
    problems = _set_of(name)
    for later, exercise in problems.exercises.items():
        for other in problems.earlier_than(later).values():
            if (other.name, later) == A_PRODUCT or does_the_same(other, exercise, np.random.default_rng(5)):
                continue
            for order in itertools.permutations(range(len(other.arguments))):
                turned = _turned(other.reference, order)
                assert not does_the_same(replace(other, reference=turned), exercise, np.random.default_rng(5)), later


def _turned(reference: object, order: tuple[int, ...]) -> object:
    assert callable(reference)
    names = [f"a{place}" for place in range(len(order))]
    # A signature of its own, because an exercise reads its arguments' names off the reference.
    made: dict[str, object] = {"reference": reference}
    exec(f"def turned({', '.join(names)}): return reference({', '.join(names[one] for one in order)})", made)
    return made["turned"]


def test_a_stand_in_used_as_a_mere_product_charges_its_own_points_only(arena: Arena) -> None:
    """Who left `forward` unwritten but knows that grad_W is dD·Xᵀ keeps the points of grad_W, and is told why.

    The formula is the student's own; the product is in NumPy for everybody. The points of `forward` are lost.
    """
    texts = {
        "forward": "def forward(W, X, b):\n    raise NotImplementedError()",
        "grad_W": "import numpy as np\ndef grad_W(dD, X):\n    return forward(dD, X.T, np.zeros((len(dD), 1)))",
    }
    outcome = arena.set_loses("ps3_matrix", texts, "forward")
    follow = outcome["grad_W"].checks[-1]
    assert (follow.name, follow.passed) == ("follow_through", True)
    wrong = {
        **texts,
        "grad_W": "import numpy as np\ndef grad_W(dD, X):\n    return forward(X, dD.T, np.zeros((len(X), 1)))",
    }
    arena.set_loses("ps3_matrix", wrong, "forward", "grad_W")


def test_a_stand_in_can_not_be_kept_for_its_own_test(arena: Arena) -> None:
    """The grader's function that stood in for one is of no use when that one is judged later."""
    keep = "kept = []\ndef grad_b(dD):\n    kept.append(forward)\n    return forward(dD, dD.T[:, :1], dD[:, :1])"
    use = "def forward(W, X, b):\n    for one in kept:\n        return one(W, X, b)\n    raise NotImplementedError()"
    given = replaced(SOLVED["ps3_matrix"], {"forward": use, "grad_b": keep})
    cells = given["cells"]
    test = next(cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") == "test_forward")
    cells.append(cells.pop(cells.index(test)))
    assert arena.grader.grade_set("ps3_matrix", given).scores["forward"] == 0


def test_a_moved_test_can_not_be_asked_for_before_it_is_judged(arena: Arena) -> None:
    """Whose test stands behind another's does not stand in there: answers would tell which formula is right."""
    ask = "asked = []\ndef backward(X, Y, params):\n    asked.append(grad_W1(X, X))\n    raise ValueError"
    use = "def grad_W1(X, dZ1):\n    return X.T @ dZ1 if asked else None"
    given = replaced(SOLVED["ps5_two_layer"], {"grad_W1": "", "backward": ask})
    cells = given["cells"]
    test = cells.pop(position_of(given, "test_grad_W1"))
    place = position_of(given, "test_backward") + 1
    cells[place:place] = [code(use), test]
    assert arena.grader.grade_set("ps5_two_layer", given).scores["grad_W1"] == 0


def test_writing_to_a_read_only_argument_is_seen(arena: Arena) -> None:
    """A function that lifts an argument's lock and writes has tried to; one that puts all back has changed nothing."""
    test = "import numpy as np\nx = np.arange(3.0)\nx.flags.writeable = False\nassert f(x) == 3\nassert x[0] == 0"
    cells = (solution("f"), check("test_f", test))
    lift = "def f(x):\n    x.flags.writeable = True\n    x[0] = 9\n"
    assert "read-only" in arena.grader.judge(*cells, f=f"{lift}    return 3").message("f")
    back = f"{lift}    x[0] = 0\n    x.flags.writeable = False\n    return 3"
    assert arena.grader.judge(*cells, f=back).lost == {}
