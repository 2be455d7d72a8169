"""Whatever text a result holds, each form of the report reads back and is inert wherever it is shown."""

import json
import os
import unicodedata
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from helpers.notebooks import check, code, markdown, notebook, solution
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import Blame, GradientCheck, blame, check_gradient
from autograder.cli.errors import say
from autograder.notebook.assignment import Assignment
from autograder.notebook.reading import notebook_from_bytes
from autograder.pages.cleaning import clean_html
from autograder.pages.filters import ansi2html, highlight_code, markdown2html
from autograder.pages.notebook import inert_notebook
from autograder.report import Check, Diagnosis, ExerciseResult, Isolation, Report, Status, SubmissionResult
from autograder.writers.json_report import write_json
from autograder.writers.junit import as_junit
from autograder.writers.terminal import Style, submission_text, summary_text
from autograder.writers.text import COLOUR, UNPRINTABLE, inert, readable

PIECES = [
    "\x1b[31m", "\x1b]0;title\x07", "\x1b[2J", "\x9b31m", "\x00", "\x08\x08", "\x7f", "\x85", "\x0b", "\x0c", "\r",
    "\r\n", "\n", "\t", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\u2029", "\ud800", "\udfff", "\ufffe",
    "\uffff", "\U000e0041", "\ue000", "]]>", "<!--", "-->", "<script>", "&amp;", "&#x1b;", "&#0;", "%s{}", '"', "'",
    "\\", "\\x1b", "x" * 3000, "full 14 / 14\rwrong", "é", "\N{HEBREW LETTER ALEF}", "👩\u200d🔬",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=6).map("".join)
QUICKLY = settings(max_examples=100, deadline=None)
# What a file can be called here: any bytes, which Python shows as text with lone low surrogates among it.
PATHS = TEXTS.map(lambda text: os.fsdecode(text.encode("utf-8", "surrogatepass")))
SMALL = notebook(solution("f", "f = 1"), check("test_f", "assert f"))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Draw a report of one refused and one graded submission, with any text in any place."""
    text = draw(st.lists(TEXTS, min_size=12, max_size=12))
    text[7] = draw(PATHS)
    checks = (Check(text[0], passed=False, message=text[1]), Check("could_not_judge", passed=False, message=text[2]))
    exercises = (
        ExerciseResult(text[3], text[4], 0.0, 1.0, checks[:1], Diagnosis(text[5], text[6])),
        ExerciseResult(text[3], text[4], 1.0, 1.0, checks),
    )
    graded = SubmissionResult(
        text[7], Status.GRADED, exercises, 0.1, "", (text[8],), (text[9],), {text[10]: 2}
    )  # fmt: skip
    refused = SubmissionResult(text[7], Status.ERROR, message=text[11])
    return Report(text[0], Isolation("full", ("namespaces",)), (graded, refused))


def uncontrolled(text: str, allowed: str = "") -> set[str]:
    """Return the characters of a text that a terminal or a reader could be misled by."""
    return {one for one in text if one not in allowed and unicodedata.category(one) in UNPRINTABLE}


def strings(value: object) -> list[str]:
    """Return every string in plain data, keys included."""
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in strings(part)]
    return [value] if isinstance(value, str) else []


@QUICKLY
@given(TEXTS)
def test_inert_text_is_one_printable_line(text: str) -> None:
    """Nothing that moves a cursor, hides, reorders or ends a line is left, and what is printable stays."""
    assert uncontrolled(inert(text)) == set()
    assert uncontrolled(inert(text, keep_newlines=True), "\n") == set()
    assert inert(inert(text)) == inert(text)
    inert(text).encode("utf-8")


@QUICKLY
@given(TEXTS)
def test_readable_text_keeps_lines_and_nothing_else(text: str) -> None:
    """In text of many lines only newlines, tabs and the joiners within words are left of what can't be seen."""
    assert uncontrolled(readable(text), "\n\t\u200c\u200d") == set()
    assert readable(readable(text)) == readable(text)


def test_a_line_that_is_overwritten_shows_what_is_seen() -> None:
    """A carriage return shows the last state of a line, as a notebook does; colours are left out."""
    assert readable("10 %\r100 %\ndone\r\n\x1b[1;31mred\x1b[0m") == "100 %\ndone\nred"


@QUICKLY
@given(reports())
def test_the_json_reads_back_without_a_control_character(
    tmp_path_factory: pytest.TempPathFactory, report: Report
) -> None:
    """JSON is ASCII, parses, and no string in it but a path holds a control character but newlines."""
    path = tmp_path_factory.mktemp("json") / "out.json"
    write_json(report, path)
    read = json.loads(path.read_bytes().decode("ascii"))
    assert [one["path"] for one in read["submissions"]] == [one.path for one in report.submissions]
    for one in read["submissions"]:
        one.pop("path")
    assert uncontrolled("".join(strings(read)), "\n") == set()
    assert uncontrolled(path.read_text(), "\n") == set()


@QUICKLY
@given(reports())
def test_junit_reads_back_without_a_control_character(report: Report) -> None:
    """The JUnit file is well-formed XML 1.0, has every case, and holds no control character but newlines."""
    written = as_junit(report)
    root = ET.fromstring(written)
    # Two exercises, what waits for a person, and the refused notebook.
    assert len(root.findall("./testsuite/testcase")) == 4
    assert uncontrolled(written, "\n") == set()
    texts = [text for node in root.iter() for text in (*node.attrib.values(), node.text or "")]
    assert uncontrolled("".join(texts), "\n") == set()


