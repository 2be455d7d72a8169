"""The words of `autograder grade`."""

import argparse

from autograder.cli.options import add_grading_options, limits_from


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("assignment", metavar="SET", help="the assignment")
    parser.add_argument("--student", metavar="ID", help="only this student's submission")
    parser.add_argument("--force", action="store_true", help="grade again what is graded already")
    parser.add_argument("--dry-run", action="store_true", help="show which scores would change, and write nothing")
    parser.add_argument(
        "--dask", metavar="ADDRESS", help="grade on a Dask cluster: its scheduler's address, or the file it wrote"
    )
    add_grading_options(parser)


def carry_out(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Grade a course's submissions; return the exit status."""
    limits = limits_from(arguments, parser)
    from autograder.cli.grade import grade

    return grade(
        arguments.assignment, student=arguments.student, force=arguments.force, json=arguments.json,
        jobs=arguments.jobs, limits=limits, isolation=arguments.isolation, course=arguments.course,
        quiet=arguments.quiet, dry_run=arguments.dry_run, dask=arguments.dask, backend=arguments.backend,
    )  # fmt: skip
