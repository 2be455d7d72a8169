"""Which global names a cell's text reads, found without running it."""

import ast
import contextlib
import re
import symtable
from collections.abc import Iterable, Iterator
from functools import lru_cache

from autograder.notebook.sources import parsed

# Methods that Python itself calls, which any class may have; and what tells whether a module is run as a program.
_METHODS = (
    r"(?:init|new|post_init|del|repr|str|bytes|format|hash|bool|len|length_hint|(?:get|set|del)item|contains|missing|"
    r"iter|next|reversed|call|enter|exit|eq|ne|lt|le|gt|ge|[ri]?(?:add|sub|mul|matmul|truediv|floordiv|mod|divmod|pow|"
    r"lshift|rshift|and|x?or)|neg|pos|abs|invert|int|float|complex|index|round|trunc|floor|ceil|copy|deepcopy|slots|name)"
)
# Whoever looks names up by such means may use any of them.
REFLECTION = re.compile(
    r"\b(?:exec|eval|globals|locals|inspect|gc|sys|builtins|importlib|import_module|setattr|delattr|get_ipython|user_ns)\b"
    rf"|\b__(?!{_METHODS}__\b)(?!(?<=== ['\"]__)main__\b)\w+__\b"
    r"|\b(?:In|Out)\[|\bvars\(\)|\bdir\(\)|^[^\S\n]*[%!?]",
    re.MULTILINE,
)
# Whoever may read or write files.
LOOKS_AT_FILES = re.compile(
    r"\bopen\(|\bread_\w+\(|\bPath\(|\bos\.|\bglob\b|\bloadtxt\(|\bgenfromtxt\(|\bsavetxt\(|\bnp\.(load|save)|\bto_\w+\(|"
    r"\bimread\(|\bimport shutil\b|\bsqlite3\b|\bcsv\b|\btempfile\b|\bpathlib\b|\bzipfile\b|"
    r"\.(?:exists|is_file|is_dir|stat|iterdir|unlink|read_text|read_bytes|write_text|write_bytes|resolve)\("
)
_WORD = re.compile(r"[^\W\d]\w*")
# Longer ones are not looked into; a text is enough.
MOST_CHARACTERS = 50_000
MOST_CHARACTERS_TOGETHER = 500_000
# What IPython keeps of earlier cells under names of its own.
HISTORY = re.compile(r"_{1,3}|_i{0,3}\d*")


def look_names_up(sources: Iterable[str]) -> bool:
    """Tell whether cells may look names up by such means; of very long ones it is taken for granted, unread."""
    texts = list(sources)
    return sum(map(len, texts)) > MOST_CHARACTERS_TOGETHER or any(map(REFLECTION.search, texts))


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def _read(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the global names that a text reads, in functions too, and those that it binds."""
    top, *inner = _tables(symtable.symtable(source, "cell", "exec"))
    symbols = top.get_symbols()
    reads = {one.get_name() for one in symbols if one.is_referenced()}
    reads |= {one.get_name() for table in inner for one in table.get_symbols() if _is_global(one)}
    binds = {one.get_name() for one in symbols if one.is_assigned() or one.is_imported() or one.is_namespace()}
    return frozenset(reads), frozenset(binds)


def _is_global(name: symtable.Symbol) -> bool:
    """Tell whether a function's name is global; of a function that is called `top`, symtable takes all to be."""
    return name.is_declared_global() or (name.is_global() and not name.is_local())


def _table_of(source: str) -> symtable.SymbolTable:
    """Return the table of a cell's names. Raises SyntaxError for what is not Python without its magics either."""
    with contextlib.suppress(SyntaxError):
        return symtable.symtable(source, "cell", "exec")
    return symtable.symtable(ast.unparse(parsed(source)), "cell", "exec")


@lru_cache(maxsize=512)
def names_in_functions(source: str) -> frozenset[str]:
    """Return the global names that the functions and methods of a student's cell use or bind."""
    if len(source) > MOST_CHARACTERS:
        return frozenset(_WORD.findall(source))
    try:
        _, *inner = _tables(_table_of(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(_WORD.findall(source))
    return frozenset(one.get_name() for table in inner for one in table.get_symbols() if _is_global(one))


def _counted(statement: ast.stmt) -> set[str]:
    """Return the names that a statement reads by adding to them and the like."""
    nodes = (node.target for node in ast.walk(statement) if isinstance(node, ast.AugAssign))
    return {target.id for target in nodes if isinstance(target, ast.Name)}


def reads_and_binds(statement: ast.stmt) -> tuple[frozenset[str], frozenset[str]]:
    """Return the global names that a statement reads, in functions too, and those that it binds."""
    reads, binds = _read(ast.unparse(statement))
    return reads | _counted(statement), binds


@lru_cache(maxsize=512)
def names_used(source: str) -> frozenset[str]:
    """Return the global names that an instructor's cell reads before it binds them."""
    try:
        statements = parsed(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(_WORD.findall(source))
    used: set[str] = set()
    bound: set[str] = set()
    for statement in statements:
        reads, binds = reads_and_binds(statement)
        # In a loop, what its body binds is bound before it is read, or was bound outside.
        compound = isinstance(statement, (ast.For, ast.With, ast.If, ast.Try, ast.While))
        used |= reads - bound - ((binds - _counted(statement)) if compound else frozenset())
        bound |= binds
    return frozenset(used)


@lru_cache(maxsize=512)
def names_mentioned(source: str) -> frozenset[str]:
    """Return at least the global names that a student's cell reads."""
    if len(source) <= MOST_CHARACTERS:
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            # What is bound may be read before, and what is counted up is not told apart.
            return frozenset().union(*_read(source))
    return frozenset(_WORD.findall(source))
