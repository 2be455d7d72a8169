"""What CI services read: each form is well-formed and within its limits, and no text of a student's acts in it."""

import base64
import json
import re
from pathlib import Path

import mistune
import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from test_hostile_text import QUICKLY, TEXTS, reports, uncontrolled

from autograder.report import Check, Diagnosis, ExerciseResult, Isolation, Report, Status, SubmissionResult
from autograder.writers.annotations import MOST_SHOWN, Place, as_commands, write_code_quality
from autograder.writers.classroom import append_output, as_classroom
from autograder.writers.summary import MOST_BYTES, append_summary, as_summary
from autograder.writers.text import unlike_commands

HOSTILE = (
    "::error::x\n ::add-mask::y ##[add-mask]z @everyone #1 http://evil.example www.evil.example $x$ "
    "`</code>` | <img src=x>"
)
ALLOWED = {"h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "details", "summary"}


def failed(name: str, message: str = "wrong", diagnosis: str = "") -> ExerciseResult:
    """Return an exercise that lost its point."""
    found = Diagnosis("known", diagnosis) if diagnosis else None
    return ExerciseResult(name, f"test_{name}", 0.0, 1.0, (Check("value", passed=False, message=message),), found)


def report_of(*submissions: SubmissionResult) -> Report:
    """Return a report of some submissions."""
    return Report("week1", Isolation("full", ("namespaces",)), submissions)


def graded(path: str, *exercises: ExerciseResult) -> SubmissionResult:
    """Return a submission of some exercises."""
    return SubmissionResult(path, Status.GRADED, exercises, 0.1)


WORST = report_of(
    SubmissionResult(HOSTILE, Status.ERROR, message=HOSTILE),
    SubmissionResult(HOSTILE, Status.GRADED, (failed(HOSTILE, HOSTILE, HOSTILE),), 0.1, "", (HOSTILE,), (HOSTILE,)),
)


# --- GitHub's runner ------------------------------------------------------------------------------

Command = tuple[str, dict[str, str], str]


def _unescaped(text: str, *more: tuple[str, str]) -> str:
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), *more, ("%25", "%")):
        text = text.replace(escape, character)
    return text


def commands_in(text: str) -> list[Command]:
    """Return the commands that GitHub's runner would find in a log: both of its forms, whatever they are called."""
    found: list[Command] = []
    for line in re.split(r"[\r\n]", text):
        if match := re.match(r"\s*::([^: ]*)(?: (.*?))?::(.*)", line):
            pairs = dict(part.split("=", 1) for part in (match[2] or "").split(",") if "=" in part)
            named = {key: _unescaped(value, ("%3A", ":"), ("%2C", ",")) for key, value in pairs.items()}
            found.append((match[1], named, _unescaped(match[3])))
        elif match := re.search(r"##\[([^\]]*)\](.*)", line):
            found.append((match[1], {}, match[2]))
    return found


def _anywhere(submission: SubmissionResult, exercise: ExerciseResult | None) -> Place:
    return Place(submission.path, 7)


@pytest.mark.parametrize("text", ["::error::x", "  ::add-mask::y", "told ##[add-mask]z", "a\n\t::set-output name=x::1"])
def test_the_tests_runner_finds_commands(text: str) -> None:
    """The reading of commands that these tests use does find them."""
    assert len(commands_in(text)) == 1


@QUICKLY
@given(TEXTS)
@example(HOSTILE)
@example("\n::::a::")
@example("x##[##[y]")
def test_text_that_was_made_unlike_commands_holds_none(text: str) -> None:
    """Neither form of command is left on any line, and what is no command stays as it is."""
    assert commands_in(unlike_commands(text)) == []
    assert unlike_commands("a::b, 2 ## [x]") == "a::b, 2 ## [x]"


@QUICKLY
@given(reports())
@example(WORST)
def test_annotations_are_one_command_a_finding(report: Report) -> None:
    """Each line is one error, warning or notice, with a file and a line; no text makes another command."""
    lines = as_commands(report, _anywhere)
    for line in lines:
        ((name, facts, message),) = commands_in(line)
        assert name in ("error", "warning", "notice")
        assert "\n" not in line
        assert "\r" not in line
        assert message
        assert name == "notice" or facts["line"] == "7"
        assert uncontrolled(message, "\n") == set()
    assert len(lines) == 3 if report is not WORST else len(lines) == 2


def test_the_most_useful_annotations_are_shown() -> None:
    """Ten are shown: one of each notebook first, and those that name the mistake before others; the rest is counted."""
    many = [failed("a"), failed("b", diagnosis="transposed"), *(failed(f"more{number}") for number in range(8))]
    names = [commands_in(line) for line in as_commands(report_of(graded("x.ipynb", *many)), _anywhere)]
    assert [found[0][0] for found in names] == ["error"] * MOST_SHOWN
    assert names[0][0][1]["title"].startswith("b:")
    over = report_of(graded("x.ipynb", *many, failed("eleventh")), graded("y.ipynb", failed("a")))
    lines = [commands_in(line)[0] for line in as_commands(over, _anywhere)]
    assert [facts.get("file") for _, facts, _ in lines[:2]] == ["x.ipynb", "y.ipynb"]
    assert [name for name, _, _ in lines].count("error") == MOST_SHOWN
    assert lines[-1][0] == "notice"
    assert lines[-1][2].startswith("2 more")


def test_a_files_name_survives_the_escaping() -> None:
    """Commas, colons, percents and newlines in names and messages arrive as they were."""
    path = "a,b:c%0A/50%,line=9.ipynb"
    (line,) = as_commands(report_of(graded(path, failed("f", "50 %\nof it"))), _anywhere)
    ((_, facts, message),) = commands_in(line)
    assert facts == {"file": path, "line": "7", "title": "f: 0 of 1 points"}
    assert message == "value: 50 % of it"


