"""`autograder report`: pages and tables of a real course, whatever state it is in, and what is said on the way."""

import csv
import json
import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from helpers.command import Ran, autograder, autograder_within
from helpers.course import submit
from helpers.notebooks import code, inserted, markdown, written
from helpers.small_course import CONFIG, RIGHT, WEEK, WRONG, answer, grade, small_course, week

from autograder.marks import RESULT

PAGE = f"{WEEK}.html"
ESSAY = {**markdown("Why?"), "metadata": {"nbgrader": {
    "schema_version": 3, "grade_id": "essay", "grade": True, "solution": True, "locked": False, "task": False,
    "points": 3,
}}}  # fmt: skip
FORMULA = '=HYPERLINK("http://example.org")'


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graded course of nine: right, wrong, cheating, broken, empty; a tenth handed nothing in."""
    course = small_course(tmp_path_factory.mktemp("report") / "course", 6)
    submit(course, "mallory", WEEK, inserted(RIGHT, code("import sys\nsys._getframe().f_back")))
    submit(course, "broken", WEEK, b"{half a")
    submit(course, "=formula", WEEK, answer(f"def f(x):\n    raise ValueError({FORMULA!r})"))
    (course / "submitted" / "absent" / "week2").mkdir(parents=True)
    ran = grade(course)
    assert ran.status == 0 or "could not be graded: 1" in ran.out, ran.err
    return course


@pytest.fixture
def course(graded: Path, tmp_path: Path) -> Path:
    """A copy of the graded course, to be changed."""
    return shutil.copytree(graded, tmp_path / "course")


def report(folder: Path, *words: str | Path) -> Ran:
    """Run `autograder report` in a folder."""
    return autograder_within("report", *words, folder=folder)


def page_of(course: Path, name: str = PAGE) -> str:
    """Return a report's page without the library's script."""
    text = (course / "report" / name).read_text(encoding="utf-8")
    return re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)


def rows_of(course: Path, name: str) -> list[dict[str, str]]:
    """Return a table of a report."""
    with (course / "report" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_report_tells_the_first_minute_and_where_the_pages_are(course: Path) -> None:
    """The page and three tables are written and named, with the summary; exit status 0 though one is not graded."""
    ran = autograder("report", WEEK, folder=course)
    assert ran.status == 0, ran.err
    files = [f"report/{WEEK}{end}" for end in (".html", ".csv", "-exercises.csv", "-findings.csv")]
    assert ran.out.splitlines()[:4] == files
    assert all((course / one).is_file() for one in files)
    assert "9 students handed in, 8 graded; 1 handed nothing in." in ran.out
    assert "5 of 8 have full marks" in ran.out
    assert "1 submission could not be graded" in ran.err


def test_the_page_says_what_was_found(course: Path) -> None:
    """Who was not graded and why, who handed nothing in, what was tried with its line, who made which mistake."""
    report(course, WEEK)
    page = page_of(course)
    assert re.search(r"broken</b>.*?is not a notebook: its JSON is broken", page)
    assert re.search(r"1 student handed nothing in.*?<b>absent</b>", page, re.DOTALL)
    assert "sys._getframe().f_back" in page
    assert "http" not in re.sub(r"http://example\.org|http-equiv|https://vega\.github\.io/schema/\S+", "", page)


def test_the_tables_hold_every_answer_and_no_formula(course: Path) -> None:
    """A row for each student and exercise; what a spreadsheet would compute begins with an apostrophe."""
    report(course, WEEK)
    rows = {row["student"]: row for row in rows_of(course, f"{WEEK}.csv")}
    assert (rows["s00"]["score"], rows["s00"]["percent"]) == ("2.0", "100.0")
    assert (rows["s02"]["score"], rows["broken"]["state"]) == ("0.0", "could not be graded")
    assert rows["absent"]["state"] == "nothing handed in"
    assert "'=formula" in rows
    text = (course / "report" / f"{WEEK}.csv").read_text(encoding="utf-8")
    assert not re.search(r'(^|,)"?[=@+]', text, re.MULTILINE)
    (exercise,) = rows_of(course, f"{WEEK}-exercises.csv")
    assert (exercise["exercise"], exercise["difficulty"], exercise["full"]) == ("f", "0.625", "5")
    findings = rows_of(course, f"{WEEK}-findings.csv")
    assert [row["student"] for row in findings if row["kind"] == "attempt"] == ["mallory"]


def test_points_are_those_of_the_gradebook_now(course: Path) -> None:
    """A person's score, extra credit and what being late costs count, as in the gradebook."""
    with sqlite3.connect(course / "gradebook.db") as database:
        of_student = """
            SELECT submitted.id FROM submitted_notebook AS submitted
            JOIN submitted_assignment AS submission ON submission.id = submitted.assignment_id
            WHERE submission.student_id = ?"""
        database.execute(
            f"UPDATE grade SET manual_score = 1.5, extra_credit = 0.25 WHERE notebook_id IN ({of_student})", ("s02",)
        )
        database.execute(
            f"UPDATE submitted_notebook SET late_submission_penalty = 0.5 WHERE id IN ({of_student})", ("s00",)
        )
    database.close()
    report(course, WEEK)
    rows = {row["student"]: row for row in rows_of(course, f"{WEEK}.csv")}
    assert (rows["s02"]["score"], rows["s02"]["total"]) == ("1.75", "1.75")
    assert (rows["s00"]["total"], rows["s00"]["penalty"], rows["s00"]["percent"]) == ("1.5", "0.5", "75.0")
    assert re.search(r"s00</b>.*?late</td>", page_of(course), re.DOTALL)


