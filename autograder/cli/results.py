"""The files that a command was asked to write its results to."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from autograder.cli.errors import UsageError, say
from autograder.errors import ExtensionError
from autograder.report import Report

Writer = Callable[[Report, Path], object]


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
        except ExtensionError as error:
            say(f"{name} could not be written: {error}")
            written = False
    return written


def named_writers(settings: Sequence[str]) -> list[tuple[str | None, Writer]]:
    """Return the file and the writer of each NAME=FILE. Raises UsageError, ExtensionError."""
    if not settings:
        return []
    from autograder.extensions import WRITERS, fault_of_call, load

    found: list[tuple[str | None, Writer]] = []
    for setting in settings:
        name, equals, file = setting.partition("=")
        if not (name and equals and file):
            msg = f"--write {setting}: expected NAME=FILE, the name of an installed writer and the file to write"
            raise UsageError(msg)
        writer = load(WRITERS, name, lambda thing: fault_of_call(thing, "report", "path"))
        found.append((file, partial(_written_by, name, writer)))
    return found


def _written_by(name: str, writer: Writer, report: Report, path: Path) -> None:
    """Have another package's writer write; whatever goes wrong in it is told, and no other file suffers."""
    try:
        writer(report, path)
    except OSError:
        raise
    except Exception as error:
        msg = f"the writer {name!r} raised {type(error).__name__}: {error}"
        raise ExtensionError(msg) from error
