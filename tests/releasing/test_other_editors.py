"""Notebooks that went through Colab, VS Code, Kaggle and cleaning tools come back with every point."""

import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.grading import SEED, Grader, assignment_from
from helpers.notebooks import (
    ROOT,
    SETS,
    Json,
    check,
    code,
    locked,
    markdown,
    notebook,
    released,
    solution,
    solved,
    source,
)

from autograder.callloop.limits import Limits
from autograder.notebook.installing import INSTALLING
from autograder.notebook.matching import Restored, notebook_json, restore
from autograder.notebook.reading import notebook_from_bytes

SET = "ps2_linear"


def release_solved(name: str) -> Json:
    """Return a set's release, as students get it, with the right answers in its solution cells."""
    given: Json = json.loads((ROOT / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    answers = {cell["id"]: cell["source"] for cell in solved(source(name))["cells"]}
    for cell in given["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = answers[cell["id"]].splitlines(keepends=True)
    return given


def _new_id(cell: Json) -> str:
    return hashlib.sha256(json.dumps(cell["source"]).encode()).hexdigest()[:12]


def colab(given: Json, *, keeps_marks: bool = True) -> Json:
    """Return the notebook as Colab saves it: format 4.0, ids in the metadata, who ran what and when."""
    changed = copy.deepcopy(given)
    changed["nbformat_minor"] = 0
    changed["metadata"] = {
        "colab": {"provenance": [], "collapsed_sections": [], "name": "Copy of work.ipynb", "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
        "accelerator": "GPU",
    }
    for cell in changed["cells"]:
        marks = {name: held for name, held in cell["metadata"].items() if name == "nbgrader" and keeps_marks}
        cell.pop("id")
        cell["metadata"] = {**marks, "id": _new_id(cell)}
        if cell["cell_type"] == "code":
            user = {"displayName": "Ada King", "userId": "0123", "photoUrl": "https://photo.example/ada"}
            cell["metadata"] |= {
                "colab": {"base_uri": "https://localhost:8080/", "height": 34},
                "outputId": "3b6b5de6-d700-4808-8bb0-e87c7231e96b",
                "executionInfo": {
                    "status": "ok",
                    "timestamp": 1635939405855,
                    "user_tz": -330,
                    "elapsed": 7,
                    "user": user,
                },
                "cellView": "form",
            }
            cell["execution_count"] = 7
    return changed


def vs_code(given: Json) -> Json:
    """Return the notebook as VS Code saves it with a new kernel: ids anew, its own metadata, no `deletable`."""
    changed = copy.deepcopy(given)
    changed["metadata"] = {
        "kernelspec": {"display_name": ".venv", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": "3.13.1", "nbconvert_exporter": "python"},
        "vscode": {"interpreter": {"hash": "aee8"}},
    }
    for cell in changed["cells"]:
        cell["id"] = _new_id(cell)[:8]
        cell["metadata"] = {
            **{name: held for name, held in cell["metadata"].items() if name == "nbgrader"},
            "vscode": {"languageId": "python"},
        }
    return changed


def kaggle(given: Json) -> Json:
    """Return the notebook as Kaggle saves it: texts in one piece, no metadata but its own, format 4.4."""
    changed = copy.deepcopy(given)
    changed["nbformat_minor"] = 4
    changed["metadata"] |= {"kaggle": {"accelerator": "none", "dataSources": []}}
    for cell in changed["cells"]:
        identity = cell.pop("id")
        cell["metadata"] = {"_uuid": identity * 2, "_cell_guid": "b1076dfc", "trusted": True, "execution": {"a": "b"}}
        cell["source"] = "".join(cell["source"])
    return changed


def cleaned(given: Json) -> Json:
    """Return the notebook as tools that clean notebooks leave it: no metadata, Windows' line ends, ids kept."""
    changed = copy.deepcopy(given)
    for cell in changed["cells"]:
        cell["metadata"] = {}
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    return changed


TRIPS: dict[str, Callable[[Json], Json]] = {
    "colab": colab,
    "colab, marks lost": lambda given: colab(given, keeps_marks=False),
    "vs code": vs_code,
    "kaggle": kaggle,
    "cleaned": cleaned,
}


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    """A running grader."""
    running = Grader(Limits(), tmp_path_factory.mktemp("trips"))
    yield running
    running.close()


@pytest.mark.parametrize("name", SETS)
def test_a_solved_release_has_every_point_after_colab(name: str, grader: Grader) -> None:
    """Each set's release, solved, has all its points after Colab, its marks lost, and nothing is called odd."""
    result = grader.grade_set(name, colab(release_solved(name), keeps_marks=False)).result
    assert result.score == result.max_score
    assert result.warnings == ()


def _known(restored: Restored) -> list[str]:
    # The cell that installs has no place in the assignment.
    return [one.cell.grade_id.replace(INSTALLING, "") for one in restored.cells]


@pytest.mark.parametrize("trip", TRIPS)
def test_a_round_trip_is_undone(trip: str) -> None:
    """After each editor, every cell is known again by its place in the release, and what the editor left is gone."""
    given = release_solved(SET)
    assignment = assignment_from(source(SET))
    usual = restore(notebook_from_bytes(json.dumps(given).encode()), assignment)
    read = notebook_from_bytes(json.dumps(TRIPS[trip](given)).encode())
    back = restore(read, assignment)
    assert back.warnings == usual.warnings == []
    assert _known(back) == _known(usual)
    made = notebook_json(back, read, {})
    assert [cell["metadata"].get("nbgrader") for cell in made["cells"]] == [
        cell["metadata"].get("nbgrader") for cell in notebook_json(usual, read, {})["cells"]
    ]
    text = json.dumps(made)
    for left in ("executionInfo", "Ada King", "outputId", 'colab"', "vscode", "_uuid", "accelerator", '"trusted'):
        assert left not in text


ESSAY = {"grade_id": "essay", "grade": True, "solution": True, "locked": False, "task": False, "points": 3}
ORIGINAL = notebook(
    markdown("# Title"),
    locked("setup", "import numpy as np"),
    solution("f"),
    check("test_f", "assert f(1) == 1", 3),
    markdown("Why does that hold?"),
    markdown("YOUR ANSWER HERE", ESSAY),
    solution("g"),
    check("test_g", "assert g(1) == 1", 2),
)


def _bare(*texts: tuple[str, str]) -> Json:
    return notebook(*(code(text) if kind == "code" else markdown(text) for kind, text in texts))


def _ids(given: Json) -> list[str]:
    restored = restore(notebook_from_bytes(json.dumps(given).encode()), assignment_from(ORIGINAL))
    return [one.cell.grade_id for one in restored.cells]


WITHOUT_MARKS: tuple[tuple[str, str], ...] = (
    ("markdown", "# Title"), ("code", "import numpy as np"), ("code", "def f(x):\n    return x"),
    ("code", "assert f(1) == 1"), ("markdown", "Why does that hold?"), ("markdown", "Because it does."),
    ("code", "def g(x):\n    return x"), ("code", "assert g(1) == 1"),
)  # fmt: skip
IN_ORDER = ["", "setup", "f", "test_f", "", "essay", "g", "test_g"]


def test_an_answer_in_words_is_found_by_its_place() -> None:
    """A text that a person grades, with no mark, id or known text, is the only one between two cells that are known."""
    assert _ids(_bare(*WITHOUT_MARKS)) == IN_ORDER


def test_two_texts_at_one_place_are_not_guessed_between() -> None:
    """Where two unknown cells could be the answer, neither is taken for it."""
    given = _bare(*WITHOUT_MARKS[:6], ("markdown", "And more."), *WITHOUT_MARKS[6:])
    assert "essay" not in _ids(given)


def test_of_two_cells_that_define_a_function_the_last_is_the_solution() -> None:
    """As in a kernel, the last definition counts."""
    given = _bare(*WITHOUT_MARKS[:3], ("code", "def f(x):\n    return 2 * x"), *WITHOUT_MARKS[3:])
    assert _ids(given)[2:5] == ["", "f", "test_f"]


def test_a_copy_without_marks_stays_the_students() -> None:
    """A test's text in a cell of the student's is no second test where the test itself is there."""
    given = released(ORIGINAL)
    given["cells"].append(code("assert f(1) == 1"))
    assert _ids(given) == [*IN_ORDER, ""]


def test_a_cell_without_marks_earns_what_its_answer_is_worth(grader: Grader) -> None:
    """Knowing cells again gives no points for wrong answers."""
    given: Any = _bare(*(("code", text.replace("return x", "return -x")) if kind == "code" else (kind, text)
                         for kind, text in WITHOUT_MARKS))  # fmt: skip
    assert grader.grade(given, assignment_from(ORIGINAL), SEED).result.score == 0
    assert grader.grade(_bare(*WITHOUT_MARKS), assignment_from(ORIGINAL), SEED).result.score == 5


def test_the_release_is_where_it_is_expected() -> None:
    """The trips above start from what students get."""
    assert {path.parent.name for path in Path(ROOT / "release").glob("*/*.ipynb")} == set(SETS)
