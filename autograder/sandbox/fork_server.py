"""The grader's handle on one sandbox: start its fork server, start and end submissions in it."""

import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from autograder.callloop.confine import NAMESPACES
from autograder.callloop.frames import Channel, PeerGoneError, WireError
from autograder.callloop.limits import Limits
from autograder.sandbox import fonts
from autograder.sandbox.backend import CGROUP, SandboxError
from autograder.sandbox.cgroup import Group, sweep
from autograder.sandbox.provided import SandboxBackend

START_SECONDS = 60.0
ANSWER_SECONDS = 10.0
PARTING_SECONDS = 0.5
# What the kernel says of a message's sender: process, user, group (unix(7), SCM_CREDENTIALS).
CREDENTIALS = struct.Struct("3i")


@dataclass(frozen=True)
class Ending:
    """How a submission's process ended.

    signal: the signal that killed it, or 0. status: its exit status, or 0.
    """

    signal: int
    status: int
    cpu_seconds: float
    peak_bytes: int

    def in_words(self) -> str:
        """Say how it ended, for a message to a student."""
        if self.signal:
            name = signal.Signals(self.signal).name if self.signal in set(signal.Signals) else str(self.signal)
            return f"the process was ended by {name}"
        return f"the process exited with status {self.status}"


class ForkServer:
    """One running sandbox with its fork server. One submission at a time."""

    def __init__(self, backend: SandboxBackend, limits: Limits, modules: tuple[str, ...]) -> None:
        self.backend = backend
        self.limits = limits
        self.modules = modules
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._errors: Any = None
        self._group: Group | None = None

    def begin(self) -> None:
        """Start the server without waiting for it. Raises SandboxError if it can't be started at all."""
        ours, theirs = socket.socketpair()
        self._folder = tempfile.TemporaryDirectory(prefix="autograder-")
        self._group = self._made_group()
        groups = self._group.entries if self._group else []
        start = self.backend.start(Path(self._folder.name), theirs.fileno(), groups)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        with theirs:
            self._process = spawn(start.command, start.environment, theirs, self._errors)
        self._control = ours
        configuration = {
            "limits": self.limits.as_json(),
            "path": start.path,
            "modules": list(self.modules),
            "confinement": start.confinement,
            "fonts": fonts.kept() if self._begins_empty else {},
        }
        try:
            Channel(ours, self.limits).send(configuration)
        except PeerGoneError:
            self._fail()

    def _made_group(self) -> Group | None:
        if CGROUP not in self.backend.layers:
            return None
        sweep()
        try:
            return Group(self.limits)
        except OSError as error:
            msg = f"no control group can be made: {error}"
            raise SandboxError(msg) from None

    def twin(self) -> "ForkServer":
        """Return another server in the same sandbox, forked from this one, with a control group of its own.

        Raises SandboxError. It goes on as long as this one.
        """
        assert self._control is not None
        made = ForkServer(self.backend, self.limits, self.modules)
        with contextlib.ExitStack() as failed:
            failed.callback(made.close)
            made._group = made._made_group()
            made._control, theirs = socket.socketpair()
            made._control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            with theirs:
                try:
                    socket.send_fds(self._control, [json.dumps({"op": "twin"}).encode()], [theirs.fileno()])
                except OSError:
                    self._fail()
            self._answer(ANSWER_SECONDS)
            made._grouped()
            made._answer(ANSWER_SECONDS)
            failed.pop_all()
        return made

    def _grouped(self) -> None:
        """Put the process that greets into this server's group: it sees no groups itself."""
        assert self._control is not None
        self._control.settimeout(ANSWER_SECONDS)
        try:
            _, facts, _, _ = self._control.recvmsg(1, socket.CMSG_SPACE(CREDENTIALS.size), socket.MSG_PEEK)
            process = CREDENTIALS.unpack(facts[0][2])[0]
            for entry in self._group.entries if self._group else []:
                Path(entry).write_text(str(process), encoding="ascii")
        except (OSError, IndexError, struct.error) as error:
            msg = f"a twin of the sandbox's server can't be put into a control group: {error}"
            raise SandboxError(msg) from error
        self._control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)

    def leave(self) -> None:
        """Have no part in it any more: it is another process's, from which this one was forked."""
        if self._control is not None:
            self._control.close()

    def wait_until_ready(self) -> None:
        """Wait until submissions can be started. Raises SandboxError if the server died instead."""
        answer = self._answer(START_SECONDS)
        if self._begins_empty:
            fonts.keep(answer.get("fonts"))

    @property
    def _begins_empty(self) -> bool:
        """Whether what the sandbox sees is the same in every run: no folder and no font of this machine's."""
        return NAMESPACES in self.backend.layers

    def start(self, seed: int, *, figures: bool = False) -> socket.socket:
        """Start a submission's process and return the socket to it.

        figures: whether to draw figures into the outputs, for a person to see.
        """
        assert self._control is not None
        ours, theirs = socket.socketpair()
        with contextlib.ExitStack() as failed:
            failed.callback(ours.close)
            self._start(theirs, seed, figures=figures)
            self._greeted(ours)
            failed.pop_all()
        return ours

    def _start(self, theirs: socket.socket, seed: int, *, figures: bool) -> None:
        assert self._control is not None
        # Where this process may run: two that take turns are faster on one processor than on two.
        options = {"figures": figures, "processors": sorted(os.sched_getaffinity(0))}
        request = json.dumps({"op": "start", "seed": seed, "options": options}).encode()
        with theirs:
            try:
                socket.send_fds(self._control, [request], [theirs.fileno()])
            except OSError:
                self._fail()
        self._answer(ANSWER_SECONDS)

    def _greeted(self, ours: socket.socket) -> None:
        """Wait until the process says that it is confined."""
        try:
            greeting = Channel(ours, self.limits).receive(time.monotonic() + ANSWER_SECONDS).header
        except (PeerGoneError, TimeoutError, WireError) as error:
            msg = "a submission's process ended before it was confined"
            raise SandboxError(msg) from error
        if "refused" in greeting:
            raise SandboxError(str(greeting["refused"]))

    def end(self, *, gone: bool = False) -> Ending:
        """End the running submission, with everything that it started.

        gone: its socket is closed already, so that how it ended by itself is worth knowing.
        """
        assert self._control is not None
        try:
            self._control.sendall(json.dumps({"op": "end", "gone": gone}).encode())
        except OSError:
            self._fail()
        answer = self._answer(ANSWER_SECONDS)
        return Ending(answer["signal"], answer["status"], answer["cpu_seconds"], answer["peak_bytes"])

    def close(self) -> None:
        """End the sandbox and everything in it."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            end(self._process)
        if self._errors is not None:
            self._errors.close()
        if self._group is not None:
            self._group.remove()
        if self._folder is not None:
            self._folder.cleanup()

    def _answer(self, seconds: float) -> dict[str, Any]:
        assert self._control is not None
        try:
            answer = Channel(self._control, self.limits).receive(time.monotonic() + seconds).header
        except TimeoutError:
            self._fail(f"it did not answer within {seconds:g} s; is this machine busy with something else?")
        except (PeerGoneError, WireError):
            self._fail()
        assert isinstance(answer, dict)
        return answer

    def _fail(self, reason: str = "it stopped answering") -> NoReturn:
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=1)
                # Of one that has ended, what it said last is why.
                self._errors.seek(0)
                lines = self._errors.read().decode(errors="replace").strip().splitlines()
                reason = lines[-1] if lines else reason
        msg = f"the sandbox does not run: {reason}"
        raise SandboxError(msg)


def end(process: "subprocess.Popen[bytes]", seconds: float = PARTING_SECONDS) -> None:
    """Wait until a process that was told so has ended; kill it if it does not in so many seconds.

    Of one that ends by itself the system counts what it used, with all its own, to whoever started it.
    """
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.kill()
    process.wait()


def spawn(
    command: list[str], environment: dict[str, str], control: socket.socket, errors: Any, *, new_session: bool = False
) -> "subprocess.Popen[bytes]":
    """Start a program that has the control socket, under the same number, and no other descriptor of ours."""
    return subprocess.Popen(  # noqa: S603 - the command is the grader's own
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        env=environment,
        pass_fds=[control.fileno()],
        cwd="/",
        start_new_session=new_session,
    )
