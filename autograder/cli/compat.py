"""`autograder compat`: which test cells of a course run apart from the student's code, which cannot, and why."""

import json as json_format
from pathlib import Path

from autograder.cli.errors import INCOMPLETE, in_plain_words, say, show
from autograder.cli.results import check_targets
from autograder.compat.findings import as_json
from autograder.compat.scan import scan, text_of
from autograder.course import open_course
from autograder.notebook.assignment import COURSE_MARK, CourseError
from autograder.writers.files import write_whole


@in_plain_words
def compat(course: str, assignment: str | None, *, json: str | None) -> int:
    """Look at a course's tests, print what was found, and write it as JSON where asked for.

    Returns the exit status: 0, 2 for wrong usage, 3 if a cell can't be run trusted, or a notebook not be read.
    """
    check_targets(json)
    place = Path(course).resolve()
    opened = open_course(place)
    source = opened.settings.folder("")
    if not source.is_dir():
        msg = (
            f"{place} is no course: there is no folder {source} with assignments; name the folder of {COURSE_MARK}, "
            "and set c.CourseDirectory.source_directory there if it is called otherwise"
        )
        raise CourseError(msg)
    report = scan(place, assignment, opened.settings)
    written = True
    if json:
        try:
            write_whole(Path(json), json_format.dumps(as_json(report), indent=1, ensure_ascii=True) + "\n")
        except OSError as error:
            say(f"{json} could not be written: {error.strerror or error}")
            written = False
    show(text_of(report))
    return INCOMPLETE if report.incomplete or not written else 0
