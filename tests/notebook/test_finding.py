"""Finding notebooks below a folder, and the set that a loose notebook belongs to."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from helpers.grading import assignment_from
from helpers.notebooks import check, code, notebook, solution, written

from autograder.notebook.assignment import Assignment, CourseError, assignment_names, find_course, load_assignments
from autograder.notebook.choosing import choose, choose_named
from autograder.notebook.reading import Notebook, NotebookError, notebook_from_bytes, notebooks_below

EMPTY = notebook(code("x = 1"))


def _course(folder: Path, *names: str) -> Path:
    for name in names:
        written(
            notebook(solution(f"{name}_f"), check(f"test_{name}_f", "pass")), folder / "source" / name / f"{name}.ipynb"
        )
    (folder / "nbgrader_config.py").touch()
    return folder


# --- folders --------------------------------------------------------------------------------------


def test_a_folder_means_all_notebooks_in_it_and_below(tmp_path: Path) -> None:
    """Every *.ipynb in a folder and below counts, in sorted order, and nothing else."""
    for name in ("b/z.ipynb", "a.ipynb", "b/c/d.ipynb", "notes.txt", "x.ipynb.bak", "b/y.IPYNB.zip"):
        written(EMPTY, tmp_path / name)
    found = [str(path.relative_to(tmp_path)) for path in notebooks_below(tmp_path)]
    assert found == ["a.ipynb", "b/z.ipynb", "b/c/d.ipynb"]


@pytest.mark.parametrize(
    "name", [".hidden.ipynb", ".git/a.ipynb", ".ipynb_checkpoints/a-checkpoint.ipynb", "x/.cache/y/a.ipynb"]
)
def test_hidden_files_and_checkpoints_do_not_count(tmp_path: Path, name: str) -> None:
    """What is hidden, or a checkpoint, is not a submission."""
    written(EMPTY, tmp_path / name)
    assert notebooks_below(tmp_path) == []


def test_links_inside_a_folder_are_not_followed(tmp_path: Path) -> None:
    """A link to a file, to a folder, or to the folder itself is not followed."""
    written(EMPTY, tmp_path / "elsewhere" / "a.ipynb")
    below = tmp_path / "submitted"
    below.mkdir()
    (below / "file.ipynb").symlink_to("../elsewhere/a.ipynb")
    (below / "folder").symlink_to("../elsewhere")
    (below / "loop").symlink_to(".")
    assert notebooks_below(below) == []


def test_a_pipe_in_a_folder_is_listed_but_not_opened(tmp_path: Path) -> None:
    """A named pipe called *.ipynb is left for the reader to refuse; listing it does not hang."""
    os.mkfifo(tmp_path / "a.ipynb")
    assert len(notebooks_below(tmp_path)) == 1


# --- courses --------------------------------------------------------------------------------------


@pytest.fixture
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)


@pytest.mark.usefixtures("_no_variable")
def test_the_nearest_parent_with_a_configuration_is_the_course(tmp_path: Path) -> None:
    """Without a name, the nearest parent folder that is a course is the course."""
    outer = _course(tmp_path, "one")
    inner = _course(tmp_path / "in", "two")
    (inner / "a" / "b").mkdir(parents=True)
    assert find_course(None, inner / "a" / "b") == inner
    assert find_course(None, outer / "source") == outer


@pytest.mark.parametrize("name", ["submitted", "autograded", "feedback", "downloaded"])
def test_a_course_among_submissions_is_none(tmp_path: Path, name: str) -> None:
    """A configuration and a folder `source` that a student handed in make no course, and the real one is found."""
    planted = tmp_path / name / "eve" / "ps1"
    for course in (tmp_path, planted):
        (course / "source" / "ps1").mkdir(parents=True)
        (course / "nbgrader_config.py").write_text("raise SystemExit\n")
    assert find_course(None, planted / "source") == tmp_path
    assert find_course(None, tmp_path / name) == tmp_path


def test_a_named_course_goes_before_the_variable_and_the_parents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--course goes before AUTOGRADER_COURSE, which goes before the parent folders."""
    here, there, third = (_course(tmp_path / name, "one") for name in ("a", "b", "c"))
    monkeypatch.setenv("AUTOGRADER_COURSE", str(there))
    assert find_course(None, here) == there
    assert find_course(str(third), here) == third


