"""What the sandbox sees, as data: paths, environment, and the command line of bubblewrap.

Theory of operation. Student code sees a file system that is made of a few read-only system
folders, the interpreter, the packages that students may import (at a neutral path), the call loop,
and one small scratch tmpfs. It sees neither the course nor `solutions` nor the engine, has no
network, and its processes are invisible to everyone else. The fork server inside keeps the one
capability that it needs to give each submission namespaces of its own; the forks drop it.
"""

from dataclasses import dataclass
from pathlib import Path

LOOP_PATH = "/loop"
PACKAGES_PATH = "/packages"
PYTHON_PATH = "/python"
SCRATCH_PATH = "/tmp"  # noqa: S108 - inside the sandbox, a tmpfs of the submission's own

SYSTEM_PATHS = ("/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache", "/etc/localtime")
SYSTEM_LINKS = (("usr/lib", "/lib"), ("usr/lib64", "/lib64"))
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
WRITABLE_DEVICES = ("/dev/null", "/dev/zero", "/dev/full")

ENVIRONMENT = {
    "HOME": SCRATCH_PATH,
    "LANG": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MPLCONFIGDIR": f"{SCRATCH_PATH}/matplotlib",
    "IPYTHONDIR": f"{SCRATCH_PATH}/ipython",
    # One thread: a fork of a process with a pool of BLAS threads hangs.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # The same order of sets in every run, so that a regrade is exact.
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
}
# Own user, mount, network, IPC, host-name and process namespaces: what each submission gets.
PROBE = """import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x7C020000) != 0:
    sys.exit(f"make namespaces: {os.strerror(ctypes.get_errno())}")
if libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 6, b"size=4k") != 0:
    sys.exit(f"mount the scratch folder: {os.strerror(ctypes.get_errno())}")"""


@dataclass(frozen=True)
class Binding:
    """A path of this machine, and where the sandbox sees it, read-only."""

    source: str
    inside: str


@dataclass(frozen=True)
class View:
    """Everything of this machine that student code can see.

    python: the interpreter, as the sandbox sees it.
    library_path: where the interpreter finds its own shared library, or "".
    """

    python: str
    library_path: str
    bindings: tuple[Binding, ...]

    def environment(self) -> dict[str, str]:
        """Return the whole environment of the student's processes."""
        return {**ENVIRONMENT, **({"LD_LIBRARY_PATH": self.library_path} if self.library_path else {})}


def boot_code(loop_path: str, control: int) -> str:
    """Return the program text that starts the fork server, with its control socket's descriptor."""
    return f"import sys; sys.path.insert(0, {loop_path!r}); from callloop.server import main; main({control})"


def python_command(python: str, loop_path: str, control: int) -> list[str]:
    """Return the fork server's command line: nothing from the user's site, no byte code written."""
    return [python, "-P", "-s", "-S", "-B", "-c", boot_code(loop_path, control)]


def probing_command(python: str) -> list[str]:
    """Return the command line that makes, inside the sandbox, the namespaces of a submission, and nothing else."""
    return [python, "-I", "-S", "-B", "-c", PROBE]


def bubblewrap_command(bubblewrap: str, view: View, program: list[str]) -> list[str]:
    """Return the command line that runs a program inside bubblewrap."""
    command = [bubblewrap, "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    command += [
        "--unshare-cgroup-try",
        "--as-pid-1",
        "--die-with-parent",
        "--new-session",
        "--cap-add",
        "CAP_SYS_ADMIN",
    ]
    command += ["--hostname", "sandbox", "--clearenv"]
    for name, value in view.environment().items():
        command += ["--setenv", name, value]
    for binding in view.bindings:
        command += ["--ro-bind", binding.source, binding.inside]
    for target, link in SYSTEM_LINKS:
        command += ["--symlink", target, link]
    command += ["--proc", "/proc", "--tmpfs", "/dev"]
    for device in DEVICES:
        command += ["--dev-bind", device, device]
    command += ["--remount-ro", "/dev", "--tmpfs", SCRATCH_PATH, "--remount-ro", "/", "--chdir", SCRATCH_PATH]
    return [*command, "--", *program]


def system_bindings() -> list[Binding]:
    """Return the system paths that exist on this machine."""
    return [Binding(path, path) for path in SYSTEM_PATHS if Path(path).exists()]
