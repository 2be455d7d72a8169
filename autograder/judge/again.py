"""A test that fails is judged once more where another exercise of the same student may be the reason.

What a function changes in its process, on purpose or not, stays for every later call there: a method of NumPy's that
was replaced, a timer, a limit. So a test that fails after others runs again in a new process, in which their calls
never were; and, if that is not enough, in one in which the cells whose text reaches beyond what they define never ran.
What is earned there would be earned by the same notebook without those cells.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from autograder.callloop.random_state import go_back_to, snapshot
from autograder.exercises.answers import CallLimitError
from autograder.judge.cell_run import cell_run
from autograder.judge.history import TOO_LONG
from autograder.judge.namespace import TestNamespace
from autograder.judge.session import Session
from autograder.judge.tests import Verdict, run_test
from autograder.notebook.plan import Plan, PlanCell, Side
from autograder.notebook.reach import Reach
from autograder.notebook.reads import names_used
from autograder.notebook.sources import assessed_names, bound_names
from autograder.report import Check

# Looking into a cell takes a fraction of a millisecond, and nobody's notebook has more of them.
MOST_CELLS = 500
APART = Check("apart", passed=True, message="judged without other cells of yours that change what this one uses")


@dataclass
class Judging:
    """The judging of one notebook's tests."""

    plan: Plan
    namespace: TestNamespace
    session: Session
    # Seconds of judging tests once more, in all and for nothing; and whether leaving cells out is what helped last.
    _spent: float = 0.0
    _in_vain: float = 0.0
    _helped: bool = False

    def __post_init__(self) -> None:
        self.session.history.answered = self._note

    @cached_property
    def _reach(self) -> Reach:
        return Reach([cell.source for cell in self.plan.cells if cell.side is not Side.TEST])

    @cached_property
    def _released(self) -> frozenset[str]:
        return frozenset(cell.source for cell in self.plan.cells if cell.as_released)

    def _note(self, answer: dict[str, Any]) -> None:
        """Note the names that a cell binds in a new process and did not bind before."""
        names = dict(cell_run(answer, self.session.limits).names)
        missing = [[name, kind] for name, kind in names.items() if kind != "gone" and name not in self.namespace]
        self.namespace.note_students(missing)

    def verdict(self, cell: PlanCell) -> Verdict:
        """Run one test cell and return its verdict. Raises SandboxError where the sandbox itself is gone.

        A test in which the process ended, after earlier tests had called functions in it, is run again in a new
        one: a thread that one of them has left may have ended it.
        """
        session, process = self.session, self.session.process
        used, random, before = process.used, snapshot(), (set(session.unusable), dict(session.usage.warnings))

        def run() -> Verdict:
            session.begin_exercise()
            return run_test(cell, self.plan, self.namespace, session, random)

        def run_again() -> Verdict:
            session.unusable, session.usage.warnings = set(before[0]), dict(before[1])
            go_back_to(random)
            return run()

        verdict = run()
        if not verdict.score and process.has_ended(used):
            used, verdict = 0, run_again()
        if verdict.score >= cell.points:
            return verdict
        left = session.unusable, session.usage.warnings
        better = self._once_more(cell, verdict, run_again, used=bool(used), unusable=before[0])
        if better is None:
            session.unusable, session.usage.warnings = left
        return better or verdict

    def _once_more(
        self, cell: PlanCell, verdict: Verdict, run: Callable[[], Verdict], *, used: bool, unusable: set[str]
    ) -> Verdict | None:
        """Run a test in new processes; return the first verdict that is better than the one that there is, or None."""
        session, process = self.session, self.session.process
        needed = names_used(cell.source) | assessed_names(cell.source)
        others = frozenset(one for one in self._beyond() if needed.isdisjoint(bound_names(one, imports=False)))
        for leaves_out in self._ways(used=used) if others else ():
            if leaves_out:
                session.history.gives = lambda kind, text: self._is_given(kind, text, others, needed)
            started = time.monotonic()
            try:
                with process.on_its_own_account():
                    self._bring_up(unusable)
                    again = run()
            finally:
                if leaves_out:
                    session.history.give_all()
                    process.close()
            self._count(time.monotonic() - started, helped=again.score > verdict.score, leaves_out=leaves_out)
            if again.score > verdict.score:
                return replace(again, checks=(*again.checks, APART)) if leaves_out else again
        return None

    def _ways(self, *, used: bool) -> Iterator[bool]:
        """Yield whether to leave cells out, for each attempt; the way that helped last comes first."""
        limits = self.session.limits
        for leaves_out in (self._helped, not self._helped):
            has_time = self._in_vain < limits.cell_seconds and self._spent < limits.total_seconds
            # A process in which no test has called anything is as the next one would be.
            if has_time and (leaves_out or used):
                yield leaves_out

    def _count(self, seconds: float, *, helped: bool, leaves_out: bool) -> None:
        self._spent += seconds
        if helped:
            self._helped = leaves_out
        else:
            self._in_vain += seconds

    def _bring_up(self, unusable: set[str]) -> None:
        """Have the new process run the cells now, so that the test knows which names they bind."""
        self.session.unusable = set(unusable)
        with suppress(CallLimitError):
            self.session.process.request({"op": "stub", "names": sorted(unusable)})

    def _beyond(self) -> Iterator[str]:
        """Yield the cells that may harm a test; those that define something that it mentions are among them."""
        cells = set(self.session.history.cells) - self._released
        return filter(self._reach.is_beyond, cells if len(cells) <= MOST_CELLS else ())

    @staticmethod
    def _is_given(kind: str, text: str, others: frozenset[str], needed: frozenset[str]) -> bool:
        """Tell whether a cell is to run where those that may harm never ran.

        One that took too long may have waited for what another left: if the test needs it, it is worth a try.
        """
        return text not in others and (kind != TOO_LONG or not needed.isdisjoint(bound_names(text, imports=False)))
