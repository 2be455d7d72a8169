"""`autograder run` as a user runs it: exit status, streams, files; bad files never stop the good ones."""

import os
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from helpers.command import COMMAND, Ran, autograder, environment, results
from helpers.notebooks import check, code, inserted, notebook, released, replaced, solution, solved, source, written

SET = "ps1_chain_rule"
RIGHT = solved(source(SET))
LOOP = "def relu_grad(z):\n    while True: pass"
BAD = {
    "broken.ipynb": b"{",
    "empty.ipynb": b"",
    "latin.ipynb": "é".encode("latin-1"),
    "list.ipynb": b"[1, 2]",
    "future.ipynb": b'{"nbformat": 5, "cells": []}',
}
GOOD = {
    "dave-loop.ipynb": replaced(RIGHT, {"relu_grad": LOOP}),
    "erin-exit.ipynb": replaced(RIGHT, {"relu_grad": "import os\ndef relu_grad(z):\n    os._exit(3)"}),
    "fay-output.ipynb": inserted(RIGHT, code("for _ in range(100):\n    print('x' * 1_000_000)"), before="relu_grad"),
    "gil-syntax.ipynb": replaced(RIGHT, {"relu_grad": "def relu_grad(z:"}),
    "hal-nothing.ipynb": released(source(SET)),
    "sub/ida-right.ipynb": RIGHT,
}
HOSTILE = "\x1b[31mred\x1b[0m\u202e<script>alert(1)<.ipynb"


@dataclass(frozen=True)
class Batch:
    """One run over many files, and what it left."""

    ran: Ran
    report: dict[str, Any]
    junit: Path

    def __getitem__(self, name: str) -> dict[str, Any]:
        """Return the entry of the file of this name."""
        found: dict[str, Any] = next(one for one in self.report["submissions"] if Path(one["path"]).name == Path(name).name)
        return found


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """A class of good, bad and hostile files, graded by two workers from another folder."""
    folder = tmp_path_factory.mktemp("class")
    for name, given in GOOD.items():
        written(given, folder / "work" / name)
    for name, content in BAD.items():
        (folder / "work" / name).write_bytes(content)
    hostile = inserted(RIGHT, code("print('\x1b[31m')\nraise ValueError('\x1b]0;title\x07<img src=x>')"), before="relu_grad")
    written(hostile, folder / "work" / HOSTILE)
    os.mkfifo(folder / "work" / "pipe.ipynb")
    written(RIGHT, folder / "work" / ".ipynb_checkpoints" / "old-checkpoint.ipynb")
    (folder / "work" / "link.ipynb").symlink_to("/etc/passwd")
    missing = "nobody.ipynb"
    ran = autograder("run", "work", missing, "--jobs", 2, "--timeout", 1, "--json", "out.json", "--junit", "out.xml", folder=folder)
    return Batch(ran, results(folder / "out.json"), folder / "out.xml")


def test_a_batch_with_bad_files_is_done_and_says_so(batch: Batch) -> None:
    """Files that can't be graded give status 3, and all others are graded."""
    assert batch.ran.status == 3
    names = {Path(one["path"]).name for one in batch.report["submissions"]}
    assert names == {Path(name).name for name in (*GOOD, *BAD, HOSTILE, "pipe.ipynb", "nobody.ipynb")}


@pytest.mark.parametrize("name", [*BAD, "pipe.ipynb", "nobody.ipynb"])
def test_a_bad_file_is_an_entry_with_a_reason(batch: Batch, name: str) -> None:
    """A file that can't be graded has the status error, a message, and no score."""
    entry = batch[name]
    assert entry["status"] == "error"
    assert entry["message"]
    assert (entry["score"], entry["max_score"], entry["exercises"]) == (0, 0, [])


def test_a_good_file_beside_bad_ones_keeps_its_points(batch: Batch) -> None:
    """A right notebook earns all points, whatever stands beside it."""
    assert (batch["ida-right.ipynb"]["score"], batch["ida-right.ipynb"]["max_score"]) == (16, 16)
    assert batch["fay-output.ipynb"]["score"] == 16
    assert batch["hal-nothing.ipynb"]["score"] == 0
    assert batch[HOSTILE]["score"] == 16


@pytest.mark.parametrize("name", ["dave-loop.ipynb", "erin-exit.ipynb", "gil-syntax.ipynb"])
def test_a_failing_exercise_costs_its_own_points(batch: Batch, name: str) -> None:
    """A loop, an exit or a syntax error in one function costs that function's point."""
    entry = batch[name]
    assert entry["status"] == "graded"
    assert {one["name"] for one in entry["exercises"] if one["score"] != one["max_score"]} == {"relu_grad"}


