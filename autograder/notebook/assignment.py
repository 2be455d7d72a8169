"""An assignment: the instructor's pristine notebook, and where courses keep theirs."""

import os
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from autograder.callloop.limits import Limits
from autograder.errors import GradingError
from autograder.notebook.cells import Cell
from autograder.notebook.examples import examples_in
from autograder.notebook.filled import Place, filled_places
from autograder.notebook.keeping import keeping_functions
from autograder.notebook.purity import pure_functions
from autograder.notebook.reading import Notebook, NotebookError, read_notebook
from autograder.notebook.settings import CONFIGURATION, Settings, settings_of
from autograder.notebook.sources import (
    bound_names,
    class_names,
    definitions,
    derived_names,
    global_names,
    imported_names,
    perhaps_data,
)

COURSE_VARIABLE = "AUTOGRADER_COURSE"
COURSE_MARK = CONFIGURATION
# Of the files that lie beside a notebook, as many as a scratch folder has room for.
MOST_BESIDE, MOST_BESIDE_BYTES = 200, 32 * 1024 * 1024
# Folders of a course that hold what students made.
OF_STUDENTS = ("submitted", "autograded", "feedback", "downloaded")


class CourseError(GradingError):
    """There is no such course or assignment; the message says where was looked and what to do."""


@dataclass(frozen=True)
class Assignment:
    """One notebook of an assignment, as the instructor wrote it.

    name: the assignment's. notebook_name: the file's, without its ending. course: the folder that
    tests import `solutions` from, or None. beside: other files of the assignment, by path, such as data.
    on_students_side: ids of the tests that are to run where the student's code could forge what comes of them.
    """

    name: str
    notebook_name: str
    notebook: Notebook
    course: Path | None
    beside: tuple[tuple[str, bytes], ...] = ()
    on_students_side: frozenset[str] = frozenset()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The pristine cells."""
        return self.notebook.cells

    @cached_property
    def locked(self) -> dict[str, Cell]:
        """The instructor's cells by grade_id."""
        return {cell.grade_id: cell for cell in self.cells if cell.is_locked}

    @cached_property
    def tests(self) -> dict[str, Cell]:
        """The cells that are graded by running them, by grade_id."""
        return {cell.grade_id: cell for cell in self.cells if cell.is_test and cell.grade_id}

    @cached_property
    def solutions(self) -> dict[str, Cell]:
        """The cells that students write in, by grade_id."""
        return {cell.grade_id: cell for cell in self.cells if cell.is_solution and cell.grade_id}

    @cached_property
    def plain_texts(self) -> frozenset[str]:
        """The text of the code cells that students may change and are not asked to."""
        return frozenset(
            cell.source for cell in self.cells if cell.kind == "code" and not (cell.is_locked or cell.is_solution)
        )

    @property
    def needs_manual(self) -> tuple[str, ...]:
        """The grade_ids of the cells that a person must grade."""
        return tuple(cell.grade_id for cell in self.cells if cell.is_manual and cell.grade_id)

    @property
    def max_score(self) -> float:
        """The points that can be earned without a person's judgment."""
        return sum(cell.points for cell in self.tests.values())

    @cached_property
    def bound_names(self) -> tuple[str, ...]:
        """Every name that the pristine notebook binds or asks for."""
        names = {name for cell in self.cells if cell.kind == "code" for name in bound_names(cell.source)}
        return tuple(sorted(names | set(self.solution_names)))

    @cached_property
    def imported_names(self) -> frozenset[str]:
        """Every name that the pristine notebook binds by an import."""
        return frozenset().union(*(imported_names(cell.source) for cell in self.cells if cell.kind == "code"))

    @cached_property
    def solution_names(self) -> tuple[str, ...]:
        """The names that students are asked to define: those that solution cells bind or declare global, and their ids.

        What a solution cell only imports stays what it is.
        """
        names: set[str] = set()
        for grade_id, cell in self.solutions.items():
            names |= {grade_id} if grade_id.isidentifier() else set()
            names |= bound_names(cell.source, imports=False) | global_names(cell.source)
        return tuple(sorted(names))

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """The names of the classes that students are asked to define, by the instructor's own version."""
        found = (class_names(cell.source) for cell in self.solutions.values())
        return tuple(sorted(frozenset().union(*found)))

    @cached_property
    def pure_names(self) -> tuple[str, ...]:
        """The functions that leave their arguments alone in the instructor's own version, as far as its text says."""
        return tuple(sorted(pure_functions(cell.source for cell in self.solutions.values())))

    @cached_property
    def keeping_names(self) -> tuple[str, ...]:
        """The functions that keep what they are given outside themselves, in the instructor's own version."""
        return tuple(sorted(keeping_functions(cell.source for cell in self.solutions.values())))

    @cached_property
    def examples(self) -> tuple[str, ...]:
        """The examples in the docstrings of the instructor's own version."""
        return tuple(one for cell in self.solutions.values() for one in examples_in(cell.source))

    @cached_property
    def filled(self) -> tuple[Place, ...]:
        """What the instructor's cells and modules keep that the students' cells are to fill."""
        modules = [
            (name[:-3].removesuffix("/__init__").replace("/", "."), text.decode(errors="replace"))
            for name, text in self.beside
            if name.endswith(".py")
        ]
        own = [cell.source for cell in self.cells if cell.kind == "code" and not cell.is_test and not cell.is_solution]
        return tuple(sorted(filled_places(own, modules, (cell.source for cell in self.solutions.values()))))

    @cached_property
    def definitions_before(self) -> dict[str, tuple[str, ...]]:
        """What the grader's side must define before each locked code cell, by its grade_id.

        The text of plain cells in a submission is the student's, so the definitions that tests use are
        taken from the instructor's version; from solution cells only the imports are.
        """
        waiting: list[str] = []
        found: dict[str, tuple[str, ...]] = {}
        for cell in self.cells:
            if cell.kind != "code":
                continue
            if cell.is_locked:
                found[cell.grade_id], waiting = tuple(waiting), []
                continue
            text = definitions(
                cell.source,
                imports_only=cell.is_solution,
                without=self.solution_names,
                imported=self.imported_names,
            )
            waiting += [text] if text else []
        return found

    @cached_property
    def own_names(self) -> tuple[str, ...]:
        """The functions, classes and imports of the instructor's own cells, which no student's takes the place of.

        A class that is derived from one of the student's may live on their side only.
        """
        names: set[str] = set()
        for cell in self.cells:
            if cell.kind == "code":
                text = definitions(cell.source, imports_only=cell.is_solution, imported=self.imported_names)
                names |= bound_names(text) - derived_names(text, self.solution_names) - perhaps_data(text)
        return tuple(sorted(names - set(self.solution_names)))

    def exercise_name(self, grade_id: str) -> str:
        """Return `<f>` for a cell `test_<f>` whose solution cell is `<f>`, else the id itself."""
        function = grade_id.removeprefix("test_")
        return function if function != grade_id and function in self.solutions else grade_id


