"""Submissions in which every place that reaches a page holds something that wants to run."""

import json
from typing import Any

from helpers.notebooks import Json, cell_of, code, inserted, marks_of, replaced, solved, source
from payloads import HTML, MARKDOWN, TRICKS, Payload, payloads

SET = "ps3_matrix"
HONEST = "an honest sentence of mallory's"
RIGHT = solved(source(SET))
FORMS = (
    "application/javascript", "image/svg+xml", "text/latex", "text/vnd.mermaid", "application/pdf", "image/png",
    "application/vnd.jupyter.widget-view+json", "application/vnd.plotly.v1+json",
    "image/jpeg", "application/vnd.bokehjs_exec.v0+json", "text/x-unheard-of",
)  # fmt: skip


def everything(listener: str) -> list[Payload]:
    """Return all payloads."""
    found = payloads({**HTML, **MARKDOWN, **TRICKS}, listener)
    return [Payload(one.name, one.text.replace("/SET)", f"/{SET})")) for one in found]


def _showing(texts: list[str]) -> str:
    """Return a cell that displays, prints and repeats every text, in every form that a notebook knows."""
    return f"""# {json.dumps(texts)}
from IPython.display import HTML, Javascript, Latex, Markdown, SVG, display
texts = {texts!r}
for text in texts:
    display(HTML(text), Markdown(text), Latex(text))
    print(text)
for form in {FORMS!r}:
    display({{form: texts[0]}}, raw=True)
"""


def _raising(text: str) -> str:
    return f"""
class Odd(Exception):
    pass
Odd.__name__ = Odd.__qualname__ = {text!r}
raise Odd({text!r})"""


def _metadata(text: str) -> Json:
    return {
        "title": text,
        "kernelspec": {"name": text, "display_name": text, "language": "python" + text},
        "language_info": {"name": "python" + text, "pygments_lexer": text, "file_extension": text},
        "language": text,
        "celltoolbar": text,
        "authors": [{"name": text}],
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {text: text}, "version_major": 1}},
    }


def _cells(found: list[Payload]) -> list[Json]:
    texts = [one.text for one in found]
    breaking = next(one.text for one in found if one.name == "end-attribute")
    of_nbgrader = {"grade_id": breaking, "grade": True, "solution": True, "locked": False, "task": True, "points": "x"}
    cells: list[Json] = [{"cell_type": "markdown", "metadata": {}, "source": text} for text in texts]
    for cell in cells:
        cell["attachments"] = {"evil.svg": {"image/svg+xml": "PHN2Zz48L3N2Zz4="}}
    marked: Json = {"tags": [breaking, 7], "magics_language": breaking, "raw_mimetype": "text/html", "collapsed": 5}
    cells += [{"cell_type": "raw", "metadata": marked, "source": text} for text in texts[:5]]
    for start in range(0, len(texts), 12):
        cells.append({**code(_showing(texts[start : start + 12])), "metadata": marked, "id": breaking})
    cells += [code(_raising(text)) for text in (texts[0], texts[3], breaking)]
    cells.append(code("# the student's own\n### BEGIN HIDDEN TESTS\nx = 1"))
    cells.append(code("'mine'", of_nbgrader))
    cells.append({"cell_type": "markdown", "metadata": {"nbgrader": of_nbgrader}, "source": HONEST})
    return cells


def hostile(listener: str) -> Json:
    """Return a submission with one right answer, and something planted everywhere."""
    found = everything(listener)
    breaking = next(one.text for one in found if one.name == "end-attribute")
    answers = {
        "grad_b": f"def grad_b(dD):\n    raise ValueError({breaking!r})",
        "grad_X": f"class Odd(Exception): pass\nOdd.__name__ = {breaking!r}\n\n"
        f"def grad_X(W, dD):\n    print({breaking!r})\n    raise Odd({breaking!r})",
        "grad_W": f"class Odd:\n    def __repr__(self):\n        return {breaking!r}\n\n"
        "def grad_W(X, dD):\n    return Odd()",
    }
    given = replaced(RIGHT, answers)
    for cell in _cells(found):
        given = inserted(given, cell, before="grad_b")
    marks_of(cell_of(given, "partial")).update(grade=True, points="x", comment=breaking)
    given["metadata"] = _metadata(breaking)
    return given


def unsanitised(payload: Payload) -> Any:
    """Return a notebook of one cell, as plain nbconvert takes it."""
    return {
        "cells": [{"cell_type": "markdown", "id": "one", "metadata": {}, "source": payload.text}],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
