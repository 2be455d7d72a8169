"""The exit status of `autograder run`, and the files that it writes, in every case."""

import stat
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from helpers.command import COMMAND, autograder, environment, results
from helpers.notebooks import check, notebook, replaced, solution, solved, source, written

SET = "ps1_chain_rule"
RIGHT = solved(source(SET))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside any course, with a right notebook, a half-right one, and a bad file."""
    place = tmp_path_factory.mktemp("folder")
    written(RIGHT, place / "right.ipynb")
    written(replaced(RIGHT, {"grad_deep_sigmoid": ""}), place / "most.ipynb")
    (place / "bad.ipynb").write_text("{")
    (place / "none").mkdir()
    return place


WRONG_USAGE: dict[str, tuple[str, ...]] = {
    "no notebook": ("run",),
    "an unknown option": ("run", "right.ipynb", "--colour"),
    "an unknown verb": ("frobnicate",),
    "no verb": (),
    "an unknown set": ("run", "right.ipynb", "--assignment", "ps9"),
    "a set that is a path": ("run", "right.ipynb", "--assignment", "../source"),
    "a course that is none": ("run", "right.ipynb", "--course", "none"),
    "a folder without notebooks": ("run", "none"),
    "no jobs": ("run", "right.ipynb", "--jobs", "0"),
    "a time limit of zero": ("run", "right.ipynb", "--timeout", "0"),
    "a time limit without end": ("run", "right.ipynb", "--timeout", "inf"),
    "a time limit that is no number": ("run", "right.ipynb", "--total-timeout", "nan"),
    "an unknown limit": ("run", "right.ipynb", "--limit", "colour=3"),
    "a limit of nothing": ("run", "right.ipynb", "--limit", "threads="),
    "a percentage over 100": ("run", "right.ipynb", "--fail-under", "101"),
    "an unknown level": ("run", "right.ipynb", "--isolation", "some"),
    "a result that is a folder": ("run", "right.ipynb", "--json", "none"),
    "a result in no folder": ("run", "right.ipynb", "--junit", "nowhere/out.xml"),
}


@pytest.mark.parametrize("name", WRONG_USAGE)
def test_wrong_usage_is_status_2_with_a_reason(folder: Path, name: str) -> None:
    """What can't be meant is refused with status 2 and a reason, before anything runs."""
    ran = autograder(*WRONG_USAGE[name], folder=folder)
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.strip()


STATUSES: dict[str, tuple[tuple[str, ...], int]] = {
    "above the bar": (("most.ipynb", "--assignment", SET, "--fail-under", "75"), 0),
    "below the bar": (("most.ipynb", "right.ipynb", "--fail-under", "75.1"), 1),
    "a bad file alone": (("bad.ipynb",), 3),
    "a bad file and below the bar": (("bad.ipynb", "most.ipynb", "--fail-under", "100"), 3),
    "another set": (("right.ipynb", "--assignment", "ps2_linear"), 0),
}


@pytest.mark.parametrize("name", STATUSES)
def test_the_exit_status_and_the_json_of_a_run(folder: Path, tmp_path: Path, name: str) -> None:
    """0 done, 1 below the bar, 3 something could not be graded; the JSON is written each time."""
    words, status = STATUSES[name]
    ran = autograder("run", *words, "--quiet", "--json", tmp_path / "out.json", folder=folder)
    assert ran.status == status, ran.err
    report = results(tmp_path / "out.json")
    assert len(report["submissions"]) == sum(word.endswith(".ipynb") for word in words)
    if name == "another set":
        assert report["submissions"][0]["score"] == 0
        assert any(SET in warning for warning in report["submissions"][0]["warnings"])


def test_a_test_at_fault_is_status_3(tmp_path: Path) -> None:
    """A test that could not judge gives status 3, and the check says so."""
    original = notebook(
        solution("f", "f = 1"),
        check("test_f", "assert frobnicate(f)"),
        solution("g", "g = 1"),
        check("test_g", "assert g"),
    )
    written(original, tmp_path / "course" / "source" / "week" / "week.ipynb")
    written(original, tmp_path / "week.ipynb")
    ran = autograder("run", "week.ipynb", "--course", "course", "--json", "out.json", folder=tmp_path)
    assert ran.status == 3
    entry = results(tmp_path / "out.json")["submissions"][0]
    assert entry["status"] == "graded"
    assert entry["score"] == 1
    assert entry["exercises"][0]["checks"][0]["name"] == "could_not_judge"


def test_a_result_that_can_not_be_written_is_status_3(folder: Path, tmp_path: Path) -> None:
    """A full disk under one result is told, the other results are written, and the table is shown."""
    ran = autograder("run", "right.ipynb", "--json", "/dev/full", "--junit", tmp_path / "out.xml", folder=folder)
    assert ran.status == 3
    assert "/dev/full" in ran.err
    assert "16 / 16" in ran.out
    assert ET.parse(tmp_path / "out.xml").getroot().tag == "testsuites"


@pytest.mark.parametrize("to_a_file", [False, True])
def test_a_result_goes_to_standard_output_and_leaves_the_link(folder: Path, tmp_path: Path, to_a_file: bool) -> None:
    """A link like /dev/stdout takes the JSON, be it a pipe or a file behind it, and stays a link."""
    link, file = tmp_path / "stdout", tmp_path / "file"
    link.symlink_to("/proc/self/fd/1")
    words = [*COMMAND, "run", "bad.ipynb", "--json", link]
    if to_a_file:
        with file.open("wb") as stream:
            subprocess.run(words, cwd=folder, env=environment(), stdout=stream, stderr=subprocess.DEVNULL, check=False)
    else:
        file.write_bytes(subprocess.run(words, cwd=folder, env=environment(), capture_output=True, check=False).stdout)
    assert link.is_symlink()
    assert '"schema": 1' in file.read_text()


def test_results_are_ordinary_files(folder: Path, tmp_path: Path) -> None:
    """A result has the usual permissions, replaces the old one, and leaves no other file."""
    (tmp_path / "out.json").write_text("old")
    autograder("run", "bad.ipynb", "--json", tmp_path / "out.json", folder=folder)
    assert stat.S_IMODE((tmp_path / "out.json").stat().st_mode) & 0o444 == 0o444
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]
    assert results(tmp_path / "out.json")["submissions"][0]["status"] == "error"


def test_help_lists_every_limit_with_its_default() -> None:
    """--help names every limit of the contract, its default, and the exit statuses."""
    ran = autograder("run", "--help")
    assert ran.status == 0
    for word in (
        "--timeout",
        "--total-timeout",
        "--limit",
        "memory_bytes",
        "threads",
        "scratch_bytes",
        "callback_calls",
        "exit status",
        "130",
    ):
        assert word in ran.out


def test_names_that_can_not_be_files_are_error_entries(folder: Path, tmp_path: Path) -> None:
    """A name too long for any file, a dash, a link to itself: each is told, and the others are graded."""
    (tmp_path / "loop.ipynb").symlink_to("loop.ipynb")
    names = ["a" * 300 + ".ipynb", "x/" * 3000 + "y.ipynb", "-", tmp_path / "loop.ipynb", "right.ipynb"]
    ran = autograder("run", *names, "--json", tmp_path / "out.json", folder=folder)
    assert ran.status == 3
    found = {one["path"]: one["status"] for one in results(tmp_path / "out.json")["submissions"]}
    assert found == {**dict.fromkeys(map(str, names), "error"), "right.ipynb": "graded"}
