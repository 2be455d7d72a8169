"""A plugin for `nbgrader zip_collect`: whose each downloaded file is, which notebook, and which attempt counts.

nbgrader asks file by file and stops where two are alike; here all files are looked at before the first answer, so that
of several attempts the last is taken, and what can't be assigned is listed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nbgrader.plugins import FileNameCollectorPlugin
from traitlets import TraitError, Unicode, validate

from autograder.callloop.limits import Limits
from autograder.gradebook.errors import GradebookError
from autograder.gradebook.grades import connected, students_in
from autograder.lms.leftovers import note_left
from autograder.lms.moodle import submission_time
from autograder.lms.names import Owner, attempt_of, moment, owner_of
from autograder.lms.people import People, UnknownOwnerError
from autograder.lms.roster import RosterError, read_roster
from autograder.notebook.assignment import Assignment, CourseError, load_assignments
from autograder.notebook.reading import NotebookError, read_notebook
from autograder.writers.text import inert

ENDING = ".ipynb"
# How a file is known to be a notebook of the assignment, the surest first.
BY_NAME, BY_TESTS, AS_THE_ONLY_ONE = 2, 1, 0


@dataclass(frozen=True)
class Candidate:
    """One file that may be collected.

    notebook: of the assignment's, without its ending. sure: how that is known. attempt: from the file's name.
    """

    path: Path
    owner: Owner
    student: str
    notebook: str
    sure: int
    attempt: int
    when: datetime | None

    @property
    def rank(self) -> tuple[float, int, int, int]:
        """What the last and surest of several is the greatest by."""
        return (self.when.timestamp() if self.when else 0.0, self.sure, self.owner.attachment, self.attempt)


def which_notebook(path: Path, called: str, assignments: Sequence[Assignment]) -> tuple[str, int, int] | None:
    """Return which notebook of an assignment a file is, how that is known, and the number of the upload; None for none.

    called: what the student called the file.
    """
    stem = called.removesuffix(ENDING)
    names = {one.notebook_name.casefold(): one.notebook_name for one in assignments}
    for text, attempt in ((stem, 0), attempt_of(stem)):
        if text.casefold() in names:
            return names[text.casefold()], BY_NAME, attempt
    try:
        ids = {cell.grade_id for cell in read_notebook(path, Limits().notebook_bytes).cells}
    except NotebookError:
        ids = set()
    having = [one for one in assignments if ids & set(one.tests)]
    if having:
        best = max(having, key=lambda one: len(ids & set(one.tests)))
        return best.notebook_name, BY_TESTS, attempt_of(stem)[1]
    return (assignments[0].notebook_name, AS_THE_ONLY_ONE, attempt_of(stem)[1]) if len(assignments) == 1 else None


class LmsCollector(FileNameCollectorPlugin):  # type: ignore[misc]
    """Collects what was downloaded from Moodle, Canvas or Brightspace; needs no `named_regexp`."""

    roster = Unicode("", help="What the LMS exported: who is who there.").tag(config=True)
    timezone = Unicode("UTC", help="The time zone of the times in Brightspace's and Moodle's files.").tag(config=True)

    @validate("timezone")
    def _zone_exists(self, proposal: dict[str, str]) -> str:
        try:
            ZoneInfo(proposal["value"])
        except (ZoneInfoNotFoundError, ValueError):
            msg = f"LmsCollector.timezone: there is no time zone {proposal['value']!r}; a name is such as Europe/Berlin"
            raise TraitError(msg) from None
        return proposal["value"]

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Return whose an extracted file is, and which notebook; None for what is not collected."""
        if not hasattr(self, "_plan"):
            self._plan = self._planned()
        return self._plan.get(Path(submitted_file))

    def _planned(self) -> dict[Path, dict[str, str]]:
        """Look at every extracted file; list those that are not collected; return the answers for the others."""
        app = self.parent
        extracted = Path(app._format_collect_path(app.extracted_directory))  # noqa: SLF001 - nbgrader has no other way
        assignments = self._assignments()
        people = self._people()
        left: list[tuple[str, str]] = []
        candidates: list[Candidate] = []
        for path in sorted(one for one in extracted.rglob("*") if not one.is_dir()):
            try:
                candidates.append(self._candidate(path, path.relative_to(extracted), people, assignments))
            except UnknownOwnerError as error:
                left.append((path.relative_to(extracted).as_posix(), str(error)))
        chosen, others = last_attempts(candidates)
        left += [(one.path.relative_to(extracted).as_posix(), why) for one, why in others]
        note_left(extracted, sorted(left), self.log)
        self._tell_late(chosen)
        return {one.path: _answer(one) for one in chosen}

    def _assignments(self) -> list[Assignment]:
        directory = self.parent.coursedir
        try:
            return load_assignments(Path(directory.root), directory.assignment_id)
        except CourseError as error:
            self.parent.fail(str(error))
            raise

    def _people(self) -> People:
        directory = self.parent.coursedir
        try:
            with connected(directory.db_url, Path(directory.root)) as connection:
                students = students_in(connection)
        except GradebookError as error:
            self.log.info("No students are known by the gradebook: %s", error)
            students = {}
        try:
            roster = read_roster(Path(directory.root, self.roster)) if self.roster else None
        except RosterError as error:
            self.parent.fail(str(error))
            raise
        return People(students.values(), roster)

    def _candidate(self, path: Path, below: Path, people: People, assignments: Sequence[Assignment]) -> Candidate:
        """Return what a file may be collected as. Raises UnknownOwnerError if it is none."""
        found = owner_of(below.parts)
        if found is None:
            msg = "its name is not one that Moodle, Canvas or Brightspace gives"
            raise UnknownOwnerError(msg)
        owner, called = found
        if path.suffix != ENDING:
            msg = f"it is no notebook ({ENDING}); it was handed in by {owner.name}"
            raise UnknownOwnerError(msg)
        student = people.student(owner)
        notebook = which_notebook(path, called, assignments)
        if notebook is None:
            wanted = ", ".join(one.notebook_name for one in assignments)
            msg = f"{student}'s file is none of the notebooks {wanted}, by its name and by its tests"
            raise UnknownOwnerError(msg)
        zone = ZoneInfo(self.timezone)
        when = moment(owner.when, zone) if owner.when else submission_time(people.roster, owner.number, zone)
        name, sure, attempt = notebook
        return Candidate(path, owner, student, name, sure, attempt, when)

    def _tell_late(self, chosen: Iterable[Candidate]) -> None:
        late = sorted({one.student for one in chosen if one.owner.late and one.when is None})
        if late:
            told = ", ".join(map(inert, late))
            self.log.warning("Late, says Canvas, without saying how late, so that no penalty is given: %s", told)


def last_attempts(candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[tuple[Candidate, str]]]:
    """Return the last attempt of each student at each notebook, and the others with why not.

    Where two could be the last, none is taken.
    """
    groups: dict[tuple[str, str], list[Candidate]] = {}
    for one in candidates:
        groups.setdefault((one.student, one.notebook), []).append(one)
    chosen: list[Candidate] = []
    others: list[tuple[Candidate, str]] = []
    for (student, _), group in groups.items():
        group.sort(key=lambda one: one.rank)
        last = group[-1]
        alike = [one for one in group if one.rank == last.rank]
        if len(alike) > 1:
            names = " and ".join(one.path.name for one in alike)
            others += [(one, f"{student} handed in {names}, and nothing tells which counts") for one in alike]
        else:
            chosen.append(last)
        earlier = [one for one in group if one.rank != last.rank]
        others += [(one, f"{student}'s other file, {last.path.name}, is the later or the surer one") for one in earlier]
    return chosen, others


def _answer(one: Candidate) -> dict[str, str]:
    answer = {"student_id": one.student, "file_id": one.notebook}
    return answer | ({"timestamp": one.when.strftime("%Y-%m-%d %H:%M:%S UTC")} if one.when else {})
