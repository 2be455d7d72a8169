"""One submission from its first cell to its last, in the judge's process."""

import base64
import contextlib
import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from autograder.callloop.limits import Limits
from autograder.callloop.plain_data import clean
from autograder.exercises.assessment import seeded
from autograder.exercises.picture import NOTHING_SEEN
from autograder.judge import making, pickles, visible_definitions
from autograder.judge import student_name as names
from autograder.judge.again import Judging
from autograder.judge.assertions import provide
from autograder.judge.class_state import ClassState, own_text, text_of_instructor
from autograder.judge.events import Events
from autograder.judge.folder import OwnFolder
from autograder.judge.in_tests import look_through_proxies
from autograder.judge.kept_by_objects import KeptByObjects
from autograder.judge.main_module import MainModule
from autograder.judge.namespace import TestNamespace
from autograder.judge.one_object import begin_test
from autograder.judge.outputs import Room, error_output, printed_output
from autograder.judge.own_modules import import_from
from autograder.judge.patches import Patches
from autograder.judge.session import Session
from autograder.judge.statements import visible_names
from autograder.judge.tests import FORGEABLE, MESSAGE_CHARACTERS, run_definitions, run_on_students_side
from autograder.judge.workspace import Workspace, keep_from_running, write_files
from autograder.notebook.looking import helpers_with_files, looks_at_files
from autograder.notebook.plan import Plan, PlanCell, Side, module_names
from autograder.notebook.reads import names_in_functions
from autograder.notebook.sources import assessed_names
from autograder.report import LOOKS_LIKE, Check, Resources
from autograder.sandbox.backend import SandboxError
from autograder.sandbox.fork_server import ForkServer
from autograder.sandbox.policy import SCRATCH_PATH

NOTES = {"compared": "refused: an object of the student's class was compared with plain data, and equals none"}
# A test that seeds random numbers means those that the student's code then draws.
_SEEDS = re.compile(r"\bseed\(|\bset_state\(|\bsetstate\(")
# A test that asks for what is elsewhere; where that is could be a student's to say.
_FETCHES = re.compile(r"\burlopen\b|\burlretrieve\b|\brequests\b|\bhttp|\bsocket\b|\bread_\w+\(")

# Where a demonstration's output would stand in a graded notebook.
LEFT_OUT = "(not run while grading: nothing that is graded depends on this cell)\n"


def _student_seed(seed: str) -> int:
    """Return what a student's random numbers start from, which tells nothing of the hidden cases' seed."""
    return int.from_bytes(hashlib.sha256(f"student's random numbers: {seed}".encode()).digest()[:4])


def place_for_files() -> str | None:
    """Return the folder that those for files of tests are made in: where the student's side has them, if it can be."""
    return SCRATCH_PATH if os.access(SCRATCH_PATH, os.W_OK) else None


def _assessed_later(plan: Plan) -> list[frozenset[str]]:
    """Return what tests after each cell assess, for each cell."""
    later, found = frozenset[str](), []
    for cell in reversed(plan.cells):
        found.append(later)
        later |= assessed_names(cell.source) if cell.side is Side.TEST else frozenset()
    return found[::-1]


