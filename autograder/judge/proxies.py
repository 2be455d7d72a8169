"""What a test holds in the place of a student's function, class or object.

A proxy forwards what a test does on purpose: calls, attributes, iteration, its text, its length. It has the
special methods that the class of the object behind it has, and no others.
It never sends plain data for comparison (`answer == expected` would hand the expected value to the
student's side), so a proxy equals no plain data. Arithmetic with plain data is forwarded only for an object
that the test itself made of a class that the assignment asks for: what a function returned could answer
`answer - expected` with 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from autograder.callloop.plain_data import Elsewhere
from autograder.exercises.answers import CallLimitError
from autograder.exercises.calling import Arguments, CalledTogether
from autograder.judge.classes import trusted_class
from autograder.judge.errors import CannotCrossError
from autograder.judge.session import Session
from autograder.judge.signatures import signature_from
from autograder.judge.special_names import ASKED_FOR, COMPARISONS, OF_CLASSES

SIZES = {"len": int, "int": int, "float": float, "complex": complex, "index": int, "hash": int}


@dataclass
class Remote:
    """Where a proxy's object is, and what is known of it.

    node: its name or number on the wire. generation: the process that it lives in; None for a name, which any
    process has. made: whether the test itself made it, of a class that the assignment asks for.
    """

    session: Session
    node: list[Any]
    facts: dict[str, Any]
    generation: int | None
    made: bool = False

    def apply(self, operation: str, proxy: Any, *arguments: Any) -> Any:
        """Apply an operation to the object."""
        return self.session.apply(operation, [proxy, *arguments], blame=self.blame())

    def blame(self) -> str:
        """Return the function that a limit would be charged to. Raises CallLimitError for what is gone."""
        if self.generation not in (None, self.session.generation):
            msg = "the student's process was started anew, and this object went with the old one"
            raise CallLimitError(msg)
        return str(self.node[1]) if self.node[0] == "name" else ""

    @property
    def content(self) -> str:
        """Which plain container's content the object has, or ""."""
        return str(self.facts.get("content", ""))

    def has(self, method: str) -> bool:
        """Tell whether the object's class has a special method of its own."""
        found = self.facts.get("special")
        return isinstance(found, list) and method in found


def remote(proxy: Any) -> Remote:
    """Return where a proxy's object is."""
    found: Remote = object.__getattribute__(proxy, "_autograder_remote")
    return found


