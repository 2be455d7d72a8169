"""Which functions of the instructor's plainly leave their arguments alone, found without running them.

When in doubt a function is not among them.
"""

import ast
from collections.abc import Iterable, Iterator
from typing import TypeVar

from autograder.notebook.sources import parsed

MUTATING = frozenset((
    "add", "append", "appendleft", "clear", "delete", "discard", "drop_duplicates", "extend", "extendleft", "fill",
    "fill_diagonal", "heapify", "heappop", "heappush", "heappushpop", "heapreplace", "insert", "insort", "insort_left",
    "insort_right", "itemset", "partition", "pop", "popitem", "popleft", "put", "put_along_axis", "place", "putmask",
    "copyto", "remove", "resize", "reverse", "rotate", "setdefault", "setflags", "shuffle", "sort", "update", "at",
))  # fmt: skip
MUTATING_CALLS = frozenset({"setattr", "delattr", "exec", "eval", "next", "vars", "globals", "locals"})
IN_PLACE = frozenset({"out", "inplace", "copy"})
# Calls that make something new, whatever they are given.
MAKING = frozenset((
    "zeros", "ones", "empty", "full", "zeros_like", "ones_like", "empty_like", "full_like", "array", "arange", "eye",
    "linspace", "copy", "deepcopy", "list", "dict", "set", "sorted", "exp", "log", "sqrt", "sum", "mean", "dot",
    "matmul", "outer", "where", "maximum", "minimum", "concatenate", "stack", "vstack", "hstack", "astype", "int",
    "float", "len", "abs", "range", "str",
))  # fmt: skip
NEW = (
    ast.Constant, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.BinOp, ast.Compare,
    ast.UnaryOp, ast.JoinedStr,
)  # fmt: skip
UNCLEAR = (ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom, ast.Await, ast.ClassDef, ast.Lambda, ast.NamedExpr)

Definition = TypeVar("Definition", ast.FunctionDef, ast.ClassDef)


def pure_functions(sources: Iterable[str]) -> frozenset[str]:
    """Return the names of the functions in these cells that plainly leave their arguments alone.

    "" is among them where that holds for all methods of the classes in these cells, and no function makes another one.
    """
    texts = list(sources)
    functions = [one for source in texts for one in defined(source, ast.FunctionDef)]
    classes = [one for source in texts for one in defined(source, ast.ClassDef)]
    nameless = bool(classes) and all(map(_is_class_alone, classes)) and not any(map(_makes_functions, functions))
    return _pure(functions) | ({""} if nameless else set())


def _pure(functions: list[ast.FunctionDef]) -> frozenset[str]:
    defined = {one.name for one in functions}
    impure = {one.name for one in functions if not _is_alone(one)}
    while True:
        more = {one.name for one in functions if one.name not in impure and _called(one) & impure}
        if not more:
            return frozenset(defined - impure)
        impure |= more


def defined(source: str, kind: type[Definition]) -> Iterator[Definition]:
    """Yield the functions, or the classes, at the top level of a cell."""
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    yield from (one for one in tree.body if isinstance(one, kind))


def _makes_functions(function: ast.FunctionDef) -> bool:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Yield, ast.YieldFrom)
    return any(isinstance(node, kinds) for node in ast.walk(function) if node is not function)


def _is_class_alone(kind: ast.ClassDef) -> bool:
    """Tell whether no method changes what it is given, then or in a later call; what it made itself it may change."""
    if kind.keywords or any(not isinstance(one, ast.Name) or one.id != "object" for one in kind.bases):
        return False
    methods = [one for one in kind.body if isinstance(one, ast.FunctionDef)]
    others = [one for one in kind.body if not isinstance(one, ast.FunctionDef | ast.Expr | ast.Pass)]
    if others or not methods or not all(map(_is_method_alone, methods)):
        return False
    kept = {name for method in methods for name in _kept_as_given(method)}
    changed = {name for method in methods for name in _changed_attributes(method)}
    return not kept & changed


