"""`autograder grade`: grade a course's submissions into nbgrader's gradebook and `autograded/`.

What has not changed is found without starting a sandbox or opening the gradebook for writing; the parts
that grade are imported only where there is something to grade.
"""

import contextlib
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from autograder.callloop.limits import Limits
from autograder.cli.errors import INCOMPLETE, in_plain_words, say
from autograder.cli.grading import Found, Grading, Task, open_named, showable
from autograder.cli.results import check_targets, write_results
from autograder.cli.summary import Tally, print_summary
from autograder.gradebook.backups import advice
from autograder.gradebook.errors import GradebookError
from autograder.gradebook.reading import Scores
from autograder.lock import BusyError, course_lock
from autograder.report import Isolation, Report
from autograder.writers.json_report import write_json

if TYPE_CHECKING:
    from autograder.cli.crews import Crew
    from autograder.cli.saving import Writer
    from autograder.pipeline import Graded


@dataclass(frozen=True)
class Options:
    """How a run of `grade` was asked for."""

    jobs: int
    isolation: str
    json: str | None
    quiet: bool
    table: bool
    dry_run: bool
    dask: str | None
    backend: str | None


@in_plain_words
def grade(
    assignment: str,
    *,
    student: str | None,
    force: bool,
    json: str | None,
    jobs: int,
    limits: Limits,
    isolation: str,
    course: str | None,
    quiet: bool,
    dry_run: bool = False,
    table: bool = True,
    dask: str | None = None,
    backend: str | None = None,
) -> int:
    """Grade every submission of an assignment that has changed since it was graded.

    dry_run: only show how the scores would change. table: whether to print the scores. dask: the address of a
    cluster's scheduler, or its file; then `jobs` means nothing. backend: another package's sandbox.
    Returns the exit status: 0, 2 for wrong usage, 3 if something could not be graded or written.
    """
    tally = Tally()
    check_targets(json)
    opened, assignments = open_named(course, assignment)
    submitted = opened.submitted(assignment, student)
    folders = showable(submitted)
    tally.left_out = len(submitted) - len(folders)
    grading = Grading(opened, assignments, limits, isolation, lasting=not dry_run)
    options = Options(jobs, isolation, json, quiet, table, dry_run, dask, backend)
    try:
        found = grading.look(folders, force=force)
        tally.reading = tally.elapsed()
        if dry_run or not found.tasks:
            return _grade(grading, found, tally, options)
        with course_lock(opened.root, f"autograder grade {assignment}"):
            found = grading.look(folders, force=force)  # another grader may have done some of it
            return _grade(grading, found, tally, options)
    except (GradebookError, BusyError) as error:
        say(str(error))
        return INCOMPLETE


def _grade(grading: Grading, found: Found, tally: Tally, options: Options) -> int:
    """Grade what must be graded, save it unless it is a dry run, and tell."""
    tally.unchanged = found.unchanged
    tally.results += found.refused
    if not found.tasks:
        return _outcome(grading, tally, options)
    from autograder.batch import CrewError
    from autograder.cli.crews import crew_for
    from autograder.cli.saving import Saved, Writer

    if not options.dry_run and not options.quiet and (told := advice(grading.course.database)):
        say(told)
    jobs = min(options.jobs, len(found.tasks) * len(grading.assignments))
    crew, level = crew_for(grading, options.isolation, jobs, options.dask, options.backend)
    writer = None
    if not options.dry_run:
        # Loaded before there is a second thread: bleach imports itself in a circle, of which another would see half.
        import autograder.pages.cleaning  # noqa: F401

        writer = Writer(grading, level)
    try:
        _judge(grading, found, crew, tally, options, writer)
        saved = writer.finish() if writer is not None else Saved()
    except (KeyboardInterrupt, CrewError):
        if writer is not None:
            saved = writer.finish()
            say(f"{saved.students} submissions are graded and saved; the same command goes on from there")
        raise
    tally.isolation, tally.at_once, tally.writing = crew.isolation, crew.at_once, saved.seconds
    tally.refused += saved.refused
    if saved.problem:
        msg = f"{saved.problem} ({saved.students} submissions are graded and saved)"
        raise GradebookError(msg)
    return _outcome(grading, tally, options)


def _judge(
    grading: Grading, found: Found, crew: "Crew", tally: Tally, options: Options, writer: "Writer | None"
) -> None:
    """Grade each task's notebooks, and hand it to the writer as soon as all of it is graded."""
    from autograder.batch import grade_all
    from autograder.cli.progress import with_progress
    from autograder.pages.notebook import with_inert_notebook

    owners, submissions = [], []
    for task in found.tasks:
        mine = grading.submissions(task)
        task.waiting = len(mine)
        submissions += mine
        owners += [task] * len(mine)
        if not mine:
            _finish(grading, task, found.scores, tally, writer)

    def shown(one: "tuple[int, Graded]") -> str:
        return tally.shown(owners[one[0]].student.student, one[1].result)

    started = time.monotonic()
    results = grade_all(submissions, crew)
    with contextlib.closing(results):
        for position, graded in with_progress(
            results, len(submissions), f"grading {grading.name}", quiet=options.quiet, shown=shown
        ):
            tally.starting = tally.starting or max(1e-9, time.monotonic() - started - graded.result.seconds)
            task = owners[position]
            name = graded.assignment.notebook_name if graded.assignment else submissions[position].path.stem
            task.graded[name] = with_inert_notebook(graded)
            tally.note(graded, keep=options.json is not None)
            task.waiting -= 1
            if task.waiting == 0:
                _finish(grading, task, found.scores, tally, writer)
            if writer is not None and writer.saved.problem:
                return


def _finish(grading: Grading, task: Task, scores: Scores, tally: Tally, writer: "Writer | None") -> None:
    """Note how one student's scores changed, and have them written."""
    from autograder.cli.changes import changes_of

    student = task.student.student
    broken = [one for one in task.graded.values() if one is not None and one.broke_down]
    if broken:
        say(f"{student}: {broken[0].result.message}; nothing was written, grade it again")
        tally.refused += 1
        return
    if writer is None or student in scores:  # where nobody asked, those of new students are not told
        waiting = [cell for assignment in grading.assignments for cell in assignment.needs_manual]
        tally.changes += changes_of(student, task.graded, scores, waiting)
    tally.known |= {student} & scores.keys()
    if writer is not None:
        writer.add(task)
    else:
        task.graded.clear()


def _outcome(grading: Grading, tally: Tally, options: Options) -> int:
    """Write the report where it is wanted, print the summary, and return the exit status."""
    changes = tuple(tally.changes) if options.dry_run else None
    # In the order of their names, whoever was ready first.
    results = tuple(sorted(tally.results, key=lambda one: one.path))
    report = Report(grading.name, tally.isolation or Isolation("none", ()), results, changes)
    if options.json is not None and tally.isolation is None:
        from autograder.isolation import strongest

        report = replace(report, isolation=strongest(options.isolation)[1])
    # First, because whoever reads what is printed may stop reading.
    written = write_results(report, [(options.json, write_json)])
    if options.table:
        print_summary(grading, report, tally, dry_run=options.dry_run)
    complete = written and not tally.refused and not tally.left_out and not report.incomplete
    return 0 if complete else INCOMPLETE
