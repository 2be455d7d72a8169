"""Python text in colours, line by line, without a script and without a style of the text's own."""

from functools import lru_cache
from html import escape

from markupsafe import Markup
from pygments import lex
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

from autograder.writers.text import readable

# Code past this is shown without colours.
MOST_COLOURED = 100_000
CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "t-c"), (Keyword, "t-k"), (String, "t-s"), (Number, "t-n"), (Name.Function, "t-f"), (Name.Class, "t-f"),
    (Name.Builtin, "t-b"), (Name.Decorator, "t-f"), (Operator.Word, "t-k"),
)  # fmt: skip


def _class_of(kind: _TokenType) -> str:
    return next((name for known, name in CLASSES if kind in known), "")


def shown(text: str) -> str:
    """Return text whose lines end as Python's do, with nothing in it that can't be seen."""
    return readable(text.replace("\r\n", "\n").replace("\r", "\n"))


@lru_cache(maxsize=4096)
def coloured_lines(source: str) -> tuple[Markup, ...]:
    """Return code as HTML, a piece a line."""
    text = shown(source).rstrip("\n")
    if len(text) > MOST_COLOURED:
        return tuple(Markup(escape(line)) for line in text.split("\n"))  # noqa: S704 - escaped
    lines: list[list[str]] = [[]]
    for kind, value in lex(text, PythonLexer(stripnl=False, ensurenl=False)):
        name = _class_of(kind)
        for number, part in enumerate(value.split("\n")):
            if number:
                lines.append([])
            if part:
                told = escape(part)
                lines[-1].append(f'<span class="{name}">{told}</span>' if name else told)
    return tuple(Markup("".join(line)) for line in lines)  # noqa: S704 - escaped piece by piece
