"""A real browser, and what it is seen to do: Debian's Chromium, driven from outside."""

import shutil
from collections.abc import Iterator

import pytest
from looking import FLAGS, Listener, Watched
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running browser; each page gets a new profile."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("there is no Chromium; please type: make browser")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    """A server that no page should ever call."""
    running = Listener()
    yield running
    running.close()


@pytest.fixture
def watched(browser: Browser, listener: Listener) -> Iterator[Watched]:
    """One page in a new profile, watched from before it opens."""
    looking = Watched(browser, listener)
    yield looking
    looking.close()
