"""The first cell of a release: it installs where the package is missing, tells a mismatch, and is never graded."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from helpers.grading import assignment_from
from helpers.notebooks import ROOT, SETS, Json, markdown, notebook, released, source
from traitlets.config import Config

from autograder import __version__
from autograder.notebook.cells import cell_from_json
from autograder.notebook.installing import INSTALLING, installing_text, installing_warnings, is_installing, made_with
from autograder.notebook.matching import plan_for, restore
from autograder.notebook.plan import Plan, Side
from autograder.notebook.reading import notebook_from_bytes
from autograder.releasing import install_where_needed
from autograder.releasing.preprocessor import BeginWithInstalling

SOURCES = (
    "backprop-autograder=={version}",
    "https://uni.example/wheels/backprop_autograder-{version}-py3-none-any.whl",
    "git+https://git.example/autograder.git@v{version}#egg=backprop-autograder",
    "/srv/course/autograder",
    "backprop-autograder[dask] >= 0.1, < 2",
)
# Runs a cell as a kernel does, without one: `%pip` prints what it was told.
RUN = """
import sys, importlib.metadata
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
found = {found!r}
def version(name):
    if found is None: raise importlib.metadata.PackageNotFoundError(name)
    return found
importlib.metadata.version = version
def pip(line):
    global found
    print("pip", line)
    found = {after!r}
shell.register_magic_function(pip, "line", "pip")
result = shell.run_cell(sys.stdin.read())
assert result.success
"""


def _first(name: str) -> Json:
    read: Json = json.loads((ROOT / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    found: Json = read["cells"][0]
    return found


def _run(text: str, found: str | None, after: str | None, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(found=found, after=after)], input=text, text=True, capture_output=True,
        check=False, cwd=folder, env={**os.environ, "IPYTHONDIR": str(folder), "HOME": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", SETS)
def test_each_release_begins_with_the_cell_of_this_version(name: str) -> None:
    """The first cell of each set's release is locked, without points, and tells the version that made it."""
    cell = cell_from_json(_first(name))
    assert (cell.grade_id, cell.is_locked, cell.is_grade) == (INSTALLING, True, False)
    assert made_with(cell) == __version__
    assert _first(name)["metadata"]["editable"] is False


CASES: dict[str, tuple[str | None, str | None, tuple[str, ...]]] = {
    "here": (__version__, None, ()),
    "missing": (None, __version__, ("pip install --quiet ",)),
    "missing, and can't be had": (None, None, ("pip install", "here is none", "%pip install")),
    "another version": ("0.0.1", None, (f"Grading uses backprop-autograder {__version__}", "here is 0.0.1")),
}


@pytest.mark.parametrize("case", CASES)
def test_the_cell_installs_only_what_is_missing(case: str, tmp_path: Path) -> None:
    """It is silent where all is well, installs what is missing, tells a mismatch in a line, and never fails."""
    found, after, said = CASES[case]
    out = _run("".join(_first(SETS[0])["source"]), found, after, tmp_path)
    assert all(part in out for part in said)
    assert (out == "") is (not said)
    assert len(out.splitlines()) == ("pip " in out.split("Run this")[0]) + ("Grading" in out)
    if case == "another version":
        assert "pip install --quiet" not in out  # what a student chose to have is not replaced


@pytest.mark.parametrize("given", SOURCES)
def test_the_instructor_sets_the_source(given: str) -> None:
    """A requirement, a wheel's address, a git address and a folder stand in the cell, with the version filled in."""
    text = installing_text(given, "1.2.3")
    assert f'%pip install --quiet "{given.replace("{version}", "1.2.3")}"' in text
    assert made_with(cell_from_json({"cell_type": "code", "source": text})) == "1.2.3"


@pytest.mark.parametrize(
    "given", ["", "a\nimport os", 'a" ; rm x "', "$HOME", "{__import__('os')}", "a`b`", "--index-url'x'", "a\\b"]
)
def test_a_source_that_would_be_more_than_one_is_refused(given: str) -> None:
    """Quotes, line ends, and what a shell or IPython would fill in are told with what is expected."""
    with pytest.raises(ValueError, match="expected one thing that pip installs"):
        install_where_needed(Config(), given)


@pytest.mark.parametrize("given", ["owner", "owner/name/x", "https://github.com/owner/name", "owner/na me"])
def test_a_repository_that_is_none_is_refused(given: str) -> None:
    """A repository is `owner/name`."""
    with pytest.raises(ValueError, match="owner/name"):
        install_where_needed(Config(), repository=given)


def _begun(**traits: str) -> Json:
    begin = BeginWithInstalling(**traits)
    nb = nbformat.from_dict(notebook({**markdown("# Title"), "id": "title"}) | {"nbformat_minor": 5})
    resources = {"unique_key": "work", "nbgrader": {"assignment": "ps9"}}
    for _ in range(2):
        nb, _resources = begin.preprocess(nb, resources)
    made: Json = json.loads(nbformat.writes(nb))
    return made


def test_the_link_to_colab_is_there_where_a_repository_is_set() -> None:
    """With a repository a link opens this notebook in Colab; without one there is none; the cell is there once."""
    assert [cell["cell_type"] for cell in _begun()["cells"]] == ["code", "markdown"]
    linked = _begun(repository="uni/course", branch="2026")["cells"]
    assert [cell["cell_type"] for cell in linked] == ["markdown", "code", "markdown"]
    place = "https://colab.research.google.com/github/uni/course/blob/2026/release/ps9/work.ipynb"
    assert place in "".join(linked[0]["source"])


def _plan(first: Json) -> tuple[Plan, list[str]]:
    assignment = assignment_from(source("ps2_linear"))
    given = released(source("ps2_linear"))
    given["cells"].insert(0, first)
    restored = restore(notebook_from_bytes(json.dumps(given).encode()), assignment)
    return plan_for(restored, assignment, "00"), restored.warnings


@pytest.mark.parametrize("marks", [True, False])
def test_grading_runs_none_of_it(marks: bool) -> None:
    """With and without its metadata, the cell runs nowhere while a notebook is graded, and is nothing odd."""
    first = _first("ps2_linear")
    plan, warnings = _plan(first if marks else {**first, "metadata": {}, "id": "other"})
    assert plan.cells[0].side is Side.NOWHERE
    assert warnings == []


def test_what_a_student_writes_into_it_does_not_run_either() -> None:
    """A changed cell is told, and runs nowhere."""
    plan, warnings = _plan({**_first("ps2_linear"), "source": "raise SystemExit"})
    assert plan.cells[0].side is Side.NOWHERE
    assert any("text was changed" in warning for warning in warnings)


def test_another_version_is_told_in_the_result() -> None:
    """A release of another version than the grader's is a warning that names both."""
    text = installing_text(SOURCES[0], "0.0.9")
    cell = cell_from_json({"cell_type": "code", "source": text})
    (warning,) = installing_warnings(cell, __version__)
    assert "0.0.9" in warning
    assert __version__ in warning
    _, warnings = _plan({**_first("ps2_linear"), "source": text})
    assert warnings == [warning]


def test_text_that_only_begins_like_the_cell_is_a_students() -> None:
    """Code below the cell's first line, without the cell's id, is the student's own and runs."""
    first_line = installing_text(SOURCES[0], "1").split("\n", 1)[0]
    cell = cell_from_json({"cell_type": "code", "source": f"{first_line}\nx = 1"})
    assert not is_installing(cell)
