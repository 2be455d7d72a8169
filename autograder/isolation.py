"""Which isolation this machine gives, which is accepted, and what to do about a missing layer."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from autograder.callloop import landlock
from autograder.callloop.confine import LANDLOCK, NAMESPACES, PRIVILEGES, RLIMITS, SECCOMP
from autograder.callloop.limits import Limits
from autograder.errors import GradingError
from autograder.report import Isolation
from autograder.sandbox import cgroup, seccomp
from autograder.sandbox.backend import CGROUP, SEPARATE_USER, Backend, SandboxError, readable_by_others
from autograder.sandbox.provided import LEVELS, SandboxBackend, provided

PROBE_SECONDS = 60
# What each layer keeps student code from, the most important first.
STOPS = {
    NAMESPACES: "seeing files, processes and networks of this machine (bubblewrap, and again for each submission)",
    SECCOMP: "system calls that no notebook needs: programs, connections, signals, the kernel's odd corners",
    LANDLOCK: "opening files other than its packages and its scratch folder, should another layer fail",
    SEPARATE_USER: "reading what only the grader's user may read; counts where there are no namespaces",
    PRIVILEGES: "capabilities, and programs that would give new ones",
    RLIMITS: "using memory, processor time, threads, files without end",
    CGROUP: "holding more memory or processes in all than one submission may",
}
LAYERS = tuple(STOPS)
# Of these, a level needs all, and one of the second kind; the others are taken where they can be had.
NEEDED = {
    "full": ((NAMESPACES, SECCOMP), ()),
    "container": ((SECCOMP,), (LANDLOCK, SEPARATE_USER)),
    "none": ((), ()),
}


class IsolationError(GradingError):
    """The isolation that was asked for can't be had here; the message says what to do."""


@dataclass(frozen=True)
class Layer:
    """One layer: whether it can be had here, why not, and the command that mends it."""

    name: str
    present: bool
    reason: str = ""
    remedy: str = ""

    @property
    def stops(self) -> str:
        """What it keeps student code from."""
        return STOPS[self.name]


