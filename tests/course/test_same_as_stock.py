"""On honest submissions, stock `nbgrader autograde` and `autograder grade` put the same scores in the gradebook."""

from pathlib import Path

import pytest
from helpers.command import autograder
from helpers.course import handed_in, make_course, points_of, scores_of, submit, through_api
from helpers.notebooks import Json, check, hidden, notebook, released, replaced, solution, solved, source, written
from helpers.plain_course import COURSE, POINTS

SET, WEEK = "ps3_matrix", "week1"
STOCK = "c = get_config()\nc.CourseDirectory.course_id = 'backprop'\nc.OverwriteCells.add_missing_cells = True\n"
LOOPS = {
    "forward": """
def forward(W, X, b):
    D = np.zeros((W.shape[0], X.shape[1]))
    for i in range(W.shape[0]):
        for j in range(X.shape[1]):
            D[i, j] = b[i, 0]
            for k in range(W.shape[1]):
                D[i, j] += W[i, k] * X[k, j]
    return D
""",
    "partial": "def partial(W, i, j):\n    rows = [list(row) for row in W]\n    return rows[i][j]",
    "grad_W": "def grad_W(dD, X):\n    return sum(np.outer(dD[:, k], X[:, k]) for k in range(X.shape[1]))",
    "grad_X": """
def grad_X(W, dD):
    return np.array([[sum(W[:, k] * column) for column in dD.T] for k in range(W.shape[1])])
""",
    "grad_b": "def grad_b(dD):\n    return np.array([[sum(row)] for row in dD])",
    "jacobian_D_W": """
def jacobian_D_W(W, X):
    (n, m), p = W.shape, X.shape[1]
    J = np.zeros((n, p, n, m))
    for i in range(n):
        J[i, :, i, :] = X.T
    return J
""",
}
EINSUM = {
    "forward": "forward = lambda W, X, b: np.einsum('ik,kj->ij', W, X) + b",
    "grad_W": "grad_W = lambda dD, X: np.einsum('ik,jk->ij', dD, X)",
    "grad_X": "grad_X = lambda W, dD: np.asfortranarray(np.einsum('ki,kj->ij', W, dD))",
    "grad_b": "grad_b = lambda dD: np.einsum('ij->i', dD)[:, None]",
}
WRONG = {
    "forward": "def forward(W, X, b):\n    return W @ X",
    "partial": "def partial(W, i, j):\n    return W[j, i]",
    "grad_W": "def grad_W(dD, X):\n    return dD @ X",
    "grad_X": "def grad_X(W, dD):\n    return -W.T @ dD",
    "grad_b": "def grad_b(dD):\n    return dD.mean(axis=1, keepdims=True)",
    "jacobian_D_W": "def jacobian_D_W(W, X):\n    return grad_W(np.ones((W.shape[0], X.shape[1])), X)",
}
RIGHT = solved(source(SET))
CLASS = {
    "einsum": replaced(RIGHT, EINSUM),
    "loops": replaced(RIGHT, LOOPS),
    "started": handed_in(SET, forward=LOOPS["forward"], grad_W="def grad_W(dD, X):\n    return (X @ dD.T).T"),
    "wrong": replaced(RIGHT, WRONG),
}
PLAIN_CLASS = {
    "half": replaced(
        solved(COURSE),
        {
            "square": "def square(x):\n    return 9",
            "area": "def area(a, b):\n    return int(a) * b",
            "checked_root": "def checked_root(x):\n    return abs(x) ** 0.5",
            "fill": "def fill(grid, log, table, value):\n    log.append(value)",
            "Account": "class Account:\n    pass",
        },
    ),
    "right": solved(COURSE),
    "stopped": replaced(
        released(COURSE),
        {"greet": "def greet(name:", "twice": "raise NotImplementedError()", "largest": "largest = max(undefined)"},
    ),
}
# What nbgrader's own rules say of a test's value: a number is points, anything else is full points.
VALUES = notebook(
    solution("x", "x = 1"),
    check("test_true", "x == 1\nTrue", 2),
    check("test_number", "assert x\n1.5", 2),
    check("test_none", "assert x\nprint(x)", 2),
    check("test_text", "x\n'fine'", 2),
    check("test_zero", "int(x) - 1", 2),
    check("test_hidden_value", "assert x\n" + hidden("0.5"), 2),
)

pytestmark = pytest.mark.xdist_group("same_as_stock")
Scores = dict[str, dict[str, dict[str, float]]]


def _course(folder: Path, submissions: dict[str, dict[str, Json]], config: str = "") -> Path:
    course = make_course(folder, SET)
    if config:
        (course / "nbgrader_config.py").write_text(config)
    written(COURSE, course / "source" / WEEK / f"{WEEK}.ipynb")
    written(VALUES, course / "source" / "values" / "values.ipynb")
    for name, students in submissions.items():
        for student, given in students.items():
            submit(course, student, name, given)
    return course


SUBMISSIONS = {SET: CLASS, WEEK: PLAIN_CLASS, "values": {"one": VALUES}}


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Scores:
    """The scores that nbgrader gives with its own configuration."""
    course = _course(tmp_path_factory.mktemp("stock") / "course", SUBMISSIONS, STOCK)
    for name, students in SUBMISSIONS.items():
        through_api(course, ("generate_assignment", name), *(("autograde", name, student) for student in students))
    return {name: scores_of(course, name) for name in SUBMISSIONS}


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Scores:
    """The scores that `autograder grade` gives for the same files."""
    course = _course(tmp_path_factory.mktemp("ours") / "course", SUBMISSIONS)
    for name in SUBMISSIONS:
        ran = autograder("grade", name, folder=course)
        assert ran.status == 0, ran.err
    return {name: scores_of(course, name) for name in SUBMISSIONS}


@pytest.mark.parametrize(("name", "student"), [(name, each) for name, class_ in SUBMISSIONS.items() for each in class_])
def test_every_cell_has_the_same_score(stock: Scores, ours: Scores, name: str, student: str) -> None:
    """Cell by cell, the gradebook holds what stock nbgrader puts there."""
    assert ours[name][student] == stock[name][student]


def test_the_scores_are_those_that_were_meant(ours: Scores) -> None:
    """The comparison is about right, wrong, partial and missing answers, as their scores show."""
    full, nothing = points_of(SET), dict.fromkeys(points_of(SET), 0.0)
    assert ours[SET]["einsum"] == ours[SET]["loops"] == full
    assert ours[SET]["started"] == {**nothing, "test_forward": 1.0, "test_grad_W": 3.0}
    assert ours[SET]["wrong"] == nothing
    assert ours[WEEK]["right"] == {f"test_{name}": float(points) for name, points in POINTS.items()}
    assert 0 < sum(ours[WEEK]["half"].values()) < sum(POINTS.values())
    assert ours["values"]["one"]["test_number"] == 1.5
