"""Hostile data: whatever an answer, an error or an output is made of, it is read as data, refused, or shown as text."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from arena import COURSE, FULL, RIGHT, Arena, corpus
from helpers.grading import Outcome, assignment_from
from helpers.notebooks import inserted, markdown, replaced

from autograder.pages.notebook import with_inert_notebook
from autograder.report import Isolation, Report
from autograder.writers.json_report import write_json
from autograder.writers.junit import as_junit
from autograder.writers.terminal import submission_text

HOSTILE = corpus("hostile")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_data_is_a_wrong_answer(arena: Arena, tmp_path: Path, name: str) -> None:
    """A hostile value or error costs its own points, and every form of the report is well-formed and inert."""
    outcome = arena.fails(HOSTILE[name])
    report = Report("small", Isolation("full", ()), (outcome.result,))
    write_json(report, tmp_path / "report.json")
    assert json.loads((tmp_path / "report.json").read_bytes().decode("ascii"))
    ET.fromstring(as_junit(report))
    told = submission_text(outcome.result)
    assert all(character.isprintable() or character == "\n" for character in told)
    assert json.dumps(outcome.graded.notebook, allow_nan=False, ensure_ascii=False).encode("utf-8")


ACTIVE = {
    "a script": "display(HTML('<script>alert(1)</script>'))",
    "a handler": "display(HTML('<img src=x onerror=alert(1)>'))",
    "a handler in a table": "display(HTML('<table onmouseover=alert(1)><td>x</td></table>'))",
    "an address": "display(HTML('<a href=javascript:alert(1)>x</a>'))",
    "a frame": "display(HTML('<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>'))",
    "a form": "display(HTML('<form action=//example.org><input></form>'))",
    "a style that fetches": "display(HTML('<style>@import url(//example.org)</style>'))",
    "a style that hides it": "display(HTML('<b style=\"background:u&#114;l(//example.org)\">x</b>'))",
    "a comment": "display(HTML('<!--><script>alert(1)</script>-->'))",
    "half a tag": "display(HTML('<b <script>alert(1)</script>'))",
    "a drawing": "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>'))",
    "JavaScript": "display(Javascript('alert(1)'))",
    "Markdown": "display(Markdown('<script>alert(1)</script> [x](javascript:alert(1))'))",
    "Latex": "display(Latex(r'$\\href{javascript:alert(1)}{x}$'))",
    "a widget": "display({'application/vnd.jupyter.widget-view+json': {'model_id': 'x'}}, raw=True)",
    "a form of its own": "display({'text/html; x': '<script>alert(1)</script>', 'TEXT/HTML': '<script>'}, raw=True)",
    "a method": "class A:\n    def _repr_html_(self): return '<script>alert(1)</script>'\nA()",
    "a magic": "%%javascript\nalert(1)",
    "HTML by a magic": "%%html\n<script>alert(1)</script>",
}
SHOWN = ("text/plain", "text/html", "text/latex", "image/png", "image/jpeg", "image/gif")


LIVE = r"<\s*/?(script|style|iframe|svg|math|object|embed|link|meta|form|base|template)\b"


def _written(outcome: Outcome) -> list[dict[str, Any]]:
    """Return the first cell's outputs as they are written to the graded notebook."""
    outputs: list[dict[str, Any]] = with_inert_notebook(outcome.graded).notebook["cells"][0]["outputs"]
    return outputs


@pytest.mark.parametrize("name", ACTIVE)
def test_what_a_cell_displays_runs_in_nobodys_browser(arena: Arena, name: str) -> None:
    """In the graded notebook, no form of an output holds a live script, address or fetched style."""
    text = ACTIVE[name]
    first = "" if text.startswith("%%") else "from IPython.display import HTML, SVG, Javascript, Latex, Markdown\n"
    for output in _written(arena.grader.run(f"{first}{text}")):
        forms = output.get("data", {})
        assert set(forms) <= set(SHOWN)
        assert not re.search(LIVE, forms.get("text/html", ""))
        assert not re.search(r"<[^>]*(src|href|style|on\w+)=", forms.get("text/html", ""))
        assert "javascript" not in forms.get("text/latex", "")


HARMLESS = {
    "a table of pandas": "import pandas as pd\npd.DataFrame({'a<b': [1.5], 'c': ['<script>']})",
    "marks in a text": "from IPython.display import HTML\nHTML('<b class=\"x\">x</b> &lt; <i>y</i><br/>')",
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless_is_still_shown(arena: Arena, name: str) -> None:
    """A table and plain marks keep their HTML form."""
    (shown,) = _written(arena.grader.run(HARMLESS[name]))
    assert "text/html" in shown["data"]


def test_a_notebooks_own_metadata_are_not_written_on(arena: Arena) -> None:
    """Of a submission's metadata only the kernel's and the language's names are in the graded notebook."""
    given = replaced(COURSE, {"f": RIGHT})
    widgets = {"application/vnd.jupyter.widget-state+json": {"state": "</script><script>alert(1)</script>"}}
    given["metadata"] |= {"widgets": widgets, "title": "<script>", "kernelspec": {"name": "python3", "env": {"A": "b"}}}
    given = inserted(given, markdown("x", {"grade_id": "bonus", "grade": True, "points": 99, "solution": False}))
    written = arena.grader.grade(given, assignment_from(COURSE))
    assert written.scores == FULL
    assert written.graded.notebook is not None
    assert written.graded.notebook["metadata"] == {"kernelspec": {"name": "python3"}}
    assert "nbgrader" not in written.graded.notebook["cells"][-1]["metadata"]
