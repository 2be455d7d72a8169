"""Pages with students' work in a real browser: nothing of it runs, loads or asks, and the facts are to be read."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from helpers.command import Ran, autograder
from helpers.course import make_course, nbgrader, scores_of, submit
from helpers.formgrader import Server, formgrader
from looking import Listener, Watched
from nbconvert.exporters import HTMLExporter
from payloads import HTML, MARKDOWN, payloads
from planting import HONEST, RIGHT, SET, hostile, unsanitised

SOON = 10.0
MARK_OF_CONFIGURATION = "configuration-ran"
MARKUP_NAME = "<img src=x onerror=alert(1)>"
# Through `autograder grade`, through nbgrader's own command, and a name that is odd but harmless.
STUDENTS = ("mallory", "trudy", "o'brien & co")

pytestmark = pytest.mark.xdist_group("browser")


@dataclass(frozen=True)
class Graded:
    """A running formgrader on a graded course, and what the commands said."""

    server: Server
    said: dict[str, Ran]

    def notebook_page(self, student: str) -> str:
        """Return where the formgrader shows a student's notebook."""
        found = self.server.data(f"/formgrader/api/submitted_notebooks/{SET}/{SET}")
        return next(f"/formgrader/submissions/{one['id']}/?index=0" for one in found if one["student"] == student)

    def address(self, path: str) -> str:
        """Return the address of a page."""
        return f"{self.server.address}{path}"


def _plant_files(folder: Path, listener: str, course: Path) -> None:
    (folder / "evil.html").write_text(f"<script>new Image().src='{listener}/live-file'</script>")
    (folder / "nbgrader_config.py").write_text(f"open({str(course / MARK_OF_CONFIGURATION)!r}, 'w').close()\n")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[Graded]:
    """A course whose students planted everything, graded both ways, with feedback, in a formgrader."""
    place = tmp_path_factory.mktemp("browser")
    course = make_course(place / "course", SET, config=f"c.Exchange.root = {str(place)!r}\n")
    for student in STUDENTS:
        given = hostile(listener.address) if student != STUDENTS[2] else RIGHT
        _plant_files(submit(course, student, SET, given), listener.address, course)
    said = {
        f"grade {student}": autograder("grade", SET, "--student", student, folder=course)
        for student in (STUDENTS[0], STUDENTS[2])
    }
    said["nbgrader autograde"] = nbgrader("autograde", SET, "--student", "trudy", folder=course)
    said["nbgrader generate_feedback"] = nbgrader("generate_feedback", SET, folder=course)
    with formgrader(course, place) as server:
        yield Graded(server, said)


@pytest.mark.parametrize("name", [*HTML, *MARKDOWN])
def test_the_payloads_are_live_on_a_plain_page(watched: Watched, listener: Listener, tmp_path: Path, name: str) -> None:
    """Made by nbconvert alone, a page with the payload shows its trace, so that the tests below can fail."""
    (payload,) = payloads({name: {**HTML, **MARKDOWN}[name]}, listener.address)
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(nbformat.from_dict(unsanitised(payload)))
    path = tmp_path / "page.html"
    path.write_text(f"<!DOCTYPE html><html><body><div id='marked'>{page}</div></body></html>", encoding="utf-8")
    watched.open(path.as_uri())
    # What the page asks of the listener comes when it comes.
    deadline = time.monotonic() + SOON
    while not (live := any(payload.mark in trace for trace in watched.traces())) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert live


def test_both_ways_of_grading_go_through(graded: Graded) -> None:
    """Planted metadata stop neither grading nor feedback, and every student has the points of the right answers."""
    assert {name: ran.err for name, ran in graded.said.items() if ran.status} == {}
    scores = scores_of(graded.server.course, SET)
    lost = {"test_grad_b": 0.0, "test_grad_X": 0.0, "test_grad_W": 0.0}
    assert scores["mallory"] == scores["trudy"] == {**scores[STUDENTS[2]], **lost}


