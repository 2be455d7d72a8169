"""The whole way in JupyterLab: a student works and hands in, an instructor grades, and the feedback is read."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from helpers.course import make_course, points_of, submit
from helpers.formgrader import PATIENCE, TOKEN, Server, formgrader
from helpers.notebooks import ROOT, cell_of, replaced, solved, source, written
from playwright.sync_api import Browser, ConsoleMessage, FrameLocator, Page, Response

SET, STUDENT = "ps3_matrix", "ada"
DONE = ("forward", "partial")
TYPED = "def grad_W(dD, X):\n    return -(dD @ X.T)"
SIGN = "the opposite sign"
MILLISECONDS = PATIENCE * 1000
# JupyterLab would else ask another machine for news, and ask the reader whether it may.
SETTINGS = "lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
NO_NEWS = {"fetchNews": "false", "checkForUpdates": False}
LOOK = """panel => ({
    said: panel.innerText,
    tables: [...panel.querySelectorAll('table.h')].filter(one => one.offsetWidth && one.offsetHeight).length,
    colours: [...panel.querySelectorAll('table.h td')].map(one => getComputedStyle(one).backgroundColor),
    above: [...document.querySelectorAll('.jp-OutputArea-output .agr.ok')].map(one => one.ariaLabel),
    drawn: [...document.querySelectorAll('.jp-OutputArea-output img')].map(one => one.naturalWidth > 0),
})"""
PICTURE = ROOT / "docs" / "pictures" / "jupyterlab.png"
MOST_BYTES = 150_000

pytestmark = pytest.mark.xdist_group("browser")


@dataclass
class Lab:
    """JupyterLab in a page of the browser, and the errors that the page has logged or thrown."""

    server: Server
    page: Page
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen from before the page opens."""
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"{message.text} ({message.location['url']})")

    def choose(self, menu: str, entry: str) -> None:
        """Choose an entry of one of the menus on top."""
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=entry, exact=True).click()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Lab]:
    """A server on a course with one released set, which a student has begun, and an empty page."""
    place = tmp_path_factory.mktemp("walk")
    course = make_course(place / "course", SET, config=f"c.Exchange.root = {str(place)!r}\n")
    written(NO_NEWS, course / ".jupyter_config_dir" / SETTINGS)
    context = browser.new_context(viewport={"width": 1100, "height": 820})
    context.set_default_timeout(MILLISECONDS)
    with formgrader(course, place) as server:
        outcome = server.data(f"/formgrader/api/assignment/{SET}/assign", {})
        assert outcome["success"], outcome
        right = solved(source(SET))
        begun = {name: cell_of(right, name)["source"] for name in DONE}
        given = json.loads((course / "release" / SET / f"{SET}.ipynb").read_text(encoding="utf-8"))
        written(replaced(given, begun), _own(course))
        yield Lab(server, context.new_page())
        context.close()


def _own(course: Path) -> Path:
    return course / "mine" / f"{SET}.ipynb"


def _is_saved(answer: Response) -> bool:
    return answer.request.method == "PUT" and "/api/contents/" in answer.url


@pytest.fixture(scope="module")
def seen(lab: Lab) -> dict[str, Any]:
    """What a student sees who opens the notebook, types an answer, runs all cells up to its check, and hands in."""
    page = lab.page
    page.goto(f"{lab.server.address}/lab/tree/mine/{SET}.ipynb?token={TOKEN}", wait_until="commit")
    # Until the kernel is ready JupyterLab still moves the focus about.
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
    cells = page.locator(".jp-CodeCell")
    editor = cells.filter(has_text="def grad_W(dD, X)").locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(TYPED)
    editor.get_by_text("return -(dD @ X.T)").wait_for()
    lab.choose("Run", "Run All Above Selected Cell")
    editor.click()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    check = cells.filter(has_text="grad_W, upstream, inputs")
    check.get_by_text("Traceback").wait_for()  # the check's assertion is the last that its cell writes
    panel = check.locator(".jp-RenderedHTMLCommon .agr")
    panel.wait_for(timeout=MILLISECONDS / 6)  # it came before the assertion, and is drawn in a moment
    panel.evaluate("one => one.scrollIntoView({block: 'center'})")
    if os.environ.get("PICTURES"):
        page.screenshot(path=PICTURE)
    look: dict[str, Any] = panel.evaluate(LOOK)
    with page.expect_response(_is_saved) as answer:
        page.keyboard.press("Control+s")
    assert answer.value.ok
    submit(lab.server.course, STUDENT, SET, _own(lab.server.course).read_bytes())
    return {**look, "faults": list(lab.faults)}


