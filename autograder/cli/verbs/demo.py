"""The words of `autograder demo`."""

import argparse

from autograder.cli.options import add_isolation_option, add_quiet_option


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("folder", nargs="?", default="demo-course", help="where to make it (%(default)s)")
    add_isolation_option(parser)
    add_quiet_option(parser)


def carry_out(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Make and grade the demo course; return the exit status."""
    from autograder.cli.demo import demo

    return demo(arguments.folder, isolation=arguments.isolation, quiet=arguments.quiet)
