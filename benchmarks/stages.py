"""Where the time goes: CPU of each process that has a part in grading one submission, with all layers of isolation.

The worker is asked directly, as `autograder grade` does, with one submission after the other; the writer's part
is measured by `scaling.py`. Prints milliseconds of CPU a submission.

    python benchmarks/stages.py [--submissions 100] [--sets plain ps2_linear ...]
"""

import argparse
import os
import resource
import secrets
import tempfile
from pathlib import Path

from courses import OURS, make_course
from plain_notebooks import PLAIN

from autograder.batch import Station, setup_for
from autograder.callloop.limits import Limits
from autograder.isolation import strongest
from autograder.notebook.assignment import load_assignments
from autograder.pipeline import settled_submission

TICKS = os.sysconf("SC_CLK_TCK")
WARM_UP = 30


def cpu_by_process(process: int) -> dict[int, tuple[float, float]]:
    """Return seconds of CPU below a process: each one's own, and those of its children that have ended."""
    found: dict[int, tuple[float, float]] = {}
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            words = Path(f"/proc/{child}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            own, ended = (sum(map(int, words[at : at + 2])) / TICKS for at in (11, 13))
            found[int(child)] = own, ended
            found |= cpu_by_process(int(child))
    return found


def own_cpu() -> float:
    """Return this process's seconds of CPU."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measured(name: str, submissions: int) -> list[float]:
    """Return milliseconds of CPU a submission: reading and planning, judge, its server, student, fork server."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        make_course(course, name, 0, OURS)
        assignments = load_assignments(course, name)
        station = Station(setup_for(assignments, strongest("full")[0], Limits()))
        station.begin()
        station.wait_until_ready()
        path = course / "source" / name / f"{name}.ipynb"

        def grade() -> float:
            seed = secrets.token_hex(32) + "5eed" * 16
            result = station.grade(settled_submission(path, "x", assignments[0], seed)).result
            assert result.score == result.max_score, result
            return result.resources.cpu_seconds

        for _ in range(WARM_UP):
            grade()
        before, own = cpu_by_process(os.getpid()), own_cpu()
        student = sum(grade() for _ in range(submissions))
        after, mine = cpu_by_process(os.getpid()), own_cpu() - own
        station.close()
    used = {process: tuple(now - then for now, then in zip(after[process], before[process], strict=True))
            for process in before}  # fmt: skip
    server = used[min(used)]
    sandbox = sum(own for process, (own, _) in used.items() if process != min(used))
    return [1000 * seconds / submissions for seconds in (mine, server[1], server[0], student, sandbox)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--sets", nargs="+", default=[PLAIN, "ps2_linear", "ps5_two_layer"])
    arguments = parser.parse_args()
    print("milliseconds of CPU for one submission")
    print(f"{'':<16}{'reading':>9}{'judge':>8}{'its server':>12}{'student':>9}{'fork server':>13}{'in all':>8}")
    for name in arguments.sets:
        stages = measured(name, arguments.submissions)
        reading, judge, server, student, sandbox = stages
        print(
            f"{name:<16}{reading:>9.1f}{judge:>8.1f}{server:>12.1f}{student:>9.1f}{sandbox:>13.1f}{sum(stages):>8.1f}"
        )


if __name__ == "__main__":
    main()
