"""The system calls that a student's process may make, compiled to a filter by libseccomp.

An allowlist: whatever is not named here fails with EPERM, as on a machine where it is forbidden.
Foreign architectures and the x32 calls end the process, because their numbers mean other calls.
"""

import ctypes
import ctypes.util
import errno
import os
from functools import cache

ALLOW = 0x7FFF0000
KILL_PROCESS = 0x80000000
REFUSE = 0x00050000 | errno.EPERM
NOT_THERE = 0x00050000 | errno.ENOSYS
PRETEND = 0x00050000  # not done, and told as done
BAD_ARCHITECTURE = 2  # SCMP_FLTATR_ACT_BADARCH
NOT_EQUAL, MASKED_EQUAL = 1, 7
# The kernel looks at these arguments as 32 bits, whatever the rest holds.
LOW_HALF, WHOLE = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF
CLONE_THREAD = 0x00010000
AF_UNIX, SOCK_STREAM, KIND_OF_SOCKET = 1, 1, 0xF
MYSELF = 0

# Calls of many kinds, by the kinds that are allowed: duplicates, flags, locks and sizes, but not F_SETOWN and
# F_SETSIG, which have the kernel send a signal to any process of the user; what a file object asks of a
# terminal, and close-on-exec; a thread's name, but not the promise to die with the server.
KINDS: dict[str, tuple[int, tuple[int, ...]]] = {
    "fcntl": (1, (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1031, 1032)),
    "ioctl": (1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),
    "prctl": (0, (3, 15, 16, 23, 39, 0x53564D41)),
}
# Calls that take a process's number: only the own one, which is also written 0.
OF_ONESELF = ("prlimit64", "sched_setaffinity")

FILES = """
    read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 open openat close close_range
    stat fstat lstat newfstatat statx statfs fstatfs lseek access faccessat faccessat2 getdents getdents64 getcwd
    chdir fchdir rename renameat renameat2 mkdir mkdirat rmdir link linkat unlink unlinkat symlink symlinkat readlink
    readlinkat fchmod umask fsync fdatasync truncate ftruncate
    fallocate flock dup dup2 dup3 copy_file_range sendfile fadvise64
"""
# Landlock has no say in these; where student code sees the files of its user, they would lock the grader out of its
# own. They are told as done there, because copying a file ends with them.
ATTRIBUTES = ("chmod", "fchmodat", "fchmodat2", "utime", "utimes", "futimesat")
MEMORY = "mmap mprotect munmap mremap madvise brk msync mincore mlock munlock membarrier"
WAITING = """
    select pselect6 poll ppoll epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd
    eventfd2 pipe pipe2 nanosleep clock_nanosleep timerfd_create timerfd_settime timerfd_gettime sendto recvfrom
    sendmsg recvmsg shutdown getsockopt setsockopt getsockname getpeername
"""
THREADS = """
    futex futex_waitv set_robust_list get_robust_list set_tid_address rseq sched_yield sched_getaffinity
    sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min getcpu exit
    exit_group restart_syscall arch_prctl
"""
SIGNALS = """
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack alarm setitimer
    getitimer pause
"""
FACTS = """
    getpid gettid getppid getuid geteuid getgid getegid getgroups getresuid getresgid getpgrp getpgid getsid getrlimit
    setrlimit getrusage sysinfo times uname gettimeofday time clock_gettime clock_getres getrandom getpriority
"""
# To whom a thread sends a signal can be told only where no other process can be named.
OWN_SIGNALS = ("tgkill",)
ALLOWED = tuple(f"{FILES} {MEMORY} {WAITING} {THREADS} {SIGNALS} {FACTS}".split())


class _Comparison(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


def _library() -> ctypes.CDLL | None:
    name = ctypes.util.find_library("seccomp") or "libseccomp.so.2"
    try:
        library = ctypes.CDLL(name, use_errno=True)
    except OSError:
        return None
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_init.argtypes = [ctypes.c_uint32]
    library.seccomp_rule_add_array.argtypes = [
        ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.POINTER(_Comparison),
    ]  # fmt: skip
    library.seccomp_attr_set.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32]
    library.seccomp_export_bpf.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.seccomp_release.argtypes = [ctypes.c_void_p]
    return library


def _add(library: ctypes.CDLL, context: int, action: int, name: str, *comparisons: _Comparison) -> None:
    number = library.seccomp_syscall_resolve_name(name.encode())
    if number < 0:  # not a system call of this architecture
        return
    array = (_Comparison * len(comparisons))(*comparisons)
    result = library.seccomp_rule_add_array(context, action, number, len(comparisons), array)
    if result != 0:
        msg = f"the rule for {name} was refused: {os.strerror(-result)}"
        raise OSError(-result, msg)


def _add_all(library: ctypes.CDLL, context: int, names: tuple[str, ...]) -> None:
    for name in names:
        _add(library, context, ALLOW, name)
    for name, (argument, kinds) in KINDS.items():
        for kind in kinds:
            _add(library, context, ALLOW, name, _Comparison(argument, MASKED_EQUAL, LOW_HALF, kind))
    for name in OF_ONESELF:
        _add(library, context, ALLOW, name, _Comparison(0, MASKED_EQUAL, LOW_HALF, MYSELF))
    _add(library, context, ALLOW, "clone", _Comparison(0, MASKED_EQUAL, CLONE_THREAD, CLONE_THREAD))
    # The C library falls back to clone, whose flags can be looked at, when clone3 is missing.
    _add(library, context, NOT_THERE, "clone3")
    # An event loop wakes itself up through a pair of sockets; no other kind can be made. Nor one that sends single
    # messages: each of them could be sent to any other socket of the machine, without a connection.
    pair = _Comparison(0, MASKED_EQUAL, LOW_HALF, AF_UNIX), _Comparison(1, MASKED_EQUAL, KIND_OF_SOCKET, SOCK_STREAM)
    _add(library, context, ALLOW, "socketpair", *pair)


def _add_attributes(library: ctypes.CDLL, context: int, action: int) -> None:
    """Add what is done where a file's mode or times are changed by its path; by a descriptor it is allowed."""
    for name in ATTRIBUTES:
        _add(library, context, action, name)
    _add(library, context, ALLOW, "utimensat", _Comparison(1, MASKED_EQUAL, WHOLE, 0))
    _add(library, context, action, "utimensat", _Comparison(1, NOT_EQUAL, 0, 0))


@cache
def compiled_filter(*, signals_stay_inside: bool, files_stay_inside: bool) -> bytes | None:
    """Return the filter as raw BPF, or None where libseccomp is not installed.

    signals_stay_inside: True if no process outside can be sent a signal anyway, so that threads may.
    files_stay_inside: True if no file outside has a path in here, so that modes and times may be changed.
    Raises OSError if libseccomp refuses a rule.
    """
    library = _library()
    if library is None:
        return None
    context = library.seccomp_init(REFUSE)
    try:
        library.seccomp_attr_set(context, BAD_ARCHITECTURE, KILL_PROCESS)
        _add_all(library, context, (*ALLOWED, *(OWN_SIGNALS if signals_stay_inside else ())))
        _add_attributes(library, context, ALLOW if files_stay_inside else PRETEND)
        descriptor = os.memfd_create("filter")
        try:
            if library.seccomp_export_bpf(context, descriptor) != 0:
                msg = "the system-call filter could not be compiled"
                raise OSError(msg)
            os.lseek(descriptor, 0, os.SEEK_SET)
            return os.read(descriptor, 1 << 16)
        finally:
            os.close(descriptor)
    finally:
        library.seccomp_release(context)
