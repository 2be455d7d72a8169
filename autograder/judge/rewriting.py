"""Tests as they are run: `type(x)` and `x is y` look through a proxy, which no class of the proxy's could see to."""

import ast
import copy

TYPE_OF, IS = "__type_of__", "__is__"


class _Rewriting(ast.NodeTransformer):
    """Has `type(x)` and `x is y` look at what a proxy stands for."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Rewrite `type(x)`."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "type" and len(node.args) == 1 and not node.keywords:
            node.func.id = TYPE_OF
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """Rewrite `x is y` and `x is not y`, where neither is a constant."""
        self.generic_visit(node)
        operands = [node.left, *node.comparators]
        if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Is | ast.IsNot):
            return node
        if any(isinstance(one, ast.Constant) for one in operands):
            return node
        same = ast.Call(ast.Name(IS, ast.Load()), operands, [])
        return same if isinstance(node.ops[0], ast.Is) else ast.UnaryOp(ast.Not(), same)


def rewritten(node: ast.AST) -> ast.AST:
    """Return a statement, or a value's expression, that looks at proxies as at the objects behind them."""
    told = ast.dump(node)
    if "id='type'" not in told and "Is()" not in told and "IsNot()" not in told:
        return node
    changed = _Rewriting().visit(copy.deepcopy(node))
    return ast.fix_missing_locations(changed)
