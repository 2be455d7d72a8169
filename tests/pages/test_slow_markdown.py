"""Students' Markdown that a renderer would look at for minutes is shown as it was typed."""

import time

from autograder.pages.filters import markdown2html

SLOW = ("# a" + " " * 20_000 + "x", "# a" + "#" * 20_000 + "x", "\\\\[" * 6_000, "\\begin{a}" * 2_500, "<div>" * 6_000)


def test_no_text_takes_long_to_be_shown() -> None:
    """What makes the renderer start over at every letter is shown as text, at once."""
    for text in SLOW:
        started = time.monotonic()
        shown = markdown2html(text)
        assert shown.startswith("<pre>"), text[:20]
        assert time.monotonic() - started < 1


def test_a_long_text_is_still_rendered() -> None:
    """Many formulas, tables and links in one text are no reason to leave it as it is."""
    text = (
        "# Title\n\n"
        + "A formula $x^2$, a [link](https://example.org), and **this**.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n" * 100
    )
    shown = markdown2html(text)
    assert "<h1" in shown
    assert shown.count("<table") == 100
