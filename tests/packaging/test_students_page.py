"""docs/students.md is tried as a student would: its Python blocks run in order, and show what it says."""

import importlib.util
import re
from types import ModuleType

import pytest
from helpers.notebooks import ROOT

PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 150_000


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The tool that draws the page's pictures."""
    spec = importlib.util.spec_from_file_location("pictures", ROOT / "tools" / "pictures.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_the_students_page_works(tool: ModuleType) -> None:
    """Every Python block runs, and the mistake of the first is shown as the page says; its pictures are current."""
    names = tool.names_of_the_page()
    assert "got (3, 4) = (k, h)" in str(names["result"])
    assert "transpose" in names["result"].diagnosis
    assert (PICTURES / "blame.svg").read_text(encoding="utf-8") == names["picture"].svg + "\n", "run: make pictures"
    assert "dead" in names["picture"].svg
    assert "gate" in names["gate"].diagnosis


def test_the_pages_pictures_are_small() -> None:
    """No picture of the documents is larger than it has to be, and each is shown by a page."""
    pages = "".join(path.read_text(encoding="utf-8") for path in [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"])
    shown = set(re.findall(r"pictures/([\w.-]+)", pages))
    for path in PICTURES.iterdir():
        assert path.stat().st_size < MOST_BYTES
        assert path.name in shown
