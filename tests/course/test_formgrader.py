"""nbgrader's formgrader on this course, in a real Jupyter server that only this machine can reach."""

import html
import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from helpers.command import autograder
from helpers.course import course_environment, except_for, make_course, points_of, scores_of, submit
from helpers.inside import children
from helpers.notebooks import replaced, solved, source

SET = "ps3_matrix"
HERE = "127.0.0.1"
TOKEN = "5eed" * 8
PATIENCE = 60
RIGHT = solved(source(SET))
NO_TRANSPOSE = replaced(RIGHT, {"grad_X": "def grad_X(W, dD):\n    return W @ dD"})

pytestmark = pytest.mark.xdist_group("formgrader")


@dataclass
class Server:
    """A running Jupyter server and the course that it serves."""

    course: Path
    address: str
    process: subprocess.Popen[bytes]

    def ask(self, path: str, body: dict[str, Any] | None = None, token: str = TOKEN) -> tuple[int, str]:
        """Send a GET, or a POST where there is a body; return the status and the text that came back."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def data(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Return the JSON of an answer that must be a success."""
        status, text = self.ask(path, body)
        assert status == 200, text
        return json.loads(text)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((HERE, 0))
        return int(one.getsockname()[1])


def _wait(server: Server) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            server.ask("/api/status")
        except OSError:
            assert server.process.poll() is None, "the server has ended"
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.1)
        else:
            return


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a course of three students, one graded by `autograder grade`, two not yet graded."""
    place = tmp_path_factory.mktemp("formgrader")
    (place / "exchange").mkdir()
    course = make_course(place / "course", SET, config=f"c.Exchange.root = {str(place / 'exchange')!r}\n")
    submit(course, "ada", SET, NO_TRANSPOSE)
    assert autograder("grade", SET, folder=course).status == 0
    submit(course, "emmy", SET, NO_TRANSPOSE)
    submit(course, "kurt", SET, b"{")
    port = _free_port()
    words = [
        f"--ServerApp.ip={HERE}", f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--no-browser",
        f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={course}", "--allow-root",
    ]  # fmt: skip
    with (place / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *words],
            cwd=course,
            env=course_environment(course),
            stdout=log,
            stderr=log,
        )
        running = Server(course, f"http://{HERE}:{port}", process)
        try:
            _wait(running)
            yield running
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def test_nobody_gets_in_without_the_token(server: Server) -> None:
    """A wrong token leads to the login page, so that the pages below were seen because of the right one."""
    _, page = server.ask("/formgrader/api/assignments", token="wrong")
    assert "<title>Jupyter Server</title>" in page
    assert SET not in page


@pytest.mark.parametrize(
    "page", ["", "/manage_assignments", f"/manage_submissions/{SET}", "/gradebook", "/manage_students"]
)
def test_the_pages_are_served(server: Server, page: str) -> None:
    """Every page of the formgrader opens on this course."""
    status, text = server.ask(f"/formgrader{page}")
    assert status == 200
    assert "<title>" in text
    assert "not a subdirectory" not in text


def test_the_assignments_are_listed(server: Server) -> None:
    """The list has the set, its points, and how many submitted it."""
    (found,) = server.data("/formgrader/api/assignments")
    assert (found["name"], found["max_score"], found["num_submissions"]) == (SET, 14, 3)


def test_a_graded_notebook_opens_for_manual_grading(server: Server) -> None:
    """The manual grading view of a notebook that `autograder grade` wrote shows what failed, and takes a score."""
    notebooks = server.data(f"/formgrader/api/submitted_notebooks/{SET}/{SET}")
    notebook = next(one for one in notebooks if one["student"] == "ada")
    assert (notebook["score"], notebook["max_score"]) == (11, 14)
    status, page = server.ask(f"/formgrader/submissions/{notebook['id']}/?index=0")
    assert status == 200
    shown = html.unescape(re.sub("<[^>]*>", "", page))
    assert "return W @ dD" in shown
    assert "gradient_check: your answer does not say how the forward value changes when X is nudged" in shown
    grades = server.data(f"/formgrader/api/grades?submission_id={notebook['id']}")
    assert {grade["name"]: grade["auto_score"] for grade in grades} == except_for(SET, "grad_X")


@pytest.mark.parametrize(
    ("student", "expected"),
    [("emmy", except_for(SET, "grad_X")), ("kurt", dict.fromkeys(points_of(SET), 0.0))],
)
def test_its_button_grades_in_the_sandbox(server: Server, student: str, expected: dict[str, float]) -> None:
    """What the formgrader's autograde button asks for succeeds, and the gradebook has the scores; a broken file too."""
    outcome = server.data(f"/formgrader/api/submission/{SET}/{student}/autograde", {})
    assert outcome["success"], outcome
    assert scores_of(server.course, SET)[student] == expected
    assert server.data(f"/formgrader/api/submission/{SET}/{student}")["score"] == sum(expected.values())


def test_the_server_ends_when_it_is_asked(server: Server) -> None:
    """After grading, the server ends at once and by itself, and leaves no process of the sandbox behind."""
    below = children(server.process.pid)
    assert below, "the sandbox's processes wait for the next submission"
    server.ask("/api/shutdown", {})
    assert server.process.wait(timeout=PATIENCE) == 0
    end = time.monotonic() + PATIENCE
    while any(Path(f"/proc/{one}").exists() for one in below) and time.monotonic() < end:
        time.sleep(0.05)
    assert not [one for one in below if Path(f"/proc/{one}").exists()]
