"""A command imports what it needs and no more, so that it answers at once; the summary says what was done."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers.command import COMMAND, autograder, environment
from helpers.course import submit
from helpers.notebooks import ROOT, code, written
from helpers.small_course import WEEK, counts, grade, small_course, week

HEAVY = {"nbgrader", "sqlalchemy", "nbconvert", "nbformat", "IPython", "matplotlib", "pandas", "scipy", "tqdm", "numpy"}
# Prints, as the last line, which packages a command line has imported.
PROBE = """
import json, sys
from autograder.cli.main import main
try:
    status = main(sys.argv[1:])
except SystemExit as ended:
    status = ended.code
print(json.dumps([status, sorted({name.split(".")[0] for name in sys.modules})]))
"""


def _imported(folder: Path, *words: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words],
        cwd=folder, env=environment(), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    status, names = json.loads(done.stdout.splitlines()[-1])
    assert not status, done.stderr
    return set(names)


def _opened(folder: Path, *words: str, path: Path) -> list[str]:
    """Return the files that a command line opens. path: where what is installed is looked for first."""
    hook = "lambda event, told: event == 'open' and opened.append(str(told[0]))"
    probe = f"import sys\nopened = []\nsys.addaudithook({hook})\n" + PROBE.replace(
        "sorted({name", "opened or sorted({name"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, *words],
        cwd=folder, env=environment(PYTHONPATH=str(path)), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return list(json.loads(done.stdout.splitlines()[-1])[1])


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of five that was graded."""
    course = small_course(tmp_path_factory.mktemp("start") / "course", students=5)
    assert counts(grade(course)) == (5, 0)
    return course


@pytest.mark.parametrize("words", [["--help"], ["grade", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(tmp_path: Path, words: list[str]) -> None:
    """Neither --help nor --version waits for NumPy, nbgrader or anything else that is slow to import."""
    assert _imported(tmp_path, *words) & HEAVY == set()


def test_a_run_with_nothing_to_do_imports_nothing_heavy(done: Path) -> None:
    """Finding that nothing changed takes neither nbgrader, nor a database library, nor NumPy, nor a sandbox."""
    assert _imported(done, "grade", WEEK) & HEAVY == set()


def test_nor_does_it_with_the_configuration_that_courses_get(done: Path, tmp_path: Path) -> None:
    """Reading this project's nbgrader_config.py imports nothing heavy either."""
    course = shutil.copytree(done, tmp_path / "course")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    assert _imported(course, "grade", WEEK, "--dry-run") & (HEAVY - {"numpy"}) == set()


def test_a_run_with_nothing_to_do_reads_no_package_that_is_installed(done: Path, tmp_path: Path) -> None:
    """Of what tests import, only the course's own modules are read to find what changed; others have versions."""
    course = shutil.copytree(done, tmp_path / "course")
    shutil.move(course / "solutions", tmp_path / "installed" / "solutions")
    (tmp_path / "installed" / "beside.py").write_text("import solutions.week1\n")
    text = "import beside\nfrom solutions.week1 import FACTOR"
    written(week(code(text)), course / "source" / WEEK / f"{WEEK}.ipynb")
    opened = _opened(course, "grade", WEEK, "--dry-run", path=tmp_path / "installed")
    names = {Path(name).name for name in opened if name.startswith(str(tmp_path))}
    assert {f"{WEEK}.ipynb", "week1.py", "numbers.py"} <= names
    assert "beside.py" not in names


def test_grading_does_not_import_nbgrader(done: Path) -> None:
    """Grading into a gradebook that there is takes neither nbgrader nor the packages of a notebook server."""
    assert _imported(done, "grade", WEEK, "--force", "--jobs", "1") & {"nbgrader", "nbconvert", "nbformat"} == set()


def _seconds(command: list[str], folder: Path) -> float:
    """Return the least time of some tries, which says most on a machine with other work."""
    times = []
    for _ in range(5):
        began = time.monotonic()
        subprocess.run(command, cwd=folder, env=environment(), capture_output=True, check=True)
        times.append(time.monotonic() - began)
    return min(times)


def test_help_takes_little_longer_than_python_itself(tmp_path: Path) -> None:
    """--help takes less than eight times as long as Python takes to start and do nothing."""
    assert _seconds([*COMMAND, "--help"], tmp_path) < 8 * _seconds([sys.executable, "-c", "pass"], tmp_path)


def test_the_first_result_is_shown_at_once_and_quiet_silences_it(done: Path) -> None:
    """In a log the first result has a line of its own; --quiet leaves standard error empty."""
    assert "1 of 5: s00 2 / 2" in grade(done, "--force").err
    assert grade(done, "--force", "--quiet").err == ""


def test_the_summary_is_a_few_lines(done: Path, tmp_path: Path) -> None:
    """Graded, unchanged, failed and why, the slowest three, warnings, and the time by stage, each in a line."""
    course = small_course(tmp_path / "course", students=4)
    submit(course, "broken", WEEK, b"{")
    noisy = (course / "submitted" / "s00" / WEEK / f"{WEEK}.ipynb").read_text()
    noisy = noisy.replace("    return x + x", "    import warnings\\n    warnings.warn('mind')\\n    return x + x")
    submit(course, "s00", WEEK, noisy.encode())
    ran = grade(course)
    assert ran.status == 3
    lines = {line.split(": ")[0]: line for line in ran.out.splitlines()}
    assert lines["graded"] == "graded: 4, could not be graded: 1, unchanged: 0"
    assert "broken/week1/week1.ipynb: week1.ipynb is not a notebook" in lines["failed"]
    assert lines["slowest"].count(" s,") == 2
    assert "UserWarning" in lines["warnings"]
    for stage in ("in all", "reading", "starting the sandbox", "judging", "writing"):
        assert stage in lines["seconds"]
    assert autograder("grade", WEEK, "--json", "out.json", folder=course).status == 3
    assert json.loads((course / "out.json").read_text())["schema"] == 1