def installed_course() -> Path | None:
    """Return the folder of the sets that are installed with the grader, or None."""
    spec = find_spec("solutions")
    places = list(spec.submodule_search_locations or []) if spec else []
    for place in map(Path, places):
        for course in (place / "course", place.parent):
            if (course / "source").is_dir():
                return course
    return None


def _courses_around(start: Path) -> list[Path]:
    """Return the folders at and above one that are laid out as a course, the nearest first."""
    marked = [folder for folder in (start, *start.parents) if os.access(folder / COURSE_MARK, os.R_OK)]
    return [folder for folder in marked if os.access(settings_of(folder).folder("") / ".", os.R_OK | os.X_OK)]


def find_course(given: str | None, start: Path, *, installed: bool = True) -> Path | None:
    """Return the course's folder: the given one, the variable's, the nearest parent's, the installed.

    installed: whether the sets that are installed with the grader will do.
    Raises CourseError if a course was named that is none.
    """
    named = given or os.environ.get(COURSE_VARIABLE)
    if named:
        course = Path(named).resolve()
        source = settings_of(course)
        if not os.access(source.folder(""), os.R_OK | os.X_OK):
            whence = "--course" if given else COURSE_VARIABLE
            name = source.source_directory
            msg = f"{whence}: {course} is no course: it has no folder {name!r}, with assignments, that you can read"
            raise CourseError(msg)
        return course
    found = _courses_around(start.resolve())
    # What lies among submissions is a student's, whatever it calls itself; its modules would be the tests'.
    for inner, *outer in (found[place:] for place in range(len(found))):
        if not any(inner.is_relative_to(course / name) for course in outer for name in OF_STUDENTS):
            return inner
    return installed_course() if installed else None


def assignment_names(course: Path, settings: Settings | None = None) -> list[str]:
    """Return the names of a course's assignments."""
    folders = sorted((settings or settings_of(course)).folder("").iterdir())
    return [folder.name for folder in folders if folder.is_dir() and any(folder.glob("*.ipynb"))]


def load_assignments(course: Path, name: str, settings: Settings | None = None) -> list[Assignment]:
    """Return the notebooks of one assignment.

    settings: what the course's configuration says; by default, what can be read of it without running it.
    Raises CourseError if there is no such assignment or one of its notebooks can't be read.
    """
    settings = settings or settings_of(course)
    folder = settings.folder(name)
    pattern = f"{settings.notebook_id}.ipynb"
    paths = sorted(folder.glob(pattern)) if name and "/" not in name and folder.is_dir() else []
    if not paths:
        known = ", ".join(assignment_names(course, settings)) or "none"
        msg = f"there is no assignment {name!r} in {settings.folder('')}; there are: {known}"
        raise CourseError(msg)
    beside = files_beside(folder)
    loaded = []
    for path in paths:
        try:
            found = Assignment(name, path.stem, read_notebook(path, Limits().notebook_bytes), course, beside)
        except NotebookError as error:
            msg = f"the instructor's notebook {path} {error}"
            raise CourseError(msg) from None
        allowed = frozenset(grade_id for grade_id in found.tests if settings.allows(name, grade_id))
        loaded.append(replace(found, on_students_side=allowed))
    return loaded


def files_beside(folder: Path) -> tuple[tuple[str, bytes], ...]:
    """Return the ordinary files beside a folder's notebooks, by their paths, up to what a submission can be given."""
    found: list[tuple[str, bytes]] = []
    room = MOST_BESIDE_BYTES
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(one for one in folders if not one.startswith((".", "__")))
        for name in sorted(names):
            path = Path(parent) / name
            if name.startswith(".") or path.suffix in (".ipynb", ".pyc") or path.is_symlink() or not path.is_file():
                continue
            size = path.stat().st_size
            if size <= room and len(found) < MOST_BESIDE:
                room -= size
                found.append((path.relative_to(folder).as_posix(), path.read_bytes()))
    return tuple(found)
