"""What the grader needs in Gradescope's image: the requirements of `autograder run`, and the versions used here."""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import autograder
from autograder.sandbox.packages import required_distributions

DISTRIBUTION = "backprop-autograder"
EXTRA = 'extra == "instructor"'
# Of the instructor's extra, what only a course with a gradebook needs.
OF_COURSES = ("nbgrader", "sqlalchemy", "backprop-autograder-solutions")
PROJECT = """[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "{name}"
version = "{version}"
requires-python = ">=3.11"
dependencies = [
{dependencies}
]

[project.scripts]
autograder = "autograder.cli.main:run_and_exit"

[tool.setuptools.packages.find]
include = ["autograder*"]

[tool.setuptools.package-data]
"*" = ["**/*"]
"""


class PackagingError(Exception):
    """The grader is not installed in a way that says what it needs; the message says what to do."""


def _name(requirement: str) -> str:
    name = requirement
    for mark in "<>=!~;[ @(":
        name = name.split(mark, 1)[0]
    return name.strip().lower()


def requirements() -> list[str]:
    """Return what grading needs beside the grader itself, as pip reads it. Raises PackagingError."""
    try:
        declared = distribution(DISTRIBUTION).requires or []
    except PackageNotFoundError:
        msg = f"{DISTRIBUTION} is not installed; type: pip install 'backprop-autograder[instructor]'"
        raise PackagingError(msg) from None
    plain = [line for line in declared if "extra ==" not in line]
    plain += [line.split(";")[0].strip() for line in declared if EXTRA in line]
    return [line for line in plain if _name(line) not in OF_COURSES]


def constraints() -> str:
    """Return the versions, installed here, of all that grading needs, as a constraints file of pip's."""
    names = {each for line in requirements() for each in required_distributions(_name(line))}
    # What stands after "+" tells of a build, such as one for a processor, that an index does not have.
    pins = sorted(f"{name}=={distribution(name).version.split('+')[0]}" for name in names)
    return "\n".join(["# The versions that the zip was made with.", *pins]) + "\n"


def project() -> str:
    """Return the pyproject.toml that the grader's own code is installed with."""
    dependencies = "\n".join(f'    "{line}",' for line in requirements())
    return PROJECT.format(name=DISTRIBUTION, version=autograder.__version__, dependencies=dependencies)


def own_files() -> dict[str, Path]:
    """Return the grader's own files, by their names below the folder that holds the package."""
    above = Path(autograder.__file__).resolve().parent
    found = {}
    for path in sorted(above.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
            found[path.relative_to(above.parent).as_posix()] = path
    return found
