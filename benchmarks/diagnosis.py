"""How often a mistake is named, how often a wrong one is blamed, and how long that takes.

The answers are those of the tests: as students write them, and wrong in ways that have no name. Prints a
table and fails below 95 in 100 named, or above 1 in 100 wrongly blamed. Usage:
    python benchmarks/diagnosis.py [--seeds N]
"""

import argparse
import contextlib
import importlib
import io
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "exercises")]

from diagnosing import diagnosed, function_from  # noqa: E402 - the checkout's
from judging import SETS  # noqa: E402
from test_diagnosis import OTHERWISE_WRONG  # noqa: E402

LEAST_NAMED, MOST_BLAMED = 0.95, 0.01


def named(one: str, seed: int) -> tuple[int, int, int]:
    """Return how many answers of a set with a known mistake there are, are named, and are named wrongly."""
    every = right = wrong = 0
    for name, bodies in importlib.import_module(f"diagnosed_{one}").BODIES.items():
        for body, expected in bodies.items():
            if not expected:
                continue
            found = diagnosed(one, name, function_from(one, name, body), seed)
            every += 1
            right += found is not None and found.id in expected.split("|")
            wrong += found is not None and found.id not in expected.split("|")
    return every, right, wrong


def blamed(one: str, seed: int) -> tuple[int, int]:
    """Return how many answers of a set are wrong without a name, and how many of them are given one."""
    every = wrong = 0
    for name, exercise in SETS[one].exercises.items():
        if name == "relu_grad":
            continue
        for change in OTHERWISE_WRONG.values():
            every += 1
            wrong += diagnosed(one, name, change(exercise.reference), seed) is not None
    return every, wrong


def main() -> int:
    """Print the table and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    seeds = range(parser.parse_args().seeds)
    print(f"{'set':<16}{'known':>7}{'named':>7}{'misnamed':>10}{'unknown':>9}{'blamed':>8}{'ms each':>9}")
    total = [0] * 5
    for one in SETS:
        started = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            counts = [(*named(one, seed), *blamed(one, seed)) for seed in seeds]
        row = [sum(column) for column in zip(*counts, strict=True)]
        each = 1000 * (time.perf_counter() - started) / (row[0] + row[3])
        print(f"{one:<16}{row[0]:>7}{row[1]:>7}{row[2]:>10}{row[3]:>9}{row[4]:>8}{each:>9.1f}")
        total = [before + more for before, more in zip(total, row, strict=True)]
    print(f"{'all':<16}{total[0]:>7}{total[1]:>7}{total[2]:>10}{total[3]:>9}{total[4]:>8}")
    wrongly = total[2] + total[4]
    return int(total[1] < LEAST_NAMED * total[0] or wrongly > MOST_BLAMED * (total[0] + total[3]))


if __name__ == "__main__":
    sys.exit(main())
