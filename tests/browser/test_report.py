"""The report's pages in a real browser: they stand alone, show the facts, respond, and run nothing of a student's."""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.command import autograder, autograder_within
from helpers.course import make_course, submit
from helpers.notebooks import ROOT, cell_of, code, inserted, replaced
from helpers.small_course import CONFIG
from looking import Listener, Watched
from made_up import large_class
from payloads import TRICKS, payloads
from planting import HONEST, RIGHT, SET, hostile
from playwright.sync_api import Browser

from autograder.classroom.analysis import analysed
from autograder.classroom.set_page import set_page

READY = "document.documentElement.dataset.ready === 'yes'"
OPEN_ALL = "() => document.querySelectorAll('details').forEach(one => { one.open = true; })"
TOUCH_ALL = """() => document.querySelectorAll('section *').forEach(
    one => ['mouseover', 'focus'].forEach(kind => one.dispatchEvent(new Event(kind, {bubbles: true}))))"""
# Serious and critical are axe-core's own words for what keeps people out.
GRAVE = ("serious", "critical")
# Where the pictures of the documents go; else they are only looked at.
PICTURES = ROOT / "docs" / "pictures" if os.environ.get("PICTURES") else None
MOST_PICTURE_BYTES = 150_000
BAR = "#chart-exercises [role=button]"

pytestmark = pytest.mark.xdist_group("browser")


def _course(place: Path, listener: Listener) -> Path:
    """Make a graded course in which students planted something in every place that reaches the report."""
    course = make_course(place / "course", SET)
    # Without what nbgrader's pages need, which takes seconds to import.
    (course / "nbgrader_config.py").write_text(CONFIG)
    (breaking,) = (one.text for one in payloads({"end": TRICKS["end-attribute"]}, listener.address))
    # Words that nobody else typed, so that eve and trudy are alike.
    words = " ".join(f"word{number}" for number in range(200))
    patch = code(f"import numpy as np\nnp.allclose = {breaking!r}\n# {breaking} {words}")
    alike = inserted(RIGHT, patch, before="grad_b")
    wrong = replaced(RIGHT, {"grad_W": cell_of(RIGHT, "grad_W")["source"].replace("dD @ X.T", "X @ dD.T")})
    given = {"mallory": hostile(listener.address), "trudy": alike, "eve": alike, "ada": RIGHT, "ben": RIGHT}
    given |= {"cleo": wrong, "dan": wrong}
    for student, notebook in given.items():
        submit(course, student, SET, notebook)
    submit(course, "kurt", SET, b"{half")
    assert "failed: submitted/kurt" in autograder("grade", SET, "--quiet", folder=course).out
    # Names that no page of nbgrader's could show, and what a student is called.
    submit(course, f'<img src=x onerror="{"window.name=1"}">', SET, RIGHT)
    with sqlite3.connect(course / "gradebook.db") as database:
        database.execute("UPDATE student SET first_name = ? WHERE id = 'ada'", (breaking,))
    database.close()
    return course


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> dict[str, str]:
    """The addresses of a set's page and the course's, on a course full of what wants to run."""
    course = _course(tmp_path_factory.mktemp("report"), listener)
    for words in ((SET,), ("--course",)):
        ran = autograder_within("report", *words, "--quiet", folder=course)
        assert ran.status == 0, ran.err
    return {name: (course / "report" / f"{name}.html").as_uri() for name in (SET, "course")}


def opened(watched: Watched, address: str) -> Any:
    """Open a page, wait until its charts are drawn, and return it."""
    watched.page.goto(address, wait_until="load")
    watched.wait(READY)
    return watched.page


@pytest.mark.parametrize("name", [SET, "course"])
def test_a_page_stands_alone_and_runs_nothing_of_a_students(pages: dict[str, str], watched: Watched, name: str) -> None:
    """Nothing but the page itself is asked for, the console stays empty, and no planted text is live anywhere."""
    page = opened(watched, pages[name])
    page.evaluate(OPEN_ALL)
    for box in page.locator("input[type=checkbox]").all():
        box.check()
    page.evaluate(TOUCH_ALL)
    page.wait_for_timeout(100)
    assert watched.requests == [pages[name]]
    assert (watched.console, watched.dialogs, watched.traces()) == ([], [], set())
    assert watched.reader("window.name") == ""
    assert page.locator("img, iframe, object, embed").count() == 0
    assert page.locator("script:not([type])").count() == 2


