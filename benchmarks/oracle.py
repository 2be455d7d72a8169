"""How often a gradient check rejects a right gradient, or accepts a wrong one: ours and others.

Prints two tables in Markdown: ours on many cases, and all that are installed on the same fewer
cases. Fails if ours was wrong once. Usage:
    python benchmarks/oracle.py [--right N] [--problems N] [--compared N]
For the others: pip install -e '.[benchmark]'.
"""

import argparse
import platform
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent)]

from oracle_cases import Case, right_cases, wrong_cases  # noqa: E402 - beside this file, wherever it is run from
from oracle_peers import Peer, ours, peers  # noqa: E402

FIRST_COMPARED = 1_000_000  # the seeds of the comparison are none of those that ours alone is measured on


@dataclass
class Count:
    """What one check said of some cases."""

    cases: int = 0
    accepted: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def rejected(self) -> int:
        """How many were not accepted."""
        return self.cases - self.accepted.total()

    @property
    def milliseconds(self) -> float:
        """The mean processor time of one check."""
        return 1000 * self.seconds / max(1, self.cases)


def measured(check: Peer, cases: Iterable[Case], *, expected: bool | None = None) -> Count:
    """Let a check judge cases; what is not as expected goes to standard error."""
    count = Count()
    for case in cases:
        started = time.process_time()
        try:
            accepted = check(case.problem.f, case.answer, case.problem.at)
        except (ArithmeticError, ValueError, RuntimeError, TypeError) as error:
            accepted = False
            if expected is not None:
                print(f"{case.kind}: {error}", file=sys.stderr)
        count.seconds += time.process_time() - started
        count.cases += 1
        count.accepted[case.kind] += accepted
        if expected is not None and accepted is not expected:
            print(f"{case.kind}: {'accepted' if accepted else 'rejected'}", file=sys.stderr)
    return count


def alone(right: int, problems: int) -> bool:
    """Measure ours on many cases, print a table, and tell whether it was never wrong."""
    good = measured(ours, right_cases(range(right)), expected=True)
    bad = measured(ours, wrong_cases(range(problems)), expected=False)
    print("| | cases | kinds | wrongly judged | ms a check |\n|---|---:|---:|---:|---:|")
    print(f"| right gradients | {good.cases} | {len(good.accepted)} | {good.rejected} | {good.milliseconds:.2f} |")
    print(
        f"| wrong gradients | {bad.cases} | {len(bad.accepted)} | {bad.accepted.total()} | {bad.milliseconds:.2f} |\n",
        flush=True,
    )
    return good.rejected == 0 and bad.accepted.total() == 0


def compared(number: int, decades: float) -> None:
    """Measure every check that is installed on the same cases, and print a table."""
    seeds = range(FIRST_COMPARED, FIRST_COMPARED + number)
    right = list(right_cases(seeds, decades))
    random = np.random.default_rng(0)
    wrong = [case for case in wrong_cases(seeds, decades) if case.answer.shape == case.problem.at.shape]
    wrong = [wrong[place] for place in random.permutation(len(wrong))[:number]]
    found, missing = peers()
    print(f"Scales from 1e-{decades:g} to 1e{decades:g}:\n")
    print(f"| {len(right)} right, {len(wrong)} wrong gradients | right rejected | wrong accepted | ms a check |")
    print("|---|---:|---:|---:|")
    for name, peer in found.items():
        good, bad = measured(peer, right), measured(peer, wrong)
        mean = (good.milliseconds + bad.milliseconds) / 2
        print(f"| {name} | {good.rejected} | {bad.accepted.total()} | {mean:.2f} |", flush=True)
    print()
    if missing:
        print(f"Not installed, and left out: {', '.join(missing)}.\n")


def main() -> int:
    """Measure, print the tables, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--right", type=int, default=100_800, help="right gradients that ours is measured on")
    parser.add_argument("--problems", type=int, default=720, help="problems whose wrong gradients it is measured on")
    parser.add_argument("--compared", type=int, default=180, help="right gradients, and as many wrong, for all")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}\n")
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        right = alone(options.right, options.problems)
        if options.compared:
            for decades in (8.0, 1.0):
                compared(options.compared, decades)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