def _press(frame: FrameLocator, column: str) -> str:
    """Press a student's button in the formgrader, and return what it says when it is done."""
    frame.locator(f"td.{column} a").click()
    said = frame.locator(".modal-title").filter(has_text="Success").or_(frame.locator(".modal-title", has_text="Error"))
    said.wait_for()
    title = said.inner_text()
    frame.locator(".modal-footer button").click()
    said.wait_for(state="detached")
    return title


@pytest.fixture(scope="module")
def graded(lab: Lab, seen: dict[str, Any]) -> dict[str, str]:
    """What an instructor sees who opens the formgrader in JupyterLab, and presses the buttons for the submission."""
    assert seen
    lab.choose("Nbgrader", "Formgrader")
    frame = lab.page.frame_locator("iframe[src*=formgrader]")
    frame.locator("td.num-submissions a").click()
    frame.locator("td.autograde a").wait_for()  # the page before has a status too
    said = {"before": frame.locator("td.status").inner_text(), "autograde": _press(frame, "autograde")}
    frame.locator("td.score").filter(has_text="/").wait_for()
    said |= {name: frame.locator(f"td.{name}").inner_text() for name in ("student-id", "status", "score")}
    return {**said, "feedback": _press(frame, "generate-feedback")}


def _points() -> tuple[float, float]:
    points = points_of(SET)
    return sum(points[f"test_{name}"] for name in DONE), sum(points.values())


def test_a_student_sees_the_picture_of_a_check(seen: dict[str, Any]) -> None:
    """The cell of a wrong answer shows verdict, diagnosis and coloured heat maps; those above show theirs; no error."""
    assert f"What it looks like: It is the right gradient with {SIGN}" in seen["said"]
    assert seen["tables"] == 3, "numeric gradient, student's, and difference"
    assert len(seen["colours"]) == 3 * 6
    assert len(set(seen["colours"])) > 6, "stronger means larger"
    assert seen["above"][0] == "forward: passed"
    assert len(seen["above"]) == 3, "one for forward, one for each output of partial"
    assert seen["drawn"] == [True], "the figure of matplotlib"
    assert seen["faults"] == []


def test_the_instructors_button_grades_what_jupyterlab_saved(graded: dict[str, str], lab: Lab) -> None:
    """The submission waits, the button grades it, and its row shows the points of the two right answers."""
    right, most = _points()
    assert graded == {
        "before": "needs autograding", "autograde": "Success", "student-id": STUDENT, "status": "graded",
        "score": f"{right:g} / {most:g}", "feedback": "Success",
    }  # fmt: skip
    assert lab.faults == []


def test_the_formgrader_says_the_diagnosis_once(graded: dict[str, str], lab: Lab) -> None:
    """On the page for grading by hand the diagnosis stands on its card, and not in the empty field of a comment too."""
    assert graded["status"] == "graded"
    (notebook,) = lab.server.data(f"/formgrader/api/submitted_notebooks/{SET}/{SET}")
    comments = lab.server.data(f"/formgrader/api/comments?submission_id={notebook['id']}")
    assert SIGN in next(one["auto_comment"] for one in comments if one["name"] == "grad_W")
    lab.page.goto(f"{lab.server.address}/formgrader/submissions/{notebook['id']}/?index=0&token={TOKEN}")
    field = lab.page.locator("#grad_W-comment")
    field.and_(lab.page.get_by_placeholder("Type any comments here")).wait_for()
    assert lab.page.inner_text("#notebook").count(SIGN) == 1
    assert lab.faults == []


def test_the_feedback_says_what_the_check_said(graded: dict[str, str], lab: Lab) -> None:
    """The page that the other button made shows the same score, and the diagnosis that the student could have seen."""
    assert graded["feedback"] == "Success"
    lab.page.goto((lab.server.course / "feedback" / STUDENT / SET / f"{SET}.html").as_uri())
    shown = lab.page.inner_text("body")
    right, most = _points()
    assert f"{right:g} of {most:g} points" in shown
    assert f"Look at this first: grad_W, not right yet: Your answer has {SIGN}" in shown
    assert lab.faults == []


def test_the_manuals_pictures_show_this_check(seen: dict[str, Any]) -> None:
    """With PICTURES set, the manual's picture of JupyterLab is made anew; it is small enough to keep."""
    assert seen
    assert 0 < PICTURE.stat().st_size < MOST_BYTES
