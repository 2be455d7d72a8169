"""All that the gradebook says of a submission, a person's entries included, read without changing anything."""

from dataclasses import dataclass, field
from pathlib import Path

from autograder.gradebook.reading import rows_in

_QUERY = """
SELECT submission.student_id, notebook.name, submitted.late_submission_penalty, cell.name,
       COALESCE(by_test.max_score, task.max_score), grade.auto_score, grade.manual_score, grade.extra_credit,
       comment.manual_comment
FROM assignment
JOIN submitted_assignment AS submission ON submission.assignment_id = assignment.id
JOIN submitted_notebook AS submitted ON submitted.assignment_id = submission.id
JOIN notebook ON notebook.id = submitted.notebook_id
LEFT JOIN base_cell AS cell ON cell.notebook_id = notebook.id
LEFT JOIN grade_cells AS by_test ON by_test.id = cell.id
LEFT JOIN task_cells AS task ON task.id = cell.id
LEFT JOIN grade ON grade.cell_id = cell.id AND grade.notebook_id = submitted.id
LEFT JOIN comment ON comment.cell_id = cell.id AND comment.notebook_id = submitted.id
WHERE assignment.name = :name"""


@dataclass(frozen=True)
class Grade:
    """The points of one graded cell.

    most: what it is worth. auto, manual: the tests' and a person's; None where there is none. extra: beyond that.
    """

    most: float
    auto: float | None
    manual: float | None
    extra: float

    @property
    def is_waiting(self) -> bool:
        """True if a person must grade the cell, and has not yet."""
        return self.auto is None and self.manual is None

    @property
    def counts(self) -> float:
        """The points that count, as nbgrader counts them: a person's before the tests', and those beyond."""
        given = self.manual if self.manual is not None else self.auto
        return given + self.extra if given is not None else 0.0


@dataclass(frozen=True)
class Entries:
    """What the gradebook says of one notebook.

    grades: by cell. comments: a person's, by cell. late: the points that being late costs.
    """

    grades: dict[str, Grade] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    late: float = 0.0

    @property
    def score(self) -> float:
        """The points that count, as nbgrader adds them up."""
        return sum(grade.counts for grade in self.grades.values()) - self.late

    @property
    def most(self) -> float:
        """The points that can be earned."""
        return sum(grade.most for grade in self.grades.values())


def entries_in(url: str, assignment: str, root: Path) -> dict[str, dict[str, Entries]]:
    """Return what the gradebook says of every submission of an assignment, by student, by notebook.

    root: the course's folder. Raises GradebookError if the gradebook can't be read.
    """
    found: dict[str, dict[str, Entries]] = {}
    for student, notebook, late, cell, most, auto, manual, extra, comment in rows_in(
        url, root, _QUERY, name=assignment
    ):
        entries = found.setdefault(student, {}).setdefault(notebook, Entries(late=late or 0.0))
        if most is not None:
            entries.grades[cell] = Grade(most, auto, manual, extra or 0.0)
        if comment and comment.strip():
            entries.comments[cell] = comment
    return found
