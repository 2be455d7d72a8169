"""`autograder run --gradescope`, and what of a report students see when: by the format's own words."""

import json
import re
from pathlib import Path
from typing import Any

import mistune
import pytest
from helpers.command import autograder
from helpers.gradescope import faults, results_in
from helpers.notebooks import check, markdown, released, replaced, solution, written
from helpers.small_course import RIGHT, WEEK, small_course
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.report import Check, Diagnosis, ExerciseResult, Isolation, Report, Status, SubmissionResult
from autograder.writers.gradescope import as_gradescope, gradescope_text, refusal

PIECES = [
    "<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](http://a.example/x.png)", "http://a.example/x",
    "www.a.example", "me@a.example", "`", "``", "```\n", "~~~", "*", "_", "\n# h", "\n- x", "\n\n", "&lt;", "<!--",
    "$x$",
    "|a|b|", "\x1b[31m", "\u202e", "é", "\\", "dW2", "    code", ">", "1. x", "[a]: http://b.example", "\n[a]: /x\n[a]",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=7).map("".join)
LIVE = re.compile(r"<(?!/?(?:p|ul|li|strong|code|pre)\b)[a-zA-Z!/]|href|src=", re.IGNORECASE)
ISOLATION = Isolation("container", ("seccomp",))


def _report(*texts: str) -> Report:
    failed = Check(texts[0], passed=False, message=texts[1])
    odd = ExerciseResult(texts[2], "t", 0.0, 2.0, (failed,), Diagnosis("x", texts[3]))
    graded = SubmissionResult(texts[4], Status.GRADED, (odd,), 0.5, "", (texts[5],), (texts[6],))
    return Report("s", ISOLATION, (graded,))


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, min_size=7, max_size=7))
def test_no_text_is_live_in_markdown(texts: list[str]) -> None:
    """Whatever a report holds, the outputs render without links, pictures, headings or HTML, and stay in the format."""
    results = as_gradescope(_report(*texts))
    assert faults(gradescope_text(results)) == []
    render: Any = mistune.create_markdown(escape=False, plugins=["url", "table", "strikethrough"])
    for output in (results["output"], *(test["output"] for test in results["tests"])):
        page = render(output)
        inside = re.sub(r"<code[^>]*>.*?</code>", "", page, flags=re.DOTALL)
        assert LIVE.search(inside) is None, page


@pytest.mark.parametrize("text", [PIECES[0], PIECES[1], PIECES[2], PIECES[3], "# h", "http://a.example"])
def test_the_reader_of_pages_finds_what_is_live(text: str) -> None:
    """Markdown that is not made inert does hold what the test above looks for."""
    render: Any = mistune.create_markdown(escape=False, plugins=["url", "table", "strikethrough"])
    assert LIVE.search(render(text))


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_a_refusal_is_in_the_format(text: str) -> None:
    """What is said of a submission that was not graded is a result of 0 points, whatever it says."""
    assert faults(gradescope_text(refusal(text))) == []
    assert refusal(text)["score"] == 0.0


FINE: dict[str, Any] = {"score": 1.0, "output": "x", "tests": [{"score": 1, "max_score": 2, "name": "a"}]}


@pytest.mark.parametrize(
    "change",
    [
        {"visibilty": "visible"}, {"visibility": "later"}, {"output_format": "markdown"}, {"stdout_visibility": True},
        {"score": "1"}, {"score": True}, {"tests": {}}, {"tests": [1]}, {"tests": [{"status": "pass", "score": 0}]},
        {"tests": [{"score": 1, "visibility": "never"}]}, {"tests": [{"score": 1, "points": 2}]}, {"output": None},
        {"tests": [{"score": 1, "number": 1}]}, {"leaderboard": []}, {"execution_time": float("nan")},
    ],
)  # fmt: skip
def test_the_reader_finds_what_is_not_of_the_format(change: dict[str, Any]) -> None:
    """Each planted fault of a results.json is found, and the file without it has none."""
    assert faults(json.dumps(FINE)) == []
    assert faults(json.dumps({**FINE, **change})) != []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"tests": [{"name": "x"}]}'])
