"""When students see a test's result on Gradescope: by the kind of the test, or by its exercise."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.notebook.assignment import Assignment
from autograder.notebook.sources import hidden_lines
from autograder.writers.gradescope import AFTER_DUE_DATE, VISIBILITIES, VISIBLE

HIDDEN_TESTS, VISIBLE_TESTS = "hidden-tests", "visible-tests"
KINDS = (HIDDEN_TESTS, VISIBLE_TESTS)


class VisibilityError(ValueError):
    """There is no such exercise or visibility; the message says which there are."""


@dataclass(frozen=True)
class Rule:
    """One setting: of which tests, a kind or an exercise's name or "" for all, and when they are shown."""

    which: str
    when: str

    def __str__(self) -> str:
        """Return the setting as it is typed."""
        return f"{self.which}={self.when}" if self.which else self.when


def rule(text: str) -> Rule:
    """Return the setting that `[WHICH=]WHEN` means. Raises VisibilityError if Gradescope knows no such WHEN."""
    which, _, when = text.rpartition("=")
    if when not in VISIBILITIES or text.startswith("="):
        whens, kinds = ", ".join(VISIBILITIES), ", ".join(KINDS)
        msg = f"--visibility {text!r}: type one of {whens}; for some tests only, WHICH= before it: {kinds}, an exercise"
        raise VisibilityError(msg)
    return Rule(which, when)


DEFAULTS = (Rule(HIDDEN_TESTS, AFTER_DUE_DATE), Rule(VISIBLE_TESTS, VISIBLE))


def check_rules(assignments: Sequence[Assignment], rules: Sequence[Rule]) -> None:
    """Raise VisibilityError if a rule names an exercise that no notebook has."""
    exercises = {one.exercise_name(test): test for one in assignments for test in one.tests}
    unknown = {one.which for one in rules} - {"", *KINDS, *exercises, *exercises.values()}
    if unknown:
        msg = f"--visibility: there is no exercise {', '.join(sorted(unknown))}; there are: {', '.join(exercises)}"
        raise VisibilityError(msg)


def visibilities(assignments: Sequence[Assignment], rules: Sequence[Rule] = ()) -> dict[str, str]:
    """Return when each test of an assignment's notebooks is shown, by its grade_id.

    A test with a part that students were not given is shown after the due date, any other at once, unless a rule says
    otherwise; one for an exercise comes before one for a kind, and that before one for all; of several the last counts.
    """
    found: dict[str, str] = {}
    for assignment in assignments:
        for grade_id, cell in assignment.tests.items():
            kind = HIDDEN_TESTS if hidden_lines(cell.source) else VISIBLE_TESTS
            own = {assignment.exercise_name(grade_id), grade_id}
            order = ([one for one in rules if one.which in wanted] for wanted in (own, {kind}, {""}))
            chosen = next((ones[-1] for ones in order if ones), None)
            found[grade_id] = (chosen or next(one for one in DEFAULTS if one.which == kind)).when
    return found
