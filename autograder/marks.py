"""What was graded already: what each graded notebook carries, and a record that spares reading them.

A graded notebook's metadata hold its mark, which says what the grading hangs on and what was written to the
gradebook, and its result, from which pages and reports are made.

The mark in the notebook is the truth; the record, in `.autograder/`, only remembers what the marks of files
said that have not been touched since. Losing it costs time and nothing else.
"""

import contextlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.report import SubmissionResult
from autograder.result_data import data_of, result_from

MARK, RESULT = "autograder", "autograder_result"
# Raised whenever the meaning of a mark changes; marks of any other version are not read.
VERSION = 2
# The same for results.
RESULT_VERSION = 2


@dataclass(frozen=True)
class Mark:
    """What a graded notebook says of its grading.

    key: what the result hangs on. scores: what was written to the gradebook, by cell; None where a person decides.
    level: the isolation that held. message: why the submission could not be graded, or "".
    """

    key: str
    scores: dict[str, float | None]
    level: str
    message: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the mark as plain data."""
        told = {"message": self.message} if self.message else {}
        return {"version": VERSION, "key": self.key, "scores": self.scores, "level": self.level, **told}

    @classmethod
    def from_json(cls, data: Any) -> "Mark | None":
        """Return the mark that `as_json` wrote; None for anything else, another version's included."""
        if not isinstance(data, dict) or data.get("version") != VERSION or isinstance(data["version"], bool):
            return None
        key, scores, level, message = (data.get(name) for name in ("key", "scores", "level", "message"))
        if not isinstance(key, str) or not isinstance(level, str) or not isinstance(scores, dict):
            return None
        if message is not None and not isinstance(message, str):
            return None
        if not all(score is None or type(score) in (int, float) for score in scores.values()):
            return None
        return cls(
            key, {name: None if score is None else float(score) for name, score in scores.items()}, level, message or ""
        )


def result_entry(result: SubmissionResult) -> dict[str, Any]:
    """Return what a graded notebook's metadata say of its result, under `RESULT`."""
    return {"version": RESULT_VERSION, **data_of(result)}


def stored_result(notebook: Any) -> SubmissionResult | None:
    """Return the result in a graded notebook's JSON; None if there is none, or one of another version."""
    try:
        entry = notebook["metadata"][RESULT]
        if entry["version"] != RESULT_VERSION or isinstance(entry["version"], bool):
            return None
        return result_from(entry)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _mark_of(path: Path) -> Mark | None:
    """Read a notebook's mark; None if the file holds none, whatever it is."""
    try:
        data = json.loads(path.read_bytes())
        return Mark.from_json(data["metadata"][MARK])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _signature(path: Path) -> list[int] | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return [facts.st_size, facts.st_mtime_ns, facts.st_ino]


@dataclass
class Record:
    """The marks of an assignment's graded notebooks, by path.

    path: of the record's file; a line a notebook, the last one counts.
    """

    path: Path
    root: Path
    _known: dict[str, tuple[list[int], Mark]] = field(default_factory=dict)
    _lines: int = 0

    @classmethod
    def read(cls, root: Path, assignment: str) -> "Record":
        """Return a course's record of an assignment; an empty one if there is none that can be read."""
        record = cls(root / ".autograder" / f"graded-{assignment}.jsonl", root)
        try:
            lines = record.path.read_bytes().splitlines()
        except OSError:
            return record
        for line in lines:
            with contextlib.suppress(ValueError, TypeError, RecursionError):
                name, signature, data = json.loads(line)
                mark = Mark.from_json(data)
                if mark is not None and isinstance(name, str):
                    record._known[name] = (signature, mark)
        record._lines = len(lines)
        return record

    def mark(self, path: Path) -> Mark | None:
        """Return the mark of a graded notebook; the file is read only if it changed."""
        signature = _signature(path)
        if signature is None:
            return None
        known = self._known.get(self._name(path))
        if known is not None and known[0] == signature:
            return known[1]
        mark = _mark_of(path)
        if mark is not None:
            self._known[self._name(path)] = (signature, mark)
        return mark

    def note(self, marks: dict[Path, Mark]) -> None:
        """Remember the marks of notebooks that were just written. What can't be written is not remembered."""
        lines = []
        for path, mark in marks.items():
            signature = _signature(path)
            if signature is not None:
                self._known[self._name(path)] = (signature, mark)
                lines.append(self._line(self._name(path)))
        with contextlib.suppress(OSError):
            self._append(lines)

    def _name(self, path: Path) -> str:
        return os.path.relpath(path, self.root)

    def _line(self, name: str) -> str:
        signature, mark = self._known[name]
        return json.dumps([name, signature, mark.as_json()]) + "\n"

    def _append(self, lines: list[str]) -> None:
        self.path.parent.mkdir(exist_ok=True)
        if self._lines == 0 or self._lines > 2 * len(self._known) + len(lines):
            lines = [self._line(name) for name in self._known]
            new = self.path.with_suffix(".new")
            new.write_text("".join(lines))
            new.replace(self.path)
            self._lines = len(lines)
            return
        with self.path.open("a") as file:
            # A line of its own even where the last one was cut off.
            file.write("".join(["\n", *lines]))
        self._lines += len(lines)
