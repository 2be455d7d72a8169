"""A damaged, read-only or locked gradebook, a full disk, two graders at once: a clear word, and nothing is lost."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from helpers.command import COMMAND, Ran, environment
from helpers.course import course_environment, submit
from helpers.small_course import RIGHT, WEEK, WRONG, auto_scores, copied, counts, grade, left, small_course

from autograder.gradebook.backups import KEPT

pytestmark = pytest.mark.xdist_group("gradebook_trouble")
# Namespaces of its own: root needs no more than that, anybody else is root in there.
UNSHARED = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--map-root-user", "--mount")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of three that was graded twice, so that there is a backup of the first result."""
    course = small_course(tmp_path_factory.mktemp("trouble") / "course")
    assert grade(course).status == 0
    submit(course, "s02", WEEK, RIGHT)
    assert counts(grade(course)) == (1, 2)
    return course


def _in_mounts(course: Path, script: str) -> Ran:
    """Run a script of the shell, as `grade` from the course's folder, where it may mount things for itself."""
    grading = " ".join([*COMMAND, "grade", WEEK, "--jobs", "1"])
    done = subprocess.run(
        [*UNSHARED, "sh", "-c", f"set -e; grade() {{ status=0; {grading} || status=$?; }}\n{script}\nexit $status"],
        cwd=course, env=environment(), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return Ran(done.returncode, done.stdout, done.stderr).without_traceback()


def test_a_damaged_gradebook_is_told_with_its_newest_backup(done: Path, tmp_path: Path) -> None:
    """A gradebook that is no database is left as it is; the message names the backup, which then serves."""
    course = copied(done, tmp_path / "course")
    (course / "gradebook.db").write_bytes(b"no database at all\n" * 1000)
    ran = grade(course)
    assert ran.status == 3
    assert "is damaged" in ran.err
    newest = max((course / ".autograder" / "backups").glob("*.db"))
    assert newest.name in ran.err
    assert (course / "gradebook.db").read_bytes().startswith(b"no database")
    shutil.copy(newest, course / "gradebook.db")
    assert counts(grade(course)) == (1, 2)
    assert left(course) == left(done)


def test_a_bounded_number_of_backups_is_kept(done: Path, tmp_path: Path) -> None:
    """Before each run that writes, the gradebook is copied whole; only the newest copies stay."""
    course = copied(done, tmp_path / "course")
    folder = course / ".autograder" / "backups"
    for number in range(KEPT + 3):
        shutil.copy(course / "gradebook.db", folder / f"gradebook-20200101-0000{number:02}-000000000.db")
    submit(course, "s00", WEEK, WRONG)
    before = auto_scores(course)
    assert grade(course).status == 0
    kept = sorted(folder.iterdir())
    assert len(kept) == KEPT
    shutil.copy(kept[-1], course / "gradebook.db")
    assert auto_scores(course) == before


@pytest.mark.parametrize("what", ["gradebook.db", "."])
def test_what_can_not_be_written_to_is_told(done: Path, tmp_path: Path, what: str) -> None:
    """A read-only gradebook, or a read-only folder, is status 3 and a word; a run with nothing to do needs neither."""
    course = copied(done, tmp_path / "course")
    mounted = f'mount --bind "$PWD/{what}" "$PWD/{what}" && mount -o remount,ro,bind "$PWD/{what}"; cd "$PWD"; grade'
    nothing = _in_mounts(course, mounted)
    assert nothing.status == 0, nothing.err
    submit(course, "s00", WEEK, WRONG)
    ran = _in_mounts(course, mounted)
    assert (ran.status, ran.out) == (3, "")
    assert "read-only" in ran.err.lower()
    assert left(course) == left(done)
    assert counts(grade(course)) == (1, 2)


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    """With no room left the status is 3; with room made, the same command ends as if nothing had been."""
    course = small_course(tmp_path / "course", students=20)
    (course / ".autograder").mkdir()
    (course / ".autograder" / "secret").write_text("5e" * 32)
    for number in range(20):
        (course / "submitted" / f"s{number:02}" / WEEK / "data.bin").write_bytes(bytes(50_000))
    graded = copied(course, tmp_path / "graded")
    assert grade(graded).status == 0
    ran = _in_mounts(
        tmp_path,
        f"""
        mkdir disk && mount -t tmpfs -o size=2m tmpfs disk && cp -a course disk/course && cd disk/course
        head -c 300000 /dev/zero > ../filler
        grade; echo "first: $status"
        head -c 100000000 /dev/zero > ../rest 2>/dev/null || true
        grade; echo "second: $status"
        rm ../filler ../rest && mount -o remount,size=30m "{tmp_path}/disk"
        grade; echo "third: $status"
        cp -a . "{tmp_path}/saved"
        """,
    )
    assert ran.status == 0, ran.err
    assert [
        line for line in ran.out.splitlines() if ": " in line and line.split(":")[0] in ("first", "second", "third")
    ] == [
        "first: 3",
        "second: 3",
        "third: 0",
    ], ran.err
    assert "disk is full" in ran.err or "No space left" in ran.err
    assert left(tmp_path / "saved") == left(graded)


def test_a_lock_of_another_programs_is_waited_for_and_then_told(done: Path, tmp_path: Path) -> None:
    """A gradebook that another program holds for a while is waited for; one that it keeps is status 3 and a word."""
    course = copied(done, tmp_path / "course")
    submit(course, "s00", WEEK, WRONG)
    with contextlib.closing(sqlite3.connect(course / "gradebook.db", check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        ran = grade(course)
        assert ran.status == 3
        assert "locked by another program" in ran.err
        released = threading.Timer(4, other.rollback)
        released.start()
        assert counts(grade(course)) == (1, 2)
        released.join()
    assert auto_scores(course)["s00"] == 0


def _stuck_course(folder: Path) -> Path:
    course = small_course(folder, students=1)
    text = json.dumps(RIGHT).replace("def f(x)", "while True: pass\\ndef f(x)")
    submit(course, "s00", WEEK, text.encode())
    return course


def _wait_for_lock(course: Path) -> None:
    lock, deadline = course / ".autograder" / "lock", time.monotonic() + 60
    while not (lock.exists() and lock.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)


def test_the_second_of_two_graders_is_refused_and_told_of_the_first(tmp_path: Path) -> None:
    """While one grades, another one ends with 3 and names the first's process and since when; its lock dies with it."""
    course = _stuck_course(tmp_path / "course")
    command = [*COMMAND, "grade", WEEK, "--timeout", "100", "--total-timeout", "100"]
    first = subprocess.Popen(command, cwd=course, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        _wait_for_lock(course)
        second = grade(course)
        assert (second.status, second.out) == (3, "")
        assert f"process {first.pid} (autograder grade {WEEK}), since 20" in second.err
    finally:
        first.send_signal(signal.SIGKILL)
        first.communicate()
    submit(course, "s00", WEEK, RIGHT)
    assert counts(grade(course)) == (1, 0)


def test_nbgraders_autograde_waits_for_a_grader(tmp_path: Path) -> None:
    """Nbgrader autograde, by way of the plugin, writes nothing while another grader is at work, and then goes on."""
    config = (Path(__file__).parents[2] / "nbgrader_config.py").read_text()
    course = small_course(tmp_path / "course", students=1, config=config)
    assert grade(course).status == 0
    shutil.rmtree(course / "autograded")
    holder = (
        "from pathlib import Path; from autograder.lock import course_lock\n"
        "with course_lock(Path('.'), 'a grader'): input()"
    )
    command, told = [sys.executable, "-c", holder], tmp_path / "told"
    with (
        told.open("w") as errors,
        subprocess.Popen(command, cwd=course, env=environment(), stdin=subprocess.PIPE, text=True) as other,
    ):
        _wait_for_lock(course)
        waiting = [sys.executable, "-m", "nbgrader", "autograde", WEEK]
        ran = subprocess.Popen(waiting, cwd=course, env=course_environment(course), stderr=errors)
        deadline = time.monotonic() + 90
        while "is grading the course" not in told.read_text() and time.monotonic() < deadline and ran.poll() is None:
            time.sleep(0.1)
        ended_before = ran.poll() is not None
        other.communicate("go on\n")
        ran.wait(timeout=90)
    assert not ended_before
    assert ran.returncode == 0, told.read_text()
    assert "is grading the course" in told.read_text()
    assert (course / "autograded" / "s00" / WEEK / f"{WEEK}.ipynb").exists()
