"""What a check found, as a student reads it: what passed, the shapes by name, the diagnosis, the heat maps."""

from collections.abc import Sequence
from dataclasses import dataclass

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
        told = "; ".join(f"{finding.name}: {finding.message}" for finding in wrong)
        return f"{self.name}: {told}.{f' {self.diagnosis}' if self.diagnosis else ''}".replace("..", ".")

    def _headline(self) -> str:
        good = sum(finding.passed for finding in self.findings)
        return f"{self.name}: {good} of {len(self.findings)} checks passed"

    def __str__(self) -> str:
        lines = [story(self.shapes)] if self.shapes else []
        for part in self.parts:
            if not part.passed or len(self.parts) == 1:
                lines += [*([part.name] if len(self.parts) > 1 else []), *part.comparison.lines()]
        lines += [f"{MARKS[one.passed]} {one.name}{f': {one.message}' if one.message else ''}" for one in self.findings]
        if self.diagnosis:
            lines.append(f"looks like: {self.diagnosis}")
        return "\n".join([one_line(self._headline()), *map(one_line, lines)])

    def _repr_html_(self) -> str:
        told = [
            (f"{escaped(one.name)}{f': {escaped(one.message)}' if one.message else ''}", one.passed)
            for one in self.findings
        ]
        diagnosis = f"<p><b>What it looks like:</b> {escaped(self.diagnosis)}</p>" if self.diagnosis else ""
        shapes = f'<p class="n">{escaped(story(self.shapes))}</p>' if self.shapes else ""
        head = verdict(f"<b>{escaped(self._headline())}</b>", passed=self.passed)
        return panel(self.name, head, shapes, listed(told), diagnosis, compared(self.parts), passed=self.passed)


def story(shapes: Sequence[ShapeLine]) -> str:
    """Tell the shapes in one line: the arguments' first, then after an arrow the answer's."""
    arguments = ", ".join(_told(line) for line in shapes if not line.is_answer)
    answers = ", ".join(_told(line) for line in shapes if line.is_answer)
    return f"{arguments}  →  {answers}" if arguments and answers else arguments or f"→  {answers}"


def _told(line: ShapeLine) -> str:
    got = f", got {line.got}" if line.got else ""
    return f"{line.name} {line.dims} = {line.due}{got}"
