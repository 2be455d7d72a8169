"""The judge's server: loads the tests' modules once, then forks a judge for each submission.

It holds no gradebook, no secret and no other submission. The judge that it forks runs test cells,
which may do anything, with a student's answers, which may be anything; so it watches the judge's
time from outside, and starts it again without a test that did not end.
"""

import contextlib
import gc
import importlib
import os
import re
import select
import signal
import socket
import sys
import time
from functools import partial
from typing import Any

from autograder.callloop import waiting_modules
from autograder.callloop.frames import Channel, Frame, PeerGoneError, WireError
from autograder.callloop.limits import TRUSTED, Limits
from autograder.errors import ExtensionError
from autograder.exercises.further import further_checks
from autograder.judge import clock, empty_answers, folder, pickles, processors
from autograder.judge.assertions import provide
from autograder.judge.common_modules import is_common
from autograder.judge.events import Events
from autograder.judge.lanes import end_with_parent, serve_lanes
from autograder.judge.making_cases import make_cases_of
from autograder.judge.memory import limit_memory
from autograder.judge.notebook_run import NotebookRun, place_for_files
from autograder.judge.reading_ahead import read_ahead
from autograder.loading import leaving_nothing_compiled
from autograder.notebook.plan import Plan, Side
from autograder.notebook.sources import import_aliases, imported_modules
from autograder.sandbox import packages
from autograder.sandbox.backend import SandboxError
from autograder.sandbox.fork_server import ForkServer
from autograder.sandbox.provided import SandboxBackend, backend_from

# A test's own limit ends everything but compiled code; that is ended from outside, this much later.
GRACE_SECONDS, LOOK_SECONDS = 0.5, 0.1
# How many more objects there may be before garbage is looked for, where Python has 700: a judge lives for a second,
# and what it makes is small.
SELDOM = 10_000
# What lies between tests has limits of its own, far below this.
HARD_SECONDS_FACTOR = 3.0
# A submission whose tests must be ended from outside, one after the other, is given up after this.
LATE_FACTOR = 3.0


class JudgeServer:
    """The server's state: the sandboxes that it started, by what is loaded in them."""

    def __init__(self, channel: Channel, backend: SandboxBackend, limits: Limits) -> None:
        self.channel = channel
        self.backend = backend
        self.limits = limits
        self.sandboxes: dict[tuple[str, ...], ForkServer] = {}
        self._loaded: set[str] = set()

    def sandbox(self, modules: tuple[str, ...]) -> ForkServer:
        """Return a running sandbox that has these modules loaded."""
        if modules not in self.sandboxes:
            server = ForkServer(self.backend, self.limits, modules)
            server.begin()
            self.sandboxes[modules] = server
            server.wait_until_ready()
        return self.sandboxes[modules]

    def fitting(self, modules: tuple[str, ...]) -> tuple[str, ...]:
        """Return what is loaded in the running sandbox that has these modules and fewest others; else these.

        Another sandbox takes seconds to start, and students import fewer modules than the instructor's own answers.
        """
        return min((one for one in self.sandboxes if set(modules) <= set(one)), key=len, default=modules)

    def _load_ahead(self, plan: Plan) -> None:
        """Import what the instructor's cells import of common libraries, which every judge would have to."""
        texts = [cell.source for cell in plan.cells if cell.side in (Side.DEFINITIONS, Side.INSTRUCTOR, Side.TEST)]
        if (sources := "\n".join(texts)) in self._loaded:
            return
        self._loaded.add(sources)
        found = frozenset().union(*map(imported_modules, texts)) - sys.modules.keys()
        names = [name for name in sorted(found) if is_common(name) and not waiting_modules.is_waiting(name)]
        if names:
            # What is wrong with one of them is told where it is imported.
            _load(names)
            _touch(sources)
            gc.freeze()

    def discard(self, modules: tuple[str, ...]) -> None:
        """End a sandbox that stopped answering; the next submission gets a new one."""
        server = self.sandboxes.pop(modules, None)
        if server is not None:
            server.close()

    def grade(self, plan: Plan) -> dict[str, Any]:
        """Judge one submission; go on after a test that did not end, if there was one."""
        modules = self.fitting(packages.modules_for(plan.sources, draws=plan.draws))
        read_ahead(plan)
        self._load_ahead(plan)
        make_cases_of(plan)
        waiting_modules.load_if_used()
        started = time.monotonic()
        skipped: dict[int, str] = {}
        events: dict[tuple[str, int], Any] = {}
        unfinished: int | None = -1
        for _ in range(len(plan.cells) + 1):
            decided = frozenset(position for kind, position in events if kind == "test")
            heard, unfinished = self._judged(plan, self.sandbox(modules), skipped, decided)
            events.update({_place(event): event for event in heard})
            late = time.monotonic() - started > self.limits.total_seconds * LATE_FACTOR
            if unfinished is None or unfinished < 0 or late:
                break
            self.discard(modules)
            skipped[unfinished] = "the test did not end, or used too much memory, with your answer"
        if unfinished is not None:
            self.discard(modules)
        return {"events": list(events.values()), "finished": unfinished is None}

    def _judged(
        self, plan: Plan, server: ForkServer, skipped: dict[int, str], decided: frozenset[int]
    ) -> tuple[list[Any], int | None]:
        """Fork a judge and gather its events; return them and the test that it died in, if it did.

        The second value is None for a judge that finished, -1 for one that died between tests.
        """
        ours, theirs = socket.socketpair()
        clock.tell(0.0)
        processor, claim = processors.claimed()
        child = os.fork()
        if child == 0:
            ours.close()
            run = NotebookRun(plan, server, self.limits, Events(Channel(theirs, TRUSTED).send))
            self._judge(run, skipped, decided, processor)
        theirs.close()
        events: list[Any] = []
        current, finished = -1, False
        channel = Channel(ours, TRUSTED)
        try:
            while not finished:
                for event in self._awaited(channel).header:
                    current = event.get("begin", -1 if "test" in event else current)
                    events.append(event)
                    finished = "done" in event or "failed" in event
        except (PeerGoneError, TimeoutError, WireError):
            pass
        finally:
            ours.close()
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            claim.close()
            if not finished:
                folder.sweep(place_for_files())  # a judge that is killed leaves the files of its tests
        return events, None if finished else current

    def _awaited(self, channel: Channel) -> Frame:
        """Return the judge's next events. Raises TimeoutError if it is stuck in a test, or altogether."""
        longest = time.monotonic() + self.limits.total_seconds + self.limits.cell_seconds * HARD_SECONDS_FACTOR
        while not channel.has_more and not select.select([channel.connection], [], [], LOOK_SECONDS)[0]:
            now, due = time.monotonic(), clock.due()
            if now > longest or (due and now > due + GRACE_SECONDS):
                raise TimeoutError
        return channel.receive(longest)

    def _judge(self, run: NotebookRun, skipped: dict[int, str], decided: frozenset[int], processor: int | None) -> None:
        """Run a plan in this fork and exit."""
        try:
            self.channel.connection.close()
            if processor is not None:
                processors.stay_on(processor)
            limit_memory()
            run.run(skipped, decided)
        except SandboxError as error:
            run.events.tell({"failed": str(error)})
        finally:
            os._exit(0)


