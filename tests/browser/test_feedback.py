"""The pages of feedback as a student meets them: on a phone, in the dark, by keyboard, with aids, on paper."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.command import autograder
from helpers.course import gradebook, make_course, submit
from helpers.notebooks import ROOT, code, inserted, markdown, replaced, solved, source
from looking import Listener, Watched
from playwright.sync_api import Browser

SET = "ps3_matrix"
PHONE, SCREEN = {"width": 360, "height": 740}, {"width": 1000, "height": 800}
RIGHT = solved(source(SET))
WRONG = {
    "grad_W": "def grad_W(dD, X):\n    return -(dD @ X.T)",
    "grad_X": 'def grad_X(W, dD):\n    """Return dX (m, p)."""\n    return W @ dD',
    "grad_b": "def grad_b(dD):\n    return dD.sum(axis=1)",
    "jacobian_D_W": "def jacobian_D_W(W, X):\n    raise NotImplementedError",
}
TABLE = "import pandas as pd\npd.DataFrame(np.ones((2, 30)))"
CLASS = {
    "wrong": inserted(
        inserted(replaced(RIGHT, WRONG), code(TABLE), after="grad_b"), markdown("#### Mine\n# Own"), after="grad_b"
    ),
    "right": RIGHT,
    "broken": None,
}
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIOLATIONS = {"resultTypes": ["violations"]}
FOLD_OUT = "document.querySelectorAll('details').forEach(one => one.open = true)"

pytestmark = pytest.mark.xdist_group("browser")


@dataclass(frozen=True)
class Pages:
    """Pages of students' feedback, by student."""

    folder: Path

    def __getitem__(self, student: str) -> str:
        """Return a page's address."""
        return (self.folder / student / SET / f"{SET}.html").as_uri()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """The pages of a student who is wrong in several ways, one who is right, and one whose file is broken."""
    course = make_course(tmp_path_factory.mktemp("pages") / "course", SET)
    for student, given in CLASS.items():
        submit(course, student, SET, given if given is not None else b"{")
    assert autograder("grade", SET, folder=course).status == 3
    with gradebook(course) as opened:
        opened.find_comment("grad_W", SET, SET, "wrong").manual_comment = "Look at your sign once more."
        opened.db.commit()
    assert autograder("feedback", SET, "--quiet", folder=course).status == 0
    return Pages(course / "feedback")


@pytest.fixture
def looking(watched: Watched) -> Iterator[Watched]:
    """A page on which nothing may be logged, and nothing asked for but itself."""
    yield watched
    assert watched.console == []
    assert [url for url in watched.requests if not url.startswith("file:")] == []
    assert len(watched.requests) == 1


