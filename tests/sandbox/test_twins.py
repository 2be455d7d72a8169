"""Twins of one sandbox's server: each has its own submission and bounds; what they share is what was loaded."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers.inside import Inside, children, small_server

from autograder.callloop.confine import RLIMITS
from autograder.callloop.frames import PeerGoneError
from autograder.isolation import layer, strongest
from autograder.sandbox.backend import CGROUP
from autograder.sandbox.fork_server import ForkServer

HOLD = "held = bytearray(b'x') * {}"
MEGABYTES = 1_000_000


Make = Callable[[ForkServer], Inside]


@pytest.fixture
def server() -> Iterator[ForkServer]:
    """A running sandbox; its twins end with it."""
    running = small_server()
    yield running
    running.close()


@pytest.fixture
def twin() -> Iterator[Make]:
    """Makes a submission's process in a twin of a sandbox's server; both are ended in the end."""
    made: list[Inside] = []

    def make(server: ForkServer) -> Inside:
        made.append(Inside(server.twin()))
        return made[-1]

    yield make
    for process in made:
        process.channel.connection.close()
        process.server.close()


def _soon(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    return holds()


def _below(server: ForkServer) -> set[int]:
    assert server._process is not None
    return children(server._process.pid)


def test_submissions_of_twins_see_nothing_of_each_other(server: ForkServer, twin: Make) -> None:
    """Two submissions at the same time have files, processes and names of their own."""
    one, other = twin(server), twin(server)
    leave = "import os, builtins; open('left', 'w').close(); builtins.left = 1; print(os.getpid(), os.getppid())"
    assert one.printed(leave) == "1 0\n"
    look = "import os, builtins; print(os.listdir('.'), hasattr(builtins, 'left'), os.getpid(), os.getppid())"
    assert other.printed(look) == "[] False 1 0\n"
    one.end()
    assert other.printed("print('here')") == "here\n"


def test_a_server_that_had_submissions_can_have_a_twin(server: ForkServer, twin: Make) -> None:
    """After submissions of its own, a server is forked as well as before, and goes on itself."""
    Inside(server).end()
    process = twin(server)
    assert process.printed("print(1)") == "1\n"
    again = Inside(server)
    assert again.printed("print(2)") == "2\n"
    again.end()
    assert process.printed("print(3)") == "3\n"


def test_a_closed_twin_takes_its_submission_along_and_no_other(server: ForkServer, twin: Make) -> None:
    """Closing one twin ends its processes in the middle of a submission; another one's submission goes on."""
    going = twin(server)
    before = _below(server)
    closed = twin(server)
    closed.printed("x = 1")
    closed.server.close()
    # One that has ended stays known until the first server does.
    assert _soon(lambda: all(_is_gone(one) for one in _below(server) - before))
    assert going.printed("print(1)") == "1\n"


def _is_gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_closing_the_first_ends_all_twins(twin: Make) -> None:
    """When the sandbox is closed, no process of a twin is left, with a submission or without."""
    server = small_server()
    twin(server).end()
    twin(server)
    below = _below(server)
    server.close()
    assert _soon(lambda: not any(Path(f"/proc/{one}").exists() for one in below))


@pytest.mark.skipif(not layer(CGROUP).present, reason=f"{CGROUP}: {layer(CGROUP).reason}")
def test_each_twin_has_a_control_group_of_its_own(twin: Make) -> None:
    """Two submissions may hold together what one may not; one that holds it is ended, and the other is not."""
    server = small_server(tuple(name for name in strongest("full")[1].layers if name != RLIMITS))
    one, other = twin(server), twin(server)
    for process in (one, other):
        assert process.run(HOLD.format(600 * MEGABYTES))["error"] is None
    assert one.printed("print('still here')") == "still here\n"
    with pytest.raises(PeerGoneError):
        one.run(HOLD.format(1_500 * MEGABYTES))
    assert other.printed("print(len(held))") == f"{600 * MEGABYTES}\n"
    server.close()


@pytest.mark.skipif(not layer(CGROUP).present, reason=f"{CGROUP}: {layer(CGROUP).reason}")
def test_no_control_group_of_a_twin_is_left_behind(server: ForkServer, twin: Make) -> None:
    """A twin's group is there as long as it is."""
    process = twin(server)
    assert process.server._group is not None
    folders = [Path(entry).parent for entry in process.server._group.entries]
    assert folders
    assert all(folder.exists() for folder in folders)
    process.end()
    process.server.close()
    assert not any(folder.exists() for folder in folders)
