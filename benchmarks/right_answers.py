"""How often the judge of exercises rejects a right answer: every function, many students, two precisions.

The cases are those of a course: a seed of each student's chooses among variants that all share.

Prints a table and fails if there was a single rejection. Usage:
    python benchmarks/right_answers.py [--seeds N]
"""

import argparse
import importlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autograder.exercises import ExerciseFailed, ProblemSet, seeded  # noqa: E402 - the checkout's, not an installed one
from autograder.secret import seed_for  # noqa: E402

# So many students of a course, then another course: the variants are new ones.
STUDENTS = 50
SETS = sorted(path.stem for path in (ROOT / "solutions").glob("ps*.py"))


def _narrow(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        return value.astype(np.float32)
    if isinstance(value, dict):
        return {key: _narrow(part) for key, part in value.items()}
    return tuple(_narrow(part) for part in value) if isinstance(value, tuple) else value


def rounded_to_single(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function whose arrays come back in single precision."""
    return lambda *positional, **named: _narrow(function(*positional, **named))


def student_seed(one: str, number: int) -> bytes:
    """Return the seed of a student, as a course's secret gives it."""
    course, student = divmod(number, STUDENTS)
    return bytes.fromhex(seed_for(course.to_bytes(32), one, f"student {student}"))


def rejections(problem_set: ProblemSet, seeds: int, change: Callable[..., Any]) -> int:
    """Return how many right answers were rejected."""
    rejected = 0
    for number in range(seeds):
        functions = {name: one.reference for name, one in problem_set.exercises.items()}
        for name, function in functions.items():
            try:
                with seeded(student_seed(problem_set.name, number)):
                    problem_set.assess(name, {**functions, name: change(function)})
            except ExerciseFailed as error:
                rejected += 1
                print(f"student {number}: {error}", file=sys.stderr)
    return rejected


def main() -> int:
    """Measure, print the table, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    seeds = parser.parse_args().seeds
    total = 0
    print(f"{'set':<16} {'answers':>8} {'as they are':>12} {'float32':>8} {'seconds':>8}   (rejected)")
    for name in SETS:
        problem_set: ProblemSet = importlib.import_module(f"solutions.{name}").EXERCISES
        started = time.monotonic()
        counts = [rejections(problem_set, seeds, change) for change in (lambda function: function, rounded_to_single)]
        answers = 2 * seeds * len(problem_set.exercises)
        print(f"{name:<16} {answers:>8} {counts[0]:>12} {counts[1]:>8} {time.monotonic() - started:>8.1f}")
        total += sum(counts)
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
