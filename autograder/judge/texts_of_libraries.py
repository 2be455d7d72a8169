"""Texts that libraries run for a test: the examples in a docstring, a table's query. A student's runs in no judge."""

import ast
import doctest
import pdb  # noqa: T100 - none is started
import re
import sys
import timeit
import types
from collections.abc import Callable
from typing import Any

from autograder.judge.errors import CannotCrossError
from autograder.judge.own_texts import compiling, is_own
from autograder.judge.proxies import Handle
from autograder.notebook.sources import parsed, used_names

# Of these calls in a student's query none does anything but look at a column.
LOOKING = frozenset((
    "isin", "between", "isna", "notna", "isnull", "notnull", "contains", "startswith", "endswith", "lower", "upper",
    "strip", "len", "abs", "sqrt", "exp", "log", "sin", "cos", "round", "mean", "sum", "min", "max", "and", "or", "not",
    "in",
))  # fmt: skip


# What a call is made of that works with nothing but what is written out.
_CALLING = (
    ast.Module, ast.Expr, ast.Call, ast.Name, ast.Load, ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set,
    ast.UnaryOp, ast.USub, ast.keyword,
)  # fmt: skip


def watch(namespace: dict[str, Any], own_text: Callable[[], str]) -> None:
    """Let no text of a student's be run by a library. own_text: returns that of the instructor's cells."""
    there: Any = doctest
    checked = compiling(own_text)
    there.compile = lambda text, *rest: checked(text.strip(), *rest)
    # Its debugger would read a file of settings, as a test must not.
    there._OutputRedirectingPdb.__init__ = _begin_debugging  # noqa: SLF001 - there is no other way
    test_module = doctest.testmod

    def of_notebook(m: Any = None, *rest: Any, **named: Any) -> Any:
        main = sys.modules["__main__"]
        if m not in (None, main):
            return test_module(m, *rest, **named)
        return _tested(namespace, named)

    there.testmod = of_notebook
    _watch_timing(namespace, own_text)
    # Imported now where a cell may ask for it: what a test imports later is as it comes.
    if "pandas" in sys.modules or re.search(r"\.(?:query|eval)\b", own_text()):
        _watch_pandas(own_text)


def _only_calls(text: str, namespace: dict[str, Any]) -> bool:
    """Tell whether a text only calls functions of the student's with what is written out, as tests put one together."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    names = {one.id for one in nodes if isinstance(one, ast.Name)}
    theirs = all(name in namespace and issubclass(type(namespace[name]), Handle) for name in names)
    return theirs and all(isinstance(one, _CALLING) for one in nodes)


def _watch_timing(namespace: dict[str, Any], own_text: Callable[[], str]) -> None:
    there: Any = timeit.Timer
    begin = there.__init__

    def of_own(self: Any, stmt: Any = "pass", setup: Any = "pass", *rest: Any, **named: Any) -> None:
        texts = [one for one in (stmt, setup) if isinstance(one, str) and one != "pass"]
        if not all(is_own(one, own_text()) or _only_calls(one, namespace) for one in texts):
            msg = "timing a text that is not the test's own, and may be the student's"
            raise CannotCrossError(msg)
        begin(self, stmt, setup, *rest, **named)

    there.__init__ = of_own


def _begin_debugging(debugger: Any, out: Any) -> None:
    vars(debugger).update(_OutputRedirectingPdb__out=out, _OutputRedirectingPdb__debugger_used=False)
    pdb.Pdb.__init__(debugger, stdout=out, nosigint=True, readrc=False)
    debugger.use_rawinput = 1


def _tested(namespace: dict[str, Any], named: dict[str, Any]) -> doctest.TestResults:
    """Run the examples of all that a notebook defines."""
    runner = doctest.DocTestRunner(verbose=named.get("verbose"), optionflags=named.get("optionflags", 0))
    module, known = types.ModuleType("__main__"), dict[str, Any]()
    for name in sorted(namespace.keys()):
        value = namespace.get(name)
        if callable(value) and ">>>" in _docs(value) and getattr(value, "__module__", "__main__") == "__main__":
            vars(module)[name] = value
            known |= {one: namespace[one] for one in _used(value) if one in namespace}
    for test in doctest.DocTestFinder().find(module, module=False, globs=known):
        runner.run(test)
    if named.get("report", True):
        runner.summarize()
    return doctest.TestResults(runner.failures, runner.tries)


def _docs(value: Any) -> str:
    held = [value, *(getattr(value, name, None) for name in (dir(value) if isinstance(value, type) else ()))]
    return "\n".join(str(getattr(one, "__doc__", "")) for one in held)


def _used(value: Any) -> frozenset[str]:
    texts = [example.source for example in doctest.DocTestParser().get_examples(_docs(value))]
    try:
        return frozenset().union(*(used_names(one) for one in parsed("".join(texts)).body))
    except (SyntaxError, ValueError):
        return frozenset()


def _watch_pandas(own_text: Callable[[], str]) -> None:
    try:
        import pandas as pd
        from pandas.core.computation import eval as module
    except ImportError:
        return
    there: Any = module
    evaluate = there.eval

    def of_own(expr: Any, *rest: Any, **named: Any) -> Any:
        text = str(expr)
        # pandas writes names in backticks anew, and adds nothing else.
        if isinstance(expr, str) and not is_own(text, own_text()) and not _looks(text):
            msg = "a query or an expression of pandas' whose text is not the test's own, and may be the student's"
            raise CannotCrossError(msg)
        level = named.pop("level", 0)
        return evaluate(expr, *rest, level=level + 1, **named)

    there.eval = pd.eval = of_own


def _looks(text: str) -> bool:
    return not re.search(r"@|__|\.(?:to|read)_|\.(?:map|apply|pipe|agg|transform)\b", text) and (
        frozenset(re.findall(r"(\w+)\s*\(", text)) <= LOOKING
    )
