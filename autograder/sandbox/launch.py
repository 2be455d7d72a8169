"""What stands between the grader and the sandbox's first program: join control groups, give up root.

bubblewrap run by root would map its user to the real root. So, started as root, this program binds
each needed path under a folder that anybody can traverse (an interpreter below /root, say, would be
out of reach otherwise), in a mount namespace of its own, and becomes an unprivileged user for good.
It is run by path, with the standard library only: launch.py FACTS COMMAND..., where FACTS is JSON:
groups (files to write the own number to), user (a number, or null to stay), stage (a folder), and sources
(pairs of a path and its place there).
"""

import ctypes
import json
import os
import sys
from pathlib import Path

CLONE_NEWNS = 0x00020000
MS_BIND, MS_REC, MS_PRIVATE, MS_NOSUID, MS_NODEV = 4096, 16384, 1 << 18, 2, 4

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        sys.exit(f"{what}: {os.strerror(ctypes.get_errno())}")


def join(groups: list[str]) -> None:
    """Enter control groups, so that this process and all that it starts are held to their limits."""
    for path in groups:
        try:
            Path(path).write_text(str(os.getpid()), encoding="ascii")
        except OSError as error:
            sys.exit(f"join the control group: {error}")


def stage(folder: str, sources: list[tuple[str, str]]) -> None:
    """Bind each source to its place in `folder`, visible to this process and its children only."""
    _check(_libc.unshare(CLONE_NEWNS), "make a mount namespace")
    _check(_libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "make mounts private")
    _check(
        _libc.mount(b"tmpfs", folder.encode(), b"tmpfs", MS_NOSUID | MS_NODEV, b"size=1m,mode=755"),
        f"mount {folder}",
    )
    for source, place in sources:
        target = Path(place)
        target.parent.mkdir(exist_ok=True, parents=True)
        if Path(source).is_dir():
            target.mkdir()
        else:
            target.touch()
        _check(_libc.mount(source.encode(), place.encode(), None, MS_BIND, None), f"bind {source}")


def become(user: int) -> None:
    """Give up root: no group, no other user, no way back."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def main(facts: str, command: list[str]) -> None:
    """Join the groups, stage the sources, become the user, run the command."""
    told = json.loads(facts)
    join(told["groups"])
    if told["sources"]:
        stage(told["stage"], told["sources"])
    if told["user"] is not None:
        become(told["user"])
    os.chdir("/")
    os.execv(command[0], command)  # noqa: S606 - the command is the grader's own


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