def test_what_is_missing_or_old_is_said_with_what_to_type(course: Path) -> None:
    """New, changed and old submissions are counted, with the command; the page is made of the rest."""
    submit(course, "new", WEEK, RIGHT)
    submit(course, "s01", WEEK, WRONG)
    path = course / "autograded" / "s00" / WEEK / f"{WEEK}.ipynb"
    data = json.loads(path.read_text())
    del data["metadata"][RESULT]
    path.write_text(json.dumps(data))
    ran = report(course, WEEK)
    assert ran.status == 0, ran.err
    assert f"2 submissions not graded as they are now; type: autograder grade {WEEK}\n" in ran.err
    assert "1 submission graded by an earlier version" in ran.err
    assert f"autograder grade {WEEK} --force" in ran.err
    assert "10 students handed in, 8 graded" in ran.out


def test_a_course_that_was_never_graded_has_a_page(tmp_path: Path) -> None:
    """Without any grade the page says so, and that there are submissions to grade."""
    course = small_course(tmp_path / "course", 2)
    ran = report(course, WEEK)
    assert ran.status == 0, ran.err
    assert "Nobody's points are known yet." in ran.out
    assert f"type: autograder grade {WEEK}" in ran.err
    assert "not graded yet" in page_of(course)


def test_an_anonymous_report_names_nobody(course: Path) -> None:
    """With --anonymous neither the page nor a table holds a student's id, and no link leads to a student's page."""
    ran = report(course, WEEK, "--anonymous")
    assert ran.status == 0, ran.err
    for path in (course / "report").iterdir():
        text = page_of(course) if path.suffix == ".html" else path.read_text(encoding="utf-8")
        assert not re.search(r"mallory|s0\d|broken<|formula", text.replace(FORMULA, "")), path.name
        assert "student 3" in text or path.stem.endswith(("-exercises", "-findings"))
    assert "autograded/" not in page_of(course)


def test_links_lead_to_feedback_where_there_is_any(course: Path, tmp_path: Path) -> None:
    """A student's link leads to the feedback page, else the graded notebook, from wherever the page is written."""
    feedback = course / "feedback" / "s00" / WEEK / f"{WEEK}.html"
    feedback.parent.mkdir(parents=True)
    feedback.write_text("feedback")
    out = tmp_path / "elsewhere" / "class.html"
    out.parent.mkdir()
    ran = report(tmp_path, WEEK, "--course", course, "--out", out)
    assert ran.status == 0, ran.err
    links = set(re.findall(r'href="(\.\.[^"]*)"', out.read_text(encoding="utf-8")))
    assert all((out.parent / link.replace("%3D", "=")).resolve().is_file() for link in links)
    assert sum(link.endswith(".html") for link in links) == 1
    assert (out.parent / "class-exercises.csv").is_file()


def test_the_page_across_sets(course: Path) -> None:
    """`--course` without a set makes the course's page, here or in a named folder; a set's name there is explained."""
    for ran in (report(course, "--course"), report(course.parent, "--course", course)):
        assert ran.status == 0, ran.err
        assert "9 students" in ran.out or "10 students" in ran.out
    page = page_of(course, "course.html")
    assert re.search(r"broken</b>.*?is not a notebook", page, re.DOTALL)
    assert {row["student"]: row[WEEK] for row in rows_of(course, "course.csv")}["s02"] == "0.0"
    ran = report(course, "--course", WEEK)
    assert (ran.status, f"type: autograder report {WEEK}" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "autograder report ps1_chain_rule"),
        (("nothing",), "there are: week1"),
        ((WEEK, "--out", "no/such/folder/x.html"), "--out class.html"),
        ((WEEK, "--course", "nowhere"), "is no course"),
    ],
)
def test_wrong_words_are_answered(graded: Path, words: tuple[str, ...], told: str) -> None:
    """What can't be is told with what to type, and the exit status is 2."""
    ran = report(graded, *words)
    assert (ran.status, told in ran.err) == (2, True), ran.err


def test_a_broken_gradebook_is_told(course: Path) -> None:
    """A gradebook that can't be read is named, with status 3 and no page."""
    (course / "gradebook.db").write_bytes(b"not a database at all, but long enough to be looked at" * 50)
    ran = report(course, WEEK)
    assert ran.status == 3
    assert "gradebook" in ran.err
    assert not (course / "report" / PAGE).exists()


def test_two_notebooks_of_one_set_and_what_waits_for_a_person(tmp_path: Path) -> None:
    """Exercises of two notebooks are told apart, a missing notebook is told, an ungraded essay counts as waiting."""
    course = small_course(tmp_path / "course", 0, CONFIG)
    written(week(ESSAY), course / "source" / WEEK / "second.ipynb")
    submit(course, "ada", WEEK, RIGHT)
    submit(course, "ada", WEEK, answer("def f(x):\n    return 2 * x", week(ESSAY)), "second")
    submit(course, "bob", WEEK, RIGHT)
    grade(course)
    ran = report(course, WEEK)
    assert ran.status == 0, ran.err
    names = {row["exercise"]: row["by_hand"] for row in rows_of(course, f"{WEEK}-exercises.csv")}
    assert names == {f"{WEEK}: f": "False", "second: f": "False", "second: essay": "True"}
    assert "second.ipynb was not submitted" in page_of(course)
    assert "1 submission with cells that a person must grade still" in ran.err
    assert "(by hand)" in page_of(course)
