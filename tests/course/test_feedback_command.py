"""`autograder feedback`: a page for each submission, with the gradebook's points; only what changed is written."""

import html
import json
import os
import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from helpers.command import Ran, autograder
from helpers.course import gradebook, nbgrader, submit
from helpers.notebooks import Json, check, code, hidden, markdown, notebook, released, replaced, solution, written
from helpers.small_course import WEEK, copied, grade, small_course

ESSAY = {"grade_id": "essay", "grade": True, "solution": True, "locked": False, "task": False, "points": 3}
TASK_TEXT = "Draw it.\n\n=== BEGIN MARK SCHEME ===\nThe graph is secret.\n=== END MARK SCHEME ==="
TASK = {"grade_id": "drawing", "grade": False, "solution": False, "locked": True, "task": True, "points": 2}
SOURCE = notebook(
    markdown("# Doubling and *more*"),
    markdown("## Twice $x_1$\nAdd a number to itself: $y = 2 x_1$.\n\n```\n# no heading\n```"),
    solution("f"),
    check("test_f", "assert f(2) == 4, 'f doubles'\n" + hidden("assert f(3) == 6"), 2),
    markdown("## Why\nSay why."),
    markdown("Your words", ESSAY),
    markdown(TASK_TEXT, TASK),
)
RIGHT = "def f(x):\n    return x + x"
CLASS: dict[str, str] = {
    "ada": RIGHT,
    "wrong": "# a comment\ndef f(x):\n    y = 3\n    return y\n    return x + x",
    "raises": "def f(x):\n    y = x\n    return y / 0",
    "deep": "def g(x):\n    return [][x]\n\ndef f(x):\n    return g(x)",
    "syntax": "def f(x:\n    return 2",
    "loop": "def f(x):\n    for y in (1, 2):\n        pass\n    while x:\n        pass\n    return x",
    "stub": "# YOUR CODE HERE\nraise NotImplementedError()",
}


