"""Text that is harmless wherever it is shown, and the numbers in it."""

import math
import unicodedata
from html import escape

# Control, format, surrogate, private-use and unassigned characters; line and paragraph separators.
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
MOST_CHARACTERS = 400
DIGITS = 3
MINUS = "\N{MINUS SIGN}"


def one_line(text: object) -> str:
    """Return text as one line, in which whatever can't be seen is written out, cut where it is very long."""
    told = str(text)
    told = told if len(told) <= MOST_CHARACTERS else told[: MOST_CHARACTERS - 1] + "…"
    if told.isascii() and told.isprintable():
        return told
    return "".join(map(_shown, told))


def _shown(character: str) -> str:
    if unicodedata.category(character) not in UNPRINTABLE:
        return character
    return " " if character in "\n\t\r" else character.encode("unicode_escape").decode()


def escaped(text: object) -> str:
    """Return text for HTML and SVG, also within an attribute."""
    return escape(one_line(text))


def number(value: float, digits: int = DIGITS) -> str:
    """Write a number briefly, with a real minus sign."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    told = f"{value + 0.0:.{digits}g}"
    if "e" not in told and "." not in told and abs(value) >= 10**digits:
        told = f"{value:.0f}"
    return told.replace("e-0", "e-").replace("e+0", "e+").replace("-", MINUS)


def coordinate(value: float) -> str:
    """Write a place in a picture, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def sizes(shape: tuple[int, ...]) -> str:
    """Write a shape as Python does: `(4, 2)`."""
    return str(tuple(int(size) for size in shape))
