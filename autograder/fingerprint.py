"""What a result hangs on, as digests: the submission, the tests and what they import, this environment."""

import ast
import hashlib
import os
import re
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path

from autograder import __version__
from autograder.extensions import CHECKS
from autograder.notebook.assignment import Assignment
from autograder.notebook.sources import parsed

ENGINE = Path(__file__).resolve().parent
# What students may import, and what may change a value that a test sees.
ENVIRONMENT = ("numpy", "scipy", "pandas", "matplotlib", "ipython", "autograd")
_DISTRIBUTION = re.compile(r"([A-Za-z0-9._]+)-[^-]+\.dist-info")
# Words of a module that may import or read what no look at its text can tell.
_UNFORESEEABLE = re.compile(r"__import__|import_module|\bexec\(|\beval\(|runpy")
BLOCK = 1 << 20
SOLUTIONS = "solutions"


def digest_of(*parts: str | bytes) -> str:
    """Return a digest in which no two lists of parts are alike."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        digest.update(f"{len(data)}:".encode() + data)
    return digest.hexdigest()


def file_digest(path: Path) -> str:
    """Return the digest of a file's content, or "" if it can't be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def files_digest(paths: Iterable[Path], above: Path) -> str:
    """Return a digest of files by their names below a folder and their contents."""
    parts = [part for path in paths for part in (str(path.relative_to(above)), file_digest(path))]
    return digest_of(*parts)


@cache
def environment_digest() -> str:
    """Return what stands for this program, this Python and the packages that bear on a result."""
    engine = files_digest(sorted(ENGINE.rglob("*.py")), ENGINE)
    found = set()
    for folder in dict.fromkeys(sys.path):
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - names are all that is wanted
        except OSError:
            continue
        for name in names:
            match = _DISTRIBUTION.fullmatch(name)
            if match and (match[1].lower() in ENVIRONMENT or _adds_checks(folder, name)):
                found.add(name.lower())
    return digest_of(engine, sys.version, *sorted(found))


def _adds_checks(folder: str, name: str) -> bool:
    """Tell whether an installed package has checks of its own, which bear on every result."""
    try:
        with open(f"{folder or '.'}/{name}/entry_points.txt", "rb") as file:  # noqa: PTH123 - in a hundred folders
            return CHECKS.encode() in file.read()
    except OSError:
        return False


def environment_facts() -> dict[str, str]:
    """Return the versions that two machines must share for their results to be the same, by name.

    The program's holds a digest of its text, so that a checkout is not taken for another.
    """
    # Imported here, because looking whether anything is to do should not wait for it.
    from importlib.metadata import PackageNotFoundError, version

    facts = {"backprop-autograder": f"{__version__} ({files_digest(sorted(ENGINE.rglob('*.py')), ENGINE)[:12]})"}
    facts["Python"] = f"{sys.version_info.major}.{sys.version_info.minor}"
    for name in ENVIRONMENT:
        try:
            facts[name] = version(name)
        except PackageNotFoundError:
            facts[name] = "none"
    return facts


def _imports(text: str, package: str) -> set[str]:
    """Return the full names of all modules that a text may import.

    package: of the module, which relative imports start from.
    """
    try:
        tree = parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            words = package.split(".") if package else []
            above = words[: len(words) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names.update({base} if base else set())
            names.update(f"{base}.{alias.name}".strip(".") for alias in node.names)
    return names


class _Imported:
    """The files of a course that tests import, directly or through one another.

    Beside the reference solutions, what is installed stands for itself by its version.
    """

    def __init__(self, roots: Sequence[Path], course: Path | None) -> None:
        self.roots, self.course = roots, course
        self.files: set[Path] = set()
        self._seen: set[str] = set()

    def follow(self, text: str, package: str = "") -> None:
        """Add what a text imports, and what that imports."""
        for name in sorted(_imports(text, package)):
            words = name.split(".")
            for length in range(1, len(words) + 1):
                self._add(".".join(words[:length]))

    def _add(self, name: str) -> None:
        if name in self._seen:
            return
        self._seen.add(name)
        for root in self.roots:
            if root != self.course and name.partition(".")[0] != SOLUTIONS:
                continue
            base = root.joinpath(*name.split("."))
            for path, package in ((base / "__init__.py", name), (base.with_suffix(".py"), name.rpartition(".")[0])):
                if path.is_file():
                    self._add_file(path, package, root)
                    return

    def _add_file(self, path: Path, package: str, root: Path) -> None:
        self.files.add(path)
        text = path.read_text(encoding="utf-8", errors="replace")
        if package:
            # Tables and the like that a package keeps beside its modules.
            beside = (one for one in path.parent.iterdir() if one.is_file() and one.suffix not in (".py", ".pyc"))
            self.files.update(beside)
        if package and _UNFORESEEABLE.search(text):
            self.files.update((root / package.split(".", maxsplit=1)[0]).rglob("*.py"))
        self.follow(text, package)


def _solutions_roots(course: Path | None) -> list[Path]:
    """Return the folders that tests import the course's modules from."""
    roots = [course] if course else []
    if course is not None and (course / SOLUTIONS).is_dir():
        return roots
    spec = PathFinder.find_spec(SOLUTIONS)
    return [*roots, *(Path(place).parent for place in (spec.submodule_search_locations or [] if spec else []))]


def course_modules(assignments: Sequence[Assignment]) -> dict[str, Path]:
    """Return the files of the course that an assignment's tests import, and what lies beside them in packages.

    Their names are relative to the folder that they are imported from. The engine is not among them.
    """
    course = next((assignment.course for assignment in assignments if assignment.course), None)
    found: dict[str, Path] = {}
    for root in reversed(_solutions_roots(course)):
        imported = _Imported([root], course)
        for assignment in assignments:
            for cell in assignment.cells:
                if cell.kind == "code":
                    imported.follow(cell.source)
        for path in imported.files:
            name = path.relative_to(root)
            top = name.parts[0].removesuffix(".py")
            # Of the folder that holds what is installed, nothing else is the course's.
            if top == SOLUTIONS or (root == course and top != ENGINE.name):
                found[name.as_posix()] = path
    return found


def tests_digest(assignments: Sequence[Assignment], beside: Sequence[Path]) -> str:
    """Return what stands for an assignment's tests: its notebooks, and what they import from the course.

    beside: other files that belong to the assignment.
    """
    parts: list[str | bytes] = []
    for assignment in assignments:
        parts += [assignment.notebook_name, assignment.notebook.content]
    course = next((assignment.course for assignment in assignments if assignment.course), None)
    imported = _Imported(_solutions_roots(course), course)
    for assignment in assignments:
        for cell in assignment.cells:
            if cell.kind == "code":
                imported.follow(cell.source)
    for path in sorted({*imported.files, *beside}):
        parts += [path.name, file_digest(path)]
    return digest_of(*parts)