def test_the_facts_are_to_be_read(pages: dict[str, str], watched: Watched) -> None:
    """The first minute: how many, how well, what was hard, what went wrong; below, who and why, as inert text."""
    page = opened(watched, pages[SET])
    text = page.locator("#summary").inner_text()
    assert "9 students handed in, 7 graded" in text
    assert "4 of 7 have full marks" in text
    assert "Hardest exercise: grad_W" in text
    assert "Most frequent mistake: in grad_W (2 students): the right one transposed." in text
    assert "3 submissions with signs of an attempt" in text
    assert "1 pair of submissions more alike than usual" in text
    page.evaluate(OPEN_ALL)
    assert "kurt: " in page.locator("#ungraded").inner_text()
    assert "its JSON is broken" in page.locator("#ungraded").inner_text()
    assert "np.allclose" in page.locator("#attempts").inner_text()
    assert "onerror=" in page.locator("#attempts").inner_text()
    assert "cleo, dan" in page.locator("#alike").inner_text()
    assert HONEST not in page.content()


@pytest.mark.parametrize("way", ["click", "Enter", " "])
def test_a_bar_tells_who_is_in_it(pages: dict[str, str], watched: Watched, way: str) -> None:
    """A click, Enter or Space on a bar names its students below the chart, and leaves only them in the table."""
    page = opened(watched, pages[SET])
    bar = page.locator(BAR).nth(2)
    assert "grad_W" in (bar.get_attribute("aria-label") or "")
    if way == "click":
        bar.click()
    else:
        bar.focus()
        page.keyboard.press(way)
    assert "cleo, dan, mallory" in page.locator("#chart-exercises-picked").inner_text()
    assert page.locator("#table tbody tr:visible").count() == 3
    page.locator("#all").click()
    assert page.locator("#table tbody tr:visible").count() == 9
    assert page.locator("#chart-exercises-picked").inner_text() == ""


def test_a_sentence_of_the_summary_leads_to_who(pages: dict[str, str], watched: Watched) -> None:
    """The link behind a sentence goes to what it is about, and unfolds the names there."""
    page = opened(watched, pages[SET])
    assert "cleo" not in page.locator("#mistakes").inner_text()
    assert page.locator(".todo a").count() > 0
    for link in page.locator(".facts a, .todo a").all():
        place = link.get_attribute("href")
        assert page.locator(str(place)).count() == 1
    page.locator(".facts a", has_text="who made it").click()
    assert "cleo, dan" in page.locator("#mistakes").inner_text()


def test_pointing_at_a_bar_shows_its_numbers(pages: dict[str, str], watched: Watched) -> None:
    """What a bar stands for is shown beside the pointer."""
    page = opened(watched, pages[SET])
    page.locator(BAR).nth(2).hover()
    page.wait_for_timeout(100)
    assert "3 students lost points" in page.locator("#vg-tooltip-element").inner_text()


def test_the_keyboard_reaches_everything(pages: dict[str, str], watched: Watched) -> None:
    """Tab goes through links, switches, bars, lists and tables in order; heads sort, the search field searches."""
    page = opened(watched, pages[SET])
    seen = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate(
                "() => { const one = document.activeElement; return one.closest('section')?.id || one.tagName; }"
            )
        )
    assert {"scores", "exercises", "mistakes", "attempts", "duplicates", "times", "students"} <= seen
    page.locator("#table thead button").nth(1).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert page.locator("#table thead th").nth(1).get_attribute("aria-sort") == "descending"
    assert page.locator("#table tbody tr").first.inner_text().startswith(("ada", "ben", "eve", "trudy"))
    # Whoever has nothing in a column stands last, whichever way it is sorted.
    notes = page.locator("#table thead button", has_text="notes")
    for _ in range(2):
        notes.click()
        noted = page.locator("#table tbody tr td:nth-child(4)").all_inner_texts()
        assert noted[0]
        assert noted[-1] == ""
    page.locator("#find").focus()
    page.keyboard.type("cleo")
    assert page.locator("#table tbody tr:visible").count() == 1
    page.locator("#mistakes summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#mistakes details").first.get_attribute("open") is not None


