"""A Dask cluster of real processes on this machine, each of which can be killed, stopped or started by itself."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from helpers.command import COMMAND, environment

SECONDS = 60.0
# As on a cluster of strangers' making: the scheduler and the workers have no course, and no folder of this one's.
QUICK = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "20s", "DASK_DISTRIBUTED__WORKER__LIFETIME__DURATION": "null"}


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Cluster:
    """A scheduler and some workers, one process each, one submission at a time."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.file = place / "scheduler.json"
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self.stopped: list[subprocess.Popen[bytes]] = []
        self._folders = 0

    def start_scheduler(self) -> None:
        """Start the scheduler, and wait until it listens."""
        self.file.unlink(missing_ok=True)
        self.scheduler = self._started(
            "scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--scheduler-file", str(self.file),
            "--no-dashboard",
        )  # fmt: skip
        self._wait_for(self.file)

    def start_worker(self, *before: str) -> subprocess.Popen[bytes]:
        """Start a worker, by way of a command if one is given."""
        self._folders += 1
        worker = self._started(
            "worker", self.address, "--nworkers", "1", "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", str(self.place / f"worker{self._folders}"), before=before,
        )  # fmt: skip
        self.workers.append(worker)
        return worker

    def kill_scheduler(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End the scheduler."""
        assert self.scheduler is not None
        self.scheduler.send_signal(how)
        self.scheduler.wait(SECONDS)

    def stop_worker(self) -> None:
        """Stop a worker where it is; it keeps its connections and answers nothing."""
        self.stopped.append(self.workers[0])
        os.kill(self.workers[0].pid, signal.SIGSTOP)

    def mend(self, workers: int) -> None:
        """Put another scheduler and other workers in the place of those that are gone or stopped."""
        for one in self.stopped:
            one.kill()
            one.wait(SECONDS)
        self.stopped.clear()
        self.workers = [one for one in self.workers if one.poll() is None]
        if self.scheduler is None or self.scheduler.poll() is not None:
            self.start_scheduler()
        for _ in range(workers - len(self.workers)):
            self.start_worker()

    def close(self) -> None:
        """End all processes."""
        for process in [*self.workers, *([self.scheduler] if self.scheduler else [])]:
            process.kill()
            process.wait(SECONDS)

    def _started(self, *words: str, before: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
        self.place.mkdir(exist_ok=True)
        with (self.place / "log").open("ab") as log:
            return subprocess.Popen(
                [*before, sys.executable, "-m", "dask", *words],
                cwd=self.place, env=environment(**QUICK), stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def _wait_for(self, path: Path) -> None:
        until = time.monotonic() + SECONDS
        while not path.exists():
            assert time.monotonic() < until, (self.place / "log").read_text()
            time.sleep(0.05)


@contextlib.contextmanager
def cluster(place: Path, workers: int = 2) -> Iterator[Cluster]:
    """Run a cluster with so many workers while in this block."""
    running = Cluster(place)
    try:
        running.mend(workers)
        yield running
    finally:
        running.close()


def grading(course: Path, name: str, address: str, *words: str, patience: str = "20s") -> subprocess.Popen[bytes]:
    """Start `autograder grade` on a cluster, without waiting for it."""
    return subprocess.Popen(
        [*COMMAND, "grade", name, "--dask", address, *words],
        cwd=course, env=environment(DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT=patience),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
    )  # fmt: skip


def wait_for_the_first(grader: subprocess.Popen[bytes]) -> None:
    """Wait until a grader says that the first result is there."""
    assert grader.stderr is not None
    heard = grader.stderr.readline()
    assert b": 1 of " in heard, heard + grader.stderr.read()
    assert grader.poll() is None


def without_seconds(path: Path) -> list[object]:
    """Return a JSON report's parts, the times left out, the submissions in the order of their names."""
    report = json.loads(path.read_text())
    submissions = sorted(report.pop("submissions"), key=lambda one: one["path"])
    return [report, [{name: value for name, value in one.items() if name != "seconds"} for one in submissions]]
