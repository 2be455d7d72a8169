"""Grading as root and as an ordinary user, and where the kernel refuses namespaces or Landlock, as containers do."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from helpers.command import environment, results
from helpers.notebooks import ROOT, Json, check, notebook, released, replaced, solution, written

from autograder.callloop import landlock

ELSEWHERE = ROOT / "tests" / "helpers" / "elsewhere.py"
SOMEBODY = 4321
NO_NAMESPACES = ("user namespaces",)
NOTHING = ("user namespaces", "landlock")

as_root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
has_landlock = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")
USERS = [pytest.param(None, id="this user"), pytest.param(SOMEBODY, id="an ordinary user", marks=as_root_only)]


@dataclass(frozen=True)
class Machine:
    """A user, and what the kernel refuses.

    user: a number; None for the one who runs the tests.
    """

    user: int | None
    refused: tuple[str, ...]
    folder: Path

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run `autograder` there, from a folder of that user's."""
        readable = sorted({sys.base_prefix, sys.prefix, str(ROOT)})
        facts = {"user": self.user, "readable": readable, "refused": list(self.refused)}
        done = subprocess.run(
            [sys.executable, str(ELSEWHERE), json.dumps(facts), sys.executable, "-m", "autograder", *words],
            cwd=self.folder,
            env=environment(HOME=str(self.folder), TMPDIR=str(self.folder), **variables),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def graded(self, *words: str) -> Json:
        """Grade notebooks of the folder's own course and return the report."""
        done = self.run("run", *words, "--json", "out.json", "--course", "course", "--quiet", "--jobs", "1")
        assert done.returncode == 0, done.stderr
        return results(self.folder / "out.json")


def _machine(folder: Path, user: int | None, refused: tuple[str, ...], **texts: str) -> Machine:
    """A machine with a course, whose one test wants `got` to be empty, and with submissions of these texts."""
    original = notebook(solution("probe", "got = []"), check("test_probe", "assert got == [], got", 2))
    (folder / "course" / "source" / "probe").mkdir(parents=True)
    (folder / "course" / "nbgrader_config.py").write_text("c = get_config()\n")
    written(original, folder / "course" / "source" / "probe" / "probe.ipynb")
    for name, text in {"right": "got = []", **texts}.items():
        written(replaced(released(original), {"probe": text}), folder / f"{name}.ipynb")
    if user is not None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user, user)
    return Machine(user, refused, folder)


@pytest.mark.parametrize("user", USERS)
def test_everybody_gets_full_isolation(place: Path, user: int | None) -> None:
    """Root and an ordinary user both grade with namespaces, the filter and Landlock, and a right answer is full."""
    report = _machine(place, user, ()).graded("right.ipynb")
    assert report["isolation"]["level"] == "full"
    assert {"namespaces", "seccomp", "privileges", "rlimits"} <= set(report["isolation"]["layers"])
    assert report["submissions"][0]["score"] == 2
    assert report["submissions"][0]["warnings"] == []


@pytest.mark.parametrize("user", USERS)
def test_without_namespaces_grading_is_refused(place: Path, user: int | None) -> None:
    """Where user namespaces are refused, grading is refused with 2, and the message says what mends it."""
    machine = _machine(place, user, NO_NAMESPACES)
    done = machine.run("run", "right.ipynb", "--json", "out.json", "--course", "course")
    assert done.returncode == 2
    assert not (place / "out.json").exists()
    for words in ("namespaces", "sysctl", "--isolation container", "autograder doctor"):
        assert words in done.stderr
    doctor = machine.run("doctor")
    assert doctor.returncode == 3
    assert "MISSING  namespaces" in doctor.stdout
    assert "mend: sudo sysctl" in doctor.stdout
    left = "container" if landlock.version() else "(container|none)"
    assert re.search(f"isolation level: {left}", doctor.stdout)


CURIOUS = """import os, socket
got = []
for folder in ({course!r}, {checkout!r}, '..', '/proc/1', '/etc', '/tmp', '/home', '/root', '/var'):
    try:
        os.listdir(folder)
        got.append(folder)
    except OSError:
        pass
for path in ({notebook!r}, '/etc/passwd', '/proc/self/environ', '/proc/self/maps'):
    try:
        got.append(open(path).read()[:10])
    except OSError:
        pass
for path in ({course!r}, '/tmp', '..', '/dev/shm'):
    try:
        open(path + '/planted', 'w').close()
        got.append(path)
    except OSError:
        pass
try:
    socket.socket()
    got.append('a socket')
except OSError:
    pass"""
# With the same user on both sides, only the filter and Landlock keep these from the grader.
HARMFUL = """import ctypes, fcntl, os, resource
libc, parent, got = ctypes.CDLL(None), os.getppid(), []
for name, attempt in {
    'a limit': lambda: resource.prlimit(parent, resource.RLIMIT_CPU, (0, 0)),
    'a signal': lambda: os.kill(parent, 9),
    'a signal to a thread': lambda: libc.tgkill(parent, parent, 9) == 0 or 1 / 0,
    'an owner': lambda: fcntl.fcntl(0, fcntl.F_SETOWN, parent),
    'an owner by another call': lambda: fcntl.ioctl(3, 0x8901, parent.to_bytes(4, 'little')),
    'a processor': lambda: os.sched_setaffinity(parent, {0}),
    'a priority': lambda: os.setpriority(os.PRIO_PROCESS, parent, 19),
    'a promise': lambda: libc.prctl(1, 0, 0, 0, 0) == 0 or 1 / 0,
}.items():
    try:
        attempt()
        got.append(name)
    except (OSError, ZeroDivisionError, ValueError):
        pass"""
