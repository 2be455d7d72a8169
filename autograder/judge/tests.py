"""Running one test cell on the grader's side, and turning what happens into a verdict."""

import ast
import contextlib
import warnings
from dataclasses import dataclass, replace
from typing import Any

from autograder.callloop.limits import Limits
from autograder.callloop.random_state import go_back_to
from autograder.errors import ExtensionError
from autograder.exercises.answers import CallLimitError
from autograder.exercises.assessment import Assessment, collect_assessments, timed
from autograder.exercises.picture import NOTHING_SEEN, Sight
from autograder.judge.clock import TestTimeoutError, time_limit
from autograder.judge.errors import CannotCrossError, is_students
from autograder.judge.filling import Filling
from autograder.judge.given_classes import run_statement
from autograder.judge.namespace import TestNamespace
from autograder.judge.not_a_number import WATCH, holds_for_nan_alone
from autograder.judge.partial_credit import score_of
from autograder.judge.printing import Printed, hushed
from autograder.judge.session import Session
from autograder.judge.statements import INSTRUCTORS_CELL, statements, test_name, visible_names
from autograder.notebook.plan import Plan, PlanCell
from autograder.notebook.sources import hidden_lines, parsed
from autograder.report import COULD_NOT_JUDGE, Check, CodeLine, Diagnosis

