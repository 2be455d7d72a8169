"""The line to a cluster's scheduler: opened, tested now and then, opened again when it broke."""

import contextlib
import logging
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dask
from dask.utils import parse_timedelta
from distributed import Client, Future, as_completed
from distributed.security import Security

from autograder.batch import CrewError

ANSWER_SECONDS = 10.0
PAUSE_SECONDS = 0.5
LOST = ("cancelled", "lost")


class ClusterError(CrewError):
    """The cluster can't be used, or can't be reached any more; the message says why."""


def patience() -> float:
    """Return how many seconds to look for a scheduler: Dask's own setting, distributed.comm.timeouts.connect."""
    return float(parse_timedelta(dask.config.get("distributed.comm.timeouts.connect"), "s"))


def _named(address: str) -> dict[str, str]:
    """Return how Dask's client is told of a scheduler: by an address, or by the file that the scheduler wrote.

    Raises FileNotFoundError for a file that is not there, for which Dask would wait for ever.
    """
    if "://" in address:
        return {"address": address}
    if Path(address).exists():
        return {"scheduler_file": address}
    if address.endswith(".json"):
        raise FileNotFoundError(address)
    return {"address": f"tcp://{address}"}


def _silence() -> None:
    """Keep Dask, and what it stands on, from telling of each lost connection with tracebacks for their developers."""
    for name in ["asyncio", *logging.root.manager.loggerDict]:
        if name.split(".")[0] in ("asyncio", "distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Keep Dask's warnings on versions away: what bears on results is compared for each worker, in plain words."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"(?s).*Mismatched versions found")
        yield


class Connection:
    """A client of one scheduler.

    threads: how many submissions each worker takes at once, by the worker's address, when it was last asked.
    """

    def __init__(self, address: str, tell: Callable[[str], None]) -> None:
        self.address, self.tell = address, tell
        self.threads: dict[str, int] = {}
        self._client: Client | None = None
        self._answers: as_completed | None = None

    def open(self) -> None:
        """Find the scheduler. Raises ClusterError if there is none for so long as Dask is told to look for it."""
        _silence()
        if self.address.startswith("tls://") and not Security().get_connection_args("client").get("ssl_context"):
            msg = f"{self.address} needs a certificate: set Dask's distributed.comm.tls, as docs/security.md shows"
            raise ClusterError(msg)
        until, problem = time.monotonic() + patience(), ""
        while self._client is None:
            try:
                with _quietly():
                    left = max(1.0, until - time.monotonic())
                    self._client = Client(**_named(self.address), timeout=left, set_as_default=False)
            except ImportError:
                raise
            except Exception as error:  # noqa: BLE001 - of many kinds: the network's, TLS's, a bad address's
                problem = f"{error or type(error).__name__}"
                if time.monotonic() >= until or isinstance(error, ValueError | TypeError):
                    msg = f"no Dask scheduler answers at {self.address}: {problem}"
                    raise ClusterError(msg) from None
                time.sleep(PAUSE_SECONDS)
        self._answers = as_completed(loop=self._client.loop, with_results=True, raise_errors=False)
        self.threads = {}

    def is_alive(self) -> bool:
        """Ask the scheduler for its workers; tell whether it answered."""
        client = self._client
        if client is None or client.status != "running" or client.scheduler_comm is None:
            return False
        if client.scheduler_comm.comm.closed():
            return False
        try:
            found = client.sync(client.scheduler.ncores, callback_timeout=ANSWER_SECONDS)
        except Exception:  # noqa: BLE001 - whatever keeps it from answering
            return False
        self.threads = {str(worker): int(number) for worker, number in found.items()}
        return True

    def reopen(self) -> None:
        """Find the scheduler again, or another in its place. Raises ClusterError."""
        self.tell(f"lost the Dask scheduler at {self.address}; looking for it for {patience():g} s")
        self.close()
        self.open()
        self.tell("found it again; what was under way is sent again")

    def submit(self, function: Callable[..., Any], *arguments: Any, key: str, workers: list[str] | None) -> Future:
        """Have a function called on a worker: one of these, if there is one of these."""
        assert self._client is not None
        where = {"workers": workers, "allow_other_workers": True} if workers else {}
        return self._client.submit(function, *arguments, key=key, pure=False, **where)

    def expect(self, future: Future) -> None:
        """Have `answers` yield a call's outcome when it is there."""
        assert self._answers is not None
        self._answers.add(future)

    def answers(self) -> list[tuple[Future, Any]]:
        """Return the calls that ended since the last look, with what came of each; don't wait."""
        assert self._answers is not None
        found: list[tuple[Future, Any]] = self._answers.next_batch(block=False)
        return found

    def running(self) -> dict[str, str]:
        """Return which worker was given which call, by the call's key; nothing if the scheduler does not answer."""
        assert self._client is not None
        try:
            found = self._client.sync(self._client.scheduler.processing, workers=None, callback_timeout=ANSWER_SECONDS)
        except Exception:  # noqa: BLE001 - then nobody is asked twice
            return {}
        return {str(key): str(worker) for worker, keys in found.items() for key in keys}

    def drop(self, futures: list[Future]) -> None:
        """Give up on calls; one that is running ends by itself, and its answer is not taken."""
        if self._client is not None and futures:
            with contextlib.suppress(Exception):
                self._client.cancel(futures, force=True)

    def close(self) -> None:
        """End the connection."""
        client, self._client, self._answers = self._client, None, None
        if client is not None:
            with contextlib.suppress(Exception):
                client.close(timeout=ANSWER_SECONDS)
