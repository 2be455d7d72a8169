"""pytest without a submission, where the plugin must cost nothing, and with options that can't be meant."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.command import environment
from helpers.notebooks import check, notebook, released, solution, written

SOURCE = notebook(solution("f"), check("test_f", "assert f(2) == 4", 2))
HIDDEN = "def test_f(submission):\n    assert submission.f(2) == 4\n\ndef test_other():\n    pass\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A course, a submission, and an instructor's tests."""
    written(SOURCE, tmp_path / "course" / "source" / "week" / "week.ipynb")
    written(released(SOURCE), tmp_path / "alice.ipynb")
    (tmp_path / "test_hidden.py").write_text(HIDDEN)
    return tmp_path


PROBE = """
import json, sys, pytest
status = pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]])
parts = ("autograder", "numpy", "IPython")
print(json.dumps([int(status), sorted(name for name in sys.modules if name.split(".")[0] in parts)]))
"""
SEVERAL = """
import json, sys, pytest
for words in json.loads(sys.argv[1]):
    print("status", int(pytest.main(["-q", "-p", "no:cacheprovider", *words])))
"""


def test_without_a_submission_nothing_is_imported(place: Path) -> None:
    """A run that names no submission loads the plugin's own module and no more, and skips what asks for one."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, "test_hidden.py"],
        cwd=place, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    status, modules = json.loads(done.stdout.splitlines()[-1])
    assert (status, modules) == (0, ["autograder", "autograder.pytest_plugin"])
    assert "1 passed, 1 skipped" in done.stdout


def test_wrong_usage_is_told(place: Path) -> None:
    """What can't be is told in a line, with pytest's status for wrong usage."""
    (place / "empty").mkdir()
    told = {
        ("--submission", "empty"): "there is no notebook",
        ("--assignment", "other"): "there is no assignment 'other'",
        ("--isolation", "some"): "expected one of none, container, full",
        ("--submission-timeout", "0"): "expected a number of seconds above 0",
    }
    given = ("--submission", "alice.ipynb", "--course", "course")
    runs = json.dumps([[*given, *words] for words in told])
    command = [sys.executable, "-c", SEVERAL, runs]
    done = subprocess.run(command, cwd=place, env=environment(), capture_output=True, text=True, check=True)
    assert [line for line in done.stdout.splitlines() if line.startswith("status")] == ["status 4"] * len(told)
    for message in told.values():
        assert message in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
