"""A configuration's plain values are read without running it; whatever else it says is left alone."""

from pathlib import Path

import pytest
from helpers.notebooks import check, notebook, written

from autograder.course import open_course
from autograder.notebook.assignment import files_beside, find_course, load_assignments
from autograder.notebook.settings import Settings, settings_of

CONFIGURED = """
from autograder.configuration import use_sandbox
c = get_config()
c.CourseDirectory.source_directory = "master"
c.CourseDirectory.notebook_id = "part*"
use_sandbox(c, on_students_side=["one/test_a", "two/*"])
"""


def _course(folder: Path, text: str) -> Path:
    (folder / "nbgrader_config.py").write_text(text)
    return folder


def test_plain_values_are_read(tmp_path: Path) -> None:
    """Folders and the tests that are allowed on the student's side are found where they are plain values."""
    found = settings_of(_course(tmp_path, CONFIGURED))
    assert found == Settings(tmp_path, "master", notebook_id="part*", on_students_side=("one/test_a", "two/*"))
    assert found.allows("one", "test_a")
    assert found.allows("two", "anything")
    assert not found.allows("one", "test_b")


def test_what_is_run_and_what_is_read_agree(tmp_path: Path) -> None:
    """What is read without running the configuration is what running it says."""
    course = _course(tmp_path, CONFIGURED)
    assert open_course(course).settings == settings_of(course)


@pytest.mark.parametrize("text", ["", "raise SystemExit", "def (", "c.CourseDirectory.source_directory = input()"])
def test_a_configuration_is_never_run(tmp_path: Path, text: str) -> None:
    """What is no plain value counts for nothing, and neither runs nor fails."""
    assert settings_of(_course(tmp_path, text)) == Settings(tmp_path)


def test_a_course_with_other_folders_is_found(tmp_path: Path) -> None:
    """A course whose notebooks are not in `source` is found from below it, with the notebooks that count."""
    course = _course(tmp_path, CONFIGURED)
    for name in ("part_a", "notes"):
        written(notebook(check("test_a", "assert True")), course / "master" / "one" / f"{name}.ipynb")
    inside = course / "work"
    inside.mkdir()
    assert find_course(None, inside) == course
    (found,) = load_assignments(course, "one")
    assert found.notebook_name == "part_a"
    assert found.on_students_side == {"test_a"}


def test_files_beside_a_notebook_are_read_up_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ordinary files are read, with their folders; notebooks, hidden files and links are not, nor what is too large."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("1")
    (tmp_path / "large.bin").write_bytes(b"x" * 11)
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "link.txt").symlink_to("/etc/hostname")
    written(notebook(), tmp_path / "one.ipynb")
    monkeypatch.setattr("autograder.notebook.assignment.MOST_BESIDE_BYTES", 11)
    assert dict(files_beside(tmp_path)) == {"large.bin": b"x" * 11}
    monkeypatch.setattr("autograder.notebook.assignment.MOST_BESIDE_BYTES", 12)
    assert dict(files_beside(tmp_path)) == {"large.bin": b"x" * 11, "data/a.csv": b"1"}
