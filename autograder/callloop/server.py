"""The fork server: loads what students import once, then forks a confined process for each submission.

It never reads a submission: the fork gets a socket of its own, passed to the server as a descriptor
and closed there at once. The server's control socket carries only its configuration, `start` with
such a descriptor, and `end`, which kills what was started and answers with how it went. `twin`, with
a control socket, forks the server itself, so that another grader's lane need not load all of it again.
"""

import contextlib
import gc
import importlib
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .confine import (
    NAMESPACES,
    Confinement,
    ConfinementError,
    close_all_above,
    enter_new_process_namespace,
    lock_down,
    return_to_process_namespace,
)
from .frames import Channel
from .limits import Limits

PIPE = 3
REFUSED_STATUS = 99
LAST_WORDS_SECONDS = 0.5


@dataclass
class Server:
    """The server's state: how to confine a fork, and the one that is running."""

    control: socket.socket
    channel: Channel
    confinement: Confinement
    limits: Limits
    own_process_namespace: int | None
    running: int | None = None
    folder: str | None = None
    twins: int = 0

    def start(self, connection: socket.socket, seed: int, options: dict[str, Any]) -> None:
        """Fork a confined process that serves the submission at the other end of `connection`."""
        if self.own_process_namespace is not None:
            enter_new_process_namespace(self.own_process_namespace)
        scratch = self._scratch()
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, options["processors"])
        child = os.fork()
        if child == 0:
            self._serve(connection, seed, options, scratch)
        connection.close()
        self.running = child
        self.channel.send({"started": True})

    def _serve(self, connection: socket.socket, seed: int, options: dict[str, Any], scratch: str) -> None:
        status = REFUSED_STATUS
        # Duplicated to a fixed low number, so that nothing else stays open.
        os.dup2(connection.fileno(), PIPE)
        pipe = socket.socket(fileno=PIPE)
        try:
            devnull = os.open(os.devnull, os.O_RDWR)
            for standard in (0, 1, 2):
                os.dup2(devnull, standard)
            close_all_above(PIPE)
            lock_down(self.confinement, self.limits, scratch)
            from .serving import serve

            channel = Channel(pipe, self.limits)
            channel.send({"ready": True})
            serve(channel, self.limits, seed, options)
            status = 0
        except (ConfinementError, OSError) as error:
            Channel(pipe, self.limits).send({"refused": str(error)})
        finally:
            os._exit(status)

    def _scratch(self) -> str:
        """Return the next fork's folder; without namespaces it is a new one, so that forks share none."""
        if NAMESPACES in self.confinement.layers:
            return self.confinement.scratch
        self.folder = tempfile.mkdtemp(dir=self.confinement.scratch)
        return self.folder

    def end(self, *, gone: bool) -> None:
        """Kill the running fork with all that it started, and answer with how it ended.

        gone: the other side saw the fork close its socket, so it is about to end by itself, and its
        status is worth a short wait.
        """
        if self.running is None:
            self.channel.send({"signal": 0, "status": 0, "cpu_seconds": 0.0, "peak_bytes": 0})
            return
        finished, status, usage = os.wait4(self.running, os.WNOHANG)
        deadline = time.monotonic() + (LAST_WORDS_SECONDS if gone else 0)
        while not finished and time.monotonic() < deadline:
            time.sleep(0.001)
            finished, status, usage = os.wait4(self.running, os.WNOHANG)
        if not finished:
            os.kill(self.running, signal.SIGKILL)
            _, _, usage = os.wait4(self.running, 0)
            status = 0
        self.running = None
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.channel.send(
            {
                "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
                "status": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
                "cpu_seconds": usage.ru_utime + usage.ru_stime,
                "peak_bytes": usage.ru_maxrss * 1024,
            }
        )

    def twin(self, control: socket.socket) -> None:
        """Fork this server; the fork obeys `control` from now on, and nothing else."""
        if self.own_process_namespace is not None:
            return_to_process_namespace(self.own_process_namespace)
        if os.fork() == 0:
            self.control.close()
            self.control, self.channel, self.twins = control, Channel(control, self.limits), 0
            self.running = self.folder = None  # what runs is the first one's
            self.channel.send({"serving": True})
            return
        control.close()
        self.twins += 1
        self.channel.send({"twin": True})

    def serve(self) -> None:
        """Obey until the control socket closes; end what is running then."""
        while True:
            message, descriptors, _, _ = socket.recv_fds(self.control, 4096, 1)
            if not message:
                break
            request = json.loads(message)
            if request["op"] == "start":
                self.start(socket.socket(fileno=descriptors[0]), request["seed"], request["options"])
            elif request["op"] == "twin":
                self.twin(socket.socket(fileno=descriptors[0]))
            else:
                self.end(gone=bool(request["gone"]))
        if self.running is not None:
            os.kill(self.running, signal.SIGKILL)
            os.waitpid(self.running, 0)
        # What they used is counted to whoever started this server; they end as this one does.
        for _ in range(self.twins):
            os.wait()


def _preload(modules: list[str]) -> list[str]:
    """Import what students import, and return what is missing here."""
    missing = []
    for name in modules:
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name)
    return missing


def _fonts_folder() -> Path:
    return Path(os.environ.get("MPLCONFIGDIR", os.devnull))


def _lay_out(fonts: dict[str, str]) -> None:
    """Put Matplotlib's lists of fonts where it looks for them, by their names."""
    with contextlib.suppress(OSError):
        for name, text in fonts.items():
            _fonts_folder().mkdir(parents=True, exist_ok=True)
            (_fonts_folder() / name).write_text(text, encoding="utf-8")


def _made_beside(fonts: dict[str, str]) -> dict[str, str]:
    """Return the lists that Matplotlib has made itself: it was given none of its version, or could not read it."""
    with contextlib.suppress(OSError, ValueError):
        found = {path.name: path.read_text(encoding="utf-8") for path in _fonts_folder().glob("fontlist-*.json")}
        return {name: text for name, text in found.items() if text != fonts.get(name)}
    return {}


def main(control_descriptor: int) -> None:
    """Serve until the control socket closes."""
    control = socket.socket(fileno=control_descriptor)
    configuration = Channel(control, Limits()).receive().header
    limits = Limits.from_json(configuration["limits"])
    sys.path[:] = [*configuration["path"], *sys.path]
    # Nothing that is loaded now is garbage later.
    gc.disable()
    known = configuration.get("fonts", {})
    _lay_out(known)
    missing = _preload(configuration["modules"])
    from .serving import prepare

    prepare()
    channel = Channel(control, limits)
    confinement = Confinement.from_json(configuration["confinement"])
    # What is loaded by now is shared by every fork; without this, collecting garbage copies it.
    gc.freeze()
    gc.enable()
    own = os.open("/proc/self/ns/pid", os.O_RDONLY) if NAMESPACES in confinement.layers else None
    server = Server(control, channel, confinement, limits, own)
    channel.send({"serving": True, "missing": missing, "fonts": _made_beside(known)})
    server.serve()
    os._exit(0)  # at once: what Python would tidy up is gone with the process
