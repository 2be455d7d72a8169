"""What a course's nbgrader_config.py says of its folders and of its tests, read without running it.

`autograder run` may be called anywhere, and a configuration is a program. So only plain values that are assigned
to a setting are read here; commands that work on a course read all of it, as nbgrader does.
"""

import ast
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

CONFIGURATION = "nbgrader_config.py"
FOLDERS = ("source_directory", "directory_structure", "root", "notebook_id")
USE = "use_sandbox"


@dataclass(frozen=True)
class Settings:
    """Where an instructor's notebooks are, and which of their tests run on the student's side.

    on_students_side: patterns such as "ps3/test_spark", of the assignment's name and the cell's grade_id.
    """

    root: Path
    source_directory: str = "source"
    directory_structure: str = "{nbgrader_step}/{student_id}/{assignment_id}"
    notebook_id: str = "*"
    on_students_side: tuple[str, ...] = field(default=())

    def folder(self, assignment: str) -> Path:
        """Return the folder of an assignment's notebooks; of all assignments for the name ""."""
        below = self.directory_structure.format(
            nbgrader_step=self.source_directory, student_id=".", assignment_id=assignment or "."
        )
        return self.root / below

    def allows(self, assignment: str, grade_id: str) -> bool:
        """Tell whether a test is to run on the student's side."""
        return any(fnmatchcase(f"{assignment}/{grade_id}", pattern) for pattern in self.on_students_side)


def settings_of(course: Path) -> Settings:
    """Return what a course's configuration says in plain values; where there is none, what nbgrader assumes."""
    try:
        text = (course / CONFIGURATION).read_text(encoding="utf-8")
    except (OSError, ValueError):
        text = ""
    return _read(course, text)


@lru_cache(maxsize=64)
def _read(course: Path, text: str) -> Settings:
    found = Settings(course)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Attribute):
            owner, name = ast.unparse(node.targets[0].value), node.targets[0].attr
            found = _with(found, owner.rpartition(".")[2], name, node.value)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == USE:
            for keyword in node.keywords:
                found = _with(found, "GradeInSandbox", keyword.arg or "", keyword.value)
    return found


def _with(settings: Settings, owner: str, name: str, value: ast.expr) -> Settings:
    try:
        told = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return settings
    if owner == "CourseDirectory" and name in FOLDERS and isinstance(told, str):
        if name == "root":
            return replace(settings, root=settings.root / told)
        values: dict[str, Any] = {name: told}
        return replace(settings, **values)
    if owner == "GradeInSandbox" and name == "on_students_side" and isinstance(told, list | tuple | set):
        return replace(settings, on_students_side=tuple(str(one) for one in told))
    return settings
