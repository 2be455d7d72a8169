"""What student code can see and do in the sandbox, tried from inside and looked at from outside."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.inside import Inside, children, newest, small_server, status_of
from helpers.notebooks import ROOT

from autograder.callloop.confine import LANDLOCK
from autograder.sandbox.backend import SANDBOX_USER
from autograder.sandbox.fork_server import ForkServer
from autograder.sandbox.policy import ENVIRONMENT


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    """A running sandbox."""
    running = small_server()
    yield running
    running.close()


@pytest.fixture
def inside(server: ForkServer) -> Iterator[Inside]:
    """A fresh submission's process."""
    process = Inside(server)
    yield process
    process.end()


def _told(inside: Inside, text: str) -> Any:
    """Run a cell that prints JSON and return the value."""
    return json.loads(inside.printed(f"import json, os, sys\n{text}"))


# --- what there is to see -------------------------------------------------------------------------


def test_the_root_holds_system_folders_and_packages_only(inside: Inside) -> None:
    """The file system is a few read-only folders, the packages, the call loop and the scratch folder."""
    if LANDLOCK in inside.server.backend.layers:
        for folder in ("", "etc", "usr/share", "proc"):
            assert inside.error(f"import os; os.listdir('/{folder}')") in ("PermissionError", "FileNotFoundError")
    else:
        allowed = {"dev", "etc", "lib", "lib64", "loop", "packages", "proc", "python", "tmp", "usr"}
        assert set(_told(inside, "print(json.dumps(os.listdir('/')))")) <= allowed
    for folder in ("home", "root", "var", "sys", "opt", "srv", "mnt"):
        assert inside.error(f"import os; os.listdir('/{folder}')") in ("PermissionError", "FileNotFoundError")
    assert _told(inside, "print(json.dumps(sorted(os.listdir('/loop'))))") == ["callloop"]
    assert _told(inside, "print(json.dumps(os.listdir('/tmp')))") == []


@pytest.mark.parametrize(
    "module", ["solutions", "autograder.judge", "autograder.exercises", "nbgrader", "alembic", "nbformat", "autograd"]
)
def test_the_graders_modules_can_not_be_imported(inside: Inside, module: str) -> None:
    """Neither references nor the engine nor the grader's other packages can be imported."""
    assert inside.error(f"import {module}") == "ModuleNotFoundError"


def test_the_students_light_package_can_be_imported(inside: Inside) -> None:
    """What the visible checks use is there."""
    assert inside.printed("import autograder\nprint(bool(autograder.check_gradient))") == "True\n"


def test_no_file_of_the_course_is_anywhere(inside: Inside) -> None:
    """No file below any folder that can be read has the name of a set, a gradebook or a configuration."""
    walk = """found, names = [], ('ps1_', 'ps2_', 'ps5_', 'nbgrader', 'gradebook', 'solutions')
for top in ('/packages', '/loop', '/tmp', '/dev', '/proc', '/etc'):
    for folder, folders, files in os.walk(top):
        found += [name for name in files + folders if name.startswith(names) or name.endswith('.ipynb')]
print(json.dumps(found))"""
    assert _told(inside, walk) == []


def test_nothing_in_memory_names_a_place_of_the_machine(inside: Inside) -> None:
    """Paths, arguments, modules and the frames of the call loop name neither the course nor the grader's folders."""
    look = """seen = [str(sys.path), str(sys.argv), str(dict(os.environ)), sys.executable, sys.prefix, os.getcwd()]
seen += [str(getattr(module, '__file__', '')) for module in list(sys.modules.values())]
frame = sys._getframe()
while frame is not None:
    seen += [repr(frame.f_locals)[:100_000], frame.f_code.co_filename]
    frame = frame.f_back
print(json.dumps(sorted(set(seen))))"""
    seen = "\n".join(_told(inside, look))
    for secret in (str(ROOT), str(Path.home()), "ps1_chain_rule", "/judge/"):
        assert secret not in seen