def answers(text: str) -> Json:
    """Return what a student hands in."""
    return replaced(released(SOURCE), {"f": text, "essay": "**Because** of <script>alert(1)</script>"})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graded course with pages: right, wrong, broken and missing notebooks."""
    course = small_course(tmp_path_factory.mktemp("feedback") / "course", students=0)
    written(SOURCE, course / "source" / WEEK / f"{WEEK}.ipynb")
    for student, text in CLASS.items():
        submit(course, student, WEEK, answers(text))
    helper = released(SOURCE)
    helper["cells"].insert(2, code("def half(x):\n    return x / 0"))
    submit(
        course, "helper", WEEK, replaced(helper, {"f": "def f(x):\n    return half(x)", "essay": "YOUR ANSWER HERE"})
    )
    submit(course, "broken", WEEK, b"{")
    submit(course, "absent", WEEK, {}, "another")
    assert grade(course, "--timeout", "1").status == 3
    ran = autograder("feedback", WEEK, folder=course)
    # On a slow machine more lines follow.
    assert (ran.status, ran.err.splitlines()[0]) == (0, "feedback on week1: 1 of 10: absent")
    return course


def page_of(course: Path, student: str) -> str:
    """Return a page's text as a reader meets it."""
    page = (course / "feedback" / student / WEEK / f"{WEEK}.html").read_text(encoding="utf-8")
    page = re.sub(r"<style.*?</style>|<head>.*?</head>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def marked_line(course: Path, student: str) -> str:
    """Return the line of the student's code that the page marks, "" if it marks none."""
    page = (course / "feedback" / student / WEEK / f"{WEEK}.html").read_text(encoding="utf-8")
    found = re.findall(r'<span class="line marked">(.*?)\n</span>', page, flags=re.DOTALL)
    assert len(found) <= 1
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", found[0])).split()) if found else ""


def counts(ran: Ran) -> tuple[int, int]:
    """Return how many pages a run wrote, and how many it left."""
    assert ran.status in (0, 3), ran.err
    found = re.search(r"(\d+) written, (\d+) unchanged", ran.out)
    assert found
    return int(found[1]), int(found[2])


def test_a_right_answer_is_told_in_short(made: Path) -> None:
    """Full points, what waits for a person, a task among it, and nothing that failed."""
    page = page_of(made, "ada")
    assert "Doubling and more 2 of 7 points" in page
    assert "5 points wait for your instructor" in page
    assert "drawing waits for your instructor" in page
    assert "f right 2 / 2 points" in page
    assert "What failed" not in page
    assert "Look at this first" not in page


def test_an_essay_that_was_left_as_it_was_is_told(made: Path) -> None:
    """A cell for a person that the student did not touch is nothing handed in; a task waits all the same."""
    page = page_of(made, "helper")
    assert "essay nothing handed in 0 / 3 points" in page
    assert "2 points wait for your instructor" in page


@pytest.mark.parametrize(
    ("student", "line"),
    [
        ("ada", ""),
        ("wrong", "4 return y ← what it returns"),
        ("raises", "3 return y / 0 ← raised here"),
        ("deep", "2 return [ ] [ x ] ← raised here"),
        ("syntax", "1 def f ( x : ← stopped here"),
        ("loop", "4 while x : ← does this loop end?"),
        ("helper", ""),
    ],
)
def test_the_line_that_matters_is_marked(made: Path, student: str, line: str) -> None:
    """Where an exception arose, a cell stopped, a loop may not end, or else the last return that can be reached."""
    found = marked_line(made, student)
    assert re.sub(r"\s", "", found) == re.sub(r"\s", "", line)


def test_an_exception_of_another_cell_is_found_there(made: Path) -> None:
    """A helper's exception is told with its cell and line."""
    assert "The exception was raised in cell 3, line 2: return x / 0" in page_of(made, "helper")


def test_a_wrong_answer_is_told_with_what_to_do_first_and_to_read_again(made: Path) -> None:
    """The header leads to the exercise; the card has the author's words, and the section of the notebook."""
    page = page_of(made, "wrong")
    assert "Look at this first: f , not right yet: f doubles" in page
    assert "Read again: Twice x 1 Add a number to itself: y = 2 x 1 . # no heading" in page
    assert "Its cell stopped before the function was there. SyntaxError" in page_of(made, "syntax")
    assert "f not written yet" in page_of(made, "stub")


def test_what_could_not_be_graded_says_why_and_what_to_do(made: Path) -> None:
    """A broken file, and one that is missing, have a page with the reason and the next steps."""
    broken, absent = page_of(made, "broken"), page_of(made, "absent")
    assert "Not graded This could not be graded week1.ipynb is not a notebook: its JSON is broken" in broken
    assert "no notebook was submitted" in absent
    assert all("Hand in that very file, under that name" in page for page in (broken, absent))
    assert not any("Points as they were" in page or "At a glance" in page for page in (broken, absent))


def test_options_of_the_command_line_are_no_words_for_students(made: Path) -> None:
    """A call that took too long is told with its time, and without the option that an instructor has for it."""
    assert "Stopped after 1 s; is there a loop that does not end?" in page_of(made, "loop")


@pytest.mark.parametrize("student", ["ada", "wrong"])
def test_nothing_hidden_is_on_a_page(made: Path, student: str) -> None:
    """Neither a hidden test nor a task's mark scheme, and no script of a student's."""
    page = (made / "feedback" / student / WEEK / f"{WEEK}.html").read_text(encoding="utf-8")
    assert "Draw it." in page
    for word in ("f(3)", "HIDDEN TESTS", "graph is secret", "<script"):
        assert word not in page
    assert "&lt;script&gt;" in page


def test_only_what_changed_is_written(made: Path, tmp_path: Path) -> None:
    """A second run writes nothing; --force writes all; a lost or damaged page, or one student's new score, alone."""
    course = copied(made, tmp_path / "course")
    assert counts(autograder("feedback", WEEK, folder=course)) == (0, 10)
    assert counts(autograder("feedback", WEEK, "--force", "--student", "ada", folder=course)) == (1, 0)
    (course / "feedback" / "ada" / WEEK / f"{WEEK}.html").unlink()
    (course / "feedback" / "wrong" / WEEK / f"{WEEK}.html").write_text("no page")
    assert counts(autograder("feedback", WEEK, folder=course)) == (2, 8)
    submit(course, "wrong", WEEK, answers(RIGHT))
    os.utime(course / "submitted" / "wrong" / WEEK / f"{WEEK}.ipynb", (2_000_000_000, 2_000_000_000))
    ran = autograder("feedback", WEEK, folder=course)
    assert "wrong: handed in again since it was graded" in ran.err
    assert counts(ran) == (0, 10)
    assert grade(course, "--timeout", "1", "--student", "wrong").status == 0
    os.utime(course / "submitted" / "wrong" / WEEK / f"{WEEK}.ipynb", (1_000_000_000, 1_000_000_000))
    assert counts(autograder("feedback", WEEK, folder=course)) == (1, 9)
    assert "2 of 7 points" in page_of(course, "wrong")


def _enter(course: Path) -> None:
    """Enter what a person would in the formgrader."""
    with gradebook(course) as opened:
        grades = {name: opened.find_grade(name, WEEK, WEEK, "wrong") for name in ("test_f", "essay", "drawing")}
        grades["test_f"].manual_score = 1.5
        grades["essay"].manual_score, grades["essay"].extra_credit = 3, 0.5
        opened.find_comment("f", WEEK, WEEK, "wrong").manual_comment = "Close! <b>Next</b> time."
        opened.find_comment("drawing", WEEK, WEEK, "wrong").manual_comment = "Still missing."
        opened.find_submission_notebook(WEEK, WEEK, "wrong").late_submission_penalty = 1
        opened.db.commit()


def test_a_persons_entries_count_and_survive_a_regrade(made: Path, tmp_path: Path) -> None:
    """Points by hand, extra credit, a penalty and comments are on the page as the gradebook has them now."""
    course = copied(made, tmp_path / "course")
    _enter(course)
    assert counts(autograder("feedback", WEEK, folder=course)) == (1, 9)
    page = page_of(course, "wrong")
    for told in (
        "4 of 7 points", "1 point was taken off because it was handed in late", "0.5 of them are extra credit",
        "f graded by your instructor 1.5 / 2",
        "Your instructor set these points by hand; the tests gave 0.", "Your instructor says Close! <b>Next</b> time.",
        "Your instructor says Still missing.",
    ):  # fmt: skip
        assert told in page
    with gradebook(course) as opened:
        submission = opened.find_submission_notebook(WEEK, WEEK, "wrong")
        assert (submission.score - 1, submission.max_score) == (4, 7)
    assert grade(course, "--timeout", "1", "--force", "--student", "wrong").status == 0
    assert autograder("feedback", WEEK, folder=course).status == 0
    again = page_of(course, "wrong")
    assert "f graded by your instructor 1.5 / 2" in again
    assert "Close! <b>Next</b> time." in again


def test_what_is_not_graded_has_no_page_and_is_told(made: Path, tmp_path: Path) -> None:
    """A submission without a graded notebook, or with a damaged one, is named; others go on; the status is 3."""
    course = copied(made, tmp_path / "course")
    submit(course, "late", WEEK, answers(RIGHT))
    (course / "autograded" / "ada" / WEEK / f"{WEEK}.ipynb").write_text("[]")
    ran = autograder("feedback", WEEK, folder=course)
    assert ran.status == 3
    assert "late: not graded yet, so there is no page; type: autograder grade week1" in ran.err
    assert "can't be read: it is no notebook (TypeError); grade it again with --force" in ran.err
    assert counts(ran) == (0, 9)
    shutil.rmtree(course / "autograded")
    nothing = autograder("feedback", WEEK, "--quiet", folder=course)
    assert nothing.status == 2
    assert "nothing of week1 is graded yet; type: autograder grade week1" in nothing.err


def test_wrong_usage_is_told(made: Path) -> None:
    """A set or a student that is not there, or a folder that is no course, is wrong usage."""
    for words in (["nosuch"], [WEEK, "--student", "nobody"], [WEEK, "--course", str(made / "source")], []):
        assert autograder("feedback", *words, folder=made).status == 2


def test_a_result_of_an_earlier_version_has_points_without_reasons(made: Path, tmp_path: Path) -> None:
    """Without a result that can be read, the page has the gradebook's points, and says what is missing."""
    course = copied(made, tmp_path / "course")
    path = course / "autograded" / "wrong" / WEEK / f"{WEEK}.ipynb"
    graded = json.loads(path.read_text())
    graded["metadata"]["autograder_result"]["version"] = 1
    path.write_text(json.dumps(graded))
    assert autograder("feedback", WEEK, "--student", "wrong", folder=course).status == 0
    page = page_of(course, "wrong")
    assert "0 of 7 points" in page
    assert "graded by an earlier version of the grader" in page


def test_nbgrader_makes_the_same_page_and_releases_it(made: Path, tmp_path: Path) -> None:
    """With the course's configuration, nbgrader's own command writes the same bytes; its files lie where it looks."""
    course = copied(made, tmp_path / "course")
    config = "from autograder.pages import make_pages_inert\nc = get_config()\nmake_pages_inert(c)\n"
    (course / "nbgrader_config.py").write_text(config)
    ours = {path: path.read_bytes() for path in (course / "feedback").rglob("*.html")}
    shutil.rmtree(course / "feedback")
    for beside in ("timestamp.txt", "submission_secret.txt"):
        (course / "autograded" / "ada" / WEEK / beside).write_text("2026-01-02 03:04:05.000000 UTC")
    ran = nbgrader("generate_feedback", WEEK, folder=course)
    assert ran.status == 0, ran.err
    assert {path: path.read_bytes() for path in (course / "feedback").rglob("*.html")} == ours
    shutil.rmtree(course / "feedback")
    assert autograder("feedback", WEEK, "--student", "ada", folder=course).status == 0
    there = sorted(path.name for path in (course / "feedback" / "ada" / WEEK).iterdir())
    assert there == ["submission_secret.txt", "timestamp.txt", "week1.html"]


@pytest.fixture
def damaged(made: Path, tmp_path: Path) -> Path:
    """A course whose gradebook is none."""
    course = copied(made, tmp_path / "course")
    (course / "gradebook.db").write_bytes(b"not a database")
    return course


def test_a_gradebook_that_cannot_be_read_is_told(damaged: Path) -> None:
    """A damaged gradebook stops the command with what to do, and no page changes."""
    ran = autograder("feedback", WEEK, folder=damaged)
    assert ran.status == 3
    assert "is damaged, or is no database" in ran.err


def test_the_gradebook_is_not_written_to(made: Path, tmp_path: Path) -> None:
    """Making pages leaves every byte of the gradebook as it was."""
    course = copied(made, tmp_path / "course")
    with sqlite3.connect(course / "gradebook.db") as connection:
        connection.execute("PRAGMA wal_checkpoint")
    connection.close()
    before = (course / "gradebook.db").read_bytes()
    assert autograder("feedback", WEEK, "--force", folder=course).status == 0
    assert (course / "gradebook.db").read_bytes() == before
