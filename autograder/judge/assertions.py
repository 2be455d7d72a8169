"""The names of `nose.tools`, which many courses' tests import and which nobody maintains any more.

They are the methods of `unittest.TestCase` under other names, as they were in nose; `ok_` and `eq_` aside.
Where nose is installed, it is used.
"""

import importlib.util
import re
import sys
import types
import unittest
from typing import Any

_CASE = unittest.TestCase()
_CASE.maxDiff = None


def ok_(expression: Any, msg: str | None = None) -> None:
    """Raise an AssertionError if an expression is false."""
    if not expression:
        raise AssertionError(msg)


def eq_(a: Any, b: Any, msg: str | None = None) -> None:
    """Raise an AssertionError if two values are not equal."""
    if not a == b:
        raise AssertionError(msg or f"{a!r} != {b!r}")


def _names() -> dict[str, Any]:
    methods = [name for name in dir(_CASE) if name.startswith("assert") and name != "assertionError"]
    found = {re.sub(r"([A-Z])", r"_\1", name).lower(): getattr(_CASE, name) for name in methods}
    # As old tests spell them; the methods themselves are gone since Python 3.12.
    found |= {"assert_equals": _CASE.assertEqual, "assert_items_equal": _CASE.assertCountEqual}
    found |= {"assert_raises_regexp": _CASE.assertRaisesRegex, "assert_regexp_matches": _CASE.assertRegex}
    return found | {"ok_": ok_, "eq_": eq_}


def provide() -> None:
    """Make `nose.tools` importable in this process, if it is not installed."""
    if "nose" in sys.modules or importlib.util.find_spec("nose") is not None:
        return
    nose, tools = types.ModuleType("nose"), types.ModuleType("nose.tools")
    tools.__dict__.update(_names())
    nose.__dict__["tools"] = tools
    nose.__dict__["__path__"] = []
    sys.modules.update({"nose": nose, "nose.tools": tools})
