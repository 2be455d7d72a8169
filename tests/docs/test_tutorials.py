"""The tutorials are followed as a new user would: each block is run, in order."""

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

from helpers.command import environment, results
from helpers.course import course_environment, make_course
from helpers.notebooks import ROOT, released, solved, source, written

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INSTALL = re.compile(r"^pip install (.+)$", re.MULTILINE)
SECONDS = 300


def _blocks(page: str, language: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found = [block[2] for block in BLOCK.finditer(text) if block[1] == language]
    assert found
    return found


def _looked_up(found: re.Match[str]) -> str:
    """Take for done what pip is told to install, if each is a package that is here, with extras that it has."""
    for word in found[1].replace("'", "").split():
        name, extras = re.fullmatch(r"([\w-]+)(?:\[([\w,]+)\])?", word).groups()  # type: ignore[union-attr]
        provided = distribution(name).metadata.get_all("Provides-Extra") or []
        assert set(extras.split(",") if extras else []) <= set(provided)
    return ":"


def _run(text: str, folder: Path) -> str:
    """Run a page's lines as a shell would, and end with the first that fails."""
    kept = course_environment(folder)
    kept["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    done = subprocess.run(
        ["bash", "-euc", INSTALL.sub(_looked_up, text)],
        cwd=folder, env=kept, capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, text + done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_instructors_tutorial_works(tmp_path: Path) -> None:
    """From an empty folder to grades, feedback and a report, as the page says."""
    said = _run("\n".join(_blocks("tutorials/instructor.md", "sh")), tmp_path)
    assert re.search(r"\bada\b.*\b3\b", said), said
    for made in ("feedback/ada/ps6_outer/ps6_outer.html", "report/ps6_outer.html", "gradebook.db"):
        assert (tmp_path / made).is_file()
    first = (tmp_path / "release" / "ps6_outer" / "ps6_outer.ipynb").read_text(encoding="utf-8")
    assert "backprop-autograder==" in first
    (table,) = tmp_path.glob("ps6_outer*.csv")
    assert "ada" in table.read_text(encoding="utf-8")


def test_the_students_tutorial_works(tmp_path: Path) -> None:
    """The first try fails as the page says, the second passes, and Jupyter has the command."""
    first, *rest = _blocks("tutorials/student.md", "python")
    names: dict[str, object] = {}
    exec(first + rest[0], names)
    assert not names["result"]
    assert "transpose" in str(names["result"])
    exec("".join(rest[1:]), names)
    assert names["result"]
    (shell,) = _blocks("tutorials/student.md", "sh")
    # A server that waits for its user would never end; it is asked for its version in their place.
    assert re.search(r"\d+\.\d+", _run(shell.replace("jupyter lab", "jupyter lab --version"), tmp_path))


def test_the_tutorial_on_ci_works(tmp_path: Path) -> None:
    """Each command ends as the page says, and leaves the files that it names."""
    course = make_course(tmp_path / "course", "ps2_linear")
    written(solved(source("ps2_linear")), course / "submissions" / "ada.ipynb")
    written(released(source("ps2_linear")), course / "submissions" / "ben.ipynb")
    shutil.copytree(ROOT / "docs" / "ci", course / "docs" / "ci")
    _run("\n".join(_blocks("tutorials/ci.md", "sh")), course)
    found = {one["path"].split("/")[-1]: one["score"] for one in results(course / "results.json")["submissions"]}
    assert found == {"ada.ipynb": 14, "ben.ipynb": 0}
    for made in ("results.xml", "results.md", ".github/workflows/grade.yml"):
        assert (course / made).stat().st_size > 0


def test_the_page_on_numerics_works() -> None:
    """The code of docs/explanation/numerics.md runs as it stands."""
    program = "\n".join(_blocks("explanation/numerics.md", "python"))
    subprocess.run([sys.executable, "-W", "error", "-c", program], env=environment(), check=True)


def test_the_page_on_notebooks_sets_what_there_is() -> None:
    """The configuration of docs/notebooks-anywhere.md is taken, and so is each source of its table."""
    from traitlets.config import Config

    from autograder.notebook.installing import installing_text

    (program,) = _blocks("notebooks-anywhere.md", "python")
    exec(program, {"c": Config()})
    page = (ROOT / "docs" / "notebooks-anywhere.md").read_text(encoding="utf-8")
    sources = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
    assert len(sources) == 4
    for one in sources:
        installing_text(one, "1.0")
    targets = re.findall(r"^make (\w+)", page, re.MULTILINE)
    assert set(targets) == {"jupyterlite"}
    assert "\njupyterlite: " in (ROOT / "Makefile").read_text(encoding="utf-8")
