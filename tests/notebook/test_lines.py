"""Where a function stands in a notebook's file, however the file is laid out."""

import json

import pytest
from helpers.notebooks import Json, check, code, markdown, notebook, released, solution
from helpers.services import content

from autograder.notebook.lines import line_of, placed_lines

SOURCE = notebook(
    markdown("def f(x): in a text"),
    code("import numpy as np"),
    solution("f", "# mine\n\ndef f(x):\n    return x"),
    check("test_f", "assert f(1) == 1"),
    solution("g", "g = lambda x: x"),
    check("test_g", "assert g(1) == 1"),
)


def _line(text: str, number: int) -> str:
    return text.splitlines()[number - 1]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_line_is_the_definitions(mark: str) -> None:
    """As Jupyter saves it, with or without a byte order mark, the line is that of `def`."""
    text = mark + content(SOURCE).decode()
    lines = placed_lines(text.encode())
    assert "def f(x):" in _line(text, line_of(lines, "f", "test_f"))
    assert "g = lambda" in _line(text, line_of(lines, "g", "test_g"))
    assert "assert g(1)" in _line(text, line_of(lines, "nothing", "test_g"))
    assert line_of(lines, "nothing", "nothing") == 1


def test_the_last_definition_counts() -> None:
    """Of two definitions in the function's cell the last one is shown, as it is the one that is graded."""
    twice = notebook(solution("f", "def f(x):\n    return 1\n\ndef f(x):\n    return 2"), code("def f_other(): ..."))
    text = content(twice).decode()
    number = line_of(placed_lines(text.encode()), "f", "test_f")
    assert "return 2" in _line(text, number + 1)


@pytest.mark.parametrize("indent", [None, 0, 4])
def test_any_layout_of_json_will_do(indent: int | None) -> None:
    """A cell's text as one string, or the whole file on one line, still gives a line that the cell is on."""
    text = json.dumps(SOURCE, indent=indent)
    assert "def f(x):" in _line(text, line_of(placed_lines(text.encode()), "f", "test_f"))


@pytest.mark.parametrize(
    "given",
    [b"", b"{", b"[]", b'{"cells": 5}', b'{"cells": [5, {"cell_type": "code"}, {"cell_type": "code", "source": 5}]}',
     b"\xff", b'{"a": 1}', b'{"cells": [{"cell_type": "code", "source": ["a"', b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_notebook_has_no_lines(given: bytes) -> None:
    """Anything that can't be read gives no line, and no error."""
    assert placed_lines(given) == []
    assert line_of(placed_lines(given), "f", "test_f") == 1


def test_metadata_can_be_anything() -> None:
    """A cell whose metadata are of a wrong type has its lines all the same."""
    odd: Json = {"cell_type": "code", "metadata": {"nbgrader": 3}, "source": "def f(): ..."}
    given = {
        **released(SOURCE),
        "cells": [odd, {**odd, "metadata": []}, {**odd, "metadata": {"nbgrader": {"grade_id": 1}}}],
    }
    assert [line.grade_id for line in placed_lines(json.dumps(given).encode())] == ["", "", ""]