class Handle(Elsewhere):
    """An object that lives in the student's process."""

    __slots__ = ("__weakref__", "_autograder_remote")
    # NumPy must neither look inside nor do arithmetic with it.
    __array_ufunc__ = None

    def __init__(self, place: Remote) -> None:
        object.__setattr__(self, "_autograder_remote", place)

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            return _special(self, name)
        if name == "send" and remote(self).has("__await__"):
            return partial(_run_to_end, self)
        found = apply_to(self, "getattr", name)
        remote(self).session.fetched(self, name, found)
        return _guarded(self, name, found)

    def __setattr__(self, name: str, value: Any) -> None:
        apply_to(self, "setattr", name, value)

    def __delattr__(self, name: str) -> None:
        apply_to(self, "delattr", name)

    def __repr__(self) -> str:
        return str(apply_to(self, "repr"))

    def __str__(self) -> str:
        return str(apply_to(self, "str"))

    def __format__(self, form: str) -> str:
        return str(apply_to(self, "format", form))

    def __dir__(self) -> list[str]:
        return [str(name) for name in apply_to(self, "dir")]

    def __bool__(self) -> bool:
        has_any = remote(self).has("__bool__") or remote(self).has("__len__")
        return apply_to(self, "bool") is True if has_any else True

    def __hash__(self) -> int:
        if remote(self).has("__hash__"):
            return int(apply_to(self, "hash"))
        return hash((Handle, str(remote(self).node[1])))

    def __eq__(self, other: object) -> bool:
        if remote(self).content and not isinstance(other, Handle):
            return bool(apply_to(self, "content") == other)
        if not isinstance(other, Handle):
            if remote(self).has("__eq__") and other is not None:
                remote(self).session.note("compared")
            return False
        return is_same(self, other) or apply_to(self, "eq", other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __mro_entries__(self, bases: Any) -> Any:
        """Refuse to be derived from: such a class would be half on either side."""
        msg = "a class of the test derived from one of the student's"
        raise CannotCrossError(msg)

    def __copy__(self) -> Any:
        return apply_to(self, "copy")

    def __deepcopy__(self, memo: Any) -> Any:
        return apply_to(self, "deepcopy")


class CallableHandle(Handle, CalledTogether):
    """A function, method, class or other callable of the student's."""

    __slots__ = ()

    def __call__(self, *positional: Any, **named: Any) -> Any:
        """Call it in the student's process."""
        operation = "call_kept" if remote(self).session.keeps_objects else "call"
        return _noted(self, apply_to(self, operation, list(positional), named))

    def _outcomes(self, calls: Sequence[Arguments]) -> list[Callable[[], Any]]:
        """Make several calls in one exchange."""
        place = remote(self)
        several = [[self, list(positional), named] for positional, named in calls]
        outcomes = place.session.apply_each("call", several, blame=place.blame())
        return [partial(_told, self, outcome) for outcome in outcomes] if _makes(place) else outcomes

    def __instancecheck__(self, instance: Any) -> bool:
        """Tell whether a proxy stands for an instance of this class; plain data never is one, but for named fields.

        An object of the test's own may have what a protocol of the student's asks for.
        """
        if isinstance(instance, tuple) and (fields := getattr(instance, "_fields", None)) is not None:
            own = self._fields, self.__name__
            return own == (fields, type(instance).__name__)
        session = remote(self).session
        crosses = isinstance(instance, Handle) or session.classes.name_of(type(instance)) is not None
        return crosses and session.apply("isinstance", [instance, self]) is True

    def __subclasscheck__(self, kind: Any) -> bool:
        """Tell whether a class is derived from this one."""
        return isinstance(kind, Handle) and remote(self).session.apply("issubclass", [kind, self]) is True


def _makes(place: Remote) -> bool:
    """Tell whether a proxy stands for a class that the assignment asks for."""
    return place.node[0] == "name" and place.node[1] in place.session.class_names


def _noted(function: CallableHandle, made: Any) -> Any:
    """Return what a call gave; note of an object that the test made of a class that the assignment asks for."""
    if isinstance(made, Handle) and _makes(remote(function)):
        remote(made).made = True
    return made


def _told(function: CallableHandle, outcome: Callable[[], Any]) -> Any:
    return _noted(function, outcome())


def apply_to(proxy: Any, operation: str, *arguments: Any) -> Any:
    """Apply an operation to a proxy's object."""
    found = remote(proxy).apply(operation, proxy, *arguments)
    if operation in SIZES and not isinstance(found, int | float | complex):
        msg = f"{operation}() gave no number"
        raise TypeError(msg)
    return found


def _run_to_end(coroutine: Any, _: Any = None) -> None:
    """Run a coroutine as an event loop does, in a single step. Raises StopIteration with what it gives."""
    raise StopIteration(apply_to(coroutine, "await"))


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two values are one: for proxies, whether they stand for one object."""
    if not isinstance(one, Handle) or not isinstance(other, Handle):
        return one is other
    here, there = remote(one), remote(other)
    if here.node[0] != there.node[0] and here.facts.get("callable") and there.facts.get("callable"):
        return here.session.apply("is", [one, other]) is True
    return here.node[:2] == there.node[:2] and (here.generation or 0) == (there.generation or 0)


# --- what is asked by a special name --------------------------------------------------------------


def _special(proxy: Any, name: str) -> Any:
    """Answer what is asked of a proxy by a special name: by a test, by `inspect`, or by Python itself."""
    kind, place = type(proxy), remote(proxy)
    if name == "__class__":
        return trusted_class(place.facts, place.session.classes) or kind
    if name == "__student_type__":
        return str(place.facts.get("type", "object"))
    if name == "__student_content__" and place.content:
        return apply_to(proxy, "content")
    if name == "__signature__" and isinstance(proxy, CallableHandle):
        return signature_from(apply_to(proxy, "signature"))
    if name == "__copy__" and place.has("__next__"):
        # itertools.tee would have copies of an iterator that says it has them; a generator has none.
        raise AttributeError(name)
    is_class = place.facts.get("class") is True
    if name in ASKED_FOR or (is_class and name in OF_CLASSES):
        return _guarded(proxy, name, apply_to(proxy, "getattr", name))
    if name in vars(Handle) or any(name in vars(one) for one in kind.__mro__ if issubclass(one, Handle)):
        return object.__getattribute__(proxy, name)
    raise AttributeError(name)


def _guarded(proxy: Any, name: str, found: Any) -> Any:
    """Return a comparing or reckoning method so that it takes no plain data, which would be the expected value."""
    if name not in COMPARISONS or not isinstance(found, CallableHandle):
        return found

    def compare(*others: Any, **named: Any) -> Any:
        if not all(isinstance(other, Handle) for other in (*others, *named.values())):
            msg = f"{name}() of an object of the student's class can't be asked about plain data"
            raise TypeError(msg)
        return found(*others, **named)

    return compare