# Landlock has no say in a file's mode and times, nor in messages to a socket that has a path.
HARMS_FILES = """import os, shutil, socket
got = []
for path in ({notebook!r}, {course!r}):
    for change in (lambda: os.chmod(path, 0), lambda: os.utime(path, (5, 5)), lambda: os.chmod(path, 0, dir_fd=0)):
        try:
            change()
        except OSError:
            pass
open('here.txt', 'w').write('copied')
if shutil.copy2('here.txt', 'there.txt') != 'there.txt' or open('there.txt').read() != 'copied':
    got.append('no copy')
for kind in (socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_STREAM):
    try:
        socket.socketpair(socket.AF_UNIX, kind)[0].sendto(b'from a student', {address!r})
        got.append(str(kind))
    except OSError:
        pass
socket.socketpair()[0].send(b'to myself')"""
LEAVES = "import os\ngot = os.listdir('.')\nopen('left', 'w').write('for the next one')"


@has_landlock
@pytest.mark.parametrize("user", USERS)
def test_a_container_accepted_as_the_boundary_still_keeps_the_course(place: Path, user: int | None) -> None:
    """Without namespaces, Landlock and the filter keep files, connections and other processes from student code."""
    course = place / "course"
    original = course / "source" / "probe" / "probe.ipynb"
    curious = CURIOUS.format(course=str(course), checkout=str(ROOT), notebook=str(original))
    machine = _machine(place, user, NO_NAMESPACES, a=curious, b=HARMFUL, c=LEAVES, d=LEAVES)
    names = [f"{name}.ipynb" for name in ("a", "b", "c", "d", "right")]
    report = machine.graded(*names, "--isolation", "container")
    assert report["isolation"]["level"] == "container"
    assert "landlock" in report["isolation"]["layers"]
    assert "namespaces" not in report["isolation"]["layers"]
    for submission in report["submissions"]:
        assert submission["score"] == 2, submission
        assert submission["warnings"] == []


@has_landlock
@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("refused", [(), NO_NAMESPACES], ids=["full", "container"])
def test_modes_and_times_of_files_and_sockets_are_out_of_reach(
    place: Path, user: int | None, refused: tuple[str, ...]
) -> None:
    """Student code that shares its user with the grader neither locks a file of the grader's nor writes to a socket."""
    course, address = place / "course", str(place / "s")
    original = course / "source" / "probe" / "probe.ipynb"
    text = HARMS_FILES.format(notebook=str(original), course=str(course), address=address)
    machine = _machine(place, user, refused, a=text)
    before = course.stat().st_mode, original.stat().st_mode, original.stat().st_mtime
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(address)
        Path(address).chmod(0o777)
        listening.settimeout(0)
        report = machine.graded("a.ipynb", "right.ipynb", "--isolation", "container")
        with pytest.raises(BlockingIOError):
            listening.recv(100)
    assert (course.stat().st_mode, original.stat().st_mode, original.stat().st_mtime) == before
    assert [one["score"] for one in report["submissions"]] == [2, 2], report


def test_the_same_attempts_succeed_where_there_is_no_isolation(place: Path) -> None:
    """With no layer but the limits, the curious notebook gets at files: the test of the boundary can fail."""
    course = place / "course"
    original = course / "source" / "probe" / "probe.ipynb"
    curious = CURIOUS.format(course=str(course), checkout=str(ROOT), notebook=str(original))
    machine = _machine(place, SOMEBODY if os.geteuid() == 0 else None, NOTHING, a=curious)
    (submission,) = machine.graded("a.ipynb", "--isolation", "none")["submissions"]
    assert submission["score"] == 0
    assert "/etc" in submission["exercises"][0]["checks"][0]["message"]


@as_root_only
def test_a_user_of_its_own_stands_in_for_landlock(place: Path) -> None:
    """Root without namespaces and Landlock runs student code as another user, who can't read the course."""
    machine = _machine(place, None, NOTHING)
    report = machine.graded("right.ipynb", "--isolation", "container")
    assert report["isolation"]["level"] == "container"
    assert "separate user" in report["isolation"]["layers"]
    assert report["submissions"][0]["score"] == 2


@as_root_only
def test_with_nothing_left_only_none_grades_and_says_so(place: Path) -> None:
    """An ordinary user without namespaces and Landlock is refused, even a container; `none` warns in every result."""
    machine = _machine(place, SOMEBODY, NOTHING)
    for level in ("full", "container"):
        done = machine.run("run", "right.ipynb", "--isolation", level, "--course", "course")
        assert done.returncode == 2
        assert "Landlock" in done.stderr or level == "full"
    shutil.copy(place / "right.ipynb", place / "again.ipynb")
    os.chown(place / "again.ipynb", SOMEBODY, SOMEBODY)
    report = machine.graded("right.ipynb", "again.ipynb", "--isolation", "none")
    assert report["isolation"]["level"] == "none"
    for submission in report["submissions"]:
        assert submission["score"] == 2
        assert any("without isolation" in warning for warning in submission["warnings"])
