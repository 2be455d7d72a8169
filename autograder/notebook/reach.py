"""Whether a cell's text can reach beyond what it defines, found without running it.

A function that works with its arguments, its own variables and NumPy's functions leaves everything else as it found
it. One that assigns attributes of what is not its own, imports what governs the process, or looks names up by other
means may leave something behind that harms later exercises.
"""

import ast
import builtins
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from autograder.notebook.reads import MOST_CHARACTERS, names_in_functions
from autograder.notebook.sources import import_aliases, parsed


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Modules that students import for their work, and that change nothing by being used.
_HARMLESS = _words(
    """__future__ abc autograder cmath collections copy dataclasses datetime decimal enum fractions functools itertools
    math matplotlib numbers numpy pandas random re scipy seaborn sklearn solutions statistics string sympy time
    typing"""
)
_BUILTIN = frozenset(dir(builtins))
_REACHING_NAMES = _words(
    "breakpoint compile delattr eval exec exit get_ipython getattr globals input locals open quit setattr vars"
)
_REACHING_ATTRIBUTES = _words("core ctypes ctypeslib f2py getcontext lib rcParams seed testing")
_SETTING = re.compile(r"set(?:err|buf|_state|_printoptions|_string|context|flags|_num|_type)")
# Those with which a class says how its own objects are made, called, shown, compared and calculated with.
_OWN_METHODS = frozenset(
    f"__{name}__"
    for name in _words(
        """init post_init call repr str len eq ne lt le gt ge hash bool iter next contains getitem name doc version add
        sub mul truediv matmul pow neg radd rsub rmul rtruediv rmatmul"""
    )
)
_DEFINITION = re.compile(r"^[^\S\n]*(?:async )?(?:def|class) (\w+)", re.MULTILINE)
_IMPORTED = re.compile(r"^[^\S\n]*from ([\w.]+) import ([\w ,]+)", re.MULTILINE)


def _is_harmless(module: str) -> bool:
    first, *rest = module.split(".")
    return first in _HARMLESS and not any(part in _REACHING_ATTRIBUTES or part.startswith("_") for part in rest)


def _root(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _only_reads(call: ast.Call) -> bool:
    """Tell whether a call opens a file for nothing but reading, as it is written."""
    modes = [*call.args[1:], *(one.value for one in call.keywords if one.arg == "mode")]
    named = {one.arg for one in call.keywords} <= {"mode", "encoding", "newline", "errors"}
    named = named and not any(isinstance(one, ast.Starred) for one in call.args)
    reads = all(isinstance(one, ast.Constant) and one.value in ("r", "rt", "rb") for one in modes)
    return isinstance(call.func, ast.Name) and call.func.id == "open" and len(modes) <= 1 and named and reads


@dataclass
class Reach:
    """What is known of a notebook's names, and of cells that were looked at.

    sources: the text of its cells, without its tests.
    """

    sources: Iterable[str]
    _found: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        whole = "\n".join(self.sources)
        aliases = import_aliases(whole)
        self._modules = {name for name, module in aliases.items() if _is_harmless(module)}
        self._others = aliases.keys() - self._modules
        self._known = {*_BUILTIN, *self._modules, *_DEFINITION.findall(whole)}
        for module, names in _IMPORTED.findall(whole):
            bound = {name.split(" as ")[-1].strip() for name in names.split(",")}
            (self._known if _is_harmless(module) else self._others).update(bound)

    def is_beyond(self, source: str) -> bool:
        """Tell whether running a cell, or calling what it defines, may change what others use."""
        if source not in self._found:
            self._found[source] = self._look(source)
        return self._found[source]

    def _look(self, source: str) -> bool:
        if len(source) > MOST_CHARACTERS:
            return True
        try:
            tree = parsed(source, strict=True)
            nodes = list(ast.walk(tree))
            reading = {id(one.func) for one in nodes if isinstance(one, ast.Call) and _only_reads(one)}
            known = names_in_functions(source) <= self._known
            return not known or any(self._reaches(one) for one in nodes if id(one) not in reading)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return True

    def _reaches(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Import):
            return not all(_is_harmless(alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            return not all(_is_harmless(f"{node.module}.{alias.name}") for alias in node.names)
        if isinstance(node, ast.Attribute):
            return self._reaches_by(node)
        if isinstance(node, ast.Name):
            return self._is_reaching(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            is_special = node.name.startswith("__") and node.name not in _OWN_METHODS
            return is_special or node.name in self._modules or node.name in _BUILTIN
        return isinstance(node, ast.Global | ast.Await | ast.AsyncFor | ast.AsyncWith)

    def _is_reaching(self, node: ast.Name) -> bool:
        if node.id in self._others or node.id in _REACHING_NAMES or node.id.startswith("__"):
            return True
        return not isinstance(node.ctx, ast.Load) and (node.id in self._modules or node.id in _BUILTIN)

    def _reaches_by(self, node: ast.Attribute) -> bool:
        name, is_own = node.attr, _root(node) in ("self", "cls", "super")
        if name.startswith("_") and name not in _OWN_METHODS and not (is_own and not name.startswith("__")):
            return True
        if not isinstance(node.ctx, ast.Load):
            return not is_own
        return name in _REACHING_ATTRIBUTES or _SETTING.match(name) is not None
