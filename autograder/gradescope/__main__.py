"""Grades one submission in Gradescope's container: `python -m autograder.gradescope /autograder`."""

import sys
from pathlib import Path

from autograder.gradescope.harness import grade_here

if __name__ == "__main__":
    grade_here(Path(sys.argv[1]))
