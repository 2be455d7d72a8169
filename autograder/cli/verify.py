"""`autograder verify`: test the tests of a problem set."""

from pathlib import Path

from autograder.cli.errors import INCOMPLETE, UsageError, in_plain_words, say, show
from autograder.cli.progress import with_progress
from autograder.cli.results import check_targets
from autograder.isolation import strongest
from autograder.notebook.assignment import find_course
from autograder.verify.bench import CourseFaultError, Settings
from autograder.verify.tables import as_json, text
from autograder.verify.verification import Verification
from autograder.writers.files import write_whole

FAULTS = 1


@in_plain_words
def verify(
    assignment: str, *, course: str | None, json: str | None, settings: Settings, isolation: str, quiet: bool
) -> int:
    """Verify a problem set and print what was found.

    Returns the exit status: 0, 1 if there is a fault, 2 for wrong usage, 3 if a test of the set could
    not be judged at all.
    """
    check_targets(json)
    place = find_course(course, Path.cwd())
    if place is None:
        msg = "no course found: run this in one, or name one with --course"
        raise UsageError(msg)
    backend, _ = strongest(isolation)
    with Verification(place, assignment, backend, settings) as verification:
        total = verification.plan()
        try:
            for _ in with_progress(verification.work(), total, "verifying", quiet=quiet, unit="answer"):
                pass
        except CourseFaultError as error:
            say(str(error))
            return INCOMPLETE
        findings = verification.findings
    written = True
    if json:
        try:
            write_whole(Path(json), as_json(findings))
        except OSError as error:
            say(f"{json} could not be written: {error.strerror or error}")
            written = False
    show(text(findings))
    if findings.incomplete or not written:
        return INCOMPLETE
    return FAULTS if findings.has_faults else 0
