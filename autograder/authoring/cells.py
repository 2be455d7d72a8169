"""A notebook's cells for what is declared: text, stub with its solution, and the two halves of the test."""

import ast
import textwrap
from pathlib import Path
from typing import Any

from autograder.authoring import templates
from autograder.authoring.checks import visible_check
from autograder.exercises import Array, Exercise, Named, Number, Parts, Text
from autograder.exercises.answers import AnswerForm
from autograder.exercises.variables import Shape, in_words
from autograder.verify.references import Source

Cell = dict[str, Any]
HIDDEN = """### BEGIN HIDDEN TESTS
from solutions.{set} import EXERCISES
EXERCISES.assess("{name}", globals())
### END HIDDEN TESTS
"""
INDENT = "    "


def _cell(kind: str, identity: str, text: str, **marks: Any) -> Cell:
    full = {"schema_version": 3, "grade": False, "locked": False, "solution": False, "task": False, **marks}
    cell: Cell = {
        "cell_type": kind,
        "id": identity.replace("_", "-")[:64],
        "metadata": {"nbgrader": full} if marks else {},
        "source": text.splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _of_shape(shape: Shape | None) -> str:
    return "float" if shape == () else f"array {in_words(shape)}" if shape else "as the text above says"


def _in_words(form: AnswerForm) -> str:
    match form:
        case Number():
            words = "a float"
        case Array(shape=shape):
            words = f"an array {in_words(shape)}"
        case Text():
            words = "a string"
        case Parts(forms=forms):
            words = "(" + ", ".join(map(_in_words, forms)) + ")"
        case Named(forms=forms):
            words = "a dict with " + ", ".join(map(_in_words, forms))
        case _:
            words = "what the text above says"
    return f"{form.name}: {words}" if form.name else words


def _docstring(exercise: Exercise) -> str:
    first = (exercise.reference.__doc__ or f"Return {exercise.name}.").strip().split("\n")[0]
    arguments = [f"{name}: {_of_shape(exercise.variables[name].shape)}." for name in exercise.arguments]
    return "\n".join([first, "", *arguments, f"Returns {_in_words(exercise.form)}."])


def _body(source: Source, name: str) -> str:
    """Return the lines of a reference after its docstring, as they are written, comments and all."""
    function = source.written[name]
    has_text = ast.get_docstring(function, clean=False) is not None
    first = function.body[1] if has_text and len(function.body) > 1 else function.body[0]
    start = function.body[0].end_lineno if has_text else first.lineno - 1
    lines = Path(str(source.module.__file__)).read_text(encoding="utf-8").splitlines()
    return textwrap.dedent("\n".join(lines[start : function.end_lineno])).strip("\n")


def solution_text(source: Source, exercise: Exercise) -> str:
    """Return a solution cell: the function with its docstring, and the reference as its solution.

    Constants of the module, and helpers that are no exercises, are defined within it.
    """
    bare = source.functions[exercise.name]
    names = source.reached(exercise.name)
    constants = source.constants_of(names)
    helpers = [source.texts[name] for name in names[1:]]
    body = "\n\n".join([*(["\n".join(constants)] if constants else []), *helpers, _body(source, exercise.name)])
    return "\n".join(
        [
            f"def {exercise.name}({ast.unparse(bare.args)}):",
            textwrap.indent(f'"""{_docstring(exercise)}\n"""', INDENT),
            f"{INDENT}### BEGIN SOLUTION",
            textwrap.indent(body, INDENT),
            f"{INDENT}### END SOLUTION",
        ]
    )


def exercise_cells(source: Source, exercise: Exercise) -> list[Cell]:
    """Return the cells of one exercise: a text to write, the solution, and the test."""
    name = exercise.name
    test = HIDDEN.format(set=source.problem_set.name, name=name) + visible_check(source, exercise)
    points = int(exercise.points) if float(exercise.points).is_integer() else exercise.points
    return [
        _cell("markdown", f"{name}-text", templates.SECTION.format(name=name)),
        _cell("code", name, solution_text(source, exercise), grade_id=name, solution=True),
        _cell("code", f"{name}-test", test, grade_id=f"test_{name}", grade=True, locked=True, points=points),
    ]


def new_notebook(name: str) -> Cell:
    """Return a notebook that has no exercise yet."""
    return {
        "cells": [
            _cell("markdown", "title", templates.TITLE.format(name=name)),
            _cell("code", "setup", templates.SETUP, grade_id="setup", locked=True),
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _grade_id(cell: Cell) -> str:
    return str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""))


def with_cells_of(notebook: Cell, source: Source) -> tuple[Cell, list[str]]:
    """Return the notebook with cells for every exercise that it lacks, and the names of those exercises.

    New cells stand after those of the exercise before, and what is there stays as it is, but for the
    points of a test, which are the declaration's.
    """
    cells = [dict(cell) for cell in notebook["cells"]]
    added: list[str] = []
    place = len(cells)
    for name, exercise in source.problem_set.exercises.items():
        there = [number for number, cell in enumerate(cells) if _grade_id(cell) in (name, f"test_{name}")]
        made = exercise_cells(source, exercise)
        if there:
            place = there[-1] + 1
            for number in there:
                if _grade_id(cells[number]) == f"test_{name}":
                    cells[number]["metadata"]["nbgrader"]["points"] = made[-1]["metadata"]["nbgrader"]["points"]
            continue
        cells[place:place] = made
        place += len(made)
        added.append(name)
    return {**notebook, "cells": cells}, added
