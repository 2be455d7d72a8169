"""What the sandbox sees, as data: the command line of bubblewrap, without running it."""

import os
import sys
from pathlib import Path

import pytest
from helpers.notebooks import ROOT

from autograder.sandbox import packages, seccomp
from autograder.sandbox.backend import Backend, SandboxError
from autograder.sandbox.policy import ENVIRONMENT, PACKAGES_PATH, Binding, View, bubblewrap_command, python_command

VIEW = View("/usr/bin/python3", "", (Binding("/a/numpy", "/packages/numpy"),))
COMMAND = bubblewrap_command("/usr/bin/bwrap", VIEW, python_command(VIEW.python, "/loop", 17))


def _pairs(option: str, count: int) -> list[tuple[str, ...]]:
    places = [place for place, word in enumerate(COMMAND) if word == option]
    return [tuple(COMMAND[place + 1 : place + 1 + count]) for place in places]


@pytest.mark.parametrize("name", ["user", "ipc", "pid", "net", "uts", "cgroup-try"])
def test_every_namespace_is_the_sandboxs_own(name: str) -> None:
    """The sandbox shares no namespace with the machine."""
    assert f"--unshare-{name}" in COMMAND
    assert "--share-net" not in COMMAND


def test_the_sandbox_dies_with_the_grader_and_has_no_terminal() -> None:
    """Bubblewrap ends with its parent, in a session of its own."""
    assert "--die-with-parent" in COMMAND
    assert "--new-session" in COMMAND


def test_everything_of_the_machine_is_read_only() -> None:
    """Nothing is bound for writing; the root, and devices but five harmless ones, can't be written to."""
    assert "--bind" not in COMMAND
    assert _pairs("--ro-bind", 2) == [("/a/numpy", "/packages/numpy")]
    assert _pairs("--remount-ro", 1) == [("/dev",), ("/",)]
    assert {source for source, _ in _pairs("--dev-bind", 2)} == {
        "/dev/null",
        "/dev/zero",
        "/dev/full",
        "/dev/random",
        "/dev/urandom",
    }
    assert _pairs("--tmpfs", 1) == [("/dev",), ("/tmp",)]


def test_the_environment_is_made_anew() -> None:
    """The environment is cleared, and what is set holds nothing of the machine's."""
    assert COMMAND.index("--clearenv") < COMMAND.index("--setenv")
    assert dict(_pairs("--setenv", 2)) == ENVIRONMENT
    assert not any(value and value in (str(ROOT), os.environ.get("HOME")) for value in ENVIRONMENT.values())


def test_one_capability_is_kept_for_the_server_alone() -> None:
    """The server keeps the one capability that it makes namespaces with."""
    assert _pairs("--cap-add", 1) == [("CAP_SYS_ADMIN",)]


def test_the_interpreter_reads_no_site_and_no_working_folder() -> None:
    """The interpreter is started without the site's packages, the user's, or the folder it stands in."""
    command = python_command("/usr/bin/python3", "/loop", 17)
    assert {"-P", "-s", "-S"} <= set(command)


def test_only_students_packages_are_bound() -> None:
    """Nothing of the course, of the engine's judging side, or of the grader's other packages is bound."""
    view = packages.view()
    inside = {binding.inside for binding in view.bindings}
    names = {path.removeprefix(f"{PACKAGES_PATH}/") for path in inside if path.startswith(PACKAGES_PATH)}
    assert {
        "numpy",
        "scipy",
        "pandas",
        "matplotlib",
        "IPython",
        "autograder/numerics",
        "autograder/__init__.py",
    } <= names
    forbidden = (
        "solutions",
        "nbgrader",
        "nbformat",
        "nbconvert",
        "hypothesis",
        "sqlalchemy",
        "alembic",
        "jupyter_",
        "jupyterlab-",
        "jupyterlab/",
        "autograd",
    )
    assert [name for name in names if name.lower().startswith(forbidden) and not name.startswith("autograder/")] == []
    parts = {name for name in names if name.startswith("autograder/")}
    folders = {"autograder/checks", "autograder/drawing", "autograder/network", "autograder/numerics"}
    assert parts == {"autograder/__init__.py", "autograder/py.typed", *folders}
    sources = {Path(binding.source) for binding in view.bindings}
    assert not any(path == ROOT / "autograder" or ROOT.is_relative_to(path) for path in sources)
    assert not any(
        path.is_relative_to(ROOT / name) for name in ("source", "solutions", "tests", ".autograder") for path in sources
    )


def test_a_missing_bubblewrap_is_told_with_what_to_type() -> None:
    """Without bubblewrap the sandbox does not start, and the message says how to install it."""
    with pytest.raises(SandboxError, match="apt-get install bubblewrap"):
        Backend(("namespaces",), bubblewrap="no-such-program").start(Path("/tmp"), 17, [])


def test_no_call_that_starts_or_reaches_anything_is_allowed() -> None:
    """The allowlist of system calls holds none that starts a program, opens a connection or touches another process."""
    forbidden = """execve execveat fork vfork clone3 socket connect bind listen accept accept4 kill tkill ptrace
        process_vm_readv process_vm_writev pidfd_open pidfd_getfd bpf io_uring_setup keyctl add_key perf_event_open
        userfaultfd mount umount2 unshare setns chroot pivot_root init_module kexec_load reboot swapon setuid setgid
        setresuid capset personality name_to_handle_at open_by_handle_at mknod mknodat quotactl seccomp"""
    assert set(forbidden.split()) & set(seccomp.ALLOWED) == set()


def test_the_filter_compiles() -> None:
    """Libseccomp compiles the filter to whole BPF instructions."""
    compiled = seccomp.compiled_filter(signals_stay_inside=True, files_stay_inside=True)
    assert compiled
    assert len(compiled) % 8 == 0


def test_the_interpreter_of_the_sandbox_is_this_one() -> None:
    """Students' code runs under the Python version that the packages are installed for."""
    assert f"python{sys.version_info.major}.{sys.version_info.minor}" in packages.view().python
