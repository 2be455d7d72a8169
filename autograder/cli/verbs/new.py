"""The words of `autograder new`."""

import argparse

from autograder.cli.options import add_course_option


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("name", metavar="NAME", help="its name, such as ps6_outer")
    parser.add_argument("--update", action="store_true", help="add cells for what was declared since, to its notebook")
    parser.add_argument("--start", action="store_true", help="make this folder a course first")
    add_course_option(parser)


def carry_out(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Make or update a problem set; return the exit status."""
    from autograder.cli.new import new

    return new(arguments.name, course=arguments.course, start=arguments.start, update=arguments.update)
