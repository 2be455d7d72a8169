"""Broken notebooks: files of every malformed kind, and tampered cells, cost nothing but what is missing in them."""

import copy
import json
import os
import pickle
import warnings
from pathlib import Path
from typing import Any

import nbformat
import pytest
from arena import ASSIGNMENT, COURSE, FULL, KEPT, RIGHT, SECRETS, SOLVED, Arena
from helpers.command import autograder, results
from helpers.notebooks import (
    ROOT,
    Json,
    cell_of,
    check,
    code,
    duplicated,
    inserted,
    markdown,
    moved,
    remarked,
    replaced,
    solution,
    without,
)

WRONG = replaced(COURSE, {"f": "def f(x):\n    return 0.0"})
GENEROUS = "points = 2\nassert True"


def _nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


def _raw(given: Json, grade_id: str, **parts: Any) -> Json:
    """Return the notebook with other parts of one cell's JSON."""
    changed = copy.deepcopy(given)
    cell_of(changed, grade_id).update(parts)
    return changed


TAMPERED = {
    "the test edited": replaced(WRONG, {"test_f": GENEROUS}),
    "the test deleted": without(WRONG, "test_f"),
    "the test doubled": duplicated(WRONG, "test_f", GENEROUS),
    "a generous copy first": inserted(WRONG, check("test_f", GENEROUS, 2), before="setup"),
    "the test given another's id": remarked(WRONG, "test_f", grade_id="test_before"),
    "two ids exchanged": remarked(remarked(WRONG, "test_before", grade_id="test_f"), "test_f", grade_id="test_before"),
    "the test unlocked": remarked(WRONG, "test_f", locked=False, grade=False, solution=True),
    "more points": remarked(WRONG, "test_f", points=1000),
    "points that are none": remarked(WRONG, "test_f", points="2", schema_version="x"),
    "not a number of points": remarked(WRONG, "test_f", points=-1e308),
    "a test of its own": inserted(WRONG, check("bonus", "assert True", 100), after="test_f"),
    "the solution as a test": remarked(WRONG, "f", grade=True, solution=False, points=50, locked=True),
    "the solution with the test's id": remarked(WRONG, "f", grade_id="test_f"),
    "the test as Markdown": _raw(WRONG, "test_f", cell_type="markdown"),
    "the test as raw text": _raw(WRONG, "test_f", cell_type="raw"),
    "the test as nothing known": _raw(WRONG, "test_f", cell_type=["code"]),
    "the test's metadata gone": _raw(WRONG, "test_f", metadata={}),
    "metadata of a wrong type": _raw(WRONG, "test_f", metadata=[1]),
    "nbgrader's of a wrong type": _raw(WRONG, "test_f", metadata={"nbgrader": "x"}),
    "an id that is no text": remarked(WRONG, "test_f", grade_id={"a": 1}),
    "an id that is a path": inserted(WRONG, check("../../../etc/passwd", "pass", 9), after="f"),
    "an id with control characters": inserted(WRONG, solution("\x1b[31m\u202e\x00", "x = 1"), after="f"),
    "a very long id": inserted(WRONG, solution("x" * 1_000_000, "x = 1"), after="f"),
    "marks of hidden tests": replaced(WRONG, {"f": "### BEGIN HIDDEN TESTS\nf = lambda x: 0\n### END HIDDEN TESTS"}),
    "marks of solutions": replaced(WRONG, {"f": "### BEGIN SOLUTION\nf = lambda x: 0.0\n### END SOLUTION"}),
    "outputs that claim a score": _raw(
        WRONG, "test_f", outputs=[{"output_type": "execute_result", "data": {"text/plain": "2"}}]
    ),
    "a score in the metadata": _raw(
        WRONG, "f", metadata={**cell_of(WRONG, "f")["metadata"], "score": 2, "tags": ["x"]}
    ),
    "the test in front": moved(replaced(WRONG, {"f": RIGHT}), "test_f", 1),
    "a huge attachment": inserted(
        WRONG, {**markdown("![x](attachment:a)"), "attachments": {"a": {"image/png": "A" * 10**6}}}
    ),
    "sources as lists": _raw(WRONG, "f", source=["def f(x):\n", "    return 0.0", 7, None, ["x"]]),
    "sources of a wrong type": _raw(WRONG, "f", source={"a": 1}),
    "ids of cells twice": _raw(_raw(WRONG, "f", id="same"), "after", id="same"),
    "an id of a cell in HTML": _raw(WRONG, "f", id="<script>alert(1)</script>"),
    "cells that are none": WRONG | {"cells": [None, 7, "x", [], *WRONG["cells"], {}]},
    "metadata nested deep": _raw(WRONG, "f", metadata={**cell_of(WRONG, "f")["metadata"], "x": _nested(600)}),
    "nbgrader's nested deep": remarked(WRONG, "f", x=_nested(600)),
    "a notebook's nested deep": WRONG | {"metadata": {"kernelspec": {"name": "python3", "x": _nested(600)}}},
    "numbers that JSON has not": _raw(WRONG, "before", metadata={"x": float("nan"), "y": [float("inf")]}),
    "halves of characters": _raw(WRONG, "before", metadata={"\ud800": "\udfff"}, id="\ud800"),
    "a format that is true": WRONG | {"nbformat_minor": True},
    "a format below zero": WRONG | {"nbformat_minor": -1},
    "ids before there were any": _raw(WRONG, "f", id="early") | {"nbformat_minor": 2},
    "a format to come": WRONG | {"nbformat_minor": 10**9},
    "a format of a wrong type": WRONG | {"nbformat_minor": "<script>"},
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_notebook_gains_and_loses_nothing(arena: Arena, name: str) -> None:
    """Whatever is done to cells and metadata, a wrong answer earns nothing and the right ones keep their points."""
    outcome = arena.fails_as(TAMPERED[name])
    assert outcome.result.max_score == sum(FULL.values())
    assert outcome.graded.notebook is not None
    assert json.dumps(outcome.graded.notebook, allow_nan=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of ids that students' cells lack
        nbformat.validate(nbformat.from_dict(outcome.graded.notebook))


def test_a_hundred_thousand_cells_are_matched_in_one_pass(arena: Arena) -> None:
    """A notebook of a hundred thousand texts, with every test missing, is judged as any other."""
    given = without(COURSE, "test_f", "test_before", "test_after", "setup")
    given["cells"] += [markdown(f"text {number % 7}") for number in range(100_000)]
    outcome = arena.grader.grade(given, ASSIGNMENT)
    assert outcome.scores == {**KEPT, "f": outcome.scores["f"]}
    assert outcome.result.seconds < 30


def test_a_cell_of_megabytes_is_not_parsed_here(hurried: Arena) -> None:
    """A cell whose text is larger than any parser could take costs its own points, though tests are missing."""
    given = replaced(without(COURSE, "test_f"), {"f": "f = 0\n" + "x=1;" * 400_000 + "("})
    assert hurried.grader.grade(given, ASSIGNMENT).scores == KEPT
    hurried.is_untouched()


@pytest.mark.parametrize("added", ["\n" * 40_000 + "pass", "%time -a" + "1" * 40_000], ids=["empty lines", "options"])
def test_a_cell_is_looked_at_in_one_pass_here(hurried: Arena, added: str) -> None:
    """What a pattern could begin to match anywhere takes no longer than any other text, before the sandbox has it."""
    given = inserted(COURSE, code(added), before="f")
    outcome = hurried.grader.grade(replaced(given, {"f": f"{added}\n{RIGHT}"}), ASSIGNMENT)
    assert (outcome.scores["before"], outcome.scores["after"]) == (1.0, 3.0)
    assert outcome.graded.reading_seconds < 2


FILES: dict[str, bytes] = {
    "empty": b"",
    "spaces": b" \n\t ",
    "null": b"null",
    "a list": b"[]",
    "a number": b"1e999",
    "no cells": b'{"nbformat": 4}',
    "cells of a wrong type": b'{"nbformat": 4, "cells": {"a": 1}}',
    "no format": b'{"cells": []}',
    "a format of the future": b'{"nbformat": 99, "cells": []}',
    "a format that is true": b'{"nbformat": true, "cells": [{}]}',
    "a huge format": b'{"nbformat": ' + b"9" * 5000 + b', "cells": [{}]}',
    "cut off": json.dumps(COURSE).encode()[:-100],
    "deep": b'{"nbformat": 4, "cells": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "UTF-16": json.dumps(COURSE).encode("utf-16"),
    "not UTF-8": b'{"nbformat": 4, "cells": [{"source": "\xff\xfe"}]}',
    "zeros": bytes(100_000),
    "a picture": b"\x89PNG\r\n\x1a\n" + os.urandom(1) * 1000,
    "HTML": b"<html><script>alert(1)</script></html>",
    "an archive": b"PK\x03\x04" + bytes(100),
    "a pickle": pickle.dumps(print),
    "an old format": b'{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": {"a": 1}}]}]}',
    "an old format of a wrong type": b'{"nbformat": 3, "worksheets": 7}',
    "another language": b'{"nbformat": 4, "metadata": {"kernelspec": {"language": "R"}}, "cells": '
    b'[{"cell_type": "code", "source": "x <- 1 %>% y"}]}',
}


def test_files_that_are_no_notebooks_are_told_and_the_others_graded(tmp_path: Path) -> None:
    """A folder of every malformed kind of file is gone through; each is an error that quotes nothing of it."""
    for number, content in enumerate(FILES.values()):
        (tmp_path / f"broken_{number:02}.ipynb").write_bytes(content)
    os.truncate(tmp_path / "broken_00.ipynb", 65 * 1024 * 1024)  # too large, without taking room
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    (tmp_path / "link.ipynb").symlink_to("/etc/passwd")
    (tmp_path / "circle.ipynb").symlink_to(tmp_path / "circle.ipynb")
    good = json.dumps(SOLVED["ps2_linear"])
    names = (
        "good",
        "\x1b[31mred\u202e",
        "<script>alert(1)<b>",
        "-rf",
        "a\nb",
        "$(touch x)",
        "'; drop table",
        " ",
    )
    for name in names:
        (tmp_path / f"{name}.ipynb").write_text(good)
    out = tmp_path / "out.json"
    ran = autograder(
        "run", tmp_path, "--assignment", "ps2_linear", "--course", ROOT, "--json", out, "--junit", tmp_path / "out.xml"
    )
    assert ran.status == 3, ran.err
    found = {Path(one["path"]).name: one for one in results(out)["submissions"]}
    assert {name: found[f"{name}.ipynb"]["score"] for name in names} == dict.fromkeys(names, 14.0)
    broken = {name: one for name, one in found.items() if name.startswith("broken_")}
    assert len(broken) == len(FILES)
    assert {one["status"] for one in broken.values()} <= {"error", "graded"}
    assert sum(one["score"] for one in broken.values()) == 0
    assert [one for one in broken.values() if one["status"] == "error" and len(one["message"]) > 300] == []
    assert not any(secret in ran.out + out.read_text() for secret in (*SECRETS[:5], "root:x", "alert(1)</script>"))
    assert all(character.isprintable() or character == "\n" for character in ran.out)
    assert not (tmp_path / "x").exists()


def test_an_added_cell_between_all_others_costs_nothing(arena: Arena) -> None:
    """Cells of a student's own before and after every cell, failing or not, change no verdict."""
    given = copy.deepcopy(COURSE)
    cells = [[code("1 / 0"), cell, code("%%bash\nexit 1"), markdown("x")] for cell in given["cells"]]
    given["cells"] = [cell for group in cells for cell in group]
    assert arena.grader.grade(given, ASSIGNMENT).scores == FULL