def test_the_environment_is_clean(inside: Inside) -> None:
    """The environment holds what the policy sets, and PWD."""
    names = set(_told(inside, "print(json.dumps(list(os.environ)))"))
    assert names <= {*ENVIRONMENT, "LD_LIBRARY_PATH", "PWD", "LC_CTYPE"}


def test_no_descriptor_but_the_pipe_is_open(inside: Inside) -> None:
    """Standard streams lead nowhere, descriptor 3 is the pipe, and nothing else is open."""
    look = """import fcntl
def is_open(number):
    try:
        return fcntl.fcntl(number, fcntl.F_GETFD) >= 0
    except OSError:
        return False
print(json.dumps([number for number in range(1000) if is_open(number)]))"""
    assert _told(inside, look) == [0, 1, 2, 3]
    assert (
        _told(inside, "print(json.dumps([os.fstat(n).st_rdev == os.stat('/dev/null').st_rdev for n in (0, 1, 2)]))")
        == [True] * 3
    )


def test_no_other_process_can_be_seen(inside: Inside) -> None:
    """The process is the first of its own, with no parent, and /proc can't be read."""
    assert _told(inside, "print(json.dumps([os.getpid(), os.getppid()]))") == [1, 0]
    if LANDLOCK not in inside.server.backend.layers:
        assert _told(inside, "print(json.dumps(os.listdir('/proc')))") == []
        return
    for path in ("/proc", "/proc/1", "/proc/self"):
        assert inside.error(f"import os; os.listdir({path!r})") in ("PermissionError", "FileNotFoundError")


# --- what there is to do --------------------------------------------------------------------------

