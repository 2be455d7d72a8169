"""The command `autograder`: its verbs, its options, and what its exit status means."""

import argparse
import io
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import fields

from autograder import __version__
from autograder.callloop.limits import Limits

WRONG_USAGE, INTERRUPTED, TERMINATED = 2, 130, 143
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


def _limits_help() -> str:
    lines = [f"  {name:<20} {getattr(Limits(), name):>12}" for name in _settable()]
    return "limits that --limit NAME=VALUE can set, with their defaults:\n" + "\n".join(lines) + f"\n\n{EXIT_STATUS}"


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value <= LARGEST:
        raise ValueError(text)
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= LONGEST_SECONDS:
        raise ValueError(text)
    return value


def _jobs(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def _percent(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 100:  # noqa: PLR2004 - that is what a percentage is
        raise ValueError(text)
    return value


_positive.__name__, _jobs.__name__, _percent.__name__ = "positive number", "number of jobs", "percentage"
_seconds.__name__ = "number of seconds"


def _add_grading_options(parser: argparse.ArgumentParser) -> None:
    defaults = Limits()
    parser.add_argument(
        "--jobs", type=_jobs, default=os.cpu_count() or 1, metavar="N", help="how many at once (%(default)s)"
    )
    parser.add_argument("--json", metavar="FILE", help="write the results as JSON")
    parser.add_argument(
        "--timeout", type=_seconds, default=defaults.cell_seconds, metavar="SECONDS",
        help="for one cell, and for all calls of one exercise together (%(default)g)",
    )  # fmt: skip
    parser.add_argument(
        "--total-timeout", type=_seconds, default=defaults.total_seconds, metavar="SECONDS",
        help="for all cells of a notebook together (%(default)g)",
    )  # fmt: skip
    parser.add_argument(
        "--limit", action="append", default=[], metavar="NAME=VALUE", help="set another limit; they are listed below"
    )
    parser.add_argument(
        "--isolation", choices=("full", "container", "none"), default="full",
        help="the least isolation that is accepted (%(default)s); the strongest there is is used",
    )  # fmt: skip
    parser.add_argument("--course", metavar="DIR", help="the course's folder (default: $AUTOGRADER_COURSE, or found)")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def _add_grade(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    grade = verbs.add_parser(
        "grade",
        help="grade a course's submissions into its gradebook",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_limits_help(),
    )
    grade.add_argument("assignment", metavar="SET", help="the assignment")
    grade.add_argument("--student", metavar="ID", help="only this student's submission")
    grade.add_argument("--force", action="store_true", help="grade again what is graded already")
    grade.add_argument("--dry-run", action="store_true", help="show which scores would change, and write nothing")
    grade.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="grade on a Dask cluster: its scheduler's address, or the file it wrote",
    )
    _add_grading_options(grade)


def _add_authoring_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verify = verbs.add_parser("verify", help="test a problem set's tests", epilog=EXIT_STATUS)
    verify.add_argument("assignment", metavar="SET", help="the problem set, declared in solutions/SET.py")
    verify.add_argument(
        "--jobs", type=_jobs, default=os.cpu_count() or 1, metavar="N", help="how many at once (%(default)s)"
    )
    verify.add_argument(
        "--seeds", type=_jobs, default=2, metavar="N", help="how often the hidden cases are drawn (%(default)s)"
    )
    verify.add_argument(
        "--thorough", action="store_true", help="look at every known mistake in every way, not at some of those derived"
    )
    verify.add_argument("--json", metavar="FILE", help="write the results as JSON")
    verify.add_argument("--isolation", choices=("full", "container", "none"), default="full", help="as in 'run'")
    verify.add_argument("--course", metavar="DIR", help="the course's folder (default: $AUTOGRADER_COURSE, or found)")
    verify.add_argument("--quiet", action="store_true", help="no progress")

    new = verbs.add_parser("new", help="make a new problem set: module, notebook, tests", epilog=EXIT_STATUS)
    new.add_argument("name", metavar="NAME", help="its name, such as ps6_outer")
    new.add_argument("--update", action="store_true", help="add cells for what was declared since, to its notebook")
    new.add_argument("--start", action="store_true", help="make this folder a course first")
    new.add_argument("--course", metavar="DIR", help="the course's folder (default: $AUTOGRADER_COURSE, or found)")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autograder",
        description="Grades notebooks of hand-written gradients, in a sandbox, and says what is wrong.",
        epilog=EXIT_STATUS,
    )
    parser.add_argument("--version", action="version", version=f"autograder {__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    layout = argparse.RawDescriptionHelpFormatter

    demo = verbs.add_parser("demo", help="make a course with sample submissions, grade it, show the scores")
    demo.add_argument("folder", nargs="?", default="demo-course", help="where to make it (%(default)s)")
    demo.add_argument("--isolation", choices=("full", "container", "none"), default="full", help="as in 'run'")
    demo.add_argument("--quiet", action="store_true", help="no progress")

    run = verbs.add_parser(
        "run", help="grade notebook files, or folders of them", formatter_class=layout, epilog=_limits_help()
    )
    run.add_argument("notebooks", nargs="+", metavar="NOTEBOOK", help="a notebook, or a folder of notebooks")
    run.add_argument("--assignment", metavar="SET", help="the assignment (default: told from the notebook)")
    run.add_argument("--junit", metavar="FILE", help="write the results as JUnit XML")
    run.add_argument("--fail-under", type=_percent, metavar="PERCENT", help="exit with 1 if a submission earns less")
    _add_grading_options(run)

    _add_grade(verbs)
    _add_authoring_verbs(verbs)
    doctor = verbs.add_parser("doctor", help="show which isolation this machine gives, and what to do about the rest")
    doctor.add_argument("--quiet", action="store_true", help="only the exit status")
    return parser


def _limits(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> Limits:
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


def _dispatch(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Call the verb. Each is imported only when it is asked for, so that --help is quick."""
    if arguments.verb == "doctor":
        from autograder.cli.doctor import doctor

        return doctor(quiet=arguments.quiet)
    if arguments.verb == "demo":
        from autograder.cli.demo import demo

        return demo(arguments.folder, isolation=arguments.isolation, quiet=arguments.quiet)
    if arguments.verb == "verify":
        from autograder.cli.verify import verify
        from autograder.verify.bench import Settings

        settings = Settings(seeds=arguments.seeds, thorough=arguments.thorough, jobs=arguments.jobs)
        return verify(
            arguments.assignment, course=arguments.course, json=arguments.json, settings=settings,
            isolation=arguments.isolation, quiet=arguments.quiet,
        )  # fmt: skip
    if arguments.verb == "new":
        from autograder.cli.new import new

        return new(arguments.name, course=arguments.course, start=arguments.start, update=arguments.update)
    limits = _limits(arguments, parser)
    if arguments.verb == "run":
        from autograder.cli.run import run

        return run(
            arguments.notebooks, assignment=arguments.assignment, json=arguments.json, junit=arguments.junit,
            fail_under=arguments.fail_under, jobs=arguments.jobs, limits=limits, isolation=arguments.isolation,
            course=arguments.course, quiet=arguments.quiet,
        )  # fmt: skip
    from autograder.cli.grade import grade

    return grade(
        arguments.assignment, student=arguments.student, force=arguments.force, json=arguments.json,
        jobs=arguments.jobs, limits=limits, isolation=arguments.isolation, course=arguments.course,
        quiet=arguments.quiet, dry_run=arguments.dry_run, dask=arguments.dask,
    )  # fmt: skip


class TerminatedError(KeyboardInterrupt):
    """The program was asked to end, as CI does with a job that is cancelled."""


def _terminate(*_: object) -> None:
    raise TerminatedError


def main(words: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status."""
    parser = _parser()
    arguments = parser.parse_args(words)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that can't show a letter shows a question mark.
            stream.reconfigure(errors="replace")
    signal.signal(signal.SIGTERM, _terminate)
    try:
        return _dispatch(arguments, parser)
    except TerminatedError:
        print("autograder: terminated", file=sys.stderr)
        return TERMINATED
    except KeyboardInterrupt:
        print("autograder: interrupted", file=sys.stderr)
        return INTERRUPTED
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in ("autograder", "solutions"):
            raise
        print(
            f"autograder: {error.name} is not installed; grading needs the instructor's parts: "
            "pip install 'backprop-autograder[instructor]'",
            file=sys.stderr,
        )
        return WRONG_USAGE


def run_and_exit() -> None:
    """Run the command line of this process."""
    sys.exit(main())
