"""Making text from students harmless: no control characters, no invisible or reordering ones."""

import re
import unicodedata

# Control, format, surrogate, private-use and unassigned characters; line and paragraph separators.
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# What a terminal understands as a colour: select graphic rendition, ECMA-48, section 8.3.117.
COLOUR = re.compile(r"\x1b\[[0-9;:]{0,40}m")
# What begins a line that is a workflow command.
COMMAND = re.compile(r"(?m)^([^\S\n]*)::")
# Format characters that scripts and emoji need within a word.
JOINERS = frozenset("\u200c\u200d")


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def inert(text: str, *, keep_newlines: bool = False) -> str:
    """Return text in which every unprintable character is written out as an escape."""

    def shown(character: str) -> str:
        if character == "\n" and keep_newlines:
            return character
        if unicodedata.category(character) not in UNPRINTABLE:
            return character
        return " " if character in "\n\t\r" else _escaped(character)

    return text if text.isascii() and text.isprintable() else "".join(map(shown, text))


def readable(text: str) -> str:
    """Return text of many lines that stays what it says: tabs, newlines and joiners are kept, colours left out.

    A line that a carriage return would overwrite keeps only what is seen at its end, as in a notebook.
    """

    def shown(character: str) -> str:
        if character in "\n\t" or character in JOINERS or unicodedata.category(character) not in UNPRINTABLE:
            return character
        return "\n" if character in "\u2028\u2029" else _escaped(character)

    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    text = COLOUR.sub("", text).replace("\r\n", "\n")
    if "\r" in text:
        text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return "".join(map(shown, text))


def points(value: float) -> str:
    """Write points without needless decimals."""
    return f"{value:g}"


def unlike_commands(text: str) -> str:
    """Return text in which GitHub's runner finds no workflow command, wherever its lines end up.

    It obeys lines that begin with `::` after spaces, and `##[` anywhere (actions/runner, ActionCommand.cs).
    """
    text = text.replace("##[", "## [")
    return COMMAND.sub(r"\1: :", text) if "::" in text else text
