"""A method that changes what the test has, then or in a later call, makes no wrong answer right."""

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, solution

LOADED = (
    "class Stack:\n    def load(self, xs):\n        self.xs = list(xs)\n    def items(self):\n        return self.xs"
)
ADDED = """class Total:
    \"\"\"A sum.\"\"\"
    def __init__(self, owner):
        self.owner = owner
        self.numbers = []
    def add(self, xs):
        self.numbers.extend(xs)
    def total(self):
        return sum(self.numbers)"""
BEFORE = "expected = [1, 2, 3]\ns = Stack()\ns.load(expected)\nassert s.items() == expected"
SUMMED = "xs = [1, 2, 3]\nt = Total('ada')\nt.add(xs)\nassert t.total() == sum(xs)"
MADE_TO_FIT = {
    "what was kept, in a later call": (
        LOADED,
        BEFORE,
        LOADED.replace("list(xs)", "xs").replace("return", "self.xs.clear()\n        return []\n        return"),
    ),
    "at once": (
        ADDED,
        SUMMED,
        ADDED.replace("self.numbers.extend(xs)", "xs.clear()"),
    ),
}


@pytest.mark.parametrize(("own", "test", "given"), MADE_TO_FIT.values(), ids=MADE_TO_FIT)
def test_what_a_method_changes_to_fit_its_answer_earns_nothing(grader: Grader, own: str, test: str, given: str) -> None:
    """Where the instructor's class leaves alone what it is given, the test must pass with that as it was."""
    cells = solution("f", own), check("test_f", test, 2)
    outcome = grader.judge(*cells, f=given)
    assert outcome.scores == {"f": 0}
    assert "a method changed an argument in place" in outcome.message("f")
    assert grader.judge(*cells, f=own).scores == {"f": 2}


SHARED = "class Box:\n    def __init__(self, items):\n        self.items = items\n    def add(self, x):\n        {}"
HONEST = {
    "a list that is kept": (SHARED.format("self.items.append(x)"), "xs = [1]\nBox(xs).add(2)\nassert xs == [1, 2]"),
    "a list that is added to": (SHARED.format("self.items += [x]"), "xs = [1]\nBox(xs).add(2)\nassert xs == [1, 2]"),
    "by another name": (
        SHARED.format("mine = self.items\n        mine.append(x)"),
        "xs = [1]\nBox(xs).add(2)\nassert xs == [1, 2]",
    ),
    "a row of a copied table": (
        SHARED.format("self.items[0].append(x)").replace("= items", "= list(items)"),
        "rows = [[1]]\nBox(rows).add(2)\nassert rows == [[1, 2]]",
    ),
    "an argument": (
        "class Box:\n    def fill(self, xs):\n        xs.append(len(xs))",
        "xs = [1]\nBox().fill(xs)\nassert xs == [1, 1]",
    ),
    "by a function of the class's": (
        "class Box:\n    @staticmethod\n    def fill(xs):\n        xs.append(len(xs))",
        "xs = [1]\nBox.fill(xs)\nassert xs == [1, 1]",
    ),
    "by a base": (
        "class Base:\n    def fill(self, xs):\n        xs.append(len(xs))\nclass Box(Base):\n    size = 1",
        "xs = [1]\nBox().fill(xs)\nassert xs == [1, 1]",
    ),
    "by a closure": (
        "class Box:\n    def fill(self, x):\n        return x\ndef maker():\n    return lambda xs: xs.append(len(xs))",
        "xs = [1]\nmaker()(xs)\nassert xs == [1, 1] and Box().fill(1) == 1",
    ),
}


@pytest.mark.parametrize(("own", "test"), HONEST.values(), ids=HONEST)
def test_a_change_that_is_meant_keeps_its_points(grader: Grader, own: str, test: str) -> None:
    """Where the instructor's own class changes what it was given, students' may."""
    assert grader.judge(solution("f", own), check("test_f", test, 2), f=own).scores == {"f": 2}
