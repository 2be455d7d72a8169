"""A submission whose functions an instructor's pytest files can call: its cells ran, its process waits in the sandbox.

The tests run in pytest's own process, which is the trusted side. What crosses is plain data, within the wire's limits.
"""

import base64
import contextlib
import hashlib
import io
import sys
from collections.abc import Iterator
from typing import Any

from autograder.exercises.answers import CallLimitError
from autograder.judge import making
from autograder.judge import student_name as names
from autograder.judge.namespace import TestNamespace
from autograder.judge.session import Session
from autograder.judge.statements import visible_names
from autograder.judge.tests import run_definitions
from autograder.library import Work
from autograder.notebook.matching import plan_for, restore
from autograder.notebook.plan import Plan, Side
from autograder.notebook.reading import NotebookError
from autograder.pipeline import Submission
from autograder.sandbox import packages
from autograder.sandbox.fork_server import ForkServer
from autograder.testing.items import told
from autograder.writers.text import inert, readable, unlike_commands


class TestedSession(Session):
    """A conversation whose student's prints can do nothing to a terminal or a CI service."""

    __test__ = False

    def apply(self, operation: str, arguments: list[Any], *, blame: str = "") -> Any:
        """Apply an operation in the student's process, as Session does."""
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                return super().apply(operation, arguments, blame=blame)
        finally:
            if text := printed.getvalue():
                print(unlike_commands(readable(text)), end="")  # noqa: T201 - as if the test had printed it


class SubmittedNotebook:
    """A student's notebook after all of its cells have run.

    Each attribute is what the student bound to that name: functions and classes as proxies that run in the sandbox,
    data as a copy. `submission["name"]` is the same, for names that Python keeps for itself.
    """

    __slots__ = ("_errors", "_namespace", "_path", "_session")

    def __init__(self, path: str, session: TestedSession, namespace: TestNamespace, errors: list[str]) -> None:
        for name, value in zip(self.__slots__, (errors, namespace, path, session), strict=True):
            object.__setattr__(self, name, value)

    def __getitem__(self, name: str) -> Any:
        with self._namespace.test(frozenset()):
            return self._namespace[name]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            why = f"; cells failed: {told('; '.join(self._errors[:3]))}" if self._errors else ""
            msg = f"{inert(self._path)} defines no {name}; was its cell deleted, renamed or stopped by an error?{why}"
            raise AttributeError(msg) from None

    def __setattr__(self, name: str, value: Any) -> None:
        msg = f"a submission's names can't be changed from a test; pass {name} as an argument"
        raise AttributeError(msg)

    def __repr__(self) -> str:
        return f"<submission {inert(self._path)}>"


class Opener:
    """Opens submissions of one run of pytest, one at a time for each sandbox."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.limits = work.setup.limits
        self.servers: dict[tuple[str, ...], ForkServer] = {}
        self.current: TestedSession | None = None
        if str(work.course) not in sys.path:
            # Instructor's cells import their modules from the course, as they do in grading.
            sys.path.append(str(work.course))

    def close(self) -> None:
        """End every sandbox."""
        for server in self.servers.values():
            server.close()
        self.servers.clear()

    @contextlib.contextmanager
    def opened(self, submission: Submission) -> Iterator[SubmittedNotebook]:
        """Run a submission's cells; in this block its functions can be called.

        Raises NotebookError if the file can't be read, SandboxError if the sandbox does not start.
        """
        plan = self._plan(submission)
        session = self._session(plan)
        namespace = TestNamespace(session, plan.solution_names, own_names=plan.own_names)
        self.current = session
        try:
            errors = self._run(plan, session, namespace)
            yield SubmittedNotebook(submission.shown_path, session, namespace, errors)
        finally:
            self.current = None
            session.close()

    def _plan(self, submission: Submission) -> Plan:
        try:
            notebook = submission.read(submission.path, self.limits.notebook_bytes)
            assignment, _ = submission.choose(notebook, submission.path)
        except NotebookError as error:
            msg = f"{inert(submission.path.name)} {error}"
            raise NotebookError(msg) from None
        return plan_for(restore(notebook, assignment), assignment, submission.seed(assignment, notebook))

    def _session(self, plan: Plan) -> TestedSession:
        modules = packages.modules_for(plan.sources, draws=plan.draws)
        if modules not in self.servers:
            server = ForkServer(self.work.setup.backend, self.limits, modules)
            self.servers[modules] = server
            server.begin()
            server.wait_until_ready()
        seed = int.from_bytes(hashlib.sha256(f"pytest: {plan.seed}".encode()).digest()[:4])
        session = TestedSession(self.servers[modules], self.limits, seed)
        session.make_proxy = lambda node: making.make_proxy(session, node)
        session.node_of = lambda value: making.node_of(value) or names.node_of_name(value)
        session.class_names = frozenset(plan.class_names)
        session.callbacks.keeping = frozenset(plan.keeping_names)
        session.files = {name: base64.b64decode(content) for name, content in plan.files}
        return session

    def _run(self, plan: Plan, session: TestedSession, namespace: TestNamespace) -> list[str]:
        """Run the cells as in grading, with only the visible parts of tests; return what student's cells raised."""
        errors = []
        for cell in plan.cells:
            if cell.side in (Side.STUDENT, Side.INSTRUCTOR):
                own = cell.side is Side.INSTRUCTOR
                ran = session.run_cell(cell.visible if own else cell.source, own=own)
                namespace.note_students(ran.names)
                errors += [ran.error] if ran.error and cell.side is Side.STUDENT else []
            if cell.side in (Side.INSTRUCTOR, Side.DEFINITIONS):
                run_definitions(cell.source, namespace, self.limits)
                namespace.share_classes()
            if cell.side is Side.TEST:
                # Its names may be used further down; whether it passes is not asked here.
                with contextlib.suppress(CallLimitError):
                    session.begin_exercise()
                    run_definitions(cell.visible, namespace, self.limits, visible_names(cell.visible))
        return errors
