"""Containers with more to them than what they hold: those of `collections`, and classes derived from list and the like.

Those of `collections` cross as they are. An object of any other class that is derived from a container and
has methods or attributes of its own crosses as a handle, which can be asked for its plain content.
"""

import builtins
import keyword
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from .frames import WireError
from .special_methods import COMPARING

PLAIN = (list, tuple, dict, set, frozenset)
MOST_FIELDS = 256
MOST_NAME_CHARACTERS = 200
# What a defaultdict may make on its own, on either side.
FACTORIES = ("int", "float", "complex", "bool", "str", "bytes", "list", "tuple", "dict", "set", "frozenset")


def fields_of(kind: type) -> list[str] | None:
    """Return the fields of a class that namedtuple made, or of one that has nothing more; None for any other."""
    fields = getattr(kind, "_fields", None)
    if not issubclass(kind, tuple) or not isinstance(fields, tuple) or not all(isinstance(one, str) for one in fields):
        return None
    own = {name for one in kind.__mro__ if one not in (tuple, object) for name in vars(one) if not name.startswith("_")}
    return list(fields) if own <= set(fields) else None


@lru_cache(maxsize=1024)
def _has_more(kind: type) -> bool:
    """Tell whether a class derived from a container has something that the container itself has not."""
    base = next(one for one in (*PLAIN, deque) if issubclass(kind, one))
    more = {name for one in kind.__mro__ for name in vars(one) if not name.startswith("_")}
    return bool(more - set(dir(base))) or getattr(kind, "__getattr__", None) is not None


def content_kind(value: Any) -> str:
    """Return which container's content an object has that must cross as a handle; "" for any other."""
    kind = type(value)
    if kind in PLAIN or not isinstance(value, (*PLAIN, deque)) or special_form(value) is not None:
        return ""
    try:
        has_more = _has_more(kind)  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001 - the class is the student's
        return ""
    return next(one.__name__ for one in (*PLAIN, deque) if isinstance(value, one)) if has_more else ""


def plain_content(value: Any) -> Any:
    """Return what an object that is derived from a container holds, in a plain one."""
    base: Any = next(one for one in (*PLAIN, deque) if isinstance(value, one))
    return dict(dict.items(value)) if isinstance(value, dict) else base(base.__iter__(value))


def special_form(value: Any) -> list[Any] | None:
    """Return what tells a container of `collections` from a plain one; None for any other."""
    kind = type(value)
    if kind is Counter or kind is OrderedDict:
        return [kind.__name__]
    if kind is defaultdict:
        return ["defaultdict"]
    if kind is deque:
        return ["deque", value.maxlen]
    if (fields := fields_of(kind)) is not None:
        return ["namedtuple", kind.__name__, fields]
    return None


def factory_name(factory: Any) -> str | None:
    """Return the name of what a defaultdict makes; "" for nothing, None if it is not one of the known ones."""
    if factory is None:
        return ""
    name = getattr(factory, "__name__", "")
    return name if name in FACTORIES and getattr(builtins, name) is factory else None


@lru_cache(maxsize=256)
def _tuple_class(name: str, fields: tuple[str, ...]) -> type:
    return namedtuple(name, fields)  # noqa: PYI024 - its fields are told by the other side


def named_tuple(form: list[Any], values: list[Any], known: Callable[[str], Any]) -> Any:
    """Return a tuple with named fields. known: returns what a name holds here, or None.

    Raises WireError for fields that are none.
    """
    _, name, fields = form
    texts = (name, *fields) if isinstance(fields, list) else ()
    if not texts or len(texts) > MOST_FIELDS or len(fields) != len(values):
        msg = "the fields of a tuple do not fit it"
        raise WireError(msg)
    for text in texts:
        if not isinstance(text, str) or not text.isidentifier() or keyword.iskeyword(text):
            msg = "a field's name is none"
            raise WireError(msg)
        if len(text) > MOST_NAME_CHARACTERS or (text.startswith("_") and text is not name):
            msg = "a field's name is none"
            raise WireError(msg)
    for text, value in zip(fields, values, strict=True):
        if text in COMPARING and callable(value):
            # A test's `answer.equals(expected)` would be the student's function to answer.
            msg = f"a field of a tuple is a function of the name {text}, which compares"
            raise WireError(msg)
    own = known(name)
    kind = own if isinstance(own, type) and fields_of(own) == fields else _tuple_class(name, tuple(fields))
    return tuple.__new__(kind, values)


def empty_table(form: Any, factory: Any) -> dict[Any, Any]:
    """Return an empty dict of a kind. Raises WireError for one that is unknown."""
    if form[0] == "Counter":
        return Counter()
    if form[0] == "OrderedDict":
        return OrderedDict()
    if form[0] == "defaultdict":
        if factory is not None and not callable(factory):
            msg = "what a defaultdict makes is not made by a function"
            raise WireError(msg)
        return defaultdict(factory)
    msg = "a dict of an unknown kind"
    raise WireError(msg)


def empty_queue(form: Any, most: int) -> "deque[Any]":
    """Return an empty deque. Raises WireError for a length that is none."""
    if form[0] != "deque" or not (form[1] is None or (type(form[1]) is int and 0 <= form[1] <= most)):
        msg = "a list of an unknown kind"
        raise WireError(msg)
    return deque(maxlen=form[1])


VIEWS = {"keys": type({}.keys()), "values": type({}.values()), "items": type({}.items())}


def view_kind(value: Any) -> str | None:
    """Return which view of a dict a value is; None for anything else."""
    return next((kind for kind, view in VIEWS.items() if type(value) is view), None)


def view_of(kind: str, held: list[Any]) -> Any:
    """Return a view of that kind, of a dict that holds these keys, values or pairs of both."""
    if kind == "values":
        return dict(enumerate(held)).values()
    return dict.fromkeys(held).keys() if kind == "keys" else dict(held).items()
