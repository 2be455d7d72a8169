"""Cells that need not run for a score: the instructor's demonstrations, whose results only a reader sees.

Figures and long trainings take far longer than all that is graded. A plain cell whose text is the
instructor's is left out where every test is of declared exercises, which make their own inputs, and
where nothing that runs mentions the data that the cell makes or might change. When in doubt it runs.
"""

import ast
import builtins
import contextlib
import re
import symtable
from collections.abc import Iterator, Sequence
from functools import lru_cache

from autograder.notebook.assignment import Assignment
from autograder.notebook.cells import Cell
from autograder.notebook.sources import assessed_names, bound_names, imported_names, parsed

# Whoever looks names up by such means may use any of them.
_REFLECTION = re.compile(
    r"\b(?:exec|eval|globals|locals|inspect|gc|sys|builtins|setattr|delattr|get_ipython|user_ns|In|Out|__\w+__)\b"
    r"|\bvars\(\)|\bdir\(\)|^\s*[%!?]",
    re.MULTILINE,
)
_WORD = re.compile(r"[^\W\d]\w*")
# Longer ones are not looked into; a text is enough.
MOST_CHARACTERS = 50_000
_BUILTINS = frozenset(dir(builtins))


def superfluous(assignment: Assignment, cells: Sequence[tuple[Cell, bool]]) -> frozenset[int]:
    """Return the positions of the cells that need not run.

    cells: the code cells of a restored submission in order, each with whether it is the instructor's own.
    """
    if assignment.needs_manual or not _tests_make_their_inputs(assignment):
        return frozenset()
    shown = _demonstrations(assignment)
    candidates = {place for place, (cell, own) in enumerate(cells) if not own and cell.source in shown}
    needed = [one for place, one in enumerate(cells) if place not in candidates]
    if not candidates or any(_REFLECTION.search(cell.source) for cell, own in needed if not own):
        return frozenset()
    used = frozenset().union(*(_used(cell.source) if own else _mentioned(cell.source) for cell, own in needed))
    stays = assignment.imported_names | frozenset(assignment.solution_names)
    while True:
        needed_now = {place for place in candidates if used & _data(cells[place][0].source, stays)}
        if not needed_now:
            return frozenset(candidates)
        candidates -= needed_now
        used = used.union(*(_data(cells[place][0].source, stays) for place in needed_now))


def _tests_make_their_inputs(assignment: Assignment) -> bool:
    return bool(assignment.tests) and all(assessed_names(cell.source) for cell in assignment.tests.values())


@lru_cache(maxsize=64)
def _demonstrations_in(sources: tuple[str, ...], imported: frozenset[str]) -> frozenset[str]:
    return frozenset(source for source in sources if _only_shows(source, imported))


def _demonstrations(assignment: Assignment) -> frozenset[str]:
    """Return the texts of the instructor's plain cells that do nothing lasting but to data."""
    plain = (cell for cell in assignment.cells if cell.kind == "code" and not cell.is_locked and not cell.is_solution)
    return _demonstrations_in(tuple(cell.source for cell in plain), assignment.imported_names)


def _only_shows(source: str, imported: frozenset[str]) -> bool:
    """Tell whether a text neither looks names up by their text nor changes a module."""
    if _REFLECTION.search(source) or "random.seed" in source or "open(" in source:
        return False
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    names = imported | imported_names(source)
    stored = (node for node in ast.walk(tree) if isinstance(node, (ast.Attribute, ast.Subscript)))
    return not any(_root(node) in names for node in stored if not isinstance(node.ctx, ast.Load))


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


@lru_cache(maxsize=512)
def _data(source: str, stays: frozenset[str]) -> frozenset[str]:
    """Return the names that a demonstration makes, and those of data that it may change.

    stays: names of modules and of functions, which a call does not change.
    """
    read = frozenset().union(*(reads | binds for reads, binds in map(_reads_and_binds, parsed(source).body)))
    return (read - _BUILTINS - stays) | (bound_names(source) - (stays & imported_names(source)))


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def _read(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the global names that a text reads, in functions too, and those that it binds."""
    top, *inner = _tables(symtable.symtable(source, "cell", "exec"))
    symbols = top.get_symbols()
    reads = {one.get_name() for one in symbols if one.is_referenced()}
    reads |= {one.get_name() for table in inner for one in table.get_symbols() if one.is_global()}
    binds = {one.get_name() for one in symbols if one.is_assigned() or one.is_imported() or one.is_namespace()}
    return frozenset(reads), frozenset(binds)


def _counted(statement: ast.stmt) -> set[str]:
    """Return the names that a statement reads by adding to them and the like."""
    nodes = (node.target for node in ast.walk(statement) if isinstance(node, ast.AugAssign))
    return {target.id for target in nodes if isinstance(target, ast.Name)}


def _reads_and_binds(statement: ast.stmt) -> tuple[frozenset[str], frozenset[str]]:
    reads, binds = _read(ast.unparse(statement))
    return reads | _counted(statement), binds


@lru_cache(maxsize=512)
def _used(source: str) -> frozenset[str]:
    """Return the global names that an instructor's cell reads before it binds them."""
    try:
        statements = parsed(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(_WORD.findall(source))
    used: set[str] = set()
    bound: set[str] = set()
    for statement in statements:
        reads, binds = _reads_and_binds(statement)
        # In a loop, what its body binds is bound before it is read, or was bound outside.
        compound = isinstance(statement, (ast.For, ast.With, ast.If, ast.Try, ast.While))
        used |= reads - bound - ((binds - _counted(statement)) if compound else frozenset())
        bound |= binds
    return frozenset(used)


def _mentioned(source: str) -> frozenset[str]:
    """Return at least the global names that a student's cell reads."""
    if len(source) <= MOST_CHARACTERS:
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            # What is bound may be read before, and what is counted up is not told apart.
            return frozenset().union(*_read(source))
    return frozenset(_WORD.findall(source))
