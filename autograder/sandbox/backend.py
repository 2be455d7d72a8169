"""How student code is kept apart here: the layers in use, and the command that starts a sandbox with them."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.callloop import landlock
from autograder.callloop.confine import LANDLOCK, NAMESPACES, PRIVILEGES, RLIMITS, SECCOMP
from autograder.errors import GradingError
from autograder.sandbox import packages, seccomp
from autograder.sandbox.cgroup import LAUNCH
from autograder.sandbox.policy import (
    DEVICES,
    LOOP_PATH,
    PACKAGES_PATH,
    PYTHON_PATH,
    SCRATCH_PATH,
    WRITABLE_DEVICES,
    Binding,
    View,
    bubblewrap_command,
    probing_command,
    python_command,
)

CGROUP, SEPARATE_USER = "cgroup", "separate user"
# Not a user of any distribution, and not 65534, which stands for "no such user".
SANDBOX_USER = 62_321
STAGE_FOLDERS = ("/mnt", "/media", "/srv", "/opt")
OTHERS_MAY_READ, OTHERS_MAY_PASS = 0o005, 0o001


class SandboxError(GradingError):
    """The sandbox could not be started, or stopped answering; the message says why."""


@dataclass(frozen=True)
class Start:
    """What starts one sandbox.

    command, environment: of its first program. confinement: what each fork must do, but for its layers.
    path: where the fork server finds what students import.
    """

    command: list[str]
    environment: dict[str, str]
    confinement: dict[str, Any]
    path: list[str]


@dataclass(frozen=True)
class Backend:
    """The layers that keep student code apart.

    layers: their names. Without `namespaces` the outer container is the boundary, or there is none.
    """

    layers: tuple[str, ...]
    bubblewrap: str = "bwrap"

    @property
    def is_a_boundary(self) -> bool:
        """True if something here keeps student code from what the grader can read and change."""
        return SECCOMP in self.layers and any(name in self.layers for name in (NAMESPACES, LANDLOCK, SEPARATE_USER))

    def start(self, folder: Path, control: int, groups: list[str]) -> Start:
        """Return how to start a sandbox.

        folder: an empty one of its own. control: its control socket. groups: control groups to enter.
        Raises SandboxError if a layer can't be had.
        """
        start = self._contained if NAMESPACES in self.layers else self._beside
        command, environment, facts, confinement, path = start(folder, control)
        command = _launched(command, {**facts, "groups": groups})
        apart = NAMESPACES in self.layers
        scoped = apart or (LANDLOCK in self.layers and landlock.scopes_signals())
        wanted = SECCOMP in self.layers
        compiled = seccomp.compiled_filter(signals_stay_inside=scoped, files_stay_inside=apart) if wanted else b""
        if compiled is None:
            msg = "libseccomp is not installed; type: sudo apt-get install libseccomp2"
            raise SandboxError(msg)
        inner = [layer for layer in (NAMESPACES, PRIVILEGES, LANDLOCK, RLIMITS, SECCOMP) if layer in self.layers]
        return Start(command, environment, {**confinement, "layers": inner, "seccomp": compiled.hex()}, path)

    def probe(self) -> list[str]:
        """Return a command that makes a submission's namespaces and ends, with 0 if that went well.

        It sees no packages: to bind all of them takes as long as everything else that it does.
        """
        command, facts, _ = self._in_bubblewrap(lambda view: probing_command(view.python), without=PACKAGES_PATH)
        return _launched(command, facts)

    def _contained(self, folder: Path, control: int) -> tuple[list[str], dict[str, str], Any, Any, list[str]]:
        command, facts, view = self._in_bubblewrap(lambda view: python_command(view.python, LOOP_PATH, control))
        inside = dict.fromkeys(_below(binding.inside) for binding in view.bindings)
        confinement = {"scratch": SCRATCH_PATH, "readable": [*inside, *DEVICES], "writable": list(WRITABLE_DEVICES)}
        return command, {}, facts, confinement, [PACKAGES_PATH]

    def _in_bubblewrap(
        self, program: Callable[[View], list[str]], without: str = ""
    ) -> tuple[list[str], dict[str, Any], View]:
        """Return a program's command in bubblewrap, what must be done before it, and what it sees.

        without: a folder of the sandbox that is left empty.
        """
        bubblewrap = shutil.which(self.bubblewrap)
        if bubblewrap is None:
            msg = "bubblewrap is not installed; type: sudo apt-get install bubblewrap"
            raise SandboxError(msg)
        view = packages.view()
        if without:
            seen = tuple(binding for binding in view.bindings if not binding.inside.startswith(f"{without}/"))
            view = View(view.python, view.library_path, seen)
        facts: dict[str, Any] = {"user": None, "stage": "", "sources": []}
        if os.geteuid() == 0:
            stage = _stage_folder(view)
            view, sources = _staged(view, stage)
            facts = {"user": SANDBOX_USER, "stage": stage, "sources": sources}
        return bubblewrap_command(bubblewrap, view, program(view)), facts, view

    def _beside(self, folder: Path, control: int) -> tuple[list[str], dict[str, str], Any, Any, list[str]]:
        view = packages.view()
        loop, libraries, scratch = _linked(folder)
        environment = {name: value.replace(SCRATCH_PATH, str(scratch)) for name, value in view.environment().items()}
        readable = [*(binding.source for binding in view.bindings), *DEVICES, str(loop), str(libraries)]
        confinement = {"scratch": str(scratch), "readable": readable, "writable": list(WRITABLE_DEVICES)}
        user = SANDBOX_USER if SEPARATE_USER in self.layers else None
        if user is not None:
            folder.chmod(0o755)
            os.chown(scratch, user, user)
        facts: dict[str, Any] = {"user": user, "stage": "", "sources": []}
        return python_command(sys.executable, str(loop), control), environment, facts, confinement, [str(libraries)]


def _launched(command: list[str], facts: dict[str, Any]) -> list[str]:
    """Return a command with what must be done before it, if anything must."""
    if facts.get("groups") or facts["user"] is not None:
        return [sys.executable, "-I", "-S", str(LAUNCH), json.dumps({"groups": [], **facts}), *command]
    return command


def _below(path: str) -> str:
    """Return the folder that holds a path and nothing but what is bound, as few as possible."""
    for folder in (PACKAGES_PATH, LOOP_PATH, PYTHON_PATH):
        if path.startswith(f"{folder}/"):
            return folder
    return path


def _staged(view: View, folder: str) -> tuple[View, list[tuple[str, str]]]:
    """Return the view with its sources under the stage, and each source with its place there.

    The packages are laid out there as the sandbox sees them and bound as one: for every binding of its own,
    bubblewrap reads the whole list of mounts.
    """
    places, moved = [], []
    for number, binding in enumerate(view.bindings):
        if binding.inside.startswith(f"{PACKAGES_PATH}/"):
            places.append((binding.source, f"{folder}{binding.inside}"))
        else:
            places.append((binding.source, f"{folder}/{number}"))
            moved.append(Binding(f"{folder}/{number}", binding.inside))
    if len(moved) < len(places):
        moved.append(Binding(f"{folder}{PACKAGES_PATH}", PACKAGES_PATH))
    return View(view.python, view.library_path, tuple(moved)), places


def _stage_folder(view: View) -> str:
    for folder in STAGE_FOLDERS:
        if Path(folder).is_dir() and not any(binding.source.startswith(f"{folder}/") for binding in view.bindings):
            return folder
    msg = f"one of {', '.join(STAGE_FOLDERS)} must exist, and hold nothing that the grader runs from"
    raise SandboxError(msg)


def readable_by_others() -> bool:
    """Tell whether an unprivileged user can reach the interpreter, the packages and the temporary folder."""
    paths = [Path(binding.source) for binding in packages.view().bindings]
    folders = {folder for path in paths for folder in path.resolve().parents}
    temporary = Path(tempfile.gettempdir()).resolve()
    passable = all(folder.stat().st_mode & OTHERS_MAY_PASS for folder in (temporary, *temporary.parents))
    return passable and all(folder.stat().st_mode & OTHERS_MAY_READ == OTHERS_MAY_READ for folder in folders)


def _linked(folder: Path) -> tuple[Path, Path, Path]:
    """Lay out links to the call loop and the students' packages, and a scratch folder."""
    loop, libraries, scratch = folder / "loop", folder / "packages", folder / "scratch"
    for path in (loop, libraries / "autograder", scratch):
        path.mkdir(parents=True)
    (loop / "callloop").symlink_to(packages.call_loop())
    for path in packages.package_paths():
        (libraries / path.name).symlink_to(path)
    for path in packages.light_parts():
        (libraries / "autograder" / path.name).symlink_to(path)
    return loop, libraries, scratch
