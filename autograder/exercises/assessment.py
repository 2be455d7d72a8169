"""One exercise's judgment inside a test cell: the seed, the follow-through, and where verdicts go.

A test cell calls `EXERCISES.assess("grad_W2", globals())`. In a plain kernel that raises an
AssertionError when the answer is wrong, and that is all. Under the grader the same call also leaves
its checks with whoever collects them, so that a report can show them one by one.
"""

import contextlib
import hashlib
import io
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np

from autograder.exercises.cases import Case, make_cases
from autograder.exercises.diagnosis.errors import not_written
from autograder.exercises.examination import NOT_WRITTEN, does_the_same, examine
from autograder.exercises.exercise import Exercise
from autograder.exercises.mistakes import diagnose
from autograder.exercises.picture import NOTHING_SEEN, Sight, looked_at
from autograder.exercises.pool import pooled_cases
from autograder.report import LOOKS_LIKE, Check, Diagnosis

_seed: ContextVar[bytes] = ContextVar("_seed", default=b"a fixed seed for work outside the grader")
_seconds: ContextVar[float] = ContextVar("_seconds", default=10.0)
_collector: ContextVar["list[Assessment] | None"] = ContextVar("_collector", default=None)

# A function that took longer than this in its examination is not called again for a diagnosis.
DIAGNOSIS_SECONDS = 2.0
SEED_BYTES = 32


class ExerciseFailed(AssertionError):  # noqa: N818 - reads as the outcome it is in a student's notebook
    """An answer was wrong; the message says which checks failed."""


@dataclass(frozen=True)
class Assessment:
    """The verdict on one exercise."""

    name: str
    checks: tuple[Check, ...]
    diagnosis: Diagnosis | None = None
    sight: Sight = NOTHING_SEEN

    @property
    def passed(self) -> bool:
        """True if something was checked and nothing failed."""
        return bool(self.checks) and all(check.passed for check in self.checks)


@dataclass
class Substitution:
    """Which functions the grader answers in the student's place, and which of them were called."""

    called: set[str] = field(default_factory=set)


@runtime_checkable
class Substitutable(Protocol):
    """A namespace in which the grader can answer for some of the student's functions."""

    @property
    def unusable(self) -> frozenset[str]:
        """The student's functions that are not called any more, because a limit ended them."""

    @property
    def to_come(self) -> frozenset[str]:
        """The exercises that are assessed further down in the notebook."""

    def answered_by(self, functions: Mapping[str, Any]) -> AbstractContextManager[None]:
        """Let the given functions stand in the student's place for a while."""

    def keep_answering(self, functions: Mapping[str, Any]) -> None:
        """Let the given functions stand in the student's place for the rest of the test cell."""


@contextmanager
def seeded(seed: bytes) -> Iterator[None]:
    """Draw the cases of every exercise in this block from `seed`.

    What is beyond its first `SEED_BYTES` is common to many students, whose cases may then be shared.
    """
    token = _seed.set(seed)
    try:
        yield
    finally:
        _seed.reset(token)


@contextmanager
def timed(seconds: float) -> Iterator[None]:
    """Let every exercise in this block have so much time in all; a diagnosis stops when half of it is over."""
    token = _seconds.set(seconds)
    try:
        yield
    finally:
        _seconds.reset(token)


@contextmanager
def collect_assessments() -> Iterator[list[Assessment]]:
    """Gather the verdicts of every exercise that is assessed in this block."""
    gathered: list[Assessment] = []
    token = _collector.set(gathered)
    try:
        yield gathered
    finally:
        _collector.reset(token)


def _random(exercise: Exercise, purpose: str = "") -> np.random.Generator:
    digest = hashlib.blake2b(f"{exercise.name}{purpose}".encode(), key=_seed.get()[:64], digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest))


def hidden_cases(exercise: Exercise) -> list[Case]:
    """Return the cases that an exercise is judged on, as the seed says."""
    random, shared = _random(exercise), _seed.get()[SEED_BYTES:]
    return pooled_cases(exercise, shared, random) if shared else make_cases(exercise, random)


@contextmanager
def _standing_in(namespace: dict[str, Any], functions: Mapping[str, Any]) -> Iterator[None]:
    """Replace functions in a plain notebook namespace, which is what its functions look names up in."""
    if isinstance(namespace, Substitutable):
        with namespace.answered_by(functions):
            yield
        return
    absent = object()
    before = {name: namespace.get(name, absent) for name in functions}
    namespace.update(functions)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is absent:
                namespace.pop(name, None)
            else:
                namespace[name] = value


def _counted(exercise: Exercise, record: Substitution) -> Any:
    def answer(*positional: Any, **named: Any) -> Any:
        record.called.add(exercise.name)
        return exercise.reference(*positional, **named)

    return answer


def _examined_with_stand_ins(
    exercise: Exercise, stand_ins: Mapping[str, Exercise], namespace: dict[str, Any]
) -> tuple[tuple[Check, ...], Substitution]:
    record = Substitution()
    functions = {name: _counted(other, record) for name, other in stand_ins.items()}
    with _standing_in(namespace, functions):
        return examine(exercise, namespace[exercise.name], _random(exercise), hidden_cases(exercise)), record


