"""Objects of the instructor's own classes, which both sides have.

Such an object crosses as data: the name of its class, and what its attributes hold. Each side makes an object
of its own class of that name, so that no method of the other side's ever runs here.
"""

import abc
import enum
import types
import typing
from collections import abc as abstract
from collections.abc import Callable, Iterable
from typing import Any

from .frames import WireError
from .special_methods import COMPARING

# Past this depth what an object holds follows in a list of its own, so that a chain of a thousand is no deep value.
MOST_INSIDE = 8
# So many objects are the same ones on both sides whenever they cross, and so many of them are looked after.
MOST_KNOWN = 20_000
MOST_FOLLOWED = 256
ABSTRACT = frozenset(getattr(abstract, name) for name in abstract.__all__)
WITHOUT_STATE = ABSTRACT | {object, abc.ABC, typing.Generic, typing.Protocol}
_MISSING = object()


class State(dict[str, Any]):
    """What the attributes of an object hold."""


class Known:
    """Objects of shared classes that have crossed, each under a number that it has on both sides.

    first: 0 on the one side, 1 on the other, so that neither gives a number that the other has given.
    """

    def __init__(self, first: int) -> None:
        self._next = first
        self._held: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}

    def number_of(self, value: Any) -> int | None:
        """Return an object's number, a new one if it has none; None past the limit."""
        number = self._numbers.get(id(value))
        if number is None and len(self._held) < MOST_KNOWN:
            number, self._next = self._next, self._next + 2
            self._note(number, value)
        return number

    def _note(self, number: int, value: Any) -> None:
        self._held[number] = value
        self._numbers[id(value)] = number

    def made(self, number: Any, kind: type) -> Any:
        """Return the object of a number, or else a new one of the class. Raises WireError if it is of another class."""
        held = self.held(number)
        if held is None:
            held = object.__new__(kind)
            if type(number) is int and 0 <= number < 2 * MOST_KNOWN and len(self._held) < MOST_KNOWN:
                self._note(number, held)
        if type(held) is not kind:
            msg = "an object is told to be of another class than it is of"
            raise WireError(msg)
        return held

    def held(self, number: Any) -> Any:
        """Return the object of a number; None if there is none."""
        return self._held.get(number) if type(number) is int else None

    def latest(self) -> list[Any]:
        """Return those that have come or gone last."""
        return list(self._held.values())[-MOST_FOLLOWED:]


class SharedClasses:
    """The classes that both sides have. find: returns what a module has by a name, or None."""

    def __init__(self, find: Callable[[str, str], Any] = lambda module, name: None, first: int = 0) -> None:
        self.find = find
        self.known = Known(first)
        self.names: frozenset[str] = frozenset()

    def share(self, names: Iterable[str]) -> None:
        """Remember classes of a notebook's cells by their names, and modules, as "module <name>"."""
        self.names = frozenset(names)

    def _is_shared(self, kind: type) -> bool:
        module, name = kind.__module__, kind.__qualname__
        if not isinstance(module, str) or not isinstance(name, str):
            return False
        known = (name if module == "__main__" else f"module {module}") in self.names
        return known and self.find(module, name) is kind

    def shared(self, module: Any, name: Any) -> type | None:
        """Return the class of a module's that both sides have; None if there is none."""
        found = self.find(module, name) if self.names and isinstance(module, str) and isinstance(name, str) else None
        return found if isinstance(found, type) and self._is_shared(found) else None

    def name_of(self, kind: type) -> list[str] | None:
        """Return the module and the name of a class whose objects can cross; None for any other class."""
        if not self.names or not self._is_shared(kind):
            return None
        if not issubclass(kind, enum.Enum) and not all(
            one in WITHOUT_STATE or self._is_shared(one) for one in kind.__mro__
        ):
            return None
        return [kind.__module__, kind.__qualname__]

    def class_name_of(self, kind: type) -> list[str] | None:
        """Return the module and the name of a class that can cross itself: one of exceptions may be caught, too."""
        if issubclass(kind, BaseException):
            return [kind.__module__, kind.__qualname__] if self.names and self._is_shared(kind) else None
        return self.name_of(kind)

    def class_named(self, told: Any) -> type:
        """Return the class that these stand for. Raises WireError if it is none of them."""
        found = self.shared(*told)
        return found if found is not None and issubclass(found, BaseException) else self.named(told)

    def that_crossed(self) -> list[Any]:
        """Return the objects that have crossed last, but for those of classes that others of their names replaced."""
        latest = self.known.latest()
        shared = {kind for kind in set(map(type, latest)) if self.name_of(kind) is not None}
        return [one for one in latest if type(one) in shared]

    def named(self, told: Any) -> type:
        """Return the class that a module's and a class's name stand for. Raises WireError if it is none of these."""
        module, name = told
        found = self.shared(module, name)
        if found is None or self.name_of(found) != [module, name]:
            msg = "an object of a class that is not shared"
            raise WireError(msg)
        return found


def state_of(value: Any) -> State:
    """Return what the attributes of an object hold."""
    found = State()
    for kind in reversed(type(value).__mro__):
        for name, slot in vars(kind).items():
            if isinstance(slot, types.MemberDescriptorType):
                held = getattr(value, name, _MISSING)
                found |= {name: held} if held is not _MISSING else {}
    return State(found | getattr(value, "__dict__", {}))


def set_state(value: Any, state: State) -> None:
    """Let the attributes of an object hold other things. Raises WireError for what is none of an object's own.

    What an object holds hides its class's methods; of those that a test may call with what it expects, none
    is the other side's.
    """
    kind = type(value)
    slots = {}
    for name, held in state.items():
        own = getattr(kind, name, None)
        if isinstance(own, types.MemberDescriptorType):
            slots[name] = own
        elif (name.startswith("__") and name.endswith("__")) or hasattr(type(own), "__get__"):
            msg = "what an object holds would hide a method of its class"
            raise WireError(msg)
        if name in COMPARING and callable(held):
            msg = f"an attribute {name}, which compares"
            raise WireError(msg)
    if hasattr(value, "__dict__"):
        value.__dict__.clear()
        value.__dict__.update({name: held for name, held in state.items() if name not in slots})
    for name, slot in slots.items():
        slot.__set__(value, state[name])
