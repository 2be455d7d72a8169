"""Where a course's notebook starts programs, commands or threads, `compat` names the cells that look at what came."""

from pathlib import Path

import pytest
from helpers.command import autograder
from helpers.grading import Grader
from helpers.notebooks import check, code, notebook, solution, written

from autograder.compat.findings import CellReport, Fate
from autograder.compat.scan import scan
from autograder.notebook.settings import Settings

CALL = "def run_all(functions):\n    threads = [threading.Thread(target=one) for one in functions]"
# By what it is: the notebook's other cell, the test, and what is said of it.
CANNOT = {
    "a command's output": ("files = !ls", "assert files == ['a']", "uses files"),
    "a magic's output": ("files = %sx ls", "assert len(files) == 1", "uses files"),
    "a program's output": (
        "import subprocess\nout = subprocess.run(['ls'], capture_output=True).stdout",
        "assert out == b'a'",
        "subprocess.run",
    ),
    "a function that starts one": (
        "def listed():\n    return os.popen('ls').read()",
        "assert listed() == 'a'",
        "os.popen",
    ),
    "one that calls such a function": (
        "def listed():\n    return os.popen('ls').read()\ndef count():\n    return len(listed())",
        "assert count() == 1",
        "uses count",
    ),
    "processes": (
        "def squares(x):\n    with Pool(2) as pool:\n        return pool.map(abs, x)",
        "squares([1])",
        "Pool",
    ),
    "a file of a command's": ("!echo a > a.txt", "assert open('a.txt').read() == 'a'", "!echo a > a.txt"),
    "a file of a shell's cell": ("%%bash\necho a > a.txt", "assert open('a.txt').read() == 'a'", "%%bash"),
    "data that is fetched": ("!wget -q https://example.org/data.csv\nf = len", "assert f('') == 0", "!wget"),
    "a function in a thread": (CALL, "assert run_all([lambda: 1]) == [1]", "in a thread"),
    "the environment": ("os.environ['A'] = '1'", "import os\nassert os.environ['A'] == '1'", "environment variables"),
    "log records": ("f = len", "import logging\nlogging.getLogger('a').addHandler(H())\nf('')", "log records"),
    "the last value": ("3", "assert _ == 3", "history"),
}
FINE = {
    "an installation": ("!pip install -q numpy\n%pip install numpy\nf = len", "assert f(open('a.txt').read()) == 0"),
    "a listing": ("!ls\n!echo hello\nf = len", "assert f(open('a.txt').read()) == 0"),
    "a file that lies beside": (
        "!wget -nc https://example.org/beside.csv\nf = len",
        "assert f(open('beside.csv').read())",
    ),
    "another file": ("!echo a > a.txt\nf = len", "assert f(open('b.txt').read()) == 0"),
    "another function": ("def listed():\n    return os.popen('ls').read()\ndef f():\n    return 1", "assert f() == 1"),
    "a name of the test's own": ("files = !ls", "files = ['a']\nassert len(files) == 1"),
    "a method called run": ("out = model.run([1])", "assert out == 1"),
    "a thread with its own function": (CALL, "assert run_all([]) == []"),
    "a loop over nothing in particular": ("f = len", "for _ in range(3):\n    assert f('') == 0\n_, a = 1, 2"),
    "a function of one argument": ("f = len", "assert list(map(lambda _: f(''), [1])) == [0]"),
    "a list of one class": ("class P:\n    pass", "assert [P()] != [P()]"),
    "a list by another name": ("class P(list):\n    pass", "assert P([1]) == [1]"),
}


def _found(folder: Path, cell: str, test: str) -> CellReport:
    written(notebook(solution("f", cell), check("test_f", test)), folder / "source" / "one" / "one.ipynb")
    (folder / "source" / "one" / "beside.csv").write_text("a\n")
    (found,) = scan(folder, "one", Settings(folder)).cells
    return found


@pytest.mark.parametrize("name", CANNOT)
def test_compat_says_what_the_notebook_starts(tmp_path: Path, name: str) -> None:
    """A test that looks at what a program, a command or a thread gave is named with what started it."""
    cell, test, reason = CANNOT[name]
    found = _found(tmp_path, cell, test)
    assert found.fate is Fate.CANNOT
    assert any(reason in one.what for one in found.findings if one.stops), found.findings


@pytest.mark.parametrize("name", FINE)
def test_compat_leaves_alone_what_starts_nothing(tmp_path: Path, name: str) -> None:
    """A test beside such a cell, or one that only looks like it, is not named."""
    assert _found(tmp_path, *FINE[name]).fate is not Fate.CANNOT


def test_compat_reads_a_test_that_imports_its_own_module(tmp_path: Path) -> None:
    """`import __main__` is a module that is there."""
    assert _found(tmp_path, "x = 3", "import __main__\nassert __main__.x == 3").fate is Fate.TRUSTED


def test_what_a_program_gives_is_never_a_pass(grader: Grader) -> None:
    """A command's output is empty here, and a test that looks at it is not passed."""
    cells = code("import os"), solution("f", "files = !echo a"), check("test_f", "assert files == ['a']")
    assert grader.judge(*cells, f="files = !echo a").scores == {"f": 0}


def test_explain_names_the_cell_and_the_reason(tmp_path: Path) -> None:
    """`run --explain` says of such a cell what `compat` says of it."""
    given = notebook(solution("f", "files = !echo a"), check("test_f", "assert files == ['a']"))
    written(given, tmp_path / "source" / "one" / "one.ipynb")
    path = written(given, tmp_path / "submitted" / "ada" / "one" / "one.ipynb")
    ran = autograder("run", path, "--explain", "--course", tmp_path, "--assignment", "one", folder=tmp_path)
    assert "cannot run trusted: uses files" in ran.out
