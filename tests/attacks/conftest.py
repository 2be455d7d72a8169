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
