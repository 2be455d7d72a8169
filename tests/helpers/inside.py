"""One running sandbox, spoken to directly: cells in, outputs out, and a look at its processes from outside."""

import time
from pathlib import Path
from typing import Any

from autograder.callloop.frames import Channel
from autograder.callloop.limits import MEGABYTE, Limits
from autograder.isolation import strongest
from autograder.sandbox import packages
from autograder.sandbox.backend import Backend
from autograder.sandbox.fork_server import Ending, ForkServer

SMALL = Limits(memory_bytes=256 * MEGABYTE, scratch_bytes=4 * MEGABYTE, threads=8)


class Inside:
    """One submission's process."""

    def __init__(self, server: ForkServer) -> None:
        self.server = server
        self.channel = Channel(server.start(7), SMALL)

    def run(self, text: str) -> dict[str, Any]:
        """Run a cell and return the loop's answer."""
        self.channel.send({"op": "cell", "source": text}, deadline=time.monotonic() + 20)
        answer: dict[str, Any] = self.channel.receive(time.monotonic() + 20).header
        return answer

    def printed(self, text: str) -> str:
        """Run a cell that must not fail and return what it printed."""
        answer = self.run(text)
        assert answer["error"] is None, answer["error"]
        return "".join(output["text"] for output in answer["outputs"] if output.get("name") == "stdout")

    def error(self, text: str) -> str:
        """Run a cell that must fail and return its exception's class."""
        answer = self.run(text)
        assert answer["error"] is not None, answer["outputs"]
        return str(answer["error"]["name"])

    def end(self) -> Ending:
        """End the process."""
        self.channel.connection.close()
        return self.server.end()


def small_server(layers: tuple[str, ...] | None = None) -> ForkServer:
    """Return a running sandbox with small limits, with all layers of this machine or only some."""
    backend = strongest("full")[0] if layers is None else Backend(layers)
    server = ForkServer(backend, SMALL, packages.modules_for("", draws=False))
    server.begin()
    server.wait_until_ready()
    return server


def children(process: int) -> set[int]:
    """Return the processes below one, at any depth, as this machine numbers them."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue  # ended in between
    found, waiting = set(), [process]
    while waiting:
        parent = waiting.pop()
        below = [child for child, its in parents.items() if its == parent and child not in found]
        found.update(below)
        waiting += below
    return found


def status_of(process: int) -> dict[str, str]:
    """Return the kernel's facts about a process."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def newest(processes: set[int]) -> int:
    """Return the process that was started last."""
    return max(processes, key=lambda one: int(Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[19]))
