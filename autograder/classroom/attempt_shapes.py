"""Forms of code, beyond single names, that are after the tests: patches, objects that agree, fixed answers."""

import ast
from collections.abc import Callable, Iterator

from autograder.classroom import attempt_rules as rules

Dotted = Callable[[ast.AST], str]
Found = tuple[int, str]
# A fixed answer is called one only if nobody types it by chance: so many figures in all.
FEWEST_FIGURES, FEWEST_CASES = 6, 2


def shapes(tree: ast.Module, dotted: Dotted, tools: frozenset[str]) -> Iterator[Found]:
    """Yield the lines of such forms, with what they are for. tools: names of the instructor's."""
    for node in ast.walk(tree):
        yield from _patches(node, dotted)
        if isinstance(node, ast.ClassDef):
            yield from _agrees(node)
        if isinstance(node, ast.FunctionDef):
            yield from _fixed(node)
        if isinstance(node, ast.Call):
            yield from _calls(node, dotted)
    for statement in tree.body:
        yield from _shadows(statement, tools)


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return [part for target in node.targets for part in _parts(target)]
    if isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        return [node.target]
    return list(node.targets) if isinstance(node, ast.Delete) else []


def _parts(target: ast.expr) -> list[ast.expr]:
    return list(target.elts) if isinstance(target, (ast.Tuple, ast.List)) else [target]


def _patches(node: ast.AST, dotted: Dotted) -> Iterator[Found]:
    """Yield assignments to what a module holds."""
    for target in _targets(node):
        inner = target.value if isinstance(target, ast.Subscript) else target
        name = dotted(inner)
        top = name.split(".")[0]
        held = isinstance(target, ast.Subscript) and ("__dict__" in name or name in ("__builtins__", "sys.modules"))
        if held or (isinstance(target, ast.Attribute) and top in rules.PATCHED):
            yield target.lineno, rules.COMPARISON
        elif isinstance(target, ast.Attribute) and target.attr in ("__class__", "__code__", "__name__", "dtype"):
            yield target.lineno, rules.AGREES if target.attr == "__class__" else rules.GUARDS
        if isinstance(inner, ast.Call):
            called = dotted(inner.func)
            if called in ("globals", "vars"):
                yield target.lineno, rules.COMPARISON


def _calls(node: ast.Call, dotted: Dotted) -> Iterator[Found]:
    name = dotted(node.func)
    if name in ("setattr", "delattr") and node.args and dotted(node.args[0]).split(".")[0] in rules.PATCHED:
        yield node.lineno, rules.COMPARISON
    if name == "type" and len(node.args) > 1:
        yield node.lineno, rules.CODE
    if not isinstance(node.func, ast.Attribute):
        return
    if node.func.attr == "register" and "events" in ast.unparse(node.func):
        yield node.lineno, rules.SHELL


def _shadows(statement: ast.stmt, tools: frozenset[str]) -> Iterator[Found]:
    """Yield new meanings, for the whole notebook, of what tests compare with."""
    names = [target.id for target in _targets(statement) if isinstance(target, ast.Name)]
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        names = [statement.name]
    for name in names:
        if name in rules.COMPARING or name in tools or name.startswith("test_"):
            yield statement.lineno, rules.COMPARISON


def _agrees(node: ast.ClassDef) -> Iterator[Found]:
    """Yield methods by which a class answers every comparison alike."""
    for inner in node.body:
        named = [target.id for target in _targets(inner) if isinstance(target, ast.Name)]
        if "__class__" in named or (set(named) & (rules.AGREEABLE | rules.ALWAYS) - {"__hash__"}):
            yield inner.lineno, rules.AGREES
        if not isinstance(inner, ast.FunctionDef):
            continue
        if inner.name in rules.AGREEABLE or (inner.name in rules.ALWAYS and _answers_alike(inner)):
            yield inner.lineno, rules.HOOKS if inner.name == "__del__" else rules.AGREES
    if any(isinstance(base, ast.Name) and base.id == "type" for base in node.bases):
        yield node.lineno, rules.AGREES


def _answers_alike(function: ast.FunctionDef) -> bool:
    """Tell whether a method returns the same whatever it is given, or does something else beside."""
    given = {argument.arg for argument in function.args.args}
    last = function.body[-1]
    if not isinstance(last, ast.Return) or last.value is None:
        return True
    if isinstance(last.value, ast.Name) and last.value.id in given:
        return True
    used = {node.id for node in ast.walk(last.value) if isinstance(node, ast.Name)}
    return not (used & given)


def _figures(node: ast.AST) -> int:
    """Return how many figures the numbers in an expression have, if it is nothing but numbers; else 0."""
    numbers = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
    if any(isinstance(one, ast.Name) and one.id not in ("np", "numpy", "float", "int") for one in ast.walk(node)):
        return 0
    return sum(len(str(one).strip("0.")) for one in numbers if isinstance(one, (int, float)) and one not in (0, 1))


def _fixed(function: ast.FunctionDef) -> Iterator[Found]:
    """Yield answers that are numbers and nothing else."""
    given = {argument.arg for argument in function.args.args}
    if not given:
        return
    cases = [node for node in ast.walk(function) if isinstance(node, ast.If) and _is_case(node, given)]
    if len(cases) >= FEWEST_CASES:
        yield from ((node.lineno, rules.CONSTANTS) for node in cases)
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value is not None and _figures(node.value) >= FEWEST_FIGURES:
            yield node.lineno, rules.CONSTANTS


def _is_case(node: ast.If, given: set[str]) -> bool:
    """Tell whether a branch answers with numbers where an argument has a certain value or shape."""
    compared = {one.id for one in ast.walk(node.test) if isinstance(one, ast.Name)} & given
    answered = [one for one in node.body if isinstance(one, ast.Return) and one.value is not None]
    numbers = any(_figures(one) for one in ast.walk(node.test) if isinstance(one, ast.Constant))
    return bool(compared and numbers and answered and all(_figures(one.value) for one in answered if one.value))