def test_names_are_hidden_by_switches(pages: dict[str, str], watched: Watched) -> None:
    """Near-duplicates are without names until they are asked for; one switch hides every name and every link."""
    page = opened(watched, pages[SET])
    page.evaluate(OPEN_ALL)
    duplicates = page.locator("#duplicates")
    assert "trudy" not in duplicates.locator("summary").first.inner_text()
    assert duplicates.locator("a[href]").count() == 0
    page.locator("#show-duplicates").check()
    assert "trudy" in duplicates.locator("summary").first.inner_text()
    page.locator("#hide-names").check()
    for name in ("eve", "trudy", "cleo", "kurt"):
        assert name not in page.locator("#students").inner_text() + duplicates.locator("summary").first.inner_text()
    assert page.locator("a.who[href], a.who[title]").count() == 0
    page.locator("#hide-names").uncheck()
    assert "cleo" in page.locator("#students").inner_text()


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (360, "dark")])
@pytest.mark.parametrize("name", [SET, "course"])
def test_axe_finds_no_grave_fault(browser: Browser, pages: dict[str, str], name: str, width: int, scheme: Any) -> None:
    """axe-core finds nothing serious or critical, on a wide and a small screen, in the light and in the dark."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    try:
        page = context.new_page()
        page.goto(pages[name])
        page.wait_for_selector("html[data-ready]")
        page.evaluate(OPEN_ALL)
        found = Axe().run(page).response["violations"]
        grave = [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in GRAVE]
        assert grave == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
    finally:
        context.close()


def test_without_scripts_the_tables_hold_the_same(browser: Browser, pages: dict[str, str]) -> None:
    """Where scripts are off, the page says so, and every number is still there."""
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(pages[SET])
        assert "The charts need JavaScript" in page.inner_text("#summary")
        assert "grad_W" in page.inner_text("#exercises table")
    finally:
        context.close()


def test_the_course_page_draws_a_students_way(pages: dict[str, str], watched: Watched) -> None:
    """The button of a student's way draws it over the class's and says whose it is; who needs attention is told."""
    page = opened(watched, pages["course"])
    before = page.locator("#chart-way svg").inner_html()
    page.locator("tr", has_text="cleo").locator("button").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert "cleo" in page.locator("#chart-way-picked").inner_text()
    assert page.locator("#chart-way svg").inner_html() != before
    assert "kurt" in page.locator("#attention").inner_text()
    page.locator("#chart-whole [role=button]").last.click()
    assert "90 to 100 %" in page.locator("#chart-whole-picked").inner_text()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page on a made-up class of 300."""
    path = tmp_path_factory.mktemp("large") / "week.html"
    path.write_text(set_page(analysed(large_class(300)), anonymous=False, now=datetime(2026, 1, 5, 9, tzinfo=UTC)))
    return path


@pytest.mark.parametrize(
    ("name", "width", "height", "scheme"), [("report", 1000, 900, "light"), ("report-small", 360, 720, "dark")]
)
def test_the_pictures_of_the_documents(
    browser: Browser, large: Path, tmp_path: Path, name: str, width: int, height: int, scheme: Any
) -> None:
    """The first screen of a class of 300 has the summary on it; the pictures in docs/pictures are made of it."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    try:
        page = context.new_page()
        page.goto(large.as_uri())
        page.wait_for_selector("html[data-ready]")
        assert page.locator(".facts").bounding_box()["y"] < height / 2
        path = Path(PICTURES or tmp_path) / f"{name}.png"
        page.screenshot(path=path)
        assert path.stat().st_size < MOST_PICTURE_BYTES
        assert (ROOT / "docs" / "pictures" / f"{name}.png").stat().st_size < MOST_PICTURE_BYTES
    finally:
        context.close()


def test_on_paper_no_table_is_cut(browser: Browser, large: Path) -> None:
    """Printed from a dark screen on A4 all is dark on white, each table fits, and what needs a pointer is left out."""
    context = browser.new_context(viewport={"width": 718, "height": 1000}, color_scheme="dark")
    try:
        page = context.new_page()
        page.goto(large.as_uri())
        page.wait_for_selector("html[data-ready]")
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.scrollWidth") <= 718
        assert page.evaluate(
            "[...document.querySelectorAll('.tall')].every(one => one.scrollHeight <= one.clientHeight)"
        )
        assert not page.locator("figcaption .hint").first.is_visible()
        assert page.locator("#duplicates .hint").is_visible()
        ink = "getComputedStyle(document.querySelector('{}')).{}"
        assert page.evaluate(ink.format("body", "color")) == "rgb(27, 31, 36)"
        assert page.evaluate(ink.format("#chart-scores svg text", "fill")) == "rgb(27, 31, 36)"
        # A button is not drawn again in the head that each sheet repeats.
        assert page.evaluate(ink.format("#table thead button", "display")) == "contents"
        assert page.evaluate(ink.format("footer", "breakBefore")) == "avoid"
    finally:
        context.close()
