"""A class graded by `autograder grade` and by stock `nbgrader autograde`, on the same course, in one run.

Prints seconds of wall time and of CPU for one submission, each way, and the ratios. Usage:
    python benchmarks/class_of_submissions.py [--students N] [--set SET]
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STOCK = 'c = get_config()\nc.CourseDirectory.course_id = "stock"\nc.ExecutePreprocessor.timeout = 60\n'


def make_course(folder: Path, name: str, students: int, config: str) -> None:
    """Lay out a course with right submissions of one set."""
    shutil.copytree(ROOT / "source" / name, folder / "source" / name)
    shutil.copytree(ROOT / "solutions", folder / "solutions", ignore=shutil.ignore_patterns("__pycache__", "build"))
    (folder / "nbgrader_config.py").write_text(config)
    for number in range(students):
        shutil.copytree(ROOT / "source" / name, folder / "submitted" / f"student{number:03}" / name)


def timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Run a command and return its wall and CPU seconds, those of its children included."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": programs, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)  # noqa: S603
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure both ways and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=10)
    parser.add_argument("--set", default="ps2_linear")
    arguments = parser.parse_args()
    name, students = arguments.set, arguments.students
    ways = {
        "autograder grade": (
            (ROOT / "nbgrader_config.py").read_text(),
            [sys.executable, "-m", "autograder", "grade", name],
        ),
        "nbgrader autograde": (STOCK, [sys.executable, "-m", "nbgrader", "autograde", name]),
    }
    figures = {}
    for way, (config, command) in ways.items():
        with tempfile.TemporaryDirectory() as folder:
            course = Path(folder)
            make_course(course, name, students, config)
            timed([sys.executable, "-m", "nbgrader", "generate_assignment", name], course)
            figures[way] = timed(command, course)
    print(f"{name}, {students} submissions, seconds for one submission (start-up included)")
    print(f"{'':<20} {'wall':>8} {'cpu':>8}")
    for way, (wall, cpu) in figures.items():
        print(f"{way:<20} {wall / students:>8.3f} {cpu / students:>8.3f}")
    (wall, cpu), (stock_wall, stock_cpu) = figures.values()
    print(f"{'stock / ours':<20} {stock_wall / wall:>8.1f} {stock_cpu / cpu:>8.1f}")


if __name__ == "__main__":
    main()
