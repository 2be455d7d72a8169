"""Hidden tests are left out of feedback, whatever a student writes in cells of their own."""

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests


class LeaveOutHiddenTests(ClearHiddenTests):  # type: ignore[misc]
    """nbgrader's own step, on the instructor's test cells only.

    In a student's cell the marks of a hidden test are text like any other; nbgrader's step would stop
    at them and make no feedback.
    """

    def preprocess_cell(self, cell: NotebookNode, resources: Any, cell_index: int) -> tuple[NotebookNode, Any]:
        """Return the cell without its hidden part."""
        if not utils.is_grade(cell) or utils.is_solution(cell):
            return cell, resources
        return super().preprocess_cell(cell, resources, cell_index)
