"""An ordinary nbgrader assignment, as any course has them: plain asserts, nothing of this project's."""

from helpers.notebooks import check, code, hidden, locked, markdown, notebook, solution

EXCEPTION_TEST = """
try:
    checked_root(-1)
except ValueError as error:
    assert "negative" in str(error), "the message should say why"
else:
    raise AssertionError("a negative number should be refused")
assert checked_root(9) == 3
"""
CLASS_TEST = """
account = Account("Ada")
account.deposit(5)
account.deposit(7)
assert account.balance == 12
assert account.owner == "Ada"
account.owner = "Bob"
assert str(account) == "Bob: 12"
try:
    account.deposit(-1)
except ValueError:
    pass
else:
    raise AssertionError("a negative deposit should be refused")
"""
PARTIAL_TEST = """
score = 0
if area(2, 3) == 6:
    score += 1
if area(0, 3) == 0:
    score += 0.5
if area(2.5, 2) == 5:
    score += 0.5
score
"""
PRINT_TEST = """
import contextlib, io
caught = io.StringIO()
with contextlib.redirect_stdout(caught):
    assert greet("Ada") is None
assert caught.getvalue() == "Hello, Ada!\\n", caught.getvalue()
"""
IN_PLACE_TEST = """
grid, log, table = np.zeros(3), [], {"a": 1}
assert fill(grid, log, table, 7) is None
assert grid.tolist() == [7, 7, 7]
assert log == [7]
assert table == {"a": 1, "filled": True}
"""
PASSED_IN_TEST = """
calls = []
def step(value):
    calls.append(value)
    return value + 3
assert twice(step, 1) == 7
assert calls == [1, 4]
assert np.array_equal(twice(lambda row: row * 2, np.arange(3)), [0, 4, 8])
"""
CLASS = """
class Account:
    def __init__(self, owner):
        self.owner, self.balance = owner, 0
    def deposit(self, amount):
        if amount < 0:
            raise ValueError("negative")
        self.balance += amount
    def __str__(self):
        return f"{self.owner}: {self.balance}"
"""
FILL = """
def fill(grid, log, table, value):
    grid[:] = value
    log.append(value)
    table["filled"] = True
"""
COURSE = notebook(
    markdown("# Week 1"),
    locked("setup", "import numpy as np\ndef close(one, other):\n    return abs(one - other) < 1e-9"),
    code("def is_even(number):\n    return number % 2 == 0"),
    solution("numbers", "total = sum(range(10))\nnames = ['a', 'b']"),
    check("test_numbers", "assert total == 45\n" + hidden("assert names == ['a', 'b'] and isinstance(names, list)"), 1),
    solution("square", "def square(x):\n    return x ** 2"),
    check("test_square", "assert square(3) == 9\n" + hidden("assert all(square(x) == x * x for x in range(-3, 4))"), 2),
    solution("normalise", "def normalise(v):\n    return v / np.linalg.norm(v)"),
    check("test_normalise", "np.testing.assert_allclose(normalise(np.array([3.0, 4.0])), [0.6, 0.8])", 2),
    solution("half", "def half(x):\n    return x / 2"),
    check("test_half", "assert close(half(3), 1.5), 'half of 3'", 1),
    solution("next_even", "def next_even(n):\n    return n + 2 - n % 2"),
    check("test_next_even", "assert is_even(next_even(3)) and next_even(3) == 4 and next_even(4) == 6", 1),
    solution(
        "checked_root", "def checked_root(x):\n    if x < 0:\n        raise ValueError('negative')\n    return x ** 0.5"
    ),
    check("test_checked_root", EXCEPTION_TEST, 2),
    solution("Account", CLASS),
    check("test_Account", CLASS_TEST, 3),
    solution("twice", "def twice(f, x):\n    return f(f(x))"),
    check("test_twice", PASSED_IN_TEST, 2),
    solution("area", "def area(a, b):\n    return a * b"),
    check("test_area", PARTIAL_TEST, 2),
    solution("greet", "def greet(name):\n    print(f'Hello, {name}!')"),
    check("test_greet", PRINT_TEST, 1),
    solution("fill", FILL),
    check("test_fill", IN_PLACE_TEST, 2),
    solution("sample_size", "def sample_size(sample):\n    return len(sample)"),
    check("test_sample_size", "sample = [3, 1, 2]\nassert sample_size(sample) == 3\n" + hidden("secret = 42"), 1),
    code("ordered = sorted(sample)"),
    solution("largest", "largest = ordered[-1]"),
    check("test_largest", "assert largest == 3", 1),
)
POINTS = {
    "numbers": 1, "square": 2, "normalise": 2, "half": 1, "next_even": 1, "checked_root": 2, "Account": 3, "twice": 2,
    "area": 2, "greet": 1, "fill": 2, "sample_size": 1, "largest": 1,
}  # fmt: skip
# Wrong answers by the exercise, each with the points that are left.
WRONG: list[tuple[str, str, float]] = [
    ("numbers", "total = 45\nnames = ('a', 'b')", 0),
    ("numbers", "total = 44\nnames = ['a', 'b']", 0),
    ("numbers", "", 0),
    ("square", "def square(x):\n    return 9", 0),
    ("square", "def square(x):\n    print(x * x)", 0),
    ("square", "square = 9", 0),
    ("normalise", "def normalise(v):\n    return v / v.sum()", 0),
    ("normalise", "def normalise(v):\n    return 'unit'", 0),
    ("half", "def half(x):\n    return x // 2\ndef close(one, other):\n    return True", 0),
    ("half", "half = 1.5", 0),
    ("next_even", "def next_even(n):\n    return n\ndef is_even(number):\n    return True", 0),
    ("checked_root", "def checked_root(x):\n    return abs(x) ** 0.5", 0),
    ("checked_root", "def checked_root(x):\n    if x < 0:\n        raise KeyError('negative')\n    return x ** 0.5", 0),
    ("checked_root", "def checked_root(x):\n    raise ValueError('negative')", 0),
    ("Account", CLASS.replace("+= amount", "= amount"), 0),
    ("Account", "class Account:\n    balance = 12", 0),
    ("Account", CLASS.replace("if amount < 0", "if False"), 0),
    ("twice", "def twice(f, x):\n    return f(x)", 0),
    ("twice", "def twice(f, x):\n    return f", 0),
    ("area", "def area(a, b):\n    return 6", 1),
    ("area", "def area(a, b):\n    return int(a) * b", 1.5),
    ("area", "def area(a, b):\n    raise ValueError", 0),
    ("greet", "def greet(name):\n    return f'Hello, {name}!'", 0),
    ("greet", "def greet(name):\n    print('Hello, Eve!')", 0),
    ("fill", FILL.replace("grid[:] = value", "grid = value"), 0),
    ("fill", FILL.replace("log.append(value)", "log = [value]"), 0),
    ("fill", FILL.replace('table["filled"] = True', ""), 0),
    ("sample_size", "def sample_size(sample):\n    return 4", 0),
    ("largest", "largest = ordered[0]", 0),
    ("largest", "largest = secret", 0),
]
