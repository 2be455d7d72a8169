"""Modules from beside the notebook, run as tests are: what compares in a test may well be a helper there."""

import ast
import importlib.machinery
import sys
import types
from typing import Any

from autograder.judge.rewriting import NAMES, rewritten


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module such that its comparisons are watched. names: what they are watched by."""

    names: dict[str, Any]

    def source_to_code(  # type: ignore[override]
        self, data: Any, path: Any, *, _optimize: int = -1
    ) -> types.CodeType:
        """Compile a module's text, as it is run in a test."""
        tree = rewritten(ast.parse(data, path))
        assert isinstance(tree, ast.Module)
        code: types.CodeType = compile(tree, path, "exec", dont_inherit=True, optimize=_optimize)
        return code

    def exec_module(self, module: types.ModuleType) -> None:
        """Run a module with Python's own functions as a test has them, where a rewritten text asks for them."""
        vars(module).update(self.names)
        super().exec_module(module)


def import_from(folder: str, own_builtins: dict[str, Any]) -> None:
    """Let modules in a folder be imported, before all others."""
    names = {name: own_builtins[name] for name in NAMES}
    loader = type("OwnLoader", (_Loader,), {"names": names})
    sys.path.insert(0, folder)
    sys.path_importer_cache[folder] = importlib.machinery.FileFinder(folder, (loader, [".py"]))
