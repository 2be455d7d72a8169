"""Runs every case in one process, as a kernel would: what stock nbgrader makes of it. Prints scores as JSON.

A program of its own, because what cells do to their process would stay in that of the other tests.
"""

import io
import json
import os
import sys
import tempfile
import types
import warnings
from contextlib import redirect_stderr, redirect_stdout

from corpus import cases
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.judge import assertions

POINTS = 1.0


def score(shell: InteractiveShell, texts: list[str]) -> float:
    """Return what the last of some cells earns: 1 if it runs through, the number that it ends with, or 0."""
    main = types.ModuleType("__main__")
    main.__dict__.update(get_ipython=lambda: shell)
    shell.user_module, shell.user_ns = main, main.__dict__
    shell.init_user_ns()
    sys.modules["__main__"] = main
    result = None
    for text in texts:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            result = shell.run_cell(text)
    assert result is not None
    if not result.success:
        return 0.0
    is_number = isinstance(result.result, int | float) and not isinstance(result.result, bool)
    return min(max(float(result.result), 0.0), POINTS) if is_number else POINTS


def main() -> None:
    """Print what each case's two answers earn."""
    warnings.simplefilter("ignore")
    assertions.provide()
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    found = {}
    for case in cases():
        for answer in ("right", "wrong"):
            with tempfile.TemporaryDirectory() as folder:
                os.chdir(folder)
                if "matplotlib.pyplot" in sys.modules:
                    sys.modules["matplotlib.pyplot"].close("all")
                found[f"{case.name}:{answer}"] = score(shell, [case.given, getattr(case, answer), case.test])
                os.chdir("/")
    print(json.dumps(found), file=sys.__stdout__)


if __name__ == "__main__":
    main()
