"""Each layer of the sandbox by itself: what it stops with all others as they are, and what gets through without it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from helpers.inside import Inside, small_server

from autograder.callloop import landlock
from autograder.callloop.confine import LANDLOCK, NAMESPACES, PRIVILEGES, RLIMITS, SECCOMP
from autograder.callloop.frames import PeerGoneError
from autograder.isolation import LAYERS, layer, strongest
from autograder.sandbox.backend import CGROUP, SEPARATE_USER

ALL = strongest("full")[1].layers
CONNECT = "import socket; socket.create_connection(('127.0.0.1', {}), timeout=2).close()"


@contextmanager
def _sandbox(*without: str) -> Iterator[Inside]:
    """A submission's process with all layers but some."""
    server = small_server(tuple(name for name in ALL if name not in without))
    process = Inside(server)
    try:
        yield process
    finally:
        process.end()
        server.close()


def _prints(process: Inside, text: str) -> str:
    """Return what a cell prints, or the class of its exception."""
    answer = process.run(text)
    if answer["error"] is not None:
        return str(answer["error"]["name"])
    return "".join(output["text"] for output in answer["outputs"] if output.get("name") == "stdout").strip()


MEMORY = "x = bytearray(300_000_000); print('got it')"
PROBES = {
    NAMESPACES: ("import os; print(os.getpid() == 1)", "True", "False"),
    LANDLOCK: ("import os; print(len(os.listdir('/')) > 0)", "PermissionError", "True"),
    SECCOMP: ("import socket; socket.socket(); print('got it')", "PermissionError", "got it"),
    PRIVILEGES: (
        "import ctypes; c = ctypes.CDLL(None); print(c.prctl(23, 21, 0, 0, 0), c.prctl(39, 0, 0, 0, 0))",
        "0 1",
        "1 1",
    ),
    RLIMITS: (MEMORY, "MemoryError", "got it"),
}


def _needs(name: str) -> pytest.MarkDecorator:
    """Leave a test out where a layer can't be had, with the reason that `doctor` gives."""
    return pytest.mark.skipif(not layer(name).present, reason=f"{name}: {layer(name).reason}")


@pytest.mark.parametrize("name", [pytest.param(name, marks=_needs(name)) for name in PROBES])
def test_a_layer_stops_what_gets_through_without_it(name: str) -> None:
    """With the layer the attempt fails, without it (and all others in place) it succeeds."""
    attempt, held, got_through = PROBES[name]
    with _sandbox() as process:
        assert _prints(process, attempt) == held
    with _sandbox(name) as process:
        assert _prints(process, attempt) == got_through


def test_every_layer_is_in_use_or_told_with_its_remedy() -> None:
    """A layer that can be had is in use; any other says why not, and what mends it."""
    assert {NAMESPACES, SECCOMP, PRIVILEGES, RLIMITS} <= set(ALL)
    for one in map(layer, LAYERS):
        if one.name != SEPARATE_USER:
            assert (one.name in ALL) == one.present
        assert one.present or (one.reason and one.remedy)
    assert set(PROBES) | {CGROUP, SEPARATE_USER} == set(LAYERS)


# --- walls that stand behind one another ----------------------------------------------------------


@contextmanager
def _listener() -> Iterator[tuple[int, list[str]]]:
    """A server on this machine's loop-back interface, and who came."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)

        def accept() -> None:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            came.append("somebody")
            connection.close()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1], came
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.mark.parametrize(
    ("without", "arrives"),
    [
        ((), False),
        ((SECCOMP,), False),
        ((SECCOMP, LANDLOCK), False),
        ((NAMESPACES,), False),
        ((NAMESPACES, LANDLOCK), False),
        pytest.param(
            (NAMESPACES, SECCOMP), False, marks=pytest.mark.skipif(landlock.version() < 4, reason="no newer Landlock")
        ),
        ((NAMESPACES, SECCOMP, LANDLOCK), True),
    ],
)
def test_three_layers_stop_a_connection(without: tuple[str, ...], arrives: bool) -> None:
    """While one of namespaces, seccomp and Landlock holds, a connection fails; without all it arrives."""
    with _listener() as (port, came):
        with _sandbox(*without) as process:
            assert (process.run(CONNECT.format(port))["error"] is None) == arrives
        assert bool(came) == arrives


@pytest.mark.parametrize(
    ("without", "readable"),
    [
        ((), False),
        ((LANDLOCK,), False),
        pytest.param((NAMESPACES,), False, marks=_needs(LANDLOCK)),
        ((NAMESPACES, LANDLOCK), True),
    ],
)
def test_two_layers_keep_a_file_from_student_code(place: Path, without: tuple[str, ...], readable: bool) -> None:
    """A file of this machine can't be read while namespaces or Landlock hold; without both it can."""
    secret = place / "gradebook.db"
    secret.write_text("a secret")
    secret.chmod(0o644)
    with _sandbox(*without) as process:
        assert (_prints(process, f"print(open({str(secret)!r}).read())") == "a secret") == readable


@_needs(CGROUP)
def test_a_control_group_ends_what_takes_more_memory_than_all_may() -> None:
    """Without resource limits, the group still ends a submission at its bound, and the server goes on."""
    hog = "held = []\nfor _ in range(30): held.append(bytearray(b'x') * 50_000_000)\nprint('got it')"
    with _sandbox(RLIMITS, CGROUP) as process:
        assert _prints(process, hog) == "got it"
    with _sandbox(RLIMITS) as process:
        assert _prints(process, "x = bytearray(b'x') * 300_000_000; print('got it')") == "got it"
        with pytest.raises(PeerGoneError):
            process.run(hog)
        process.channel.connection.close()
        assert "SIGKILL" in process.server.end(gone=True).in_words()
        after = Inside(process.server)
        assert after.printed("print(1)") == "1\n"
        after.end()


@_needs(CGROUP)
def test_a_control_group_bounds_the_number_of_threads() -> None:
    """Without resource limits, the group still bounds how many threads there are."""
    start = "import threading, time\nfor _ in range(40): "
    start += "threading.Thread(target=time.sleep, args=(9,), daemon=True).start()"
    with _sandbox(RLIMITS, CGROUP) as process:
        assert process.run(start)["error"] is None
    with _sandbox(RLIMITS) as process:
        assert process.error(start) == "RuntimeError"


@_needs(CGROUP)
def test_no_control_group_is_left_behind() -> None:
    """A sandbox that is closed leaves no control group."""
    from autograder.sandbox.cgroup import PREFIX, places

    with _sandbox() as process:
        assert process.server._group is not None
        mine = process.server._group.entries
        assert all(Path(entry).exists() for entry in mine)
    assert not any(Path(entry).parent.exists() for entry in mine)
    assert all(Path(entry).parent.name.startswith(PREFIX) for entry in mine)
    assert places()
