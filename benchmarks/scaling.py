"""What grading costs at each place when it is spread over many machines: a worker, the network, the one writer.

Prints the figures that docs/scaling.md computes with. Usage:
    python benchmarks/scaling.py [--students N] [--set SET]
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from courses import OURS, ROOT, make_course

from autograder.callloop.limits import Limits
from autograder.cluster import remote
from autograder.cluster.answers import unpacked
from autograder.cluster.parcel import Errand, Parcel
from autograder.notebook.assignment import load_assignments
from autograder.pages.notebook import with_inert_notebook

HOUR, MILLI = 3600.0, 1000.0
WRITING = re.compile(r"writing ([\d.]+)")
Row = tuple[str, str]


def on_a_worker(course: Path, name: str, students: int) -> list[Row]:
    """Measure what a worker does for each submission, and what crosses the network for it."""
    (assignment,) = load_assignments(course, name)
    tests = Parcel.of([assignment], Limits(), "none").packed()
    content = assignment.notebook.content
    errand = Errand("a.ipynb", "a.ipynb", assignment.notebook_name, content, "5eed" * 16).packed()
    remote.grade(tests, errand)  # the first one starts the sandbox
    started = time.monotonic()
    answers = [remote.grade(tests, errand) for _ in range(students)]
    wall = (time.monotonic() - started) / students
    remote.close()
    started = time.monotonic()
    for answer in answers:
        graded = unpacked(answer, "a.ipynb", assignment).graded
        assert graded is not None
        with_inert_notebook(graded)
    reading = (time.monotonic() - started) / students
    return [
        ("a worker: seconds a submission, one at a time", f"{wall:.3f}"),
        ("a worker: submissions an hour on one core", f"{HOUR / wall:,.0f}"),
        ("network: bytes of the tests, once a worker", f"{len(tests):,}"),
        ("network: bytes of a submission (its file has as many as the second number)",
         f"{len(errand['content']):,} / {len(content):,}"),
        ("network: bytes of an answer", f"{len(answers[0]):,}"),
        ("the one machine: milliseconds to read an answer", f"{reading * MILLI:.2f}"),
    ]  # fmt: skip


def at_the_gradebook(course: Path, name: str, students: int) -> list[Row]:
    """Measure the one writer: a whole run of `autograder grade`, the second time, when all is registered."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": programs, "PYTHONPATH": f"{course}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "autograder", "grade", name, "--force", "--isolation", "none"]
    ran = [subprocess.run(command, cwd=course, env=environment, check=True, capture_output=True, text=True)  # noqa: S603
           for _ in range(2)][-1]  # fmt: skip
    found = WRITING.search(ran.stdout)
    assert found is not None
    seconds = float(found[1])
    return [
        ("the writer: milliseconds a submission", f"{seconds / students * MILLI:.2f}"),
        ("the writer: submissions a second", f"{students / seconds:,.0f}"),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=100)
    parser.add_argument("--set", default="ps2_linear")
    arguments = parser.parse_args()
    name, students = arguments.set, arguments.students
    loads = [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        make_course(course, name, students, OURS)
        rows = on_a_worker(course, name, students) + at_the_gradebook(course, name, students)
    loads.append(os.getloadavg()[0])
    print(f"{name}, {students} right submissions, {os.cpu_count()} cores, load {loads[0]:.1f} to {loads[1]:.1f}")
    for what, figure in rows:
        print(f"{what:<80} {figure:>18}")


if __name__ == "__main__":
    main()
