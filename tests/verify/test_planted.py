"""The checker is checked: planted faults of every kind are found, told, and end with the right exit status."""

import json
import shutil
from pathlib import Path

import pytest
from helpers.command import Ran, autograder, results
from helpers.notebooks import Json, cell_of

MODULE = '''"""A set with a fault."""
import os
import numpy as np
from autograder.exercises import Array, Mistake, Number, ProblemSet, SpecialCheck, Variable, real

EXERCISES = ProblemSet("planted", {{"u": {u}, "v": {v}, "g": {g}}}{more})


@EXERCISES.gradient(points=2, of=lambda u, v: np.outer(u, v), wrt="u", upstream="g"{options})
def grad_u(v, g):
    """Return the gradient (n,) with respect to u, from v (m,) and g (n, m)."""
    {body}
'''
GOOD = {"u": 'real("n")', "v": 'real("m")', "g": 'real("n", "m")', "more": "", "options": "", "body": "return g @ v"}
ONES = 'Variable(("m",), lambda draw: np.ones(draw.sizes["m"]))'
PICKY = ', special=(SpecialCheck("picky", lambda values, answer: None if answer.flags.c_contiguous else "not tidy"),)'
UNKNOWN = ', {"grad_u": (Mistake("right", "It is right.", lambda v, g: g @ v),)}'
NEVER_ENDS = """out, i = np.zeros(len(g)), 0
    while i < len(g):
        out[i] = g[i] @ v
        i += 1
    return out"""
ENDS = "return g @ v if g.size else os._exit(1)"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with one set, as it is written for an author to begin with."""
    folder = tmp_path_factory.mktemp("begun")
    assert autograder("new", "planted", "--start", folder=folder).status == 0
    return folder


@pytest.fixture(scope="module")
def sound(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the set that the faults are planted in, and its notebook."""
    folder = tmp_path_factory.mktemp("sound")
    shutil.copytree(begun, folder, dirs_exist_ok=True)
    _plant(folder)
    path = folder / "source" / "planted" / "planted.ipynb"
    notebook: Json = json.loads(path.read_text(encoding="utf-8"))
    # The cells of exercises go; those of what is declared now come.
    notebook["cells"] = notebook["cells"][:2]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    updated = autograder("new", "planted", "--update", folder=folder)
    assert updated.status == 0, updated.err
    return folder


@pytest.fixture
def course(begun: Path, tmp_path: Path) -> Path:
    """A course with the set to begin with, which a test then spoils."""
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def planted(sound: Path, tmp_path: Path) -> Path:
    """A course with the set that a fault is planted in."""
    shutil.copytree(sound, tmp_path, dirs_exist_ok=True)
    return tmp_path


def _plant(course: Path, **changes: str) -> None:
    (course / "solutions" / "planted.py").write_text(MODULE.format(**{**GOOD, **changes}), encoding="utf-8")


def _verified(course: Path, **changes: str) -> Ran:
    _plant(course, **changes)
    return autograder("verify", "planted", "--json", "out.json", "--quiet", "--jobs", "2", folder=course)


def test_a_sound_set_passes(planted: Path) -> None:
    """The set that the faults are planted in has none itself."""
    ran = _verified(planted)
    assert ran.status == 0, ran.out + ran.err
    assert results(planted / "out.json")["passed"] is True


def test_cases_that_are_all_alike_leave_a_survivor(planted: Path) -> None:
    """With inputs that are all ones a dropped factor survives: status 1, its diff, and where it differs."""
    ran = _verified(planted, v=ONES, body="return np.sum(g * v, axis=1)")
    assert ran.status == 1
    assert "SURVIVED grad_u" in ran.out
    assert "for example with" in ran.out
    assert "\n  -    return np.sum(g * v, axis=1)\n  +    return np.sum(g, axis=1)\n" in ran.out
    report = results(planted / "out.json")
    assert report["passed"] is False
    assert any(one["fate"] == "survived" and one["diff"] for one in report["mutants"])


