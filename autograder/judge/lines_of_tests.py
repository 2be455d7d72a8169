"""On which lines a test raises something whatever the answer is, and on which it waits for an iteration's end."""

import ast
import dis
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass

END = "StopIteration"
# Functions of Python's own that do the same with the same, and look at nothing else.
PLAIN = frozenset(("abs", "bool", "dict", "divmod", "float", "int", "len", "list", "print", "set", "str", "tuple"))
_CONSTANT = (
    ast.Constant, ast.BinOp, ast.UnaryOp, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.Subscript, ast.Slice, ast.Call,
    ast.operator, ast.unaryop, ast.expr_context, ast.Name,
)  # fmt: skip


@dataclass(frozen=True)
class Lines:
    """Lines of one test.

    raising: of each `raise` in a block, in no condition and no loop. constant: of what stands there and works with
    nothing but what is written out. ending: of what expects that an iteration ends.
    """

    raising: frozenset[int]
    constant: frozenset[int]
    ending: frozenset[int]


_lines: dict[str, Lines] = {}


def look(filename: str, tree: ast.Module) -> None:
    """Remember the lines of a test."""
    blocks = [node.body for node in ast.walk(tree) if isinstance(node, ast.With)]
    inside = [one for block in blocks for one in block]
    _lines[filename] = Lines(
        frozenset(one.lineno for one in inside if isinstance(one, ast.Raise)),
        frozenset(line for one in inside if _is_constant(one) for line in _range(one)),
        frozenset(_ending(tree)) if any(map(_speaks_of_end, ast.walk(tree))) else frozenset(),
    )


def _range(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _is_constant(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Expr):
        return False
    called = {id(one.func) for one in ast.walk(statement) if isinstance(one, ast.Call)}
    return all(
        isinstance(one, _CONSTANT) and (not isinstance(one, ast.Name) or (one.id in PLAIN and id(one) in called))
        for one in ast.walk(statement.value)
    )


def _speaks_of_end(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == END


def _ending(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Try):
            caught = [part for one in node.handlers if one.type is not None for part in ast.walk(one.type)]
            body = node.body
        elif isinstance(node, ast.With):
            caught, body = [part for one in node.items for part in ast.walk(one)], node.body
        elif isinstance(node, ast.stmt) and not hasattr(node, "body"):
            caught, body = list(ast.walk(node)), [node]
        else:
            continue
        if any(map(_speaks_of_end, caught)):
            yield from (line for one in body for line in _range(one))


def expects_end() -> bool:
    """Tell whether what the test runs now stands where the end of an iteration is expected."""
    frame: types.FrameType | None = sys._getframe(1)  # noqa: SLF001 - who waits for the student's code
    while frame is not None:
        found = _lines.get(frame.f_code.co_filename)
        if found is not None and frame.f_lineno in found.ending:
            return True
        frame = frame.f_back
    return False


def is_raised_anyway(trace: types.TracebackType) -> bool:
    """Tell whether the test itself raised what came to this innermost place, whatever the answer was."""
    code, line = trace.tb_frame.f_code, trace.tb_lineno
    found = _lines.get(code.co_filename)
    if found is None:
        return False
    return line in found.constant or (
        line in found.raising and dis.opname[code.co_code[trace.tb_lasti]] == "RAISE_VARARGS"
    )
