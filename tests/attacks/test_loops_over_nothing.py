"""A loop that pairs an answer with what a test expects, or looks that up, holds of no answer without entries."""

from helpers.grading import Grader
from helpers.notebooks import check, locked, solution

SETUP = locked("setup", "import operator\nimport numpy as np\nexpected = [0, 1, 4]")
SQUARES = "def {}(n):\n    return [i * i for i in range(n)]"
LOOPS = (
    "assert all(a == b for a, b in zip({}(3), expected))",
    "for b, a in zip(expected, {}(3)):\n    assert a == b",
    "assert not any(a != b for a, b in zip({}(3), np.array(expected)))",
    "assert all(map(operator.eq, {}(3), expected))",
    "for i, value in enumerate({}(3)):\n    assert value == expected[i]",
    "found = {}(3)\nfor i in range(len(found)):\n    assert found[i] == expected[i]",
    "assert all(value == expected[i] for i, value in enumerate({}(3)))",
    "found = dict(enumerate({}(3)))\nassert found == {{0: 0, 1: 1, 2: 4}}",
)
NOTHING = (
    "return []",
    "return ()",
    "return np.empty(0)",
    "return iter(())",
    "return\n    yield",
    "return Nothing()",
)
CLASS = """import numpy as np
class Nothing:
    def __len__(self):
        return 3
    def __getitem__(self, place):
        raise IndexError(place)
"""
# Where nothing is the answer, or something else is looked up.
RIGHTLY = (
    "for n, wanted in ((3, expected), (0, [])):\n    for a, b in zip({0}(n), wanted):\n        assert a == b",
    "for n, wanted in ((3, expected), (0, [])):\n    for i, v in enumerate({0}(n)):\n        assert v == wanted[i]",
    "assert [a for a, _ in zip({0}(0), range(5))] == [] and list(map(abs, {0}(0))) == []",
    "assert all(isinstance(one, int) for one in {0}(0)) and [one for one in {0}(0)] == []",
    "for one in {0}(0):\n    here = [one]\n    assert here[one] == 0",
    "for a, b, c in zip({0}(3), expected, 'abc'):\n    assert a == b < ord(c)",
    "assert dict(zip('ab', {0}(2))) == {{'a': 0, 'b': 1}}",
)


def test_a_loop_over_nothing_passes_no_test(grader: Grader) -> None:
    """Where expected values are paired with an answer, or looked up for each of its entries, it must have some."""
    names = [f"f{number}_{way}" for number in range(len(LOOPS)) for way in range(len(NOTHING))]
    cells, given = [SETUP], {}
    for name in names:
        number, way = map(int, name[1:].split("_"))
        cells += [solution(name, SQUARES.format(name)), check(f"test_{name}", LOOPS[number].format(name), 1)]
        given[name] = f"{CLASS}def {name}(n):\n    {NOTHING[way]}"
    assert grader.judge(*cells, **given).scores == dict.fromkeys(names, 0)
    assert grader.judge(*cells, **{name: SQUARES.format(name) for name in names}).lost == {}


def test_a_loop_over_nothing_where_nothing_is_right(grader: Grader) -> None:
    """An answer that is rightly empty passes what loops over it."""
    cells = [SETUP]
    for number, test in enumerate(RIGHTLY):
        cells += [
            solution(f"f{number}", SQUARES.format(f"f{number}")),
            check(f"test_f{number}", test.format(f"f{number}")),
        ]
    assert grader.judge(*cells, f0=SQUARES.format("f0")).lost == {}


def test_an_index_error_of_the_students_ends_no_loop_of_a_test(grader: Grader) -> None:
    """A class of the test's that is looped over by its `__getitem__` does not end where the student's code fails."""
    test = """class Squares:
    def __getitem__(self, place):
        return f(range(3)[place])
for place, value in enumerate(Squares()):
    assert value == place * place"""
    cells = SETUP, solution("f", "def f(x):\n    return x * x"), check("test_f", test, 2)
    assert grader.judge(*cells, f="def f(x):\n    raise IndexError(x)").scores == {"f": 0}
    assert grader.judge(*cells, f="def f(x):\n    return x * x").scores == {"f": 2}
