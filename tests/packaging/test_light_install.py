"""The two distributions as wheels: a student's light install, and the instructor's solutions beside it."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path

import pytest
from helpers.command import autograder, results
from helpers.notebooks import ROOT, SETS, released, solved, source, written

CONSTRAINTS = ROOT / "constraints.txt"
NOT_BUILT = shutil.ignore_patterns(
    ".*", "__pycache__", "*.egg-info", "build", "dist", "tests", "submitted", "autograded", "*.db", "demo-*"
)
# What a student's machine does: the notebook's cells from the first to the last, as one program.
RUN_ALL = """
import json, sys
from pathlib import Path

import matplotlib
assert matplotlib.get_backend().lower() == "agg"
for path in map(Path, sys.argv[1:]):
    names = {"__name__": "__main__"}
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
        if cell["cell_type"] == "code":
            exec(compile(cell["source"], f"{path.name}[{number}]", "exec"), names)
    print("passed", path.stem)
"""

pytestmark = pytest.mark.xdist_group("light_install")


@dataclass(frozen=True)
class Wheel:
    """A built wheel."""

    path: Path

    @property
    def names(self) -> list[str]:
        """The files in it, without its metadata."""
        with zipfile.ZipFile(self.path) as archive:
            return [name for name in archive.namelist() if ".dist-info/" not in name]

    def text(self, ending: str) -> str:
        """Return the text of the file with this ending."""
        with zipfile.ZipFile(self.path) as archive:
            (name,) = (name for name in archive.namelist() if name.endswith(ending))
            return archive.read(name).decode("utf-8")

    def everything(self) -> bytes:
        """Return the content of all files together."""
        with zipfile.ZipFile(self.path) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())


@dataclass(frozen=True)
class Student:
    """A student's machine: an empty folder, and an environment with the light distribution only."""

    python: Path
    folder: Path

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run this environment's Python, which sees nothing of the checkout."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AUTOGRADER"))}
        return subprocess.run(
            [self.python, "-W", "error", *words],
            cwd=self.folder,
            env={**kept, "MPLBACKEND": "Agg", "MPLCONFIGDIR": str(self.folder / ".matplotlib")},
            capture_output=True,
            text=True,
            check=False,
        )


EXTRAS = {"instructor", "grader", "test", "benchmark", "dask", "postgresql", "docs", "lite"}


def _pip(*words: str | Path, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *words],
        cwd=folder,
        env={**os.environ, "AUTOGRADER_RELEASE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> tuple[Wheel, Wheel]:
    """The wheels of both distributions, built for release from a copy of the checkout."""
    place = tmp_path_factory.mktemp("wheels")
    shutil.copytree(ROOT, place / "checkout", ignore=NOT_BUILT)
    _pip("wheel", "--quiet", "--no-deps", "--wheel-dir", place, ".", "./packaging/solutions", folder=place / "checkout")
    (light,) = place.glob("backprop_autograder-*.whl")
    (solutions,) = place.glob("backprop_autograder_solutions-*.whl")
    return Wheel(light), Wheel(solutions)


@pytest.fixture(scope="module")
def student(wheels: tuple[Wheel, Wheel], tmp_path_factory: pytest.TempPathFactory) -> Student:
    """A new environment with the light wheel and what it requires."""
    place = tmp_path_factory.mktemp("student")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place / "venv"], check=True)
    python = place / "venv" / "bin" / "python"
    _pip("--python", python, "install", "--quiet", "--no-compile", "-c", CONSTRAINTS, wheels[0].path, folder=place)
    (place / "work").mkdir()
    return Student(python, place / "work")


def test_the_light_wheel_holds_the_package_and_nothing_else(wheels: tuple[Wheel, Wheel]) -> None:
    """Every module and template of autograder is in it, and neither solutions, nor notebooks, nor tests."""
    names = set(wheels[0].names)
    modules = {str(path.relative_to(ROOT)) for end in ("py", "j2") for path in (ROOT / "autograder").rglob(f"*.{end}")}
    engine = ROOT / "autograder"
    beside = [*(engine / "gradescope" / "files").iterdir(), *(engine / "classroom" / "templates").iterdir()]
    scripts = {str(path.relative_to(ROOT)) for path in beside}
    assert names == modules | scripts | {"autograder/py.typed"}