@pytest.mark.parametrize(("student", "theme"), [("wrong", "light"), ("wrong", "dark"), ("broken", "light")])
def test_no_serious_fault_for_those_who_use_aids(pages: Pages, looking: Watched, student: str, theme: str) -> None:
    """axe-core finds no fault, not even a minor one, on a page with everything folded out, in either theme."""
    looking.page.emulate_media(color_scheme=theme)
    looking.page.set_viewport_size(PHONE)
    looking.page.goto(pages[student])
    looking.page.evaluate(FOLD_OUT)
    # What is in a formula is the browser's own; leaving it out saves most of the time.
    found = Axe().run(looking.page, {"exclude": ["math"]}, {"runOnly": AXE_TAGS, **VIOLATIONS}).response
    assert [(one["id"], one["impact"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert found["testEngine"]["name"] == "axe-core"


def test_a_planted_fault_is_found(pages: Pages, watched: Watched) -> None:
    """Grey text on grey and a picture without words are found, so that the test above can fail."""
    watched.page.goto(pages["right"])
    plant = (
        "document.querySelector('h1').innerHTML = '<svg role=img width=9 height=9></svg><font color=#bbb>pale</font>'"
    )
    watched.page.evaluate(f"() => {{ {plant} }}")
    found = Axe().run(watched.page, {"include": ["header"]}, {"runOnly": AXE_TAGS, **VIOLATIONS}).response["violations"]
    assert {"svg-img-alt", "color-contrast"} <= {one["id"] for one in found}


@pytest.mark.parametrize("student", CLASS)
def test_nothing_is_wider_than_a_phone(pages: Pages, looking: Watched, student: str) -> None:
    """At 360 pixels no page scrolls sideways, folded out or not; what is wider moves within itself."""
    looking.page.set_viewport_size(PHONE)
    looking.page.goto(pages[student])
    for _ in range(2):
        assert looking.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        looking.page.evaluate(FOLD_OUT)


def test_the_facts_are_to_be_seen(pages: Pages, looking: Watched) -> None:
    """Score, what to look at first, and each exercise with its diagnosis before its checks; the comment of a person."""
    looking.page.goto(pages["wrong"])
    shown = looking.text()
    assert "2 of 14 points" in shown
    assert re.search(r"Look at this first: grad_W, not right yet: .*sign", shown)
    card = looking.page.inner_text("section:has(> h2:has-text('grad_W'))")
    order = [
        "0 / 3",
        "Look at your sign once more.",
        "What this looks like",
        "What failed",
        "Your code",
        "Where it is wrong",
    ]
    assert [word for word in order if word in card] == order
    assert [card.index(word) for word in order] == sorted(card.index(word) for word in order)
    assert "all 6 entries are wrong (opposite sign)" in card
    assert "← what it returns" in card
    assert "jacobian_D_W is not written yet" in shown
    assert "has the shape (3,) instead of (3, 1) = (n, 1)" in shown


def test_links_lead_to_what_they_name_by_keyboard(pages: Pages, looking: Watched) -> None:
    """With Tab and Enter alone a reader gets to an exercise, unfolds a section, and gets to its cell."""
    page = looking.page
    page.goto(pages["wrong"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "grad_W"
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector(':target h2 .name').textContent") == "grad_W"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").startswith("Read again"):
            break
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.className") == "wide":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    # Following the link unfolds the notebook.
    assert page.evaluate("document.querySelector('.notebook').open")
    assert page.is_visible(":target")


def test_what_is_focused_can_be_seen(pages: Pages, looking: Watched) -> None:
    """Every link and every fold has an outline while it has the keyboard's focus."""
    looking.page.goto(pages["wrong"])
    for _ in range(6):
        looking.page.keyboard.press("Tab")
        assert looking.page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"


def test_headings_are_in_order(pages: Pages, looking: Watched) -> None:
    """One h1, and no level is left out, whatever headings a student wrote."""
    looking.page.goto(pages["wrong"])
    levels = looking.page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(one => +one.tagName[1])")
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_paper_has_what_is_unfolded_in_ink(pages: Pages, looking: Watched) -> None:
    """Printed from a dark screen a page is light, without what is folded in, nor cards that then say nothing."""
    looking.page.emulate_media(media="print", color_scheme="dark")
    looking.page.goto(pages["wrong"])
    colours = looking.page.evaluate(
        "['color', 'backgroundColor'].map(one => getComputedStyle(document.querySelector('.card'))[one])"
    )
    assert colours == ["rgb(27, 31, 36)", "rgb(255, 255, 255)"]
    assert not looking.page.is_visible("summary")
    assert looking.page.is_visible(".marked")
    assert looking.page.evaluate("getComputedStyle(document.querySelector('footer')).breakBefore") == "avoid"
    assert not looking.page.is_visible(".card.v-right")
    looking.page.evaluate("document.querySelector('.v-right details').open = true")
    assert looking.page.is_visible(".card.v-right")
    looking.page.evaluate("document.querySelector('details.review').open = true")
    assert looking.page.is_visible("details.review .text")


def test_no_script_would_run(pages: Pages, watched: Watched) -> None:
    """A script that was somehow in a page is refused by the page's own rules, as are styles and pictures."""
    watched.page.goto(pages["wrong"])
    planted = """() => {
        const script = document.createElement('script'); script.textContent = "document.title = 'live-'";
        document.body.append(script);
        document.body.setAttribute('style', 'color: red');
        const picture = '<img src="http://127.0.0.1:9/x.png" onerror="document.title=1">';
        document.body.insertAdjacentHTML('beforeend', picture);
    }"""
    watched.page.evaluate(planted)
    watched.page.wait_for_timeout(100)
    assert watched.page.title() == f"Feedback: {SET}, wrong"
    assert watched.page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 31, 36)"
    assert len([line for line in watched.console if "Content Security Policy" in line]) >= 3


def test_the_manuals_pictures_show_these_pages(pages: Pages, browser: Browser, listener: Listener) -> None:
    """With PICTURES set, the manual's pictures are made anew; they are small enough to keep."""
    place = ROOT / "docs" / "pictures"
    if os.environ.get("PICTURES"):
        place.mkdir(exist_ok=True)
        for name, size, theme in (("feedback", SCREEN, "light"), ("feedback-phone", PHONE, "dark")):
            looking = Watched(browser, listener)
            looking.page.emulate_media(color_scheme=theme)
            looking.page.set_viewport_size(size)
            looking.page.goto(pages["wrong"])
            if name == "feedback":
                looking.page.evaluate("document.querySelector('#exercise-3').scrollIntoView()")
            looking.page.screenshot(path=place / f"{name}.png")
            looking.close()
    pictures = [place / "feedback.png", place / "feedback-phone.png"]
    assert [path.name for path in pictures if not 0 < path.stat().st_size < 150_000] == []