def test_the_json_has_exactly_the_contracts_form(batch: Batch) -> None:
    """The keys and types of the JSON are those of the contract."""
    report = batch.report
    assert set(report) == {"schema", "assignment", "isolation", "submissions"}
    assert (report["schema"], report["assignment"]) == (1, SET)
    assert report["isolation"] == {"level": "full", "layers": ["namespaces", "seccomp", "rlimits"]}
    always, sometimes = {"path", "status", "score", "max_score", "seconds", "exercises", "warnings"}, {"message", "needs_manual", "python_warnings"}
    for one in report["submissions"]:
        assert always <= set(one) <= always | sometimes
        assert all(type(one[key]) in (int, float) for key in ("score", "max_score", "seconds"))
        assert all(isinstance(text, str) for text in one["warnings"])
        for exercise in one["exercises"]:
            assert set(exercise) == {"name", "score", "max_score", "checks", "diagnosis"}
            assert exercise["checks"]
            for check in exercise["checks"]:
                assert set(check) == {"name", "passed", "message"}
                assert type(check["passed"]) is bool
            right = exercise["score"] == exercise["max_score"]
            assert exercise["diagnosis"] is None or (not right and set(exercise["diagnosis"]) == {"id", "message"})
        assert one["score"] == sum(exercise["score"] for exercise in one["exercises"])


def test_paths_are_as_they_were_given(batch: Batch) -> None:
    """A path is told as the user gave it, one of a folder joined with what is below it."""
    paths = {one["path"] for one in batch.report["submissions"]}
    assert {"work/sub/ida-right.ipynb", "nobody.ipynb", "work/broken.ipynb"} <= paths


def test_nothing_hostile_reaches_the_terminal(batch: Batch) -> None:
    """Control and reordering characters of names and messages are written out as escapes."""
    shown = batch.ran.out + batch.ran.err
    assert not {character for character in shown if character < " " and character != "\n"}
    assert "\u202e" not in shown
    assert "\\x1b" in shown


def test_the_junit_file_parses_and_agrees(batch: Batch) -> None:
    """The JUnit file is XML with a suite for each file and a case for each exercise."""
    root = ET.parse(batch.junit).getroot()
    suites = root.findall("testsuite")
    assert len(suites) == len(batch.report["submissions"])
    for suite, entry in zip(suites, batch.report["submissions"], strict=True):
        assert int(suite.get("tests", "")) == len(suite.findall("testcase")) == max(1, len(entry["exercises"]))
        lost = sum(one["score"] < one["max_score"] for one in entry["exercises"])
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure")) == lost
        assert int(suite.get("errors", "")) == len(suite.findall("testcase/error")) == (entry["status"] == "error")


def test_progress_and_messages_go_to_standard_error(batch: Batch) -> None:
    """Results are on standard output; standard error holds nothing of them."""
    assert "ida-right.ipynb" in batch.ran.out
    assert "16 / 16" in batch.ran.out
    assert "16 / 16" not in batch.ran.err


# --- exit status ----------------------------------------------------------------------------------


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
    "low scores": (("most.ipynb", "--assignment", SET), 0),
    "above the bar": (("most.ipynb", "right.ipynb", "--fail-under", "75"), 0),
    "below the bar": (("most.ipynb", "right.ipynb", "--fail-under", "75.1"), 1),
    "a bad file alone": (("bad.ipynb",), 3),
    "a missing file alone": (("nothing.ipynb",), 3),
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
    original = notebook(solution("f", "f = 1"), check("test_f", "assert frobnicate(f)"), solution("g", "g = 1"), check("test_g", "assert g"))
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
    for word in ("--timeout", "--total-timeout", "--limit", "memory_bytes", "threads", "scratch_bytes", "callback_calls", "exit status", "130"):
        assert word in ran.out


NAMES = ["a" * 300 + ".ipynb", "x/" * 3000 + "y.ipynb", "-"]


@pytest.mark.parametrize("name", NAMES, ids=["a long name", "a long path", "a dash"])
def test_a_name_that_can_not_be_a_file_is_an_error_entry(folder: Path, tmp_path: Path, name: str) -> None:
    """A name too long for any file, or a dash, is a file that can't be graded, and the others are."""
    ran = autograder("run", "right.ipynb", name, "--json", tmp_path / "out.json", folder=folder)
    assert ran.status == 3
    assert [one["status"] for one in results(tmp_path / "out.json")["submissions"]] == ["graded", "error"]


def test_a_link_in_a_circle_is_an_error_entry(folder: Path, tmp_path: Path) -> None:
    """A link to itself is a file that can't be graded, and the others are."""
    (tmp_path / "loop.ipynb").symlink_to("loop.ipynb")
    ran = autograder("run", tmp_path / "loop.ipynb", "right.ipynb", "--json", tmp_path / "out.json", folder=folder)
    assert ran.status == 3
    assert [one["status"] for one in results(tmp_path / "out.json")["submissions"]] == ["error", "graded"]
