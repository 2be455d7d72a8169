"""What `verify` found, in tables for a person, and as JSON."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from enum import Enum
from typing import Any

from autograder.verify.mutants import GROUPS
from autograder.verify.results import Fate, Findings, MistakeResult, MutantResult

SCHEMA = 1
NOTHING = "."
MARKS = {Fate.KILLED: "", Fate.EQUIVALENT: "+", Fate.SURVIVED: "!"}
SHOWN_FAULTS = 20


def _cell(found: list[MutantResult]) -> str:
    """Return how many were killed, + how many are equivalent, ! how many survived."""
    counts = Counter(one.fate for one in found)
    marked = "".join(f"{MARKS[fate]}{counts[fate]}" for fate in (Fate.EQUIVALENT, Fate.SURVIVED) if counts[fate])
    return f"{counts[Fate.KILLED]}{marked}" if found else NOTHING


def _aligned(rows: list[list[str]]) -> Iterator[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield " ".join([row[0].ljust(widths[0]), *cells]).rstrip()


def kill_matrix(findings: Findings) -> str:
    """Return the table of exercises by kinds of change."""
    rows = [["killed + equivalent ! survived", *GROUPS, "all"]]
    for exercise in (*findings.exercises, ""):
        own = [one for one in findings.mutants if not exercise or one.exercise == exercise]
        cells = [_cell([one for one in own if one.group == group]) for group in GROUPS]
        rows.append([exercise or "all", *cells, _cell(own)])
    return "\n".join(_aligned(rows))


def strength(findings: Findings) -> dict[str, dict[str, int]]:
    """Return how many mutants each check finds, and how many no other check finds."""
    killed = [one for one in findings.mutants if one.fate is Fate.KILLED]
    counted = Counter(check for one in killed for check in one.checks)
    alone = Counter(one.checks[0] for one in killed if len(one.checks) == 1)
    return {check: {"finds": count, "alone": alone[check]} for check, count in counted.most_common()}


def strength_table(findings: Findings) -> str:
    """Return the table of what each check finds."""
    rows = [["check", "finds", "alone"]]
    rows += [[check, str(of["finds"]), str(of["alone"])] for check, of in strength(findings).items()]
    return "\n".join(_aligned(rows))


def _mistake_fault(mistake: MistakeResult) -> Iterator[str]:
    what = f"MISTAKE {mistake.id} in {mistake.exercise}"
    if not mistake.caught:
        yield f"{what}: keeps its points"
    elif mistake.asked and mistake.named != mistake.id:
        yield f"{what}: is called {mistake.named or 'nothing'}"
    if mistake.hurt:
        yield f"{what}: costs points of {', '.join(mistake.hurt)}"


def faults(findings: Findings) -> Iterator[str]:
    """Yield everything that is not as it must be, in words."""
    for copy in findings.copies:
        yield from (f"NOTEBOOK {copy.name}: {wrong}" for wrong in copy.wrong)
    for mistake in findings.mistakes:
        yield from _mistake_fault(mistake)
    for variant in findings.rejected:
        yield f"REJECTED {variant.exercise}, {variant.variant}: {variant.message}"
    for mutant in findings.survivors:
        yield f"SURVIVED {mutant.exercise}, {mutant.operator}: {mutant.note}\n{mutant.diff}"


def _first(lines: Iterable[str]) -> Iterator[str]:
    told = list(lines)
    yield from told[:SHOWN_FAULTS]
    if len(told) > SHOWN_FAULTS:
        yield f"... and {len(told) - SHOWN_FAULTS} more; --json FILE has all of them"


def text(findings: Findings) -> str:
    """Return all that a person is shown."""
    scores = ", ".join(
        f"{one.name} {one.score:g}/{one.max_score:g}" for one in findings.copies if not one.name.startswith("without ")
    )
    alone = [one for one in findings.copies if one.name.startswith("without ")]
    asked = [one for one in findings.mistakes if one.asked]
    mistakes, variants = findings.mistakes, findings.variants
    counts = Counter(one.fate for one in findings.mutants)
    lines = [
        f"{findings.assignment}: {scores}",
        f"{sum(not one.wrong for one in alone)} of {len(alone)} missing functions cost their own points alone",
        f"{sum(one.caught for one in mistakes)} of {len(mistakes)} known mistakes are caught",
        f"{sum(not one.is_fault for one in asked)} of {len(asked)} are called by their name and cost nothing else",
        f"{len(variants) - len(findings.rejected)} of {len(variants)} right answers in other ways are accepted",
        f"{len(findings.mutants)} mutants: " + ", ".join(f"{counts[fate]} {fate.value}" for fate in Fate),
        "", kill_matrix(findings), "", strength_table(findings), "",
        *_first(faults(findings)),
        f"{'FAULTS FOUND' if findings.has_faults else 'no fault found'} in {findings.seconds:.1f} s",
    ]  # fmt: skip
    return "\n".join(lines)


def _plain(values: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value.value if isinstance(value, Enum) else value for name, value in values}


def as_json(findings: Findings) -> str:
    """Return the findings as ASCII JSON."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "assignment": findings.assignment,
        "passed": not findings.has_faults,
        "seconds": round(findings.seconds, 3),
        "faults": list(faults(findings)),
        "checks": strength(findings),
        **{
            kind: [asdict(one, dict_factory=_plain) for one in getattr(findings, kind)]
            for kind in ("copies", "mistakes", "mutants", "variants")
        },
    }
    return json.dumps(data, indent=1, ensure_ascii=True, allow_nan=False) + "\n"
