"""`autograder run` as a user runs it: exit status, streams, files; bad files never stop the good ones."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from helpers.command import Ran, autograder, results
from helpers.notebooks import code, inserted, released, replaced, solved, source, written

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
    pages: Path

    def __getitem__(self, name: str) -> dict[str, Any]:
        """Return the entry of the file of this name."""
        found: dict[str, Any] = next(
            one for one in self.report["submissions"] if Path(one["path"]).name == Path(name).name
        )
        return found


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """A class of good, bad and hostile files, graded by two workers from another folder."""
    folder = tmp_path_factory.mktemp("class")
    for name, given in GOOD.items():
        written(given, folder / "work" / name)
    for name, content in BAD.items():
        (folder / "work" / name).write_bytes(content)
    hostile = inserted(
        RIGHT, code("print('\x1b[31m')\nraise ValueError('\x1b]0;title\x07<img src=x>')"), before="relu_grad"
    )
    written(hostile, folder / "work" / HOSTILE)
    os.mkfifo(folder / "work" / "pipe.ipynb")
    written(RIGHT, folder / "work" / ".ipynb_checkpoints" / "old-checkpoint.ipynb")
    (folder / "work" / "link.ipynb").symlink_to("/etc/passwd")
    missing = "nobody.ipynb"
    ran = autograder(
        "run", "work", missing, "--jobs", 2, "--timeout", 1, "--json", "out.json", "--junit", "out.xml",
        "--html", "pages", folder=folder,
    )  # fmt: skip
    return Batch(ran, results(folder / "out.json"), folder / "out.xml", folder / "pages")


def test_a_batch_with_bad_files_is_done_and_says_so(batch: Batch) -> None:
    """Files that can't be graded give status 3, and all others are graded."""
    assert batch.ran.status == 3
    names = {Path(one["path"]).name for one in batch.report["submissions"]}
    assert names == {Path(name).name for name in (*GOOD, *BAD, HOSTILE, "pipe.ipynb", "nobody.ipynb")}


def test_each_notebook_of_the_set_has_a_page(batch: Batch) -> None:
    """A page lies where its notebook does, says the points and what is wrong, and holds no live text and no hidden one.

    Of a file that is no notebook it is not known which assignment it is of, so there is none, which is said.
    """
    names = [*(f"work/{name}" for name in GOOD), f"work/{HOSTILE}"]
    written = {str(path.relative_to(batch.pages)) for path in batch.pages.rglob("*.html")}
    assert written == {name.removesuffix(".ipynb") + ".html" for name in names}
    pages = {name: (batch.pages / name).read_text() for name in written}
    assert "stopped after 1 s" in pages["work/dave-loop.html"]
    assert "not written yet" in pages["work/hal-nothing.html"]
    for text in pages.values():
        assert "<script" not in text
        assert "HIDDEN TESTS" not in text
        assert "Content-Security-Policy" in text
    assert "work/broken.ipynb: no page" in batch.ran.err


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
    assert set(report["isolation"]) == {"level", "layers"}
    assert report["isolation"]["level"] == "full"
    assert {"namespaces", "seccomp", "rlimits"} <= set(report["isolation"]["layers"])
    always, sometimes = (
        {"path", "status", "score", "max_score", "seconds", "exercises", "warnings"},
        {"message", "needs_manual", "python_warnings"},
    )
    for one in report["submissions"]:
        assert always <= set(one) <= always | sometimes
        assert all(type(one[key]) in (int, float) for key in ("score", "max_score", "seconds"))
        assert all(isinstance(text, str) for text in one["warnings"])
        for exercise in one["exercises"]:
            assert set(exercise) == {"name", "score", "max_score", "checks", "diagnosis"}
            assert exercise["checks"]
            for made in exercise["checks"]:
                assert set(made) == {"name", "passed", "message"}
                assert type(made["passed"]) is bool
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


def test_a_folder_for_pages_that_is_a_file_is_wrong_usage(tmp_path: Path) -> None:
    """Nothing is graded where the pages could not be written, and the file stays."""
    written(RIGHT, tmp_path / "right.ipynb")
    (tmp_path / "pages").write_text("mine")
    ran = autograder("run", "right.ipynb", "--html", "pages", folder=tmp_path)
    assert ran.status == 2
    assert "--html pages: the folder can't be made" in ran.err
    assert (tmp_path / "pages").read_text() == "mine"
