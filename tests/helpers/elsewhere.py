"""Run a command as it would run on another machine: as an ordinary user, or where the kernel refuses things.

A container's runtime refuses by a system-call filter, and so does this program, for good, before it
runs the command. Run by path: elsewhere.py FACTS COMMAND..., where FACTS is JSON: user (a number or
null), readable (folders that the user must be able to reach), refused (names of what the kernel refuses).
"""

import ctypes
import errno
import json
import os
import sys
from pathlib import Path

REFUSALS = {
    "user namespaces": (("unshare", errno.EPERM), ("setns", errno.EPERM), ("clone3", errno.ENOSYS)),
    "landlock": (("landlock_create_ruleset", errno.ENOSYS),),
    "mount": (("mount", errno.EPERM),),
}
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
CLONE_NEWUSER, MASKED_EQUAL = 0x10000000, 7
NO_NEW_PRIVILEGES = 38
MS_BIND, MS_REC, MS_PRIVATE, CLONE_NEWNS = 4096, 16384, 1 << 18, 0x20000
STAGE = Path("/mnt")

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result < 0:
        sys.exit(f"{what}: {os.strerror(ctypes.get_errno())}")


class _Comparison(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


def refuse(names: list[str]) -> None:
    """Have the kernel refuse these things to this process and to all that it starts."""
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(ALLOW)))
    for name in names:
        for call, error in REFUSALS[name]:
            number = library.seccomp_syscall_resolve_name(call.encode())
            _check(library.seccomp_rule_add_array(context, ctypes.c_uint32(REFUSE | error), number, 0, None), call)
    if "user namespaces" in names:
        own_user = (_Comparison * 1)(_Comparison(0, MASKED_EQUAL, CLONE_NEWUSER, CLONE_NEWUSER))
        clone = library.seccomp_syscall_resolve_name(b"clone")
        refused = ctypes.c_uint32(REFUSE | errno.EPERM)
        _check(library.seccomp_rule_add_array(context, refused, clone, 1, own_user), "clone")
    _libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _check(library.seccomp_load(context), "load the filter")


def _bind(source: Path, target: Path) -> None:
    _check(_libc.mount(str(source).encode(), str(target).encode(), None, MS_BIND | MS_REC, None), f"bind {source}")


def make_reachable(folders: list[str]) -> None:
    """Let everybody reach these folders in a mount namespace of this process's own, where root's home hides them."""
    _check(_libc.unshare(CLONE_NEWNS), "make a mount namespace")
    _check(_libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "make mounts private")
    _check(_libc.mount(b"tmpfs", str(STAGE).encode(), b"tmpfs", 0, b"mode=755"), f"mount {STAGE}")
    hidden = [path for path in map(Path, folders) if path.is_relative_to("/root")]
    for number, path in enumerate(hidden):
        (STAGE / str(number)).mkdir()
        _bind(path, STAGE / str(number))
    if hidden:
        _check(_libc.mount(b"tmpfs", b"/root", b"tmpfs", 0, b"mode=755"), "mount /root")
    for number, path in enumerate(hidden):
        path.mkdir(parents=True, exist_ok=True)
        _bind(STAGE / str(number), path)
    _check(_libc.umount2(str(STAGE).encode(), 2), f"unmount {STAGE}")


def main(facts: str, command: list[str]) -> None:
    """Become that user, refuse those things, run the command."""
    told = json.loads(facts)
    if told["user"] is not None or told["readable"]:
        make_reachable(told["readable"])
    if told["user"] is not None:
        os.setgroups([])
        os.setresgid(told["user"], told["user"], told["user"])
        os.setresuid(told["user"], told["user"], told["user"])
    if told["refused"]:
        refuse(told["refused"])
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
