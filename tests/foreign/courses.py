"""Three small courses as others have them: nothing of this project's, in folders of their own naming."""

from dataclasses import dataclass, field
from pathlib import Path

from helpers.notebooks import (
    Json,
    check,
    code,
    grade_id_of,
    hidden,
    markdown,
    notebook,
    released,
    replaced,
    solution,
    solved,
    written,
)

MANUAL = {"grade": True, "solution": True, "locked": False, "task": False, "points": 2, "grade_id": "essay"}
TASK = {"grade": False, "solution": False, "locked": True, "task": True, "points": 3, "grade_id": "project"}


def asked(grade_id: str, text: str) -> Json:
    """Return a cell that students write in, with the instructor's answer."""
    return solution(grade_id, f"### BEGIN SOLUTION\n{text}\n### END SOLUTION")


@dataclass(frozen=True)
class Foreign:
    """A course: its configuration, its notebooks by assignment and name, other files, and wrong answers by cell."""

    config: str
    source: str
    submitted: str
    notebooks: dict[tuple[str, str], Json]
    wrong: dict[str, str]
    beside: dict[str, str] = field(default_factory=dict)

    def laid_out(self, folder: Path, config: str = "") -> Path:
        """Write the course with submissions of a student who is right, one who is wrong, and one who did nothing."""
        folder.mkdir(parents=True)
        (folder / "nbgrader_config.py").write_text(f"{config}c = get_config()\n{self.config}")
        for (assignment, name), given in self.notebooks.items():
            ids = {grade_id_of(cell) for cell in given["cells"]}
            wrong = {one: text for one, text in self.wrong.items() if one in ids}
            handed_in = {"right": solved(given), "wrong": replaced(solved(given), wrong), "blank": released(given)}
            written(given, folder / self.source / assignment / f"{name}.ipynb")
            for student, submission in handed_in.items():
                written(submission, folder / self.submitted / student / assignment / f"{name}.ipynb")
        for path, text in self.beside.items():
            (folder / self.source / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / self.source / path).write_text(text)
        return folder


ACCOUNT = """
class Overdrawn(Exception):
    def __init__(self, missing):
        super().__init__(f"{missing} missing")
        self.missing = missing

class Account:
    def __init__(self, owner, balance=0):
        self.owner, self.balance = owner, balance
    def withdraw(self, amount):
        if amount > self.balance:
            raise Overdrawn(amount - self.balance)
        self.balance -= amount
    def __eq__(self, other):
        return (self.owner, self.balance) == (other.owner, other.balance)
    def __str__(self):
        return f"{self.owner}: {self.balance}"
"""
ACCOUNT_TEST = """
from unittest import TestCase
t = TestCase()
account = Account("Ada", 10)
account.withdraw(4)
t.assertEqual(account.balance, 6)
t.assertEqual(str(account), "Ada: 6")
t.assertEqual(account, Account("Ada", 6))
t.assertIsInstance(account, Account)
with t.assertRaises(Overdrawn) as caught:
    account.withdraw(9)
assert caught.exception.missing == 3
"""
INTRODUCTION = Foreign(
    config=(
        "c.CourseDirectory.course_id = 'intro'\nc.CourseDirectory.source_directory = 'master'\n"
        "c.CourseDirectory.submitted_directory = 'handed_in'\n"
    ),
    source="master",
    submitted="handed_in",
    notebooks={
        ("week1", "part_a"): notebook(
            markdown("# Part A"),
            asked("ask", "def ask():\n    return int(input('How old? ')) + 1"),
            check("test_ask", "from unittest.mock import patch\nwith patch('builtins.input', return_value='41'):\n"
                  "    assert ask() == 42", 2),
            asked("evens", "def evens(n):\n    for i in range(0, n, 2):\n        yield i"),
            check("test_evens", "import types\nassert isinstance(evens(3), types.GeneratorType)\n"
                  + hidden("assert list(evens(7)) == [0, 2, 4, 6]"), 1),
            markdown("Tell how it works.", MANUAL),
            markdown("Build something.", TASK),
        ),
        ("week1", "part_b"): notebook(
            asked("Account", ACCOUNT),
            check("test_Account", ACCOUNT_TEST, 4),
            asked("initials", "def initials(name):\n    return ''.join(w[0] for w in name.split())"),
            check("test_initials", "points = 0\npoints += initials('Ada Lovelace') == 'AL'\n"
                  "points += 0.5 * (initials('') == '')\nfloat(points)", 2),
        ),
    },
    wrong={
        "ask": "def ask():\n    return input()",
        "evens": "def evens(n):\n    return list(range(0, n, 2))",
        "Account": ACCOUNT.replace("if amount > self.balance", "if False"),
        "initials": "def initials(name):\n    return name[:1]",
    },
)  # fmt: skip

