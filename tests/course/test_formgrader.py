"""nbgrader's formgrader on this course, in a real Jupyter server that only this machine can reach."""

import html
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.command import autograder
from helpers.course import Cell, cells_of, except_for, make_course, points_of, scores_of, submit
from helpers.formgrader import PATIENCE, Server, formgrader
from helpers.inside import children
from helpers.notebooks import replaced, solved, source

SET = "ps3_matrix"
RIGHT = solved(source(SET))
NO_TRANSPOSE = replaced(RIGHT, {"grad_X": "def grad_X(W, dD):\n    return W @ dD"})

pytestmark = pytest.mark.xdist_group("formgrader")


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
    with formgrader(course, place) as running:
        yield running


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
    """The manual grading view of a graded notebook has a card for what failed, the set's formulas, and the scores."""
    notebooks = server.data(f"/formgrader/api/submitted_notebooks/{SET}/{SET}")
    notebook = next(one for one in notebooks if one["student"] == "ada")
    assert (notebook["score"], notebook["max_score"]) == (11, 14)
    status, page = server.ask(f"/formgrader/submissions/{notebook['id']}/?index=0")
    assert status == 200
    shown = html.unescape(re.sub("<[^>]*>", "", page))
    assert "return W @ dD" in shown
    (card,) = re.findall(r'<div class="findings">.*?</details>\s*</div>', page, re.DOTALL)
    assert "<b>What this looks like.</b> Your answer uses W" in card
    assert "Your answer does not say how the forward value changes when X is nudged" in card
    assert "AssertionError" not in shown, "the card says it all"
    assert "<msub><mi>D</mi>" in page
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
    listed = server.data(f"/formgrader/api/submission/{SET}/{student}")
    assert listed["score"] == sum(expected.values())
    assert listed["needs_manual_grade"] == (student == "kurt"), "a broken file is not simply graded with 0"


def test_what_a_person_enters_in_it_survives_its_button(server: Server) -> None:
    """Points, extra credit and a comment that are typed in stay beside the diagnosis when all is graded again."""
    notebooks = server.data(f"/formgrader/api/submitted_notebooks/{SET}/{SET}")
    submission = next(one["id"] for one in notebooks if one["student"] == "ada")

    def entry(kind: str, name: str) -> dict[str, Any]:
        entries = server.data(f"/formgrader/api/{kind}s?submission_id={submission}")
        found: dict[str, Any] = next(one for one in entries if one["name"] == name)
        return found

    assert entry("comment", "grad_X")["auto_comment"].startswith("what this looks like: Your answer uses W")
    typed = {"grade": {"manual_score": 2, "extra_credit": 0.5}, "comment": {"manual_comment": "Nearly."}}
    for kind, name in (("grade", "test_grad_X"), ("comment", "grad_X")):
        server.data(f"/formgrader/api/{kind}/{entry(kind, name)['id']}", typed[kind], method="PUT")
    outcome = server.data(f"/formgrader/api/submission/{SET}/ada/autograde", {})
    assert outcome["success"], outcome
    assert cells_of(server.course, SET)["ada"]["test_grad_X"] == Cell(2.5, 0.0, 2.0, 0.5, needs_manual=True)
    comment = entry("comment", "grad_X")
    assert comment["manual_comment"] == "Nearly."
    assert comment["auto_comment"].startswith("what this looks like: Your answer uses W")


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
