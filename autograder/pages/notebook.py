"""The graded notebook as it is kept: the student's cells, the instructor's metadata, outputs that can't run."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from autograder.loading import LOADING
from autograder.notebook.assignment import Assignment
from autograder.writers.text import inert, readable

if TYPE_CHECKING:
    from autograder.pipeline import Graded

# In JSON and HTML alike, these show something without running anything; HTML is cut down besides.
PLAIN_FORMS = ("text/plain", "text/latex")
PICTURES = ("image/png", "image/jpeg", "image/gif")
# LaTeX that leads somewhere, or becomes markup, where MathJax shows it.
ACTIVE_LATEX = re.compile(r"<|\\(?:href|url|require|style|class|cssId|data|unicode|include)", re.IGNORECASE)
# What is drawn or operated, and would be nothing to look at after it was made harmless.
DRAWN = re.compile(r"<(?:svg|canvas|form|details)\b", re.IGNORECASE)
BASE64 = re.compile(r"[A-Za-z0-9+/=\n]*")
IDENTITY = re.compile(r"[A-Za-z0-9_-]{1,64}")
METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}

Json = dict[str, Any]


def with_inert_notebook(graded: "Graded") -> "Graded":
    """Return the same verdict with a notebook in which nothing is live."""
    if graded.notebook is None or graded.assignment is None:
        return graded
    return replace(graded, notebook=inert_notebook(graded.notebook, graded.assignment))


def inert_notebook(notebook: Json, assignment: Assignment) -> Json:
    """Return the JSON of a submission's notebook with nothing live in it but what Markdown and code themselves are.

    Metadata are the instructor's: a student's would be nbgrader's to act on (ids, points), the
    template's to print, or the kernel's to start. Cells of the student's own have none.
    """
    marks = {cell.grade_id: cell.raw["metadata"] for cell in assignment.cells if cell.grade_id}
    cells = [_cell(cell, marks) for cell in notebook["cells"]]
    return {**notebook, "cells": cells, "metadata": _metadata(assignment)}


def _metadata(assignment: Assignment) -> Json:
    found = assignment.notebook.metadata
    kept = {name: found[name] for name in ("kernelspec", "language_info") if isinstance(found.get(name), dict)}
    return kept or dict(METADATA)


def _cell(cell: Json, marks: Mapping[str, Json]) -> Json:
    own = cell["metadata"].get("nbgrader")
    grade_id = own.get("grade_id") if isinstance(own, dict) else None
    kept = {**cell, "source": storable(cell["source"])}
    kept["metadata"] = marks.get(grade_id, {}) if isinstance(grade_id, str) else {}
    if "id" in cell and not IDENTITY.fullmatch(cell["id"]):
        kept["id"] = re.sub(r"[^A-Za-z0-9_-]", "-", cell["id"])[:64] or "cell"
    if "outputs" in cell:
        kept["outputs"] = [_output(output) for output in cell["outputs"]]
    return kept


def storable(source: str) -> str:
    """Return text without lone surrogates, which no file can hold."""
    return source.encode("utf-8", "replace").decode("utf-8")


def _output(output: Json) -> Json:
    kind = output["output_type"]
    if kind == "stream":
        return {**output, "text": readable(output["text"])}
    if kind == "error":
        lines = [readable(line) for line in output["traceback"]]
        return {**output, "ename": inert(output["ename"]), "evalue": readable(output["evalue"]), "traceback": lines}
    return {**output, "data": _forms(output["data"]), "metadata": {}}


def _forms(data: Mapping[str, str]) -> dict[str, str]:
    kept = {form: readable(data[form]) for form in PLAIN_FORMS if form in data}
    if ACTIVE_LATEX.search(kept.get("text/latex", "")):
        del kept["text/latex"]
    kept |= {form: data[form] for form in PICTURES if form in data and BASE64.fullmatch(data[form])}
    if "text/plain" in kept and DRAWN.search(data.get("text/html", "")):
        # Cut down, a picture or a form would be the text of its markup; what it stands for is in its text form.
        return kept
    if "text/html" in data or "text/markdown" in data:
        written = _cleaned(data)
        kept["text/html"] = written
    return kept


def _cleaned(data: Mapping[str, str]) -> str:
    """Return what HTML or Markdown shows; imported here, because few cells show any."""
    if "text/html" in data:
        with LOADING:
            from autograder.pages.cleaning import clean_html
        return clean_html(data["text/html"])
    with LOADING:
        from autograder.pages.filters import markdown2html
    return markdown2html(data["text/markdown"])
