"""Modules import only downwards, and what students get imports NumPy alone; the checker itself is tested."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.notebooks import ROOT

ENGINE = ROOT / "autograder"
# From the bottom up. A module may import those of lower rows, and of its own package.
ROWS: tuple[tuple[str, ...], ...] = (
    ("report", "errors"),
    ("extensions", "loading", "user_cache"),
    ("result_data",),
    ("drawing",),
    ("numerics", "callloop"),
    ("checks", "network"),
    ("exercises",),
    ("notebook", "sandbox"),
    ("judge",),
    ("pipeline",),
    ("batch", "course", "durable", "fingerprint", "isolation", "lock", "marks", "secret"),
    ("gradebook", "cluster", "library"),
    ("writers",),
    ("pages",),
    ("gradescope", "lms", "releasing"),
    ("classroom",),
    ("verify",),
    ("authoring",),
    ("testing",),
    ("compat",),
    ("cli", "configuration", "nbgrader_plugin", "pytest_plugin"),
    ("__main__",),
)
ROW_OF = {part: row for row, parts in enumerate(ROWS) for part in parts}
# Stricter than their row: all that these may import of the project.
ONLY = {
    "writers": {"writers", "report"},
    "callloop": {"callloop"},
    "drawing": {"drawing"},
    "numerics": {"numerics", "drawing"},
    "checks": {"checks", "numerics", "drawing"},
    "network": {"network", "drawing"},
    "report": {"report"},
    "result_data": {"result_data", "report"},
    # What it offers is imported when it is asked for.
    "": {"numerics", "checks", "network", "report", "errors", "callloop", "library"},
}
THIRD_PARTY = {
    "": {"numpy"},
    "report": set[str](),
    "drawing": {"numpy"},
    "numerics": {"numpy"},
    "checks": {"numpy"},
    "network": {"numpy"},
    "callloop": {"numpy", "IPython", "traitlets", "matplotlib", "matplotlib_inline", "pandas"},
}


def part_of(module: str) -> str:
    """Return the part of the engine that a module's full name belongs to; "" for the package itself."""
    words = module.split(".")
    return words[1] if len(words) > 1 else ""


def _imported(tree: ast.AST, module: str, *, is_package: bool) -> Iterator[str]:
    """Yield the full name of everything that a module imports, wherever in it."""
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            # `from autograder import judge` imports a module, `from autograder import __version__` a value.
            whole = name == "autograder"
            yield from (
                f"{name}.{alias.name}" if whole and not alias.name.startswith("__") else name for alias in node.names
            )


def faults(module: str, source: str, *, is_package: bool = False) -> list[str]:
    """Return what a module imports that it must not."""
    part, found = part_of(module), []
    for name in _imported(ast.parse(source), module, is_package=is_package):
        top = name.split(".")[0]
        if (
            top == "solutions"
            or (top == "autograder" and not _allowed(part, part_of(name)))
            or (
                top not in ("autograder", "__future__")
                and part in THIRD_PARTY
                and top not in {*sys.stdlib_module_names, *THIRD_PARTY[part]}
            )
        ):
            found.append(f"{module} imports {name}")
    return found


def _allowed(part: str, other: str) -> bool:
    if part in ONLY:
        return other in ONLY[part] or (
            not other and part not in ("callloop", "numerics", "drawing", "checks", "network", "report")
        )
    return other in ("", part) or ROW_OF.get(other, len(ROWS)) < ROW_OF.get(part, 0)


def modules() -> Iterator[tuple[str, Path]]:
    """Yield the engine's modules by their full names."""
    for path in sorted(ENGINE.rglob("*.py")):
        words = ["autograder", *path.relative_to(ENGINE).with_suffix("").parts]
        yield ".".join(words[:-1] if words[-1] == "__init__" else words), path


def test_every_part_of_the_engine_has_its_row() -> None:
    """No module stands outside the rows; a new part must be given its place here."""
    assert {part_of(name) for name, _ in modules()} - {""} <= set(ROW_OF)


def test_modules_import_only_downwards() -> None:
    """Every import of every module, also one within a function, goes down."""
    found = [
        fault
        for name, path in modules()
        for fault in faults(name, path.read_text(), is_package=path.name == "__init__.py")
    ]
    assert found == []


PLANTED = [
    ("autograder.report", "from autograder.numerics import comparison"),
    ("autograder.numerics.differences", "import scipy"),
    ("autograder.numerics.differences", "def f():\n    from autograder.report import Check"),
    ("autograder.drawing.markup", "from autograder.numerics import check_gradient"),
    ("autograder.network.svg", "from autograder.checks import check"),
    ("autograder.checks.checking", "from IPython.display import display"),
    ("autograder.callloop.student", "from autograder.report import Check"),
    ("autograder.callloop.student", "from ..report import Check"),
    ("autograder.callloop.student", "from autograder import judge"),
    ("autograder.exercises.cases", "import autograder.notebook.cells"),
    ("autograder.notebook.cells", "from autograder.judge.session import Session"),
    ("autograder.notebook.cells", "from autograder.sandbox import policy"),
    ("autograder.sandbox.policy", "from autograder.notebook.cells import Cell"),
    ("autograder.judge.session", "from autograder.pipeline import Submission"),
    ("autograder.judge.session", "if False:\n    from .. import writers"),
    ("autograder.pipeline", "from autograder.writers.text import inert"),
    ("autograder.writers.text", "from autograder.pipeline import Graded"),
    ("autograder.writers.text", "from autograder.notebook.reading import Notebook"),
    ("autograder.writers.text", "from autograder.cli.errors import say"),
    ("autograder.batch", "from autograder.secret import seed_for"),
    ("autograder.gradebook", "from autograder.cli.grade import grade"),
    ("autograder.classroom.statistics", "from autograder.cli.grade import grade"),
    ("autograder.cli.run", "from autograder.nowhere import x"),
    ("autograder.judge.tests", "from solutions.ps1_chain_rule import EXERCISES"),
    ("autograder.verify.tables", "from autograder.authoring.cells import exercise_cells"),
    ("autograder.exercises.examination", "from autograder.verify.mutants import mutants"),
    ("autograder", "from autograder.exercises import Exercise"),
    ("autograder", "import pandas"),
]


@pytest.mark.parametrize(("module", "text"), PLANTED)
def test_a_planted_bad_import_is_found(module: str, text: str) -> None:
    """The checker finds an import that goes up, sideways, or to what students do not have."""
    assert len(faults(module, text, is_package=module == "autograder")) == 1


FINE = [
    ("autograder.cli.run", "from autograder.writers.junit import write_junit\nfrom autograder import __version__"),
    ("autograder.judge.session", "from autograder.callloop.frames import Channel\nimport resource"),
    ("autograder.callloop.student", "from .frames import Channel\nimport numpy as np"),
    ("autograder.batch", "from autograder.pipeline import Graded"),
    ("autograder.writers.junit", "from autograder.writers.text import inert\nfrom autograder.report import Report"),
    ("autograder", "from autograder.numerics import check_gradient"),
]


@pytest.mark.parametrize(("module", "text"), FINE)
def test_a_good_import_is_not_called_bad(module: str, text: str) -> None:
    """The checker leaves imports that go down alone."""
    assert faults(module, text, is_package=module == "autograder") == []
