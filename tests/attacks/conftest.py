"""Fixtures of the attacks: graders with usual and with low limits, and a listener that must hear nothing."""

import socket
from collections.abc import Iterator

import pytest
from arena import Arena
from helpers.grading import Grader


@pytest.fixture(scope="session")
def arena(grader: Grader) -> Arena:
    """A grader with the limits that users get."""
    return Arena(grader)


@pytest.fixture(scope="session")
def hurried(impatient: Grader) -> Arena:
    """A grader whose limits are reached at once."""
    return Arena(impatient)


@pytest.fixture(scope="session")
def listener() -> Iterator[socket.socket]:
    """A socket on this machine that accepts connections, without waiting."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server


@pytest.fixture(autouse=True)
def honest_after(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each attack, whatever it was, an honest submission is judged as before, and no process is left."""
    used = [name for name in ("arena", "hurried") if name in request.fixturenames] or ["arena"]
    arenas: list[Arena] = [request.getfixturevalue(name) for name in used]
    yield
    for one in arenas:
        if one.known_good != one.grader.number:
            one.is_untouched()
