"""The first cell of a released notebook: it brings the package that the checks need, where that is missing.

What it installs, and the version that made the release, stand in its text, which survives every editor. It is
written when a release is made (`autograder.releasing`), and is never run by a grader.
"""

import re

from autograder.notebook.cells import Cell

PACKAGE = "backprop-autograder"
# The cell's id, for nbgrader and in the file.
INSTALLING = "autograder-install"
# What a requirement, an address or a folder is made of. IPython fills in `{name}` and `$name`; a shell acts on others.
SOURCE = re.compile(r"[\w.+:/@=~<>!,\[\]#&%?*-][\w .+:/@=~<>!,\[\]#&%?*-]*")
FIRST_LINE = (
    "# Installs what the checks need where it is missing, as in Colab. Leave this cell as it is, and run it first."
)
TEXT = (
    FIRST_LINE
    + """
import sys as _sys
from importlib import metadata as _metadata

_needed = "{version}"


def _installed():
    try:
        return _metadata.version("{package}")
    except _metadata.PackageNotFoundError:
        return None


if _installed() is None:
    try:
        if _sys.platform == "emscripten":  # JupyterLite brings the package with it
            %pip install --quiet {package}=={version}
        else:
            %pip install --quiet "{source}"
    except Exception as _error:
        print(_error)
if _installed() != _needed:
    print(f"Grading uses {package} {{_needed}}, and here is {{_installed() or 'none'}}.", end=" ")
    print('Run this in a cell, then restart the kernel: %pip install "{source}"')"""
)


def installing_text(source: str, version: str) -> str:
    """Return the cell's text.

    source: what pip is told to install: a requirement, an address or a folder, in which `{version}` is filled in.
    version: the package's that makes the release. Raises ValueError if the source can't stand in such a cell.
    """
    filled = source.replace("{version}", version)
    if not SOURCE.fullmatch(filled):
        msg = (
            f"the source of the package is {source!r}; expected one thing that pip installs: a requirement such as "
            f"'{PACKAGE}=={{version}}', an address, or a folder, without options, quotes, $ or braces"
        )
        raise ValueError(msg)
    return TEXT.format(package=PACKAGE, version=version, source=filled)


def _pattern() -> re.Pattern[str]:
    # Made of another text than the one that is looked for, so that each part is told by its place.
    text = re.escape(TEXT.format(package=PACKAGE, version="\0", source="\1"))
    text = text.replace(re.escape("\0"), r"(?P<version>[\w.+!-]{1,64})", 1).replace(re.escape("\0"), r"(?P=version)")
    return re.compile(text.replace(re.escape("\1"), r"[^\n\"']{1,1000}"))


_WHOLE = _pattern()
# A longer text is not the cell's, and is not searched.
MOST_CHARACTERS = 4_000


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def made_with(cell: Cell) -> str | None:
    """Return the version that made the release, as the unchanged cell tells it; None for any other text."""
    text = cell.source.lstrip()
    if not text.startswith(FIRST_LINE) or len(text) > MOST_CHARACTERS:
        return None
    found = _WHOLE.fullmatch(_plain(text))
    return found["version"] if found else None


def is_installing(cell: Cell) -> bool:
    """Tell whether this is the cell, by its id or, where an editor dropped that, by its text."""
    return cell.kind == "code" and (cell.grade_id == INSTALLING or made_with(cell) is not None)


def installing_warnings(cell: Cell, version: str) -> list[str]:
    """Return what a student should know of the cell as it was submitted.

    version: the grader's.
    """
    found = made_with(cell)
    if found is None:
        return [f"cell {INSTALLING!r}: its text was changed; it installs a package, and grading does not run it"]
    if found == version:
        return []
    told = f"this notebook was released with {PACKAGE} {found} and is graded with {version}"
    return [f"{told}; its checks may say something else than grading does"]
