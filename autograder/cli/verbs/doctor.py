"""The words of `autograder doctor`."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("--quiet", action="store_true", help="only the exit status")


def carry_out(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Show the layers of isolation; return the exit status."""
    from autograder.cli.doctor import doctor

    return doctor(quiet=arguments.quiet)
