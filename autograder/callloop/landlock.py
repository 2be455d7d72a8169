"""Landlock: the kernel's own rule of which files a process may reach, whatever it can see.

Inside namespaces it is a second wall; where there are none it is the one that keeps the course from
student code. Newer kernels also let it refuse connections, and signals to processes outside.
The structures and numbers are those of the kernel's documentation, userspace-api/landlock.
"""

import ctypes
import os
import stat
import struct

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULE_PATH_BENEATH, VERSION_FLAG = 1, 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
FIRST_VERSION_RIGHTS = (1 << 13) - 1
# What later versions of the kernel's interface added: to move files, to truncate, to call devices.
ADDED_RIGHTS = {2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
TRUNCATE = 1 << 14
RIGHTS_ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
READ = READ_FILE | READ_DIR  # to run a program is nobody's right
NETWORK_VERSION, BIND_AND_CONNECT = 4, 3
SCOPE_VERSION, ABSTRACT_SOCKETS_AND_SIGNALS = 6, 3

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def version() -> int:
    """Return the version of Landlock's interface that this kernel has; 0 if it has none."""
    return max(0, int(_libc.syscall(CREATE_RULESET, None, 0, VERSION_FLAG)))


def scopes_signals() -> bool:
    """Tell whether Landlock keeps signals from leaving, on this kernel."""
    return version() >= SCOPE_VERSION


def _all_rights(supported: int) -> int:
    return FIRST_VERSION_RIGHTS | sum(right for since, right in ADDED_RIGHTS.items() if supported >= since)


def _handled(supported: int) -> bytes:
    """Return what the rule set decides about: files, connections, what reaches other processes."""
    handled = struct.pack("=Q", _all_rights(supported))
    if supported >= NETWORK_VERSION:
        handled += struct.pack("=Q", BIND_AND_CONNECT)
    if supported >= SCOPE_VERSION:
        handled += struct.pack("=Q", ABSTRACT_SOCKETS_AND_SIGNALS)
    return handled


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no rule
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= RIGHTS_ON_FILES
        rule = struct.pack("=Qi", rights, descriptor)
        if _libc.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, rule, 0) != 0:
            raise OSError(ctypes.get_errno(), f"Landlock refuses a rule: {os.strerror(ctypes.get_errno())}")
    finally:
        os.close(descriptor)


def restrict(readable: list[str], writable: list[str]) -> None:
    """Allow this process to read some paths and to write to some, and nothing else. For good.

    Where the kernel can, connections and signals to processes outside are refused as well.
    Raises OSError if the kernel refuses.
    """
    supported = version()
    rights = _all_rights(supported)
    handled = _handled(supported)
    ruleset = _libc.syscall(CREATE_RULESET, handled, len(handled), 0)
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), f"no Landlock: {os.strerror(ctypes.get_errno())}")
    try:
        for path in readable:
            _allow(ruleset, path, READ & rights)
        for path in writable:
            _allow(ruleset, path, rights & ~EXECUTE)
        if _libc.syscall(RESTRICT_SELF, ruleset, 0) != 0:
            raise OSError(ctypes.get_errno(), f"Landlock is refused: {os.strerror(ctypes.get_errno())}")
    finally:
        os.close(ruleset)
