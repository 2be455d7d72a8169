"""What `run` prints for one submission: a table with words, then what was found, laid out for where it is read."""

import os
import pty
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.command import environment
from helpers.notebooks import ROOT
from helpers.small_course import RIGHT, small_course, written

from autograder.report import LOOKS_LIKE, Check, Diagnosis, ExerciseResult, Status, SubmissionResult
from autograder.writers.terminal import Style, submission_text
from autograder.writers.text import COLOUR

LONG = (
    "expected (5, 2) = (n, m), got (2, 5): the two axes are exchanged, and this is a long story of how it came to be so"
)
FOUND = (
    ("grad_W", 0.0, 3.0, Check("shape", passed=False, message=LONG), Diagnosis("transposed", LONG)),
    ("b", 12.5, 25.0, Check("value", passed=False, message="the values are off"), None),
    ("forward", 1.0, 1.0, Check("value", passed=True), None),
    ("todo", 0.0, 1.0, Check("runs", passed=False, message="not written yet: it still raises"), None),
    ("slow", 0.0, 1.0, Check("limit", passed=False, message="10 s are over"), None),
    ("odd", 0.0, 1.0, Check("could_not_judge", passed=False, message="the test is at fault"), None),
)
EXERCISES = tuple(
    ExerciseResult(name, f"test_{name}", score, most, (made,), told) for name, score, most, made, told in FOUND
)
RESULT = SubmissionResult("emmy.ipynb", Status.GRADED, EXERCISES, 0.5, warnings=("a warning",))


def table(text: str) -> list[str]:
    """Return the lines of the table, its heading first."""
    return text.split("\n\n", maxsplit=1)[0].splitlines()[1:]


def test_the_table_says_in_words_what_came_of_each_exercise() -> None:
    """Every exercise has its line with a mark, points and a verdict in words, in columns."""
    lines = table(submission_text(RESULT))
    verdicts = [line[lines[0].index("verdict") :] for line in lines[1:]]
    assert verdicts == [
        *("wrong shape", "partly right", "right", "not written yet", "stopped at a limit", "could not be judged"),
    ]
    assert len({line.index("/") for line in lines[1:]}) == 1
    assert [line.split()[0] for line in lines[1:]] == ["✗", "~", "✓", "✗", "✗", "?"]


def test_without_a_width_each_fact_is_one_plain_line() -> None:
    """For a pipe there is no colour, no wrapping, and each message is found by a search for it."""
    text = submission_text(RESULT)
    assert f"shape: {LONG}" in text
    assert "\x1b" not in text


@pytest.mark.parametrize("width", [60, 80, 120])
def test_messages_are_wrapped_to_the_width(width: int) -> None:
    """Every line fits, the words are the same, and what goes on is indented further."""
    lines = COLOUR.sub("", submission_text(RESULT, Style(width, colour=True))).splitlines()
    assert max(map(len, lines)) <= width
    assert " ".join(" ".join(lines).split()) == " ".join(submission_text(RESULT).split())
    start = next(place for place, line in enumerate(lines) if line.startswith("      shape: "))
    assert width > 110 or lines[start + 1].startswith("        ")


def test_points_stand_below_a_name_that_leaves_no_room_for_them() -> None:
    """A long path and its points are two lines, so that neither is broken; with room they are one."""
    deep = replace(RESULT, path="submitted/ada/ps3_matrix/ps3_matrix.ipynb")
    narrow, wide = (submission_text(deep, Style(width)).splitlines() for width in (60, 80))
    assert narrow[:2] == [deep.path, "    13.5 / 32 points   (0.50 s)"]
    assert wide[0] == f"{deep.path}   13.5 / 32 points   (0.50 s)"
    assert narrow[2:6] == wide[1:5]


def test_the_diagnosis_is_told_first() -> None:
    """Of an exercise the diagnosis stands before the checks that failed."""
    lines = submission_text(RESULT).splitlines()
    assert lines.index(f"      {LOOKS_LIKE}: {LONG}") == lines.index(f"      shape: {LONG}") - 1


def test_a_very_narrow_terminal_still_gets_words() -> None:
    """Below 40 characters nothing is squeezed further."""
    assert submission_text(RESULT, Style(3)) == submission_text(RESULT, Style(40))


def test_a_colour_never_says_anything_alone() -> None:
    """Without its colours the text is what it is without colours."""
    assert COLOUR.sub("", submission_text(RESULT, Style(80, colour=True))) == submission_text(RESULT, Style(80))


def _on_a_terminal(folder: Path, **variables: str) -> str:
    """Run `autograder run` with a terminal as its standard output, and return what it shows."""
    ours, theirs = pty.openpty()
    words = ["run", "emmy.ipynb", "--course", str(folder), "--quiet"]
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder", *words], cwd=folder, stdout=theirs, stderr=subprocess.DEVNULL,
        env={**environment(**variables), "TERM": "xterm", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:  # what a terminal says when nobody is at the other end any more
            break
        if not more:
            break
        shown += more
    os.close(ours)
    assert process.wait() == 0
    return shown.decode().replace("\r\n", "\n")


def test_colours_are_for_terminals_and_can_be_refused(tmp_path: Path) -> None:
    """On a terminal lines fit; there are colours, unless NO_COLOR is set; set to nothing, it refuses nothing."""
    course = small_course(tmp_path / "course", students=0)
    written(RIGHT, course / "emmy.ipynb")
    coloured, refused = (_on_a_terminal(course, COLUMNS="50", NO_COLOR=told) for told in ("", "1"))
    assert COLOUR.search(coloured)
    assert not COLOUR.search(refused)
    time = re.compile(r"\(\d+\.\d+ s\)")
    assert time.sub("", COLOUR.sub("", coloured)) == time.sub("", refused)
    assert "✓ f" in refused
    assert "isolation: " in refused
    assert max(map(len, refused.splitlines())) <= 50
