"""The lockdown of a fresh fork, before it reads a single byte of a submission.

The fork server already stands in namespaces of its own that hold nothing of the course. Each
submission then gets further ones, so that it shares no process, no file and no network with the
server or with another submission. The order matters: namespaces need privileges that the later
steps give up, and the system-call filter forbids everything that the steps before it do.
"""

import ctypes
import os
import resource
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import landlock
from .limits import Limits

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER = 0x00020000, 0x08000000, 0x10000000
CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWUTS = 0x20000000, 0x40000000, 0x04000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_RDONLY = 2, 4, 8, 1
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
PR_CAPBSET_DROP, PR_SET_PDEATHSIG = 24, 1
CAPABILITY_VERSION = 0x20080522
LAST_CAPABILITY = 40
INNER_ID = 1000
SIGKILL = 9
OPEN_FILES = 256
CPU_GRACE_SECONDS = 5

_libc = ctypes.CDLL(None, use_errno=True)


class ConfinementError(Exception):
    """A layer that was asked for could not be put in place."""


# The layers that a fork puts in place by itself; the sandbox around it adds those of its own.
NAMESPACES, LANDLOCK, PRIVILEGES, RLIMITS, SECCOMP = "namespaces", "landlock", "privileges", "rlimits", "seccomp"


@dataclass(frozen=True)
class Confinement:
    """Which layers a fork must put in place.

    layers: their names.
    seccomp: the compiled system-call filter.
    readable, writable: the paths that Landlock leaves, besides the scratch folder.
    scratch: the folder to work in; without namespaces, the folder in which each fork gets its own.
    """

    layers: frozenset[str]
    seccomp: bytes
    readable: list[str]
    writable: list[str]
    scratch: str

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Confinement":
        """Return the confinement that a configuration message describes."""
        seccomp = bytes.fromhex(data["seccomp"])
        return cls(frozenset(data["layers"]), seccomp, data["readable"], data["writable"], str(data["scratch"]))


@dataclass(frozen=True)
class Fork:
    """A fork that is about to be confined.

    scratch: its own folder to work in. address_space: bytes that it has mapped already.
    """

    confinement: Confinement
    limits: Limits
    scratch: str
    address_space: int


def _check(result: int, what: str) -> None:
    if result != 0:
        msg = f"{what}: {os.strerror(ctypes.get_errno())}"
        raise ConfinementError(msg)


def return_to_process_namespace(own: int) -> None:
    """Let the next fork be in a pid namespace; own: a descriptor of it."""
    _check(_libc.setns(own, CLONE_NEWPID), "return to the own process namespace")


def enter_new_process_namespace(own: int) -> None:
    """Let the next fork be the first process of a new pid namespace.

    own: a descriptor of the server's own pid namespace, to come back to from the last one.
    """
    return_to_process_namespace(own)
    _check(_libc.unshare(CLONE_NEWPID), "make a process namespace")


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def _new_namespaces(fork: Fork) -> None:
    user, group = os.getuid(), os.getgid()
    flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
    _check(_libc.unshare(flags), "make namespaces")
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{INNER_ID} {user} 1")
    _write("/proc/self/gid_map", f"{INNER_ID} {group} 1")
    safe = MS_NOSUID | MS_NODEV
    room = f"size={fork.limits.scratch_bytes},nr_inodes=4096,mode=700".encode()
    _check(_libc.mount(b"tmpfs", fork.scratch.encode(), b"tmpfs", safe, room), "mount the scratch folder")
    os.chdir(fork.scratch)
    # The server's /proc shows the server; an empty one shows nothing.
    _check(_libc.mount(b"tmpfs", b"/proc", b"tmpfs", safe | MS_NOEXEC | MS_RDONLY, b"size=4k"), "hide /proc")


def _restrict_paths(fork: Fork) -> None:
    landlock.restrict(fork.confinement.readable, [fork.scratch, *fork.confinement.writable])


def _forbid_privileges(fork: Fork) -> None:
    """Forbid new privileges, and give up those that there are."""
    _check(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "forbid new privileges")
    if NAMESPACES in fork.confinement.layers or os.geteuid() == 0:
        _drop_capabilities()


def _drop_capabilities() -> None:
    for capability in range(LAST_CAPABILITY + 1):
        # An older kernel refuses the newest ones, which it then does not have.
        _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    empty = (ctypes.c_uint32 * 6)()
    _check(_libc.capset(ctypes.byref(header), ctypes.byref(empty)), "drop capabilities")


def _limit_resources(fork: Fork) -> None:
    limits = fork.limits
    cpu = int(limits.total_seconds) + CPU_GRACE_SECONDS
    for kind, value in (
        (resource.RLIMIT_AS, fork.address_space + limits.memory_bytes),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits.scratch_bytes),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, limits.threads),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(kind, (value, value))


def address_space_in_use() -> int:
    """Return the bytes of address space that this process has mapped already."""
    descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        return int(os.read(descriptor, 256).split()[0]) * resource.getpagesize()
    finally:
        os.close(descriptor)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _filter_system_calls(fork: Fork) -> None:
    filter_bytes = fork.confinement.seccomp
    buffer = ctypes.create_string_buffer(filter_bytes, len(filter_bytes))
    program = _Program(len(filter_bytes) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    _check(_libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0), "filter system calls")


def close_all_above(descriptor: int) -> None:
    """Close every descriptor above the given one."""
    os.closerange(descriptor + 1, 65536)


# In the order that they are put in place in: namespaces need privileges that the next step gives up,
# and the filter forbids what all others do.
STEPS: tuple[tuple[str, Callable[[Fork], None]], ...] = (
    (NAMESPACES, _new_namespaces),
    (PRIVILEGES, _forbid_privileges),
    (LANDLOCK, _restrict_paths),
    (RLIMITS, _limit_resources),
    (SECCOMP, _filter_system_calls),
)


def lock_down(confinement: Confinement, limits: Limits, scratch: str) -> None:
    """Put every layer in place. Raises ConfinementError or OSError if one can't be."""
    fork = Fork(confinement, limits, scratch, address_space_in_use())
    _libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
    # Should memory run out all the same, the kernel ends this process and not the server.
    _write("/proc/self/oom_score_adj", "1000")
    os.chdir(scratch)
    for name, put_in_place in STEPS:
        if name in confinement.layers:
            put_in_place(fork)
