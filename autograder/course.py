"""A course directory as nbgrader sees it: its configuration, its folders, who submitted what.

nbgrader itself takes seconds to import. What most courses say of their folders is read without it,
and a test holds that both readings agree; whatever else a configuration says is left to nbgrader.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from autograder.loading import LOADING
from autograder.notebook.assignment import COURSE_MARK, CourseError
from autograder.notebook.settings import Settings

NOT_COPIED = (".ipynb_checkpoints", "__pycache__")
# As nbgrader writes it into timestamp.txt; any other form is left to nbgrader's own reading.
_USUAL_TIME = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{6})?)(?: (?:UTC|GMT))?")


class Directory(Protocol):
    """What grading asks of a course's folders; nbgrader's CourseDirectory answers it, too."""

    root: str
    course_id: str
    db_url: str
    source_directory: str
    submitted_directory: str
    autograded_directory: str
    feedback_directory: str
    directory_structure: str
    notebook_id: str

    def format_path(self, nbgrader_step: str, student_id: str, assignment_id: str) -> str:
        """Return the folder of a step for a student's assignment."""
        ...


@dataclass
class PlainDirectory:
    """The folders of a course whose configuration sets nothing but these, to plain texts."""

    root: str
    course_id: str = ""
    db_url: str = ""
    source_directory: str = "source"
    submitted_directory: str = "submitted"
    autograded_directory: str = "autograded"
    release_directory: str = "release"
    feedback_directory: str = "feedback"
    notebook_id: str = "*"
    directory_structure: str = os.path.join("{nbgrader_step}", "{student_id}", "{assignment_id}")  # noqa: PTH118 - a form

    def __post_init__(self) -> None:
        self.root = os.path.abspath(self.root)  # noqa: PTH100 - links stay links, as in nbgrader
        self.course_id = self.course_id.strip()
        self.db_url = self.db_url or f"sqlite:///{self.root}/gradebook.db"

    def format_path(self, nbgrader_step: str, student_id: str, assignment_id: str) -> str:
        """Return the folder of a step for a student's assignment."""
        below = self.directory_structure.format(
            nbgrader_step=nbgrader_step, student_id=student_id, assignment_id=assignment_id
        )
        return os.path.join(self.root, below)  # noqa: PTH118 - "." in the middle stays, as in nbgrader


@dataclass(frozen=True)
class StudentFolder:
    """What one student submitted for one assignment.

    timestamp: when, in UTC without saying so, if the submission says when.
    """

    student: str
    folder: Path
    timestamp: datetime | None


@dataclass(frozen=True)
class Course:
    """A course directory with its nbgrader configuration."""

    root: Path
    config: Config
    directory: Directory

    @property
    def database(self) -> str:
        """The gradebook's URL."""
        return str(self.directory.db_url)

    @property
    def settings(self) -> Settings:
        """Where the instructor's notebooks are, and which tests run on the student's side."""
        there = self.config.GradeInSandbox.get("on_students_side", ())
        allowed = tuple(map(str, there)) if isinstance(there, list | tuple | set) else ()
        directory = self.directory
        root, form = Path(directory.root), directory.directory_structure
        return Settings(root, directory.source_directory, form, directory.notebook_id, allowed)

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Return the folder of a step (submitted, autograded, ...) for a student's assignment."""
        return Path(self.directory.format_path(step, student, assignment))

    def submitted(self, assignment: str, student: str | None = None) -> list[StudentFolder]:
        """Return who submitted an assignment, in order of their ids.

        Raises CourseError if a student is named who did not, or if nobody did.
        """
        step = self.directory.submitted_directory
        above = self.folder(step, ".", ".")
        names = sorted(entry.name for entry in above.iterdir()) if above.is_dir() else []
        found = [
            self._student(name, assignment) for name in names if not name.startswith(".") and student in (None, name)
        ]
        present = [one for one in found if one is not None]
        if not present:
            whose = f"{student}'s submission" if student else "any submission"
            place = self.folder(step, student or "<student>", assignment)
            msg = f"there is not {whose} of {assignment}: nothing in {place}"
            raise CourseError(msg)
        return present

    def _student(self, name: str, assignment: str) -> StudentFolder | None:
        folder = self.folder(self.directory.submitted_directory, name, assignment)
        if not folder.is_dir() or folder.is_symlink():
            return None
        return StudentFolder(name, folder, self.timestamp(folder))

    def timestamp(self, folder: Path) -> datetime | None:
        """Return when a folder was submitted; None if it does not say so, or not in a way that can be read."""
        try:
            text = (folder / "timestamp.txt").read_text().strip()
        except (OSError, ValueError):
            return None
        if usual := _USUAL_TIME.fullmatch(text):
            try:
                return datetime.fromisoformat(usual[1]).replace(tzinfo=UTC).replace(tzinfo=None)
            except ValueError:
                return None
        return _unusual_time(text) if text else None


def _unusual_time(text: str) -> datetime | None:
    """Return a time in any form that nbgrader reads, in UTC; None if it is none."""
    with LOADING:
        from nbgrader.utils import parse_utc

    try:
        found = parse_utc(text)
    except (ValueError, OverflowError, OSError, AttributeError):
        return None
    return found if isinstance(found, datetime) else None


def open_course(root: Path) -> Course:
    """Read a course's nbgrader_config.py. Raises CourseError if it can't be read."""
    try:
        config = PyFileConfigLoader(COURSE_MARK, path=str(root)).load_config()
    except ConfigFileNotFound:
        config = Config()
    except Exception as error:  # noqa: BLE001 - the file is a program, which may raise anything
        msg = f"{root / COURSE_MARK} can't be read: {type(error).__name__}: {error}"
        raise CourseError(msg) from None
    if "root" not in config.CourseDirectory:
        config.CourseDirectory.root = str(root)
    return Course(root, config, _directory(config))


def _directory(config: Config) -> Directory:
    settings = dict(config.CourseDirectory)
    plain = set(settings) <= set(PlainDirectory.__dataclass_fields__)
    if plain and all(isinstance(value, str) for value in settings.values()):
        return PlainDirectory(**settings)
    with LOADING:
        from nbgrader.coursedir import CourseDirectory

    found: Directory = CourseDirectory(config=config)
    return found


def other_files(folder: Path) -> Iterator[Path]:
    """Yield the ordinary files that lie beside a folder's notebooks, in order; links are not followed."""
    for parent, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in NOT_COPIED)
        for name in sorted(files):
            path = Path(parent) / name
            if path.suffix != ".ipynb" and not path.is_symlink() and path.is_file():
                yield path
