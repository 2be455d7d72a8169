"""The zip for Gradescope: what is in it, and what it does in a clean folder, run as Gradescope's harness would."""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from helpers.command import autograder, environment
from helpers.gradescope import results_in, unpacked, zip_faults
from helpers.notebooks import ROOT, notebook, written
from helpers.small_course import RIGHT, WEEK, answer, small_course

from autograder.gradescope.harness import grade_here
from autograder.gradescope.requirements import requirements
from autograder.gradescope.settings import Settings
from autograder.sandbox.packages import required_distributions
from autograder.secret import course_secret, seed_for

SECONDS = 300
Graded = Callable[..., dict[str, Any]]
# Docker forbids user namespaces, so that the container is the boundary.
FACTS = json.dumps({"user": None, "readable": [], "refused": ["user namespaces"]})
DOCKER = (sys.executable, str(ROOT / "tests" / "helpers" / "elsewhere.py"), FACTS)
pytestmark = pytest.mark.xdist_group("gradescope_zip")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a secret."""
    place = small_course(tmp_path_factory.mktemp("zip") / "course", 1)
    course_secret(place)
    return place


@pytest.fixture(scope="module")
def archive(course: Path) -> Path:
    """The zip of the course's assignment."""
    ran = autograder("export", "gradescope", WEEK, "--visibility", "visible", folder=course)
    assert ran.status == 0, ran.err
    assert "1 tests (1 visible), 2 points" in ran.out
    return course / f"{WEEK}-gradescope.zip"


def test_the_zip_is_as_gradescope_wants_it(archive: Path) -> None:
    """Both scripts stand at the root, executable, with Unix line ends."""
    assert zip_faults(archive) == []
    assert archive.stat().st_mode & 0o777 == 0o600


def test_the_reader_finds_what_is_wrong_with_a_zip(archive: Path, tmp_path: Path) -> None:
    """A zip of the folder in the place of the files, and scripts that can't be run, are found."""
    with zipfile.ZipFile(archive) as original, zipfile.ZipFile(tmp_path / "a.zip", "w") as nested:
        for name in original.namelist():
            nested.writestr(f"folder/{name}", original.read(name))
    assert len(zip_faults(tmp_path / "a.zip")) == 2
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as bad:
        bad.writestr("setup.sh", "echo\r\n")
        bad.writestr(zipfile.ZipInfo("run_autograder"), "#!/bin/sh\n")
    assert len(zip_faults(tmp_path / "b.zip")) == 4


def test_the_zip_holds_what_grading_needs_and_nothing_of_the_rest(course: Path, archive: Path) -> None:
    """The set's notebook and the modules it imports are there; other sets', submissions and gradebook are not."""
    with zipfile.ZipFile(archive) as opened:
        names = {name for name in opened.namelist() if not name.startswith("package/")}
        everything = b"".join(opened.read(name) for name in opened.namelist())
        mode = opened.getinfo("course/.autograder/secret").external_attr >> 16 & 0o777
        key = opened.read("course/.autograder/secret").decode()
    assert names == {
        "setup.sh", "run_autograder", "README.txt", "settings.json", "constraints.txt", "course/.autograder/secret",
        f"course/source/{WEEK}/{WEEK}.ipynb", "course/solutions/__init__.py", "course/solutions/week1.py",
        "course/solutions/numbers.py",
    }  # fmt: skip
    secret = (course / ".autograder" / "secret").read_text()
    assert mode == 0o600
    assert secret.encode() not in everything
    assert seed_for(bytes.fromhex(secret), WEEK, "s00") != seed_for(bytes.fromhex(key), WEEK, "s00")
    assert b"nbgrader" not in opened_requirements(archive)


def opened_requirements(archive: Path) -> bytes:
    """Return what a zip has installed."""
    with zipfile.ZipFile(archive) as opened:
        return opened.read("constraints.txt")


