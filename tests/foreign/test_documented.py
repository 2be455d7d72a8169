"""What docs/existing-courses.md shows is run, as it stands there."""

import re
from pathlib import Path

from courses import NUMERICS
from helpers.command import autograder, results
from helpers.notebooks import ROOT

PAGE = (ROOT / "docs" / "existing-courses.md").read_text(encoding="utf-8")


def test_the_page_works_as_it_is_written(tmp_path: Path) -> None:
    """The lines of configuration and the commands of the page work on a course, in their order."""
    lines, allowing = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    commands = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
    course = NUMERICS.laid_out(tmp_path / "course")
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + lines)
    assert [command.split()[1] for command in commands] == ["compat", "compat", "run"]
    for command in commands:
        words = command.replace("ps1", "roots").split()[1:]
        ran = autograder(*words, folder=course).without_traceback()
        # The one cell of this course that traces calls cannot run trusted.
        assert ran.status == (3 if words[0] == "compat" else 0), ran.err
        assert "test_traced" in ran.out or "traced" in ran.out
    assert results(course / "found.json")["counts"]["cannot"] == 1
    config.write_text(
        config.read_text().replace("use_sandbox(c)\n", allowing.replace("ps3/test_spark", "roots/test_t*"))
    )
    assert autograder("compat", ".", folder=course).status == 0
