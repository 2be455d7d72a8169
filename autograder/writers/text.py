"""Making text from students harmless: no control characters, no invisible or reordering ones."""

import unicodedata

# Control, format, surrogate, private-use and unassigned characters; line and paragraph separators.
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def inert(text: str, *, keep_newlines: bool = False) -> str:
    """Return text in which every unprintable character is written out as an escape."""

    def shown(character: str) -> str:
        if character == "\n" and keep_newlines:
            return character
        if unicodedata.category(character) not in UNPRINTABLE:
            return character
        return " " if character in "\n\t\r" else character.encode("unicode_escape").decode()

    return "".join(map(shown, text))


def points(value: float) -> str:
    """Write points without needless decimals."""
    return f"{value:g}"
