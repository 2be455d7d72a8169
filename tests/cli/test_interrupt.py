"""^C during a run: status 130, a word, no traceback, and no process left."""

import signal
import subprocess
import time
from pathlib import Path

from helpers.command import COMMAND, HEARING_INTERRUPTS, environment
from helpers.inside import children
from helpers.notebooks import replaced, solved, source, written

LOOP = "def grad_pipeline(x, a, b):\n    while True: pass"
PATIENCE = 10


def test_an_interrupt_ends_everything_with_status_130(tmp_path: Path) -> None:
    """^C while a student's loop runs ends the grader, its judges and its sandboxes at once."""
    given = replaced(solved(source("ps1_chain_rule")), {"grad_pipeline": LOOP})
    for number in range(4):
        written(given, tmp_path / f"{number}.ipynb")
    running = subprocess.Popen(
        [*HEARING_INTERRUPTS, *COMMAND, "run", ".", "--jobs", "2", "--timeout", "60"],
        cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    deadline = time.monotonic() + PATIENCE
    while len(children(running.pid)) < 8 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    below = children(running.pid)
    assert below
    interrupted = time.monotonic()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130, err
    assert time.monotonic() - interrupted < 5
    assert b"Traceback" not in err
    assert b"interrupted" in err
    assert out == b""
    while any(Path(f"/proc/{one}").exists() for one in below) and time.monotonic() < interrupted + PATIENCE:
        time.sleep(0.05)
    assert not [one for one in below if Path(f"/proc/{one}").exists()]