@pytest.mark.usefixtures("_no_variable")
def test_the_installed_sets_are_the_last_resort(tmp_path: Path) -> None:
    """Outside any course, the sets that are installed with the grader are found."""
    found = find_course(None, tmp_path)
    assert found is not None
    assert "ps1_chain_rule" in assignment_names(found)


def test_a_course_that_is_none_is_told(tmp_path: Path) -> None:
    """A named folder without `source` is no course."""
    with pytest.raises(CourseError, match="source"):
        find_course(str(tmp_path), tmp_path)


@pytest.mark.parametrize("name", ["nothing", "", "../one", "one/../one", "."])
def test_an_unknown_set_is_told_with_the_known_ones(tmp_path: Path, name: str) -> None:
    """A set that is not there, or that names a path, is refused with the names that there are."""
    with pytest.raises(CourseError, match="there are: one"):
        load_assignments(_course(tmp_path, "one"), name)


def test_a_broken_source_notebook_is_told_by_its_path(tmp_path: Path) -> None:
    """An instructor's notebook that can't be read is named."""
    course = _course(tmp_path, "one")
    (course / "source" / "one" / "one.ipynb").write_text("{")
    with pytest.raises(CourseError, match=r"one\.ipynb .*JSON"):
        load_assignments(course, "one")


# --- choosing -------------------------------------------------------------------------------------


def _set(name: str, *functions: str) -> Assignment:
    cells = [cell for function in functions for cell in (solution(function), check(f"test_{function}", "pass"))]
    return assignment_from(notebook(*cells), name)


ONE, TWO = _set("ps_one", "f", "g", "h"), _set("ps_two", "f", "k", "m", "n")


def _notebook(*cells: Any) -> Notebook:
    return notebook_from_bytes(json.dumps(notebook(*cells)).encode())


def _chosen(name: str, *cells: Any) -> str:
    return choose(_notebook(*cells), Path(name), [ONE, TWO])[0].name


def test_the_test_cells_tell_the_set() -> None:
    """The ids of test cells tell the set, also against the file's name."""
    assert _chosen("ps_one.ipynb", check("test_k", "pass")) == "ps_two"


def test_of_sets_that_share_an_id_the_likelier_is_taken() -> None:
    """Where two sets have a test of the same id, the one with more cells in common is taken."""
    assert _chosen("x.ipynb", solution("f"), check("test_f", ""), check("test_g", "")) == "ps_one"
    assert _chosen("x.ipynb", solution("f"), check("test_f", ""), solution("m"), solution("n")) == "ps_two"


def test_without_test_cells_the_name_tells() -> None:
    """A notebook without a known test is told by its file's name, in any case of letters."""
    assert _chosen("Alice_PS_Two (1).ipynb", code("x")) == "ps_two"


def test_a_notebook_of_no_set_is_refused() -> None:
    """A notebook that neither cells nor name tell is refused with what to do."""
    with pytest.raises(NotebookError, match="--assignment"):
        _chosen("homework.ipynb", code("x"))


def test_a_notebook_of_another_set_is_graded_as_the_named_one_with_a_warning() -> None:
    """With a set named, another set's notebook is graded as that, with a warning that says what it looks like."""
    given = _notebook(
        *(check(f"test_{name}", "") for name in ("k", "m", "n")), *(solution(name) for name in ("k", "m", "n"))
    )
    found, warnings = choose_named(given, Path("x.ipynb"), [ONE], [ONE, TWO])
    assert found is ONE
    assert len(warnings) == 1
    assert "ps_two" in warnings[0]


def test_a_notebook_of_an_unknown_set_is_told_from_the_named_one() -> None:
    """Where the course has no other set, a notebook with cells of none that is there gives a warning, too."""
    given = _notebook(solution("elsewhere"), check("test_elsewhere", ""))
    found, warnings = choose_named(given, Path("x.ipynb"), [ONE], [ONE])
    assert found is ONE
    assert warnings == [f"no cell of {ONE.name} is in this notebook; it looks like another set's"]


def test_an_honest_notebook_of_the_named_set_gives_no_warning() -> None:
    """With a set named, its own notebook gives no warning, also with a cell missing."""
    given = _notebook(solution("f"), check("test_f", ""), solution("g"))
    assert choose_named(given, Path("x.ipynb"), [ONE], [ONE, TWO]) == (ONE, [])
