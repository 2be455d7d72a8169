"""CI services on this machine: their files read, their shell steps run, their API answered by a small server."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from helpers.command import environment
from helpers.notebooks import ROOT, Json, replaced, solved, source

PAGES = ROOT / "docs" / "ci"
SET = "ps1_chain_rule"
NOTEBOOK = f"{SET}.ipynb"
WRONG = replaced(solved(source(SET)), {"relu_grad": "def relu_grad(z):\n    return 1.0 if z >= 0 else 0.0"})
# What this environment has already; the files' own word for it is looked at apart.
GRADER = "backprop-autograder"
SECONDS = 120
REFUSED = {"user": None, "readable": [], "refused": ["user namespaces", "mount"]}
CONTAINER = (sys.executable, str(Path(__file__).parent / "elsewhere.py"), json.dumps(REFUSED))
# What the services' machines have and this one may lack; nothing is left of it if there is a real one.
SUDO = '#!/bin/sh\nexec "$@"\n'


def workflow(name: str) -> dict[str, Any]:
    """Return one of the ready files. YAML 1.1 reads GitHub's key `on` as true."""
    read: dict[Any, Any] = yaml.safe_load((PAGES / name).read_text(encoding="utf-8"))
    return {"on" if key is True else key: value for key, value in read.items()}


def steps(name: str) -> list[dict[str, Any]]:
    """Return the steps of the one job of a GitHub workflow."""
    (job,) = workflow(name)["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with GitHub's expressions replaced. Raises KeyError for one whose value is not given."""
    return re.sub(r"\$\{\{ *([^}]*?) *\}\}", lambda found: values[found[1]], str(text))


def repository(folder: Path, files: Mapping[str, bytes | Path]) -> Path:
    """Make a Git repository with one commit of these files; a path makes a link."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            place.symlink_to(content)
        else:
            place.write_bytes(content)
    identity = ("-c", "user.name=student", "-c", "user.email=student@example.org", "-c", "init.defaultBranch=main")
    for words in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--allow-empty", "--message", "work")):
        subprocess.run(["git", *identity, *words], cwd=folder, check=True)
    return folder


@dataclass
class Service:
    """A service's API: what was posted to it, by path; it tells what it was told of a commit's statuses."""

    address: str = ""
    posted: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    def statuses(self, path: str) -> str:
        """Return the statuses of a commit as JSON, from what was posted."""
        sha = next(part for part in path.split("/") if len(part) == 40)
        return json.dumps([body for place, body in self.posted if "/statuses/" in place and sha in place])


@contextmanager
def service() -> Iterator[Service]:
    """Run a service's API on this machine."""
    told = Service()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, status: int, text: str) -> None:
            told.tokens.add(self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or "")
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def do_GET(self) -> None:
            self._answer(200, told.statuses(self.path).replace('\\"', '"'))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told.posted.append((self.path, body))
            self._answer(201, "{}")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield told
        server.shutdown()


@dataclass(frozen=True)
class Step:
    """What a step left: its status and its log."""

    status: int
    log: str


@dataclass
class Machine:
    """A service's machine: the checkout in which steps run, and what it puts into their environment."""

    checkout: Path
    variables: dict[str, str]

    def run(self, script: str, *, options: str = "-e", container: bool = False, **more: str) -> Step:
        """Run a step's shell script as the service does; with this environment's Python before all others.

        container: whether the kernel refuses what it refuses in a container.
        """
        tools = self.checkout.parent / "tools"
        tools.mkdir(exist_ok=True)
        (tools / "sudo").write_text(SUDO)
        (tools / "sudo").chmod(0o755)
        path = self.checkout.parent / "step.sh"
        path.write_text(script, encoding="utf-8")
        found = f"{Path(sys.executable).parent}:{os.environ['PATH']}:{tools}"
        shell = (shutil.which("bash") or "bash", "--noprofile", "--norc")
        done = subprocess.run(
            [*(CONTAINER if container else ()), *shell, *options.split(), path],
            cwd=self.checkout, env=environment(**{**self.variables, **more, "PATH": found}),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=SECONDS,
        )  # fmt: skip
        return Step(done.returncode, done.stdout)


def line_in(notebook: Path, number: int) -> str:
    """Return a line of a notebook's file."""
    return notebook.read_text(encoding="utf-8").splitlines()[number - 1]


def content(given: Json) -> bytes:
    """Return a notebook as Jupyter saves it, a line of text a line of the file."""
    cells = [{**cell, "source": cell["source"].splitlines(keepends=True)} for cell in given["cells"]]
    return json.dumps({**given, "cells": cells}, indent=1).encode()
