"""Proxies made: of what the student's side sends, of the names that it has, of its modules."""

import re
from typing import Any

from autograder.judge.errors import StudentsError, exception_class, exception_told
from autograder.judge.proxies import CallableHandle, Handle, Remote, remote
from autograder.judge.proxy_methods import class_of_proxies
from autograder.judge.session import Session
from autograder.judge.student_name import StudentName

MOST_FACT_CHARACTERS = 200


def node_of(value: Any) -> list[Any] | None:
    """Return what stands for a proxy on the wire, or None for anything else."""
    kind = type(value)
    if not issubclass(kind, Handle):
        if issubclass(kind, StudentsError):
            value = value.proxy
        elif issubclass(kind, type) and issubclass(value, StudentsError):
            value = value.students
    return list(remote(value).node[:2]) if issubclass(type(value), Handle) else None


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of an object, cut where it is text."""
    return {name: told[:MOST_FACT_CHARACTERS] if isinstance(told, str) else told for name, told in facts.items()}


def make_proxy(session: Session, node: list[Any]) -> Any:
    """Return the proxy for a node that the student's side sent."""
    if node[0] == "m":
        from autograder.judge.modules import module_for_test

        return module_for_test(session, str(node[1]))
    _, number, facts = node
    if type(number) is not int or not isinstance(facts, dict):
        msg = "a handle is not of the right form"
        raise TypeError(msg)
    facts = _checked(facts)
    made = _shaped(facts)(Remote(session, ["h", number], facts, session.generation))
    told = facts.get("error")
    error = exception_told(told, made, session.classes.shared) if isinstance(told, dict) else None
    return made if error is None else error


def named_function(session: Session, name: str) -> CallableHandle:
    """Return a proxy for whatever the student's side has by this name whenever it is called."""
    kind = "function" if session.kind_of(name) == "function" else "object"
    facts = {"name": name, "callable": True, "type": kind, "classes": [["builtins", kind]]}
    return CallableHandle(Remote(session, ["name", name], facts, None))


def named_object(session: Session, name: str, **certain: bool) -> Any:
    """Return a proxy for what can be called that the student's side has by this name, as it describes it.

    certain: what is known of it, whatever it says.
    """
    told = session.apply("describe", [named_function(session, name)])
    facts = {"name": name, **_checked(told if isinstance(told, dict) else {}), "callable": True, **certain}
    return _shaped(facts)(Remote(session, ["name", name], facts, None))


def named_class(session: Session, name: str) -> Any:
    """Return a proxy for the class that the student's side has by this name."""
    return named_object(session, name, **{"class": True})


def _shaped(facts: dict[str, Any]) -> type[Handle]:
    """Return the class of proxies for an object with such a description."""
    told, name = facts.get("special"), str(facts.get("type", ""))
    methods = tuple(one for one in told if isinstance(one, str)) if isinstance(told, list) else ()
    methods = tuple(one for one in methods if one != "__call__")
    is_callable = facts.get("callable") is True
    return class_of_proxies(name if name.isidentifier() else "Handle", methods, is_callable=is_callable)


def named_exception(session: Session, name: str) -> Any:
    """Return the class that stands for the class of exceptions that the student's side has by a name."""
    proxy = named_class(session, name)
    found = exception_class(remote(proxy).facts.get("mro"), session.classes.shared)
    if found is None:
        return proxy
    found.students = proxy
    return found


def known_class(session: Session, name: str) -> Any:
    """Return Python's or NumPy's class that a name of the student's side holds as its value: `kind = int`.

    None where it holds another, and where a test calls it, as if the student had written it.
    """
    if name in session.class_names or re.search(rf"\b{name}\s*\(", session.own_text):
        return None
    found = session.apply("value", [StudentName(name)])
    return found if type(found) is type else None


def module_proxy(session: Session, name: str) -> Handle:
    """Return a proxy for a module of the student's side."""
    return Handle(Remote(session, ["m", name], {"type": "module"}, None))
