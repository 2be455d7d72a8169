"""A page of feedback as the text of a file: one template, one style sheet, no script."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from autograder.fingerprint import digest_of, files_digest
from autograder.gradebook.entries import Entries
from autograder.notebook.assignment import Assignment
from autograder.pages import TEMPLATES
from autograder.pages.code import shown
from autograder.pages.feedback import Page, page_of
from autograder.writers.text import points

FOLDER = TEMPLATES / "feedback"
# Where a page's own key stands, among its first bytes.
HEAD_BYTES, KEY_CHARACTERS = 2_000, 32


def _readable(value: Any) -> Any:
    """Return text in which nothing can't be seen; what is markup already was looked at where it was made."""
    return value if not isinstance(value, str) or isinstance(value, Markup) else shown(value)


@cache
def _template() -> Template:
    places = FileSystemLoader(FOLDER)
    made = Environment(
        loader=places, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined,
        finalize=_readable,
    )  # fmt: skip
    made.filters["points"] = points
    return made.get_template("page.html.j2")


@cache
def _style() -> tuple[Markup, str]:
    """Return the style sheet, and the source expression that allows it and no other (W3C, CSP level 3, 2.3.1)."""
    text = (FOLDER / "style.css.j2").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"'sha256-{digest}'"  # noqa: S704 - the project's own


@cache
def _makers_digest() -> str:
    """Return what stands for all that turns a result into a page."""
    engine = Path(__file__).resolve().parent.parent
    files = [*(engine / "pages").rglob("*.py"), *FOLDER.iterdir(), engine / "report.py", engine / "writers" / "text.py"]
    return files_digest(sorted(files), engine)


def key_of(assignment: Assignment, student: str, graded: bytes, entries: Entries | None) -> str:
    """Return what a page hangs on, as a short digest: when it is the same, so is the page.

    graded: the file of the graded notebook.
    """
    pristine = digest_of(*(f"{cell.kind} {cell.marks} {cell.source}" for cell in assignment.cells))
    return digest_of(_makers_digest(), pristine, student, graded, repr(entries))[:KEY_CHARACTERS]


def has_key(path: Path, key: str) -> bool:
    """Tell whether a file is the page with this key."""
    try:
        with path.open("rb") as file:
            return f'content="autograder {key}"'.encode() in file.read(HEAD_BYTES)
    except OSError:
        return False


def page_text(
    assignment: Assignment, student: str, notebook: Mapping[str, Any], entries: Entries | None, key: str
) -> str:
    """Return a page of feedback; `page_of` says what of. key: as `key_of` makes it."""
    return _laid_out(page_of(assignment, student, notebook, entries), key)


def _laid_out(page: Page, key: str) -> str:
    style, allowed = _style()
    return _template().render(page=page, style=style, allowed_style=allowed, key=key)