@pytest.mark.parametrize("student", STUDENTS)
def test_the_formgrader_shows_a_notebook_and_runs_nothing_of_it(graded: Graded, watched: Watched, student: str) -> None:
    """Manual grading of planted notebooks: no trace, no dialog, no request but to the server, and the facts."""
    watched.open(graded.address(graded.notebook_page(student)))
    assert watched.traces() == set()
    assert watched.dialogs == []
    assert [url for url in watched.requests if not url.startswith(graded.server.address)] == []
    assert [url for url in watched.requests if "path=" in url or "evil" in url] == []
    assert not (graded.server.course / MARK_OF_CONFIGURATION).exists()
    watched.wait("document.querySelector('#test_forward').placeholder !== ''")
    values = watched.reader("() => [...document.querySelectorAll('input.score')].map(one => [one.id, one.placeholder])")
    expected = scores_of(graded.server.course, SET)[student]
    assert {name: float(value) for name, value in values} == expected
    shown = watched.text()
    assert (HONEST in shown) == (student != STUDENTS[2])
    assert ("onerror=" in shown) == (student != STUDENTS[2])


PAGES = (
    "", "/manage_assignments", f"/manage_submissions/{SET}", "/gradebook", f"/gradebook/{SET}",
    f"/gradebook/{SET}/{SET}", "/manage_students", "/manage_students/mallory", f"/manage_students/mallory/{SET}",
    "/manage_students/o'brien%20&%20co",
)  # fmt: skip


def test_the_lists_of_the_formgrader_run_nothing(graded: Graded, watched: Watched) -> None:
    """Assignments, submissions, students and the gradebook open without a trace, and list the students."""
    shown = ""
    for page in PAGES:
        watched.open(graded.address(f"/formgrader{page}"))
        watched.wait("!document.body.innerText.includes('Loading, please wait')")
        shown += watched.text()
    assert watched.traces() == set()
    assert watched.dialogs == []
    assert [url for url in watched.requests if not url.startswith(graded.server.address)] == []
    assert all(student in shown for student in STUDENTS)
    assert "Submission #3" in shown


@pytest.mark.parametrize("student", STUDENTS)
def test_a_feedback_page_stands_alone_and_runs_nothing(graded: Graded, watched: Watched, student: str) -> None:
    """Feedback is one file: nothing runs, nothing is asked for, not even from nbgrader's usual places; facts show."""
    path = graded.server.course / "feedback" / student / SET / f"{SET}.html"
    watched.open(path.as_uri())
    assert watched.traces() == set()
    assert watched.dialogs == []
    assert watched.console == []
    assert watched.requests == [path.as_uri()]
    assert watched.reader("document.scripts.length") == 0
    shown = watched.text()
    total = sum(scores_of(graded.server.course, SET)[student].values())
    assert f"{total:g} of 14 points" in shown
    assert "grad_W" in shown
    assert (HONEST in shown) == (student != STUDENTS[2])
    assert ("onerror=" in shown) == (student != STUDENTS[2])
    for word in ("EXERCISES", "solutions.ps3", "assess("):
        assert word not in shown


def test_both_commands_make_the_same_pages(graded: Graded) -> None:
    """`autograder feedback` finds the pages of `nbgrader generate_feedback` as it would have made them."""
    ran = autograder("feedback", SET, folder=graded.server.course)
    assert (ran.status, ran.out) == (0, f"pages in feedback/<student>/{SET}: 0 written, {len(STUDENTS)} unchanged\n")
    pages = [graded.server.course / "feedback" / student / SET / f"{SET}.html" for student in STUDENTS]
    before = [page.read_bytes() for page in pages]
    assert autograder("feedback", SET, "--force", folder=graded.server.course).status == 0
    assert [page.read_bytes() for page in pages] == before


def test_a_name_with_markup_is_not_graded(tmp_path: Path) -> None:
    """A folder whose name is markup, which nbgrader's pages would show as such, is left out and named; others go on."""
    course = make_course(tmp_path / "course", SET)
    for student in (MARKUP_NAME, "ada"):
        submit(course, student, SET, RIGHT)
    ran = autograder("grade", SET, folder=course)
    assert ran.status == 3
    assert MARKUP_NAME in ran.err
    assert set(scores_of(course, SET)) == {"ada"}