def _place(event: dict[str, Any]) -> tuple[str, int]:
    """Return what an event tells of, so that a later one of the same takes its place."""
    for kind in ("test", "cell", "begin"):
        if kind in event:
            return kind, event[kind]
    return "end", 0


def _load(modules: list[str]) -> str:
    """Import what tests import, before any fork; return why one could not be, or ""."""
    problems = []
    for name in modules:
        try:
            with leaving_nothing_compiled():
                importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 - an instructor's module may raise anything
            problems.append(f"{name}: {type(error).__name__}: {error}")
    return "; ".join(problems)


def _touch(sources: str) -> None:
    """Load what modules load only when it is asked for, such as np.testing, if a cell mentions it."""
    for name, module in import_aliases(sources).items():
        if module in sys.modules:
            for attribute in set(re.findall(rf"\b{re.escape(name)}\.([A-Za-z]\w*)", sources)):
                with contextlib.suppress(Exception):
                    getattr(sys.modules[module], attribute)
    for module, names in re.findall(r"^\s*from ([\w.]+) import \(?([\w\s,]+)", sources, re.MULTILINE):
        for name in re.findall(r"\w+", names) if module in sys.modules else ():
            with contextlib.suppress(Exception):
                getattr(sys.modules[module], name)


def _prepare() -> None:
    """Do what must be done before any module of the tests is loaded."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pickles.keep_watch()
    empty_answers.keep_watch()


def main(control_descriptor: int) -> None:
    """Serve until the control socket closes."""
    gc.disable()  # until all is loaded: nothing of that is garbage later
    _prepare()
    control = Channel(socket.socket(fileno=control_descriptor), TRUSTED)
    configuration = control.receive().header
    limits = Limits.from_json(configuration["limits"])
    sys.path[:0] = configuration["path"]
    packages.take_package_paths(configuration["packages"])
    modules = packages.modules_for(configuration["sources"], draws=configuration["draws"])
    try:
        backend = backend_from(configuration["backend"])
        server = JudgeServer(control, backend, limits)
        first = ForkServer(backend, limits, modules)
        first.begin()
        problems = _load(configuration["modules"])
        _touch(configuration["sources"])
        waiting_modules.share_with_forks()
        waiting_modules.leave_for_later()
        provide()
        further_checks()
        first.wait_until_ready()
    except ExtensionError as error:
        control.send({"extension": str(error)})
        return
    except SandboxError as error:
        control.send({"refused": str(error)})
        return
    # What is loaded by now is shared by every fork; without this, collecting garbage copies it.
    gc.freeze()
    gc.enable()
    gc.set_threshold(SELDOM)
    ready = {"serving": True, "problems": problems}
    control.send(ready)
    if configuration["lanes"]:
        serve_lanes(control.connection, first, partial(_serve_lane, server, modules, ready))
    else:
        server.sandboxes[modules] = first
        _serve(control, server)
    first.close()
    os._exit(0)  # at once: what Python would tidy up is gone with the process


def _serve_lane(
    server: JudgeServer, modules: tuple[str, ...], ready: dict[str, Any], twin: ForkServer, channel: Channel
) -> None:
    """Serve in a fork of this process."""
    server.channel = channel
    server.sandboxes[modules] = twin
    channel.send(ready)
    _serve(channel, server)


def _serve(control: Channel, server: JudgeServer) -> None:
    """Judge one submission after the other until the control socket closes."""
    while True:
        try:
            request = control.receive().header
        except PeerGoneError:
            break
        try:
            answer = server.grade(Plan.from_json(request))
        except SandboxError as error:
            answer = {"events": [], "finished": False, "problem": str(error)}
        control.send(answer)
    for sandbox in server.sandboxes.values():
        sandbox.close()
