"""docs/authoring.md is tried as a new user would: each block is run, in order, in an empty folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.command import environment, results
from helpers.notebooks import ROOT

TEXT = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADD_TO = re.compile(r"Add\s+to\s+the\s+end\s+of\s+`([\w/.]+)`:\s*$")
SECONDS = 600


def _run(text: str, folder: Path) -> str:
    """Run a block's lines as a shell would, and end with the first that fails."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    kept = environment(PATH=path, JUPYTER_NO_CONFIG="1")
    done = subprocess.run(
        ["bash", "-euc", text], cwd=folder, env=kept, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, text + done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_walk_through_authoring_works(tmp_path: Path) -> None:
    """What docs/authoring.md says to type and to add works as it says, from an empty folder to a graded release."""
    before, said = 0, ""
    for block in BLOCK.finditer(TEXT):
        words, text = TEXT[before : block.start()], block[2]
        before = block.end()
        if block[1] == "python":
            target = ADD_TO.search(words)
            assert target, f"the page does not say where this goes: {text}"
            with (tmp_path / target[1]).open("a", encoding="utf-8") as module:
                module.write(text)
        elif block[1] == "sh":
            said += _run(text, tmp_path)
    assert "cells added for: grad_v" in said
    assert said.count("no fault found") == 3
    assert "0 / 5 points" in said
    report = results(tmp_path / "verified.json")
    assert report["passed"]
    assert "sums-apart" in {one["named"] for one in report["mistakes"]}
    assert {one["exercise"] for one in report["mutants"]} == {"outer", "grad_u", "grad_v"}


def test_a_gradient_exercise_is_about_ten_lines() -> None:
    """The block that declares an exercise is no longer than the page promises."""
    declaration, _ = (block[2] for block in BLOCK.finditer(TEXT) if block[1] == "python")
    assert len(declaration.strip().splitlines()) <= 10


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "README.md"])
def test_the_page_is_found_from_the_others(name: str) -> None:
    """CONTRIBUTING and README link to the page."""
    assert "(docs/authoring.md)" in (ROOT / name).read_text(encoding="utf-8")
