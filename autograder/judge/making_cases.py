"""Making the hidden cases of a plan before its judge is forked, so that later judges find them made."""

import contextlib
import sys

from autograder.exercises.assessment import SEED_BYTES, hidden_cases, seeded
from autograder.exercises.declaration import ProblemSet
from autograder.judge.clock import TestTimeoutError, time_limit
from autograder.notebook.plan import Plan, Side
from autograder.notebook.sources import assessed_names, imported_modules

# Cases are made in some milliseconds; a declaration that does not end shall end in the judge, where it is told.
MOST_SECONDS = 5.0


def make_cases_of(plan: Plan) -> None:
    """Make what the tests of a plan will look at, of sets that are loaded already.

    What can't be made here is made, and its fault told, where the test runs.
    """
    tests = [cell.source for cell in plan.cells if cell.side is Side.TEST and assessed_names(cell.source)]
    seed = bytes.fromhex(plan.seed)
    if not tests or len(seed) <= SEED_BYTES:
        return
    with contextlib.suppress(Exception, TestTimeoutError), time_limit(MOST_SECONDS), seeded(seed):
        for source in tests:
            names = assessed_names(source)
            for problem_set in _problem_sets(source):
                for name in names & problem_set.exercises.keys():
                    hidden_cases(problem_set.exercises[name])


def _problem_sets(source: str) -> list[ProblemSet]:
    modules = [sys.modules[name] for name in imported_modules(source) if name in sys.modules]
    return [value for module in modules for value in vars(module).values() if isinstance(value, ProblemSet)]
