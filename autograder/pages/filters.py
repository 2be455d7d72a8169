"""What turns students' text into HTML on nbgrader's pages, named in nbgrader_config.py by way of `make_pages_inert`.

Markup is cut down after it was made from Markdown, not before: what is harmless as Markdown need not
be so as HTML.
"""

import re
from html import escape
from typing import Any

from markupsafe import Markup
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.pages.cleaning import MOST_CHARACTERS, clean_html
from autograder.writers.text import readable

# What the renderer looks for to the end of the text, or the line, from each place where it may begin.
OPENING = ("\\begin{", "\\\\(", "\\\\[", "<")
MOST_LOOKED_AT = 2_000_000
_LONG_RUN = re.compile(r"[ \t]{200}|#{200}")


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, which looks for no picture beside the notebook and misses none within it."""

    def _embed_image_or_attachment(self, src: str) -> str:
        return src


def cleaned(markup: Any) -> str:
    """Return HTML of which nothing is live; what the project's own code made is marked as such, and stays."""
    return markup if isinstance(markup, Markup) else clean_html(markup)


def markdown2html(source: Any) -> str:
    """Return Markdown as HTML of which nothing is live; what is such HTML already, and marked as that, stays."""
    if isinstance(source, Markup):
        return source
    text = readable(_with_newlines(str(source)))
    if len(text) > MOST_CHARACTERS or _takes_long(text):
        return f"<pre>{escape(text)}</pre>"
    renderer = _Renderer(escape=False, exclude_anchor_links=True)
    try:
        return clean_html(MarkdownWithMath(renderer=renderer).render(text))
    except Exception:  # noqa: BLE001 - a text that breaks the renderer must not keep the page from being made
        return f"<pre>{escape(text)}</pre>"


def _takes_long(text: str) -> bool:
    """Tell whether the renderer would take minutes; nobody writes such a text for a reader."""
    openings = max(map(text.count, OPENING))
    return openings * len(text) > MOST_LOOKED_AT or bool(_LONG_RUN.search(text))


def highlight_code(source: Any, language: str | None = None, metadata: Any = None) -> str:
    """Return code with colours, as Python whatever a notebook says that it is."""
    text = readable(_with_newlines(str(source)))
    if len(text) > MOST_CHARACTERS:
        return f'<div class="highlight"><pre>{escape(text)}</pre></div>'
    return str(Highlight2HTML(pygments_lexer="python3")(text))


def ansi2html(text: Any) -> str:
    """Return printed text as HTML."""
    return escape(readable(str(text)))


def _with_newlines(text: str) -> str:
    """Return text in which a carriage return ends a line, as it does in Python and in Markdown."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
