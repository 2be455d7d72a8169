"""Answers that make a plain test's comparison say nothing: without entries, or made to fit what the test makes."""

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, locked, solution

SETUP = locked("setup", "import numpy as np\nfrom numpy import allclose\nfrom numpy.testing import assert_allclose")
SQUARE = "def f(x):\n    return x * x"
VECTOR = "np.array([1.0, 2.0])"
COMPARED = (
    f"assert np.allclose(f({VECTOR}), [1.0, 4.0])",
    f"assert allclose([1.0, 4.0], f({VECTOR}))",
    f"assert np.isclose(f({VECTOR}), [1.0, 4.0]).all()",
    f"assert (f({VECTOR}) == np.array([1.0, 4.0])).all()",
    f"assert np.all(np.abs(f({VECTOR}) - np.array([1.0, 4.0])) < 1e-9)",
    f"assert np.linalg.norm(f({VECTOR}) - np.array([1.0, 4.0])) < 1e-9",
    f"assert np.sum((np.array([1.0, 4.0]) - f({VECTOR})) ** 2) < 1e-9",
    f"assert np.array_equal(f({VECTOR}), [1.0, 4.0])",
    f"np.testing.assert_allclose(f({VECTOR}), [1.0, 4.0])",
    "assert np.allclose(f(3.0), 9.0)",
    "assert_allclose(f(3.0), 9.0)",
    "np.testing.assert_almost_equal(f(3.0), 9.0)",
    "np.testing.assert_array_almost_equal(9.0, f(3.0))",
    "np.testing.assert_equal(f(np.array(3.0)), 9.0)",
    "assert np.allclose(f(np.array([3.0])), [9.0])",
)
NOTHING = ("np.empty(0)", "np.empty((0, 1))", "np.empty((0, 2), dtype=np.float32)", "[]", "np.empty(0, dtype=int)")


@pytest.mark.parametrize("test", COMPARED)
def test_an_answer_without_entries_equals_no_answer_that_has_some(grader: Grader, test: str) -> None:
    """NumPy stretches nothing against anything, and of nothing everything holds; it earns nothing all the same."""
    cells = SETUP, solution("f", SQUARE), check("test_f", test, 2)
    for answer in NOTHING:
        assert grader.judge(*cells, f=f"import numpy as np\ndef f(x):\n    return {answer}").scores == {"f": 0}
    assert grader.judge(*cells, f=SQUARE).scores == {"f": 2}


# What NumPy makes an array without entries of; the last ones are objects of the student's.
LIKE_NOTHING = (
    "()", "[[], []]", "[np.empty(0)]", "range(0)", "collections.deque()", "np.array([], dtype=object)",
    "pd.Series([], dtype=float)", "pd.DataFrame({'a': []})", "memoryview(b'')", "Sized()", "[Sized(), []]",
    "np.matrix(np.empty((0, 1)))", "np.ma.array([], dtype=float)", "np.zeros(0).view(np.recarray)",
)  # fmt: skip
LIKE_ARRAYS = """import collections
import numpy as np
import pandas as pd
class Sized:
    def __len__(self):
        return 0
    def __getitem__(self, place):
        raise IndexError(place)
"""
COMPARED_AS_ARRAYS = (
    "np.allclose(FUNCTION(3.0), 9.0)",
    "np.allclose(b=9.0, a=FUNCTION(3.0))",
    "np.all(np.array(FUNCTION(3.0)) == [9.0])",
    "np.testing.assert_allclose(desired=9.0, actual=FUNCTION(3.0)) is None",
)


def test_nothing_in_any_form_equals_no_answer_that_has_some(grader: Grader) -> None:
    """Whatever NumPy would make an array without entries of earns nothing either, however it is compared."""
    forms = {f"f{number}": form for number, form in enumerate(LIKE_NOTHING)}
    cells, scores = [SETUP], {}
    for name in forms:
        cells.append(solution(name, f"def {name}(x):\n    return x * x"))
        for number, compared in enumerate(COMPARED_AS_ARRAYS):
            test = f"test_{name}_{number}"
            cells.append(check(test, f"assert {compared.replace('FUNCTION', name)}", 1))
            scores[test] = 0.0
    texts = {name: f"{LIKE_ARRAYS}def {name}(x):\n    return {form}" for name, form in forms.items()}
    outcome = grader.judge(*cells, **texts)
    assert outcome.scores == scores
    assert "has no entries" in outcome.message("test_f0_0")


