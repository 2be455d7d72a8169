"""Temporary folders of graders: those whose owner is gone are removed, and no others."""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from helpers.grading import Grader
from helpers.notebooks import ROOT, check, solution

from autograder.judge.folder import OwnFolder, sweep
from autograder.sandbox.policy import SCRATCH_PATH

HOLDER = "from autograder.judge.folder import OwnFolder; it = OwnFolder(); print(it.path, flush=True); input()"
ENDED = """import signal, sys
from autograder.cli import main
from autograder.judge.folder import OwnFolder
def wait(words):
    folder = OwnFolder()
    try:
        print(folder.path, flush=True)
        signal.pause()
    finally:
        folder.close()
main._carry_out = wait
signal.signal(signal.SIGHUP, signal.SIG_DFL)
sys.exit(main.main([]))"""


def started(program: str, folder: Path) -> tuple["subprocess.Popen[str]", Path]:
    """Start a Python program whose temporary files are in a folder; return it and the folder that it has made there."""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env={"TMPDIR": str(folder), "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_folder_goes_when_its_owner_was_killed_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next grader removes what a killed one left; nothing of one that is running, of this one, or of others."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    process, theirs = started(HOLDER, tmp_path)
    with process:
        ours, other, link = OwnFolder(), tmp_path / "autograder-verify-x", tmp_path / "autograder-link"
        other.mkdir()
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "owner").touch()
        link.symlink_to(tmp_path / "elsewhere")
        sweep()
        assert theirs.is_dir()
        process.kill()
        process.wait()
        sweep()
    assert not theirs.exists()
    assert all(path.is_dir() for path in (ours.path, other, link))
    ours.close()
    assert not ours.path.exists()


def test_a_judge_that_is_killed_leaves_no_files_of_its_tests(grader: Grader) -> None:
    """The folder that a test's files are in goes with the judge, however that ends."""
    # Of a name that no other judge's test has, as others work beside this one.
    mine = "left-by-a-killed-judge.txt"
    killing = (
        f"import os\nopen('{mine}', 'w').close()\nassert os.path.exists('{mine}') and f(1) == 1\n"
        "os.kill(os.getpid(), 9)"
    )
    cells = solution("f", "def f(x):\n    return x"), check("test_f", killing, 1), check("after", "assert f(2) == 2", 1)
    outcome = grader.judge(*cells)
    assert outcome.scores["after"] == 1
    assert "did not end" in outcome.message("f")
    assert list(Path(SCRATCH_PATH).glob(f"autograder-*/**/{mine}")) == []


def test_a_judge_whose_tests_look_at_files_comes_to_its_end(grader: Grader) -> None:
    """What it has kept the tests from opening it may remove itself, and then tells what the submission has used."""
    mine = "removed-by-its-judge"
    test = f"import os\nos.makedirs('{mine}/deep')\nopen('{mine}/deep/a.txt', 'w').close()\nassert f(1) == 1"
    cells = solution("f", f"def f(x):\n    open('{mine}.txt', 'w').close()\n    return x"), check("test_f", test, 1)
    outcome = grader.judge(*cells)
    assert outcome.scores["f"] == 1
    assert outcome.result.resources.cpu_seconds > 0
    assert list(Path(SCRATCH_PATH).glob(f"autograder-*/**/{mine}*")) == []


@pytest.mark.parametrize("sent", [signal.SIGHUP, signal.SIGTERM])
def test_a_command_that_is_told_to_end_removes_its_folder(tmp_path: Path, sent: signal.Signals) -> None:
    """A terminal that is closed, or a job that is cancelled, leaves nothing behind."""
    process, folder = started(ENDED, tmp_path)
    with process:
        assert folder.is_dir()
        process.send_signal(sent)
        assert process.wait() == 143
    assert list(tmp_path.iterdir()) == []