def test_the_same_course_makes_the_same_zip(course: Path, archive: Path, tmp_path: Path) -> None:
    """A zip made again is the same to the byte, so that one can see whether anything changed."""
    words = ("--visibility", "visible", "--output", tmp_path / "again.zip")
    assert autograder("export", "gradescope", WEEK, *words, folder=course).status == 0
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nope",), "there is no assignment 'nope'"),
        ((WEEK, "--total-timeout", "421"), "at most 420 seconds"),
        ((WEEK, "--visibility", "nobody=hidden"), "there is no exercise nobody"),
        ((WEEK, "--output", "no/folder/x.zip"), "its folder does not exist"),
    ],
)
def test_what_can_not_be_is_refused(course: Path, words: tuple[str, ...], told: str) -> None:
    """Wrong usage ends with 2, says what is wrong, and writes nothing."""
    ran = autograder("export", "gradescope", *words, folder=course)
    assert ran.status == 2
    assert told in ran.err


def test_the_longest_time_is_accepted(course: Path, tmp_path: Path) -> None:
    """A limit that just fits into Gradescope's ten minutes is taken."""
    words = ("--total-timeout", "420", "--output", tmp_path / "x.zip")
    assert autograder("export", "gradescope", WEEK, *words, folder=course).status == 0


# --- in a clean folder ----------------------------------------------------------------------------


def _packages(folder: Path) -> Path:
    """Make a folder of what an index would deliver: links to the packages installed here, but for the grader itself."""
    folder.mkdir()
    names = {name for line in requirements() for name in required_distributions(line.split(">")[0])}
    for name in names:
        found = distribution(name)
        for top in {file.parts[0] for file in found.files or [] if file.parts[0] not in ("..", "__pycache__")}:
            place = Path(str(found.locate_file(top)))
            if place.exists() and not (folder / top).exists():
                (folder / top).symlink_to(place)
    return folder


