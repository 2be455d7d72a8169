"""Which files a test may open: those of its folder, of Python and its packages, and those that its author names.

A test that opens what a student's text names would read, with the grader's rights, whatever stands there.
"""

import os
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.judge.errors import CannotCrossError

if TYPE_CHECKING:
    import types

# What takes a path first; each also tells of a second path where it takes two.
OPENING = frozenset({
    "open", "sqlite3.connect", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink",
    "os.truncate", "os.chmod", "os.chown", "os.utime", "os.listdir", "os.scandir", "shutil.rmtree",
})  # fmt: skip
READING = frozenset({"os.listdir", "os.scandir"})
WRITING_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_ENGINE = str(Path(__file__).resolve().parent.parent)
# Where libraries look how many processors and how much memory there is.
OF_THE_MACHINE = ("/sys/fs/cgroup", "/sys/devices/system/cpu", "/proc/cpuinfo", "/proc/meminfo")
OF_THE_SYSTEM = ("/usr", "/lib", "/lib64", "/dev/null", "/dev/urandom", "/etc/mime.types", "/etc/localtime", _ENGINE)


class OpenedFiles:
    """What one notebook's tests may open.

    folders: those with files of the student's; they may be added later. own_text: of the instructor's cells.
    """

    def __init__(self, folders: Collection[str], own_text: str) -> None:
        self.folders = folders
        self.own_text = own_text
        searched = (one for one in sys.path if Path(one).name.endswith(("-packages", "dynload", ".zip")))
        python = (sys.prefix, sys.base_prefix, str(Path(os.__file__).parent))
        self.readable = tuple({os.path.realpath(one) for one in (*OF_THE_SYSTEM, *OF_THE_MACHINE, *python, *searched)})
        self.scratch = os.path.realpath(tempfile.gettempdir())

    def look(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Refuse to open, change or list what is none of the test's. Raises CannotCrossError."""
        if self._is_a_modules():
            return
        writing = event not in READING
        if event == "open":
            mode, flags = (*arguments[1:3], None, None)[:2]
            writing = any(letter in mode for letter in "wax+") if isinstance(mode, str) else False
            writing = writing or bool(isinstance(flags, int) and flags & WRITING_FLAGS)
        for path in arguments[:2] if event in ("os.rename", "os.link", "os.symlink") else arguments[:1]:
            if not self._may(path, writing=writing):
                msg = "opening a file that no text of the instructor's names (name it, or its folder, in the test)"
                raise CannotCrossError(msg)

    def _is_a_modules(self) -> bool:
        """Tell whether a module of the instructor's, or Python as it imports one, opens a file, and no cell itself."""
        frame: types.FrameType | None = sys._getframe(3)  # noqa: SLF001 - there is no other way to ask
        while frame is not None:
            name = frame.f_code.co_filename
            if name.startswith("<frozen importlib") or name.endswith(("/tokenize.py", "/linecache.py")):
                return True
            if name.startswith("<") or not any(_is_below(name, folder) for folder in self.readable):
                return not name.startswith("<")
            frame = frame.f_back
        return False

    def _may(self, path: Any, *, writing: bool) -> bool:
        if isinstance(path, int) or path is None:
            return True
        written = os.fsdecode(path) if isinstance(path, (str, bytes, os.PathLike)) else ""
        place = os.path.realpath(written)
        if written in (":memory:", os.devnull) or any(
            _is_below(place, folder) for folder in (*self.folders, self.scratch)
        ):
            return True
        if any(_is_below(place, folder) for folder in self.readable):
            # Programs are imported; whoever opens one to read it may be after a reference that is installed.
            return not writing and not place.endswith((".py", ".pyc"))
        if not writing and _is_metadata(place):
            return True
        # An author names a file, or the folder that it is in.
        return any(name in self.own_text for name in (written, str(Path(written).parent)) if len(name) > 1)


def _is_below(place: str, folder: str) -> bool:
    return place == folder or place.startswith(f"{folder.rstrip('/')}/")


def _is_metadata(place: str) -> bool:
    """Tell whether a file says what an installed package is, which libraries look up; one may be installed in place."""
    parent, name = os.path.split(Path(place).parent)
    searched = {os.path.realpath(one) for one in sys.path if one}
    return place in searched or (name.endswith((".egg-info", ".dist-info")) and parent in searched)
