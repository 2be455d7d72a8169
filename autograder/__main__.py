"""`python -m autograder`: the same as the command `autograder`."""

from autograder.cli.main import run_and_exit

run_and_exit()
