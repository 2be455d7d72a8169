"""No function of the student's takes the place of one that the instructor's cells define, nor a file that of a file."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from helpers.grading import Grader, assignment_from
from helpers.notebooks import Json, check, hidden, locked, notebook, position_of, released, replaced, solution

EVIL = "def f(x):\n    return 0\ndef close(a, b):\n    return True"
CLOSE = "def close(a, b):\n    return abs(a - b) < 1e-9"
TEST = check("test_f", "assert close(f(3), 9)\n" + hidden("assert close(f(5), 25)"))
COURSE = notebook(locked("setup", CLOSE), solution("f"), TEST)


def _moved(given: Json) -> None:
    given["cells"].append(given["cells"].pop(position_of(given, "setup")))


def _without_metadata(given: Json) -> None:
    for cell in given["cells"]:
        cell["metadata"] = {}
    given["cells"].append(given["cells"].pop(0))


def _renamed_and_copied(given: Json) -> None:
    setup = given["cells"][position_of(given, "setup")]
    given["cells"].append({**setup, "metadata": {"nbgrader": dict(setup["metadata"]["nbgrader"])}})
    setup["metadata"]["nbgrader"]["grade_id"] = "another"


@pytest.mark.parametrize("change", [_moved, _without_metadata, _renamed_and_copied])
def test_a_helper_of_a_cell_that_was_moved_is_not_the_students(grader: Grader, change: Callable[[Json], None]) -> None:
    """Behind the test, a locked cell's function is missing there; one of the student's does not stand in for it."""
    given = replaced(released(COURSE), {"f": EVIL})
    change(given)
    assert grader.grade(given, assignment_from(COURSE)).scores == {"f": 0}


def test_a_helper_of_a_test_that_failed_is_not_the_students(grader: Grader) -> None:
    """Who gives up one test does not get to define what it defines for the next."""
    first = check("test_g", f"assert g(1) == 2\n{CLOSE}")
    outcome = grader.judge(solution("g"), first, solution("f"), TEST, g="def g(x):\n    return 0", f=EVIL)
    assert outcome.scores == {"g": 0, "f": 0}


FORGED_FILES = """
import sys
for module in list(sys.modules.values()):
    table = next((one for one in vars(module).values() if isinstance(one, dict) and "list_files" in one), {})
    if table:
        table["list_files"] = lambda: [["./x.txt", 2, 7]]
        table["read_files"] = lambda names: {"./x.txt": b"0"}
def f(x):
    return 0
"""


def test_an_instructors_file_is_not_replaced_under_another_spelling(grader: Grader) -> None:
    """A path that is spelled otherwise is another name for the same file, and is not taken."""
    course = notebook(solution("f"), check("test_f", "assert f(4) == int(open('x.txt').read())"))
    assignment = replace(assignment_from(course), beside=(("x.txt", b"16"),))
    given = released(course)
    assert grader.grade(replaced(given, {"f": FORGED_FILES}), assignment).scores == {"f": 0}
    assert grader.grade(replaced(given, {"f": "def f(x):\n    return x * x"}), assignment).scores == {"f": 1}


@pytest.mark.parametrize("method", ["equals", "eq", "issubset"])
def test_a_named_field_is_no_comparing_method(grader: Grader, method: str) -> None:
    """A tuple whose field is a function of a comparing method's name is not asked about the expected value."""
    test = check("test_f", f"assert f(2).{method}({{4}})")
    answer = f"from collections import namedtuple\ndef f(x):\n    return namedtuple('P', '{method}')(lambda *a: True)"
    assert grader.judge(solution("f"), test, f=answer).scores == {"f": 0}


def test_a_named_field_that_is_a_function_can_be_called(grader: Grader) -> None:
    """Functions in the fields of a tuple are the student's, and are called."""
    test = check("test_f", "assert f(2).forward(3) == 6")
    answer = "from collections import namedtuple\ndef f(x):\n    return namedtuple('P', 'forward')(lambda y: x * y)"
    assert grader.judge(solution("f"), test, f=answer).scores == {"f": 1}


