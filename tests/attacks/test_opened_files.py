"""A test that opens what a student's text names reads and changes nothing but what the student's code wrote."""

import ast
from pathlib import Path

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, solution

ALL_OF_IT = "with open(path) as file:\n    text = file.read()\nassert not text, text"
TESTS = {
    "open": ALL_OF_IT,
    "pathlib": "from pathlib import Path\ntext = Path(path).read_text()\nassert not text, text",
    "numpy": "import numpy as np\ntext = str(np.loadtxt(path, dtype=str))\nassert not text, text",
    "pandas": "import pandas as pd\ntext = pd.read_csv(path).to_csv()\nassert not text, text",
}


@pytest.mark.parametrize("test", TESTS)
def test_a_file_that_only_the_student_names_is_not_read(grader: Grader, tmp_path: Path, test: str) -> None:
    """Neither the score nor any message tells what stands in a file of the grader's machine."""
    secret = tmp_path / "secret.csv"
    secret.write_text("mellon,speak\n1,2\n")
    outcome = grader.judge(solution("path"), check("test_path", TESTS[test]), path=f"path = {str(secret)!r}")
    assert outcome.scores == {"path": 0}
    assert "mellon" not in str(outcome.result)


def test_a_file_that_only_the_student_names_is_not_written(grader: Grader, tmp_path: Path) -> None:
    """What a test writes where the student says stays as it was."""
    victim = tmp_path / "victim.txt"
    victim.write_text("as it was")
    for test in (
        "open(path, 'w').write('x')",
        "import os\nos.remove(path)",
        "import os\nopen(path)\nos.rename(path, 'y')",
    ):
        outcome = grader.judge(solution("path"), check("test_path", test), path=f"path = {str(victim)!r}")
        assert outcome.scores == {"path": 0}
    assert victim.read_text() == "as it was"


def test_a_file_that_the_students_code_wrote_is_read(grader: Grader) -> None:
    """A path of the student's own file, in a folder or not, is opened."""
    test = check("test_path", "assert open(path).read() == 'hello'")
    for name in ("a.txt", "deep/b.txt", "./a.txt"):
        cell = f"import os\nos.makedirs('deep', exist_ok=True)\npath = {name!r}\nopen(path, 'w').write('hello')"
        assert grader.judge(solution("path"), test, path=cell).scores == {"path": 1}


def test_a_file_that_the_test_names_is_read(grader: Grader, tmp_path: Path) -> None:
    """An author may open whatever they name, by its folder as well."""
    data = tmp_path / "data.txt"
    data.write_text("4")
    for test in (
        f"assert int(open({str(data)!r}).read()) == f(2)",
        f"import os\nassert int(open(os.path.join({str(tmp_path)!r}, 'data.txt')).read()) == f(2)",
    ):
        assert grader.judge(solution("f"), check("test_f", test), f="def f(x):\n    return 2 * x").scores == {"f": 1}


@pytest.mark.parametrize("path", ["/proc/self/environ", "/proc/self/cmdline", "/etc/passwd", ast.__file__])
def test_neither_the_environment_nor_a_program_is_read(grader: Grader, path: str) -> None:
    """What the grader was started with, its machine's files and installed programs, as references are, stay unread."""
    test = check("test_path", "text = open(path, errors='replace').read()\nassert text is None, text")
    outcome = grader.judge(solution("path"), test, path=f"path = {path!r}")
    assert "opening a file that no text of the instructor's names" in str(outcome.result)
