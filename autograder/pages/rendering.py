"""A page of feedback as the text of a file: one template, one style sheet, no script."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from autograder.gradebook.entries import Entries
from autograder.notebook.assignment import Assignment
from autograder.pages import TEMPLATES
from autograder.pages.code import shown
from autograder.pages.feedback import Page, page_of
from autograder.writers.text import points

FOLDER = TEMPLATES / "feedback"


def _readable(value: Any) -> Any:
    """Return text in which nothing can't be seen; what is markup already was looked at where it was made."""
    return value if not isinstance(value, str) or isinstance(value, Markup) else shown(value)


@cache
def template_of(name: str, *folders: str) -> Template:
    """Return one of the project's templates, of these folders of theirs, which escapes whatever it is given."""
    places = FileSystemLoader([TEMPLATES / folder for folder in folders])
    made = Environment(
        loader=places, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined,
        finalize=_readable,
    )  # fmt: skip
    made.filters["points"] = points
    return made.get_template(name)


@cache
def _style() -> tuple[Markup, str]:
    """Return the style sheet, and the source expression that allows it and no other (W3C, CSP level 3, 2.3.1)."""
    text = (FOLDER / "style.css.j2").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"'sha256-{digest}'"  # noqa: S704 - the project's own


def page_text(
    assignment: Assignment, student: str, notebook: Mapping[str, Any], entries: Entries | None, key: str
) -> str:
    """Return a page of feedback; `page_of` says what of. key: as `autograder.pages.keys` makes it."""
    return _laid_out(page_of(assignment, student, notebook, entries), key)


def _laid_out(page: Page, key: str) -> str:
    style, allowed = _style()
    return template_of("page.html.j2", "feedback").render(page=page, style=style, allowed_style=allowed, key=key)
