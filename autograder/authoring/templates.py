"""The texts of a new problem set, before anything of it is edited."""

MODULE = '''"""Problem set {name}: the outer product M = u vᵀ.

Name the source of the formulas here.
"""

import numpy as np
from numpy.typing import NDArray

from autograder.exercises import Array, ProblemSet, real

FloatArray = NDArray[np.float64]

# Every name of the set's vocabulary, with its shape in named dimensions.
EXERCISES = ProblemSet(
    "{name}",
    {{
        "u": real("n"),
        "v": real("m"),
        "dL_dM": real("n", "m"),
    }},
)


@EXERCISES.function(points=1, returns=Array(("n", "m")))
def outer(u: FloatArray, v: FloatArray) -> FloatArray:
    """Return M = u vᵀ (n, m) for u (n,) and v (m,)."""
    return np.outer(u, v)


@EXERCISES.gradient(points=2, of=lambda u, v: np.outer(u, v), wrt="u", upstream="dL_dM")
def grad_u(v: FloatArray, dL_dM: FloatArray) -> FloatArray:
    """Return dL/du (n,) for M = u vᵀ, from v (m,) and dL/dM (n, m)."""
    return dL_dM @ v
'''

TEST = '''"""The tests of {name} are tested: right answers keep their points, and small mistakes lose them."""

import subprocess
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parent.parent


def test_the_tests_of_{name}_hold() -> None:
    """`autograder verify` finds no fault: no mutant survives, and no right answer is rejected."""
    command = [sys.executable, "-m", "autograder", "verify", "{name}", "--course", str(COURSE), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
'''

SOLUTIONS = '"""The reference package: every function that students write, each declared as an exercise."""\n'

TITLE = """# Problem set: {name}

Say here what this set is about.

**How to work**

1. Read a section, then replace each `# YOUR CODE HERE` (and the `raise` line below it) with your code.
2. Run the check below it. A check here looks at a few cases; grading tries more.
3. Before you submit, choose *Restart Kernel and Run All Cells* and see that nothing fails.

Every function must work for all sizes, also those with a single row or column, must leave its arguments as they
were, and may use nothing but its arguments and functions from earlier cells."""

SETUP = """import matplotlib.pyplot as plt
import numpy as np

# Missing? Run: pip install backprop-autograder
from autograder import check_gradient

np.set_printoptions(precision=6, suppress=True)"""

SECTION = """## `{name}`

Derive here what the function below computes."""

COURSE = '''"""The course, for nbgrader: student code runs in the sandbox, feedback shows no hidden test."""

from autograder.configuration import use_sandbox
from autograder.releasing import install_where_needed

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "backprop"
use_sandbox(c)
# Each released notebook begins with a cell that installs the light package where it is missing, as in Colab.
install_where_needed(c, source="backprop-autograder=={version}")
'''
