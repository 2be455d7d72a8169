"""Which assignment a loose notebook belongs to: by its test cells' ids, then by the file's name."""

from collections.abc import Sequence
from pathlib import Path

from autograder.notebook.assignment import Assignment
from autograder.notebook.reading import Notebook, NotebookError

MOSTLY = 0.5


def _likeness(notebook: Notebook, assignment: Assignment) -> float:
    """Return how well the ids of test and solution cells agree, from 0 to 1."""
    ours = set(assignment.tests) | set(assignment.solutions)
    theirs = {cell.grade_id for cell in notebook.cells if cell.is_grade or cell.is_solution} - {""}
    union = ours | theirs
    return len(ours & theirs) / len(union) if union else 0.0


def _is_of_none(notebook: Notebook, assignments: Sequence[Assignment]) -> bool:
    """Tell whether a notebook has cells of some problem set, but of none of these; known even where that set is not."""
    has_cells = any(cell.grade_id and (cell.is_grade or cell.is_solution) for cell in notebook.cells)
    return has_cells and not any(_likeness(notebook, one) for one in assignments)


def _by_tests(notebook: Notebook, assignments: Sequence[Assignment]) -> Assignment | None:
    """Return the assignment whose ids the notebook shares most, if it shares any test's."""
    ids = {cell.grade_id for cell in notebook.cells}
    candidates = [assignment for assignment in assignments if ids & set(assignment.tests)]
    return max(candidates, key=lambda assignment: _likeness(notebook, assignment), default=None)


def _by_name(path: Path, assignments: Sequence[Assignment]) -> Assignment | None:
    """Return the assignment whose name, or whose notebook's name, is in the file's name."""
    named = [
        one
        for one in assignments
        if one.notebook_name.lower() in path.stem.lower() or one.name.lower() in path.stem.lower()
    ]
    return max(named, key=lambda assignment: len(assignment.notebook_name), default=None)


def choose(notebook: Notebook, path: Path, assignments: Sequence[Assignment]) -> tuple[Assignment, list[str]]:
    """Return the assignment that a notebook belongs to.

    Raises NotebookError if neither its cells nor its name tell.
    """
    found = _by_tests(notebook, assignments) or _by_name(path, assignments)
    if found is None:
        known = ", ".join(dict.fromkeys(assignment.name for assignment in assignments))
        msg = f"belongs to none of the assignments {known}, by its cells and by its name; name one with --assignment"
        raise NotebookError(msg)
    return found, []


def choose_named(
    notebook: Notebook, path: Path, wanted: Sequence[Assignment], known: Sequence[Assignment]
) -> tuple[Assignment, list[str]]:
    """Return the notebook of the wanted assignment that a submission belongs to.

    The second value warns if the submission looks like another assignment's.
    """
    mine = _by_tests(notebook, wanted) or _by_name(path, wanted) or wanted[0]
    best = _by_tests(notebook, known)
    if (
        best is not None
        and best.name != mine.name
        and _likeness(notebook, best) > max(MOSTLY, _likeness(notebook, mine))
    ):
        return mine, [f"this looks like a notebook of {best.name}, but it is graded as {mine.name}"]
    if _is_of_none(notebook, wanted):
        return mine, [f"no cell of {mine.name} is in this notebook; it looks like another set's"]
    return mine, []
