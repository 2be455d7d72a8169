"""The words of `autograder run`."""

import argparse

from autograder.cli.options import add_grading_options, limits_from, percentage


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("notebooks", nargs="+", metavar="NOTEBOOK", help="a notebook, or a folder of notebooks")
    parser.add_argument("--assignment", metavar="SET", help="the assignment (default: told from the notebook)")
    parser.add_argument("--junit", metavar="FILE", help="write the results as JUnit XML")
    parser.add_argument(
        "--fail-under", type=percentage, metavar="PERCENT", help="exit with 1 if a submission earns less"
    )
    parser.add_argument("--explain", action="store_true", help="say of each test how it was run")
    add_grading_options(parser)


def carry_out(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Grade notebooks; return the exit status."""
    limits = limits_from(arguments, parser)
    from autograder.cli.run import run

    return run(
        arguments.notebooks, assignment=arguments.assignment, json=arguments.json, junit=arguments.junit,
        fail_under=arguments.fail_under, jobs=arguments.jobs, limits=limits, isolation=arguments.isolation,
        course=arguments.course, quiet=arguments.quiet, explain=arguments.explain,
    )  # fmt: skip
