"""`autograder.grade` and what it returns: the same report as everywhere, from any thread, with errors in words."""

import json
import pickle
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.command import autograder, environment, results
from helpers.notebooks import ROOT, SETS, check, hidden, notebook, released, replaced, solution, written

import autograder as package
from autograder import ExtensionError, GradingError, Limits, Report, Status, SubmissionResult, grade
from autograder.notebook.assignment import CourseError
from autograder.writers.json_report import as_json

WEEK = notebook(
    solution("f", "### BEGIN SOLUTION\ndef f(x):\n    return 2 * x\n### END SOLUTION"),
    check("test_f", "assert f(2) == 4, 'f doubles'\n" + hidden("assert f(3) == 6"), 2),
)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of one assignment, with three submissions: right, wrong, broken."""
    folder = tmp_path_factory.mktemp("library")
    written(WEEK, folder / "source" / "week1" / "week1.ipynb")
    written(replaced(released(WEEK), {"f": "def f(x):\n    return x + x"}), folder / "work" / "alice.ipynb")
    written(replaced(released(WEEK), {"f": "def f(x):\n    return 4"}), folder / "work" / "bob.ipynb")
    (folder / "work" / "carol.ipynb").write_text("{")
    return folder


@pytest.fixture(scope="module")
def called(course: Path) -> tuple[Report, list[SubmissionResult]]:
    """What `grade` returns from a thread that is not the first, and what it told on the way."""
    told: list[SubmissionResult] = []
    reports: list[Report] = []

    def work() -> None:
        reports.append(
            grade([course / "work"], assignment="week1", course=course, jobs=2, limits=Limits(5), on_result=told.append)
        )

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return reports[0], told


def test_a_report_says_what_was_found(called: tuple[Report, list[SubmissionResult]]) -> None:
    """Right, wrong and unreadable notebooks are results of their kinds, in the order of their names."""
    report, told = called
    alice, bob, carol = report.submissions
    assert (alice.score, bob.score, alice.max_score) == (2.0, 0.0, 2.0)
    assert [one.status for one in report.submissions] == [Status.GRADED, Status.GRADED, Status.ERROR]
    assert "JSON is broken" in carol.message
    assert (report.assignment, report.isolation.level, report.incomplete) == ("week1", "full", True)
    assert sorted(told, key=lambda one: one.path) == list(report.submissions)
    assert pickle.loads(pickle.dumps(report)) == report


def test_the_report_is_that_of_the_command_line(called: tuple[Report, list[SubmissionResult]], course: Path) -> None:
    """`run --json` writes the report that `grade` returns, but for the times."""
    autograder("run", course / "work", "--assignment", "week1", "--course", course, "--json", "out.json", folder=course)
    printed, returned = results(course / "out.json"), as_json(called[0])
    for one in (*printed["submissions"], *returned["submissions"]):
        one.pop("seconds")
    assert printed == returned


@pytest.mark.parametrize(
    ("arguments", "kind", "told"),
    [
        ({"notebooks": ""}, GradingError, "an empty path names no notebook"),
        ({"notebooks": "source"}, CourseError, "there is no assignment 'week9'"),
        ({"notebooks": "nobody", "assignment": "week1", "backend": "x"}, ExtensionError, "no sandbox backend 'x'"),
        ({"notebooks": "a", "isolation": "some"}, ValueError, "expected one of none, container, full"),
        ({"notebooks": "a", "jobs": 0}, ValueError, "expected at least 1"),
    ],
)
def test_what_cant_be_graded_at_all_is_an_error(
    course: Path, arguments: dict[str, str], kind: type[Exception], told: str
) -> None:
    """Errors are of one class, with a message for a person; arguments that can't be meant are ValueErrors."""
    notebooks = arguments.pop("notebooks")
    given: dict[str, str] = {"assignment": "week9", **arguments}
    with pytest.raises(kind, match=re.escape(told)) as raised:
        grade(str(course / notebooks) if notebooks else "", course=course, **given)  # type: ignore[arg-type]
    assert isinstance(raised.value, (GradingError, ValueError))


def test_a_folder_without_a_course_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A course that is none is told with where was looked."""
    with pytest.raises(GradingError, match="is no course"):
        grade(tmp_path / "a.ipynb", course=tmp_path)


# --- documents ------------------------------------------------------------------------------------


def test_the_pages_example_runs(tmp_path: Path) -> None:
    """The program of docs/library.md prints each submission's points and what a wrong answer looks like."""
    given = json.loads((ROOT / "release" / SETS[4] / f"{SETS[4]}.ipynb").read_text())
    written(given, tmp_path / "alice.ipynb")
    program = re.findall(r"(?ms)^```python\n(.*?)^```", (ROOT / "docs" / "library.md").read_text())[0]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("alice.ipynb: 0 of 40\n")
    assert "looks like: not-written" in done.stdout


def test_the_page_names_what_is_public() -> None:
    """Every public name but those of what students call is on docs/library.md; each is what it is called."""
    page = (ROOT / "docs" / "library.md").read_text()
    of_students = {
        "GradientCheck",
        "GradientChecks",
        "CheckResult",
        "Blame",
        "BlameSteps",
        "check",
        "blame",
        "blame_steps",
    }
    missing = [name for name in package.__all__ if f"`{name}`" not in page]
    assert set(missing) <= {*of_students, "__version__"}
    for name in set(package.__all__) - {"__version__"}:
        assert getattr(package, name).__name__ == name
    assert set(dir(package)) == set(package.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = package.nothing


def test_each_name_is_fetched_when_it_is_asked_for() -> None:
    """Importing the package, and the report's classes, brings neither NumPy nor the engine."""
    program = "import sys, autograder; from autograder import Report, GradingError, Limits; print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout.replace("'", '"')))
    assert not loaded & {"numpy", "autograder.library", "autograder.pipeline", "importlib.metadata"}


def _parts(page: str) -> Iterator[str]:
    yield from re.findall(r"\| `(\w+)` \|", page)


def test_the_page_tells_every_argument() -> None:
    """The table of arguments is that of the function."""
    import inspect

    page = (ROOT / "docs" / "library.md").read_text()
    assert list(_parts(page)) == list(inspect.signature(grade).parameters)
