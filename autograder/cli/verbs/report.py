"""The words of `autograder report`."""

import argparse

from autograder.cli.options import add_quiet_option


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("assignment", metavar="SET", nargs="?", help="the assignment; without one, the whole course")
    parser.add_argument(
        "--course", metavar="DIR", nargs="?", const="",
        help="report on the course, across its sets; with DIR, on the course in that folder "
        "(default: $AUTOGRADER_COURSE, or found), or, after SET, on that set of it",
    )  # fmt: skip
    parser.add_argument("--out", metavar="FILE", help="the page's file (default: report/<set>.html in the course)")
    parser.add_argument("--anonymous", action="store_true", help="numbers for names, and no links to students' pages")
    add_quiet_option(parser)


def carry_out(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Write a report's page and tables; return the exit status."""
    if arguments.assignment is None and arguments.course is None:
        parser.error("name a SET, as in 'autograder report ps1_chain_rule'; or say --course for the page across sets")
    from autograder.cli.report import report

    return report(
        arguments.assignment, course=arguments.course or None, out=arguments.out, anonymous=arguments.anonymous,
        quiet=arguments.quiet,
    )  # fmt: skip
