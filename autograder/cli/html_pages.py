"""`autograder run --html FOLDER`: a page of feedback on each notebook, as `autograder feedback` makes in a course."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder.cli.errors import UsageError, say
from autograder.cli.grading import notebook_file, refusal
from autograder.library import Numbered
from autograder.marks import RESULT, result_entry
from autograder.notebook.assignment import Assignment
from autograder.pipeline import Graded, Submission


class HtmlPages:
    """The pages, each written as soon as its notebook is graded.

    assignments: those that the notebooks may belong to.
    """

    def __init__(self, folder: str, submissions: Sequence[Submission], assignments: Sequence[Assignment]) -> None:
        """Make the folder, where there is none. Raises UsageError if it can't be."""
        self.folder = Path(folder)
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            msg = f"--html {folder}: the folder can't be made: {error.strerror or error}"
            raise UsageError(msg) from None
        self._only = assignments[0] if len(assignments) == 1 else None
        self._paths = [Path(os.path.abspath(one.path)) for one in submissions]  # noqa: PTH100 - links stay links
        self._above = os.path.commonpath([path.parent for path in self._paths]) if self._paths else ""
        self.all_written = True

    def written(self, results: Iterator[Numbered]) -> Iterator[Numbered]:
        """Pass results on, and write the page of each."""
        for position, graded in results:
            self._write(self._paths[position], graded)
            yield position, graded

    def _write(self, notebook: Path, graded: Graded) -> None:
        assignment = graded.assignment or self._only
        if assignment is None:
            say(f"{graded.result.path}: no page, because it is not known which assignment it is of")
            return
        target = (self.folder / notebook.relative_to(self._above)).with_suffix(".html")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_page(assignment, notebook.stem, graded), encoding="utf-8", errors="replace")
        except OSError as error:
            say(f"{target} could not be written: {error.strerror or error}")
            self.all_written = False


def _page(assignment: Assignment, student: str, graded: Graded) -> str:
    # Imported here, because who asks for no page should not wait for it.
    from autograder.pages.keys import key_of
    from autograder.pages.rendering import page_text

    notebook: dict[str, Any] = graded.notebook or refusal(graded)
    whole = {**notebook, "metadata": {**notebook["metadata"], RESULT: result_entry(graded.result)}}
    return page_text(assignment, student, whole, None, key_of(assignment, student, notebook_file(whole), None))
