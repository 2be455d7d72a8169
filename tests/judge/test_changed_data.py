"""Data that a student's code changes in place, in its cells and in calls: tests see what it holds now."""

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, code, locked, solution

GIVEN = locked(
    "given",
    "import numpy as np\nimport pandas as pd\ntable = {'a': 1}\nrow = np.zeros(3)\nitems = [1]\nbase = 10\n"
    "image = np.zeros(100_000)\nframe = pd.DataFrame({'a': [1, 2]})\ndef add(item):\n    items.append(item)",
)
IN_CELLS = {
    "a dict": ("table['b'] = 2", "assert table == {'a': 1, 'b': 2}"),
    "an array": ("row[0] = 2.0", "assert row.tolist() == [2.0, 0.0, 0.0]"),
    "a list": ("items.append(5)", "assert items == [1, 5]"),
    "by the instructor's function": ("add(5)", "assert items == [1, 5]"),
    "a data frame": ("frame['b'] = 2 * frame['a']", "assert frame['b'].tolist() == [2, 4]"),
    "another object": ("items = [*items, 5]", "assert items == [1, 5]"),
}


@pytest.mark.parametrize(("text", "test"), IN_CELLS.values(), ids=IN_CELLS)
def test_a_cell_that_changes_the_instructors_data_in_place_has_changed_it(grader: Grader, text: str, test: str) -> None:
    """A locked cell's data that a student's cell changes in place is in the test as the student left it."""
    cells = GIVEN, solution("answer", text), check("test_answer", test, 2)
    assert grader.judge(*cells, answer=text).scores == {"answer": 2}
    assert grader.judge(*cells, answer="pass").scores == {"answer": 0}


IN_CALLS = {
    "the instructor's list": ("def f(x):\n    items.append(x)", "f(3)\nassert items == [1, 3]"),
    "the student's list": (
        "seen = []\ndef f(x):\n    seen.append(x)",
        "n = len(seen)\nf(3)\nassert len(seen) == n + 1",
    ),
    "a number": ("n = 0\ndef f(x):\n    global n\n    n += x", "before = n\nf(3)\nassert n == before + 3"),
    "a large array": ("def f(x):\n    image[x] = 7", "f(3)\nassert image[3] == 7"),
    "one by one": ("def f(x):\n    items.append(x)", "for x in range(3):\n    f(x)\n    assert items[-1] == x"),
}


@pytest.mark.parametrize(("text", "test"), IN_CALLS.values(), ids=IN_CALLS)
def test_a_call_that_changes_what_the_test_has_read_has_changed_it(grader: Grader, text: str, test: str) -> None:
    """Data that a call changes is read anew, also where the test has read it before the call."""
    cells = GIVEN, solution("f", text), check("test_f", test, 2)
    assert grader.judge(*cells, f=text).scores == {"f": 2}
    assert grader.judge(*cells, f=f"seen, n = [], 0\n{'def f(x):'}\n    pass").scores == {"f": 0}


@pytest.mark.parametrize("change", ["expected[0] = 0", "globals()['expected'] = [0]"])
def test_what_a_test_assigns_is_not_the_functions_to_change(grader: Grader, change: str) -> None:
    """A function that changes the expected value, which a visible line of the test assigned, earns nothing."""
    test = "expected = [9]\nassert f(3) == expected"
    for before in ("pass", "expected = [9]"):
        cells = locked("given", before), solution("f", "def f(x):\n    return [9]"), check("test_f", test, 2)
        assert grader.judge(*cells, f=f"def f(x):\n    {change}\n    return [0]").scores == {"f": 0}
        assert grader.judge(*cells, f="def f(x):\n    return [x * x]").scores == {"f": 2}


def test_data_is_changed_after_the_process_was_started_anew(grader: Grader) -> None:
    """A change in place is there for the next test, though an exercise in between ended the process."""
    outcome = grader.judge(
        GIVEN,
        solution("change", "items.append(2)"),
        code(""),
        solution("ends", "def ends():\n    return 1"),
        check("test_ends", "assert ends() == 1", 1),
        solution("again", "items.append(3)"),
        check("test_again", "assert items == [1, 2, 3]", 2),
        change="items.append(2)",
        ends="import os\ndef ends():\n    os._exit(0)",
        again="items.append(3)",
    )
    assert outcome.scores == {"ends": 0, "again": 2}
