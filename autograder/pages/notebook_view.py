"""A graded notebook as it is read on a page: its cells with their outputs, in HTML of which nothing is live."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from autograder.notebook.assignment import Assignment
from autograder.notebook.cells import Cell, cell_from_json
from autograder.notebook.sources import visible_part
from autograder.pages.answers import Stop
from autograder.pages.cleaning import clean_html
from autograder.pages.code import coloured_lines, shown
from autograder.pages.filters import markdown2html
from autograder.pages.formulas import instructors_markdown
from autograder.pages.notebook import BASE64, PICTURES
from autograder.pages.sections import is_told_to_everybody, without_mark_scheme
from autograder.writers.text import points

# A page with more is read by nobody.
MOST_CELLS, MOST_CHARACTERS = 1_000, 8_000_000
# What is wider than a phone can be moved, with the keyboard too.
FORMULA = '<span class="wide" tabindex="0" role="group" aria-label="formula">'
LONGEST_INLINE = 60
_CELLS_FILE = re.compile(r'"?<ipython-input-[^>]{0,80}>"?')
_STOPPED_AT = re.compile(r'File "?<ipython-input-[^>]*>"?, line (\d+)')


@dataclass(frozen=True)
class Output:
    """One output: `text` or `error` as it was printed, `html` that was cut down, or the address of a `picture`."""

    kind: str
    content: str


@dataclass(frozen=True)
class Block:
    """One cell: its number from 1, whether it is `text` or `code`, what it is called, and what is in it."""

    number: int
    kind: str
    label: str
    html: str = ""
    lines: tuple[Markup, ...] = ()
    outputs: tuple[Output, ...] = ()


@dataclass(frozen=True)
class View:
    """A graded notebook: its cells, as they were read, and as they are shown. left_out: how many are not shown."""

    cells: tuple[Cell, ...]
    stops: Mapping[int, Stop] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    left_out: int = 0


def view_of(notebook: Mapping[str, Any], assignment: Assignment) -> View:
    """Return a graded notebook as it is shown. Raises KeyError, TypeError or AttributeError if it is none."""
    told = {cell.source.strip() for cell in assignment.cells if is_told_to_everybody(cell)}
    cells = tuple(cell_from_json(data) for data in notebook["cells"])
    stops: dict[int, Stop] = {}
    blocks: list[Block] = []
    room = MOST_CHARACTERS
    for place, (cell, data) in enumerate(zip(cells, notebook["cells"], strict=True)):
        outputs = data.get("outputs") or []
        if (stop := _stop(outputs)) is not None:
            stops[place] = stop
        room -= len(cell.source) + sum(len(json.dumps(output)) for output in outputs)
        if place < MOST_CELLS and room > 0:
            blocks.append(_block(place + 1, cell, outputs, assignment, told))
    return View(cells, stops, tuple(blocks), len(cells) - len(blocks))


def _stop(outputs: Sequence[Mapping[str, Any]]) -> Stop | None:
    """Return the exception that ended a cell, if one did."""
    raised = [output for output in outputs if output["output_type"] == "error"]
    if not raised:
        return None
    name, text, lines = (raised[-1][key] for key in ("ename", "evalue", "traceback"))
    found = _STOPPED_AT.findall("\n".join(lines))
    return Stop(_without_file_names(f"{name}: {text}" if text else str(name)), int(found[-1][:9]) if found else 0)


def _without_file_names(text: str) -> str:
    """Return a traceback in which a cell is called a cell."""
    return _CELLS_FILE.sub("this cell", text)


def _block(
    number: int, cell: Cell, outputs: Sequence[Mapping[str, Any]], assignment: Assignment, told: set[str]
) -> Block:
    locked = cell.grade_id in assignment.locked
    source = without_mark_scheme(visible_part(cell.source)) if locked else cell.source
    if cell.kind == "markdown":
        own = source.strip() not in told and not locked
        return Block(number, "text", "your text" if own else "", _markdown(source, own=own))
    if cell.kind == "code":
        shown_outputs = tuple(one for output in outputs for one in _outputs(output))
        return Block(number, "code", _label(cell, locked=locked), "", coloured_lines(source), shown_outputs)
    return Block(number, "code", "text as it is", "", tuple(Markup.escape(line) for line in shown(source).split("\n")))


def _label(cell: Cell, *, locked: bool) -> str:
    if not locked:
        return "your code"
    return f"check, {points(cell.points)} points" if cell.is_test else "given code"


@lru_cache(maxsize=1024)
def _markdown(source: str, *, own: bool) -> Markup:
    return in_place(markdown2html(source) if own else instructors_markdown(source))


def in_place(html: str) -> Markup:
    """Return harmless HTML that fits into a page: headings of one level, tables that move, pictures with a text."""
    html = re.sub(r"<h([1-6])(?=[ >])", r'<h3 class="n\1"', str(html))
    html = re.sub(r"</h[1-6]>", "</h3>", html)
    html = re.sub(r"<img(?![^>]* alt=)", '<img alt=""', html)
    html = html.replace("<th></th>", "<td></td>")
    html = re.sub(r"<math .*?</math>", _movable, html, flags=re.DOTALL)
    html = re.sub(r"<table(?=[ >])", '<div class="wide" tabindex="0" role="group" aria-label="table"><table', html)
    return Markup(html.replace("</table>", "</table></div>"))  # noqa: S704 - was cut down before


def _movable(found: re.Match[str]) -> str:
    """Return a formula that can be moved where it may be wider than a phone."""
    is_long = 'display="block"' in found[0][:200] or len(re.sub("<[^>]*>", "", found[0])) > LONGEST_INLINE
    return f"{FORMULA}{found[0]}</span>" if is_long else found[0]


def _outputs(output: Mapping[str, Any]) -> list[Output]:
    kind = output["output_type"]
    if kind == "stream":
        return [Output("text", shown(_text(output["text"])))]
    if kind == "error":
        told = "\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}"
        return [Output("error", shown(_without_file_names(told)))]
    data = output.get("data", {})
    for form in PICTURES:
        content = _text(data[form]) if form in data else ""
        if content and BASE64.fullmatch(content):
            return [Output("picture", f"data:{form};base64,{''.join(content.split())}")]
    if "text/html" in data:
        return [Output("html", in_place(clean_html(_text(data["text/html"]))))]
    return [Output("text", shown(_text(data.get("text/plain", data.get("text/latex", "")))))]


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)
