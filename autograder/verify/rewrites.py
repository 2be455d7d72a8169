"""Right answers written in another way: the reference with every product, sum or mask spelled differently.

Each rewriting changes the text of all functions that an answer is made of, at every place where it
fits, and keeps the meaning. What the tests say of the result is what they would say to a student
who writes it that way.
"""

import ast
from collections.abc import Callable, Iterator

from autograder.verify.operators import call
from autograder.verify.references import Source

Rewrite = Callable[[ast.expr], ast.expr | None]


class _Rewriter(ast.NodeTransformer):
    """Applies a rewriting from the innermost expressions outwards."""

    def __init__(self, rewrite: Rewrite) -> None:
        self.rewrite = rewrite

    def visit(self, node: ast.AST) -> ast.AST:
        """Rewrite what is below a node, then the node."""
        self.generic_visit(node)
        return (self.rewrite(node) or node) if isinstance(node, ast.expr) else node


def _product(name: str) -> Rewrite:
    def rewrite(node: ast.expr) -> ast.expr | None:
        match node:
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                return call(name, left, right)
        return None

    return rewrite


def _numpy_product(name: str) -> Rewrite:
    def rewrite(node: ast.expr) -> ast.expr | None:
        match node:
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), [left, right], [])
        return None

    return rewrite


def _called(numpy_name: str, ours: str) -> Rewrite:
    def rewrite(node: ast.expr) -> ast.expr | None:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr=name)) if name == numpy_name:
                return ast.Call(ast.Name(ours, ast.Load()), node.args, node.keywords)
        return None

    return rewrite


def _commuted(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.BinOp(left=left, op=(ast.Add() | ast.Mult()) as sign, right=right):
            return ast.BinOp(right, sign, left)
    return None


def _associated(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.BinOp(left=ast.BinOp(left=a, op=ast.Mult(), right=b), op=ast.Mult(), right=c):
            return ast.BinOp(a, ast.Mult(), ast.BinOp(b, ast.Mult(), c))
        case ast.BinOp(left=a, op=ast.Mult(), right=ast.BinOp(left=b, op=ast.Mult(), right=c)):
            return ast.BinOp(ast.BinOp(a, ast.Mult(), b), ast.Mult(), c)
        case ast.BinOp(left=ast.BinOp(left=a, op=ast.Add(), right=b), op=ast.Add(), right=c):
            return ast.BinOp(a, ast.Add(), ast.BinOp(b, ast.Add(), c))
        case ast.BinOp(left=ast.BinOp(left=a, op=ast.MatMult(), right=b), op=ast.MatMult(), right=c):
            return ast.BinOp(a, ast.MatMult(), ast.BinOp(b, ast.MatMult(), c))
    return None


def _divided(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return ast.BinOp(left, ast.Mult(), ast.BinOp(ast.Constant(1.0), ast.Div(), right))
    return None


def _subtracted(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return ast.UnaryOp(ast.USub(), ast.BinOp(right, ast.Sub(), left))
    return None


def _squared(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=2)):
            return ast.BinOp(left, ast.Mult(), left)
    return None


def _masked(node: ast.expr) -> ast.expr | None:
    """Write a mask as a factor of floats; a condition stays what it is."""
    match node:
        case ast.BinOp(left=ast.Compare(left=one, ops=[ast.Gt()], comparators=[other]), op=ast.Mult(), right=right):
            return ast.BinOp(call("mask_by_where", one, other), ast.Mult(), right)
        case ast.BinOp(left=left, op=ast.Mult(), right=ast.Compare(left=one, ops=[ast.Gt()], comparators=[other])):
            return ast.BinOp(left, ast.Mult(), call("mask_by_where", one, other))
    return None


def _transposed(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            flipped = ast.BinOp(
                ast.Attribute(right, "T", ast.Load()), ast.MatMult(), ast.Attribute(left, "T", ast.Load())
            )
            return ast.Attribute(flipped, "T", ast.Load())
    return None


REWRITES: dict[str, Rewrite] = {
    "products by loops": _product("product_by_loops"),
    "products by einsum": _product("product_by_einsum"),
    "products by sums": _product("product_by_sums"),
    "products by np.dot": _numpy_product("dot"),
    "products by np.matmul": _numpy_product("matmul"),
    "products as views: (B.T A.T).T": _transposed,
    "outer products by broadcasting": _called("outer", "outer_by_broadcasting"),
    "outer products by loops": _called("outer", "outer_by_loops"),
    "sums by loops": _called("sum", "sum_by_loops"),
    "sums by products with ones": _called("sum", "sum_by_product"),
    "maximum by masks": _called("maximum", "larger_by_mask"),
    "masks by np.where": _masked,
    "operands exchanged": _commuted,
    "other association": _associated,
    "divisions as factors": _divided,
    "differences turned round": _subtracted,
    "squares as products": _squared,
}


def rewritten(source: Source, exercise: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each rewriting that finds a place, with the new texts of the functions that it changed."""
    for name, rewrite in REWRITES.items():
        texts: dict[str, str] = {}
        for function in source.reached(exercise):
            tree = ast.parse(source.texts[function])
            text = ast.unparse(ast.fix_missing_locations(_Rewriter(rewrite).visit(tree)))
            if text != source.texts[function]:
                texts[function] = text
        if texts:
            yield name, texts