def test_a_test_that_speaks_of_a_mask_alone_takes_no_masked_entries(grader: Grader) -> None:
    """Masked entries agree with anything; only a test that knows of NumPy's masked arrays gets them."""
    test = f"mask = np.array([True, True])\nnp.testing.assert_allclose(f({VECTOR})[mask], [1.0, 4.0])"
    cells = SETUP, solution("f", SQUARE), check("test_f", test, 2)
    masked = "import numpy as np\ndef f(x):\n    return np.ma.array([9.0, 9.0], mask=True)"
    assert grader.judge(*cells, f=masked).scores == {"f": 0}
    assert grader.judge(*cells, f=SQUARE).scores == {"f": 2}


RIGHTLY_EMPTY = f"""assert type(f(np.empty((0, 2)))) is np.ndarray
r = f(np.empty((0, 2)))
assert r.shape == (0, 2) and isinstance(r, np.ndarray) and np.array_equal(r, np.empty((0, 2)))
np.testing.assert_array_equal(r, np.empty((0, 2)))
np.testing.assert_allclose(r, np.empty((0, 2)))
assert (r >= 0).all() and np.allclose(r, np.empty((0, 2))) and r.sum() == 0 and r.size == len(r) == 0
assert np.concatenate([r, np.ones((1, 2))]).shape == (1, 2) and (r @ np.ones((2, 3))).shape == (0, 3)
assert repr(r) == repr(np.empty((0, 2))) and str(r) == "[]" and r.tolist() == []
assert f(r).shape == (0, 2) and (r + 1).shape == (0, 2) and np.exp(r, out=r) is not None
assert f({VECTOR})[1] == 4"""


def test_an_answer_that_is_rightly_empty_is_an_array_as_any_other(grader: Grader) -> None:
    """Where the right answer has no entries, a test may do with it what it does with any array."""
    cells = SETUP, solution("f", SQUARE), check("test_f", RIGHTLY_EMPTY, 2)
    assert grader.judge(*cells, f=SQUARE).scores == {"f": 2}


MADE_TO_FIT = {
    "an array": (f"x = {VECTOR}\nassert np.allclose(f(x), x * x)", "x[...] = 0\n    return x"),
    "an array, the other way round": (
        f"x = {VECTOR}\ny = f(x)\nassert np.allclose(x**2, y)",
        "x *= 0\n    return x + 0",
    ),
    "in a loop": (
        "for n in (2, 3):\n    x = np.arange(1.0, n)\n    np.testing.assert_allclose(f(x), np.square(x))",
        "x[:] = 1\n    return np.ones(len(x))",
    ),
    "by the test's own reference": (
        f"def reference(x):\n    return x * x\nx = {VECTOR}\nassert np.allclose(f(x), reference(x))",
        "x.fill(1.0)\n    return x",
    ),
}


@pytest.mark.parametrize(("test", "body"), MADE_TO_FIT.values(), ids=MADE_TO_FIT)
def test_an_argument_that_is_changed_to_fit_the_answer_earns_nothing(grader: Grader, test: str, body: str) -> None:
    """A test that compares `f(x)` with what it makes of `x` is not to be had by another `x`."""
    cells = SETUP, solution("f", SQUARE), check("test_f", test, 2)
    outcome = grader.judge(*cells, f=f"import numpy as np\ndef f(x):\n    {body}")
    assert outcome.scores == {"f": 0}
    assert "changed an argument in place" in outcome.message("f")
    assert grader.judge(*cells, f=SQUARE).scores == {"f": 2}