# A test waits for the student's calls, so that its own limit must lie above theirs.
TEST_SECONDS_FACTOR = 2.0
MESSAGE_CHARACTERS = 2000
NAN_ALONE = (
    "the answer holds NaN or infinity, or what is too large to reckon with, and the test would not hold for any number"
)
# What this grader says itself, which tells nothing of a hidden test's values.
TOLD_AS_THEY_ARE = (
    CallLimitError, TestTimeoutError, NameError, SyntaxError, ImportError, CannotCrossError, ExtensionError,
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What came of one test cell: its points, its checks, what it printed, and what a wrong answer looks like."""

    score: float
    checks: tuple[Check, ...]
    printed: str
    error: str = ""
    diagnosis: Diagnosis | None = None
    sight: Sight = NOTHING_SEEN


def execute(source: str, filename: str, namespace: TestNamespace) -> Any:
    """Run a cell's text in a namespace and return the value of its last expression, or None."""
    value = None
    for statement in statements(source, filename):
        is_secret = statement.is_hidden or namespace.is_secret(statement)
        with namespace.running(statement), hushed(is_hushed=is_secret):
            try:
                value = run_statement(statement, source, namespace, is_secret=is_secret)
            except BaseException as error:
                if is_secret:
                    error.of_hidden_test = True  # type: ignore[attr-defined]
                elif isinstance(error, AssertionError) and not str(error):
                    error.assertion = statement.failed_assertion(error)  # type: ignore[attr-defined]
                raise
    return value


def _text(error: BaseException) -> str:
    text = str(error)[:MESSAGE_CHARACTERS]
    return text or type(error).__name__


def _named(error: BaseException) -> str:
    """Return an exception's name and, where it has one, its text."""
    name, text = type(error).__name__, _text(error)
    return name if text == name else f"{name}: {text}"


def _at_fault(error: BaseException, plan: Plan) -> bool:
    """Tell whether a test failed for a reason that no student could have caused."""
    if is_students(error) or isinstance(error, (AssertionError, CallLimitError, TestTimeoutError)):
        return False
    if isinstance(error, NameError) and error.name:
        return error.name not in plan.expected_names
    return isinstance(error, (SyntaxError, ImportError, CannotCrossError, ExtensionError))


def _words(source: str) -> set[str]:
    """Return the messages that a test's author wrote out for students, in asserts and exceptions."""
    words: set[str] = set()
    for node in ast.walk(parsed(source)):
        told = [node.msg] if isinstance(node, ast.Assert) else []
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            told = list(node.exc.args)
        words |= {one.value for one in told if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return words


def _hidden_failure(error: BaseException, source: str) -> Check | None:
    """Turn an exception that a hidden statement made into a check, without the values that it tells of.

    None where the text is the student's own, this grader's, or what the author wrote out.
    """
    if is_students(error) or not vars(error).get("of_hidden_test"):
        return None
    if isinstance(error, TOLD_AS_THEY_ARE):
        return None
    if str(error) in _words(source):
        return None
    if isinstance(error, AssertionError):
        return Check("assertion", passed=False, message="an assertion of a hidden test failed")
    return Check(
        "runs", passed=False, message=f"a hidden test, working with your answer, raised {type(error).__name__}"
    )


def _failure(error: BaseException, plan: Plan) -> Check:
    """Turn an exception of a plain test into a check."""
    if isinstance(error, CallLimitError):
        return Check("limit", passed=False, message=_text(error))
    if isinstance(error, TestTimeoutError):
        return Check("limit", passed=False, message=_text(error))
    if isinstance(error, CannotCrossError):
        told = f"this test can't be run apart from the student's code: {_text(error)}"
        return Check(COULD_NOT_JUDGE, passed=False, message=f"{told}; 'autograder compat' says what to do")
    if _at_fault(error, plan):
        return Check(COULD_NOT_JUDGE, passed=False, message=f"the test is at fault: {_named(error)}")
    if isinstance(error, AssertionError) and not is_students(error):
        written = str(vars(error).get("assertion", ""))[:MESSAGE_CHARACTERS]
        bare = f"this does not hold: {written}" if written else "an assertion of the test failed"
        return Check("assertion", passed=False, message=_text(error) if str(error) else bare)
    if isinstance(error, NameError) and not is_students(error):
        return Check(
            "defined",
            passed=False,
            message=f"{error.name} is not defined; was its cell deleted or stopped by an error?",
        )
    whose = "your code" if is_students(error) else "the test, working with your answer,"
    unwritten = "; is it still to be written?" if is_students(error) and isinstance(error, NotImplementedError) else ""
    return Check("runs", passed=False, message=f"{whose} raised {_named(error)}{unwritten}")


def _checks(error: BaseException | None, assessments: list[Assessment], plan: Plan, source: str) -> tuple[Check, ...]:
    checks = tuple(check for assessment in assessments for check in assessment.checks)
    failed_there = any(not assessment.passed for assessment in assessments)
    if error is None:
        return checks or (Check("test", passed=True),)
    return checks if failed_there else (*checks, _hidden_failure(error, source) or _failure(error, plan))


def run_test(
    cell: PlanCell, plan: Plan, namespace: TestNamespace, session: Session, random: tuple[Any, Any]
) -> Verdict:
    """Run one test cell and return its verdict; no exception of a test's leaves this function.

    Raises SandboxError where the sandbox itself is gone.

    A test that compares `f(x)` with what it makes of `x` is run once more where the function changed `x`, although
    the instructor's own version does no such thing: it must pass with the `x` that it passed on as well.
    random: the state of the random numbers as the test begins.
    """
    written, recording = session.written_back, session.process.recording
    written.by.clear()
    recording.begin()
    WATCH.begin()
    assessed: set[str] = set()
    verdict = _run_once(cell, plan, namespace, session.limits, assessed)
    session.process.raise_if_lost()

    def played(filling: Filling | None) -> tuple[float, bool]:
        go_back_to(random)
        session.begin_exercise()
        with recording.playing(filling):
            again = _run_once(cell, plan, namespace, session.limits, set())
        return again.score, any(check.name == "runs" for check in again.checks)

    if verdict.score and not assessed and holds_for_nan_alone(cell.source, verdict.score, played):
        return Verdict(0.0, (Check("not a number", passed=False, message=NAN_ALONE),), verdict.printed, NAN_ALONE)
    # An assessment looks at what is changed itself, and knows by whom: an earlier function may be what changed it.
    suspects = (written.by & set(plan.pure_names)) - assessed
    if not verdict.score or not suspects:
        return verdict
    names = ", ".join(one or "a method" for one in sorted(suspects))
    go_back_to(random)
    written.kept_out = frozenset(suspects)
    try:
        session.begin_exercise()
        again = _run_once(cell, plan, namespace, session.limits, set())
        session.process.raise_if_lost()
    finally:
        written.kept_out = frozenset()
    if again.score >= verdict.score:
        return verdict
    why = f"{names} changed an argument in place, and only with it changed the answer is right; work on a copy"
    return replace(again, checks=(Check("purity", passed=False, message=why),), error=why)


def _run_once(cell: PlanCell, plan: Plan, namespace: TestNamespace, limits: Limits, assessed: set[str]) -> Verdict:
    """Run a test once; the exercises that it assesses are added to `assessed`."""
    printed = Printed(limits.output_characters)
    error: BaseException | None = None
    value: Any = None
    assessments: list[Assessment] = []
    seconds = limits.cell_seconds * TEST_SECONDS_FACTOR
    refused = CannotCrossError.of_this_test
    refused.clear()
    try:
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
            collect_assessments() as assessments,
            warnings.catch_warnings(),
            namespace.test(visible_names(cell.visible)),
            timed(limits.cell_seconds),
            time_limit(seconds),
        ):
            # A student's warnings are counted where they arise; printed, they would name our files.
            warnings.simplefilter("ignore")
            value = execute(cell.source, test_name(cell.grade_id), namespace)
    except BaseException as raised:  # noqa: BLE001 - a test may raise anything at all
        error = raised
    if refused and not isinstance(error, (CallLimitError, TestTimeoutError)):
        # One that the test has swallowed, or that had something else fail, stands all the same.
        error = refused[0]
    assessed.update(assessment.name for assessment in assessments)
    if any(not assessment.passed for assessment in assessments) and error is None:
        # A test that swallows the failure of its own assessment has failed all the same.
        error = AssertionError("an exercise's assessment failed")
    checks = _checks(error, assessments, plan, cell.source)
    score = 0.0
    if error is None:
        try:
            score = score_of(value, cell.points, cell.source)
        except ValueError as wrong:
            checks = (*checks, Check(COULD_NOT_JUDGE, passed=False, message=str(wrong)))
    told = _text(error) if error else ""
    return Verdict(score, checks, printed.getvalue(), told, *_found(assessments, error))


def _found(assessments: list[Assessment], error: BaseException | None) -> tuple[Diagnosis | None, Sight]:
    """Return what the first assessment that failed says; of a plain test, where the student's code raised an error."""
    diagnosed = next((one.diagnosis for one in assessments if one.diagnosis), None)
    seen = next((one.sight for one in assessments if one.sight != NOTHING_SEEN), None)
    return diagnosed, seen or Sight(line=_students_line(error))


def _students_line(error: BaseException | None) -> CodeLine | None:
    """Return the line that was noted with an exception; one of the student's class is not asked, which would answer."""
    found = vars(error).get("student_line") if error is not None else None
    return found if isinstance(found, CodeLine) else None


FORGEABLE = Check(
    "on_students_side", passed=True, message="run on the student's side, as the configuration says; it could be forged"
)


def run_on_students_side(cell: PlanCell, namespace: TestNamespace, session: Session) -> Verdict:
    """Run one test cell in the student's process, whose word its verdict then is."""
    ran = session.run_cell(cell.source)
    namespace.note_students(ran.names)
    printed = "".join(str(one["text"]) for one in ran.outputs if one.get("output_type") == "stream")
    if ran.error:
        name = ran.error.partition(":")[0]
        # Of a hidden part nothing is told; what was raised could name an expected value.
        told = f"the test raised {name}" if hidden_lines(cell.source) and not ran.stopped else ran.error
        check = Check("limit" if ran.stopped else "runs", passed=False, message=told)
        return Verdict(0.0, (FORGEABLE, check), printed, ran.error)
    if isinstance(ran.value, str):
        wrong = Check(COULD_NOT_JUDGE, passed=False, message=f"the test gave the score {ran.value}, which is no points")
        return Verdict(0.0, (FORGEABLE, wrong), printed)
    return Verdict(score_of(ran.value, cell.points, cell.source), (FORGEABLE,), printed)


def run_definitions(
    source: str, namespace: TestNamespace, limits: Limits, visible: frozenset[str] = frozenset()
) -> str:
    """Run an instructor's cell on the grader's side; return an error's text, or "".

    visible: names that are written to the student's side as well.
    """
    printed = Printed(limits.output_characters)
    try:
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
            namespace.test(visible),
            time_limit(limits.cell_seconds),
        ):
            execute(source, INSTRUCTORS_CELL, namespace)
    except BaseException as error:  # noqa: BLE001 - it ran, or failed, on the student's side as well
        return _text(error)
    return ""
