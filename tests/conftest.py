"""Fixtures of the engine's tests: running graders that all tests of a session share."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.grading import LOW, Grader
from helpers.slowest import SLOWEST
from hypothesis import settings

from autograder.callloop.limits import Limits

# Programs that nbgrader calls, such as alembic, stand beside this Python, whether its environment is active or not.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
# The same examples on every machine, so that a change is judged by what it changes; `make fuzz` looks for new ones.
settings.register_profile("the same everywhere", derandomize=True, deadline=None, database=None)
settings.load_profile("the same everywhere")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slowest files first."""
    place = {Path(__file__).parent / name: number for number, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


def pytest_collection_finish() -> None:
    """Keep thousands of tests, which stay to the end, from being looked through for garbage again and again."""
    gc.freeze()


@pytest.fixture(scope="session")
def grader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    """A running grader with the limits that users get."""
    running = Grader(Limits(), tmp_path_factory.mktemp("submissions"))
    yield running
    running.close()


@pytest.fixture(scope="session")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    """A running grader whose limits are reached at once."""
    running = Grader(LOW, tmp_path_factory.mktemp("impatient"))
    yield running
    running.close()
