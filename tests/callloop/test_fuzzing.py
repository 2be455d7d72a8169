"""A fuzzer that is guided by the codec's own lines finds nothing in the decoder, and would if there were something."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.notebooks import ROOT

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this Python"
)

FUZZER = Path(__file__).with_name("fuzz_decoder.py")
SECONDS = 15
UNCAUGHT = 77


def _fuzzed(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the fuzzer with a fixed seed."""
    return subprocess.run(
        [sys.executable, FUZZER, "--seed", "1", "--folder", folder, *options],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_fuzzer_finds_nothing(tmp_path: Path) -> None:
    """Inputs that a fuzzer makes of good frames all decode or raise WireError, and reach new lines on the way."""
    run = _fuzzed(tmp_path, "--seconds", str(SECONDS))
    assert run.returncode == 0, run.stderr[-3000:]
    reached = [int(number) for number in re.findall(r"cov: (\d+)", run.stderr)]
    assert reached[-1] > reached[0]


def test_the_fuzzer_finds_a_planted_bug(tmp_path: Path) -> None:
    """A decoder that raises something else for one rare value is found out, and the input is kept."""
    run = _fuzzed(tmp_path, "--seconds", "200", "--planted")
    assert run.returncode == UNCAUGHT, run.stderr[-3000:]
    assert "KeyError" in run.stdout + run.stderr
    assert list(tmp_path.glob("crash-*"))
