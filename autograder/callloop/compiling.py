"""Compiling the text of a cell, which is parsed once."""

import ast
import warnings

from IPython.core.compilerop import CachingCompiler


class Compiler(CachingCompiler):
    """Compiles cells; what was parsed to see whether it is Python is not parsed again."""

    _parsed: tuple[str, ast.AST] | None = None

    def is_python(self, source: str) -> bool:
        """Tell whether a cell is Python as it stands."""
        try:
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                tree = super().ast_parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
        # What there is to warn of is told where the cell is compiled.
        self._parsed = (source, tree) if not told else None
        return True

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> ast.AST:
        """Return a text's tree."""
        parsed, self._parsed = self._parsed, None
        if parsed is not None and parsed[0] == source and symbol == "exec":
            return parsed[1]
        return super().ast_parse(source, filename, symbol)
