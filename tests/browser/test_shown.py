"""What students see, in a real browser: light and dark, with the keyboard, without a script, a request or a fault."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from autograder import blame, blame_steps, check

PAGES = {"light": ("#ffffff", "rgba(0,0,0,.87)"), "dark": ("#111111", "rgba(255,255,255,.87)")}
STEPS = 4
pytestmark = pytest.mark.xdist_group("browser")


def _page() -> str:
    random = np.random.default_rng(0)
    A1, W2, dZ2 = random.normal(size=(6, 4)), random.normal(size=(4, 3)), random.normal(size=(6, 3))
    of = lambda W2: np.sum(dZ2 * (A1 @ W2))
    wrong = check(lambda A1, dZ2: A1.T @ dZ2 + np.eye(4, 3), A1, dZ2, of=of, at=W2, name="grad_W2")
    frames = [
        blame([(W2, W2 * step), (W2.T, W2.T - step)], title=f"step {step}", loss=1 / (1 + step))
        for step in range(STEPS)
    ]
    # Two sliders on one page must not move each other.
    shown = [wrong, blame_steps(frames, title="first"), blame_steps(frames, title="second")]
    return "".join(one._repr_html_() for one in shown)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page for each theme, with a theme's own names of colours, as JupyterLab has them."""
    folder, made = tmp_path_factory.mktemp("shown"), {}
    for theme, (ground, ink) in PAGES.items():
        made[theme] = folder / f"{theme}.html"
        body = f"--jp-layout-color0:{ground};--jp-content-font-color1:{ink};background:{ground};color:{ink}"
        head = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>shown</title><link rel="icon" href="data:,">'
        )
        made[theme].write_text(f'{head}<body style="{body}">{_page()}', encoding="utf-8")
    return made


@pytest.fixture(params=PAGES)
def opened(request: pytest.FixtureRequest, browser: Browser, file: dict[str, Path]) -> Iterator[Page]:
    """The page in one theme, without scripts; whatever it asks for or complains about fails the test."""
    context = browser.new_context(color_scheme=request.param, viewport={"width": 1000, "height": 900})
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda one: asked.append(one.url))
    page.on("console", lambda one: said.append(one.text))
    page.on("pageerror", lambda one: said.append(str(one)))
    address = file[request.param].as_uri()
    page.goto(address)
    yield page
    assert [one for one in asked if one != address and not one.startswith("data:")] == []
    assert said == []
    context.close()


def test_a_slider_moves_by_the_keyboard_and_alone(opened: Page) -> None:
    """Arrow keys go through the steps; one picture is seen at a time; the other slider stays where it is."""
    first, second = opened.locator("form.steps").all()
    first.locator("input").first.focus()
    for step in range(STEPS):
        seen = [frame for frame in first.locator(".frame").all() if frame.is_visible()]
        assert len(seen) == 1
        assert f"step {step}, " in seen[0].inner_text()
        opened.keyboard.press("ArrowRight")
    assert "step 0, " in next(one for one in second.locator(".frame").all() if one.is_visible()).inner_text()


def test_everything_has_a_name_for_a_screen_reader(opened: Page) -> None:
    """Groups, pictures and buttons have accessible names; pictures are described; tables have headers."""
    tree = opened.locator("body").aria_snapshot()
    assert 'group "grad_W2: failed"' in tree
    assert tree.count('radio "step 0, loss 1 (1 of 4)"') == 2
    assert tree.count("img ") == 2
    assert 'img "step 0, loss 1"' in tree
    assert 'table "yours"' in tree
    assert 'rowheader "3"' in tree
    assert 'cell "✗ ' in tree
    assert "A network of 3 columns" in (opened.locator("svg desc").first.text_content() or "")


def test_axe_finds_no_fault_in_what_is_shown(opened: Page) -> None:
    """axe-core finds nothing wrong with panels, heat maps, pictures and sliders, folded out, in either theme."""
    opened.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    found = Axe().run(opened, {"include": [".agr"]}, {"resultTypes": ["violations"]}).response["violations"]
    assert [(one["id"], one["impact"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_text_and_ground_follow_the_theme(opened: Page) -> None:
    """Text is in the page's own colour, on tints of the page's own ground, and nothing sticks out of the page."""
    ink = opened.evaluate("getComputedStyle(document.body).color")
    for place in (".agr td", ".agr li", ".agr summary", ".agr p"):
        found = opened.locator(place).first
        assert found.evaluate("one => getComputedStyle(one).color") == ink
    assert opened.locator("svg text").first.evaluate("one => getComputedStyle(one).fill") == ink
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
