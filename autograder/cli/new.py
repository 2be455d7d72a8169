"""`autograder new`: a new problem set in a course, or the cells of what was declared in one since."""

import json
import keyword
import re
from pathlib import Path
from typing import Any

from autograder.authoring import templates
from autograder.authoring.cells import new_notebook, with_cells_of
from autograder.cli.errors import UsageError, in_plain_words, show
from autograder.notebook.assignment import COURSE_MARK, CourseError, find_course
from autograder.verify.bench import CourseFaultError, problem_set_of
from autograder.verify.references import Source, SourceError, source_of
from autograder.writers.files import write_whole

GOOD_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def _check_name(name: str) -> None:
    """Raise UsageError unless a name can be that of a module, a folder and an assignment."""
    if not GOOD_NAME.fullmatch(name) or keyword.iskeyword(name):
        msg = (
            f"{name!r} can't be a problem set's name: it becomes a Python module, so it must be small letters, "
            "digits and _, begin with a letter, and be no word of Python's, such as ps6_outer"
        )
        raise UsageError(msg)


def _place(course: str | None, *, start: bool) -> Path:
    """Return the course's folder, made here if that was asked for."""
    if start:
        place = Path(course or ".").resolve()
        if (place / COURSE_MARK).exists():
            msg = f"{place} is a course already; leave --start out"
            raise UsageError(msg)
        (place / "source").mkdir(parents=True, exist_ok=True)
        write_whole(place / COURSE_MARK, templates.COURSE)
        return place
    found = find_course(course, Path.cwd(), installed=False)
    if found is None:
        msg = "there is no course here; go to one, name one with --course DIR, or make one here with --start"
        raise UsageError(msg)
    return found


def _notebook_path(course: Path, name: str) -> Path:
    return course / "source" / name / f"{name}.ipynb"


def _check_free(course: Path, name: str) -> None:
    """Raise UsageError if there is anything by this name."""
    modules = course / "solutions"
    taken = [modules / f"{name}.py", modules / name, course / "source" / name, course / "tests" / f"test_{name}.py"]
    there = [str(path.relative_to(course)) for path in taken if path.exists()]
    if there:
        msg = f"{name} exists already: {', '.join(there)}; for cells of what you declared since, add --update"
        raise UsageError(msg)


def _source(course: Path, name: str) -> Source:
    try:
        return source_of(problem_set_of(str(course), name))
    except (CourseFaultError, SourceError) as error:
        raise CourseError(str(error)) from error


def _write_notebook(path: Path, notebook: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")


def _made(course: Path, name: str) -> list[Path]:
    """Write a new problem set and return its files."""
    module, test = course / "solutions" / f"{name}.py", course / "tests" / f"test_{name}.py"
    for folder in (module.parent, test.parent):
        folder.mkdir(exist_ok=True)
    package = module.parent / "__init__.py"
    if not package.exists():
        write_whole(package, templates.SOLUTIONS)
    write_whole(module, templates.MODULE.format(name=name))
    write_whole(test, templates.TEST.format(name=name))
    notebook, _ = with_cells_of(new_notebook(name), _source(course, name))
    _write_notebook(_notebook_path(course, name), notebook)
    return [module, _notebook_path(course, name), test]


def _updated(course: Path, name: str) -> list[str]:
    """Add what a set's notebook lacks, and return the names of the exercises that got cells."""
    path = _notebook_path(course, name)
    if not path.is_file():
        msg = f"there is no notebook {path.relative_to(course)} to update; leave --update out to make a new set"
        raise UsageError(msg)
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
        after, added = with_cells_of(before, _source(course, name))
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{path.relative_to(course)} is no notebook of nbformat 4: {error}"
        raise UsageError(msg) from error
    _write_notebook(path, after)
    return added


@in_plain_words
def new(name: str, *, course: str | None, start: bool, update: bool) -> int:
    """Make a new problem set, or add the cells that an existing one lacks, and say what was written.

    Returns the exit status: 0, or 2 if the name is bad or taken, or there is no course.
    """
    _check_name(name)
    if update:
        added = _updated(_place(course, start=False), name)
        show(
            f"cells added for: {', '.join(added)}" if added else "nothing to add: every declared exercise has its cells"
        )
        return 0
    if start:
        _check_free(Path(course or ".").resolve(), name)
    place = _place(course, start=start)
    _check_free(place, name)
    for path in _made(place, name):
        show(f"written: {path.relative_to(place)}")
    show(f"next: autograder verify {name}, then edit the three and verify again")
    return 0
