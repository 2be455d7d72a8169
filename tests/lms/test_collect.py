"""`nbgrader zip_collect` of what was downloaded from an LMS: whose it is, which attempt counts, what is left over."""

import csv
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from helpers.command import Ran
from helpers.course import gradebook, nbgrader
from helpers.small_course import RIGHT, WEEK, WRONG, small_course

from autograder.gradebook.grades import Student
from autograder.lms.names import Owner, attempt_of, moment, owner_of
from autograder.lms.people import People, UnknownOwnerError
from autograder.lms.roster import read_roster

CONFIG = """c = get_config()
from autograder.lms import collect_from_lms
collect_from_lms(c)
"""
STUDENTS = {
    "ada": ("Ada", "King"), "zoe": ("Zoë", "O'Neil"), "bob": ("Bob", "Lee"), "max": ("Max", "van Moe"),
    "ann": ("Ann", "Roe"), "pat1": ("Pat", "Twin"), "pat2": ("Pat", "Twin"),
}  # fmt: skip
GOOD, BAD = json.dumps(RIGHT), json.dumps(WRONG)
pytestmark = pytest.mark.xdist_group("collect")


def _zip(path: Path, files: dict[str, str | bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def _downloads(archive: Path, scratch: Path) -> None:
    """Put what three systems let an instructor download into a folder."""
    _zip(archive / "CS1-week1-99.zip", {
        "Ada King_71_assignsubmission_file_/week1.ipynb": GOOD,
        "Ada King_71_assignsubmission_onlinetext_/onlinetext.html": "<p>",
        "Zoë O'Neil_72_assignsubmission_file_/my work (final).ipynb": GOOD,
        "Zoë O'Neil_72_assignsubmission_file_/scratch.ipynb": '{"cells": [], "metadata": {}, "nbformat": 4}',
        "No Body_73_assignsubmission_file_week1.ipynb": BAD,
        "../../../../evil.ipynb": BAD,
    })  # fmt: skip
    nested = _zip(scratch / "hw.zip", {"hw/week1.ipynb": GOOD, "hw/king ada_1_2_week1.ipynb": BAD})
    _zip(archive / "submissions.zip", {
        "leebob_LATE_340934_208490280_week1-1.ipynb": BAD,
        "leebob_LATE_340934_208490284_week1-2.ipynb": GOOD,
        "twinpat_5_6_week1.ipynb": GOOD,
        "roeann_7_8_hw.zip": nested.read_bytes(),
    })  # fmt: skip
    _zip(archive / "week1 Download Jan 7, 2026 900 AM.zip", {
        "12-34 - Max van Moe - Jan 5, 2026 1130 PM/week1.ipynb": BAD,
        "12-34 - Max van Moe - Jan 6, 2026 1205 AM/week1.ipynb": GOOD,
        "index.html": "<p>",
    })  # fmt: skip
    (archive / "notes.txt").write_text("mine")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """A course after the downloads of three systems were collected, with no roster but the gradebook's names."""
    scratch = tmp_path_factory.mktemp("collect")
    course = small_course(scratch / "course", 0, f"{CONFIG}c.LmsCollector.timezone = 'Europe/Berlin'\n")
    with gradebook(course) as book:
        for name, (first, last) in STUDENTS.items():
            book.add_student(name, first_name=first, last_name=last)
    _downloads(course / "downloaded" / WEEK / "archive", scratch)
    return course, nbgrader("zip_collect", WEEK, folder=course)


def _left(course: Path) -> dict[str, str]:
    text = (course / "downloaded" / WEEK / "not-collected.csv").read_text(encoding="utf-8")
    return {row["file"]: row["why"] for row in csv.DictReader(text.splitlines())}


def test_every_systems_files_are_assigned(collected: tuple[Path, Ran]) -> None:
    """By the gradebook's names, each student's last notebook lies where nbgrader expects it, by the right name."""
    course, ran = collected
    assert ran.status == 0, ran.err
    submitted = sorted(
        path.relative_to(course / "submitted").as_posix() for path in (course / "submitted").rglob("*.ipynb")
    )
    assert submitted == [f"{student}/{WEEK}/{WEEK}.ipynb" for student in ("ada", "ann", "bob", "max", "zoe")]
    for path in submitted:
        assert (course / "submitted" / path).read_text() == GOOD, path


def test_the_time_of_a_submission_is_kept_where_the_name_has_it(collected: tuple[Path, Ran]) -> None:
    """Brightspace's time, in the course's time zone, becomes the timestamp that late penalties hang on."""
    course, ran = collected
    assert (course / "submitted" / "max" / WEEK / "timestamp.txt").read_text().startswith("2026-01-05 23:05:00")
    assert not (course / "submitted" / "bob" / WEEK / "timestamp.txt").exists()
    assert "Late, says Canvas, without saying how late, so that no penalty is given: bob" in ran.err


def test_all_that_is_left_over_is_listed_with_why(collected: tuple[Path, Ran]) -> None:
    """Each file of the archives is collected, or in the list and the log with a reason."""
    course, ran = collected
    left = _left(course)
    for part, why in {
        "onlinetext.html": "it is no notebook (.ipynb); it was handed in by Ada King",
        "scratch.ipynb": "zoe's other file, my work (final).ipynb, is the later or the surer one",
        "No Body_73": "the gradebook has no No Body (number 73 there); enter the student's names",
        "evil.ipynb": "its path leads out of the archive",
        "208490280_week1-1.ipynb": "bob's other file",
        "twinpat": "several students of the gradebook are called twinpat: pat1, pat2; give a roster",
        "king ada_1_2_week1.ipynb": "ann's other file",
        "1130 PM/week1.ipynb": "max's other file",
        "index.html": "its name is not one that Moodle, Canvas or Brightspace gives",
        "notes.txt": "its name is not one that",
    }.items():
        (found,) = (name for name in left if part in name)
        assert why in left[found]
        assert f"Not collected: {found}" in ran.err
    assert len(left) == 10
    assert not list(course.parent.rglob("evil.ipynb"))


WORKSHEET = (
    "Identifier,Full name,Email address,Grade,Last modified (submission),Last modified (grade)\n"
    'Participant 71,Ada King,ada@uni.example,,"Monday, 5 January 2026, 10:15 AM",-\n'
)


def test_a_roster_names_even_those_whom_the_lms_hides(tmp_path: Path) -> None:
    """With Moodle's grading worksheet, blind marking's numbers become students, new ones by address, with times."""
    course = small_course(tmp_path / "course", 0, f"{CONFIG}c.LmsCollector.roster = 'worksheet.csv'\n")
    (course / "worksheet.csv").write_text(WORKSHEET)
    _zip(course / "downloaded" / WEEK / "archive" / "a.zip", {
        "Participant_71_assignsubmission_file_/anything.ipynb": GOOD,
        "Participant_72_assignsubmission_file_/week1.ipynb": GOOD,
    })  # fmt: skip
    ran = nbgrader("zip_collect", WEEK, folder=course)
    assert ran.status == 0, ran.err
    folder = course / "submitted" / "ada@uni.example" / WEEK
    assert (folder / f"{WEEK}.ipynb").read_text() == GOOD
    assert (folder / "timestamp.txt").read_text().startswith("2026-01-05 10:15:00")
    assert list(_left(course).values()) == ["neither the roster nor the gradebook has Participant (number 72 there)"]


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name", "number", "file"),
    [
        ("First Last_12_assignsubmission_file_/a.ipynb", "First Last", "12", "a.ipynb"),
        ("First Last_12_assignsubmission_file/sub/a.ipynb", "First Last", "12", "a.ipynb"),
        ("First Last_12_assignsubmission_file_a_b.ipynb", "First Last", "12", "a_b.ipynb"),
        ("last first_12_34_ps1-1.ipynb", "last first", "12", "ps1-1.ipynb"),
        ("lastfirst_LATE_12_34_ps_1_2_x.ipynb", "lastfirst", "12", "ps_1_2_x.ipynb"),
        ("van_dykejo_12_34_a.ipynb", "van_dykejo", "12", "a.ipynb"),
        ("1-2 - A B - C - Sept 5, 2026 1:05 PM - x.ipynb", "A B - C", "", "x.ipynb"),
        ("1-2 - A B - Jan 5, 2026 1000 AM/x.ipynb", "A B", "", "x.ipynb"),
        ("wrap/lastfirst_12_34_a.ipynb", "lastfirst", "12", "a.ipynb"),
        # What a student calls a file is inside what the LMS calls it.
        (
            "A B_1_assignsubmission_file_/C D_2_assignsubmission_file_x.ipynb",
            "A B",
            "1",
            "C D_2_assignsubmission_file_x.ipynb",
        ),
        ("ab_1_2_cd_3_4_x.ipynb", "ab", "1", "cd_3_4_x.ipynb"),
    ],
)
def test_the_names_that_systems_give_are_understood(path: str, name: str, number: str, file: str) -> None:
    """A file's owner is who the LMS says, in the outermost part of its path."""
    found = owner_of(path.split("/"))
    assert found is not None
    assert (found[0].name, found[0].number, found[1]) == (name, number, file)


@pytest.mark.parametrize(
    "path", ["week1.ipynb", "ada/week1.ipynb", "ada_week1.ipynb", "ada_1_week1.ipynb", "1 - Ada/x.ipynb"]
)
def test_other_names_are_not_guessed_at(path: str) -> None:
    """A name without the LMS's numbers belongs to nobody."""
    assert owner_of(path.split("/")) is None


def test_times_and_attempts_are_read() -> None:
    """Noon and midnight, time zones and daylight saving; numbers of further uploads."""
    berlin = ZoneInfo("Europe/Berlin")
    assert moment("Jan 5, 2026 1205 AM", berlin) == datetime(2026, 1, 4, 23, 5, tzinfo=UTC)
    assert moment("July 5, 2026 12:00 PM", berlin) == datetime(2026, 7, 5, 10, tzinfo=UTC)
    assert moment("Jan 5, 2026 13:05", berlin) == datetime(2026, 1, 5, 12, 5, tzinfo=UTC)
    assert moment("Foo 5, 2026 1205 AM", berlin) is None
    assert moment("Feb 31, 2026 1205 AM", berlin) is None
    assert [attempt_of(stem) for stem in ("ps1-2", "ps1 (3)", "ps1(4)", "ps1", "a-b")] == [
        ("ps1", 2), ("ps1", 3), ("ps1", 4), ("ps1", 0), ("a-b", 0),
    ]  # fmt: skip


# --- people ---------------------------------------------------------------------------------------


def _people(folder: Path, text: str, *students: Student) -> People:
    (folder / "r.csv").write_text(text, encoding="utf-8")
    return People(students, read_roster(folder / "r.csv"))


CANVAS = "Student,ID,SIS Login ID,Section\n"


def test_a_roster_gives_the_gradebooks_student_or_a_new_one(tmp_path: Path) -> None:
    """Canvas's number leads to the row, and that to the gradebook's student, else to the login."""
    people = _people(tmp_path, CANVAS + '"King, Ada",5,aking,x\n"Lee, Bob",6,blee,x\n', Student("ada", email="aking"))
    assert people.student(Owner("Canvas", "whatever", "5")) == "ada"
    assert people.student(Owner("Canvas", "whatever", "6")) == "blee"
    assert people.student(Owner("Brightspace", "Bob Lee")) == "blee"


UNKNOWN: list[tuple[str, dict[str, Any], str]] = [
    (
        '"Lee, Bob",6,blee,x\n"Lee, Bob",7,blee2,x\n',
        {"name": "leebob"},
        "several whom this may be: Lee, Bob and Lee, Bob",
    ),
    (
        '"Lee, Bob",6,../blee,x\n',
        {"name": "x", "number": "6"},
        "without a login, number or address that could be an id",
    ),
    ('"Lee, Bob",6,.blee,x\n', {"name": "x", "number": "6"}, "without a login"),
    ('"Lee, Bob",6,blee,x\n', {"name": "anon_x", "number": "7", "hidden": True}, "roster nor the gradebook has anon_x"),
    (
        '"Lee, Bob",6,blee,x\n',
        {"name": "leebo", "number": "66"},
        "neither the roster nor the gradebook has leebo (number 66",
    ),
]


@pytest.mark.parametrize(("rows", "owner", "told"), UNKNOWN)
def test_who_can_not_be_told_is_nobody(tmp_path: Path, rows: str, owner: dict[str, Any], told: str) -> None:
    """Two of a name, an id that is no folder's name, a hidden name and a stranger are refused with why."""
    with pytest.raises(UnknownOwnerError) as refused:
        _people(tmp_path, CANVAS + rows).student(Owner("Canvas", **owner))
    assert told in str(refused.value)


def test_nbgraders_lms_id_is_the_systems_number() -> None:
    """Without a roster, the gradebook's `lms_user_id` finds a student before any name."""
    people = People([Student("a", "Bob", "Lee"), Student("b", "Other", "Name", lms_id="6")], None)
    assert people.student(Owner("Canvas", "leebob", "6")) == "b"
    assert people.student(Owner("Canvas", "leebob", "7")) == "a"
