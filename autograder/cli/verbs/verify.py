"""The words of `autograder verify`."""

import argparse

from autograder.cli.options import (
    add_course_option,
    add_isolation_option,
    add_jobs_option,
    add_quiet_option,
    whole_number,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("assignment", metavar="SET", help="the problem set, declared in solutions/SET.py")
    parser.add_argument(
        "--seeds", type=whole_number, default=2, metavar="N", help="how often the hidden cases are drawn (%(default)s)"
    )
    parser.add_argument(
        "--thorough", action="store_true", help="look at every known mistake in every way, not at some of those derived"
    )
    parser.add_argument("--json", metavar="FILE", help="write the results as JSON")
    add_jobs_option(parser)
    add_isolation_option(parser)
    add_course_option(parser)
    add_quiet_option(parser)


def carry_out(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Verify a problem set; return the exit status."""
    from autograder.cli.verify import verify
    from autograder.verify.bench import Settings

    settings = Settings(seeds=arguments.seeds, thorough=arguments.thorough, jobs=arguments.jobs)
    return verify(
        arguments.assignment, course=arguments.course, json=arguments.json, settings=settings,
        isolation=arguments.isolation, quiet=arguments.quiet,
    )  # fmt: skip
