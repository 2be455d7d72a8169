"""pytest with the plugin, as an instructor runs it: in processes of its own, over real submissions."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from helpers.command import environment
from helpers.notebooks import (
    ROOT,
    check,
    code,
    hidden,
    inserted,
    markdown,
    notebook,
    released,
    replaced,
    solution,
    solved,
    source,
    written,
)

SECRET = 87_654.5
TESTS = hidden("assert f(3) == 6")
SOURCE = notebook(
    solution("f", "### BEGIN SOLUTION\ndef f(x):\n    return 2 * x\n### END SOLUTION"),
    check("test_f", f"assert f(2) == 4, 'f doubles'\n{TESTS}", 2),
    solution("g", "### BEGIN SOLUTION\ndef g(x):\n    return x\n### END SOLUTION"),
    check("test_g", "import nowhere_at_all", 1),
    markdown("Say why.", {"grade_id": "essay", "grade": True, "solution": True, "locked": False, "points": 2}),
)
RIGHT = "def f(x):\n    return x + x\n\nTABLE = {'a': 1}"
# What a hostile student tries: the terminal, the CI service, the memory of the tests, the clock.
HOSTILE = f"""
class Odd:
    def __repr__(self):
        return '\\x1b[31m::error::repr'

def f(x):
    print('\\x1b]0;title\\x07\\n::add-mask::secret')
    if x == 7:
        import time
        while True: time.sleep(0.01)
    if x == 8:
        raise ValueError('\\x1b[2J\\n::error::raised')
    if x == 9:
        return Odd()
    import gc, sys
    for found in gc.get_objects():
        if isinstance(found, float) and found == {SECRET} - 0.0 and 'found' not in str(found):
            return found
    return x * 2 if {SECRET!r} in sys.modules.values() else x * 3
"""
HIDDEN = f"""
import pytest

EXPECTED = {SECRET}

def test_doubles(submission):
    assert submission.f(EXPECTED / 2) == EXPECTED

def test_data(submission):
    assert submission.TABLE == {{"a": 1}}

def test_errors(submission):
    with pytest.raises(ValueError):
        submission.f(8)

def test_shown(submission):
    assert submission.f(9) is None

def test_raised(submission):
    submission.f(8)

def test_loop(submission):
    submission.f(7)

def test_after_the_loop(submission):
    assert submission.f(1) == 2

def test_without_a_submission():
    assert True
"""
FRESH = """
import time
def test_a_new_module_has_a_new_process(submission):
    assert submission.f(1) == 3

def test_the_clock_is_stopped(submission):
    while True:
        time.sleep(0.01)

def test_the_next_test_runs():
    pass
"""
TRAP = "import os\nopen(os.environ['TRAP'], 'a').write(__file__)\n"


@dataclass(frozen=True)
class Ran:
    """One run of pytest: its exit status, what it printed, and how each test ended."""

    status: int
    out: str
    outcomes: dict[str, str]
    details: dict[str, str]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course, an instructor's tests, and students' folders with traps beside the notebooks."""
    folder = tmp_path_factory.mktemp("pytest")
    written(SOURCE, folder / "course" / "source" / "week" / "week.ipynb")
    given = released(SOURCE)
    written(replaced(given, {"f": RIGHT}), folder / "students" / "alice" / "alice.ipynb")
    hostile = inserted(replaced(given, {"f": HOSTILE}), code("raise ValueError('a cell of mine')"), after="test_f")
    written(hostile, folder / "students" / "mallory" / "mallory.ipynb")
    (folder / "students" / "broken").mkdir()
    (folder / "students" / "broken" / "broken.ipynb").write_text("{")
    for name in ("conftest.py", "test_mine.py"):
        (folder / "students" / "mallory" / name).write_text(TRAP + "def test_mine(): pass\n")
    (folder / "hidden").mkdir()
    (folder / "hidden" / "test_hidden.py").write_text(HIDDEN)
    (folder / "hidden" / "test_fresh.py").write_text(FRESH)
    return folder


def run(place: Path, *words: str) -> Ran:
    """Run pytest from the instructor's folder; no trap of a student's may have gone off."""
    trap, xml = place / "trap", place / "out.xml"
    xml.unlink(missing_ok=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:hypothesispytest",
        "--junitxml",
        str(xml),
        *words,
    ]
    done = subprocess.run(
        command, cwd=place, env=environment(TRAP=str(trap), COLUMNS="160"), capture_output=True, text=True, check=False
    )
    assert not trap.exists(), trap.read_text()
    cases = list(ET.parse(xml).getroot().iter("testcase")) if xml.exists() else []
    names = {case: f"{case.get('classname')}::{case.get('name')}" for case in cases}
    outcomes = {
        name: next((part.tag for part in case if part.tag != "system-out"), "passed") for case, name in names.items()
    }
    details = {name: " ".join(case.itertext()) for case, name in names.items()}
    return Ran(done.returncode, done.stdout + done.stderr, outcomes, details)


COURSE = ("--course", "course", "--assignment", "week", "--submission-timeout", "1")


@pytest.fixture(scope="module")
def checks(place: Path) -> Ran:
    """The checks of all submissions, two processes at a time."""
    return run(place, "--submission", "students", *COURSE, "-n", "2")