# --- Markdown -------------------------------------------------------------------------------------


@QUICKLY
@given(reports())
@example(WORST)
def test_the_summary_shows_text_and_nothing_else(report: Report) -> None:
    """Rendered, the Markdown has the writer's own elements only, a row a submission, and no mention or command."""
    text = as_summary(report)
    assert commands_in(text) == []
    page = BeautifulSoup(mistune.create_markdown(escape=False, plugins=["table", "url", "math"])(text), "html.parser")
    assert {tag.name for tag in page.find_all()} <= ALLOWED
    assert all(set(tag.attrs) <= {"open"} for tag in page.find_all())
    assert len(page.select("tbody tr")) == len(report.submissions)
    assert all(len(row.find_all("td")) == 3 for row in page.select("tbody tr"))
    assert uncontrolled(page.get_text(), "\n\xa0") == set()
    for element in page.find_all(["code", "pre"]):
        element.clear()
    assert "@" not in page.get_text()


def test_the_summary_says_what_a_person_wants_to_know() -> None:
    """Points, what went wrong and what it looks like are there, unfolded where there is only one submission."""
    one = graded("alice.ipynb", failed("grad_W2", "expected (4, 2)", "This is the transpose."))
    text = as_summary(report_of(one))
    page = BeautifulSoup(mistune.html(text), "html.parser").get_text()
    for wanted in ("alice.ipynb", "0 / 1", "grad_W2", "expected (4, 2)", "This is the transpose."):
        assert wanted in page
    assert "<details open>" in text
    assert "<details open>" not in as_summary(report_of(one, one))


def test_the_summary_keeps_within_its_limit() -> None:
    """A class that fits is whole; of one that does not, what is left out is counted, and the limit holds."""
    one = graded("alice.ipynb", failed("f", "m" * 1000))
    whole = as_summary(report_of(one, one))
    fits = as_summary(report_of(one, one), len(whole.encode()) + 400)
    assert fits == whole
    cut = as_summary(report_of(one, one), len(whole.encode()) + 399)
    assert "The details of 1 submissions are left out" in cut
    huge = as_summary(report_of(*[one] * 3000))
    assert len(huge.encode()) <= MOST_BYTES
    assert "2000 more submissions are left out of the table" in huge


@pytest.mark.parametrize("held", [0, 1000, MOST_BYTES - 2000, MOST_BYTES - 10, MOST_BYTES])
def test_a_steps_summary_never_grows_past_what_is_shown(tmp_path: Path, held: int) -> None:
    """What the step has written stays, and with what is added it is never more than GitHub shows."""
    path = tmp_path / "step.md"
    path.write_text("x" * held)
    append_summary(report_of(*[graded("alice.ipynb", failed("f", "m" * 1000))] * 1200), path)
    assert path.read_text().startswith("x" * held)
    assert held <= path.stat().st_size <= MOST_BYTES
    assert (path.stat().st_size > held) == (held <= MOST_BYTES - 2000)


# --- GitLab's code quality, GitHub Classroom's points ---------------------------------------------


@QUICKLY
@given(reports())
def test_code_quality_has_what_gitlab_needs(tmp_path_factory: pytest.TempPathFactory, report: Report) -> None:
    """Every finding has a description, a check, a place, a known severity and a fingerprint of its own."""
    path = tmp_path_factory.mktemp("quality") / "quality.json"
    write_code_quality(report, path, _anywhere)
    found = json.loads(path.read_bytes().decode("ascii"))
    assert len(found) == 3
    for one in found:
        assert set(one) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert one["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert one["location"]["lines"] == {"begin": 7}
        assert one["check_name"] is not None
        assert uncontrolled(one["description"] + one["check_name"] + one["location"]["path"], "\n") == set()
    assert len({one["fingerprint"] for one in found}) == len(found)


@QUICKLY
@given(reports())
@example(WORST)
def test_classroom_gets_the_points(tmp_path_factory: pytest.TempPathFactory, report: Report) -> None:
    """The step's output decodes to version 1 of the graders' form, adds up, and prints no command."""
    path = tmp_path_factory.mktemp("classroom") / "output"
    path.write_text("other=1\n")
    append_output(report, path)
    before, line = path.read_text().splitlines()
    assert before == "other=1"
    read = json.loads(base64.b64decode(line.removeprefix("result="), validate=True))
    assert read == as_classroom(report)
    assert (read["version"], read["status"]) == (1, "error")
    assert sum(test["score"] for test in read["tests"]) == sum(one.score for one in report.submissions)
    assert sum(test["max_score"] for test in read["tests"]) == read["max_score"]
    for test in read["tests"]:
        assert test["status"] in ("pass", "fail", "error")
        for text in (test["name"], test["message"], test["test_code"], test["filename"]):
            assert commands_in(text) == []
            assert uncontrolled(text, "\n") == set()


def test_classroom_fails_what_lost_points_and_passes_what_did_not() -> None:
    """A wrong notebook's status is fail, a right one's pass."""
    right = ExerciseResult("g", "test_g", 2.0, 2.0, (Check("value", passed=True),))
    assert as_classroom(report_of(graded("a.ipynb", right)))["status"] == "pass"
    wrong = as_classroom(report_of(graded("a.ipynb", right, failed("f"))))
    assert (wrong["status"], wrong["max_score"], [test["score"] for test in wrong["tests"]]) == (
        "fail",
        3.0,
        [2.0, 0.0],
    )
