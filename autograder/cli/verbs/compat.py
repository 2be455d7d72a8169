"""The words of `autograder compat`."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("course", metavar="COURSE", help="the course's folder, with its nbgrader_config.py")
    parser.add_argument("assignment", nargs="?", metavar="SET", help="only this assignment")
    parser.add_argument("--json", metavar="FILE", help="write what was found as JSON")


def carry_out(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Look at a course's tests; return the exit status."""
    from autograder.cli.compat import compat

    return compat(arguments.course, arguments.assignment, json=arguments.json)