@pytest.fixture(scope="module")
def own(place: Path) -> Ran:
    """The instructor's own tests on two submissions; their checks are left out."""
    both = ("--submission", "students/alice/alice.ipynb", "--submission", "students/mallory/mallory.ipynb")
    return run(place, *both, *COURSE, "hidden", "-k", "hidden or fresh", "-s")


def test_every_check_is_a_test(checks: Ran) -> None:
    """Checks pass and fail under their exercise's name; faults of tests and files are errors, and essays skipped."""
    assert checks.status == 1
    assert checks.outcomes == {
        "students.alice.alice.ipynb.f::test": "passed",
        "students.alice.alice.ipynb.g::could_not_judge": "error",
        "students.broken.broken.ipynb::notebook": "error",
        "students.alice.alice.ipynb::essay": "skipped",
        "students.mallory.mallory.ipynb::essay": "skipped",
        "students.mallory.mallory.ipynb.f::assertion": "failure",
        "students.mallory.mallory.ipynb.g::could_not_judge": "error",
    }
    assert "students/mallory/mallory.ipynb::f::assertion" in checks.out
    assert "alice.ipynb: 2 / 3 points" in checks.out


def test_a_failed_check_shows_its_message_and_no_traceback(checks: Ran) -> None:
    """What is shown is the grader's message; no line of the grader's, no hidden test."""
    assert "f doubles" in checks.details["students.mallory.mallory.ipynb.f::assertion"]
    assert "its JSON is broken" in checks.details["students.broken.broken.ipynb::notebook"]
    assert "Traceback" not in checks.out
    assert "autograder/" not in checks.out
    assert "f(3)" not in checks.out


def test_one_check_can_be_named(place: Path) -> None:
    """An id selects one check, and -x ends the run with the first that fails; nothing beside the notebook is run."""
    named = "students/mallory/mallory.ipynb"
    one = run(place, "--submission", named, *COURSE, f"{named}::f::assertion", "-x")
    assert list(one.outcomes) == ["students.mallory.mallory.ipynb.f::assertion"]
    assert "stopping after 1 failures" in one.out


def test_the_pages_example_runs(place: Path) -> None:
    """The tests of docs/pytest.md pass on a right notebook, beside the checks of a function that is named."""
    (example,) = re.findall(r"(?ms)^```python\n(.*?)^```", (ROOT / "docs" / "pytest.md").read_text())
    (place / "page").mkdir()
    (place / "page" / "test_page.py").write_text(example)
    written(solved(source("ps1_chain_rule")), place / "right.ipynb")
    given = ("--submission", "right.ipynb", "--course", str(ROOT), "--assignment", "ps1_chain_rule")
    ran = run(place, *given, "page", "-k", "page or relu_grad")
    assert ran.status == 0, ran.out
    assert len([name for name in ran.outcomes if "test_page::" in name]) == 5
    assert ran.outcomes["right.ipynb.relu_grad::value"] == "passed"


def test_own_tests_run_once_for_each_submission(own: Ran) -> None:
    """Right functions pass, wrong ones fail, what raises and loops fails alone, and data is a copy."""
    found = {name.partition("::")[2]: outcome for name, outcome in own.outcomes.items()}
    passed = {name for name, outcome in found.items() if outcome == "passed"}
    assert passed == {
        "test_doubles[alice]", "test_data[alice]", "test_loop[alice]", "test_after_the_loop[alice]",
        "test_raised[alice]", "test_errors[mallory]", "test_without_a_submission", "test_the_next_test_runs",
        "test_a_new_module_has_a_new_process[mallory]",
    }  # fmt: skip
    assert set(found.values()) == {"passed", "failure"}


def test_expected_values_never_reach_the_student(own: Ran) -> None:
    """A function that searches its process for the test's expected value does not find it."""
    assert own.outcomes["hidden.test_hidden::test_doubles[mallory]"] == "failure"
    assert str(SECRET * 1.5) in own.details["hidden.test_hidden::test_doubles[mallory]"]


def test_limits_hold_in_own_tests(own: Ran) -> None:
    """An endless call is ended and named, an endless test as well; a fresh module has a fresh process."""
    assert "stopped after 1 s" in own.details["hidden.test_hidden::test_loop[mallory]"]
    assert "is not called again" in own.details["hidden.test_hidden::test_after_the_loop[mallory]"]
    assert "the test took longer than 2 s" in own.details["hidden.test_fresh::test_the_clock_is_stopped[alice]"]


def test_what_is_missing_says_so(own: Ran) -> None:
    """A name that no cell bound is told with the file's name, and with what failed there."""
    told = own.details["hidden.test_hidden::test_data[mallory]"]
    assert "mallory.ipynb defines no TABLE" in told
    assert "a cell of mine" in told


def test_nothing_hostile_is_shown(own: Ran, checks: Ran) -> None:
    """Reprs, errors and prints, captured or not, move no cursor and give no command to a CI service."""
    for ran in (own, checks):
        assert "\x1b" not in ran.out
        assert not re.search(r"(?m)^\s*::", ran.out)
    assert ": :add-mask::secret" in own.out
    # Within a line, pytest's own mark before it, it is no command.
    assert "E       ::error::raised" in own.out
    assert "\\x1b[2J" in own.details["hidden.test_hidden::test_raised[mallory]"]


def test_failures_show_the_tests_lines_only(own: Ran) -> None:
    """A traceback ends in the instructor's own test."""
    assert "submission.f(8)" in own.details["hidden.test_hidden::test_raised[mallory]"]
    assert str(ROOT / "autograder") not in own.out
