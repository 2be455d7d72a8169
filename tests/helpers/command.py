"""The command line, run as a user would, in a process of its own."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from helpers.notebooks import ROOT
from helpers.started import Ended, Starter

# Whoever runs the tests in the background may have them ignore ^C, and so all that they start.
HEARING_INTERRUPTS = (
    *(sys.executable, "-c"),
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])",
)
COMMAND = (sys.executable, "-W", "error", "-m", "autograder")
# What the verbs that tests run most read as they begin.
LIBRARIES = ("autograder.cli.main", "autograder.cli.grade", "autograder.cli.run", "nbgrader.preprocessors")
SECONDS = 120
QUICK = Path(__file__).parent / "quick"


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which the checkout is imported and no course is named."""
    theirs = ("AUTOGRADER_COURSE", "GITHUB_")  # in a CI service's job the command tells the service as well
    kept = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
    return {**kept, "PYTHONPATH": f"{ROOT}{os.pathsep}{QUICK}", **more}


@dataclass(frozen=True)
class Ran:
    """What one command left behind."""

    status: int
    out: str
    err: str

    def without_traceback(self) -> "Ran":
        """Return this, if no traceback was shown to the user."""
        assert "Traceback" not in self.err + self.out, self.err
        return self


def autograder(*words: str | Path, folder: Path = ROOT, **variables: str) -> Ran:
    """Run `autograder` with these words from a folder."""
    given = [*map(str, words)]
    if variables:
        # Some are read as Python begins.
        done = subprocess.run(
            [*COMMAND, *given],
            cwd=folder,
            env=environment(**variables),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        ended = Ended(done.returncode, done.stdout, done.stderr)
    else:
        ended = _starter().run("autograder", given, folder, environment(), SECONDS)
    out, err = ended.out.decode("utf-8", "surrogateescape"), ended.err.decode("utf-8", "surrogateescape")
    return Ran(ended.status, out, err).without_traceback()


@cache
def _starter() -> Starter:
    return Starter(LIBRARIES, environment(), "-W", "error")


def autograder_within(*words: str | Path, folder: Path) -> Ran:
    """Run `autograder` with these words from a folder, within this process, which has its libraries already."""
    from autograder.cli.main import main

    out, err = io.StringIO(), io.StringIO()
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGHUP)}
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main([*map(str, words)])
    except SystemExit as error:  # as argparse ends a command line that it does not understand
        status = int(error.code or 0)
    finally:
        for one, action in before.items():
            signal.signal(one, action)
    return Ran(status, out.getvalue(), err.getvalue())


def results(path: Path) -> dict[str, Any]:
    """Read a JSON report, which must be ASCII and hold finite numbers only."""

    def refuse(constant: str) -> Any:
        raise AssertionError(constant)

    read: dict[str, Any] = json.loads(path.read_bytes().decode("ascii"), parse_constant=refuse)
    return read
