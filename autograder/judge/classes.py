"""Classes by the names that the student's side tells: what `isinstance`, `issubclass` and `type` say of a proxy.

A name is only ever looked up among what is loaded here already; what it is told to be makes a proxy no more
than an object that says so, as any class could in one process. Plain data's classes are never among them.
"""

import sys
import types
from functools import partial
from typing import Any

import numpy as np

from autograder.callloop import waiting_modules
from autograder.callloop.shared_classes import SharedClasses

MOST_PARTS = 4
# Of classes that no module has under their name.
UNNAMED: dict[str, type] = {
    "function": types.FunctionType,
    "generator": types.GeneratorType,
    "coroutine": types.CoroutineType,
    "builtin_function_or_method": types.BuiltinFunctionType,
    "code": types.CodeType,
    "mappingproxy": types.MappingProxyType,
    "method": types.MethodType,
}
# Of Python's own: those whose objects are proxies here, and not data.
OWN = frozenset((
    "property", "staticmethod", "classmethod", "map", "filter", "zip", "enumerate", "reversed", "super",
    "memoryview", "type", "range_iterator",
))  # fmt: skip
ALLOWED = frozenset({"typing", "collections", "functools", "itertools", "enum", "abc", "re", "types", "numbers"})
ALLOWED |= {"numpy", "scipy", "pandas", "matplotlib", "sklearn", "sympy", "networkx", "seaborn", "statsmodels", "PIL"}
ALLOWED |= {"IPython"}
ALLOWED |= {"threading", "queue", "random", "string", "datetime", "decimal", "fractions", "pathlib", "io", "contextlib"}
OF_RECORDS = (dict, tuple)
PLAIN = (int, float, complex, str, bytes, list, tuple, dict, set, frozenset, np.ndarray, np.generic)


def class_named(module: Any, name: Any, plain: tuple[type, ...] = PLAIN) -> type | None:
    """Return the class of a name in a module that is loaded here; None if there is none, or none that may be told.

    plain: classes that no class that may be told is derived from.
    """
    if module == "builtins":
        found: Any = UNNAMED.get(name) or (getattr(sys.modules["builtins"], name, None) if name in OWN else None)
        return found if isinstance(found, type) else None
    if not isinstance(module, str) or not isinstance(name, str) or module.partition(".")[0] not in ALLOWED:
        return None
    if waiting_modules.is_waiting(module):
        waiting_modules.load()
    found = sys.modules.get(module)
    parts = name.split(".")
    for part in parts[:MOST_PARTS]:
        found = vars(found).get(part) if isinstance(found, types.ModuleType | type) else None
    if not isinstance(found, type) or issubclass(found, plain) or _is_of_pandas(found):
        return None
    return found


def _is_of_pandas(kind: type) -> bool:
    return kind.__module__.startswith("pandas") and kind.__name__ in ("DataFrame", "Series", "Index", "Timestamp")


def _told(facts: dict[str, Any], key: str) -> list[tuple[Any, Any]]:
    told = facts.get(key)
    pairs = told if isinstance(told, list) else []
    return [(pair[0], pair[1]) for pair in pairs if isinstance(pair, list) and len(pair) == 2]  # noqa: PLR2004 - module and name


def trusted_class(facts: dict[str, Any], classes: SharedClasses) -> type | None:
    """Return the class that an object says it is of, where that is one that is known here."""
    told = _told(facts, "classes")
    found = (classes.shared(*told[0]) or class_named(*told[0])) if told else None
    return None if found is types.MethodType else found


def is_told_to_be(facts: dict[str, Any], kind: Any, classes: SharedClasses) -> bool:
    """Tell whether an object says that its class is another, or derived from it."""
    if not isinstance(kind, type):
        return False
    content = facts.get("content")
    if content and kind.__module__ == "builtins" and kind.__name__ == content:
        return True
    named = partial(class_named, plain=tuple(set(PLAIN) - set(OF_RECORDS))) if is_record(kind) else class_named
    return any(kind in (named(*pair), classes.shared(*pair)) for pair in _told(facts, "classes"))


def is_record(kind: type) -> bool:
    """Tell whether a class is a library's for results, such as scipy's OptimizeResult, which is a dict with names."""
    return issubclass(kind, OF_RECORDS) and kind.__module__.partition(".")[0] in ("scipy", "matplotlib", "sklearn")


def is_told_to_derive(facts: dict[str, Any], kind: Any) -> bool:
    """Tell whether a class says that it is another, or derived from it."""
    if not isinstance(kind, type):
        return False
    named = [list(pair) for pair in _told(facts, "mro")]
    return [kind.__module__, kind.__qualname__] in named
