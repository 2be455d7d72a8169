"""nbgrader's formgrader in a real Jupyter server that only this machine can reach."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.course import course_environment

HERE = "127.0.0.1"
TOKEN = "5eed" * 8
PATIENCE = 60


@dataclass
class Server:
    """A running Jupyter server and the course that it serves."""

    course: Path
    address: str
    process: subprocess.Popen[bytes]

    def ask(
        self, path: str, body: dict[str, Any] | None = None, token: str = TOKEN, method: str | None = None
    ) -> tuple[int, str]:
        """Send a GET, or a POST where there is a body, or another method; return the status and the answer's text."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def data(self, path: str, body: dict[str, Any] | None = None, method: str | None = None) -> Any:
        """Return the JSON of an answer that must be a success."""
        status, text = self.ask(path, body, method=method)
        assert status == 200, text
        return json.loads(text)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((HERE, 0))
        return int(one.getsockname()[1])


def _wait(server: Server) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            server.ask("/api/status")
        except OSError:
            assert server.process.poll() is None, "the server has ended"
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.1)
        else:
            return


@contextmanager
def formgrader(course: Path, place: Path) -> Iterator[Server]:
    """Run a server on a course, with its log in a folder."""
    port = _free_port()
    words = [
        f"--ServerApp.ip={HERE}", f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--no-browser",
        f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={course}", "--allow-root",
    ]  # fmt: skip
    with (place / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *words],
            cwd=course,
            env=course_environment(course),
            stdout=log,
            stderr=log,
        )
        running = Server(course, f"http://{HERE}:{port}", process)
        try:
            _wait(running)
            yield running
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)
