"""What was downloaded but not collected, and why: said in the log, and written where an instructor finds it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.lms.table import csv_text, name_cell
from autograder.writers.files import write_whole
from autograder.writers.text import inert

NAME = "not-collected.csv"
# What the extraction could not take, by the folder that it extracted to, for the step after it.
_refused: dict[Path, list[tuple[str, str]]] = {}


def note_refused(extracted: Path, files: Sequence[tuple[str, str]], log: Any) -> None:
    """Tell what was not extracted: each file, and why."""
    _refused[extracted.resolve()] = list(files)
    _write(extracted, list(files))
    _tell(files, log)


def note_left(extracted: Path, files: Sequence[tuple[str, str]], log: Any) -> None:
    """Tell what was extracted but not collected, besides what was not extracted."""
    _write(extracted, [*_refused.get(extracted.resolve(), ()), *files])
    _tell(files, log)
    log.info("All that was not collected is listed in %s", extracted.parent / NAME)


def _tell(files: Sequence[tuple[str, str]], log: Any) -> None:
    for name, why in files:
        log.warning("Not collected: %s: %s", inert(name), inert(why))


def _write(extracted: Path, files: Sequence[tuple[str, str]]) -> None:
    rows = [["file", "why"], *([name_cell(name), name_cell(why)] for name, why in files)]
    write_whole(extracted.parent / NAME, csv_text(rows))
