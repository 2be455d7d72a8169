"""Very many submissions in one run: whether the cost of each, and the grader's memory, stay as they are.

Prints, for each share of the run, the seconds a submission took, and the memory of the grader's own process and of
the largest of its workers' processes by then, and whether the growth is a straight line. The memory is the part
that no other process shares.

    python benchmarks/many_submissions.py [--students 10000] [--set plain] [--jobs 2]
"""

import argparse
import re
import subprocess
import tempfile
import time
from pathlib import Path

from courses import OURS, environment, grade, make_course, nbgrader, timed
from plain_notebooks import PLAIN

SHARES = 10
MEGABYTE = 1024.0
DONE = re.compile(rb"(\d+) of \d+[:,]")


def private_megabytes(process: int) -> float:
    """Return how much memory only this process has, in megabytes; 0 where it is gone."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.findall(r"^Private_(?:Clean|Dirty):\s+(\d+) kB", text, re.MULTILINE)
    return sum(map(int, found)) / MEGABYTE


def children(process: int) -> list[int]:
    """Return the processes that a process has started, and that theirs have."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        own = [int(one) for task in tasks for one in (task / "children").read_text(encoding="ascii").split()]
    except OSError:
        return []
    return [*own, *(further for one in own for further in children(one))]


def watched(command: list[str], course: Path, students: int) -> list[tuple[int, float, float, float]]:
    """Run the grader; return how far it was, when, and how much memory it and its largest worker had."""
    started, rows, due = time.monotonic(), [], students // SHARES
    with subprocess.Popen(  # noqa: S603
        command, cwd=course, env=environment(course), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as run:
        assert run.stderr is not None
        for line in run.stderr:
            found = DONE.search(line)
            if found and int(found[1]) >= due:
                largest = max(map(private_megabytes, children(run.pid)), default=0.0)
                rows.append((int(found[1]), time.monotonic() - started, private_megabytes(run.pid), largest))
                due += students // SHARES
    assert run.returncode == 0, run.returncode
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=10_000)
    parser.add_argument("--set", default=PLAIN)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        make_course(course, arguments.set, arguments.students, OURS)
        timed(nbgrader("generate_assignment", arguments.set), course)
        rows = watched(grade(arguments.set, "--jobs", str(arguments.jobs)), course, arguments.students)
        again = timed(grade(arguments.set), course)
    print(f"{arguments.students} submissions of {arguments.set}, {arguments.jobs} workers")
    print(f"{'done':>8}{'seconds':>10}{'a submission since':>20}{'grader, MB':>12}{'largest worker, MB':>20}")
    before = (0, 0.0)
    for done, seconds, grader, worker in rows:
        each = (seconds - before[1]) / (done - before[0])
        print(f"{done:>8}{seconds:>10.1f}{each:>20.4f}{grader:>12.1f}{worker:>20.1f}")
        before = (done, seconds)
    print(f"growth of the grader's memory from the first to the last row: {rows[-1][2] - rows[0][2]:.1f} MB")
    print(f"the same command again, with nothing to do: {again.wall:.2f} s")


if __name__ == "__main__":
    main()
