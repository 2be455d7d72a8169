"""Turning what was found into one HTML page that needs nothing else: no network, no file beside it.

Whatever a student wrote reaches the page as text: the templates escape everything, and the page's own rules (content
security policy, W3C CSP level 3) let only the scripts run whose digests it names.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from autograder.classroom.analysis import many
from autograder.classroom.statistics import Number
from autograder.writers.text import points, readable

TEMPLATES = Path(__file__).resolve().parent / "templates"
LEVELS = 5


@dataclass(frozen=True)
class Who:
    """A student as the page names one: by id, or by a number where names are hidden.

    number: in an order that says nothing of the name. link: to the student's page, or "".
    """

    number: int
    shown: str
    title: str = ""
    link: str = ""

    @property
    def hidden(self) -> str:
        """What stands for the name."""
        return f"student {self.number}"


class Everybody:
    """The students of a page. anonymous: whether no name is on it at all."""

    def __init__(self, students: Iterable[str], names: dict[str, str], salt: str, *, anonymous: bool) -> None:
        self.names, self.anonymous = names, anonymous
        mixed = sorted(set(students), key=lambda one: hashlib.sha256(f"{salt}\0{one}".encode()).digest())
        self.number = {student: number for number, student in enumerate(mixed, start=1)}

    def who(self, student: str, link: str = "") -> Who:
        """Return how a student is named. link: a path from the page."""
        number = self.number[student]
        if self.anonymous:
            return Who(number, f"student {number}")
        return Who(number, student, self.names.get(student, ""), quote(link))


def _text(value: Any) -> Any:
    """Return what an expression in a template shows: text without control characters."""
    return readable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} %"


def _statistic(number: Number, digits: int = 2) -> str:
    return number.reason if number.value is None else f"{number.value:.{digits}f}"


def level(share: float | None) -> str:
    """Return the colour's name for a share of points, 0 to 1."""
    return "none" if share is None else f"l{min(LEVELS, max(0, int(share * LEVELS + 1e-9)))}"


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, finalize=_text,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters |= {
        "percent": _percent, "points": points, "statistic": _statistic, "many": many, "level": level,
    }  # fmt: skip
    return made


def _digest(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _as_data(value: Any) -> Markup:
    """Return JSON that can stand in a script element: nothing in it ends the element, or is markup."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - no character of markup is left


def page(template: str, charts: Sequence[dict[str, Any]], **told: Any) -> str:
    """Return a page. template: its name. charts: where each stands, and its specification."""
    from autograder.classroom.chart_library import library

    # A script must not hold what would end its element.
    scripts = [library().replace("</script", "<\\/script")] if charts else []
    scripts.append((TEMPLATES / "page.js").read_text(encoding="utf-8"))
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    return (
        _environment()
        .get_template(template)
        .render(
            **told,
            style=Markup(style),  # noqa: S704 - our own file
            scripts=[Markup(script) for script in scripts],  # noqa: S704 - the library's and our own
            policy=Markup(" ".join(map(_digest, scripts))),  # noqa: S704 - base64
            data=_as_data({"charts": [_shown(chart) for chart in charts]}),
        )
    )


def _shown(value: Any) -> Any:
    """Return a chart's specification in which all text is harmless to show."""
    if isinstance(value, dict):
        return {name: _shown(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_shown(part) for part in value]
    return _text(value)
