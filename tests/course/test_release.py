"""What students get: made by nbgrader from `source/` as it is now, and nothing of the answers in it."""

import copy
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.course import make_course, through_api
from helpers.notebooks import ROOT, SETS, Json, code, grade_id_of, markdown, marks_of, released, source

# Words that only the hidden parts use.
TELLING = ("EXERCISES", "assess(", "BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS")
# Lines so short say nothing: `)`, `else:`.
SHORT = 6


def _read(name: str) -> Json:
    read: Json = json.loads((ROOT / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    for cell in read["cells"]:
        cell["source"] = "".join(cell["source"])
    return read


def _text(given: Json) -> str:
    return "\n".join(cell["source"] for cell in given["cells"])


def _lines(given: Json) -> Counter[str]:
    lines = (line.strip() for line in _text(given).split("\n"))
    return Counter(line for line in lines if len(line) > SHORT)


def leaks(given: Json, original: Json) -> list[str]:
    """Return what a student's notebook holds of the instructor's that students must not see."""
    whole = json.dumps(given)
    found = [word for word in TELLING if word in whole]
    found += re.findall(r"\bsolutions(?=\.| import\b)|import solutions\b", whole)
    secret = _lines(original) - _lines(released(original))
    there, visible = _text(given), _text(released(original))
    found += [line for line in secret if there.count(line) > visible.count(line)]
    return found + ["an output" for cell in given["cells"] if cell.get("outputs")]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What nbgrader makes of every set in a copy of the course."""
    course = make_course(tmp_path_factory.mktemp("release"), *SETS)
    through_api(course, *(("generate_assignment", name) for name in SETS))
    return course / "release"


def _files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and ".ipynb_checkpoints" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_the_release_is_what_nbgrader_makes_now(generated: Path) -> None:
    """release/ holds, byte for byte, what `nbgrader generate_assignment` makes of source/, and nothing else."""
    made, kept = _files(generated), _files(ROOT / "release")
    assert set(kept) == set(made) == {f"{name}/{name}.ipynb" for name in SETS}
    stale = [name for name in made if made[name] != kept[name]]
    assert not stale, "run `make release-notebooks`"


@pytest.mark.parametrize("name", SETS)
def test_the_release_tells_no_answer(name: str) -> None:
    """No line of a solution or of a hidden test, no word about them, and no output is in the release."""
    assert leaks(_read(name), source(name)) == []


@pytest.mark.parametrize("name", SETS)
def test_every_stub_says_that_it_is_not_written_yet(name: str) -> None:
    """Each solution cell of the release defines its function, and calling it raises NotImplementedError."""
    stubs = [cell for cell in _read(name)["cells"] if marks_of(cell).get("solution")]
    assert stubs
    for cell in stubs:
        defined: dict[str, Any] = {"np": np}
        exec(compile(cell["source"], name, "exec"), defined)
        stub = defined[grade_id_of(cell)]
        with pytest.raises(NotImplementedError):
            stub(*[None] * stub.__code__.co_argcount)


def _planted(given: Json, cell: Json | None = None, **changes: Any) -> Json:
    planted = copy.deepcopy(given)
    if cell is not None:
        planted["cells"].append(cell)
    for grade_id, text in changes.items():
        next(one for one in planted["cells"] if grade_id_of(one) == grade_id)["source"] += text
    return planted


PLANTS: dict[str, dict[str, Any]] = {
    "a solution in its stub": {"grad_x": "\n    return W.T @ dL_dy"},
    "a solution in a test": {"test_grad_W": "\n# return np.outer(dL_dy, x)"},
    "a solution in a text": {"cell": markdown("One could write `dh, dW2 = W2.T @ dL_dy, np.outer(dL_dy, h)`.")},
    "a hidden test": {"test_linear": '\nEXERCISES.assess("linear", globals())'},
    "the module of the answers": {"cell": code("from solutions.ps2_linear import linear")},
    "the module, imported whole": {"cell": code("import solutions")},
    "a marker": {"linear": "\n    ### BEGIN SOLUTION"},
    "metadata": {"cell": {**markdown(""), "metadata": {"note": "see solutions.ps2_linear"}}},
    "an output": {"cell": {**code("1"), "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}]}},
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_leak_is_found(plant: str) -> None:
    """The checker that passes the release rejects each kind of leak, planted in the release itself."""
    assert leaks(_planted(_read("ps2_linear"), **PLANTS[plant]), source("ps2_linear"))
