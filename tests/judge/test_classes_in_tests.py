"""A class in a test works with what the student defined, in its body as in its methods."""

from helpers.grading import Grader
from helpers.notebooks import check, locked, solution

OF_UNITTEST = """class Case(unittest.TestCase):
    found = f(2)
    def runTest(self):
        self.assertEqual(self.found, 4)
assert unittest.TextTestRunner().run(Case()).wasSuccessful()"""
LOOPS = """class Case:
    both = [f(x) for x in given]
    table = {x: f(x) for x in given}
    def one(self, x=given[0]):
        return f(x)
assert Case.both == [4, 9] and Case.table == {2: 4, 3: 9} and Case().one() == 4"""
NESTED = """class Outer:
    low = min(given)
    class Inner(list):
        low = f(given[0]) if given else 0
    @property
    def high(self):
        return self._high
    @high.setter
    def high(self, value=low):
        self._high = f(value)
outer = Outer()
outer.high = 3
assert outer.high == 9 and Outer.Inner.low == 4"""
IN_A_FUNCTION = """def made():
    here = 5
    class Case:
        there, size = here, len(given)
        size += f(1)
    return Case
assert made().there == 5 and made().size == 3"""


def test_the_body_of_a_class_gets_what_the_student_defined(grader: Grader) -> None:
    """A name of the student's is found where a class's body asks for it, and where a method's arguments do."""
    cells = [locked("setup", "import unittest"), solution("f", "def f(x):\n    return x * x\ngiven = [2, 3]")]
    cells += [check(f"test_{number}", body) for number, body in enumerate((OF_UNITTEST, LOOPS, NESTED, IN_A_FUNCTION))]
    assert grader.judge(*cells, f="def f(x):\n    return x * x\ngiven = [2, 3]").lost == {}
    wrong = grader.judge(*cells, f="def f(x):\n    return x + x + 1\ngiven = [2, 3]")
    assert sum(wrong.scores.values()) == 0
