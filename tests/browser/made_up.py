"""A large class that was never graded: what such a class earns and gets wrong, drawn from a seed."""

import numpy as np

from autograder.classroom.values import Classroom, Item, State, Work
from autograder.report import Check, Diagnosis, ExerciseResult

EXERCISES = {"forward": 1.0, "grad_W": 3.0, "grad_X": 3.0, "grad_b": 2.0, "jacobian_D_W": 4.0}
MISTAKES = (
    ("transposed", "Your answer is the transpose of the gradient."),
    ("over-p", "Your answer is the mean over the examples; the loss sums over them."),
    ("sign", "Your answer has the opposite sign."),
    ("not-written", "This function is not written yet."),
)


def large_class(students: int) -> Classroom:
    """Return a class of so many students."""
    drawn = np.random.default_rng(7)
    items = tuple(Item(("week", f"test_{name}"), name, points) for name, points in EXERCISES.items())
    works = tuple(_work(f"student-{number:03}", items, drawn) for number in range(students))
    return Classroom("ps3_matrix", items, works)


def _work(name: str, items: tuple[Item, ...], drawn: np.random.Generator) -> Work:
    skill = drawn.normal()
    verdicts = {}
    for place, item in enumerate(items):
        right = skill + drawn.normal() > 0.35 * place - 1.6
        kind, text = MISTAKES[min(len(MISTAKES) - 1, int(drawn.exponential(1.2)))]
        check = Check("value", passed=bool(right), message="" if right else "the values are off")
        diagnosis = None if right else Diagnosis(kind, text)
        score = item.max_score if right else 0.0
        verdicts[item.key] = ExerciseResult(item.name, item.key[1], score, item.max_score, (check,), diagnosis)
    scores = {key: verdict.score for key, verdict in verdicts.items()}
    seconds = float(drawn.lognormal(-1, 0.6))
    return Work(name, State.GRADED, scores=scores, verdicts=verdicts, seconds=seconds, peak_bytes=75 << 20)
