"""What a test holds in the place of a student's function, class or object.

A proxy forwards what a test does on purpose: calls, attributes, iteration, its text, its length.
It never sends plain data for comparison (`answer == expected` would hand the expected value to the
student's side), so a proxy equals no plain data, and arithmetic with plain data is refused.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from autograder.exercises.answers import CallLimitError
from autograder.exercises.calling import Arguments, CalledTogether
from autograder.judge.session import Session

MOST_FACT_CHARACTERS = 200
# Methods by which tests compare an answer of pandas', NumPy's or Python's own classes with what they expect.
COMPARISONS = {"equals", "identical", "isclose", "allclose", "array_equal"}
COMPARISONS |= {"issubset", "issuperset", "isdisjoint", "startswith", "endswith"}
COMPARISONS |= {"eq", "ne", "lt", "le", "gt", "ge", "isin", "compare", "almost_equals", "symmetric_difference"}
PROXY_ATTRIBUTES = ("_session", "_node", "_facts", "_generation")


class Handle:
    """An object that lives in the student's process."""

    # NumPy must neither look inside nor do arithmetic with it.
    __array_ufunc__ = None

    def __init__(self, session: Session, node: list[Any], facts: dict[str, Any], generation: int) -> None:
        for name, value in zip(PROXY_ATTRIBUTES, (session, node, facts, generation), strict=True):
            object.__setattr__(self, name, value)

    def _apply(self, operation: str, *arguments: Any) -> Any:
        return self._session.apply(operation, [self, *arguments], blame=self._blame())

    def _blame(self) -> str:
        """Return the function that a limit would be charged to. Raises CallLimitError for what is gone."""
        if self._generation not in (None, self._session.generation):
            msg = "the student's process was started anew, and this object went with the old one"
            raise CallLimitError(msg)
        return str(self._node[1]) if self._node[0] == "name" else ""

    def __getattr__(self, name: str) -> Any:
        if name == "__student_type__":
            return str(self._facts.get("type", "object"))
        if name.startswith("__") and name.endswith("__"):
            # Python asks for special names on its own account; a student's class can't answer them.
            return self._special(name)
        found = self._apply("getattr", name)
        return _between_proxies(name, found) if name in COMPARISONS and isinstance(found, CallableHandle) else found

    def _special(self, name: str) -> Any:
        raise AttributeError(name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._apply("setattr", name, value)

    def __delattr__(self, name: str) -> None:
        self._apply("delattr", name)

    def __repr__(self) -> str:
        return str(self._apply("repr"))

    def __str__(self) -> str:
        return str(self._apply("str"))

    def __len__(self) -> int:
        return int(self._apply("len"))

    def __bool__(self) -> bool:
        return self._apply("bool") is True

    def __int__(self) -> int:
        return int(self._apply("int"))

    def __float__(self) -> float:
        return float(self._apply("float"))

    def __iter__(self) -> Any:
        return self._apply("iter")

    def __next__(self) -> Any:
        return self._apply("next")

    def __getitem__(self, key: Any) -> Any:
        return self._apply("getitem", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._apply("setitem", key, value)

    def __delitem__(self, key: Any) -> None:
        self._apply("delitem", key)

    def __contains__(self, value: Any) -> bool:
        return any(part is value or part == value for part in self)

    def __hash__(self) -> int:
        return hash((Handle, str(self._node[1])))

    def _with_handle(self, operation: str, other: Any) -> Any:
        return self._apply(operation, other) if isinstance(other, Handle) else NotImplemented

    def __eq__(self, other: object) -> bool:
        return self._with_handle("eq", other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: Any) -> Any:
        return self._with_handle("lt", other)

    def __le__(self, other: Any) -> Any:
        return self._with_handle("le", other)

    def __gt__(self, other: Any) -> Any:
        return self._with_handle("gt", other)

    def __ge__(self, other: Any) -> Any:
        return self._with_handle("ge", other)

    def __add__(self, other: Any) -> Any:
        return self._with_handle("add", other)

    def __sub__(self, other: Any) -> Any:
        return self._with_handle("sub", other)

    def __mul__(self, other: Any) -> Any:
        return self._with_handle("mul", other)

    def __truediv__(self, other: Any) -> Any:
        return self._with_handle("truediv", other)

    def __matmul__(self, other: Any) -> Any:
        return self._with_handle("matmul", other)


def _between_proxies(name: str, method: "CallableHandle") -> Any:
    """Return a comparing method that takes no plain data, which would be the expected value."""

    def compare(*others: Any, **named: Any) -> Any:
        if not all(isinstance(other, Handle) for other in (*others, *named.values())):
            msg = f"{name}() of an object of the student's class can't be asked about plain data"
            raise TypeError(msg)
        return method(*others, **named)

    return compare


class CallableHandle(Handle, CalledTogether):
    """A function, method, class or other callable of the student's."""

    def __call__(self, *positional: Any, **named: Any) -> Any:
        """Call it in the student's process."""
        return self._apply("call", list(positional), named)

    def _outcomes(self, calls: Sequence[Arguments]) -> list[Callable[[], Any]]:
        """Make several calls in one exchange."""
        several = [[self, list(positional), named] for positional, named in calls]
        return self._session.apply_each("call", several, blame=self._blame())

    def _special(self, name: str) -> Any:
        """Answer what `inspect` and the like ask of a function: its name, its text, its parameters."""
        if name in ("__name__", "__qualname__", "__doc__"):
            facts = self._apply("describe")
            return facts.get("doc" if name == "__doc__" else "name", "") if isinstance(facts, dict) else ""
        if name == "__signature__":
            return _signature(self._apply("signature"))
        raise AttributeError(name)

    def __instancecheck__(self, instance: Any) -> bool:
        """Tell whether a proxy stands for an instance of this class; plain data never is one."""
        return isinstance(instance, Handle) and self._session.apply("isinstance", [instance, self]) is True


PARAMETER_KINDS = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.VAR_POSITIONAL,
    inspect.Parameter.KEYWORD_ONLY,
    inspect.Parameter.VAR_KEYWORD,
)


def _signature(told: Any) -> inspect.Signature:
    """Return the signature that the student's side describes. Raises AttributeError if it is none."""
    unknown, empty = object(), inspect.Parameter.empty
    try:
        parameters = [
            inspect.Parameter(name, PARAMETER_KINDS[kind], default=unknown if has_default else empty)
            for name, kind, has_default in told
        ]
        return inspect.Signature(parameters)
    except (TypeError, ValueError, IndexError):
        msg = "__signature__"
        raise AttributeError(msg) from None


def node_of(value: Any) -> list[Any] | None:
    """Return what stands for a proxy on the wire, or None for anything else."""
    if not isinstance(value, Handle):
        return None
    node = object.__getattribute__(value, "_node")
    return list(node[:2])


def make_proxy(session: Session, node: list[Any]) -> Any:
    """Return the proxy for a node that the student's side sent."""
    if node[0] == "m":
        from autograder.judge.modules import trusted_module

        return trusted_module(str(node[1]))
    _, number, facts = node
    if type(number) is not int or not isinstance(facts, dict):
        msg = "a handle is not of the right form"
        raise TypeError(msg)
    facts = {name: told[:MOST_FACT_CHARACTERS] if isinstance(told, str) else told for name, told in facts.items()}
    kind = CallableHandle if facts.get("callable") is True else Handle
    return kind(session, ["h", number], facts, session.generation)


def named_function(session: Session, name: str) -> CallableHandle:
    """Return a proxy for whatever the student's side has by this name whenever it is called."""
    return CallableHandle(session, ["name", name], {"name": name, "callable": True}, None)  # type: ignore[arg-type]
