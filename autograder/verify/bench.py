"""The judging of changed functions, in a process that can be ended: what one worker does.

A worker imports the course's module once and keeps what it made for the exercise it is at: the
cases of each seed, and the inputs on which a change is looked for further.
"""

import importlib
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from autograder.exercises import Exercise, ExerciseFailed, ProblemSet, Style, collect_assessments, seeded
from autograder.exercises.answers import CallLimitError
from autograder.exercises.assessment import SEED_BYTES
from autograder.exercises.cases import RULE_CASES, Case, make_cases
from autograder.exercises.examination import examine
from autograder.exercises.mistakes import Mistake, diagnose, known_mistakes
from autograder.loading import leaving_nothing_compiled
from autograder.report import Check
from autograder.verify.equivalence import ASKED_TWICE, INPUTS, Witness, come_to_the_same, difference, witnesses
from autograder.verify.mutants import Mutant, function_of, mutants
from autograder.verify.processor_time import processor_time
from autograder.verify.references import Source, source_of
from autograder.verify.results import Fate, MistakeResult, MutantResult, VariantResult
from autograder.verify.rewrites import rewritten
from autograder.verify.styles import styles

# A function that takes so many times longer than the reference, and at least so long, is ended.
LONGEST_SECONDS, TIMES_LONGER = 1.0, 30.0
# How many of the mistakes that are derived for an exercise are looked at in every way.
DERIVED = 3
# How many cases are looked at first where it is only asked whether a function fails.
QUICK_CASES = 2
# As a class has it: the cases are drawn from a pool that every judgment shares.
SHARED_SEED = b"verify".ljust(SEED_BYTES) + b"verify"
TOOK_TOO_LONG = Check("time", passed=False, message="does not come to an end")


Choice = Callable[[Sequence[Case]], Sequence[Case]]


def _all_cases(cases: Sequence[Case]) -> Sequence[Case]:
    return cases


def _cases_without_rule(cases: Sequence[Case]) -> Sequence[Case]:
    """Return the cases that no numeric derivative is made for, which is what takes time."""
    return [case for case in cases if case.plan.style is not Style.USUAL]


def _first_without_rule(cases: Sequence[Case]) -> Sequence[Case]:
    """Return the first of the quick cases, which find most changes."""
    return _cases_without_rule(cases)[:QUICK_CASES]


class CourseFaultError(Exception):
    """The course's own module can't be used; the message says why."""


def problem_set_of(course: str, name: str) -> ProblemSet:
    """Import a course's module and return its problem set. Raises CourseFaultError if there is none."""
    sys.path.insert(0, course)
    try:
        with leaving_nothing_compiled():
            module = importlib.import_module(f"solutions.{name}")
    except Exception as error:  # the module is a program, which may raise anything
        msg = f"solutions/{name}.py can't be imported: {type(error).__name__}: {error}"
        raise CourseFaultError(msg) from error
    found = getattr(module, "EXERCISES", None)
    if not isinstance(found, ProblemSet) or not found.exercises:
        msg = f"solutions/{name}.py declares no exercise: it has no EXERCISES = ProblemSet(...) with functions"
        raise CourseFaultError(msg)
    return found


@dataclass(frozen=True)
class Settings:
    """How a set is verified.

    seeds: how many times the hidden cases are drawn; a mutant must be found each time.
    inputs: how many inputs a mutant that no case finds is compared on.
    thorough: whether every known mistake is looked at in every way, and not only those that are
        declared and some that are derived.
    jobs: how many processes at once.
    """

    seeds: int = 2
    inputs: int = INPUTS
    thorough: bool = False
    jobs: int = 1


