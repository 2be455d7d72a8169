"""Python's programs, begun in a process that has read their libraries already.

What runs is what `python -m` would run, in a process of its own, with its own folder, variables and streams. To read
the libraries anew takes most of a short command's time, and the tests run hundreds.
"""

import atexit
import gc
import json
import os
import runpy
import select
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Ended:
    """How a program ended, and what it wrote."""

    status: int
    out: bytes
    err: bytes


class Starter:
    """A process that begins programs by a fork of itself.

    libraries: the modules that it reads first. options: those of the Python command.
    """

    def __init__(self, libraries: tuple[str, ...], environment: dict[str, str], *options: str) -> None:
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        program = [sys.executable, *options, __file__, str(theirs.fileno()), *libraries]
        # NumPy's own threads would not live on in a fork.
        alone = {**environment, "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(program, env=alone, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        atexit.register(self.end)

    def end(self) -> None:
        """End the process; it hears that nobody asks any more."""
        self._channel.close()
        self._process.wait()

    def run(self, module: str, words: list[str], folder: Path, environment: dict[str, str], seconds: float) -> Ended:
        """Run `python -m module words…` in a folder. Raises subprocess.TimeoutExpired."""
        asked = {"module": module, "words": words, "folder": str(folder), "environment": environment}
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            socket.send_fds(self._channel, [json.dumps(asked).encode()], [out.fileno(), err.fileno()])
            status = self._status(seconds, [module, *words])
            for stream in (out, err):
                stream.seek(0)
            return Ended(status, out.read(), err.read())

    def _status(self, seconds: float, words: list[str]) -> int:
        begun: dict[str, int] = json.loads(self._channel.recv(MOST_BYTES))
        if not select.select([self._channel], [], [], seconds)[0]:
            os.kill(begun["process"], 9)
            self._channel.recv(MOST_BYTES)
            raise subprocess.TimeoutExpired(words, seconds)
        ended: dict[str, int] = json.loads(self._channel.recv(MOST_BYTES))
        return ended["status"]


def _begin(asked: dict[str, Any], streams: list[int]) -> NoReturn:
    """Become the program that is asked for."""
    for place, stream in enumerate(streams, start=1):
        os.dup2(stream, place)
        os.close(stream)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    # As `python -m` has it.
    sys.path[0] = asked["folder"]
    sys.argv = [asked["module"], *asked["words"]]
    runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)
    sys.exit(0)


def _serve(channel: socket.socket) -> None:
    while True:
        message, streams, _, _ = socket.recv_fds(channel, MOST_BYTES, 2)
        if not message:
            return
        process = os.fork()
        if not process:
            channel.close()
            _begin(json.loads(message), streams)
        for stream in streams:
            os.close(stream)
        channel.send(json.dumps({"process": process}).encode())
        _, status = os.waitpid(process, 0)
        channel.send(json.dumps({"status": os.waitstatus_to_exitcode(status)}).encode())


if __name__ == "__main__":
    sys.path[0] = str(Path.cwd())
    gc.disable()
    for library in sys.argv[2:]:
        import_module(library)
    # Else each program looks through all that was read here for garbage, and copies it as it does.
    gc.freeze()
    gc.enable()
    _serve(socket.socket(fileno=int(sys.argv[1])))
