"""The files that a command was asked to write its results to."""

from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.cli.errors import UsageError, say
from autograder.report import Report

Writer = Callable[[Report, Path], None]


def check_targets(*names: str | None) -> None:
    """Raise UsageError, before anything is graded, if a file could not be written where it is wanted."""
    for name in names:
        if name is not None and (Path(name).is_dir() or not Path(name).resolve().parent.is_dir()):
            msg = f"{name} can't be written: it is a folder, or its folder does not exist"
            raise UsageError(msg)


def write_results(report: Report, targets: Sequence[tuple[str | None, Writer]]) -> bool:
    """Write the report to each file that was asked for; return whether all could be written."""
    written = True
    for name, writer in targets:
        if name is None:
            continue
        try:
            writer(report, Path(name))
        except OSError as error:
            say(f"{name} could not be written: {error.strerror or error}")
            written = False
    return written