@pytest.fixture(scope="module")
def image(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The folder that plays /autograder after the real setup.sh, and the environment that names it.

    pip finds all that it needs in place, but for what builds the grader itself.
    """
    place = tmp_path_factory.mktemp("image")
    place.chmod(0o755)
    root = unpacked(archive, place / "autograder")
    packages = _packages(place / "packages")
    names = {"AUTOGRADER_ROOT": str(root), "AUTOGRADER_VENV": str(place / "venv")}
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AUTOGRADER", "VIRTUAL"))
    }
    programs = f"{Path(sys.executable).resolve().parent}{os.pathsep}{os.environ['PATH']}"
    variables = {**kept, **names, "PYTHONPATH": str(packages), "PATH": programs}
    done = subprocess.run(
        ["bash", root / "source" / "setup.sh"],
        cwd=root, env=variables, capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "isolation level" in done.stdout
    (site,) = (place / "venv" / "lib").glob("python*/site-packages")
    (site / "packages.pth").write_text(f"{packages}\n")
    return root, {**kept, **names}


@pytest.fixture
def graded(image: tuple[Path, dict[str, str]]) -> Graded:
    """Hands files in as Gradescope does, runs run_autograder, and returns what is in results.json."""
    root, variables = image

    def submitted(files: dict[str, Any], *machine: str) -> dict[str, Any]:
        for old in (root / "submission").iterdir():
            old.unlink()
        (root / "results" / "results.json").unlink(missing_ok=True)
        for name, content in files.items():
            written(content, root / "submission" / name)
        done = subprocess.run(
            [*machine, root / "run_autograder"],
            cwd=root,
            env=variables,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return results_in(root / "results" / "results.json")

    return submitted


def test_a_notebook_of_any_name_is_graded(graded: Graded, image: tuple[Path, dict[str, str]]) -> None:
    """The one notebook with the assignment's tests is graded, whatever it is called and lies beside it."""
    results = graded({"my homework (2).ipynb": RIGHT, "scratch.ipynb": notebook(), "notes.txt": notebook()})
    assert [(test["name"], test["score"], test["visibility"]) for test in results["tests"]] == [("f", 2, "visible")]
    assert "score" not in results
    assert (image[0] / "source").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("machine", [(), DOCKER], ids=["namespaces", "Docker"])
def test_student_code_reads_neither_tests_nor_key(
    graded: Graded, image: tuple[Path, dict[str, str]], machine: tuple[str, ...]
) -> None:
    """What a student's function raises of the grader's folder reaches no result: it can't be read."""
    root = image[0]
    secret = (root / "source" / "course" / ".autograder" / "secret").read_text()
    path = str(root / "source" / "course" / ".autograder" / "secret")
    results = graded({"a.ipynb": answer(f"def f(x):\n    raise ValueError(open({path!r}).read())")}, *machine)
    assert results["tests"][0]["score"] == 0
    assert secret not in json.dumps(results)
    assert re.search("(NotFound|Permission)Error", results["tests"][0]["output"])


def test_two_notebooks_are_not_guessed_between(graded: Graded) -> None:
    """Where it is not clear which notebook counts, none does, and the student is told what to submit."""
    results = graded({"a.ipynb": RIGHT, "b.ipynb": RIGHT})
    assert results["score"] == 0
    assert "a.ipynb, b.ipynb. Submit one, by the name week1.ipynb." in results["output"]


def test_no_notebook_is_told(graded: Graded) -> None:
    """A submission without a notebook gets 0 points, and is told what is there and what should be."""
    results = graded({"homework.py": notebook()})
    assert results["score"] == 0
    assert "these files: homework.py. Submit week1.ipynb." in results["output"]


# --- when something is wrong with the grader -------------------------------------------------------


@pytest.fixture
def place(archive: Path, tmp_path: Path) -> Path:
    """An unpacked zip with a submission, graded by this very environment."""
    root = unpacked(archive, tmp_path / "autograder")
    written(RIGHT, root / "submission" / f"{WEEK}.ipynb")
    return root


def test_a_run_ends_before_gradescope_ends_it(place: Path) -> None:
    """Past its time a run is ended, and the student is told so."""
    settings = Settings.read(place / "source")
    assert settings.run_seconds < 600
    (place / "source" / "settings.json").write_text(Settings(WEEK, (WEEK,), (), 1, 1, run_seconds=0.05).text())
    grade_here(place)
    assert "longer than 0.05 seconds" in results_in(place / "results" / "results.json")["output"]


@pytest.mark.parametrize("broken", ["settings.json", f"course/source/{WEEK}/{WEEK}.ipynb", "course/solutions/week1.py"])
def test_a_crash_tells_the_student_nothing_of_the_inside(
    place: Path, broken: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """If the grader itself fails, the result says so in words for a student; the reason is for the instructor."""
    (place / "source" / broken).write_text("def broken(")
    grade_here(place)
    text = (place / "results" / "results.json").read_text()
    results = results_in(place / "results" / "results.json")
    assert all(test["score"] == 0 for test in results["tests"])
    assert "instructor" in text
    for inside in ("Traceback", "broken(", str(place), "FACTOR"):
        assert inside not in text
    assert capfd.readouterr().out


def test_something_is_said_even_without_a_python(place: Path) -> None:
    """If not even the grader's Python starts, results.json asks to submit again."""
    kept = environment(AUTOGRADER_ROOT=str(place), AUTOGRADER_VENV=str(place / "nothing"))
    done = subprocess.run([place / "run_autograder"], env=kept, capture_output=True, timeout=SECONDS, check=False)
    assert done.returncode == 0
    results = results_in(place / "results" / "results.json")
    assert results["score"] == 0
    assert "did not finish" in results["output"]


def test_a_missing_notebook_of_several_is_told(place: Path) -> None:
    """An assignment of two notebooks wants both."""
    (place / "source" / "settings.json").write_text(Settings(WEEK, (WEEK, "second"), (), 1, 1).text())
    grade_here(place)
    assert "week1.ipynb, second.ipynb; missing: second" in results_in(place / "results" / "results.json")["output"]