REFUSED = {
    "an internet socket": "import socket; socket.socket()",
    "a unix socket": "import socket; socket.socket(socket.AF_UNIX)",
    "a connection": "import urllib.request; urllib.request.urlopen('http://127.0.0.1:1', timeout=1)",
    "a fork": "import os; os.fork()",
    "a program": "import subprocess; subprocess.run(['/bin/true'])",
    "exec": "import os, sys; os.execv(sys.executable, [sys.executable, '-c', '0'])",
    "spawn": "import os, sys; os.posix_spawn(sys.executable, [sys.executable], {})",
    "multiprocessing": "import multiprocessing; multiprocessing.Process(target=print).start()",
    "kill": "import os; os.kill(2, 9)",
    "a group's end": "import os; os.killpg(0, 9)",
    "another user": "import os; os.setuid(0)",
    "another root": "import os; os.chroot('/tmp')",
    "a device": "import os, stat; os.mknod('/tmp/d', stat.S_IFBLK | 0o600, os.makedev(8, 0))",
    "a higher limit": "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**50, 2**50))",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_reaches_out_is_refused(inside: Inside, name: str) -> None:
    """A socket, a new process or program, a signal to others, another user: each is an error in the cell."""
    assert inside.error(REFUSED[name])


SYSTEM_CALLS = {
    "ptrace": 101, "mount": 165, "unshare": 272, "bpf": 321, "io_uring_setup": 425, "keyctl": 250, "userfaultfd": 323,
    "execveat": 322, "clone3": 435, "process_vm_readv": 310, "setns": 308,
}  # fmt: skip


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are those of x86-64")
@pytest.mark.parametrize("name", SYSTEM_CALLS)
def test_bare_system_calls_are_refused(inside: Inside, name: str) -> None:
    """A forbidden system call made by number fails with EPERM, or ENOSYS for clone3."""
    call = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
    call += f"print(libc.syscall({SYSTEM_CALLS[name]}, 0, 0, 0, 0, 0), ctypes.get_errno())"
    assert inside.printed(call) in ("-1 1\n", "-1 38\n" if name == "clone3" else "")


def test_nothing_outside_the_scratch_folder_can_be_written(inside: Inside) -> None:
    """No folder anywhere but the scratch folder takes a new file, and no file can be changed."""
    look = """written = []
for top, deep in (('/', 2), ('/packages', 3), ('/loop', 9), ('/dev', 9), ('/python', 3)):
    for folder, folders, files in os.walk(top):
        if folder.count('/') - top.count('/') >= deep:
            folders[:] = []
        if folder.startswith('/tmp'):
            continue
        for path, mode in [(folder + '/new', 'w'), *[(folder + '/' + name, 'r+') for name in files[:2]]]:
            if folder == '/dev' and not path.endswith('new'):
                continue
            try:
                open(path, mode).close()
            except OSError:
                continue
            written.append(path)
print(json.dumps(written))"""
    assert _told(inside, look) == []
    assert inside.printed("open('/tmp/new', 'w').write('x')\nprint(open('/tmp/new').read())") == "x\n"


def test_the_scratch_folder_is_bounded(inside: Inside) -> None:
    """Files of all but the limit's size fit, in one or in many; more is an error, and deleting makes room."""
    assert inside.printed("open('/tmp/a', 'wb').write(bytes(3_900_000))\nprint('ok')") == "ok\n"
    assert inside.error("open('/tmp/b', 'wb').write(bytes(600_000))") == "OSError"
    assert inside.printed("import os\nos.remove('/tmp/a')\nos.remove('/tmp/b')\nprint('ok')") == "ok\n"
    assert inside.printed("open('/tmp/b', 'wb').write(bytes(600_000))\nprint('ok')") == "ok\n"
    assert inside.error("for n in range(10_000): open(f'/tmp/{n}', 'w')") == "OSError"


def test_memory_is_bounded(inside: Inside) -> None:
    """An allocation well under the limit works, one over it is a MemoryError, and the process goes on."""
    assert inside.printed("x = bytearray(200_000_000)\nprint('ok')\ndel x") == "ok\n"
    assert inside.error("x = bytearray(300_000_000)") == "MemoryError"
    assert inside.printed("print('still here')") == "still here\n"


def test_threads_are_bounded(inside: Inside) -> None:
    """As many threads as the limit, the first one included, can run; one more is an error."""
    start = "import threading\nstop = threading.Event()\n"
    start += "threads = [threading.Thread(target=stop.wait) for _ in range({})]\nfor t in threads: t.start()\n"
    assert inside.printed(start.format(7) + "stop.set()\nfor t in threads: t.join()\nprint('ok')") == "ok\n"
    assert inside.error(start.format(8)) == "RuntimeError"
    inside.run("stop.set()")


# --- from outside ---------------------------------------------------------------------------------


def _process(server: ForkServer) -> int:
    assert server._process is not None
    return newest(children(server._process.pid))


def test_the_kernel_says_that_the_process_is_confined(server: ForkServer, inside: Inside) -> None:
    """No capability is left anywhere, new privileges are forbidden, the filter is on, the user is no one's."""
    status = status_of(_process(server))
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[kind], 16) == 0, kind
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    user = SANDBOX_USER if os.geteuid() == 0 else os.geteuid()
    assert set(status["Uid"].split()) == {str(user)}
    assert _told(inside, "print(json.dumps([os.getuid(), os.getgid(), os.getgroups()]))")[0] not in (0, user)


@pytest.mark.parametrize("name", ["user", "mnt", "pid", "net", "ipc", "uts"])
def test_every_namespace_is_the_submissions_own(server: ForkServer, inside: Inside, name: str) -> None:
    """A submission shares no namespace with this machine, nor with the fork server."""
    assert server._process is not None
    theirs = Path(f"/proc/{_process(server)}/ns/{name}").readlink()
    others = {
        Path(f"/proc/{process}/ns/{name}").readlink() for process in children(server._process.pid) - {_process(server)}
    }
    assert theirs not in {Path(f"/proc/self/ns/{name}").readlink(), *others}


def test_there_is_no_network_but_the_empty_loop(server: ForkServer, inside: Inside) -> None:
    """The submission's network has the loop-back interface only."""
    lines = Path(f"/proc/{_process(server)}/net/dev").read_text().splitlines()[2:]
    assert [line.split(":")[0].strip() for line in lines] == ["lo"]
