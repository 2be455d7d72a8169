"""Texts that a test runs: whether each is one that the test writes out itself, as far as can be read off it."""

import ast
from collections.abc import Sequence

# What an expression is that nothing is known of.
UNKNOWN = None
MOST_STEPS = 8


class OwnTexts:
    """What the names of a test hold: for each, the expressions that it is bound to."""

    def __init__(self, tree: ast.Module) -> None:
        self._held: dict[str, list[ast.expr | None]] = {}
        self._bound: set[ast.AST] = set()
        nodes = list(ast.walk(tree))
        for node in nodes:
            for target in node.targets if isinstance(node, ast.Assign) else ():
                self._bind(target, node.value if isinstance(node, ast.Assign) else UNKNOWN)
        for node in nodes:
            if isinstance(node, ast.For | ast.comprehension):
                for one in self._looped(node.iter):
                    self._bind(node.target, one)
        for node in nodes:
            if isinstance(node, ast.arg):
                self._held.setdefault(node.arg, []).append(UNKNOWN)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node not in self._bound:
                self._held.setdefault(node.id, []).append(UNKNOWN)

    def _bind(self, target: ast.expr, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            self._bound.add(target)
            self._held.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple | ast.List):
            fits = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
            values = value.elts if isinstance(value, ast.Tuple | ast.List) and fits else [UNKNOWN] * len(target.elts)
            for part, one in zip(target.elts, values, strict=True):
                self._bind(part, one)

    def _looped(self, over: ast.expr | None, steps: int = MOST_STEPS) -> Sequence[ast.expr | None]:
        """Return what a loop over an expression gives."""
        if isinstance(over, ast.Name) and steps and len(held := self._held.get(over.id, [])) == 1:
            return self._looped(held[0], steps - 1)
        if isinstance(over, ast.List | ast.Tuple | ast.Set):
            return over.elts
        if isinstance(over, ast.Dict):
            return over.keys
        if not isinstance(over, ast.Call):
            return [UNKNOWN]
        if ast.unparse(over.func) == "enumerate":
            found = self._looped(over.args[0] if over.args else UNKNOWN, steps)
            return [ast.Tuple([ast.Constant(0), one], ast.Load()) if one else UNKNOWN for one in found]
        return self._of_dict(over.func, steps)

    def _of_dict(self, method: ast.expr, steps: int) -> Sequence[ast.expr | None]:
        held = method.value if isinstance(method, ast.Attribute) else UNKNOWN
        while isinstance(held, ast.Name) and steps:
            values = self._held.get(held.id, [])
            held, steps = (values[0] if len(values) == 1 else UNKNOWN), steps - 1
        if not isinstance(held, ast.Dict) or not isinstance(method, ast.Attribute) or None in held.keys:
            return [UNKNOWN]
        pairs = [ast.Tuple([key, value], ast.Load()) for key, value in zip(held.keys, held.values, strict=True) if key]
        found: dict[str, Sequence[ast.expr | None]] = {"items": pairs, "keys": held.keys, "values": held.values}
        return found.get(method.attr, [UNKNOWN])

    def is_own(self, node: ast.expr | None, steps: int = MOST_STEPS) -> bool:
        """Tell whether an expression is a text that the test writes out, or code that is made of one."""
        if isinstance(node, ast.Constant):
            return True
        if isinstance(node, ast.Call):
            return ast.unparse(node.func) == "compile" and bool(node.args) and self.is_own(node.args[0], steps)
        if isinstance(node, ast.IfExp):
            return self.is_own(node.body, steps) and self.is_own(node.orelse, steps)
        if not isinstance(node, ast.Name) or not steps:
            return False
        return all(self.is_own(one, steps - 1) for one in self._held.get(node.id, [UNKNOWN]))
