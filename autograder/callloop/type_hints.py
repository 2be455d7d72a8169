"""Type hints such as `list[int]` and `Optional[str]`, which cross as what they are written as."""

import ast
import types
import typing
from collections.abc import Callable
from typing import Any

MOST_CHARACTERS = 500
_KINDS = (types.GenericAlias, types.UnionType, type(typing.List[int]), type(typing.Union[int, str]))  # noqa: UP006, UP007 - as students write them
_SPECIAL = (type(typing.Any), type(typing.Optional), type(typing.List), type(typing.Tuple), type(typing.Callable))  # noqa: UP006


def text_of_hint(value: Any, known: Callable[[Any], bool]) -> str | None:
    """Return how a hint is written; None for what is no hint, or one of a class that is not Python's.

    known: whether a class is one that both sides have.
    """
    if type(value) not in _KINDS and type(value) not in _SPECIAL:
        return None
    text = repr(value)
    if len(text) > MOST_CHARACTERS or not all(map(known, _leaves(value))):
        return None
    return text


def _leaves(value: Any) -> list[Any]:
    """Return the classes in a hint."""
    if isinstance(value, list):
        return [leaf for part in value for leaf in _leaves(part)]
    parts = typing.get_args(value)
    if parts:
        return [leaf for part in parts for leaf in _leaves(part)]
    is_hint = type(value) in _SPECIAL or value is None or value is Ellipsis
    return [] if is_hint else [value]


def hint_of_text(text: str, named: Callable[[str], Any]) -> Any:
    """Return the hint that is written so. named: returns a class of Python's or NumPy's. Raises ValueError."""
    if len(text) > MOST_CHARACTERS:
        raise ValueError(text)
    return _read(ast.parse(text, mode="eval").body, named)


def _read(node: ast.expr, named: Callable[[str], Any]) -> Any:
    if isinstance(node, ast.Constant) and (node.value is None or node.value is Ellipsis):
        return node.value
    if isinstance(node, ast.Name):
        return type(None) if node.id == "NoneType" else named(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        if node.value.id == "typing" and node.attr in typing.__all__:
            return getattr(typing, node.attr)
        if node.value.id in ("np", "numpy"):
            return named(node.attr)
    if isinstance(node, ast.List):
        return [_read(one, named) for one in node.elts]
    if isinstance(node, ast.Tuple):
        return tuple(_read(one, named) for one in node.elts)
    if isinstance(node, ast.Subscript):
        return _read(node.value, named)[_read(node.slice, named)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _read(node.left, named) | _read(node.right, named)
    raise ValueError(ast.dump(node))
