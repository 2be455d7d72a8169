"""Opening pages as an instructor does, with a note of everything that happens."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from helpers.formgrader import PATIENCE, TOKEN
from playwright.sync_api import Browser, Dialog, Error, Request, Route

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
LIVE = "live-"
# What a reader might do to what a student wrote: point at it and click it. The page's own buttons are left alone.
TOUCH = """() => {
    const unfold = () => document.querySelectorAll('details').forEach(one => one.open = true);
    unfold();
    const places = '.rendered_html, .output_area, .input_area, #marked, main';
    for (const place of document.querySelectorAll(places)) {
        for (const one of [place, ...place.querySelectorAll('*')]) {
            for (const kind of ['mouseover', 'focus', 'click']) {
                // Such a button gives points, or takes them, and is the formgrader's own.
                if (kind === 'click' && one.matches('.full-credit, .no-credit, .mark-graded')) continue;
                if (kind === 'click' && one.click) one.click();
                else one.dispatchEvent(new Event(kind, {bubbles: true}));
            }
        }
    }
    unfold();
}"""


class Listener:
    """A server on this machine's loopback that notes which paths were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Notes(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Notes)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Watched:
    """A page in a profile of its own, and the traces of what ran in it.

    requests: every address that was asked for, by the page or by what is in it. refused: those of them
    that the page's own rules kept from being asked for.
    """

    def __init__(self, browser: Browser, listener: Listener) -> None:
        self.listener = listener
        self.before = len(listener.asked)
        self.requests: list[str] = []
        self.refused: list[str] = []
        self.dialogs: list[str] = []
        self.console: list[str] = []
        self.context = browser.new_context(extra_http_headers={"Authorization": f"token {TOKEN}"})
        self.context.on("request", self._note_request)
        self.context.on("requestfailed", self._note_refusal)
        self.context.on("console", lambda message: self.console.append(message.text))
        self.context.on("dialog", self._note_dialog)
        # No look-up of names elsewhere: what is asked for is noted, and answered by nobody.
        self.context.route("**/*", self._answer)
        self.page = self.context.new_page()

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith("data:"):
            self.requests.append(request.url)

    def _note_refusal(self, request: Request) -> None:
        if request.failure == "csp":
            self.refused.append(request.url)

    def _note_dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _answer(self, route: Route) -> None:
        here = route.request.url.startswith(("http://127.0.0.1:", "file:", "data:"))
        route.continue_() if here else route.abort()

    def close(self) -> None:
        """Forget the profile."""
        self.context.close()

    def open(self, address: str) -> None:
        """Open an address, wait until all is loaded, then touch everything that a student wrote."""
        self.page.goto(address, wait_until="load")
        self.settle()

    def settle(self) -> None:
        """Touch what a student wrote, and give what that started the time to be seen."""
        try:
            self.page.evaluate(TOUCH)
            self.page.wait_for_timeout(100)
        except Error:  # the page left for another, which was noted
            pass

    def wait(self, what: str) -> None:
        """Wait until an expression holds; asked from here, since the page's rules forbid it to ask itself."""
        end = time.monotonic() + PATIENCE
        while not self.reader(what):
            assert time.monotonic() < end, what
            self.page.wait_for_timeout(50)

    def reader(self, what: str) -> Any:
        """Return the value of an expression in the page; "" where the page is gone."""
        try:
            return self.page.evaluate(what)
        except Error:
            return ""

    def text(self) -> str:
        """Return what is to be read on the page."""
        return str(self.page.inner_text("body"))

    def traces(self) -> set[str]:
        """Return everything that says that something of a student's was live."""
        found = [*self.dialogs, *self.console, *self.requests, *self.listener.asked[self.before :]]
        found += [str(self.reader("window.name")), str(self.reader("document.title"))]
        return {one for one in found if LIVE in one}
