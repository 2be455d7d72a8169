"""What a check found, as a student reads it: what passed, the shapes by name, the diagnosis, the heat maps."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.drawing.comparison import Comparison
from autograder.drawing.markup import escaped, one_line
from autograder.drawing.panel import MARKS, Part, compared, listed, panel, verdict
from autograder.drawing.showing import Shown


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what, whether it held, and what was found."""

    name: str
    passed: bool
    message: str = ""


@dataclass(frozen=True)
class ShapeLine:
    """The shape of one argument or answer.

    dims: as named, such as "(h, k)". due: the sizes. got: the sizes that came, with their names where
    they are clear; "" where they are those that were due.
    """

    name: str
    dims: str
    due: str
    got: str = ""
    is_answer: bool = False


@dataclass(frozen=True, repr=False)
class CheckResult(Shown):
    """The outcome of a check: true if all of it passed; show it, or print it, to see the whole.

    name: of the function or its answer. findings: what was looked at, in order.
    shapes: of the arguments and the answers. diagnosis: what the mistake looks like, or "".
    parts: numeric (or expected) values beside the answer's, an array each.
    """

    name: str
    findings: tuple[Finding, ...]
    shapes: tuple[ShapeLine, ...] = ()
    diagnosis: str = ""
    parts: tuple[Part, ...] = ()

    def __bool__(self) -> bool:
        return self.passed

    @property
    def passed(self) -> bool:
        """True if every finding is good, and there is one."""
        return bool(self.findings) and all(finding.passed for finding in self.findings)

    @property
    def summary(self) -> str:
        """Say what is wrong, or that nothing is, in a few sentences."""
        wrong = [finding for finding in self.findings if not finding.passed]
        if not wrong:
            return f"{self.name}: {', '.join(finding.name for finding in self.findings)}: all right"
        told = "; ".join(finding.message or finding.name for finding in wrong)
        return f"{self.name}: {told}.{f' {self.diagnosis}' if self.diagnosis else ''}".replace("..", ".")

    def _headline(self) -> str:
        good = sum(finding.passed for finding in self.findings)
        return f"{self.name}: {good} of {len(self.findings)} checks passed"

    def __str__(self) -> str:
        lines = [_shape_text(line) for line in self.shapes]
        for part in self.parts:
            if not part.passed or len(self.parts) == 1:
                lines += [*([part.name] if len(self.parts) > 1 else []), *part.comparison.lines()]
        lines += [f"{MARKS[one.passed]} {one.name}{f': {one.message}' if one.message else ''}" for one in self.findings]
        if self.diagnosis:
            lines.append(f"looks like: {self.diagnosis}")
        return "\n".join([one_line_each(self._headline()), *map(one_line_each, lines)])

    def _repr_html_(self) -> str:
        told = [
            (f"{escaped(one.name)}{f': {escaped(one.message)}' if one.message else ''}", one.passed)
            for one in self.findings
        ]
        diagnosis = f"<p><b>What it looks like:</b> {escaped(self.diagnosis)}</p>" if self.diagnosis else ""
        return panel(
            self.name, verdict(f"<b>{escaped(self._headline())}</b>", passed=self.passed), _shape_table(self.shapes),
            listed(told), diagnosis, compared(self.parts), passed=self.passed,
        )  # fmt: skip


def one_line_each(text: str) -> str:
    """Return text in which nothing moves the cursor; spaces that line columns up are kept."""
    return one_line(text)


def _shape_text(line: ShapeLine) -> str:
    arrow = "→ " if line.is_answer else "  "
    got = f"   got {line.got}" if line.got else ""
    return f"{arrow}{line.name} {line.dims} = {line.due}{got}"


def _shape_table(shapes: Sequence[ShapeLine]) -> str:
    if not shapes:
        return ""
    rows = []
    for line in shapes:
        mark = f"<td class='w l'>✗ {escaped(line.got)}</td>" if line.got else "<td></td>"
        role = "→ answer" if line.is_answer else "argument"
        cells = f"<td class='l'>{role}</td><th class='l' scope='row'><code>{escaped(line.name)}</code></th>"
        rows.append(
            f"<tr>{cells}<td class='l n'>{escaped(line.dims)}</td><td class='l n'>{escaped(line.due)}</td>{mark}</tr>"
        )
    head = (
        "<tr><th></th><th class='l'>name</th><th class='l'>axes</th><th class='l'>sizes</th><th class='l'>{}</th></tr>"
    )
    got = "yours" if any(line.got for line in shapes) else ""
    return f"<table><thead>{head.format(got)}</thead><tbody>{''.join(rows)}</tbody></table>"


__all__ = ["CheckResult", "Comparison", "Finding", "Part", "ShapeLine"]
