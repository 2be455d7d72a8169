"""The class that is exported, and the command that does it."""

from pathlib import Path

import pytest
from helpers.class_book import SET, make_class
from helpers.command import Ran
from helpers.exporting import Export, inside


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the class of all cases."""
    return make_class(tmp_path_factory.mktemp("exports") / "course")


@pytest.fixture
def export(course: Path, tmp_path: Path) -> Export:
    """Writes a gradebook, and returns what the command said and the file's text."""

    def made(
        form: str, *words: str | Path, roster: str | bytes | None = None, sets: tuple[str, ...] = (SET,)
    ) -> tuple[Ran, str]:
        if roster is not None:
            (tmp_path / "roster.csv").write_bytes(roster if isinstance(roster, bytes) else roster.encode())
            words = (*words, "--roster", tmp_path / "roster.csv")
        target = tmp_path / "out.csv"
        target.unlink(missing_ok=True)
        ran = inside("export", form, *sets, "--output", target, "--course", course, *words)
        return ran, target.read_bytes().decode() if target.exists() else ""

    return made
