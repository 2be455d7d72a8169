"""The folder that a test runs in: the assignment's files, and what the student's code wrote.

Only a test that looks at files has one. What the student wrote is data here: nothing is imported from it,
and no pickle is opened; the instructor's own files are never replaced by theirs.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.callloop.surroundings import TEMPORARY, WORK
from autograder.judge.asking import asked_aside
from autograder.judge.errors import CannotCrossError
from autograder.judge.folder import LOCK
from autograder.judge.opened_files import OPENING, OpenedFiles
from autograder.judge.session import Session

# What could run by being loaded.
PROGRAMS = (".pyc", ".so", ".pth", ".pyd", ".dll", ".zip", ".egg", ".whl")
STARTING = frozenset(("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn", "pty.spawn"))
CONNECTING = frozenset({"socket.getaddrinfo", "socket.connect", "socket.gethostbyname"})
MOST_FILES = 200
MOST_PARTS = 6
MOST_PATH_CHARACTERS = 255
MOST_BYTES = 64 * 1024 * 1024
# What a pickle of arrays, tables and plain values names; anything else could run as it is read.
UNPICKLED = frozenset((
    *((module, name) for module in ("numpy.core.multiarray", "numpy._core.multiarray")
      for name in ("_reconstruct", "scalar")),
    *((module, "_frombuffer") for module in ("numpy.core.numeric", "numpy._core.numeric")),
    *(("numpy", name) for name in ("ndarray", "dtype")),
    ("pandas.core.frame", "DataFrame"), ("pandas.core.series", "Series"), ("pandas._libs.internals", "_unpickle_block"),
    *(("pandas.core.internals.managers", name) for name in ("BlockManager", "SingleBlockManager")),
    *(("pandas.core.indexes.base", name) for name in ("_new_Index", "Index")),
    ("pandas.core.indexes.range", "RangeIndex"), ("decimal", "Decimal"), ("fractions", "Fraction"),
    *(("collections", name) for name in ("OrderedDict", "Counter", "defaultdict", "deque")),
    *(("datetime", name) for name in ("date", "time", "datetime", "timedelta")),
    *(("builtins", name) for name in ("slice", "complex", "set", "frozenset", "range", "bytearray")),
))  # fmt: skip


class Workspace:
    """The folder, kept the same as the student's scratch folder around each call.

    base: holds it and a folder for temporary files, and is on the student's side by the same name.
    """

    def __init__(self, session: Session, files: Mapping[str, bytes], base: Path) -> None:
        self.session = session
        self.base = base
        self.folder, self.temporary = base / WORK, base / TEMPORARY
        self.own = {f"{WORK}/{name}": content for name, content in files.items()}
        self._there: dict[str, tuple[Any, Any]] = {}
        for folder in (self.folder, self.temporary):
            folder.mkdir()
        write_files(self.base, self.own)
        self._here = self._now()

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Run a test in this block in the folder."""
        before = Path.cwd(), tempfile.tempdir
        os.chdir(self.folder)
        tempfile.tempdir = str(self.temporary)
        try:
            self.pull()
            yield
            self.push()
        finally:
            os.chdir(before[0])
            tempfile.tempdir = before[1]

    def _now(self) -> dict[str, tuple[int, int]]:
        found = {}
        for path in sorted(self.base.rglob("*")):
            name = path.relative_to(self.base).as_posix()
            if path.is_symlink() or name == LOCK:
                continue
            if path.is_dir():
                found[f"{name}/"] = (0, 0)
            elif path.is_file():
                facts = path.stat()
                found[name] = (facts.st_size, facts.st_mtime_ns)
        return found

    def push(self) -> None:
        """Give the student's side the files that the test has written since, and take those that it has removed."""
        now = self._now()
        changed = [name for name, facts in now.items() if self._here.get(name) != facts][:MOST_FILES]
        gone = [name for name in self._here if name not in now]
        self._here = now
        if gone:
            asked_aside(self.session, "remove_files", gone)
            self._there = {name: facts for name, facts in self._there.items() if name not in gone}
        if changed:
            asked_aside(self.session, "write_files", {name: self._content(name) for name in changed})
            self._note()

    def _content(self, name: str) -> bytes:
        return b"" if name.endswith("/") else (self.base / name).read_bytes()

    def pull(self) -> None:
        """Take what the student's side has written since; a file of the instructor's stays as it is."""
        before = set(self._there)
        changed = self._note()
        for name in sorted(before - set(self._there), reverse=True):
            remove_file(self.base, name)
        files = [name for name in changed if not name.endswith("/")]
        if files:
            found = asked_aside(self.session, "read_files", files)
            told = found if isinstance(found, dict) else {}
            write_files(self.base, {name: told[name] for name in files if name in told})
        write_files(self.base, {name: b"" for name in changed if name not in files})
        if changed or before - set(self._there):
            self._here = self._now()

    def _note(self) -> list[str]:
        """Look at what files the student's side has; return those that have changed and may be taken."""
        told = asked_aside(self.session, "list_files")
        if not isinstance(told, list):
            return []
        room, changed, there = MOST_BYTES, [], {}
        for entry in told[:MOST_FILES]:
            name, size, written = entry if isinstance(entry, list) and len(entry) == 3 else ("", 0, 0)  # noqa: PLR2004
            is_other = name not in self.own and is_plain_path(name) and not name.endswith(PROGRAMS)
            if not is_other or type(size) is not int or not 0 <= size <= room:
                continue
            there[name] = size, written
            if self._there.get(name) != (size, written):
                changed.append(name)
                room -= size
        self._there = there
        return changed


