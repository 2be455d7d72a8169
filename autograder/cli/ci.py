"""What a CI service gets besides files: annotations in the log, the step's summary, the step's output."""

import os
from functools import cache
from pathlib import Path

from autograder.callloop.limits import Limits
from autograder.cli.errors import on_github, say
from autograder.notebook.lines import PlacedLine, line_of, placed_lines
from autograder.notebook.reading import NotebookError, notebook_bytes
from autograder.report import ExerciseResult, Report, SubmissionResult
from autograder.writers.annotations import Place, as_commands
from autograder.writers.classroom import append_output
from autograder.writers.summary import append_summary, summary_of_step

# Where the services put the checkout that their paths start from.
WORKSPACES = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


@cache
def _lines(path: str) -> list[PlacedLine]:
    try:
        return placed_lines(notebook_bytes(Path(path), Limits().notebook_bytes))
    except NotebookError:
        return []


def _from_workspace(path: str) -> str:
    """Return a path as the service knows it: from the folder of its checkout, if it lies there."""
    whole = os.path.abspath(path)  # noqa: PTH100 - a link is named as it is
    for variable in WORKSPACES:
        top = os.environ.get(variable)
        if top and Path(whole).is_relative_to(os.path.abspath(top)):  # noqa: PTH100 - as above
            return os.path.relpath(whole, top)
    return path


def locate(submission: SubmissionResult, exercise: ExerciseResult | None) -> Place:
    """Return where an exercise's function stands in the submitted file."""
    file = _from_workspace(submission.path)
    if exercise is None:
        return Place(file, 1)
    return Place(file, line_of(_lines(submission.path), exercise.name, exercise.grade_id))


def tell_service(report: Report, *, classroom: bool) -> bool:
    """Tell GitHub, where this runs in one of its jobs, what was found; return whether all of it could be told.

    classroom: whether the step's output is wanted as well.
    """
    told = True
    output = os.environ.get("GITHUB_OUTPUT")
    for path, add in (
        (summary_of_step(), append_summary),
        (Path(output) if output and classroom else None, append_output),
    ):
        if path is None:
            continue
        try:
            add(report, path)
        except OSError as error:
            say(f"{path} could not be written: {error.strerror or error}")
            told = False
    if on_github():
        # Not through `show`, which keeps everything else from being taken for a command.
        print("\n".join(as_commands(report, locate)), flush=True)
    return told
