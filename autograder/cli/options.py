"""The options that several verbs share, and the limits that they set."""

import argparse
import os
from dataclasses import fields

from autograder.callloop.limits import Limits

# More memory than there is; some days.
LARGEST = 1e14
LONGEST_SECONDS = 1e6
EXIT_STATUS = (
    "exit status: 0 done; 1 --fail-under not reached, or a fault found by 'verify'; 2 wrong usage; "
    "3 something could not be graded; 130 interrupted"
)


def _settable() -> dict[str, type[int | float]]:
    """Return the limits that can be set, with their types; a frame's size follows from the others."""
    found = {field.name: float if field.type in (float, "float") else int for field in fields(Limits)}
    return {name: kind for name, kind in found.items() if name != "header_bytes"}


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value <= LARGEST:
        raise ValueError(text)
    return value


def seconds(text: str) -> float:
    """Return a time in seconds. Raises ValueError for anything else, as argparse expects of a type."""
    value = float(text)
    if not 0 < value <= LONGEST_SECONDS:
        raise ValueError(text)
    return value


def whole_number(text: str) -> int:
    """Return a whole number from 1 up. Raises ValueError for anything else, as argparse expects of a type."""
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def percentage(text: str) -> float:
    """Return a number from 0 to 100. Raises ValueError for anything else, as argparse expects of a type."""
    value = float(text)
    if not 0 <= value <= 100:  # noqa: PLR2004 - that is what a percentage is
        raise ValueError(text)
    return value


def positive_points(text: str) -> float:
    """Return a number of points above 0. Raises ValueError for anything else, as argparse expects of a type."""
    return _positive(text)


# What argparse calls them in its messages.
whole_number.__name__, seconds.__name__ = "whole number", "number of seconds"
positive_points.__name__ = "number of points"


def add_course_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the course's folder."""
    parser.add_argument("--course", metavar="DIR", help="the course's folder (default: $AUTOGRADER_COURSE, or found)")


def add_isolation_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that says how little isolation is accepted."""
    parser.add_argument(
        "--isolation", choices=("full", "container", "none"), default="full",
        help="the least isolation that is accepted (%(default)s); the strongest there is is used",
    )  # fmt: skip


def add_backend_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that names another package's sandbox."""
    parser.add_argument("--backend", metavar="NAME", help="use another package's sandbox backend")


def add_jobs_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that says how many are worked on at once."""
    parser.add_argument(
        "--jobs", type=whole_number, default=os.cpu_count() or 1, metavar="N", help="how many at once (%(default)s)"
    )


def add_visibility_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that says when Gradescope shows a test's result to students."""
    parser.add_argument(
        "--visibility", action="append", default=[], metavar="[WHICH=]WHEN",
        help="when students see a test on Gradescope: hidden, after_due_date, after_published or visible; WHICH is "
        "hidden-tests (those with a hidden part: after_due_date), visible-tests (the others: visible), or an exercise; "
        "may be repeated",
    )  # fmt: skip


def add_quiet_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that leaves progress out."""
    parser.add_argument("--quiet", action="store_true", help="no progress")


def add_grading_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of every verb that grades, and the list of limits below its help."""
    defaults = Limits()
    add_jobs_option(parser)
    parser.add_argument("--json", metavar="FILE", help="write the results as JSON")
    parser.add_argument(
        "--timeout", type=seconds, default=defaults.cell_seconds, metavar="SECONDS",
        help="for one cell, and for all calls of one exercise together (%(default)g)",
    )  # fmt: skip
    parser.add_argument(
        "--total-timeout", type=seconds, default=defaults.total_seconds, metavar="SECONDS",
        help="for all cells of a notebook together (%(default)g)",
    )  # fmt: skip
    parser.add_argument(
        "--limit", action="append", default=[], metavar="NAME=VALUE", help="set another limit; they are listed below"
    )
    add_isolation_option(parser)
    add_backend_option(parser)
    add_course_option(parser)
    add_quiet_option(parser)
    lines = [f"  {name:<20} {getattr(defaults, name):>12}" for name in _settable()]
    told = "limits that --limit NAME=VALUE can set, with their defaults:\n" + "\n".join(lines)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = f"{told}\n\n{EXIT_STATUS}"


def limits_from(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> Limits:
    """Return the limits that the grading options set; a wrong one ends the program with a message."""
    values = {"cell_seconds": arguments.timeout, "total_seconds": arguments.total_timeout}
    known = _settable()
    for setting in arguments.limit:
        name, _, text = setting.partition("=")
        if name not in known:
            parser.error(f"--limit {setting}: there is no limit {name!r}; there are: {', '.join(known)}")
        try:
            values[name] = known[name](_positive(text))
        except ValueError:
            parser.error(f"--limit {setting}: expected a positive number after '='")
    return Limits(**values)
