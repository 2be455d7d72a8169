"""What pytest does once a submission is named: collects graded checks, opens submissions, keeps texts harmless."""

import contextlib
import dataclasses
import json
import os
import threading
from collections.abc import Generator, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from autograder.callloop.limits import Limits
from autograder.errors import GradingError
from autograder.judge.clock import time_limit
from autograder.judge.tests import TEST_SECONDS_FACTOR
from autograder.library import Work, prepare
from autograder.notebook.reading import NotebookError
from autograder.report import Isolation, Report, Status
from autograder.result_data import data_of, result_from
from autograder.sandbox.provided import LEVELS
from autograder.testing.harmless import keep_harmless, without_grader
from autograder.testing.items import CheckItem, ManualItem, Message, SubmissionNode, node_name
from autograder.testing.opened import Opener, SubmittedNotebook
from autograder.writers.text import inert, points

FIXTURE = "submission"
SENT = "autograder_report"


class Submissions:
    """The submissions of one run of pytest."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.limits = _limits(config)
        self.wanted = self._take_arguments()
        self.report: Report | None = None

    @cached_property
    def work(self) -> Work:
        """The notebooks, ready to be graded or opened. Raises UsageError."""
        option = self.config.getoption
        level = str(option("autograder_isolation"))
        if level not in LEVELS:
            msg = f"--isolation {level}: expected one of {', '.join(LEVELS)}"
            raise pytest.UsageError(msg)
        try:
            return prepare(
                option("autograder_submissions"), assignment=option("autograder_assignment"),
                course=option("autograder_course"), isolation=level, backend=None, limits=self.limits,
            )  # fmt: skip
        except GradingError as error:
            raise pytest.UsageError(str(error)) from None

    @cached_property
    def opener(self) -> Opener:
        """What opens submissions for tests."""
        return Opener(self.work)

    # --- what is collected --------------------------------------------------------------------

    def _take_arguments(self) -> list[tuple[str, ...]]:
        """Leave pytest only what else was named: it would run a student's conftest.py on the way to a notebook.

        Returns what was named of the submissions, as a path and the names below it. Without any path named,
        nothing but the submissions is collected: what else lies around may be anybody's.
        """
        config = self.config
        given = config.args if config.args_source is pytest.Config.ArgsSource.ARGS else []
        paths = {str(Path(name).absolute()) for name in config.getoption("autograder_submissions")}
        parted = [tuple(argument.split("::")) for argument in given]
        ours = [(str(Path(one[0]).absolute()), *one[1:]) for one in parted]
        config.args = [whole for whole, one in zip(given, ours, strict=True) if one[0] not in paths]
        return [one for one in ours if one[0] in paths]

    @cached_property
    def students_folders(self) -> set[Path]:
        """The folders that hold submissions and nothing that pytest was started for."""
        started = {self.config.invocation_params.dir, self.config.rootpath}
        folders = {one.path.absolute().parent for one in self.work.submissions}
        return {folder for folder in folders if not any(place.is_relative_to(folder) for place in started)}

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Run no test file and no conftest.py that lies among submissions."""
        among = any(collection_path.is_relative_to(folder) for folder in self.students_folders)
        return True if among else None

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Put the submissions before all else that is collected."""
        report = yield
        if isinstance(collector, pytest.Session) and report.passed:
            report.result = [*self._nodes(collector), *(report.result or [])]
        return report

    def _nodes(self, session: pytest.Session) -> Iterator[SubmissionNode]:
        root = self.config.rootpath
        for result in self.graded().submissions:
            whole = Path(result.path).absolute()
            shown = str(whole.relative_to(root)) if whole.is_relative_to(root) else result.path
            name = node_name(shown)
            yield SubmissionNode.from_parent(session, name=name, nodeid=name, path=root, result=result)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep of the submissions what was named by its id, if anything was."""
        if self.wanted:
            kept = [item for item in items if not isinstance(item, (CheckItem, ManualItem)) or self._is_wanted(item)]
            gone = [item for item in items if item not in kept]
            self.config.hook.pytest_deselected(items=gone)
            items[:] = kept

    def _is_wanted(self, item: CheckItem | ManualItem) -> bool:
        names = (str(item.notebook.absolute()), *(node.name for node in item.listchain()[2:]))
        return any(names[: len(one)] == one for one in self.wanted)

    # --- grading ------------------------------------------------------------------------------

    def graded(self) -> Report:
        """Return what grading found, once for all processes of this run. Raises UsageError."""
        if self.report is None:
            sent = getattr(self.config, "workerinput", {}).get(SENT)
            self.report = _received(sent) if sent else self._grade()
        return self.report

    def _grade(self) -> Report:
        try:
            return self.work.graded(os.cpu_count() or 1)
        except GradingError as error:
            raise pytest.UsageError(str(error)) from None

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give xdist's workers what was found, so that nothing is graded twice and all collect the same."""
        report = self.graded()
        results = [data_of(result) for result in report.submissions]
        node.workerinput[SENT] = json.dumps([report.assignment, dataclasses.asdict(report.isolation), results])

    # --- tests of the instructor's own --------------------------------------------------------

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a test that asks for a submission once for each."""
        if FIXTURE in metafunc.fixturenames:
            found = self.work.submissions
            ids = [node_name(one.path.stem) for one in found]
            metafunc.parametrize(FIXTURE, range(len(found)), indirect=True, ids=ids, scope="module")

    @contextlib.contextmanager
    def opened(self, position: int) -> Iterator[SubmittedNotebook]:
        """Open a submission for a module's tests."""
        with contextlib.ExitStack() as stack:
            try:
                found = stack.enter_context(self.opener.opened(self.work.submissions[position]))
            except (NotebookError, GradingError) as error:
                pytest.fail(inert(str(error)), pytrace=False)
            yield found

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Bound the time of a test that calls student code, whatever the answers make it do."""
        session = self.opener.current if FIXTURE in getattr(item, "fixturenames", ()) else None
        if session is None or threading.current_thread() is not threading.main_thread():
            return (yield)
        session.begin_exercise()
        with time_limit(self.limits.cell_seconds * TEST_SECONDS_FACTOR):
            return (yield)

    # --- what is told -------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Show a check's message without a traceback, and no student's text as anything but text."""
        is_test = FIXTURE in getattr(item, "fixturenames", ())
        if is_test and call.excinfo is not None:
            call.excinfo = without_grader(call.excinfo)
        report = yield
        if isinstance(item, CheckItem) and report.failed:
            report.longrepr = Message(item.message)  # type: ignore[assignment]
        if is_test:
            keep_harmless(report)
        return report

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Show each submission's points, and what was odd about it."""
        if self.report is None:
            return
        terminalreporter.section("submissions")
        for result in self.report.submissions:
            score = f"{points(result.score)} / {points(result.max_score)} points"
            refused = f"could not be graded: {inert(result.message)}"
            terminalreporter.line(f"{inert(result.path)}: {refused if result.status is Status.ERROR else score}")
            for warning in result.warnings:
                terminalreporter.line(f"  ! {inert(warning)}")

    def pytest_unconfigure(self) -> None:
        """End the sandboxes."""
        if "opener" in self.__dict__:
            self.opener.close()


def _limits(config: pytest.Config) -> Limits:
    seconds = config.getoption("autograder_seconds")
    if seconds is None:
        return Limits()
    if not seconds > 0:
        msg = f"--submission-timeout {seconds:g}: expected a number of seconds above 0"
        raise pytest.UsageError(msg)
    return Limits(cell_seconds=seconds, total_seconds=max(Limits().total_seconds, seconds))


def _received(sent: str) -> Report:
    assignment, isolation, results = json.loads(sent)
    achieved = Isolation(isolation["level"], tuple(isolation["layers"]))
    return Report(assignment, achieved, tuple(map(result_from, results)))
