"""The frame of what is shown of a check: a verdict in words, lists, and comparisons that fold away."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.drawing.comparison import Comparison
from autograder.drawing.markup import MINUS, escaped, number
from autograder.drawing.palette import tint
from autograder.drawing.style import OWN_KEYS, sheet

MARKS = {True: "✓", False: "✗"}


@dataclass(frozen=True)
class Part:
    """One compared array of a result, by name, with what was found of it."""

    name: str
    comparison: Comparison
    passed: bool


def verdict(text: str, *, passed: bool, tag: str = "p") -> str:
    """Return a line that begins with a mark for right or wrong."""
    kind = "ok" if passed else "no"
    return f'<{tag} class="{kind}"><b class="m">{MARKS[passed]}</b> {text}</{tag}>'


def panel(label: str, *content: str, passed: bool) -> str:
    """Return a result as one group, which a screen reader announces by its label."""
    kind, told = ("ok", "passed") if passed else ("no", "failed")
    return (
        f'<div class="agr {kind}" role="group" aria-label="{escaped(label)}: {told}">'
        f"{sheet()}{''.join(part for part in content if part)}</div>"
    )


def listed(lines: Sequence[tuple[str, bool]]) -> str:
    """Return verdicts as a list."""
    return f"<ul>{''.join(verdict(text, passed=passed, tag='li') for text, passed in lines)}</ul>"


def compared(parts: Sequence[Part]) -> str:
    """Return comparisons: plain numbers in one table, arrays as heat maps; folded where all is right."""
    numbers = [part for part in parts if part.comparison.true.ndim == 0]
    arrays = [part for part in parts if part.comparison.true.ndim > 0]
    shown = _numbers(numbers) if numbers else ""
    for part in arrays:
        name = f"<p><b>{escaped(part.name)}</b></p>" if len(parts) > 1 else ""
        inside = f"{name}{part.comparison.html()}"
        shown += inside if not part.passed else _folded(part, inside)
    return shown


def _folded(part: Part, inside: str) -> str:
    what = f"{escaped(part.name)}: {escaped(part.comparison.reference)} beside yours, entry by entry"
    return f"<details><summary {OWN_KEYS}>{what}</summary>{inside}</details>"


def _numbers(parts: Sequence[Part]) -> str:
    reference = escaped(parts[0].comparison.reference)
    between = f"yours {MINUS} {reference}"
    head = f'<th class="l">part</th><th>{reference}</th><th>yours</th><th>{between}</th><th class="l">verdict</th>'
    rows = []
    for part in parts:
        of = part.comparison
        true, answer = float(of.true), float(of.answer)
        apart = 0.0 if part.passed else float(of.difference)
        largest = max(abs(true), abs(answer))
        mark = f'<td class="w d">✗ {number(answer, 6)}</td>' if not part.passed else f"<td>{number(answer, 6)}</td>"
        left_out = bool(of.left_out)
        between = f'<td style="background-color:{tint(apart, largest)}">{number(apart)}</td>'
        cells = f"<td>{'corner' if left_out else number(true, 6)}</td>{mark}{between}"
        told = "left out" if left_out else "right" if part.passed else "wrong"
        rows.append(f'<tr><th class="l" scope="row">{escaped(part.name)}</th>{cells}<td class="l">{told}</td></tr>')
    return f'<table class="h"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
