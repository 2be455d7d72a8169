"""A course directory as nbgrader sees it: its configuration, its folders, who submitted what."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from autograder.notebook.assignment import COURSE_MARK, Assignment, CourseError

NOT_COPIED = (".ipynb_checkpoints", "__pycache__")


@dataclass(frozen=True)
class StudentFolder:
    """What one student submitted for one assignment.

    timestamp: when, if the submission says so.
    """

    student: str
    folder: Path
    timestamp: datetime | None


@dataclass(frozen=True)
class Course:
    """A course directory with its nbgrader configuration."""

    root: Path
    config: Config
    directory: Any

    @property
    def database(self) -> str:
        """The gradebook's URL."""
        return str(self.directory.db_url)

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
            found = self.directory.get_existing_timestamp(str(folder))
        except (ValueError, OverflowError, OSError, AttributeError):
            # nbgrader's own message about a file that holds no time fails with an AttributeError.
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
    return Course(root, config, CourseDirectory(config=config))


def tests_fingerprint(assignments: list[Assignment]) -> str:
    """Return what stands for an assignment's tests: its notebooks, and all of the reference package."""
    digest = hashlib.sha256()
    for assignment in assignments:
        digest.update(assignment.notebook.content)
    courses = {assignment.course for assignment in assignments if assignment.course}
    for path in sorted(path for course in courses for path in (course / "solutions").rglob("*.py")):
        digest.update(f"{path.name}:{path.stat().st_size}:".encode() + path.read_bytes())
    return digest.hexdigest()


def copy_other_files(source: Path, target: Path) -> None:
    """Copy what lies beside the notebooks, ordinary files only, replacing what is there."""
    if not source.is_dir():
        return
    for parent, folders, files in os.walk(source, followlinks=False):
        folders[:] = [name for name in folders if name not in NOT_COPIED]
        for name in files:
            path = Path(parent) / name
            if path.suffix == ".ipynb" or path.is_symlink() or not path.is_file():
                continue
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.unlink(missing_ok=True)
            shutil.copyfile(path, copy)
