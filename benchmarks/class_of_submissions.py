"""A class graded by `autograder grade` and by stock `nbgrader autograde`: same course, submissions and machine.

Prints, for one submission, seconds of wall time and of CPU each way, start-up included, and the ratios; and holds
the scores of the two gradebooks against each other. `plain` is a notebook of seven functions with plain asserts,
`tables` one of seven with pandas and a figure.

    python benchmarks/class_of_submissions.py [--students 200] [--sets plain ps2_linear ...] [--jobs 2] [--stock 20]
"""

import argparse
import sqlite3
import tempfile
from pathlib import Path

from courses import OURS, STOCK, Time, grade, make_course, nbgrader, timed
from plain_notebooks import PLAIN, TABLES

SCORES = """
SELECT submission.student_id, cell.name, COALESCE(grade.manual_score, grade.auto_score, 0)
FROM grade
JOIN base_cell AS cell ON cell.id = grade.cell_id
JOIN submitted_notebook AS submitted ON submitted.id = grade.notebook_id
JOIN submitted_assignment AS submission ON submission.id = submitted.assignment_id
"""


def scores(course: Path) -> dict[tuple[str, str], float]:
    """Return every score in a course's gradebook, by student and cell."""
    with sqlite3.connect(course / "gradebook.db") as database:
        return {(student, cell): score for student, cell, score in database.execute(SCORES)}


def measured(name: str, students: int, config: str, command: list[str]) -> tuple[Time, dict[tuple[str, str], float]]:
    """Grade a new course one way; return what it took, and the scores."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        make_course(course, name, students, config)
        timed(nbgrader("generate_assignment", name), course)
        return timed(command, course), scores(course)


def main() -> None:
    """Measure both ways and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--sets", nargs="+", default=[PLAIN, TABLES, "ps2_linear"])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--stock", type=int, help="how many submissions stock nbgrader grades, where all take too long")
    arguments = parser.parse_args()
    students = arguments.students
    fewer = min(arguments.stock or students, students)
    print(f"seconds for one of {students} submissions, stock: of {fewer}, start-up included; {arguments.jobs} workers")
    print(f"{'':<16}{'ours wall':>10}{'cpu':>8}{'stock wall':>12}{'cpu':>8}{'times wall':>12}{'cpu':>6}  scores")
    for name in arguments.sets:
        ours, our_scores = measured(name, students, OURS, grade(name, "--jobs", str(arguments.jobs)))
        stock, stock_scores = measured(name, fewer, STOCK, nbgrader("autograde", name))
        both = {key: score for key, score in our_scores.items() if key in stock_scores}
        same = "equal" if both == stock_scores else "NOT EQUAL"
        times = [theirs / fewer / mine * students for theirs, mine in ((stock.wall, ours.wall), (stock.cpu, ours.cpu))]
        print(
            f"{name:<16}{ours.wall / students:>10.4f}{ours.cpu / students:>8.4f}{stock.wall / fewer:>12.3f}"
            f"{stock.cpu / fewer:>8.3f}{times[0]:>12.1f}{times[1]:>6.1f}  {same}",
            flush=True,
        )


if __name__ == "__main__":
    main()
