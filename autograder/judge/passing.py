"""Objects of Python's own that a test passes in: what stands for each on the wire, and what may be asked of it."""

import csv
import re
import types
from collections.abc import Iterator
from typing import Any

from autograder.callloop.passed_in import match_of
from autograder.callloop.plain_data import Elsewhere
from autograder.judge.errors import describe_error

NEXT = frozenset({"__next__"})
SENDING = frozenset({"__next__", "send"})
_WRITER = type(csv.writer(types.SimpleNamespace(write=len)))
WRITERS: dict[type, tuple[str, ...]] = {
    _WRITER: ("writerow", "writerows"),
    csv.DictWriter: ("writerow", "writerows", "writeheader"),
}
MOST_CHARACTERS = 1 << 20


def methods_of(value: Any) -> frozenset[str]:
    """Return the methods of an object that the student's side may have called; none for most objects."""
    if type(value) is types.GeneratorType:
        return SENDING
    if type(value) in WRITERS:
        return frozenset(WRITERS[type(value)])
    return NEXT if isinstance(value, Iterator) and not issubclass(type(value), Elsewhere) else frozenset()


def node_of_passed(value: Any, number: int) -> list[Any]:
    """Return what stands for an object that has such methods, by its number."""
    if type(value) in WRITERS:
        return ["w", number, list(WRITERS[type(value)])]
    told = {"fieldnames": [str(one) for one in value.fieldnames or ()]} if type(value) is csv.DictReader else {}
    return ["it", number, "generator" if type(value) is types.GeneratorType else "iterator", told]


def node_of_search(value: Any) -> list[Any] | None:
    """Return what stands for an exception of Python's own, a pattern, or what one has found; None for anything else."""
    if isinstance(value, Exception) and type(value).__module__ == "builtins":
        return ["er", describe_error(value)]
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        return ["re", value.pattern, value.flags]
    if not isinstance(value, re.Match) or not isinstance(value.string, str) or not isinstance(value.re.pattern, str):
        return None
    for how in ("match", "fullmatch"):
        told = value.re.pattern, value.re.flags, value.string, value.start(), value.endpos, how
        again = match_of(*told)
        if len(value.string) <= MOST_CHARACTERS and again is not None and again.regs == value.regs:
            return ["rm", *told]
    return None
