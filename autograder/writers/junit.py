"""The report as JUnit XML, which CI services show: a suite a submission, a case an exercise."""

from pathlib import Path
from xml.etree import ElementTree as ET

from autograder.report import LOOKS_LIKE, ExerciseResult, Isolation, Report, Status, SubmissionResult
from autograder.writers.files import write_whole
from autograder.writers.text import inert, points


def _exercise(parent: ET.Element, submission: SubmissionResult, exercise: ExerciseResult) -> None:
    case = ET.SubElement(parent, "testcase", name=inert(exercise.name), classname=inert(submission.path), time="0")
    score = f"{points(exercise.score)} of {points(exercise.max_score)} points"
    failed = [check for check in exercise.checks if not check.passed]
    if exercise.could_not_judge:
        element = ET.SubElement(case, "error", message=inert(f"{score}; the test could not judge"))
    elif not exercise.passed:
        element = ET.SubElement(case, "failure", message=inert(score))
    else:
        return
    lines = [f"{check.name}: {check.message}" for check in failed]
    lines += [f"{LOOKS_LIKE}: {exercise.diagnosis.message}"] if exercise.diagnosis else []
    element.text = inert("\n".join(lines), keep_newlines=True)


def _submission(parent: ET.Element, submission: SubmissionResult, isolation: Isolation) -> None:
    exercises = submission.exercises
    errors = sum(exercise.could_not_judge for exercise in exercises)
    failures = sum(not exercise.passed and not exercise.could_not_judge for exercise in exercises)
    refused = submission.status is Status.ERROR
    suite = ET.SubElement(
        parent,
        "testsuite",
        name=inert(submission.path),
        tests=str(len(exercises) + refused),
        failures=str(failures),
        errors=str(errors + refused),
        time=f"{submission.seconds:.3f}",
    )
    properties = ET.SubElement(suite, "properties")
    ET.SubElement(properties, "property", name="isolation", value=isolation.level)
    ET.SubElement(properties, "property", name="isolation layers", value=", ".join(isolation.layers))
    if refused:
        case = ET.SubElement(suite, "testcase", name="notebook", classname=inert(submission.path), time="0")
        ET.SubElement(case, "error", message=inert(submission.message))
    for exercise in exercises:
        _exercise(suite, submission, exercise)
    if submission.warnings:
        ET.SubElement(suite, "system-err").text = inert("\n".join(submission.warnings), keep_newlines=True)


def as_junit(report: Report) -> str:
    """Return the report as the text of a JUnit XML file."""
    root = ET.Element("testsuites", name=inert(report.assignment))
    for submission in report.submissions:
        _submission(root, submission, report.isolation)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def write_junit(report: Report, path: Path) -> None:
    """Write the report as JUnit XML. Raises OSError if the file can't be written."""
    write_whole(path, as_junit(report))
