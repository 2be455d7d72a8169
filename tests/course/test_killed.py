"""Killed at any moment, nothing that is written is wrong, and the same command goes on to the same end."""

import random
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from helpers.command import COMMAND, HEARING_INTERRUPTS, environment
from helpers.small_course import WEEK, auto_scores, copied, counts, grade, left, marks, small_course

STUDENTS = 8
KILLS = 14
SEED = 20260102
EXPECTED = {f"s{number:02}": 0.0 if number % 3 == 2 else 2.0 for number in range(STUDENTS)}

pytestmark = pytest.mark.xdist_group("killed")


def _started(course: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*HEARING_INTERRUPTS, *COMMAND, "grade", WEEK, "--jobs", "2", *words],
        cwd=course, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def _is_right_so_far(course: Path) -> None:
    """Check that what is there is whole and true: a done notebook's scores are in the gradebook."""
    if not (course / "gradebook.db").exists():
        assert not list((course / "autograded").rglob("*.ipynb"))
        return
    scores = auto_scores(course)
    assert {student: score for student, score in scores.items() if score not in (None, EXPECTED[student])} == {}
    for student, mark in marks(course).items():
        assert mark["scores"] == {"test_f": scores[student]}


@dataclass(frozen=True)
class Peace:
    """A course, a copy of it that was graded undisturbed, and how many seconds that took, at first and again."""

    fresh: Path
    graded: Path
    first: float
    again: float


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Peace:
    """A course that is graded in peace."""
    place = tmp_path_factory.mktemp("killed")
    course = small_course(place / "course", STUDENTS)
    (course / ".autograder").mkdir()
    (course / ".autograder" / "secret").write_text("5e" * 32)
    graded = copied(course, place / "graded")
    moments = [time.monotonic()]
    for words in ((), ("--force",)):
        assert counts(grade(graded, *words)) == (STUDENTS, 0)
        moments.append(time.monotonic())
    return Peace(course, graded, moments[1] - moments[0], moments[2] - moments[1])


def test_killed_at_random_moments_it_goes_on_where_it_stopped(undisturbed: Peace, tmp_path: Path) -> None:
    """After SIGKILLs at any time, the same command ends with the gradebook and the files of an undisturbed run."""
    course = copied(undisturbed.fresh, tmp_path / "course")
    moments, kills, sooner = random.Random(SEED), 0, 1.0
    for _ in range(4 * KILLS):
        seconds = undisturbed.again if (course / "gradebook.db").exists() else undisturbed.first
        running = _started(course, *(["--force"] if len(marks(course)) == STUDENTS else []))
        time.sleep(moments.uniform(0.1, 1.0) * sooner * seconds)
        was_running = running.poll() is None
        kills += was_running
        # A machine whose other work has ended since the undisturbed run is quicker than it was then.
        sooner = sooner if was_running else 0.8 * sooner
        running.kill()
        running.communicate()
        _is_right_so_far(course)
        if kills == KILLS:
            break
    assert kills == KILLS
    assert grade(course).status == 0
    assert left(course) == left(undisturbed.graded)
    assert counts(grade(course)) == (0, STUDENTS)


def test_an_interrupt_saves_what_is_done(undisturbed: Peace, tmp_path: Path) -> None:
    """^C ends with status 130 and a word on what is saved, and that is right; the next run does the rest."""
    course = copied(undisturbed.fresh, tmp_path / "course")
    stuck = course / "submitted" / "zz" / WEEK / f"{WEEK}.ipynb"
    stuck.parent.mkdir(parents=True)
    stuck.write_text((course / "submitted" / "s00" / WEEK / f"{WEEK}.ipynb").read_text().replace("x + x", "stuck()"))
    stuck.write_text(stuck.read_text().replace("def f(x)", "def stuck():\\n    while True: pass\\ndef f(x)"))
    running = _started(course, "--timeout", "60")
    deadline = time.monotonic() + 60
    while len(marks(course)) < STUDENTS and time.monotonic() < deadline:
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 130, err
    assert b"Traceback" not in err
    assert f"{STUDENTS} submissions are graded and saved".encode() in err
    assert out == b""
    assert left(course).rows == left(undisturbed.graded).rows
    stuck.unlink()
    stuck.parent.rmdir()
    assert counts(grade(course, "--timeout", "60")) == (0, STUDENTS)
