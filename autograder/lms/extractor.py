"""A plugin for `nbgrader zip_collect` that opens archives which strangers may have made.

An entry is written only below the folder it belongs to, as an ordinary file, and only so many bytes of it, whatever its
header says of its size. What is refused is listed.
"""

import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from nbgrader.plugins import ExtractorPlugin
from traitlets import Int

from autograder.callloop.limits import MEGABYTE, Limits
from autograder.lms.leftovers import note_refused

CHUNK = 1024 * 1024
UTF8_NAME, ENCRYPTED = 0x800, 0x1
# An archive within the LMS's archive is a student's; one within that is looked into, too, and no further.
DEEPEST = 3
SYSTEM_FILES = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
OTHER_ARCHIVES = (".gz", ".tgz", ".tar", ".rar", ".7z", ".bz2", ".xz")


class RefusedError(Exception):
    """An archive or an entry is not taken; the message says why."""


@dataclass
class Budget:
    """How much may still be written. entries: files. most: bytes in all."""

    entries: int
    most: int


@dataclass
class Refused:
    """What was not extracted: each file, and why."""

    files: list[tuple[str, str]] = field(default_factory=list)


def entry_name(facts: zipfile.ZipInfo) -> str:
    """Return an entry's name; older programs write UTF-8 without saying so."""
    if facts.flag_bits & UTF8_NAME:
        return facts.filename
    try:
        return facts.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return facts.filename


def safe_place(name: str) -> PurePosixPath:
    """Return where an entry goes, below the folder of its archive. Raises RefusedError if it would go elsewhere."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or ":" in path.parts[0][:2]:
        msg = "its path leads out of the archive"
        raise RefusedError(msg)
    return path


def _refuse_kinds(facts: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(facts.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        msg = "it is a link or a device, not a file"
        raise RefusedError(msg)
    if facts.flag_bits & ENCRYPTED:
        msg = "it is encrypted"
        raise RefusedError(msg)


class LmsExtractor(ExtractorPlugin):  # type: ignore[misc]
    """Extracts what an LMS made, and archives that students uploaded, within limits."""

    max_file_bytes = Int(Limits().notebook_bytes, help="The largest file that is taken.").tag(config=True)
    max_archive_bytes = Int(8192 * MEGABYTE, help="What an archive may hold in all, unpacked.").tag(config=True)
    max_student_bytes = Int(256 * MEGABYTE, help="What an archive within an archive may hold.").tag(config=True)
    max_entries = Int(100_000, help="How many files an archive may hold.").tag(config=True)
    max_student_entries = Int(1000, help="How many files an archive within an archive may hold.").tag(config=True)

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Take every file and every archive of one folder to another; list what is refused."""
        source, target, refused = Path(archive_path), Path(extracted_path), Refused()
        for path in sorted(source.rglob("*")):
            name = path.relative_to(source).as_posix()
            if path.is_dir() and not path.is_symlink():
                continue
            try:
                self._take(path, target / name, name, refused)
            except RefusedError as error:
                refused.files.append((name, str(error)))
        note_refused(target, refused.files, self.log)

    def _take(self, path: Path, target: Path, name: str, refused: Refused) -> None:
        if path.is_symlink() or not path.is_file():
            msg = "it is a link or a device, not a file"
            raise RefusedError(msg)
        if path.suffix.lower() == ".zip":
            self.log.info("Extracting from: %s", path)
            budget = Budget(self.max_entries, self.max_archive_bytes)
            self._unzip(path, target.with_suffix(""), name, refused, budget, 1)
            return
        if path.suffix.lower() in OTHER_ARCHIVES:
            msg = "only .zip archives are opened; unpack it here"
            raise RefusedError(msg)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)

    def _unzip(self, path: Path, target: Path, name: str, refused: Refused, budget: Budget, depth: int) -> None:
        """Extract an archive, and those in it. Raises RefusedError if it is none, or too large."""
        try:
            with zipfile.ZipFile(path) as archive:
                entries = [facts for facts in archive.infolist() if not facts.is_dir()]
                if len(entries) > budget.entries:
                    msg = f"it holds more than {budget.entries} files"
                    raise RefusedError(msg)
                for inner, written in self._entries(archive, entries, target, name, refused, budget):
                    if written.suffix.lower() == ".zip":
                        self._inner(written, inner, refused, depth)
        except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, OSError, RuntimeError, ValueError):
            msg = "it is no .zip archive that can be read"
            raise RefusedError(msg) from None

    def _inner(self, path: Path, name: str, refused: Refused, depth: int) -> None:
        """Extract an archive that a student made, and remove it."""
        if depth >= DEEPEST:
            refused.files.append((name, "it is an archive in an archive in an archive"))
            path.unlink()
            return
        try:
            budget = Budget(self.max_student_entries, self.max_student_bytes)
            self._unzip(path, path.with_suffix(""), name, refused, budget, depth + 1)
        except RefusedError as error:
            refused.files.append((name, str(error)))
        path.unlink()

    def _entries(
        self, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], target: Path, name: str, refused: Refused,
        budget: Budget,
    ) -> Iterator[tuple[str, Path]]:  # fmt: skip
        """Write entries; yield each one's name for messages, and its file."""
        for facts in entries:
            inside = entry_name(facts)
            shown = f"{name}/{inside}"
            if set(PurePosixPath(inside).parts) & set(SYSTEM_FILES):
                refused.files.append((shown, "it is a file of the operating system's"))
                continue
            try:
                _refuse_kinds(facts)
                place = target / safe_place(inside)
                self._write(archive, facts, place, budget)
            except RefusedError as error:
                refused.files.append((shown, str(error)))
                if budget.most <= 0:
                    raise
                continue
            yield shown, place

    def _write(self, archive: zipfile.ZipFile, facts: zipfile.ZipInfo, place: Path, budget: Budget) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            msg = "a file of that name is there already"
            raise RefusedError(msg)
        written = 0
        with archive.open(facts) as source, place.open("xb") as file:
            while chunk := source.read(CHUNK):
                written += len(chunk)
                budget.most -= len(chunk)
                if written > self.max_file_bytes or budget.most <= 0:
                    break
                file.write(chunk)
        if budget.most <= 0:
            place.unlink()
            msg = "the archive holds too much; nothing further of it was taken"
            raise RefusedError(msg)
        if written > self.max_file_bytes:
            place.unlink()
            msg = f"it is larger than {self.max_file_bytes // MEGABYTE} MB"
            raise RefusedError(msg)
