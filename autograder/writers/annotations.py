"""Failed exercises as annotations on the notebook's lines: GitHub's workflow commands, GitLab's code quality report."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.report import LOOKS_LIKE, ExerciseResult, Report, Status, SubmissionResult
from autograder.writers.files import write_whole
from autograder.writers.text import inert, points

# GitHub shows so many of a kind for one step, and drops the rest without a word.
MOST_SHOWN = 10
MOST_CHARACTERS = 1000


@dataclass(frozen=True)
class Place:
    """Where something is shown: a file, as the service names it, and a line from 1 up."""

    file: str
    line: int


# Returns where an exercise of a submission stands; None for the submission as a whole.
Locate = Callable[[SubmissionResult, ExerciseResult | None], Place]


@dataclass(frozen=True)
class Annotation:
    """What is shown at a line. level: error or warning. check: which check failed first."""

    level: str
    place: Place
    title: str
    message: str
    check: str


def annotations(report: Report, locate: Locate) -> Iterator[Annotation]:
    """Yield an annotation for each exercise that lost points or could not be judged, and each refused file."""
    for submission in report.submissions:
        if submission.status is Status.ERROR:
            told = inert(submission.message) or "it could not be read"
            yield Annotation("error", locate(submission, None), "could not be graded", told, "notebook")
        for exercise in submission.exercises:
            if not exercise.passed:
                yield _annotation(exercise, locate(submission, exercise))


def _annotation(exercise: ExerciseResult, place: Place) -> Annotation:
    failed = [check for check in exercise.checks if not check.passed]
    lines = [f"{LOOKS_LIKE}: {exercise.diagnosis.message}"] if exercise.diagnosis else []
    lines += [f"{check.name}: {check.message}" for check in failed]
    message = "\n".join(inert(line) for line in lines)[:MOST_CHARACTERS] or "not all points were earned"
    title = inert(f"{exercise.name}: {points(exercise.score)} of {points(exercise.max_score)} points")
    level = "warning" if exercise.could_not_judge else "error"
    return Annotation(level, place, title, message, inert(failed[0].name) if failed else "points")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_commands(report: Report, locate: Locate) -> list[str]:
    """Return GitHub's workflow commands for the most useful annotations, one a line.

    One of each submission first, then a second of each, and so on; those that name a mistake before others.
    """
    taken: dict[str, list[Annotation]] = {}
    for one in annotations(report, locate):
        taken.setdefault(one.place.file, []).append(one)
    for ones in taken.values():
        ones.sort(key=lambda one: not one.message.startswith(LOOKS_LIKE))
    ranked = sorted(
        ((rank, number, one) for number, ones in enumerate(taken.values()) for rank, one in enumerate(ones)),
        key=lambda found: found[:2],
    )
    shown, commands = dict.fromkeys(("error", "warning"), 0), []
    for _, _, one in ranked:
        shown[one.level] += 1
        if shown[one.level] <= MOST_SHOWN:
            where = f"file={_property(inert(one.place.file))},line={one.place.line},title={_property(one.title)}"
            commands.append(f"::{one.level} {where}::{_data(one.message)}")
    left = sum(max(0, count - MOST_SHOWN) for count in shown.values())
    if left:
        commands.append(f"::notice title=autograder::{left} more findings are in the job's summary")
    return commands


def write_code_quality(report: Report, path: Path, locate: Locate) -> None:
    """Write GitLab's code quality report, which merge requests show. Raises OSError if it can't be written."""
    found, seen = [], set()
    for one in annotations(report, locate):
        what = f"{one.place.file}\0{one.title}\0{one.check}"
        while what in seen:  # of the same fingerprint GitLab shows one
            what += "\0"
        seen.add(what)
        found.append(
            {
                "description": f"{one.title}: {one.message}",
                "check_name": one.check,
                "fingerprint": hashlib.sha256(what.encode("utf-8", "surrogateescape")).hexdigest(),
                "severity": "major" if one.level == "error" else "info",
                "location": {"path": inert(one.place.file), "lines": {"begin": one.place.line}},
            }
        )
    write_whole(path, json.dumps(found, indent=1, ensure_ascii=True) + "\n")