def test_the_reader_finds_results_without_a_score(text: str) -> None:
    """A score must stand at the top or with each test."""
    assert faults(text) != []


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of one function with a hidden test, and one whose test is all in sight, and a text to be graded."""
    place = small_course(tmp_path_factory.mktemp("gs") / "course", 0)
    given = json.loads((place / "source" / WEEK / f"{WEEK}.ipynb").read_text())
    by_hand = markdown("why?", {"grade_id": "essay", "grade": True, "solution": True, "locked": False, "points": 3})
    given["cells"] += [solution("g", "g = 1"), check("test_g", "assert g == 1"), by_hand]
    written(given, place / "source" / WEEK / f"{WEEK}.ipynb")
    return place


def _run(course: Path, folder: Path, *words: str) -> dict[str, Any]:
    path = written(replaced(released(json.loads((course / "source" / WEEK / f"{WEEK}.ipynb").read_text())),
                            {"f": "def f(x):\n    raise ValueError('<b>')"}), folder / "mine.ipynb")  # fmt: skip
    ran = autograder(
        "run", path, "--course", course, "--assignment", WEEK, "--gradescope", folder / "r.json", "--jobs", "1", *words
    )
    assert ran.status == 0, ran.err
    return results_in(folder / "r.json")


def test_a_hidden_test_waits_for_the_due_date_and_others_do_not(course: Path, tmp_path: Path) -> None:
    """Without a word, a test with a hidden part is shown after the due date, another at once; no total is told."""
    results = _run(course, tmp_path)
    assert {test["name"]: test["visibility"] for test in results["tests"]} == {"f": "after_due_date", "g": "visible"}
    assert [(test["score"], test["max_score"], test["status"]) for test in results["tests"]] == [
        (0, 2, "failed"), (1, 1, "passed"),
    ]  # fmt: skip
    assert "` mine.ipynb ` was graded: 2 exercises." in results["output"]
    assert "not shown yet" in results["output"]
    assert "points" not in results["output"]
    assert "` essay `" in results["output"]
    assert results["stdout_visibility"] == "hidden"


def test_each_test_can_be_shown_when_the_instructor_says(course: Path, tmp_path: Path) -> None:
    """A setting for an exercise comes before one for a kind, and that before one for all."""
    rules = ["visible", "hidden-tests=after_published", "g=hidden"]
    results = _run(course, tmp_path, *(word for rule in rules for word in ("--visibility", rule)))
    assert [test["visibility"] for test in results["tests"]] == ["after_published", "hidden"]
    assert [test["visibility"] for test in _run(course, tmp_path, "--visibility", "visible")["tests"]] == [
        "visible"
    ] * 2


@pytest.mark.parametrize(
    ("rule", "told"),
    [("h=visible", "there is no exercise h; there are: f, g"), ("f=later", "after_due_date"), ("=hidden", "")],
)
def test_a_visibility_that_is_none_is_refused(course: Path, tmp_path: Path, rule: str, told: str) -> None:
    """A misspelt exercise or visibility is wrong usage, and the message says what there is."""
    path = written(RIGHT, tmp_path / "a.ipynb")
    ran = autograder("run", path, "--course", course, "--gradescope", tmp_path / "r.json", "--visibility", rule)
    assert ran.status == 2
    assert told in ran.err
    assert not (tmp_path / "r.json").exists()


def test_a_class_is_not_one_submission(course: Path, tmp_path: Path) -> None:
    """Two notebooks for an assignment that has one are no submission of Gradescope's."""
    for name in "ab":
        written(RIGHT, tmp_path / f"{name}.ipynb")
    ran = autograder("run", tmp_path, "--course", course, "--assignment", WEEK, "--gradescope", tmp_path / "r.json")
    assert ran.status == 2
    assert "at most 1; these are 2" in ran.err


def test_notebooks_of_one_assignment_are_told_apart() -> None:
    """Of several notebooks each test's name and number say which it belongs to."""
    one = ExerciseResult("f", "test_f", 1.0, 1.0, ())
    report = Report("s", ISOLATION, tuple(SubmissionResult(f"{name}.ipynb", Status.GRADED, (one,)) for name in "ab"))
    assert [(test["name"], test["number"]) for test in as_gradescope(report)["tests"]] == [
        ("a: f", "1.1"),
        ("b: f", "2.1"),
    ]


def test_a_file_that_can_not_be_graded_is_a_result(course: Path, tmp_path: Path) -> None:
    """Half a notebook gets 0 points and the reason."""
    (tmp_path / "half.ipynb").write_text('{"cells": [')
    ran = autograder("run", tmp_path / "half.ipynb", "--course", course, "--gradescope", tmp_path / "r.json")
    assert ran.status == 3
    results = results_in(tmp_path / "r.json")
    assert results["score"] == 0
    assert "its JSON is broken" in results["output"]
