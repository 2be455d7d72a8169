"""Matplotlib's list of fonts goes from one sandbox to the next, and nothing else does."""

from pathlib import Path

import pytest

from autograder.callloop.limits import Limits
from autograder.isolation import strongest
from autograder.sandbox import fonts
from autograder.sandbox.fork_server import ForkServer

NAME = "fontlist-v3.2.1.json"
TEXT = '{"__class__": "FontManager"}'


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which lists are kept, empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "backprop-autograder"


def _started(*modules: str) -> None:
    server = ForkServer(strongest("full")[0], Limits(), modules)
    try:
        server.begin()
        server.wait_until_ready()
    finally:
        server.close()


def test_a_sandbox_is_given_what_the_last_one_made(cache: Path) -> None:
    """The first sandbox with Matplotlib leaves its list; the next has it, and makes none."""
    _started("numpy")
    assert not cache.exists()
    _started("matplotlib.font_manager")
    (made,) = cache.iterdir()
    text, changed = made.read_text(), made.stat().st_mtime_ns
    assert "DejaVu Sans" in text
    assert str(Path.home()) not in text
    _started("matplotlib.font_manager")
    assert [*cache.iterdir()] == [made]
    assert made.stat().st_mtime_ns == changed


def test_a_damaged_list_is_made_anew(cache: Path) -> None:
    """A list that Matplotlib can't read costs nothing but its making, and is replaced."""
    _started("matplotlib.font_manager")
    (made,) = cache.iterdir()
    text = made.read_text()
    made.write_text(text[: len(text) // 2])
    _started("matplotlib.font_manager")
    assert made.read_text() == text


def test_a_folder_that_can_not_be_had_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be kept, as with a file in the folder's place, a sandbox starts as ever."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    _started("matplotlib.font_manager")
    assert fonts.kept() == {}


def test_a_new_version_takes_the_place_of_the_old_one(cache: Path) -> None:
    """One list is kept, that of the Matplotlib that was used last."""
    fonts.keep({NAME: TEXT})
    fonts.keep({"fontlist-v3.2.2.json": TEXT})
    assert fonts.kept() == {"fontlist-v3.2.2.json": TEXT}
    assert len([*cache.iterdir()]) == 1


WRONG = [
    {"../fontlist-v3.json": TEXT},
    {"fontlist-v3/x.json": TEXT},
    {"other.json": TEXT},
    {NAME: "[]"},
    {NAME: '{"__class__": "FontEntry"}'},
    {NAME: "no JSON"},
    {NAME: 3},
    {NAME: None},
    {NAME: TEXT + " " * fonts.MOST_BYTES},
    [NAME],
    None,
]


@pytest.mark.parametrize("made", WRONG, ids=range(len(WRONG)))
def test_nothing_else_is_kept(cache: Path, made: object) -> None:
    """What is no list of fonts by its name, its form or its length is not written, wherever it would go."""
    fonts.keep(made)
    assert fonts.kept() == {}
    assert not cache.exists() or [*cache.iterdir()] == []


def test_a_list_of_the_longest_length_is_kept(cache: Path) -> None:
    """The limit on its length counts from the next character."""
    text = TEXT + " " * (fonts.MOST_BYTES - len(TEXT))
    fonts.keep({NAME: text})
    assert fonts.kept() == {NAME: text}
    (cache / NAME).write_text(f"{text} ")
    assert fonts.kept() == {}
