"""What runs on a cluster's workers: submissions are graded as they are on one machine, in the same sandbox.

A worker's process keeps what it started, so that only its first submission waits for a sandbox.
"""

import atexit
import tempfile
import threading
from collections import OrderedDict
from functools import cache
from pathlib import Path
from typing import Any

from autograder.batch import Station, setup_for
from autograder.cluster.answers import packed_refusal, packed_result
from autograder.cluster.parcel import Errand, Parcel, digest
from autograder.fingerprint import environment_facts
from autograder.isolation import IsolationError, strongest
from autograder.notebook.reading import Notebook, notebook_from_bytes
from autograder.pipeline import Graded, settled_submission
from autograder.report import Isolation
from autograder.sandbox.backend import SandboxError

# Parcel of other assignments that are kept ready; a cluster may serve several courses.
KEPT = 4

facts_here = cache(environment_facts)


class UnfitError(Exception):
    """These tests can't be graded on this worker; the message says why."""


class Office:
    """The tests of one assignment on this worker, and the stations that grade submissions of it."""

    def __init__(self, tests: Parcel) -> None:
        differing = [
            f"{name} {there} on the worker, {wanted} on yours"
            for name, wanted in tests.facts.items()
            if (there := facts_here().get(name, "none")) != wanted
        ]
        if differing:
            msg = f"its versions differ: {', '.join(differing)}"
            raise UnfitError(msg)
        try:
            backend, self.isolation = strongest(tests.level)
        except IsolationError as error:
            raise UnfitError(str(error)) from None
        self.tests = tests
        self._folder = tempfile.TemporaryDirectory(prefix="autograder-tests-")
        self.assignments = {one.notebook_name: one for one in tests.laid_out(Path(self._folder.name))}
        self.setup = setup_for(list(self.assignments.values()), backend, tests.limits)
        self._idle: list[Station] = []
        self._all: set[Station] = set()
        self._lock = threading.Lock()
        self._closed = False

    def grade(self, errand: Errand) -> Graded:
        """Grade one submission at a station that is free, or a new one. Raises SandboxError if none can be had."""
        assignment = self.assignments[errand.notebook_name]

        def read(_: Path, most: int) -> Notebook:
            return notebook_from_bytes(errand.content)

        path = Path(errand.file_name)
        submission = settled_submission(
            path, errand.shown_path, assignment, errand.seed, read, beside=lambda: errand.beside
        )
        station = self._taken()
        try:
            graded = station.grade(submission)
        except BaseException:
            self._dropped(station)
            raise
        if graded.broke_down:
            self._dropped(station)
            return graded
        with self._lock:
            if not self._closed:
                self._idle.append(station)
        return graded

    def close(self) -> None:
        """End all stations, and remove what was laid out."""
        with self._lock:
            self._closed = True
            stations = list(self._all)
        for station in stations:
            station.close()
        self._folder.cleanup()

    def _taken(self) -> Station:
        with self._lock:
            if self._idle:
                return self._idle.pop()
            station = Station(self.setup)
            self._all.add(station)
        try:
            station.begin()
            station.wait_until_ready()
        except BaseException:
            self._dropped(station)
            raise
        return station

    def _dropped(self, station: Station) -> None:
        with self._lock:
            self._all.discard(station)
        station.close()


class Offices:
    """The offices of this worker's process, by their tests; those that were not used for longest are closed."""

    def __init__(self) -> None:
        self._offices: OrderedDict[str, Office] = OrderedDict()
        self._busy: dict[str, int] = {}
        self._lock = threading.Lock()

    def grade(self, packed: bytes, errand: Errand) -> tuple[Graded, Isolation]:
        """Grade one submission with packed tests. Raises UnfitError, SandboxError."""
        name = digest(packed)
        with self._lock:
            if name not in self._offices:
                self._offices[name] = Office(Parcel.unpacked(packed))
            self._offices.move_to_end(name)
            self._busy[name] = self._busy.get(name, 0) + 1
            office = self._offices[name]
        try:
            return office.grade(errand), office.isolation
        finally:
            with self._lock:
                self._busy[name] -= 1
                spare = [one for one in list(self._offices)[:-KEPT] if not self._busy[one]]
                closing = [self._offices.pop(one) for one in spare]
                for one in spare:
                    del self._busy[one]
            for idle in closing:
                idle.close()

    def close(self) -> None:
        """Close all offices."""
        with self._lock:
            closing = list(self._offices.values())
            self._offices.clear()
        for office in closing:
            office.close()


_offices = Offices()


def close() -> None:
    """End all that this process started to grade with; the next submission starts it anew."""
    _offices.close()


# Killed, the process can't do this: then the kernel ends what it started.
atexit.register(close)


def grade(tests: bytes, errand: dict[str, Any]) -> bytes:
    """Grade one submission on this worker, and return the answer as bytes; this is the task that Dask runs."""
    worker = _address()
    try:
        graded, isolation = _offices.grade(tests, Errand.unpacked(errand))
    except (UnfitError, SandboxError) as error:
        return packed_refusal(worker, str(error))
    return packed_result(worker, graded, isolation.level, isolation.layers)


def _address() -> str:
    from distributed import get_worker

    try:
        return str(get_worker().address)
    except ValueError:  # called by no worker
        return ""
