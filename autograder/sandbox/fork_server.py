"""The grader's handle on one sandbox: start its fork server, start and end submissions in it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from autograder.callloop.frames import Channel, PeerGoneError, WireError
from autograder.callloop.limits import Limits
from autograder.sandbox import packages, seccomp
from autograder.sandbox.policy import (
    DEVICES,
    PACKAGES_PATH,
    SCRATCH_PATH,
    Binding,
    View,
    bubblewrap_command,
    python_command,
)

# Not a user of any distribution, and not 65534, which stands for "no such user".
SANDBOX_USER = 62_321
STAGE_FOLDERS = ("/mnt", "/media", "/srv", "/opt")
OTHERS_MAY_READ = 0o005
START_SECONDS = 60.0
ANSWER_SECONDS = 10.0
AS_ROOT = Path(__file__).with_name("as_root.py")


class SandboxError(Exception):
    """The sandbox could not be started, or stopped answering; the message says why."""


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


def _staged(view: View, folder: str) -> tuple[View, list[str]]:
    """Return the view with its sources under the stage, and the sources themselves."""
    sources = [binding.source for binding in view.bindings]
    moved = tuple(Binding(f"{folder}/{number}", binding.inside) for number, binding in enumerate(view.bindings))
    return View(view.python, view.library_path, moved), sources


def _stage_folder(view: View) -> str:
    for folder in STAGE_FOLDERS:
        if Path(folder).is_dir() and not any(binding.source.startswith(f"{folder}/") for binding in view.bindings):
            return folder
    msg = f"one of {', '.join(STAGE_FOLDERS)} must exist, and hold nothing that the grader runs from"
    raise SandboxError(msg)


@dataclass(frozen=True)
class Backend:
    """How student code is kept apart here.

    namespaces: run in bubblewrap; otherwise the outer container is the boundary, or there is none.
    landlock: without namespaces, let the kernel refuse every path but those that students need.
    """

    namespaces: bool
    landlock: bool = False
    bubblewrap: str = "bwrap"

    def command(self, folder: Path, control: int) -> tuple[list[str], dict[str, str], dict[str, Any]]:
        """Return the command line, its environment, and the configuration's paths."""
        view = packages.view()
        if self.namespaces:
            paths = {"path": [PACKAGES_PATH], "scratch": SCRATCH_PATH, "landlock": None}
            return *self._in_bubblewrap(view, control), paths
        loop, libraries, scratch = _linked(folder)
        environment = {name: value.replace(SCRATCH_PATH, str(scratch)) for name, value in view.environment().items()}
        readable = [*(binding.source for binding in view.bindings), *DEVICES, str(loop), str(libraries)]
        paths = {
            "path": [str(libraries)],
            "scratch": str(scratch),
            "landlock": readable if self.landlock else None,
        }
        command = python_command(sys.executable, str(loop), control)
        if os.geteuid() == 0 and readable_by_others():
            folder.chmod(0o755)
            os.chown(scratch, SANDBOX_USER, SANDBOX_USER)
            command = [sys.executable, "-I", "-S", str(AS_ROOT), str(SANDBOX_USER), "/", "0", "--", *command]
        return command, environment, paths

    def _in_bubblewrap(self, view: View, control: int) -> tuple[list[str], dict[str, str]]:
        program = shutil.which(self.bubblewrap)
        if program is None:
            msg = "bubblewrap is not installed; type: sudo apt-get install bubblewrap"
            raise SandboxError(msg)
        if os.geteuid() != 0:
            return bubblewrap_command(program, view, control), {}
        folder = _stage_folder(view)
        staged, sources = _staged(view, folder)
        as_root = [sys.executable, "-I", "-S", str(AS_ROOT), str(SANDBOX_USER), folder, str(len(sources)), *sources]
        return [*as_root, "--", *bubblewrap_command(program, staged, control)], {}


def readable_by_others() -> bool:
    """Tell whether an unprivileged user can reach the interpreter and the packages of this machine."""
    paths = [Path(binding.source) for binding in packages.view().bindings]
    folders = {folder for path in paths for folder in path.resolve().parents}
    return all(folder.stat().st_mode & OTHERS_MAY_READ == OTHERS_MAY_READ for folder in folders)


def _linked(folder: Path) -> tuple[Path, Path, Path]:
    """Lay out links to the call loop and the students' packages, and a scratch folder."""
    loop, libraries, scratch = folder / "loop", folder / "packages", folder / "scratch"
    for path in (loop, libraries / "autograder", scratch):
        path.mkdir(parents=True)
    (loop / "callloop").symlink_to(packages.call_loop())
    for path in packages.package_paths():
        (libraries / path.name).symlink_to(path)
    for path in packages.light_parts():
        (libraries / "autograder" / path.name).symlink_to(path)
    return loop, libraries, scratch


class ForkServer:
    """One running sandbox with its fork server. One submission at a time."""

    def __init__(self, backend: Backend, limits: Limits, modules: tuple[str, ...]) -> None:
        self.backend = backend
        self.limits = limits
        self.modules = modules
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._errors: Any = None

    def begin(self) -> None:
        """Start the server without waiting for it. Raises SandboxError if it can't be started at all."""
        ours, theirs = socket.socketpair()
        self._folder = tempfile.TemporaryDirectory(prefix="autograder-")
        command, environment, paths = self.backend.command(Path(self._folder.name), theirs.fileno())
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        with theirs:
            self._process = spawn(command, environment, theirs, self._errors)
        self._control = ours
        configuration = {
            "limits": self.limits.as_json(),
            "path": paths["path"],
            "modules": list(self.modules),
            "confinement": {
                "namespaces": self.backend.namespaces,
                "seccomp": (seccomp.compiled_filter() or b"").hex(),
                "scratch": paths["scratch"],
                "landlock": paths["landlock"],
            },
        }
        try:
            Channel(ours, self.limits).send(configuration)
        except PeerGoneError:
            self._fail()

    def wait_until_ready(self) -> None:
        """Wait until submissions can be started. Raises SandboxError if the server died instead."""
        self._answer(START_SECONDS)

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
        request = json.dumps({"op": "start", "seed": seed, "options": {"figures": figures}}).encode()
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
            self._process.kill()
            self._process.wait()
        if self._errors is not None:
            self._errors.close()
        if self._folder is not None:
            self._folder.cleanup()

    def _answer(self, seconds: float) -> dict[str, Any]:
        assert self._control is not None
        try:
            answer = Channel(self._control, self.limits).receive(time.monotonic() + seconds).header
        except (PeerGoneError, TimeoutError, WireError):
            self._fail()
        assert isinstance(answer, dict)
        return answer

    def _fail(self) -> NoReturn:
        reason = "it stopped answering"
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=1)
            self._errors.seek(0)
            lines = self._errors.read().decode(errors="replace").strip().splitlines()
            reason = lines[-1] if lines else reason
        msg = f"the sandbox does not run: {reason}"
        raise SandboxError(msg)


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