def _is_method_alone(method: ast.FunctionDef) -> bool:
    if method.decorator_list or not method.args.args or _makes_functions(method):
        return False
    own, parameters = method.args.args[0].arg, parameters_of(method)
    new = new_names(method) | {own}
    text = [node for one in method.body for node in ast.walk(one)]
    return not any(_is_deep(node, own) or _may_change(node, new, parameters - {own}) for node in text)


def _is_deep(node: ast.AST, own: str) -> bool:
    """Tell whether what is changed lies inside what an attribute holds, which may be what a method was given."""
    if isinstance(node, ast.AugAssign):
        return isinstance(node.target, ast.Subscript) and root_of(node.target) == own
    if isinstance(node, ast.Call):
        node = node.func
    elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Load):
        return False
    if not isinstance(node, ast.Attribute | ast.Subscript):
        return False
    return root_of(node.value) == own and _is_inside(node.value)


def _is_inside(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) or (isinstance(node, ast.Attribute) and not isinstance(node.value, ast.Name))


def _kept_as_given(method: ast.FunctionDef) -> Iterator[str]:
    """Yield the attributes that hold what is not plainly the method's own."""
    for node in ast.walk(method):
        if isinstance(node, ast.Assign) and not _is_new(node.value):
            yield from (one.attr for one in node.targets if isinstance(one, ast.Attribute))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Attribute):
            yield node.target.attr
        elif isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Store):
            yield from (one.attr for one in node.elts if isinstance(one, ast.Attribute))


def _changed_attributes(method: ast.FunctionDef) -> Iterator[str]:
    """Yield the attributes whose content a method may change."""
    for node in ast.walk(method):
        target: ast.AST | None = None
        if isinstance(node, ast.AugAssign):
            target = node.target
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            target = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            target = node.func.value
        if isinstance(target, ast.Attribute):
            yield target.attr


def _called(function: ast.FunctionDef) -> set[str]:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {one.id for one in calls if isinstance(one, ast.Name)}


def root_of(node: ast.AST) -> str:
    """Return the name that an expression begins with, as `a` in `a.b[0].c`; "" for none."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else root_of(node)


def parameters_of(function: ast.FunctionDef) -> set[str]:
    """Return the names of a function's parameters."""
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return {one.arg for one in (*named, given.vararg, given.kwarg) if one is not None}


def _is_new(value: ast.AST) -> bool:
    return isinstance(value, NEW) or (isinstance(value, ast.Call) and _last_name(value.func) in MAKING)


def new_names(function: ast.FunctionDef) -> set[str]:
    """Return the names that hold nothing but what the function made itself."""
    made: set[str] = set()
    others = parameters_of(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and all(isinstance(one, ast.Name) for one in node.targets):
            names = {one.id for one in node.targets if isinstance(one, ast.Name)}
            if _is_new(node.value):
                made |= names
            else:
                others |= names
        elif isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Store):
            others |= {root_of(one) for one in node.elts}
        elif isinstance(node, ast.For | ast.comprehension | ast.AnnAssign | ast.withitem):
            target = node.optional_vars if isinstance(node, ast.withitem) else node.target
            others |= {root_of(target)} if target is not None else set()
    return made - others


def _is_alone(function: ast.FunctionDef) -> bool:
    """Tell whether a function changes nothing but what it made itself, as far as its text says."""
    text = [one for one in function.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    if function.decorator_list or all(isinstance(one, ast.Raise | ast.Pass) for one in text):
        return False
    new, parameters = new_names(function), parameters_of(function)
    return not any(_may_change(node, new, parameters) for one in text for node in ast.walk(one))


def _may_change(node: ast.AST, new: set[str], parameters: set[str]) -> bool:
    if isinstance(node, UNCLEAR):
        return True
    if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        return root_of(node) not in new
    if isinstance(node, ast.AugAssign):
        return root_of(node.target) not in new
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return root_of(node.value.func) not in new | {"print"}
    if not isinstance(node, ast.Call):
        return False
    if any(one.arg is None or one.arg in IN_PLACE for one in node.keywords):
        return True
    if isinstance(node.func, ast.Name):
        return node.func.id in parameters | MUTATING_CALLS | MUTATING
    return _last_name(node.func) in MUTATING and root_of(node.func) not in new
