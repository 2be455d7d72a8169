"""The writer's handle on one judge's server: starts it, sends it plans, receives verdicts."""

import contextlib
import os
import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from autograder.callloop.frames import Channel, PeerGoneError, WireError
from autograder.callloop.limits import TRUSTED, Limits
from autograder.errors import ExtensionError
from autograder.judge import folder
from autograder.notebook.plan import Plan
from autograder.sandbox import cgroup
from autograder.sandbox.backend import SandboxError
from autograder.sandbox.fork_server import PARTING_SECONDS, end, spawn
from autograder.sandbox.packages import package_paths
from autograder.sandbox.provided import SandboxBackend, backend_data

PACKAGE_PARENT = Path(__file__).resolve().parent.parent.parent
BOOT = "import sys; sys.path.insert(0, {path!r}); from autograder.judge.server import main; main({control})"


@dataclass(frozen=True)
class Setup:
    """What a judge's server is started with.

    path: folders to import tests' modules from, before all others. modules: what to import at once.
    sources: the text of an assignment's cells, which tells what a sandbox should have loaded. draws: whether
        any of them draws.
    """

    backend: SandboxBackend
    limits: Limits
    path: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    sources: str = ""
    draws: bool = True


class JudgeProcess:
    """The process of a judge's server, which loads its own libraries before it must know what it is for."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        folder.sweep()
        # Ended from outside, the server leaves its folders behind; this one is removed with the worker.
        # Student code may run as another user, who must get at the sandbox's folder below.
        self.folder = folder.OwnFolder(passable=True)
        environment |= {"MPLBACKEND": "Agg", "TMPDIR": str(self.folder.path)}
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        with theirs:
            command = [sys.executable, "-P", "-c", BOOT.format(path=str(PACKAGE_PARENT), control=theirs.fileno())]
            # A session of its own, so that ^C reaches the writer alone, which then ends this in order.
            self.process = spawn(command, environment, theirs, self.errors, new_session=True)
        self.channel = Channel(ours, TRUSTED)

    def begin(self, setup: Setup, *, lanes: bool = False) -> None:
        """Tell the server what it is for, without waiting for it.

        lanes: whether it is to be forked into several, each of which judges, and judge nothing itself.
        """
        with contextlib.suppress(PeerGoneError):
            self.channel.send(
                {
                    "limits": setup.limits.as_json(),
                    "backend": backend_data(setup.backend),
                    "path": list(setup.path),
                    "modules": list(setup.modules),
                    "sources": setup.sources,
                    "draws": setup.draws,
                    "packages": list(map(str, package_paths())),
                    "lanes": lanes,
                }
            )

    def last_words(self) -> str:
        """Return what the process said last, or that it said nothing."""
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return str(lines[-1]) if lines else "it was killed"

    def close(self, *, at_once: bool = False) -> None:
        """End the process and all that it started.

        at_once: without letting it finish.
        """
        self.channel.connection.close()
        # Its sandboxes end with it, and the submission it may be judging with them.
        end(self.process, 0.0 if at_once else 2 * PARTING_SECONDS)
        cgroup.sweep()
        self.errors.close()
        self.folder.close()


class Lane:
    """A judge's server that was forked from one that had loaded everything. Raises SandboxError if it can't be."""

    def __init__(self, host: JudgeProcess) -> None:
        ours, theirs = socket.socketpair()
        self.channel = Channel(ours, TRUSTED)
        self.last_words = host.last_words
        with theirs:
            try:
                socket.send_fds(host.channel.connection, [b"+"], [theirs.fileno()])
            except OSError as error:
                ours.close()
                msg = f"the judge's process ended: {host.last_words()}"
                raise SandboxError(msg) from error

    def close(self, *, at_once: bool = False) -> None:
        """Let it end, when it has answered what it was asked last; at once ends it only the process it came from."""
        self.channel.connection.close()


class Lanes:
    """A judge's server that judges nothing itself, and is forked for each of several workers."""

    def __init__(self, setup: Setup, process: JudgeProcess | None = None) -> None:
        self.setup = setup
        self._process = process or JudgeProcess()
        self._server = Worker(setup, self._process)

    def begin(self) -> None:
        """Start the server without waiting for it."""
        self._server.begin(lanes=True)

    def another(self) -> "Worker":
        """Wait until the server is ready, and return a worker with a fork of it, which has begun.

        Raises SandboxError if the sandbox does not start, ExtensionError if an installed extension is at fault.
        """
        if self._server.is_busy:
            self._server.wait_until_ready()
        worker = Worker(self.setup, Lane(self._process))
        worker.begin()
        return worker

    def close(self, *, at_once: bool = False) -> None:
        """End the server and all of its lanes.

        at_once: without letting them finish.
        """
        self._process.close(at_once=at_once or self._server.is_busy)


class Worker:
    """One judge's server with its sandboxes. One submission at a time.

    process: one that was started before; a new one if there is none.
    """

    def __init__(self, setup: Setup, process: "JudgeProcess | Lane | None" = None) -> None:
        self.setup = setup
        self._process = process
        # From when it is asked for something until it has answered.
        self.is_busy = False

    def begin(self, *, lanes: bool = False) -> None:
        """Start the server without waiting for it. lanes: as of its process."""
        self.is_busy = True
        if not isinstance(self._process, Lane):
            self._process = self._process or JudgeProcess()
            self._process.begin(self.setup, lanes=lanes)

    def wait_until_ready(self) -> str:
        """Wait until plans can be sent; return why a module of the tests could not be imported, or "".

        Raises SandboxError if the sandbox does not start, ExtensionError if an installed extension is at fault.
        """
        answer = self._receive()
        if "extension" in answer:
            raise ExtensionError(str(answer["extension"]))
        if "refused" in answer:
            raise SandboxError(str(answer["refused"]))
        self.is_busy = False
        return str(answer["problems"])

    def grade(self, plan: Plan) -> dict[str, Any]:
        """Send one plan and wait for its events. Raises SandboxError if the server died."""
        assert self._process is not None
        self.is_busy = True
        try:
            self._process.channel.send(plan.as_json())
        except PeerGoneError:
            self._fail()
        answer = self._receive()
        self.is_busy = False
        return answer

    def close(self) -> None:
        """End the server and all that it started."""
        if self._process is not None:
            self._process.close(at_once=self.is_busy)

    def _receive(self) -> dict[str, Any]:
        assert self._process is not None
        try:
            answer = self._process.channel.receive().header
        except (PeerGoneError, WireError):
            self._fail()
        assert isinstance(answer, dict)
        return answer

    def _fail(self) -> NoReturn:
        assert self._process is not None
        msg = f"the judge's process ended: {self._process.last_words()}"
        raise SandboxError(msg)