@dataclass
class Desk:
    """One exercise with what was made for it."""

    source: Source
    exercise: Exercise
    seeds: int
    inputs: int
    _cases: dict[int, tuple[list[Case], Any]] = field(default_factory=dict)

    @cached_property
    def mutants(self) -> list[Mutant]:
        """Every mutant of the exercise."""
        return mutants(self.source, self.exercise)

    @cached_property
    def variants(self) -> list[tuple[str, Callable[..., Any]]]:
        """Every right answer that is given or written in another way."""
        found = [(name, wrap(self.exercise.reference)) for name, wrap in styles(self.exercise)]
        for name, texts in rewritten(self.source, self.exercise.name):
            found.append((name, self.source.function(self.exercise.name, texts)))
        return found

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Every known mistake of the exercise, the declared ones first, whatever the catalogue thinks of them."""
        declared = self.exercise.mistakes
        ids = {mistake.id for mistake in declared}
        return (*declared, *(one for one in known_mistakes(self.exercise) if one.id not in ids))

    @cached_property
    def witnesses(self) -> list[Witness]:
        """Inputs beyond the cases."""
        return self._witnesses(self.inputs)

    @cached_property
    def few_witnesses(self) -> list[Witness]:
        """As many of them as are enough to tell one mistake from another; all of them take seconds to make."""
        return self._witnesses(min(ASKED_TWICE, self.inputs))

    def clear(self) -> None:
        """Forget the inputs, which take memory; what was found of the exercise, which takes time, stays."""
        self._cases.clear()
        for name in ("witnesses", "few_witnesses"):
            self.__dict__.pop(name, None)

    def _witnesses(self, count: int) -> list[Witness]:
        return witnesses(self.exercise, count, np.random.default_rng([0, *self.exercise.name.encode()]))

    @cached_property
    def seconds(self) -> float:
        """How long a function may take with one seed's cases."""
        started = time.process_time()
        self._examined(self.exercise.reference, 0)
        return max(LONGEST_SECONDS, TIMES_LONGER * (time.process_time() - started))

    def _examined(self, function: Callable[..., Any], seed: int, chosen: Choice = _all_cases) -> tuple[Check, ...]:
        if seed not in self._cases:
            random = np.random.default_rng([seed, *self.exercise.name.encode()])
            cases = make_cases(self.exercise, random)
            # What the rule knows of its first cases is found out once, and not anew for each mutant.
            known = [case.with_facts(self.exercise, random) for case in cases[:RULE_CASES]]
            self._cases[seed] = [*known, *cases[RULE_CASES:]], random.bit_generator.state
        cases, state = self._cases[seed]
        random = np.random.default_rng()
        random.bit_generator.state = state
        return examine(self.exercise, function, random, chosen(cases))

    def failed(self, function: Callable[..., Any], seed: int, chosen: Choice = _all_cases) -> list[Check]:
        """Return the checks that a function fails with a seed's cases; one of time if it does not end."""
        try:
            with processor_time(self.seconds) as ended:
                checks = self._examined(function, seed, chosen)
        except CallLimitError:
            return [TOOK_TOO_LONG]
        if ended:
            return [TOOK_TOO_LONG]
        return [check for check in checks if not check.passed] if checks else [Check("runs", passed=False)]

    def fails(self, function: Callable[..., Any], seed: int) -> bool:
        """Tell whether a function fails with a seed's cases; quicker than to gather how."""
        return any(
            self.failed(function, seed, chosen) for chosen in (_first_without_rule, _cases_without_rule, _all_cases)
        )

    def mutant(self, number: int) -> MutantResult:
        """Judge one mutant: killed by the cases of every seed, or equivalent, or a survivor."""
        mutant = self.mutants[number]

        def result(fate: Fate, checks: tuple[str, ...], note: str = "") -> MutantResult:
            return MutantResult(
                mutant.exercise, mutant.function, mutant.operator, mutant.group, fate, checks, mutant.diff, note
            )

        try:
            functions = [function_of(self.source, self.exercise, mutant) for _ in range(self.seeds + 1)]
        except Exception:  # noqa: BLE001 - a text that can't even be defined is the student's to mend
            return result(Fate.KILLED, ("defined",))
        names = tuple(check.name for check in self.failed(functions[1], 0))
        failed = [bool(names), *(self.fails(function, seed) for seed, function in enumerate(functions[2:], start=1))]
        if all(failed):
            return result(Fate.KILLED, names)
        if any(failed):
            lucky = ", ".join(str(seed) for seed, wrong in enumerate(failed) if not wrong)
            return result(Fate.SURVIVED, names, f"found with some seeds only; not with: {lucky}")
        try:
            with processor_time(self.seconds + len(self.witnesses) * self.seconds / 10):
                told = difference(self.exercise, functions[0], self.witnesses)
        except CallLimitError:
            told = "does not come to an end"
        return result(Fate.SURVIVED, (), told) if told else result(Fate.EQUIVALENT, ())

    def variant(self, number: int) -> VariantResult:
        """Judge one right answer."""
        name, function = self.variants[number]
        for seed in range(self.seeds):
            failed = self.failed(function, seed)
            if failed:
                return VariantResult(self.exercise.name, name, f"{failed[0].name}: {failed[0].message}")
        return VariantResult(self.exercise.name, name)


