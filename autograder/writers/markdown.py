"""Text from students as Markdown and HTML that shows it and does nothing else: no markup, link, mention or formula."""

import re

from autograder.writers.text import inert

# All of ASCII's punctuation that Markdown, its dialects, or what comes after them could take for more than itself.
SPECIAL = re.compile(r"[!\"#$&'*+.:<=>@\[\\\]^_`{|}~]")


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found.group())};"


def plain(text: str) -> str:
    """Return text of one line in which every special character is written as an entity."""
    return SPECIAL.sub(_entity, inert(text))


def prose(text: str) -> str:
    """Return text of one line as it is read; what would mention a person stands in code, where it does not."""
    return plain(text).replace("&#64;", "<code>&#64;</code>")


def code(text: str) -> str:
    """Return text of one line as inline code, in which nobody is mentioned and nothing is linked."""
    return f"<code>{plain(text) or '&nbsp;'}</code>"


def block(text: str) -> str:
    """Return text of many lines as a block of preformatted text.

    No line of it is empty, which would end the block for a Markdown parser.
    """
    lines = (SPECIAL.sub(_entity, inert(line)) or "&nbsp;" for line in text.split("\n"))
    return "<pre>" + "\n".join(lines) + "</pre>"
