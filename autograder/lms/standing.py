"""What is given out for a class: which score each student gets, and what an instructor must know besides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.gradebook.grades import SetGrades, Student

GRADED, REFUSED, NO_SUBMISSION, WAITING, NOT_GRADED = (
    "graded",
    "could not be graded",
    "no submission",
    "needs manual grading",
    "not graded yet",
)
MOST_NAMED = 20


@dataclass(frozen=True)
class Wish:
    """How a gradebook was asked for.

    columns: what assignments are called in the LMS, by their own names. out_of: points to scale to, or None.
    zero: whether no submission means 0, not nothing. partial: whether scores count that a person has not finished.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    out_of: float | None = None
    zero: bool = False
    partial: bool = False


@dataclass(frozen=True)
class ClassGrades:
    """A class and what it has on some assignments.

    ungraded: students whose submission is there but not in the gradebook, by assignment. refused: those whose file
    could not be graded, such as half a notebook; the gradebook has 0 for them.
    """

    students: Mapping[str, Student]
    sets: Sequence[SetGrades]
    ungraded: Mapping[str, Sequence[str]] = field(default_factory=dict)
    refused: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def status(self, grades: SetGrades, student: str) -> str:
        """Return how far a student's submission has come."""
        if student in self.ungraded.get(grades.name, ()):
            return NOT_GRADED
        earned = grades.earned.get(student)
        if earned is None:
            return NO_SUBMISSION
        names = {exercise.name for exercise in grades.exercises}
        waiting = [name for name in earned.waiting if name in names]
        if waiting:
            return f"{WAITING}: {', '.join(waiting)}"
        return REFUSED if student in self.refused.get(grades.name, ()) else GRADED

    def given(self, grades: SetGrades, student: str, wish: Wish) -> float | None:
        """Return the score that is given out; None for none."""
        status = self.status(grades, student)
        if status == NO_SUBMISSION:
            return 0.0 if wish.zero else None
        if status == NOT_GRADED or (status.startswith(WAITING) and not wish.partial):
            return None
        score = grades.score(student)
        if score is None or wish.out_of is None or not grades.max_score:
            return score
        return score * wish.out_of / grades.max_score

    def worth(self, grades: SetGrades, wish: Wish) -> float:
        """Return how many points can be had, as they are given out."""
        return grades.max_score if wish.out_of is None else wish.out_of


@dataclass(frozen=True)
class Written:
    """A gradebook as text, and what is to be said of it. complete: whether nobody's score was left out unasked."""

    text: str
    notes: tuple[str, ...] = ()
    complete: bool = True


def named(people: Sequence[str]) -> str:
    """Return names for a message, the first of many."""
    more = len(people) - MOST_NAMED
    return ", ".join(people[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _counted(people: Sequence[str], one: str, many: str) -> str:
    return f"1 {one}" if len(people) == 1 else f"{len(people)} {many}"


def notes_on(graded: ClassGrades, wish: Wish) -> tuple[list[str], bool]:
    """Return what to say of scores that are not given out, and whether some should be graded first."""
    notes, complete = [], True

    def those(wanted: Callable[[str], bool], grades: SetGrades) -> list[str]:
        return [student for student in graded.students if wanted(graded.status(grades, student))]

    for grades in graded.sets:
        missing = those(NO_SUBMISSION.__eq__, grades)
        if missing:
            what = "they get 0" if wish.zero else "no score; --missing zero gives them 0"
            many = _counted(missing, "student has", "students have")
            notes.append(f"{grades.name}: {many} no submission ({what}): {named(missing)}")
        waiting = those(lambda status: status.startswith(WAITING), grades)
        if waiting:
            what = "their score so far" if wish.partial else "no score; --partial gives what they have so far"
            many = _counted(waiting, "submission waits", "submissions wait")
            notes.append(f"{grades.name}: {many} for a person's grading ({what}): {named(waiting)}")
        refused = those(REFUSED.__eq__, grades)
        if refused:
            many = _counted(refused, "file", "files")
            notes.append(f"{grades.name}: {many} could not be graded (0 points in the gradebook): {named(refused)}")
        ungraded = those(NOT_GRADED.__eq__, grades)
        if ungraded:
            many = _counted(ungraded, "submission is", "submissions are")
            told = f"no score; type: autograder grade {grades.name}"
            notes.append(f"{grades.name}: {many} not graded yet ({told}): {named(ungraded)}")
            complete = False
    return notes, complete
