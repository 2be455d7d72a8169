"""A text of a student's that a library would run for a test, such as an example in a docstring, runs in no judge."""

from pathlib import Path

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, code, hidden, solution

ASKED = 'def f(x):\n    """Double.\n\n    >>> f(2)\n    4\n    """\n    return 2 * x'
EXAMPLES = {
    "one function's": "doctest.run_docstring_examples(f, {'f': f})",
    "found ones": "for one in doctest.DocTestFinder().find(f, 'f', globs={'f': f}):\n"
    "    assert doctest.DocTestRunner().run(one).failed == 0",
    "all": "assert doctest.testmod().failed == 0",
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_only_the_instructors_examples_are_run(grader: Grader, tmp_path: Path, name: str) -> None:
    """Examples of the instructor's docstring are judged; one that a student writes is not run, and is no pass."""
    cells = (
        solution("f", f"### BEGIN SOLUTION\n{ASKED}\n### END SOLUTION"),
        check("t", f"import doctest\n{EXAMPLES[name]}"),
    )
    taken = tmp_path / "taken"
    assert grader.judge(*cells, f=ASKED).scores == {"t": 1}
    if name != "one function's":  # which only prints
        assert grader.judge(*cells, f=ASKED.replace("2 * x", "x")).scores == {"t": 0}
    outcome = grader.judge(*cells, f=ASKED.replace("f(2)", f"open({str(taken)!r}, 'w').close() or 4"))
    assert outcome.scores == {"t": 0}
    assert outcome["t"].could_not_judge
    assert not taken.exists()


TABLE = "import pandas as pd\ntable = pd.DataFrame({'n': [1, 2, 3], 'word': ['a', 'b', 'ab']})"


def _asked(grader: Grader, text: str) -> tuple[float, bool]:
    test = check("t", f"assert len(table.query(q)) == 2\n{hidden('assert table.query(q).n.sum() > 2')}")
    outcome = grader.judge(code(TABLE), solution("q", 'q = "n > 1"'), test, q=f"q = {text!r}")
    return outcome.scores["t"], outcome["t"].could_not_judge


def test_a_students_query_looks_at_columns_and_does_no_more(grader: Grader, tmp_path: Path) -> None:
    """A query that compares columns is judged; one that would call what it likes is refused."""
    taken = tmp_path / "taken"
    assert _asked(grader, "n >= 2 and n < 10") == (1, False)
    assert _asked(grader, "word.str.contains('b')") == (1, False)
    assert _asked(grader, "n > 2") == (0, False)
    for text in (f"@pd.io.common.os.system('touch {taken}')", f"word.to_csv('{taken}')", "n.__class__"):
        assert _asked(grader, text) == (0, True)
    assert not taken.exists()


def test_no_text_of_a_student_is_timed(grader: Grader, tmp_path: Path) -> None:
    """A test may time calls of a function, in a text of its own or without one; a text of a student's it may not."""
    taken = tmp_path / "taken"
    own = "import timeit\nassert timeit.timeit('f(2)', globals=globals(), number=3) < 5\n"
    own += "assert timeit.timeit(lambda: f(2), number=3) < 5\nassert f(2) == 4\n"
    own += "for n in (1, 20): assert timeit.timeit(f'f({n})', globals=globals(), number=3) < 5"
    assert grader.judge(solution("f"), check("t", own), f="def f(x):\n    return 2 * x").scores == {"t": 1}
    theirs = check("t", "import timeit\nassert timeit.timeit(text, number=1) < 5")
    outcome = grader.judge(solution("text"), theirs, text=f"text = \"open({str(taken)!r}, 'w').close()\"")
    assert outcome.scores == {"t": 0}
    assert outcome["t"].could_not_judge
    assert not taken.exists()
