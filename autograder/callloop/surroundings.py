"""What a call finds around it: random numbers, who answers input(), functions replaced, files in the scratch folder."""

import builtins
import contextlib
import importlib
import io
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .encoder import Encoder
from .random_state import random_state, set_random_state
from .settings import applied

MOST_FILES = 200
MOST_DEPTH = 5
_ABSENT = object()


class AskedLines(io.TextIOBase):
    """What stands for standard input: each line is asked for, and "" at its end."""

    def __init__(self, ask: Callable[[], str]) -> None:
        super().__init__()
        self._ask = ask

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        """Return the next line, however long it may be."""
        return self._ask()

    def read(self, size: int | None = -1, /) -> str:
        """Return all that is left."""
        return "".join(iter(self._ask, ""))


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

    Random numbers, who answers input(), functions that are replaced, settings. names: those of the student's cells.
    """
    if "random" in found:
        with contextlib.suppress(Exception):  # by functions that may be the student's
            set_random_state(found["random"])
    before, stdin = builtins.input, sys.stdin
    if "stdin" in found:
        sys.stdin = AskedLines(found["stdin"])
    if "input" in found:
        ask = found["input"]
        # A callback takes what it is given; input() can also be called without a prompt.
        builtins.input = lambda *prompt: ask(*prompt)
    try:
        with replaced(found.get("replaced", {}), names), applied(found.get("settings", {})):
            yield
    finally:
        if "input" in found:
            builtins.input = before
        if "stdin" in found:
            sys.stdin = stdin


def random_numbers(encoder: Encoder) -> tuple[Any, bytes]:
    """Return what tells of the random numbers' state, or that nothing can be told."""
    try:
        return encoder.encode(random_state()), bytes(encoder.body)
    except Exception:  # noqa: BLE001 - the functions that tell of it may be the student's
        return None, b""


WORK, TEMPORARY = "work", "tmp"
# Where the files are that both sides have: the scratch folder, or one in it.
_root = ["."]


def work_in(name: str) -> None:
    """Work in a folder below the scratch folder, beside one for temporary files, as the test's side does.

    Where the scratch folder is /tmp, as in namespaces, both sides then have the same paths.
    """
    root = Path(name).resolve()
    _root[:] = [str(root)]
    for inside in (WORK, TEMPORARY):
        (root / inside).mkdir(parents=True, exist_ok=True)
    os.chdir(root / WORK)
    tempfile.tempdir = os.environ["TMPDIR"] = str(root / TEMPORARY)


def _is_ours(name: str) -> bool:
    """Tell whether a folder or file is one of this process's own, and no work of the student's."""
    return name.startswith(".") or name in ("matplotlib", "ipython", "__pycache__")


def list_files() -> list[list[Any]]:
    """Return the files and folders that are there: each one's path, its size, and when it was written last.

    A folder's path ends with a stroke.
    """
    found: list[list[Any]] = []
    for parent, folders, files in os.walk(_root[0]):
        inside = os.path.relpath(parent, _root[0])
        before = "" if inside == "." else f"{inside}/"
        folders[:] = [] if before.count("/") >= MOST_DEPTH else sorted(one for one in folders if not _is_ours(one))
        found += [[f"{before}{name}/", 0, 0] for name in folders]
        for name in sorted(files):
            facts = os.lstat(f"{parent}/{name}")
            if stat.S_ISREG(facts.st_mode) and not _is_ours(name):
                found.append([f"{before}{name}", facts.st_size, facts.st_mtime_ns])
    return found[:MOST_FILES]


def _place(name: str) -> Path:
    return Path(_root[0], name)


def read_files(names: list[str]) -> dict[str, bytes]:
    """Return the content of files."""
    return {name: _place(name).read_bytes() for name in names}


def write_files(files: dict[str, bytes]) -> None:
    """Write files, and make folders."""
    for name, content in files.items():
        place = _place(name)
        (place if name.endswith("/") else place.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            place.write_bytes(content)


def remove_files(names: list[str]) -> None:
    """Remove files, and folders with what is in them."""
    for name in names:
        if name.endswith("/"):
            shutil.rmtree(_place(name), ignore_errors=True)
        else:
            _place(name).unlink(missing_ok=True)
