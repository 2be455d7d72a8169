"""The README's picture is what the grader prints."""

import importlib.util

from helpers.notebooks import ROOT


def test_the_picture_of_a_graded_notebook_is_current() -> None:
    """docs/graded-result.svg is what tools/graded_picture.py draws now."""
    spec = importlib.util.spec_from_file_location("graded_picture", ROOT / "tools" / "graded_picture.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    made = tool.picture(tool.printed())
    assert tool.PICTURE.read_text(encoding="utf-8") == made, "run: python tools/graded_picture.py"
