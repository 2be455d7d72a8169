"""Changes to whole lines of a function: deleted, exchanged, returned too early, parameters in another order."""

import ast
import copy
from collections.abc import Callable, Iterator

Bodies = Iterator[tuple[str, list[ast.stmt]]]
OTHER_SIGN: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}


def _blocks(function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(function):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block


def _of_lines(block: list[ast.stmt]) -> Bodies:
    for place, line in enumerate(block):
        before, after = block[:place], block[place + 1 :]
        yield "line deleted", [*before, *after] or [ast.Pass()]
        if after:
            yield "lines exchanged", [*before, after[0], line, *after[1:]]
        for name, lines in _of_line(line):
            yield name, [*before, *lines, *after]


def _of_line(line: ast.stmt) -> Bodies:
    """Yield what may stand in one line's place."""
    match line:
        case ast.AugAssign(target=target, op=sign, value=value):
            if type(sign) in OTHER_SIGN:
                yield "another sign of an update", [ast.AugAssign(target, OTHER_SIGN[type(sign)](), value)]
            yield "an update assigns", [ast.Assign([target], value)]
        case ast.Assign(targets=[ast.Subscript() as target], value=value):
            yield "an assignment adds", [ast.AugAssign(target, ast.Add(), value)]
        case ast.If(test=test, body=body, orelse=orelse):
            yield "condition removed", body
            yield "condition removed", orelse or [ast.Pass()]
            yield "condition inverted", [ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)]
        case ast.For(target=target, iter=values, body=body, orelse=orelse):
            yield "loop ends after one turn", [ast.For(target, values, [*body, ast.Break()], orelse)]
        case ast.While(test=test, body=body, orelse=orelse):
            yield "loop ends after one turn", [ast.While(test, [*body, ast.Break()], orelse)]
            yield "loop never ends", [ast.While(ast.Constant(value=True), body, orelse)]


def _returned_early(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Return within the loop that comes before the last line."""
    changed = copy.deepcopy(function)
    last = changed.body[-1]
    loop = next((line for line in reversed(changed.body) if isinstance(line, (ast.For, ast.While))), None)
    if isinstance(last, ast.Return) and loop is not None:
        loop.body.append(last)
        yield "return within the loop", ast.unparse(ast.fix_missing_locations(changed))


def _other_parameters(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Exchange neighbours among the parameters that have no default."""
    free = len(function.args.args) - len(function.args.defaults)
    for place in range(free - 1):
        changed = copy.deepcopy(function)
        listed = changed.args.args
        listed[place], listed[place + 1] = listed[place + 1], listed[place]
        yield "parameters exchanged", ast.unparse(changed)


def changed_lines(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Yield the name of a change and the text of the function with it. The function itself is as it was."""
    unparse: Callable[[ast.AST], str] = ast.unparse
    for block in _blocks(function):
        kept = list(block)
        for name, lines in _of_lines(kept):
            block[:] = lines
            yield name, unparse(ast.fix_missing_locations(function))
        block[:] = kept
    yield from _returned_early(function)
    yield from _other_parameters(function)
