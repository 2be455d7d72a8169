"""The library that draws the charts is bundled once, and taken from the user's cache after that, if it is whole."""

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from autograder.classroom.chart_library import library

START = f"vega-{version('vl-convert-python')}-"
TEXT = "var vega = 1;\r\n"


def _name(text: str, start: str = START) -> str:
    return f"{start}{hashlib.sha256(text.encode()).hexdigest()}.js"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a user who has made no page yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "backprop-autograder"
    folder.mkdir()
    library.cache_clear()
    yield folder
    library.cache_clear()


def test_what_was_kept_is_used(cache: Path) -> None:
    """A file with the name of this version and of its own content is the library, to the byte."""
    (cache / _name(TEXT)).write_bytes(TEXT.encode())
    assert library() == TEXT


def test_what_is_spoiled_or_of_another_version_is_made_anew(cache: Path) -> None:
    """A file that is not what its name says is not used; the whole takes its place and other versions'."""
    (cache / _name(TEXT)).write_text(TEXT[:-3])
    (cache / _name(TEXT, "vega-0.1-")).write_bytes(TEXT.encode())
    (cache / "another").touch()
    made = library()
    assert "vegaEmbed" in made
    assert {path.name for path in cache.iterdir()} == {_name(made), "another"}
    library.cache_clear()
    assert library() == made


def test_a_folder_that_can_not_be_had_changes_nothing(cache: Path) -> None:
    """With a file in the folder's place, the library is bundled as ever."""
    cache.rmdir()
    cache.touch()
    assert "vegaEmbed" in library()