def is_plain_path(name: Any) -> bool:
    """Tell whether a text is the path of a file or folder below a folder, as this side may write it."""
    if not isinstance(name, str) or not 0 < len(name) <= MOST_PATH_CHARACTERS or not name.isprintable():
        return False
    parts = PurePosixPath(name).parts
    # Spelled in one way only: "./x" would be another name for the instructor's "x".
    return (
        name.removesuffix("/") == "/".join(parts)
        and len(parts) <= MOST_PARTS
        and not name.startswith("/")
        and ".." not in parts
        and "\\" not in name
    )


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files and folders below a folder; what is no path or no content of one is left out."""
    for name, content in files.items():
        if is_plain_path(name) and isinstance(content, bytes):
            with contextlib.suppress(OSError):
                path = folder / name
                (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
                if not name.endswith("/"):
                    path.write_bytes(content)


def remove_file(folder: Path, name: str) -> None:
    """Remove a file below a folder, or a folder in which nothing is."""
    with contextlib.suppress(OSError):
        (folder / name).rmdir() if name.endswith("/") else (folder / name).unlink()


class _Hosts:
    """The hosts that a test may ask for: those that its author names. A student's file name can be an address."""

    def __init__(self, own_text: str) -> None:
        self.own_text = own_text
        self.asked = False

    def look(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Refuse to look up a host, or to connect to one, that no text of the instructor's names."""
        host = arguments[0] if event != "socket.connect" else arguments[1]
        host = host[0] if isinstance(host, tuple) and host else host
        host = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
        is_named = bool(host) and host in self.own_text
        self.asked = self.asked or is_named
        if not is_named and (event != "socket.connect" or not self.asked):
            msg = "opening a connection to where no text of the instructor's says, and the student's may"
            raise CannotCrossError(msg)


def keep_from_running(folders: set[str], own_text: str) -> None:
    """Let nothing that a student wrote run in this process, or be started from it, whatever a test does with it.

    folders: those with files of a student's; they may be added later. own_text: of the instructor's cells.
    Pickles give arrays, tables and plain values, and nothing else, whoever wrote them.
    """
    hosts, files = _Hosts(own_text), OpenedFiles(folders, own_text)

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        if event in CONNECTING:
            hosts.look(event, arguments)
        elif event in OPENING and folders:
            files.look(event, arguments)
        elif event == "pickle.find_class":
            _refuse_class(str(arguments[0]), str(arguments[1]))
        elif event in STARTING and folders:
            msg = f"starting a program ({event}), which could be the student's and would run outside the sandbox"
            raise CannotCrossError(msg)
        elif event in ("exec", "ctypes.dlopen") and folders:
            name = getattr(arguments[0], "co_filename", arguments[0])
            place = os.path.realpath(name) if isinstance(name, str) and not name.startswith("<") else ""
            if any(place.startswith(f"{folder}/") for folder in folders):
                msg = "running a file that the student's code wrote"
                raise CannotCrossError(msg)

    sys.addaudithook(look)


def _refuse_class(module: str, name: str) -> None:
    if (module, name) not in UNPICKLED:
        msg = f"reading a pickle, which may be the student's and would run as it is read ({module}.{name})"
        raise CannotCrossError(msg)
