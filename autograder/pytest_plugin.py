"""`pytest --submission alice.ipynb`: checks of submitted notebooks as test items, and submissions as a fixture.

pytest loads this module in every run of whoever has it installed, so it imports nothing until a submission is named;
what works then is in `autograder.testing`. docs/pytest.md shows how it is used.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest

NAME = "autograder-submissions"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options; their meaning is that of `autograder run`."""
    group = parser.getgroup("autograder", "grading submitted notebooks (autograder)")
    group.addoption(
        "--submission", action="append", default=[], metavar="NOTEBOOK", dest="autograder_submissions",
        help="a submitted notebook, or a folder of them, whose checks are tests; may be given more than once",
    )  # fmt: skip
    group.addoption("--assignment", metavar="SET", dest="autograder_assignment", help="the submissions' assignment")
    group.addoption("--course", metavar="DIR", dest="autograder_course", help="the course's folder")
    group.addoption(
        "--isolation", metavar="LEVEL", default="full", dest="autograder_isolation",
        help="the least isolation of student code that is accepted: full, container or none",
    )  # fmt: skip
    group.addoption(
        "--submission-timeout", metavar="SECONDS", type=float, default=None, dest="autograder_seconds",
        help="for one cell, and for all calls of student code in one test together (10)",
    )  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Keep pytest from running a conftest.py that lies beside a submission of which a check was named by its id."""
    named = early_config.known_args_namespace
    ours = {os.path.abspath(path) for path in named.autograder_submissions}  # noqa: PTH100 - links are not followed
    if ours:
        places = named.file_or_dir
        named.file_or_dir = [one for one in places if os.path.abspath(one.split("::")[0]) not in ours]  # noqa: PTH100


def pytest_configure(config: pytest.Config) -> None:
    """Take up the work if a submission was named."""
    if config.getoption("autograder_submissions"):
        from autograder.testing.plugin import Submissions

        config.pluginmanager.register(Submissions(config), NAME)


@pytest.fixture(scope="module")
def submission(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Return a submission of `--submission`, whose functions can be called: `submission.grad_W2(A1, dZ2)`.

    They run in the sandbox, in a process that is fresh for each test module. A test runs once for each submission.
    """
    if not hasattr(request, "param"):
        pytest.skip("no submission was named; name one with --submission NOTEBOOK")
    plugin: Any = request.config.pluginmanager.get_plugin(NAME)
    with plugin.opened(request.param) as found:
        yield found