class NotebookRun:
    """The run of one plan."""

    def __init__(self, plan: Plan, server: ForkServer, limits: Limits, events: Events) -> None:
        self.plan = plan
        self.limits = limits
        self.events = events
        self.stopped = self.own_modules = ""
        self.room = Room()
        self.helpers = helpers_with_files(plan)
        self.read = visible_definitions.names_read(plan)
        self.to_come = _assessed_later(plan)
        self.session = Session(server, limits, _student_seed(plan.seed), figures=plan.figures)
        self.namespace = TestNamespace(self.session, plan.solution_names, plan.read_names, plan.own_names)
        self.session.make_proxy = lambda node: making.make_proxy(self.session, node)
        self.session.node_of = lambda value: making.node_of(value) or names.node_of_name(value)
        self.judging = Judging(plan, self.namespace, self.session)
        content = self.namespace.followed.content
        self.class_state = ClassState(self.session, self.namespace, own_text(plan), plan.filled, content)
        kept = KeptByObjects(self.session, content)
        self.namespace.with_calls += [self.class_state, kept, self.session.kept]
        self.patches = Patches(self.namespace.module_by)
        self.session.around = self.patches.found
        self.session.class_names = frozenset(plan.class_names)
        self.session.callbacks.keeping = frozenset(plan.keeping_names)
        self.session.own_text = text_of_instructor(plan)
        self.files = {name: base64.b64decode(content) for name, content in plan.files}
        self.session.files = self.files
        self.base = OwnFolder(place_for_files()) if self._looks_at_files() else None
        self.session.folder = self.base.path.name if self.base else ""
        self.workspace: Workspace | None = None
        self._make_importable()
        provide()
        self.written: set[str] = set()
        self.guarded = False
        pickles.watch_with(self._guard)
        look_through_proxies(self.session, self.namespace)
        sys.modules["__main__"] = MainModule(self.namespace)

    def _guard(self) -> None:
        if not self.guarded:
            self.guarded = True
            keep_from_running(self.written, self.session.own_text)

    def _clean_up(self) -> None:
        os.chdir("/")
        self.written.clear()  # no test runs any more that must not open what is in them
        if self.own_modules:
            shutil.rmtree(self.own_modules, ignore_errors=True)
        if self.base:
            self.base.close()

    def _looks_at_files(self) -> bool:
        return any(self._has_files(cell) for cell in self.plan.cells if cell.side is Side.TEST)

    def _make_importable(self) -> None:
        """Lay the instructor's modules from beside the notebook where tests import from, and from nowhere else."""
        if self.plan.modules:
            self.own_modules = folder = tempfile.mkdtemp(prefix="autograder-modules-")
            write_files(Path(folder), {name: base64.b64decode(content) for name, content in self.plan.modules})
            import_from(folder, self.namespace["__builtins__"])

    def run(self, skipped: dict[int, str], decided: frozenset[int] = frozenset()) -> None:
        """Run every cell, emitting what came of each.

        skipped: tests that are not run, by position, with the reason why.
        decided: tests that have their verdict already, and of which only the names are wanted that their
            visible parts bind.
        """
        try:
            with seeded(bytes.fromhex(self.plan.seed)):
                for position, cell in enumerate(self.plan.cells):
                    if position in decided:
                        self._give(cell)
                        run_definitions(cell.visible, self.namespace, self.limits, visible_names(cell.visible))
                    elif position in skipped:
                        self._emit_skipped(position, skipped[position])
                    else:
                        self._run_guarded(position, cell)
        finally:
            self.session.close()
            self._clean_up()
        usage = self.session.usage
        resources = Resources(usage.cpu_seconds, usage.peak_bytes, usage.restarts)
        self.events.tell({"done": True, "warnings": usage.warnings, "resources": asdict(resources)})

    def _run_guarded(self, position: int, cell: PlanCell) -> None:
        """Run one cell; whatever goes wrong on the way is that cell's failure and no other's."""
        try:
            self._run_cell(position, cell)
        except SandboxError:
            raise
        except Exception as error:  # noqa: BLE001 - student code decides what comes back
            why = f"what came back can't be read ({type(error).__name__})"
            if cell.side is Side.TEST:
                self._emit_skipped(position, why)
            elif cell.side is not Side.DEFINITIONS:
                self.events.note({"cell": position, "outputs": [error_output("Stopped", why)], "error": why})

    def _emit_skipped(self, position: int, why: str) -> None:
        check = Check("limit", passed=False, message=why)
        self.events.tell(
            {"test": position, "score": 0.0, "checks": [vars(check)], "outputs": [error_output("Limit", why)]}
        )

    def _run_cell(self, position: int, cell: PlanCell) -> None:
        if cell.side in (Side.STUDENT, Side.INSTRUCTOR):
            own = cell.side is Side.INSTRUCTOR
            ran = self.session.run_cell(cell.visible if own else cell.source, own=own)
            self.namespace.note_students(ran.names)
            self.namespace.followed.know(names_in_functions(cell.source) if cell.side is Side.STUDENT else ())
            outputs = ran.outputs
            if ran.stopped:
                self.stopped = ran.error
            if ran.error and not any(
                output.get("output_type") == "error" for output in outputs if isinstance(output, dict)
            ):
                outputs = [*outputs, error_output("Stopped", ran.error)]
            self.events.note({"cell": position, "outputs": self.room.kept(outputs), "error": ran.error})
        if cell.side is Side.NOWHERE:
            self.events.note({"cell": position, "outputs": printed_output(LEFT_OUT), "error": ""})
        if cell.side in (Side.INSTRUCTOR, Side.DEFINITIONS):
            self.session.in_definitions = True
            run_definitions(cell.source, self.namespace, self.limits)
            self.session.in_definitions = False
            self.namespace.share_classes(module_names(self.plan))
        if cell.side is Side.TEST:
            self._run_test(position, cell)

    def _with_reason(self, check: Check) -> Check:
        """Say why a name is missing, where a limit stopped the cell that may have defined it."""
        told = clean(check.message[:MESSAGE_CHARACTERS])
        if len(check.message) > MESSAGE_CHARACTERS:
            return Check(check.name, check.passed, f"{told} …")
        if check.name != "defined" or check.passed or not self.stopped:
            return Check(check.name, check.passed, told)
        return Check(check.name, passed=False, message=f"{told} (a cell before it was {self.stopped})")

    @contextlib.contextmanager
    def _in_workspace(self, cell: PlanCell) -> Iterator[None]:
        """Run a test that looks at files in this block, in a folder with what the student's code wrote."""
        if _FETCHES.search(cell.source):
            self._guard()
        if self.base is None or not self._has_files(cell):
            yield
            return
        self.workspace = self.workspace or Workspace(self.session, self.files, self.base.path)
        self.written.add(str(self.base.path))
        self._guard()
        session, workspace = self.session, self.workspace
        before, after = session.before_call, session.after_call

        def both() -> None:
            before()
            workspace.push()

        def both_after() -> None:
            after()
            workspace.pull()

        session.before_call, session.after_call = both, both_after
        try:
            with workspace.entered():
                yield
        finally:
            session.before_call, session.after_call = before, after

    def _explained(self, cell: PlanCell) -> list[str]:
        """Say how a test was run, after what it did."""
        if cell.on_students_side:
            return ["ran on the student's side, as configured: the score could be forged, and the test was readable"]
        used = self.namespace.used
        kinds = ("function", "callable"), ("class", "exception"), ("data",)
        told = ("functions called in the sandbox", "classes through proxies", "data as copies")
        lines = ["ran trusted"]
        for these, what in zip(kinds, told, strict=True):
            found = sorted(name for name, kind in used.items() if kind in these)
            lines += [f"{what}: {', '.join(found)}"] if found else []
        lines += [NOTES[note] for note in sorted(self.session.notes) if note in NOTES]
        lines += ["random numbers shared with the student's side"] if self.session.shares_random else []
        lines += ["ran in a folder with the files that the student's code wrote"] if self._has_files(cell) else []
        self.session.notes.clear()
        return [*lines, *self.namespace.given_classes.told()]

    def _give(self, cell: PlanCell) -> None:
        visible_definitions.give(self.session, self.namespace, cell.visible, self.read)

    def _has_files(self, cell: PlanCell) -> bool:
        return looks_at_files(cell.source, self.helpers)

    def _run_test(self, position: int, cell: PlanCell) -> None:
        self.events.tell({"begin": position})
        self.session.begin_exercise()
        self.namespace.to_come = self.to_come[position]
        begin_test(self.session, self.namespace, cell.source)
        self.patches.look(cell.source)
        self.class_state.begin(cell.source)
        self.session.shares_random = bool(_SEEDS.search(cell.source))
        self._give(cell)
        if cell.on_students_side:
            verdict = run_on_students_side(cell, self.namespace, self.session)
        else:
            with self._in_workspace(cell):
                verdict = self.judging.verdict(cell)
        told = tuple(self._with_reason(check) for check in verdict.checks)
        failed = [check for check in told if not check.passed]
        outputs = printed_output(verdict.printed)
        if cell.on_students_side:
            outputs += printed_output(f"{FORGEABLE.message}\n")
        if failed:
            lines = [f"{check.name}: {check.message}" for check in failed]
            lines += [f"{LOOKS_LIKE}: {verdict.diagnosis.message}"] if verdict.diagnosis else []
            outputs.append(error_output("AssertionError", "\n".join(lines)))
        self.events.tell(
            {
                "test": position,
                "score": verdict.score,
                "checks": [vars(check) for check in told],
                "outputs": self.room.kept(outputs),
                "diagnosis": vars(verdict.diagnosis) if verdict.diagnosis else None,
                "explained": self._explained(cell),
                **(asdict(verdict.sight) if verdict.sight is not NOTHING_SEEN else vars(NOTHING_SEEN)),
            }
        )
