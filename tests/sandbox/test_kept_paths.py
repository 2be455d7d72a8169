"""Where students' packages are is found once for each state of an environment, and what is kept of it is checked."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FOUND = "from autograder.sandbox import packages\nprint('\\n'.join(map(str, packages.package_paths())))"
UNREAD = "from autograder.sandbox import packages\npackages._found_paths = lambda: []\n" + FOUND


def _run(text: str, cache: Path, path: Path) -> list[str]:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(path)}
    ran = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, env=environment)
    return ran.stdout.split()


def _kept(cache: Path) -> list[Path]:
    return sorted((cache / "backprop-autograder").glob("packages-*.json"))


def test_what_was_found_is_found_again_without_looking(tmp_path: Path) -> None:
    """The next process has the same paths, though it looks for none itself."""
    (tmp_path / "site").mkdir()
    found = _run(FOUND, tmp_path / "cache", tmp_path / "site")
    assert any(path.endswith("/numpy") for path in found)
    assert _run(UNREAD, tmp_path / "cache", tmp_path / "site") == found


def test_an_installation_is_seen(tmp_path: Path) -> None:
    """Something new in a folder that Python imports from makes what was kept of no use."""
    folder = tmp_path / "site"
    folder.mkdir()
    _run(FOUND, tmp_path / "cache", folder)
    (folder / "new.py").touch()
    assert _run(UNREAD, tmp_path / "cache", folder) == []
    assert _run(FOUND, tmp_path / "cache", folder)
    assert len(_kept(tmp_path / "cache")) == 2


def test_a_file_that_a_course_gets_is_no_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `python -m autograder` Python looks in the course as well, where grading writes; a package there is seen."""
    course, cache = tmp_path / "course", tmp_path / "cache"
    course.mkdir()
    monkeypatch.chdir(course)
    found = _run(FOUND, cache, course)
    (course / "results").mkdir()
    assert _run(UNREAD, cache, course) == found
    (course / "new-1.0.dist-info").mkdir()
    assert _run(UNREAD, cache, course) == []


@pytest.mark.parametrize("content", ["", "{", "[]", "[1]", '["numpy"]', '["/no/such/folder/numpy"]'])
def test_what_is_no_list_of_paths_is_not_used(tmp_path: Path, content: str) -> None:
    """Half a file, other data, and a path that is not there any more are as if nothing was kept."""
    (tmp_path / "site").mkdir()
    found = _run(FOUND, tmp_path / "cache", tmp_path / "site")
    (kept,) = _kept(tmp_path / "cache")
    assert json.loads(kept.read_text(encoding="utf-8")) == found
    kept.write_text(content, encoding="utf-8")
    assert _run(FOUND, tmp_path / "cache", tmp_path / "site") == found


def test_a_home_that_can_not_be_written_to_is_none_the_worse(tmp_path: Path) -> None:
    """Where nothing can be kept, the paths are found all the same."""
    (tmp_path / "cache").touch()
    assert _run(FOUND, tmp_path / "cache", tmp_path)


def test_lists_do_not_pile_up(tmp_path: Path) -> None:
    """Of many environments' lists, all that are there go when one more is kept."""
    folder = tmp_path / "cache" / "backprop-autograder"
    folder.mkdir(parents=True)
    for number in range(21):
        (folder / f"packages-{number:032x}.json").touch()
    _run(FOUND, tmp_path / "cache", tmp_path)
    assert len(_kept(tmp_path / "cache")) == 1
