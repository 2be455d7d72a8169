"""The first second: how long it takes until something is on the screen, and until nothing was found to do.

python benchmarks/start_up.py [--students 200] [--set plain] [--tries 7]
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from courses import OURS, environment, grade, make_course, nbgrader, timed
from plain_notebooks import PLAIN


def first_result(command: list[str], course: Path) -> float:
    """Return the seconds from the start of a run to the line of its first result, and end the run."""
    started = time.monotonic()
    with subprocess.Popen(  # noqa: S603
        command, cwd=course, env=environment(course), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stderr is not None
        found = next(time.monotonic() - started for line in run.stderr if "1 of" in line)
        run.terminate()
        run.stderr.read()
    return found


def main() -> None:
    """Measure and print medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--set", default=PLAIN)
    parser.add_argument("--tries", type=int, default=7)
    arguments = parser.parse_args()
    name, tries = arguments.set, range(arguments.tries)
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        make_course(course, name, arguments.students, OURS)
        timed(nbgrader("generate_assignment", name), course)
        python = [timed([sys.executable, "-c", "pass"], course).wall for _ in tries]
        helped = [timed([sys.executable, "-m", "autograder", "--help"], course).wall for _ in tries]
        first = [first_result(grade(name, "--force", "--jobs", "2"), course) for _ in tries]
        timed(grade(name), course)
        nothing = [timed(grade(name), course).wall for _ in tries]

    print(f"seconds, medians of {arguments.tries}; {arguments.students} submissions of {name}")
    for told, seconds in (
        ("python, doing nothing", python), ("autograder --help", helped),
        ("the first result on the screen", first), ("a run with nothing to do", nothing),
    ):  # fmt: skip
        print(f"{told:<32}{statistics.median(seconds):>7.2f}")


if __name__ == "__main__":
    main()