def test_a_test_that_rejects_right_answers_is_found(planted: Path) -> None:
    """A check that wants its arrays tidy rejects views, and is told so."""
    ran = _verified(planted, options=PICKY)
    assert ran.status == 1
    assert "REJECTED grad_u, views that skip entries: picky: not tidy" in ran.out


def test_a_mistake_that_is_none_is_found(planted: Path) -> None:
    """A declared mistake that is right keeps its points, and is told."""
    ran = _verified(planted, more=UNKNOWN)
    assert ran.status == 1
    assert "MISTAKE right in grad_u: keeps its points" in ran.out


def test_changes_that_never_end_are_ended(planted: Path) -> None:
    """A mutant that loops for ever counts as found, by the time it takes."""
    ran = _verified(planted, body=NEVER_ENDS)
    assert ran.status == 0, ran.out + ran.err
    assert results(planted / "out.json")["checks"]["time"]["finds"] >= 1


def test_changes_that_end_their_process_cost_no_other(planted: Path) -> None:
    """A mutant that ends its worker counts as found, and the rest is judged by another worker."""
    ran = _verified(planted, body=ENDS)
    assert ran.status == 0, ran.out + ran.err
    assert results(planted / "out.json")["checks"]["ends the process"]["finds"] >= 1


def _spoiled(course: Path, grade_id: str, before: str, after: str) -> Ran:
    path = course / "source" / "planted" / "planted.ipynb"
    notebook: Json = json.loads(path.read_text(encoding="utf-8"))
    cell = cell_of(notebook, grade_id)
    text = "".join(cell["source"])
    assert before in text
    cell["source"] = text.replace(before, after)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return autograder("verify", "planted", "--quiet", folder=course)


def test_a_wrong_solution_in_the_notebook_is_found(course: Path) -> None:
    """A source that does not earn its points is told, with the exercise."""
    ran = _spoiled(course, "grad_u", "return dL_dM @ v", "return -(dL_dM @ v)")
    assert ran.status == 1
    assert "NOTEBOOK source: grad_u earns 0 where 2 are due" in ran.out


def test_a_solution_that_is_handed_out_is_found(course: Path) -> None:
    """A release that earns points is told."""
    ran = _spoiled(course, "grad_u", "### BEGIN SOLUTION", "return dL_dM @ v\n    ### BEGIN SOLUTION")
    assert ran.status == 1
    assert "NOTEBOOK release: grad_u earns 2 where 0 are due" in ran.out


def test_a_visible_check_that_leans_on_another_function_is_found(course: Path) -> None:
    """A test that fails without an earlier function charges a mistake twice, and is told."""
    ran = _spoiled(
        course, "test_grad_u", "### END HIDDEN TESTS\n", "### END HIDDEN TESTS\nouter(np.ones(2), np.ones(2))\n"
    )
    assert ran.status == 1
    assert "NOTEBOOK without outer: grad_u earns 0 where 2 are due" in ran.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("verify", "nothing"), "there is no assignment 'nothing'"),
        (("verify", "planted", "--json", "nowhere/out.json"), "can't be written"),
        (("verify", "planted", "--course", "nowhere"), "is no course"),
    ],
)
def test_wrong_usage_has_status_2(course: Path, words: tuple[str, ...], told: str) -> None:
    """What can't be verified is told in words."""
    ran = autograder(*words, folder=course)
    assert ran.status == 2
    assert told in ran.err


@pytest.mark.parametrize(("text", "told"), [("1/0", "can't be imported"), ("EXERCISES = 3", "declares no exercise")])
def test_a_module_that_can_not_be_used_is_wrong_usage(course: Path, text: str, told: str) -> None:
    """A module that fails, or declares nothing, is told with status 2."""
    (course / "solutions" / "planted.py").write_text(text, encoding="utf-8")
    ran = autograder("verify", "planted", "--quiet", folder=course)
    assert ran.status == 2
    assert told in ran.err