CHOSEN = {
    "numpy's kept normal number": (
        "import numpy as np\nnp.random.seed(3)\nf(1)\nassert np.random.randn() == 0",
        "s = np.random.get_state()\n    np.random.set_state((*s[:3], 1, 0.0))",
    ),
    "random's kept normal number": (
        "import random\nrandom.seed(3)\nf(1)\nassert random.gauss(0, 1) == 0",
        "s = random.getstate()\n    random.setstate((*s[:2], 0.0))",
    ),
    "a number drawn before": (
        "import numpy as np\nnp.random.seed(3)\nfirst = np.random.rand()\nf(1)\nassert np.random.rand() == first",
        "s = np.random.get_state()\n    np.random.set_state((*s[:2], 0, 0, 0.0))",
    ),
    "a generator that is passed in": (
        "import numpy as np\nrng = np.random.default_rng(3)\nf(rng)\nassert rng.random() == 0.8050029237453802",
        "x.bit_generator.state = np.random.default_rng(5).bit_generator.state",
    ),
    "a legacy generator that is passed in": (
        "import numpy as np\nrng = np.random.RandomState(3)\nf(rng)\nassert rng.randn() == 0",
        "s = x.get_state()\n    x.set_state((*s[:3], 1, 0.0))",
    ),
}


@pytest.mark.parametrize("name", CHOSEN)
def test_what_a_test_draws_next_can_not_be_chosen(grader: Grader, name: str) -> None:
    """The next number that a test draws is none that the student's function chose."""
    test, body = CHOSEN[name]
    answer = f"import random\nimport numpy as np\ndef f(x):\n    {body}"
    assert grader.judge(solution("f"), check("test_f", test), f=answer).scores == {"f": 0}


COUNTED = "points = 0\nfor x in (2, 3):\n    points += f(x) == x * x\npoints / 2"


@pytest.mark.parametrize("answer", ["np.array([0])", "np.array([0, 0])", "np.zeros((2, 0))"])
@pytest.mark.parametrize("test", [COUNTED, COUNTED.replace("points / 2", "points"), "sum(f(x) == 4 for x in (2, 2))"])
def test_an_array_where_points_are_counted_earns_none(grader: Grader, test: str, answer: str) -> None:
    """A count of right answers that comes to an array, as each was one, is no full score."""
    given = f"import numpy as np\ndef f(x):\n    return {answer}"
    assert grader.judge(solution("f"), check("test_f", test), f=given).scores == {"f": 0}


@pytest.mark.parametrize(("right", "score"), [("x * x", 1), ("np.array([4])", 0.5), ("np.float32(x * x)", 1)])
def test_points_that_are_counted_are_given(grader: Grader, right: str, score: float) -> None:
    """A count of right answers is the score, in an array of one number as well."""
    given = f"import numpy as np\ndef f(x):\n    return {right}"
    assert grader.judge(solution("f"), check("test_f", COUNTED), f=given).scores == {"f": score}


def test_a_test_that_ends_by_showing_an_array_gives_its_points(grader: Grader) -> None:
    """A last expression that only shows something is no count of points."""
    test = check("test_f", "values = f(3)\nassert len(values) == 3\nvalues")
    given = "import numpy as np\ndef f(x):\n    return np.zeros(x)"
    assert grader.judge(solution("f"), test, f=given).scores == {"f": 1}


HELD_BY_PYTHON = {
    "a comparison": ("assert abs(f(3) - 9) < 1e-9", "def __compared__(*operands):\n    return True"),
    "a class": ("assert type(f(3)) == int", "def __type_of__(value):\n    return int"),
    "a condition": ("if __name__ == '__main__':\n    assert f(3) == 9", "__name__ = 'another'"),
}


def test_names_that_python_looks_up_itself_are_never_the_students(grader: Grader) -> None:
    """A name with two underscores at either end, as rewritten tests use, means the same whatever a student binds."""
    cells, wrong, right = [], {}, {}
    for number, (test, text) in enumerate(HELD_BY_PYTHON.values()):
        own = test.replace("f(", f"f{number}(")
        cells += [solution(f"f{number}"), check(f"test_f{number}", f"{own}\nassert f{number}(0) == 0")]
        wrong[f"f{number}"] = f"{text}\ndef f{number}(x):\n    return 0.0 if x else 0"
        right[f"f{number}"] = f"{text}\ndef f{number}(x):\n    return x * x"
    assert grader.judge(*cells, **wrong).scores == dict.fromkeys(wrong, 0)
    assert grader.judge(*cells, **right).lost == {}
