"""What a call finds around it: random numbers, who answers input(), functions replaced, files in the scratch folder."""

import builtins
import contextlib
import importlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .encoder import Encoder
from .random_state import random_state, set_random_state

MOST_FILES = 200
MOST_DEPTH = 4
_ABSENT = object()


@contextlib.contextmanager
def replaced(functions: dict[str, Any], names: dict[str, Any]) -> Iterator[None]:
    """Run calls in this block with other functions in Python's modules; names: the namespace of the student's cells.

    Built-in functions are replaced for the student's cells only.
    """
    places: list[tuple[dict[str, Any], str, Any]] = []
    for path, function in functions.items():
        module, _, name = path.rpartition(".")
        held = names if module == "builtins" else vars(importlib.import_module(module))
        if module == "builtins" and name in held:
            continue
        places.append((held, name, held.get(name, _ABSENT)))
        held[name] = function
    try:
        yield
    finally:
        for held, name, before in places:
            if before is not _ABSENT:
                held[name] = before
            else:
                held.pop(name, None)


@contextlib.contextmanager
def surroundings(found: dict[str, Any], names: dict[str, Any]) -> Iterator[None]:
    """Run calls in this block with what a request says that they find.

    Random numbers, who answers input(), functions that are replaced. names: the namespace of the student's cells.
    """
    if "random" in found:
        with contextlib.suppress(Exception):  # by functions that may be the student's
            set_random_state(found["random"])
    before = builtins.input
    if "input" in found:
        ask = found["input"]
        # A callback takes what it is given; input() can also be called without a prompt.
        builtins.input = lambda *prompt: ask(*prompt)
    try:
        with replaced(found.get("replaced", {}), names):
            yield
    finally:
        if "input" in found:
            builtins.input = before


def random_numbers(encoder: Encoder) -> tuple[Any, bytes]:
    """Return what tells of the random numbers' state, or that nothing can be told."""
    try:
        return encoder.encode(random_state()), bytes(encoder.body)
    except Exception:  # noqa: BLE001 - the functions that tell of it may be the student's
        return None, b""


def _is_ours(name: str) -> bool:
    """Tell whether a folder or file is one of this process's own, and no work of the student's."""
    return name.startswith(".") or name in ("matplotlib", "ipython", "__pycache__")


def list_files() -> list[list[Any]]:
    """Return the files in the scratch folder: each one's path in it, its size, and when it was written last."""
    found: list[list[Any]] = []
    for parent, folders, files in os.walk("."):
        inside = os.path.relpath(parent, ".")
        depth = 0 if inside == "." else inside.count("/") + 1
        folders[:] = [] if depth >= MOST_DEPTH else sorted(one for one in folders if depth or not _is_ours(one))
        for name in sorted(files):
            path = name if inside == "." else f"{inside}/{name}"
            facts = os.lstat(path)
            if len(found) < MOST_FILES and stat.S_ISREG(facts.st_mode) and not _is_ours(name):
                found.append([path, facts.st_size, facts.st_mtime_ns])
    return found


def read_files(names: list[str]) -> dict[str, bytes]:
    """Return the content of files in the scratch folder."""
    return {name: Path(name).read_bytes() for name in names}


def write_files(files: dict[str, bytes]) -> None:
    """Write files into the scratch folder."""
    for name, content in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content)


def remove_files(names: list[str]) -> None:
    """Remove files from the scratch folder."""
    for name in names:
        Path(name).unlink(missing_ok=True)
