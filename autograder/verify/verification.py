"""All of a verification: the notebook's copies in the sandbox, then mistakes, mutants and right answers."""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from autograder.notebook.assignment import CourseError, load_assignments
from autograder.sandbox.backend import Backend
from autograder.verify.bench import CourseFaultError, Settings
from autograder.verify.copies import Copy, copies, graded_copies
from autograder.verify.pool import Plan, Pool
from autograder.verify.results import CopyResult, Findings, MistakeResult, MutantResult, VariantResult

Found = CopyResult | MutantResult | VariantResult | MistakeResult


class Verification:
    """A problem set that is being verified. Iterate over `work` to the end, then ask for the findings."""

    def __init__(self, course: Path, name: str, backend: Backend, settings: Settings) -> None:
        self._started = time.monotonic()
        self.course, self.name, self._backend, self._settings = course, name, backend, settings
        handed_out = course / "release" / name
        self._copies: list[Copy] = list(copies(load_assignments(course, name), handed_out))
        self._pool = Pool(str(course), name, settings)
        self._plan: Plan | None = None
        self._found: list[Found] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *arguments: object) -> None:
        self._pool.__exit__(*arguments)

    def plan(self) -> int:
        """Find out what there is to judge, and return how much it is.

        Raises CourseError if the set's module can't be used.
        """
        try:
            self._plan = self._pool.plan()
        except CourseFaultError as error:
            raise CourseError(str(error)) from error
        return self._plan.total + len(self._copies)

    def work(self) -> Iterator[Found]:
        """Judge everything; yield each result when it is there."""
        assert self._plan is not None
        graded = graded_copies(self._copies, self._backend, self._settings.jobs)
        for found in itertools.chain(graded, self._pool.judge(self._plan)):
            self._found.append(found)
            yield found

    @property
    def findings(self) -> Findings:
        """What was found, in the order of the notebook, and the same whichever worker was first."""
        assert self._plan is not None
        exercises = self._plan.exercises
        order = {name: place for place, name in enumerate(exercises)}
        named = {one.name: place for place, one in enumerate(self._copies)}
        return Findings(
            self.name,
            exercises,
            tuple(sorted((x for x in self._found if isinstance(x, CopyResult)), key=lambda x: named[x.name])),
            tuple(
                sorted(
                    (x for x in self._found if isinstance(x, MistakeResult)), key=lambda x: (order[x.exercise], x.id)
                )
            ),
            tuple(
                sorted(
                    (x for x in self._found if isinstance(x, MutantResult)),
                    key=lambda x: (order[x.exercise], x.group, x.operator, x.diff),
                )
            ),
            tuple(
                sorted(
                    (x for x in self._found if isinstance(x, VariantResult)),
                    key=lambda x: (order[x.exercise], x.variant),
                )
            ),
            time.monotonic() - self._started,
        )
