"""Formats, cells and kernels: what of a notebook file is read, whatever is missing or of a wrong type."""

import json
from typing import Any

import pytest
from helpers.notebooks import code, notebook, released, source

from autograder.notebook.reading import Notebook, NotebookError, notebook_from_bytes

CANARY = "c4nary"


def _of(given: Any) -> Notebook:
    return notebook_from_bytes(json.dumps(given).encode())


def test_format_3_is_converted() -> None:
    """A notebook of format 3 is read as one of format 4, cells, text and nbgrader metadata included."""
    marks = {"nbgrader": {"grade_id": "f", "solution": True}}
    old = {
        "cell_type": "code",
        "input": ["x = 1\n", "y = 2"],
        "language": "python",
        "metadata": marks,
        "outputs": [],
        "collapsed": False,
    }
    head = {"cell_type": "heading", "level": 2, "metadata": {}, "source": "Title"}
    given = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": [head, old], "metadata": {}}],
    }
    read = _of(given)
    assert [cell.kind for cell in read.cells] == ["markdown", "code"]
    assert read.cells[1].source == "x = 1\ny = 2"
    assert read.cells[1].grade_id == "f"
    assert read.cells[1].is_solution


def test_lines_and_text_are_the_same_source() -> None:
    """A cell's source is a text or a list of lines."""
    as_lines = {**code(""), "source": ["a = 1\n", "b = 2"]}
    assert _of(notebook(as_lines)).cells[0].source == "a = 1\nb = 2"


WRONG_TYPES: list[dict[str, Any]] = [
    {},
    {"cell_type": 3},
    {"cell_type": "code", "source": 3},
    {"cell_type": "code", "source": [1, None, "x"]},
    {"cell_type": "code", "source": {"a": 1}, "metadata": [1]},
    {"cell_type": "code", "metadata": {"nbgrader": [1]}, "source": "x"},
    {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": 3, "points": "many", "grade": "yes", "solution": 1}}},
    {"cell_type": "heading", "source": "x", "id": 7},
    {"cell_type": "code", "outputs": "none", "execution_count": [], "source": "x"},
]


@pytest.mark.parametrize("cell", WRONG_TYPES)
def test_cells_of_wrong_types_are_read_as_far_as_they_go(cell: dict[str, Any]) -> None:
    """A cell whose parts are missing or of wrong types is a cell without those parts."""
    read = _of({"nbformat": 4, "nbformat_minor": "x", "metadata": [], "cells": [cell, code("x = 1")]})
    assert len(read.cells) == 2
    first = read.cells[0]
    assert isinstance(first.source, str)
    assert (first.grade_id, first.points, first.is_solution, first.is_grade) == ("", 0.0, False, False)
    assert read.metadata == {}


def test_stored_outputs_are_dropped() -> None:
    """What a student's file stores as outputs is not kept."""
    cell = {
        **code("x = 1"),
        "outputs": [{"output_type": "stream", "name": "stdout", "text": CANARY}],
        "execution_count": 7,
    }
    assert CANARY not in json.dumps(_of(notebook(cell)).cells[0].raw)


KERNELS = {
    "none": {},
    "empty": {"kernelspec": {}},
    "of a wrong type": {"kernelspec": 3, "language_info": "python"},
    "python": {"kernelspec": {"name": "my-env", "language": "python", "display_name": "X"}},
    "pyodide": {"language_info": {"name": "python"}, "kernelspec": {"name": "python", "display_name": "Pyodide"}},
    "ipython3": {"language_info": {"name": "ipython3"}},
    "only a name": {"kernelspec": {"name": "conda-env-x"}},
    "another language's with python code": {"kernelspec": {"language": "R"}, "language_info": {"name": "R"}},
}


@pytest.mark.parametrize("name", KERNELS)
def test_python_under_any_kernel_is_read(name: str) -> None:
    """A missing, unknown or even wrong kernelspec is fine where the code is Python."""
    given = {
        **notebook(code("x = 1"), code("%matplotlib inline\ny = 2"), code("%%bash\nls | wc")),
        "metadata": KERNELS[name],
    }
    assert len(_of(given).cells) == 3


@pytest.mark.parametrize("language", ["R", "julia", "SAS"])
def test_another_languages_notebook_is_refused(language: str) -> None:
    """Code that is not Python, under another language's kernel, is refused by that."""
    with pytest.raises(NotebookError, match="another language"):
        _of(notebook(code("f <- function(a) { a }"), kernelspec={"language": language, "name": language.lower()}))


def test_a_syntax_error_under_python_is_a_notebook() -> None:
    """A student's own syntax error does not make the file unreadable."""
    assert _of(notebook(code("def f(:")))


def test_a_released_set_is_read() -> None:
    """The release of a real set has test and solution cells, each with its id and its points."""
    read = _of(released(source("ps1_chain_rule")))
    tests = [cell for cell in read.cells if cell.is_test]
    assert sum(cell.points for cell in tests) == 16
    assert {cell.grade_id.removeprefix("test_") for cell in tests} == {
        cell.grade_id for cell in read.cells if cell.is_solution
    }