HONEST = {
    "an answer that is its argument": (SQUARE, f"assert np.allclose(f({VECTOR}), [1, 4])", "x *= x\n    return x"),
    "compared with its argument": (
        "def f(x):\n    return x - x.mean()",
        f"x = {VECTOR}\nassert np.allclose(f(x), x - x.mean())",
        "x -= x.mean()\n    return x",
    ),
    "a change that is asked for": (
        "def f(x):\n    x.sort()\n    return len(x)",
        "x = [3, 1]\nn = f(x)\nassert n == 2 and x == [1, 3]",
        "x.sort()\n    return len(x)",
    ),
    "a change by another function": (
        "def put(x):\n    x[0] = 5\ndef f(x):\n    put(x)\n    return x",
        "x = [3, 1]\nassert f(x) == [5, 1] and x == [5, 1]",
        "x[0] = 5\n    return x",
    ),
    "a change that the text does not plainly show": (
        "def f(x):\n    y = x\n    y[0] += 4\n    return 1",
        "x = [1, 1]\nassert f(x) == 1\nassert x == [5, 1]",
        "x[0] = 5\n    return 1",
    ),
    "an answer that is not known": (
        "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()",
        "x = [3, 1]\nassert f(x) is x and x == [1, 3]",
        "x.sort()\n    return x",
    ),
}


@pytest.mark.parametrize(("own", "test", "body"), HONEST.values(), ids=HONEST)
def test_an_honest_change_of_an_argument_keeps_its_points(grader: Grader, own: str, test: str, body: str) -> None:
    """Where the answer is right with its arguments as they were, or changing them is asked for, it earns all points."""
    cells = SETUP, solution("f", own), check("test_f", test, 2)
    assert grader.judge(*cells, f=f"def f(x):\n    {body}").scores == {"f": 2}


POINT = "class Point:\n    def __init__(self, x):\n        self.x = x"
MIRROR = "def mirror(p):\n    return [Point(-p.x)]"
# What a student would write to say of the test's own object what it holds, as a value and not as a change.
FORGED_STATE = """import gc
def mirror(p):
    channel = next(one for one in gc.get_objects() if type(one).__name__ == "Loop").channel
    send = channel.send
    def forged(header, body=b"", *rest):
        channel.send = send
        value = ["l", 0, [["x", 1, ["__main__", "Point"], [["x", 0.0]], 0]]]
        return send({**header, "value": value, "changed": []}, b"")
    channel.send = forged
    return p"""


def test_an_object_of_the_tests_that_a_forged_value_changes_earns_nothing(grader: Grader) -> None:
    """An answer that lets the test's own object hold something else has changed an argument, whatever it says."""
    test = "p = Point(3.0)\nq = mirror(p)[0]\nassert q.x == -p.x"
    cells = locked("setup", POINT), solution("mirror", MIRROR), check("test_mirror", test, 2)
    outcome = grader.judge(*cells, mirror=FORGED_STATE)
    assert outcome.scores == {"mirror": 0}
    assert "changed an argument in place" in outcome.message("mirror")
    assert grader.judge(*cells, mirror=MIRROR).scores == {"mirror": 2}
    assert grader.judge(*cells, mirror="def mirror(p):\n    p.seen = 1\n    return [Point(-p.x), p]").scores == {
        "mirror": 2
    }


def test_another_functions_change_hides_none(grader: Grader) -> None:
    """A test that also calls a function that changes its argument looks at the others' changes all the same."""
    fill = "def fill(row):\n    row[0] = 5.0"
    test = f"row, x = [0.0], {VECTOR}\nfill(row)\nassert row == [5.0]\nassert np.allclose(f(x), x * x)"
    cells = SETUP, solution("fill", fill), solution("f", SQUARE), check("test_f", test, 2)
    wrong = "def f(x):\n    x[:] = 1.0\n    return x + 0.0"
    assert grader.judge(*cells, fill=fill, f=wrong).scores == {"f": 0}
    assert grader.judge(*cells, fill=fill, f=SQUARE).scores == {"f": 2}
    assert grader.judge(*cells, fill=fill, f="def f(x):\n    x *= 1\n    return x * x").scores == {"f": 2}
