"""The words of `autograder feedback`."""

import argparse

from autograder.cli.options import add_course_option, add_quiet_option


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("assignment", metavar="SET", help="the assignment")
    parser.add_argument("--student", metavar="ID", help="only this student's page")
    parser.add_argument("--force", action="store_true", help="write pages that have not changed, too")
    add_course_option(parser)
    add_quiet_option(parser)


def carry_out(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Make students' pages; return the exit status."""
    from autograder.cli.feedback import feedback

    return feedback(
        arguments.assignment, student=arguments.student, force=arguments.force, course=arguments.course,
        quiet=arguments.quiet,
    )  # fmt: skip
