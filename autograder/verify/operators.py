"""The register of mutation operators, and the small changes that people make in algebra.

An operator takes an expression and its surroundings, and yields what could stand there by mistake.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.verify.scope import MATRIX, Scope

Change = Callable[[ast.expr, Scope], Iterator[ast.expr]]


@dataclass(frozen=True)
class Operator:
    """One kind of change: its name, the column of the table it is counted in, and what makes it."""

    name: str
    group: str
    change: Change


OPERATORS: list[Operator] = []


def operator(name: str, group: str) -> Callable[[Change], Change]:
    """Register what follows as an operator on expressions."""

    def register(change: Change) -> Change:
        OPERATORS.append(Operator(name, group, change))
        return change

    return register


def call(name: str, *arguments: ast.expr) -> ast.Call:
    """Return a call of a function by its name."""
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def is_called(node: ast.expr, *names: str) -> bool:
    """Tell whether an expression calls a function or method of one of these names."""
    if not isinstance(node, ast.Call):
        return False
    return (isinstance(node.func, ast.Attribute) and node.func.attr in names) or (
        isinstance(node.func, ast.Name) and node.func.id in names
    )


@operator("transpose added", "product")
def _transposed(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, (ast.Name, ast.Subscript, ast.BinOp)) and scope.axes_of(node) == MATRIX:
        yield ast.Attribute(node, "T", ast.Load())


@operator("transpose dropped", "product")
def _untransposed(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
        yield ast.Call(
            ast.Attribute(node.value, "reshape", ast.Load()),
            [ast.Subscript(ast.Attribute(node.value, "shape", ast.Load()), _backwards(), ast.Load())],
            [],
        )


def _backwards() -> ast.Slice:
    return ast.Slice(None, None, ast.UnaryOp(ast.USub(), ast.Constant(1)))


@operator("product of another kind", "product")
def _other_product(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            yield ast.BinOp(left, ast.Mult(), right)
            yield ast.BinOp(right, ast.MatMult(), left)
            yield _numpy("outer", left, right)
        case ast.BinOp(left=left, op=ast.Mult(), right=right) if scope.axes_of(left) != 0 != scope.axes_of(right):
            yield ast.BinOp(left, ast.MatMult(), right)
        case ast.Call(func=ast.Attribute(attr="outer"), args=[left, right]):
            yield ast.BinOp(left, ast.Mult(), right)
            yield ast.BinOp(left, ast.MatMult(), right)


def _numpy(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), list(arguments), [])


@operator("einsum's axes exchanged", "product")
def _subscripts(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if not is_called(node, "einsum"):
        return
    assert isinstance(node, ast.Call)
    if not isinstance(node.args[0], ast.Constant):
        return
    text = str(node.args[0].value)
    for place in range(len(text) - 1):
        if text[place].isalpha() and text[place + 1].isalpha():
            changed = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
            yield ast.Call(node.func, [ast.Constant(changed), *node.args[1:]], node.keywords)


OTHER: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Div, ast.Add, ast.Pow),
    ast.Div: (ast.Mult, ast.FloorDiv, ast.Sub),
    ast.Pow: (ast.Mult, ast.Add),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv, ast.Mult),
}


@operator("another arithmetic sign", "sign")
def _other_sign(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp):
        for other in OTHER.get(type(node.op), ()):
            yield ast.BinOp(node.left, other(), node.right)


@operator("minus added or dropped", "sign")
def _minus(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand
    elif isinstance(node, (ast.Name, ast.BinOp, ast.Call)):
        yield ast.UnaryOp(ast.USub(), node)


@operator("operands exchanged", "order")
def _exchanged(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.Div, ast.Pow, ast.FloorDiv, ast.Mod)):
        yield ast.BinOp(node.right, node.op, node.left)


@operator("term or factor dropped", "drop")
def _dropped(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp):
        yield node.left
        yield node.right


@operator("factor doubled", "drop")
def _doubled(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        yield ast.BinOp(node, type(node.op)(), node.right)


IN_PLACE = {
    ast.Add: "add_in_place",
    ast.Sub: "subtract_in_place",
    ast.Mult: "multiply_in_place",
    ast.Div: "divide_in_place",
}


@operator("in place", "write")
def _in_place(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    """Write the result over an operand that is, or comes out of, an argument."""
    if not isinstance(node, ast.BinOp) or type(node.op) not in IN_PLACE:
        return
    changed = [node.left] if isinstance(node.op, (ast.Sub, ast.Div)) else [node.left, node.right]
    for one, other in zip(changed, (node.right, node.left), strict=False):
        root = one.value if isinstance(one, ast.Subscript) else one
        if isinstance(root, ast.Name) and root.id in scope.arguments and scope.axes_of(one) != 0:
            yield call(IN_PLACE[type(node.op)], one, other)


@operator("result written over an operand", "write")
def _out(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if is_called(node, "maximum", "minimum", "exp", "log", "abs", "sqrt", "tanh"):
        assert isinstance(node, ast.Call)
        first = node.args[0]
        if isinstance(first, ast.Name) and scope.axes_of(first) != 0:
            yield ast.Call(node.func, node.args, [*node.keywords, ast.keyword("out", first)])
