"""A solution's text as code: in a form in which what does the same by the same steps is the same text."""

import ast
import io
import tokenize
from collections.abc import Iterator
from functools import lru_cache

from autograder.notebook.sources import parsed

MOST_CHARACTERS = 50_000
_LEFT_OUT = frozenset({tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER})
_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)


def tree_of(source: str) -> ast.Module | None:
    """Return a cell's syntax tree; None for what is no Python, or too long to be anybody's answer."""
    if len(source) > MOST_CHARACTERS:
        return None
    try:
        return parsed(source)
    except _ERRORS:
        return None


def cannot_be_looked_through(source: str) -> bool:
    """Tell whether a cell is longer, or nested more deeply, than a syntax tree is made for."""
    if len(source) > MOST_CHARACTERS:
        return True
    try:
        parsed(source)
    except (RecursionError, MemoryError):
        return True
    except (SyntaxError, ValueError):
        return False
    return False


class _Renamed(ast.NodeTransformer):
    """Gives a function's local variables names in the order in which they are first written."""

    def __init__(self, function: ast.FunctionDef) -> None:
        parameters = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
        stored = [
            node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        ]
        locals_ = [name for name in dict.fromkeys(stored) if name not in parameters]
        self.names = {name: f"v{number}" for number, name in enumerate(locals_, start=1)}

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)


def _without_docstring(function: ast.FunctionDef) -> ast.FunctionDef:
    if ast.get_docstring(function, clean=False) is not None:
        function.body = function.body[1:] or [ast.Pass()]
    function.returns = None
    for argument in ast.walk(function.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return function


@lru_cache(maxsize=5_000)
def normal_form(source: str, name: str = "") -> str:
    """Return a cell's code without comments, docstrings, annotations and spacing, its local variables numbered.

    name: the function to look at, if the cell defines it; else all of the cell.
    """
    tree = tree_of(source)
    if tree is None:
        return source.strip()
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    chosen = [node for node in functions if node.name == name][-1:] or tree.body
    try:
        plain = [
            _Renamed(_without_docstring(node)).visit(node) if isinstance(node, ast.FunctionDef) else node
            for node in chosen
        ]
        return "\n".join(ast.unparse(ast.fix_missing_locations(node)) for node in plain)
    except _ERRORS:
        return source.strip()


def _tokens(source: str) -> Iterator[str]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield from token.string.lower().split()
            elif token.type not in _LEFT_OUT:
                yield " ".join(token.string.split())
    except (tokenize.TokenError, *_ERRORS):
        yield from source.split()


@lru_cache(maxsize=5_000)
def tokens_of(source: str) -> tuple[str, ...]:
    """Return a cell's tokens as they were typed, the words of comments among them, without line breaks and spacing."""
    return tuple(_tokens(source[:MOST_CHARACTERS]))
