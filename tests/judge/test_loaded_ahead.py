"""What all judges of a course would load is loaded once; a sandbox that has it serves whoever needs less."""

import socket

from helpers.grading import Grader
from helpers.notebooks import check, solution

from autograder.callloop.frames import Channel
from autograder.callloop.limits import Limits
from autograder.isolation import strongest
from autograder.judge.server import JudgeServer
from autograder.sandbox.fork_server import ForkServer


def test_what_a_test_imports_is_there_before_it_does(grader: Grader) -> None:
    """A library that a cell of the instructor's imports was loaded before the judge was forked; others were not."""
    text = "import sys\nassert {0!r} in sys.modules\nimport {1}"
    cells = solution("a", "a = 1"), check("loaded", text.format("wave", "wave"))
    assert grader.judge(*cells).lost == {}
    assert set(grader.judge(*cells, check("other", text.format("mailbox", "wave"))).lost) == {"other"}


def test_a_sandbox_with_more_will_do() -> None:
    """Of those that run, the one with least beside what is needed serves; none that lacks a module does."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        backend, limits = strongest("none")[0], Limits()
        server = JudgeServer(Channel(ours, limits), backend, limits)
        for modules in (("a", "b", "c"), ("a", "b"), ("b",)):
            server.sandboxes[modules] = ForkServer(backend, limits, modules)
        assert server.fitting(("a",)) == ("a", "b")
        assert server.fitting(("a", "c")) == ("a", "b", "c")
        assert server.fitting(("a", "d")) == ("a", "d")