def test_a_student_needs_numpy_and_matplotlib_only(wheels: tuple[Wheel, Wheel]) -> None:
    """Without an extra, the metadata require NumPy and matplotlib; the name and the command are the contract's."""
    metadata = Parser().parsestr(wheels[0].text(".dist-info/METADATA"))
    assert metadata["Name"] == "backprop-autograder"
    required = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert {re.split(r"[^A-Za-z0-9_-]", line)[0] for line in required} == {"numpy", "matplotlib"}
    assert set(metadata.get_all("Provides-Extra", [])) == EXTRAS
    declared = wheels[0].text(".dist-info/entry_points.txt").replace("\n\n", "\n").strip().split("\n")
    assert declared == [
        "[console_scripts]", "autograder = autograder.cli.main:run_and_exit",
        "[pytest11]", "autograder = autograder.pytest_plugin",
    ]  # fmt: skip


def test_a_published_wheel_names_no_folder_of_this_machine(wheels: tuple[Wheel, Wheel]) -> None:
    """With AUTOGRADER_RELEASE set, nothing in either wheel is the address of a folder."""
    for wheel in wheels:
        assert b"file:" + b"//" not in wheel.everything()
        assert str(ROOT).encode() + b"/" not in wheel.everything()
    assert "backprop-autograder-solutions" in wheels[0].text(".dist-info/METADATA")


def test_the_light_install_is_light(student: Student) -> None:
    """In a student's environment autograder imports, and nbgrader, IPython, pandas and the solutions are not there."""
    absent = ("nbgrader", "IPython", "nbformat", "pandas", "scipy", "solutions", "autograd", "pytest")
    program = f"""
import importlib.util, sys
import autograder
from autograder import check_gradient
assert sys.prefix in autograder.__file__, autograder.__file__
print([name for name in {absent} if importlib.util.find_spec(name)])
"""
    done = student.run("-c", program)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_every_visible_check_passes_there(student: Student) -> None:
    """Each set, solved, runs from its first cell to its last with every visible check passing, as plain Python."""
    paths = [written(solved(source(name)), student.folder / f"{name}.ipynb") for name in SETS]
    done = student.run("-c", RUN_ALL, *paths)
    assert done.returncode == 0, done.stderr
    passed = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("passed ")]
    assert passed == list(SETS)


@pytest.mark.parametrize(
    "verb", [("run", "x"), ("run", "x.ipynb", "--json", "out.json"), ("grade", "ps2_linear"), ("demo",)]
)
def test_grading_there_says_what_to_install(student: Student, verb: tuple[str, ...]) -> None:
    """A verb that needs the instructor's parts says which command installs them: status 2, no traceback."""
    done = student.run("-m", "autograder", *verb)
    assert done.returncode == 2
    assert "pip install 'backprop-autograder[instructor]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_command_is_installed(student: Student) -> None:
    """The console script starts and names its version."""
    done = student.run(student.python.parent / "autograder", "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"autograder \d+\.\d+\.\d+\n", done.stdout)


def test_the_solutions_wheel_holds_modules_and_notebooks(wheels: tuple[Wheel, Wheel]) -> None:
    """The instructor's wheel has a module and a source notebook for each set."""
    expected = {f"solutions/mistakes/{path.name}" for path in (ROOT / "solutions" / "mistakes").glob("*.py")}
    expected |= {"solutions/__init__.py"}
    for name in SETS:
        expected |= {f"solutions/{name}.py", f"solutions/course/source/{name}/{name}.ipynb"}
    assert {name for name in wheels[1].names if name != "solutions/setup.py"} == expected


def test_an_installed_grader_knows_the_sets_anywhere(wheels: tuple[Wheel, Wheel], tmp_path: Path) -> None:
    """With both wheels installed and no course in sight, `autograder run` grades a set from an empty folder."""
    installed, work = tmp_path / "installed", tmp_path / "work"
    for wheel in wheels:
        with zipfile.ZipFile(wheel.path) as archive:
            archive.extractall(installed)
    written(solved(source("ps2_linear")), work / "mine.ipynb")
    written(released(source("ps3_matrix")), work / "other.ipynb")
    ran = autograder("run", ".", "--json", "out.json", folder=work, PYTHONPATH=str(installed))
    assert ran.status == 0, ran.err
    found = {one["path"]: (one["score"], one["max_score"]) for one in results(work / "out.json")["submissions"]}
    assert found == {"mine.ipynb": (14, 14), "other.ipynb": (0, 14)}
