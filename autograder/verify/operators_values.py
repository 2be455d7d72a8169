"""Changes to names, constants, conditions, indices, and to what is returned."""

import ast
from collections.abc import Iterator

from autograder.verify.operators import operator
from autograder.verify.scope import Scope

TINY, PART = 1e-6, 1e-3


@operator("another variable", "name")
def _other_name(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, ast.Name) and node.id in scope.names:
        for other in scope.names:
            replacement = ast.Name(other, ast.Load())
            if other != node.id and scope.alike(node, replacement):
                yield replacement


@operator("another word", "name")
def _other_word(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from (ast.Constant(word) for word in scope.words if word != node.value)


@operator("another number", "number")
def _number(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return
    if isinstance(node.value, (int, float)):
        value = node.value
        others = [0, 1, 2, 0.5, -value, value + 1, value - 1, value * (1 + PART), TINY if value == 0 else 10 * value]
        seen = [value]
        for other in others:
            if other not in seen:
                seen.append(other)
                yield ast.Constant(other) if other >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-other))


@operator("nearly the same", "number")
def _nearly(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    """A small part more of a term or factor, which a loose tolerance would let pass."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult)):
        yield ast.BinOp(node, ast.Mult(), ast.Constant(1 + PART))


COMPARISONS: tuple[type[ast.cmpop], ...] = (ast.Gt, ast.GtE, ast.Lt, ast.LtE, ast.Eq, ast.NotEq)


@operator("another comparison", "mask")
def _comparison(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in COMPARISONS:
            if type(node.ops[0]) in COMPARISONS and not isinstance(node.ops[0], other):
                yield ast.Compare(node.left, [other()], node.comparators)


@operator("choice of one side", "mask")
def _one_side(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    """Always one side of a condition, or the two exchanged."""
    match node:
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield body
            yield orelse
            yield ast.IfExp(test, orelse, body)
        case ast.Call(func=ast.Attribute(attr="where") as where, args=[test, body, orelse]):
            yield body
            yield orelse
            yield ast.Call(where, [test, orelse, body], [])
        case ast.Call(func=ast.Attribute(attr="maximum" | "minimum"), args=[one, other]):
            yield one
            yield other
        case ast.BoolOp(values=[*values]):
            yield from values
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), values)


@operator("not added or dropped", "mask")
def _negated(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand


@operator("index or slice shifted", "index")
def _shifted(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if not isinstance(node, ast.Subscript):
        return
    for changed in _other_indices(node.slice):
        yield ast.Subscript(node.value, changed, node.ctx)


def _other_indices(index: ast.expr) -> Iterator[ast.expr]:
    one = ast.Constant(1)
    match index:
        case ast.Tuple(elts=[*parts]):
            yield ast.Tuple(parts[::-1], ast.Load())
            for place, part in enumerate(parts):
                for other in _other_indices(part):
                    yield ast.Tuple([*parts[:place], other, *parts[place + 1 :]], ast.Load())
        case ast.Slice(lower=lower, upper=upper, step=step):
            yield ast.Slice(ast.BinOp(lower, ast.Add(), one) if lower else one, upper, step)
            yield ast.Slice(lower, ast.BinOp(upper, ast.Sub(), one) if upper else ast.UnaryOp(ast.USub(), one), step)
            yield ast.Slice(lower, upper, None if step else ast.UnaryOp(ast.USub(), one))
        case ast.Name() | ast.BinOp():
            yield ast.BinOp(index, ast.Add(), one)
            yield ast.BinOp(index, ast.Sub(), one)
            yield ast.Slice(None, None, None)


@operator("range shifted", "index")
def _range(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    one = ast.Constant(1)
    match node:
        case ast.Call(func=ast.Name(id="range") as called, args=[stop]):
            yield ast.Call(called, [ast.BinOp(stop, ast.Sub(), one)], [])
            yield ast.Call(called, [ast.BinOp(stop, ast.Add(), one)], [])
            yield ast.Call(called, [one, stop], [])
            yield ast.Call(ast.Name("reversed", ast.Load()), [node], [])
        case ast.Call(func=ast.Name(id="range") as called, args=[start, stop, *step]):
            yield ast.Call(called, [start, ast.BinOp(stop, ast.Sub(), one), *step], [])
            yield ast.Call(called, [ast.BinOp(start, ast.Add(), one), stop, *step], [])


@operator("parts exchanged", "order")
def _parts(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    """Neighbours in a tuple or list exchanged, or one left out."""
    if not isinstance(node, (ast.Tuple, ast.List)) or not isinstance(node.ctx, ast.Load):
        return
    for place in range(len(node.elts) - 1):
        changed = list(node.elts)
        changed[place], changed[place + 1] = changed[place + 1], changed[place]
        yield type(node)(changed, ast.Load())
    for place in range(len(node.elts)):
        yield type(node)(node.elts[:place] + node.elts[place + 1 :], ast.Load())


@operator("dict's values exchanged", "order")
def _values(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, ast.Dict):
        for place in range(len(node.values) - 1):
            changed = list(node.values)
            changed[place], changed[place + 1] = changed[place + 1], changed[place]
            yield ast.Dict(list(node.keys), changed)
        for place in range(len(node.values)):
            yield ast.Dict(node.keys[:place] + node.keys[place + 1 :], node.values[:place] + node.values[place + 1 :])


@operator("comprehension's condition dropped", "mask")
def _unconditional(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, (ast.ListComp, ast.GeneratorExp)) and any(one.ifs for one in node.generators):
        bare = [ast.comprehension(one.target, one.iter, [], one.is_async) for one in node.generators]
        yield type(node)(node.elt, bare)
