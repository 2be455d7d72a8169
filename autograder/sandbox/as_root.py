"""Started as root: hand the sandbox's read-only paths over to an unprivileged user, and become that user.

bubblewrap run by root would map its user to the real root. So this program, in a mount namespace of
its own, binds each needed path under a folder that anybody can traverse (an interpreter below
/root, say, would be out of reach otherwise), gives up root for good, and runs the command.
It is run by path, with the standard library only: as_root.py USER_ID STAGE COUNT SOURCE... -- COMMAND...
"""

import ctypes
import os
import sys
from pathlib import Path

CLONE_NEWNS = 0x00020000
MS_BIND, MS_REC, MS_PRIVATE, MS_NOSUID, MS_NODEV = 4096, 16384, 1 << 18, 2, 4

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        sys.exit(f"{what}: {os.strerror(ctypes.get_errno())}")


def stage(folder: str, sources: list[str]) -> None:
    """Bind each source to `folder`/<its number>, visible to this process and its children only."""
    _check(_libc.unshare(CLONE_NEWNS), "make a mount namespace")
    _check(_libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "make mounts private")
    _check(
        _libc.mount(b"tmpfs", folder.encode(), b"tmpfs", MS_NOSUID | MS_NODEV, b"size=1m,mode=755"),
        f"mount {folder}",
    )
    for number, source in enumerate(sources):
        target = Path(folder) / str(number)
        if Path(source).is_dir():
            target.mkdir()
        else:
            target.touch()
        _check(_libc.mount(source.encode(), str(target).encode(), None, MS_BIND, None), f"bind {source}")


def become(user: int) -> None:
    """Give up root: no group, no other user, no way back."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def main(arguments: list[str]) -> None:
    """Stage the sources, become the user, run the command."""
    user, folder, count = int(arguments[0]), arguments[1], int(arguments[2])
    if count:
        stage(folder, arguments[3 : 3 + count])
    become(user)
    command = arguments[4 + count :]
    os.chdir("/")
    os.execv(command[0], command)  # noqa: S606 - the command is the grader's own


if __name__ == "__main__":
    main(sys.argv[1:])
