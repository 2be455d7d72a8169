"""Whatever crosses the boundary, a student's code earns nothing with it that the answer has not earned."""

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, solution

FORGERIES = {
    "a test that is left out": (
        """import numpy.testing
def f(x):
    raise numpy.testing.SkipTest('x')""",
        """import unittest, io, numpy.testing
class T(unittest.TestCase):
    def test_it(self):
        self.assertEqual(f(1), 2)
s = unittest.TestLoader().loadTestsFromTestCase(T)
assert unittest.TextTestRunner(stream=io.StringIO()).run(s).wasSuccessful()""",
    ),
    "a block that swallows": (
        """class P:
    def __enter__(self): return self
    def __exit__(self, *e): return True
    x = 0
f = 1""",
        """with P() as p:
    assert p.x == 3""",
    ),
    "a block that swallows a condition": (
        """class P:
    def __enter__(self): return self
    def __exit__(self, *e): return True
    x = 0
f = 1""",
        """with P() as p:
    if p.x != 3:
        raise ValueError('wrong')""",
    ),
    "a block that swallows a look at the answer": (
        """class P:
    def __enter__(self): return self
    def __exit__(self, *e): return True
    x = 0
f = 1""",
        """with P() as p:
    {3: 1}[p.x]""",
    ),
    "an end that cuts a loop short": (
        """def f(x):
    raise StopIteration""",
        """try:
    f(0)
except StopIteration:
    pass
assert all(map(f, [1, 2]))""",
    ),
    "chosen random numbers": (
        """import numpy as np
def f(x):
    z = np.zeros(624, np.uint32)
    np.random.set_state(('MT19937', z, 624))""",
        """import numpy as np
np.random.seed(3)
f(1)
assert np.random.rand() == 0""",
    ),
    "a rigged difference": (
        """class P:
    def __sub__(self, o): return 0
    def __abs__(self): return 0
def f(x):
    return P()""",
        """p = P()
assert abs(f(1) - 2) < 1e-9""",
    ),
    "a pickle in a file": (
        """import pickle
class E:
    def __reduce__(self): return (exec, ('raise SystemExit',))
pickle.dump(E(), open('a.csv', 'wb'))
def f(x): return 0""",
        """import pickle
with open('a.csv', 'rb') as file:
    assert pickle.load(file) is None""",
    ),
    "a module in a file": (
        """open('mine.py', 'w').write('answer = 2')
def f(x): return 0""",
        """import sys, os
sys.path.insert(0, os.getcwd())
from mine import answer
assert answer == 2""",
    ),
    "a program in a file": (
        """open('mine.py', 'w').write('print(2)')
def f(x): return 0""",
        """import subprocess, sys, os
assert subprocess.run([sys.executable, 'mine.py']).returncode == 0""",
    ),
    "what a test's object is made to hold": (
        """class P:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
class L(list):
    __eq__ = P.__eq__
def f(x):
    x.seen, x.told = P(), L()
    return 0""",
        """class Q:
    def note(self):
        self.seen = [2]
q = Q()
f(q)
assert q.seen == [2] or q.told == [2]""",
    ),
    "a method of a test's class": (
        """def f(x):
    type(x).value = lambda self: 2
    x.value = lambda: 2""",
        """class Q:
    def value(self):
        return 1
q = Q()
try:
    f(q)
except ValueError:
    pass
assert q.value() == 2""",
    ),
    "a class that is derived from one that equals everything": (
        """class P:
    def __init_subclass__(cls):
        cls.value = lambda self: P()
    def __eq__(self, other): return True
def f(x): return P()""",
        """class Q(P):
    def value(self):
        return f(1)
assert Q().value() == 2""",
    ),
    "a class of a test's that is another by then": (
        """import builtins
def f(x):
    class Q:
        def value(self): return 2
    globals()['Q'] = Q
    return Q()""",
        """class Q:
    def value(self):
        return 1
q = f(Q())
assert isinstance(q, Q) and q.value() == 2""",
    ),
    "the instructors' own file": (
        """open('x.txt', 'w').write('2')
def f(x): return 0""",
        "assert open('/etc/x.txt').read() == '2'",
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_nothing_of_what_crosses_forges_a_score(grader: Grader, name: str) -> None:
    """Neither exceptions, blocks, random numbers, operators nor files let a student's code pass a test."""
    answer, test = FORGERIES[name]
    pristine = "def f(x):\n    return x + 1\nclass P:\n    x = 3"
    outcome = grader.judge(solution("f", pristine), check("test_f", test), f=answer)
    assert outcome.scores == {"f": 0}, outcome.message("f")
