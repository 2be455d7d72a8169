"""Classes made up for tests: what students earned and wrote, without a course or a grader."""

from dataclasses import replace

import numpy as np

from autograder.classroom.values import Classroom, Item, State, Work, WrittenCell
from autograder.report import Check, Diagnosis, ExerciseResult

NOTEBOOK = "week"
STUB = "def {name}(x, y):\n    # YOUR CODE HERE\n    raise NotImplementedError()"


def items(*points: float) -> tuple[Item, ...]:
    """Return exercises `f0`, `f1`, ... worth so many points."""
    return tuple(Item((NOTEBOOK, f"test_f{number}"), f"f{number}", most) for number, most in enumerate(points))


def scored(rows: list[list[float]], *points: float) -> Classroom:
    """Return a class that earned these points: a row a student."""
    of_set = items(*points)
    works = [
        Work(f"s{number:03}", State.GRADED, scores={item.key: one for item, one in zip(of_set, row, strict=True)})
        for number, row in enumerate(rows)
    ]
    return Classroom("week", of_set, tuple(works))


def random_scores(seed: int, students: int, exercises: int) -> np.ndarray:
    """Return points that hang together, as those of a class do: (students, exercises), whole numbers from 0 to 4."""
    drawn = np.random.default_rng(seed)
    skill = drawn.normal(size=(students, 1))
    return np.clip(np.rint(2 + skill + drawn.normal(size=(students, exercises))), 0, 4)


def written(student: str, *sources: str) -> Work:
    """Return a submission with these texts in the cells of `f0`, `f1`, ..."""
    cells = tuple(
        WrittenCell(NOTEBOOK, number + 1, f"f{number}", source) for number, source in enumerate(sources) if source
    )
    return Work(student, State.GRADED, cells=cells)


def class_of(*works: Work, exercises: int = 1) -> Classroom:
    """Return a class of these submissions to exercises of a point each."""
    given = tuple(STUB.format(name=f"f{number}") for number in range(exercises))
    return Classroom("week", items(*[1.0] * exercises), works, given=given, tools=frozenset({"np", "close"}))


def wrong(work: Work, diagnosis: str = "", *failed: tuple[str, str]) -> Work:
    """Return the submission with a wrong answer to `f0`: its diagnosis, and which checks failed with which message."""
    checks = tuple(Check(name, passed=False, message=message) for name, message in failed or (("value", "off"),))
    found = Diagnosis(diagnosis, f"it looks {diagnosis}") if diagnosis else None
    verdict = ExerciseResult("f0", "test_f0", 0.0, 1.0, checks, found)
    return replace(work, verdicts={(NOTEBOOK, "test_f0"): verdict}, scores={(NOTEBOOK, "test_f0"): 0.0})