class Bench:
    """A problem set on a worker's bench."""

    def __init__(self, course: str, name: str, settings: Settings) -> None:
        self.source = source_of(problem_set_of(course, name))
        self.seeds, self.inputs, self.thorough = settings.seeds, settings.inputs, settings.thorough
        self._desks: dict[str, Desk] = {}
        self._at = ""

    def plan(
        self, part: int = 0, parts: int = 1
    ) -> tuple[tuple[str, ...], dict[str, list[Mutant]], dict[str, list[str]], dict[str, list[str]]]:
        """Return the exercises, and by exercise the mutants, the variants' names, and the mistakes' ids.

        part, parts: which of so many workers this is; each looks at its share of the exercises.
        """
        exercises = self.source.problem_set.exercises
        desks = [self.desk(name) for name in list(exercises)[part::parts]]
        return (
            tuple(exercises),
            {desk.exercise.name: desk.mutants for desk in desks},
            {desk.exercise.name: [name for name, _ in desk.variants] for desk in desks},
            {desk.exercise.name: [one.id for one in desk.mistakes] for desk in desks},
        )

    def desk(self, exercise: str) -> Desk:
        """Return the desk of one exercise; that of the last one is cleared of its inputs."""
        if self._at != exercise and self._at in self._desks:
            self._desks[self._at].clear()
        self._at = exercise
        if exercise not in self._desks:
            found = self.source.problem_set.exercises[exercise]
            self._desks[exercise] = Desk(self.source, found, self.seeds, self.inputs)
        return self._desks[exercise]

    def mistake(self, exercise: str, number: int) -> MistakeResult:
        """Judge a known mistake; if it is chosen, ask for its name, and what it costs those that call it.

        For that it stands in the reference's place in a whole set of functions that call each other.
        """
        desk = self.desk(exercise)
        mistake = desk.mistakes[number]
        chosen = self._is_chosen(len(desk.exercise.mistakes), len(desk.mistakes), number)
        caught = all(desk.fails(mistake.answer, seed) for seed in range(self.seeds))
        if not chosen:
            return MistakeResult(exercise, mistake.id, caught)
        random = np.random.default_rng([number, *exercise.encode()])
        named = self._name_of(desk, mistake, random)
        namespace = {**self.source.notebook(), exercise: mistake.answer}
        hurt = tuple(name for name in self.source.callers(exercise) if not self._earns(name, namespace))
        return MistakeResult(exercise, mistake.id, caught, named, hurt, asked=True)

    def _name_of(self, desk: Desk, mistake: Mistake, random: np.random.Generator) -> str | None:
        """Return the id that the diagnosis gives a mistake; its own where the other one comes to the same."""
        found = diagnose(desk.exercise, mistake.answer, random)
        if found is None or found.id == mistake.id:
            return found.id if found else None
        other = next((one.answer for one in desk.mistakes if one.id == found.id), None)
        alike = other is not None and come_to_the_same(desk.exercise, mistake.answer, other, desk.few_witnesses)
        return mistake.id if alike else found.id

    def _is_chosen(self, declared: int, known: int, number: int) -> bool:
        """Tell whether a mistake is looked at in every way: those that are declared, and some that are derived."""
        return self.thorough or number < declared or (number - declared) % max(1, (known - declared) // DERIVED) == 0

    def _earns(self, exercise: str, namespace: dict[str, Any]) -> bool:
        with warnings.catch_warnings(), seeded(SHARED_SEED), collect_assessments():
            warnings.simplefilter("ignore")
            try:
                self.source.problem_set.assess(exercise, namespace)
            except ExerciseFailed:
                return False
        return True