def _follow_through_check(record: Substitution) -> Check:
    names = ", ".join(sorted(record.called))
    return Check("follow_through", passed=True, message=f"judged with the grader's {names} in place of yours")


def _that_do_other_work(earlier: Mapping[str, Exercise], exercise: Exercise) -> dict[str, Exercise]:
    return {name: other for name, other in earlier.items() if not does_the_same(other, exercise, _random(exercise))}


def _verdict(exercise: Exercise, earlier: Mapping[str, Exercise], namespace: dict[str, Any]) -> tuple[Check, ...]:
    """Judge with the student's own earlier functions; if that fails, with the grader's in their place.

    A function that does the same work under another name never stands in: calling it would earn
    points for what nobody wrote.
    """
    unusable = namespace.unusable if isinstance(namespace, Substitutable) else frozenset()
    if unusable & earlier.keys():
        earlier = _that_do_other_work(earlier, exercise)
    broken = {name: other for name, other in earlier.items() if name in unusable}
    checks, record = _examined_with_stand_ins(exercise, broken, namespace)
    passed = all(check.passed for check in checks)
    if not passed:
        earlier = _that_do_other_work(earlier, exercise)
    if not passed and not earlier.keys() <= broken.keys() and exercise.name not in unusable:
        again, record_again = _examined_with_stand_ins(exercise, earlier, namespace)
        if record_again.called:
            # Where it fails all the same, what is wrong is its own, and not what an earlier mistake made of it.
            checks, record, passed = again, record_again, all(check.passed for check in again)
    if passed and record.called and isinstance(namespace, Substitutable):
        # The visible half of the test calls the function again, and must not charge the mistake twice.
        namespace.keep_answering({name: other.reference for name, other in earlier.items()})
    return (*checks, _follow_through_check(record)) if passed and record.called else checks


def _looked_into(
    exercise: Exercise, earlier: Mapping[str, Exercise], namespace: dict[str, Any], started: float
) -> tuple[Diagnosis | None, Sight]:
    """Say and show what a wrong answer looks like, with the grader's functions in place of earlier ones.

    Nothing that goes wrong on the way changes the verdict. What the function prints is not shown again.
    """
    now = time.monotonic()
    until = min(started + _seconds.get() / 2, now + DIAGNOSIS_SECONDS)
    found: Diagnosis | None = None
    if now - started > DIAGNOSIS_SECONDS or until <= now:
        return None, NOTHING_SEEN
    try:
        # As in the verdict: what does the same work under another name shows its mistake.
        random = _random(exercise)
        functions = {
            name: other.reference for name, other in earlier.items() if not does_the_same(other, exercise, random)
        }
        with contextlib.redirect_stdout(io.StringIO()), _standing_in(namespace, functions):
            function = namespace[exercise.name]
            found = diagnose(exercise, function, _random(exercise, " diagnosis"), until=until)
            return found, looked_at(exercise, function, until)
    except Exception:  # noqa: BLE001 - a student's objects may do anything at all, and no diagnosis is no harm
        return found, NOTHING_SEEN


def assess(exercise: Exercise, earlier: Mapping[str, Exercise], namespace: dict[str, Any]) -> None:
    """Judge one function of a notebook's namespace.

    earlier: the exercises before it, whose references may stand in for the student's functions.
    Raises ExerciseFailed if a check failed, or if none could be made.
    """
    started = time.monotonic()
    diagnosis, sight = None, NOTHING_SEEN
    if isinstance(namespace, Substitutable):
        # Who moves a test behind others could otherwise ask them for its answers before it is judged.
        earlier = {name: other for name, other in earlier.items() if name not in namespace.to_come}
    try:
        function = namespace[exercise.name]
    except KeyError:
        missing = f"{exercise.name} is not defined; was its cell deleted, renamed or stopped by an error?"
        checks: tuple[Check, ...] = (Check("defined", passed=False, message=missing),)
    else:
        if callable(function):
            checks = _verdict(exercise, earlier, namespace)
            if not all(check.passed for check in checks):
                stub = any(check.message == NOT_WRITTEN for check in checks)
                diagnosis = not_written(exercise) if stub else None
                if not stub:
                    diagnosis, sight = _looked_into(exercise, earlier, namespace, started)
        else:
            wrong = f"{exercise.name} is not a function but a {type(function).__name__}"
            checks = (Check("defined", passed=False, message=wrong),)
    assessment = Assessment(exercise.name, checks, diagnosis, sight)
    gathered = _collector.get()
    if gathered is not None:
        gathered.append(assessment)
    if not assessment.passed:
        lines = [f"  {check.name}: {check.message}" for check in checks if not check.passed]
        lines += [f"  {LOOKS_LIKE}: {diagnosis.message}"] if diagnosis else []
        raise ExerciseFailed("\n".join([f"{exercise.name}: not right yet", *lines]))
