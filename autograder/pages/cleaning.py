"""Cutting HTML that a student's work made down to what can neither run, load, link, nor name anything of a page's own.

A list of elements and attributes stays; everything else is shown as the text that it is.
"""

import re
from collections.abc import Iterator
from functools import partial
from html import escape, unescape
from typing import Any

from bleach.html5lib_shim import Filter
from bleach.sanitizer import Cleaner

from autograder.writers.text import readable

TAGS = frozenset(
    {
        *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em", "hr", "i"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "s", "samp"),
        *("small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
    }
)
# Markup past this is shown as it was typed: parsing is slow, and nobody reads that much.
MOST_CHARACTERS = 200_000
MOST_MARKS = 8_000
PICTURE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\n]*")
NUMBER = re.compile(r"[0-9]{1,4}")
# The names that Pygments gives to the parts of code, and pandas to its tables.
CLASSES = re.compile(r"(highlight|dataframe|[a-z][a-z0-9]?)( (highlight|dataframe|[a-z][a-z0-9]?))*")
ALIGNED = re.compile(r"(text-align: ?)?(left|right|center);?")


def _is_harmless(tag: str, name: str, value: str) -> bool:
    if name == "src":
        return tag == "img" and PICTURE.fullmatch(value) is not None
    if name == "class":
        return tag in ("div", "span", "pre", "table") and CLASSES.fullmatch(value) is not None
    if name in ("colspan", "rowspan", "start", "width", "height", "border"):
        return NUMBER.fullmatch(value) is not None
    return name in ("alt", "title") or (name == "align" and ALIGNED.fullmatch(value) is not None)


class _Addresses(Filter):  # type: ignore[misc]
    """Puts the address of a link, which is no link any more, behind its text.

    addresses: where the last link's address was noted, when its attribute was taken away.
    """

    def __init__(self, source: Any, addresses: list[str]) -> None:
        super().__init__(source)
        self.addresses = addresses

    def __iter__(self) -> Iterator[dict[str, Any]]:
        address, told = "", ""
        for token in super().__iter__():
            if token["type"] == "Characters":
                told += token["data"]
            elif token.get("name") == "a" and token["type"] == "StartTag":
                address, told = self.addresses.pop() if self.addresses else "", ""
            elif token.get("name") == "a" and address and address != told:
                yield {"type": "Characters", "data": f" ({address})"}
                address = ""
            yield token


def clean_html(markup: Any) -> str:
    """Return HTML of which nothing is live: what is not on the list of harmless elements becomes text."""
    text = _without_styles(readable(str(markup)))
    if len(text) > MOST_CHARACTERS or text.count("<") > MOST_MARKS:
        return f"<pre>{escape(text)}</pre>"
    addresses: list[str] = []

    def kept(tag: str, name: str, value: str) -> bool:
        if tag == "a" and name == "href":
            addresses[:] = [] if value.startswith("#") else [unescape(value)]
        return _is_harmless(tag, name, value)

    filters = [partial(_Addresses, addresses=addresses)]
    return str(Cleaner(tags=TAGS, attributes=kept, protocols=["data"], filters=filters).clean(text))


def _without_styles(text: str) -> str:
    """Leave out style sheets, which pandas puts before a table and which would be shown as text."""
    kept, lower, position = [], text.lower(), 0
    while (start := lower.find("<style", position)) >= 0 and (end := lower.find("</style>", start)) >= 0:
        kept.append(text[position:start])
        position = end + len("</style>")
    return "".join([*kept, text[position:]])
