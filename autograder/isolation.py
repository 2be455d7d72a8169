"""Which isolation this machine gives, which is accepted, and what to do about a missing layer."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache

from autograder.callloop import landlock
from autograder.callloop.limits import Limits
from autograder.report import Isolation
from autograder.sandbox import seccomp
from autograder.sandbox.fork_server import Backend, ForkServer, SandboxError, readable_by_others

LEVELS = ("none", "container", "full")


class IsolationError(Exception):
    """The isolation that was asked for can't be had here; the message says what to do."""


@dataclass(frozen=True)
class Layer:
    """One layer: whether it holds here, why not, and the command that mends it."""

    name: str
    present: bool
    reason: str = ""
    remedy: str = ""


def _try_sandbox(backend: Backend) -> str:
    """Start a sandbox and one confined process in it; return why that fails, or ""."""
    server = ForkServer(backend, Limits(), ())
    try:
        server.begin()
        server.wait_until_ready()
        server.start(0).close()
        server.end()
    except SandboxError as error:
        return str(error)
    finally:
        server.close()
    return ""


@cache
def namespaces_layer() -> Layer:
    """Look whether bubblewrap runs here, with namespaces for each submission."""
    if shutil.which("bwrap") is None:
        return Layer(
            "namespaces", present=False, reason="bubblewrap is not installed", remedy="sudo apt-get install bubblewrap"
        )
    reason = _try_sandbox(Backend(namespaces=True))
    if not reason:
        return Layer("namespaces", present=True)
    remedy = "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 kernel.unprivileged_userns_clone=1"
    return Layer("namespaces", present=False, reason=reason, remedy=remedy)


@cache
def seccomp_layer() -> Layer:
    """Look whether system calls can be filtered."""
    try:
        compiled = seccomp.compiled_filter()
    except OSError as error:
        return Layer("seccomp", present=False, reason=str(error), remedy="sudo apt-get install libseccomp2")
    if compiled is None:
        remedy = "sudo apt-get install libseccomp2"
        return Layer("seccomp", present=False, reason="libseccomp is not installed", remedy=remedy)
    return Layer("seccomp", present=True)


@cache
def landlock_layer() -> Layer:
    """Look whether the kernel can refuse paths to a process; counts without namespaces."""
    if landlock.version():
        return Layer("landlock", present=True)
    remedy = "boot a kernel with Landlock (5.13 or later; lsm=landlock,...)"
    return Layer(
        "landlock", present=False, reason="this kernel, or the container around, has no Landlock", remedy=remedy
    )


@cache
def separate_user_layer() -> Layer:
    """Look whether student code can run as a user who can't read the course; counts without namespaces."""
    if os.geteuid() != 0:
        reason = "only root can run student code as another user"
        return Layer("separate user", present=False, reason=reason, remedy='sudo "$(command -v autograder)" ...')
    if not readable_by_others():
        reason = "another user could not read this Python's folder"
        return Layer(
            "separate user", present=False, reason=reason, remedy=f"chmod o+rx every folder above {sys.prefix}"
        )
    return Layer("separate user", present=True)


def layers() -> list[Layer]:
    """Return every layer, present or missing, the most important first."""
    return [
        namespaces_layer(),
        seccomp_layer(),
        Layer("rlimits", present=True),
        landlock_layer(),
        separate_user_layer(),
    ]


def _names(*found: Layer) -> tuple[str, ...]:
    return (*(layer.name for layer in found if layer.present), "rlimits")


def strongest(least: str) -> tuple[Backend, Isolation]:
    """Return the strongest isolation of this machine.

    least: the lowest level that is accepted: full, container or none.
    Raises IsolationError if this machine gives less.
    """
    if namespaces_layer().present and seccomp_layer().present:
        return Backend(namespaces=True), Isolation("full", _names(namespaces_layer(), seccomp_layer()))
    missing = next(layer for layer in (namespaces_layer(), seccomp_layer()) if not layer.present)
    if least == "full":
        msg = (
            f"this machine does not isolate student code fully: {missing.name}: {missing.reason}. "
            f"To mend it: {missing.remedy}  (or accept less with --isolation container, inside a container "
            f"that holds nothing else, or --isolation none for your own notebooks; see 'autograder doctor')"
        )
        raise IsolationError(msg)
    apart = [layer for layer in (landlock_layer(), separate_user_layer()) if layer.present]
    if apart and seccomp_layer().present:
        backend = Backend(namespaces=False, landlock=landlock_layer().present)
        return backend, Isolation("container", _names(seccomp_layer(), *apart))
    if least == "container":
        msg = (
            "this machine does not keep student code from the course as --isolation container needs: there is "
            "neither Landlock nor a user of its own, or no libseccomp2; see 'autograder doctor'"
        )
        raise IsolationError(msg)
    return Backend(namespaces=False, landlock=landlock_layer().present), Isolation(
        "none", _names(seccomp_layer(), *apart)
    )


def version_of(program: str) -> str:
    """Return what a program says of its version, or ""."""
    path = shutil.which(program)
    if path is None:
        return ""
    return subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
