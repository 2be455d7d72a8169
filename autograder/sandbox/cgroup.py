"""Control groups: the kernel's bound on a whole sandbox's memory and processes, however it divides them.

Resource limits bound one process's address space; a control group bounds what all of a sandbox holds
together, files in memory included. Root may make groups everywhere, an ordinary user only where a
part of the tree was handed over (systemd does so for `systemd-run --user --scope`).
The files are those of the kernel's documentation, cgroup-v1/memory and cgroup-v2.
"""

import contextlib
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.callloop.limits import MEGABYTE, Limits

CONTROLLERS = ("memory", "pids")
# The fork server with all that it has loaded, and what the kernel keeps for it.
SERVER_BYTES = 768 * MEGABYTE
SERVER_PROCESSES = 16
PREFIX = "autograder-"
REMOVE_SECONDS = 2.0
LAUNCH = Path(__file__).with_name("launch.py")

_numbers = itertools.count()


@dataclass(frozen=True)
class Place:
    """A folder in which groups can be made.

    version: 1 or 2. controllers: which limits groups there take.
    """

    folder: Path
    version: int
    controllers: tuple[str, ...]


@dataclass(frozen=True)
class Mount:
    """A hierarchy of control groups: where it is mounted, and which of its groups is at its top there."""

    point: Path
    root: str
    version: int
    options: tuple[str, ...]


def _mounts() -> Iterator[Mount]:
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split(" ", 2)
        if kind in ("cgroup", "cgroup2"):
            root, point = before.split(" ")[3:5]
            yield Mount(Path(point), root, 2 if kind == "cgroup2" else 1, tuple(options.rpartition(" ")[2].split(",")))


def _own_groups() -> dict[str, str]:
    """Return this process's group by controller; that of version 2 under the empty name."""
    groups = {}
    for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        groups.update(dict.fromkeys(controllers.split(","), path))
    return groups


def _folder(mount: Mount, group: str) -> Path:
    """Return the folder of a group; of the top where the group lies outside of what is mounted."""
    below = os.path.relpath(group, mount.root)
    folder = mount.point if below.startswith("..") else mount.point / below
    return folder if folder.is_dir() else mount.point


def _usable(folder: Path, version: int) -> bool:
    """Tell whether groups can be made here and processes be moved into them."""
    if not os.access(folder, os.W_OK) or (version == 2 and not os.access(folder / "cgroup.procs", os.W_OK)):  # noqa: PLR2004
        return False
    trial = folder / f"{PREFIX}{os.getpid()}-{next(_numbers)}"
    try:
        trial.mkdir()
        trial.rmdir()
    except OSError:
        return False
    return True


def _second_version(mount: Mount, group: str) -> Place | None:
    """Return the nearest group above the own one whose children are held to limits."""
    start = _folder(mount, group)
    for folder in (start, *start.parents):
        if not folder.is_relative_to(mount.point):
            break
        try:
            given = (folder / "cgroup.subtree_control").read_text(encoding="ascii").split()
        except OSError:
            continue
        if set(CONTROLLERS) <= set(given) and _usable(folder, 2):
            return Place(folder, 2, CONTROLLERS)
    return None


@cache
def places() -> tuple[Place, ...]:
    """Return where groups can be made that bound memory and processes; nothing if not both can be."""
    try:
        mounts, groups = list(_mounts()), _own_groups()
    except (OSError, ValueError):
        return ()
    for mount in mounts:
        found = _second_version(mount, groups.get("", "/")) if mount.version == 2 else None  # noqa: PLR2004
        if found:
            return (found,)
    firsts = []
    for controller in CONTROLLERS:
        mount_of_it = next((one for one in mounts if one.version == 1 and controller in one.options), None)
        folder = _folder(mount_of_it, groups.get(controller, "/")) if mount_of_it else None
        if folder is None or not _usable(folder, 1):
            return ()
        firsts.append(Place(folder, 1, (controller,)))
    return tuple(firsts)


def _bounds(version: int, limits: Limits) -> dict[str, dict[str, int]]:
    memory = SERVER_BYTES + limits.memory_bytes + limits.scratch_bytes
    processes = {"pids.max": SERVER_PROCESSES + limits.threads}
    if version == 1:
        return {"memory": {"memory.limit_in_bytes": memory, "memory.memsw.limit_in_bytes": memory}, "pids": processes}
    return {"memory": {"memory.max": memory, "memory.swap.max": 0}, "pids": processes}


class Group:
    """One sandbox's control group, in every hierarchy that it takes. Raises OSError if it can't be made."""

    def __init__(self, limits: Limits) -> None:
        name = f"{PREFIX}{os.getpid()}-{next(_numbers)}"
        self.folders: list[Path] = []
        try:
            for place in places():
                folder = place.folder / name
                folder.mkdir()
                self.folders.append(folder)
                for controller in place.controllers:
                    for file, value in _bounds(place.version, limits)[controller].items():
                        if (folder / file).exists():  # a kernel may not count swap
                            (folder / file).write_text(str(value), encoding="ascii")
        except OSError:
            self.remove()
            raise

    @property
    def entries(self) -> list[str]:
        """The files that a process writes its number to, to enter the group."""
        return [str(folder / "cgroup.procs") for folder in self.folders]

    def remove(self) -> None:
        """Remove the group, once its last process is gone."""
        deadline = time.monotonic() + REMOVE_SECONDS
        while self.folders and time.monotonic() < deadline:
            self.folders = [folder for folder in self.folders if not _removed(folder)]
            if self.folders:
                time.sleep(0.01)


def _removed(folder: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        try:
            folder.rmdir()
        except FileNotFoundError:
            raise
        except OSError:
            return False
    return True


def sweep() -> None:
    """Remove the groups of graders that were killed before they could."""
    for place in places():
        for folder in place.folder.glob(f"{PREFIX}*"):
            owner = folder.name.removeprefix(PREFIX).partition("-")[0]
            if owner.isdigit() and not Path(f"/proc/{owner}").exists():
                _removed(folder)


def refusal(limits: Limits) -> str:
    """Let a small program enter a group; return why that fails, or ""."""
    try:
        group = Group(limits)
    except OSError as error:
        return str(error)
    facts = json.dumps({"groups": group.entries, "user": None, "stage": "", "sources": []})
    command = [sys.executable, "-I", "-S", str(LAUNCH), facts, sys.executable, "-I", "-S", "-c", ""]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")  # noqa: S603 - our own
    finally:
        group.remove()
    return ran.stderr.strip() if ran.returncode else ""
