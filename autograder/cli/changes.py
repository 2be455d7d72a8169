"""How new scores differ from those in the gradebook, exercise by exercise."""

from collections.abc import Mapping, Sequence

from autograder.gradebook.reading import Scores
from autograder.pipeline import Graded
from autograder.report import Change, Status
from autograder.writers.text import inert, points

SHOWN_EXERCISES = 6


def changes_of(student: str, graded: Mapping[str, Graded | None], old: Scores, waiting: Sequence[str]) -> list[Change]:
    """Return which of a student's points, as the tests give them, differ from those in the gradebook.

    waiting: the cells that a person grades, which tests say nothing of.
    """
    found = []
    for notebook, one in graded.items():
        before = {
            cell: auto for cell, (auto, _) in old.get(student, {}).get(notebook, {}).items() if cell not in waiting
        }
        after: dict[str, float] = dict.fromkeys(before, 0.0)
        names: dict[str, str] = {}
        if one is not None and one.result.status is Status.GRADED:
            after = {exercise.grade_id: exercise.score for exercise in one.result.exercises}
            names = {exercise.grade_id: exercise.name for exercise in one.result.exercises}
        found += [
            Change(student, names.get(cell, cell), before.get(cell), after.get(cell))
            for cell in dict.fromkeys([*after, *before])
            if before.get(cell) != after.get(cell)
        ]
    return found


def _shown(value: float | None) -> str:
    return "-" if value is None else points(value)


def changes_text(changes: Sequence[Change], most: int) -> str:
    """Return a line a student, at most so many: each exercise with its old and its new points."""
    by_student: dict[str, list[Change]] = {}
    for change in changes:
        by_student.setdefault(change.student, []).append(change)
    wide = max((len(inert(student)) for student in by_student), default=0)
    lines = []
    for student, mine in list(by_student.items())[:most]:
        each = [f"{inert(one.exercise)} {_shown(one.old)} → {_shown(one.new)}" for one in mine[:SHOWN_EXERCISES]]
        more = [f"and {len(mine) - SHOWN_EXERCISES} more"] if len(mine) > SHOWN_EXERCISES else []
        lines.append(f"{inert(student):<{wide}}  {', '.join([*each, *more])}")
    if len(by_student) > most:
        lines.append(f"... and {len(by_student) - most} more students")
    return "\n".join(lines)
