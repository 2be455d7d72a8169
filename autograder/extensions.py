"""What other packages add: checks, writers and sandbox backends, found by their entry points when they are asked for.

A package declares them under `[project.entry-points."autograder.writers"]` and the like; docs/extending.md shows each.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograder.errors import ExtensionError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

CHECKS, WRITERS, BACKENDS = "autograder.checks", "autograder.writers", "autograder.backends"
# What one of each group is called in messages.
SINGULAR = {CHECKS: "check", WRITERS: "writer", BACKENDS: "sandbox backend"}

# Returns what is wrong with the form of what was loaded, or "".
Fault = Callable[[Any], str]


def installed(group: str) -> "dict[str, EntryPoint]":
    """Return the entry points of a group by name. Raises ExtensionError where two packages use one name."""
    from importlib.metadata import entry_points

    found: dict[str, EntryPoint] = {}
    for one in entry_points(group=group):
        other = found.setdefault(one.name, one)
        if other.value != one.value:
            both = f"{_whence(other)} and {_whence(one)}"
            msg = f"two packages have a {SINGULAR[group]} {one.name!r}, {both}; uninstall one of them"
            raise ExtensionError(msg)
    return dict(sorted(found.items()))


def loaded(entry: "EntryPoint", fault_of: Fault) -> Any:
    """Load what an entry point names. Raises ExtensionError if that fails, or if it has not the right form."""
    kind = SINGULAR[entry.group]
    try:
        thing = entry.load()
    except Exception as error:
        msg = f"the {kind} {entry.name!r} ({_whence(entry)}) can't be loaded: {type(error).__name__}: {error}"
        raise ExtensionError(msg) from error
    if fault := fault_of(thing):
        msg = f"the {kind} {entry.name!r} ({_whence(entry)}) has not the form of one: {fault}"
        raise ExtensionError(msg)
    return thing


def load(group: str, name: str, fault_of: Fault) -> Any:
    """Load the extension of a group that has this name. Raises ExtensionError."""
    known = installed(group)
    if name not in known:
        told = ", ".join(known) or "none"
        msg = f"there is no {SINGULAR[group]} {name!r}; installed are: {told} (entry points of the group {group})"
        raise ExtensionError(msg)
    return loaded(known[name], fault_of)


def fault_of_call(thing: Any, *parameters: str) -> str:
    """Say why a thing can't be called with so many positional arguments, or ""."""
    told = f"expected what can be called as f({', '.join(parameters)})"
    if not callable(thing):
        return f"{told}, got {type(thing).__name__}"
    import inspect

    try:
        signature = inspect.signature(thing)
    except (TypeError, ValueError):  # some compiled functions do not tell; the call will
        return ""
    try:
        signature.bind(*parameters)
    except TypeError as error:
        return f"{told}, got {signature}: {error}"
    return ""


def _whence(entry: "EntryPoint") -> str:
    package = entry.dist.name if entry.dist is not None else "an unknown package"
    return f"{entry.value} of {package}"