DATA = Foreign(
    config="c.CourseDirectory.course_id = 'data'\n",
    source="source",
    submitted="submitted",
    notebooks={
        ("tables", "tables"): notebook(
            code("import pandas as pd\nimport matplotlib.pyplot as plt\n%matplotlib inline"),
            asked("load", "def load():\n    return pd.read_csv('data/cities.csv')\ndf = load()"),
            check("test_load", "from pandas.testing import assert_frame_equal\nassert df.shape == (3, 2)\n"
                  "assert_frame_equal(load(), pd.read_csv('data/cities.csv'))", 1),
            asked("by_land", "def by_land(df):\n    return df.groupby('land')['people'].sum()"),
            check("test_by_land", "out = by_land(df)\nassert isinstance(out, pd.Series) and out['CH'] == 5\n"
                  + hidden("assert out.equals(df.groupby('land')['people'].sum())"), 2),
            asked("draw", "def draw(s):\n    fig, ax = plt.subplots()\n    ax.bar(list(s.index), s.values)\n"
                  "    ax.set_title('People')\n    return ax"),
            check("test_draw", "ax = draw(pd.Series([1, 2], index=['a', 'b']))\nassert ax.get_title() == 'People'\n"
                  "assert [p.get_height() for p in ax.patches] == [1, 2]\nplt.close('all')", 2),
            asked("save", "def save(df):\n    df.to_json('out.json')"),
            check("test_save", "import os\nsave(df)\nassert os.path.exists('out.json')\n"
                  "assert pd.read_json('out.json').shape == (3, 2)", 1),
        ),
    },
    wrong={
        "load": "def load():\n    return pd.read_csv('data/cities.csv').head(2)\ndf = load()",
        "by_land": "def by_land(df):\n    return df.groupby('land')['people'].mean()",
        "draw": "def draw(s):\n    fig, ax = plt.subplots()\n    ax.plot(s.values)\n    return ax",
        "save": "def save(df):\n    pass",
    },
    beside={"tables/data/cities.csv": "land,people\nCH,2\nCH,3\nIT,7\n"},
)  # fmt: skip

NUMERICS = Foreign(
    config="c.CourseDirectory.course_id = 'numerics'\n",
    source="source",
    submitted="submitted",
    notebooks={
        ("roots", "roots"): notebook(
            code("import numpy as np\nfrom helpers import tolerance, close"),
            asked("bisect", "def bisect(f, a, b):\n    while b - a > tolerance:\n        m = (a + b) / 2\n"
                  "        a, b = (m, b) if f(a) * f(m) > 0 else (a, m)\n    return (a + b) / 2"),
            check("test_bisect", "from helpers import close\nroot = bisect(np.cos, 0, 3)\n"
                  "assert close(root, np.pi / 2)\n"
                  "assert close(bisect(lambda x: x ** 2 - 2, 0, 2), np.sqrt(2))", 2),
            asked("near", "near = round(root, 3)"),
            check("test_near", "assert near == 1.571", 1),
            asked("walk", "def walk(n):\n    return np.cumsum(np.random.randn(n))"),
            check("test_walk", "np.random.seed(5)\nmine = np.cumsum(np.random.randn(6))\nnp.random.seed(5)\n"
                  "np.testing.assert_allclose(walk(6), mine)", 2),
            asked("traced", "def traced(x):\n    return x + 1"),
            check("test_traced", "import sys\ncalls = []\nsys.setprofile(lambda frame, event, arg: "
                  "calls.append(frame.f_code.co_name))\ntraced(1)\nsys.setprofile(None)\nassert 'traced' in calls", 1),
        ),
    },
    wrong={
        "bisect": "def bisect(f, a, b):\n    return (a + b) / 2",
        "near": "near = 3",
        "walk": "def walk(n):\n    return np.random.randn(n)",
        "traced": "traced = abs",
    },
    beside={"roots/helpers.py": "tolerance = 1e-9\n\ndef close(a, b):\n    return abs(a - b) < 1e-6\n"},
)  # fmt: skip
COURSES = {"introduction": INTRODUCTION, "data": DATA, "numerics": NUMERICS}