@QUICKLY
@given(reports())
def test_the_terminal_shows_as_many_lines_as_there_are_facts(report: Report) -> None:
    """No text adds, ends or overwrites a line of what is printed, or holds a control character."""
    graded, refused = report.submissions
    whole = submission_text(graded)
    assert uncontrolled(whole, "\n") == set()
    diagnosed = sum(exercise.diagnosis is not None for exercise in graded.exercises)
    # A table of two exercises under its heading; below it each with its name, what its checks say and what wrong
    # answers look like; then a warning, and what waits for a person.
    assert whole.count("\n") == 1 + 2 + 2 * 2 + 3 + diagnosed + 1 + 2
    narrow = submission_text(graded, Style(width=60, colour=True))
    assert uncontrolled(COLOUR.sub("", narrow), "\n") == set()
    assert submission_text(graded, Style(width=10_000)).split() == whole.split()
    assert submission_text(refused).count("\n") == 1
    assert summary_text(report).count("\n") == 2
    assert uncontrolled(summary_text(report), "\n") == set()


@given(text=TEXTS)
@settings(max_examples=30, deadline=None)
def test_messages_are_inert(text: str) -> None:
    """What is said on standard error holds no control character, whatever a file is called."""
    from contextlib import redirect_stderr
    from io import StringIO

    with redirect_stderr(StringIO()) as said:
        say(text)
    assert uncontrolled(said.getvalue(), "\n") == set()


@QUICKLY
@given(st.lists(TEXTS, min_size=9, max_size=9))
def test_a_graded_notebook_reads_back_and_is_the_instructors_but_for_its_cells(texts: list[str]) -> None:
    """Outputs hold no control character, metadata none of the student's, and the file is UTF-8 whatever they hold."""
    assignment = Assignment("small", "small", notebook_from_bytes(json.dumps(SMALL).encode()), Path())
    marks = {"grade_id": "?" + texts[0], "solution": True, "grade": True, "points": texts[1]}
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": texts[2]},
        {"output_type": "error", "ename": texts[3], "evalue": texts[4], "traceback": [texts[5]]},
        {"output_type": "display_data", "metadata": {}, "data": {
            "text/plain": texts[6], "text/html": texts[7], "image/png": texts[8], texts[0]: texts[1],
            "application/javascript": "alert(1)",
        }},
    ]  # fmt: skip
    cells = [{**code(texts[6], marks), "outputs": outputs, "id": texts[7]}, markdown(texts[8], marks)]
    given_in = {"cells": cells, "metadata": {"title": texts[0]}, "nbformat": 4, "nbformat_minor": 5}
    kept = inert_notebook(given_in, assignment)
    json.dumps(kept, ensure_ascii=False).encode("utf-8")
    assert kept["metadata"] == SMALL["metadata"]
    assert [cell["metadata"] for cell in kept["cells"]] == [{}, {}]
    assert set(kept["cells"][0]["outputs"][2]["data"]) <= {"text/plain", "text/html", "image/png"}
    assert uncontrolled("".join(strings(kept["cells"][0]["outputs"])), "\n\t\u200c\u200d") == set()


@pytest.mark.parametrize("shown", [blame([(1.0, 2.0)]), check_gradient(np.sum, np.zeros(3), at=np.ones(3))])
def test_what_is_drawn_is_text_on_a_page(shown: Blame | GradientCheck) -> None:
    """A page has a picture's text form, not the text of its markup; a plain table stays a table."""
    assignment = Assignment("small", "small", notebook_from_bytes(json.dumps(SMALL).encode()), Path())
    data = {"text/plain": str(shown), "text/html": shown._repr_html_()}
    cell = {**code(""), "outputs": [{"output_type": "display_data", "metadata": {}, "data": data}], "id": "one"}
    kept = inert_notebook({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, assignment)
    forms = kept["cells"][0]["outputs"][0]["data"]
    assert forms["text/plain"] == str(shown)
    if isinstance(shown, Blame):
        assert set(forms) == {"text/plain"}
    else:
        assert "<table" in forms["text/html"]
        assert "&lt;" not in forms["text/html"]


@pytest.mark.parametrize("make", [ansi2html, clean_html, highlight_code, markdown2html])
def test_what_is_shown_on_a_page_holds_no_control_character(make) -> None:  # type: ignore[no-untyped-def]
    """Text, code, HTML and Markdown on pages hold nothing that hides or reorders, and no live markup."""

    @settings(max_examples=60, deadline=None)
    @given(TEXTS)
    def holds(text: str) -> None:
        shown = make(text)
        assert uncontrolled(shown, "\n\t\u200c\u200d") == set()
        assert "<script" not in shown
        shown.encode("utf-8")

    holds()


@pytest.mark.parametrize("text", ["<div>" * 9_000, "![[" * 60_000, ">" * 150_000, "`a" * 50_000, "$" * 90_000])
def test_a_text_made_to_be_slow_is_shown_as_it_was_typed(text: str) -> None:
    """Markup past a bound is not parsed, so that no cell keeps a page from being made."""
    assert len(markdown2html(text)) < 20 * len(text)
