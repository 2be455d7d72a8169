"""Formulas of the instructor's text as MathML, which browsers show without a script.

Students' formulas stay as they were typed. Of what is made here only known elements and attributes pass.
"""

import re
import secrets
from functools import lru_cache
from html import escape
from typing import Any

from latex2mathml.converter import convert
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.pages.cleaning import clean_html
from autograder.writers.text import readable

_TAG = (
    r"</?(?:math|m(?:text|table|i|row|under|over|underover|tr|space|sup|o|sub|td|frac|style|n|subsup|sqrt|root|padded))"
)
_ATTRIBUTES = r'(?: (?:[a-z]+)="[-A-Za-z0-9#&;:./ ()|\[\]{}\u2016\u27e8\u27e9]*")*'
MATHML = re.compile(rf"(?:{_TAG}{_ATTRIBUTES} ?/?>|[^<>])+")
# An address anywhere in a formula is no formula's.
LEADS_AWAY = re.compile(r"\b(?:href|src|style|class|id|on\w+|action\w*)=", re.IGNORECASE)


def mathml(latex: str, *, block: bool = False) -> str:
    """Return a formula as MathML, or as it was typed where that can't be done."""
    try:
        made = str(convert(latex, display="block" if block else "inline"))
    except Exception:  # noqa: BLE001 - whatever a formula does to the converter, its text is shown
        made = ""
    if MATHML.fullmatch(made) and not LEADS_AWAY.search(made):
        return made
    return f"<code>{escape(latex)}</code>"


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, which leaves a mark where a formula is, so that cleaning the rest does not touch it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.formulas: list[str] = []
        self.mark = f"formula{secrets.token_hex(8)}"

    def _kept(self, latex: str, *, block: bool) -> str:
        self.formulas.append(mathml(latex.strip(), block=block))
        return f"{self.mark}x{len(self.formulas) - 1}x"

    def inline_math(self, body: str) -> str:
        """Return the mark of a formula within a line."""
        return self._kept(body, block=False)

    def block_math(self, body: str) -> str:
        """Return the mark of a formula of its own."""
        return self._kept(body.strip("$"), block=True)

    latex_environment: Any = None

    def _embed_image_or_attachment(self, src: str) -> str:
        return src


def _environment(renderer: _Renderer, name: str, body: str) -> str:
    return renderer._kept(rf"\begin{{{name}}}{body}\end{{{name}}}", block=True)  # noqa: SLF001 - its own method


_Renderer.latex_environment = _environment


@lru_cache(maxsize=1024)
def instructors_markdown(text: str) -> Markup:
    """Return the instructor's Markdown as HTML of which nothing is live, with its formulas."""
    renderer = _Renderer(escape=False, exclude_anchor_links=True)
    made = clean_html(MarkdownWithMath(renderer=renderer).render(readable(text)))
    whole = re.sub(rf"{renderer.mark}x(\d+)x", lambda found: renderer.formulas[int(found[1])], made)
    return Markup(whole)  # noqa: S704 - cleaned, and formulas of known elements