def _try_namespaces() -> str:
    """Make the namespaces of a submission inside bubblewrap; return why that fails, or ""."""
    try:
        command = Backend((NAMESPACES,)).probe()
        ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", timeout=PROBE_SECONDS)  # noqa: S603
    except (SandboxError, OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return (ran.stderr.strip().splitlines() or ["it ended without a word"])[-1] if ran.returncode else ""


def _namespaces() -> Layer:
    if shutil.which("bwrap") is None:
        reason = "bubblewrap is not installed"
        return Layer(NAMESPACES, present=False, reason=reason, remedy="sudo apt-get install bubblewrap")
    reason = _try_namespaces()
    if not reason:
        return Layer(NAMESPACES, present=True)
    remedy = "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 kernel.unprivileged_userns_clone=1"
    return Layer(NAMESPACES, present=False, reason=reason, remedy=remedy)


def _seccomp() -> Layer:
    remedy = "sudo apt-get install libseccomp2"
    try:
        compiled = seccomp.compiled_filter(signals_stay_inside=True, files_stay_inside=True)
    except OSError as error:
        return Layer(SECCOMP, present=False, reason=str(error), remedy=remedy)
    if compiled is None:
        return Layer(SECCOMP, present=False, reason="libseccomp is not installed", remedy=remedy)
    return Layer(SECCOMP, present=True)


def _landlock() -> Layer:
    if landlock.version():
        return Layer(LANDLOCK, present=True)
    reason = "this kernel, or the container around, has no Landlock"
    remedy = "boot a kernel with Landlock (5.13 or later; lsm=landlock,...)"
    return Layer(LANDLOCK, present=False, reason=reason, remedy=remedy)


def _separate_user() -> Layer:
    if os.geteuid() != 0:
        reason = "only root can run student code as another user"
        return Layer(SEPARATE_USER, present=False, reason=reason, remedy='sudo "$(command -v autograder)" ...')
    if not readable_by_others():
        reason = "another user could not read this Python's folder, or not reach the temporary one"
        remedy = f"chmod o+rx every folder above {sys.prefix} and {tempfile.gettempdir()}"
        return Layer(SEPARATE_USER, present=False, reason=reason, remedy=remedy)
    return Layer(SEPARATE_USER, present=True)


def _cgroup() -> Layer:
    remedy = 'systemd-run --user --scope "$(command -v autograder)" ...'
    if not cgroup.places():
        reason = "this user may make no control group that bounds memory and processes"
        return Layer(CGROUP, present=False, reason=reason, remedy=remedy)
    reason = cgroup.refusal(Limits())
    return Layer(CGROUP, present=not reason, reason=reason, remedy=remedy if reason else "")


_LOOKS: dict[str, Callable[[], Layer]] = {
    NAMESPACES: _namespaces,
    SECCOMP: _seccomp,
    LANDLOCK: _landlock,
    SEPARATE_USER: _separate_user,
    PRIVILEGES: lambda: Layer(PRIVILEGES, present=True),
    RLIMITS: lambda: Layer(RLIMITS, present=True),
    CGROUP: _cgroup,
}


@cache
def layer(name: str) -> Layer:
    """Look whether one layer can be had here; a second look costs nothing."""
    return _LOOKS[name]()


def layers() -> list[Layer]:
    """Return every layer, present or missing, the most important first."""
    return [layer(name) for name in LAYERS]


def _missing(level: str) -> list[Layer]:
    """Return what a level lacks here: nothing, if it can be had."""
    all_of, one_of = NEEDED[level]
    missing = [layer(name) for name in all_of if not layer(name).present]
    if one_of and not any(layer(name).present for name in one_of):
        missing += [layer(name) for name in one_of]
    return missing


def needed_layers() -> tuple[str, ...]:
    """Return the layers that mean something here; in namespaces root hands over to another user anyway."""
    return tuple(name for name in LAYERS if name != SEPARATE_USER or not layer(NAMESPACES).present)


def _in_use() -> tuple[str, ...]:
    """Return the layers that are put in place: all that can be had and mean something here."""
    return tuple(name for name in needed_layers() if layer(name).present)


def strongest(least: str) -> tuple[Backend, Isolation]:
    """Return the strongest isolation of this machine.

    least: the lowest level that is accepted: full, container or none.
    Raises IsolationError if this machine gives less.
    """
    for level in reversed(LEVELS):
        missing = _missing(level)
        if not missing:
            names = _in_use()
            return Backend(names), Isolation(level, names)
        if level == least:
            raise IsolationError(_refusal(least, missing))
    raise AssertionError


def chosen(name: str | None, least: str) -> tuple[SandboxBackend, Isolation]:
    """Return the backend of this name, or the strongest built-in isolation where none is named.

    Raises IsolationError if it gives less than `least`, ExtensionError if it can't be had.
    """
    if name is None:
        return strongest(least)
    backend = provided(name)
    if LEVELS.index(backend.level) < LEVELS.index(least):
        msg = (
            f"--backend {name} gives the isolation {backend.level!r}, and {least!r} is the least that is accepted; "
            f"accept less with --isolation {backend.level}, if that will do"
        )
        raise IsolationError(msg)
    return backend, Isolation(backend.level, backend.layers)


def _refusal(least: str, missing: list[Layer]) -> str:
    told = "; ".join(f"{one.name}: {one.reason.rstrip('.')}. To mend it: {one.remedy}" for one in missing)
    if least == "full":
        return (
            f"this machine does not isolate student code fully: {told}  (or accept less with --isolation container, "
            f"inside a container that holds nothing else, or --isolation none for your own notebooks; see "
            f"'autograder doctor')"
        )
    return (
        "this machine does not keep student code from the course as --isolation container needs; one of these "
        f"would: {told}  (see 'autograder doctor')"
    )


def version_of(program: str) -> str:
    """Return what a program says of its version, or ""."""
    path = shutil.which(program)
    if path is None:
        return ""
    return subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
