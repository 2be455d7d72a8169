"""The report as JUnit XML, which CI services show: a suite a submission, a case an exercise.

Of the many dialects this keeps to what Jenkins's schema allows, with the attribute `file` beside it, which GitLab and
GitHub's reporters read. They tell cases apart by `classname` and `name`, so no two cases have both in common.
"""

from pathlib import Path
from xml.etree import ElementTree as ET

from autograder.report import LOOKS_LIKE, ExerciseResult, Isolation, Report, Status, SubmissionResult
from autograder.writers.files import write_whole
from autograder.writers.text import inert, points

COUNTED = ("tests", "failures", "errors", "skipped")


def _case(suite: ET.Element, submission: SubmissionResult, name: str, seconds: float = 0.0) -> ET.Element:
    path = inert(submission.path)
    taken = {case.get("name") for case in suite.findall("testcase")}
    unique, number = inert(name), 1
    while unique in taken:
        number += 1
        unique = f"{inert(name)} ({number})"
    return ET.SubElement(suite, "testcase", name=unique, classname=path, time=f"{seconds:.3f}", file=path)


def _exercise(suite: ET.Element, submission: SubmissionResult, exercise: ExerciseResult) -> None:
    # Of how long each took nothing is known; so that the times of cases add up, all took the same.
    case = _case(suite, submission, exercise.name, submission.seconds / len(submission.exercises))
    score = f"{points(exercise.score)} of {points(exercise.max_score)} points"
    failed = [check for check in exercise.checks if not check.passed]
    kind = inert(failed[0].name) if failed else "points"
    if exercise.could_not_judge:
        element = ET.SubElement(case, "error", message=inert(f"{score}; the test could not judge"), type=kind)
    elif not exercise.passed:
        element = ET.SubElement(case, "failure", message=inert(score), type=kind)
    else:
        return
    lines = [f"{check.name}: {check.message}" for check in failed]
    lines += [f"{LOOKS_LIKE}: {exercise.diagnosis.message}"] if exercise.diagnosis else []
    element.text = inert("\n".join(lines), keep_newlines=True)


def _submission(parent: ET.Element, submission: SubmissionResult, isolation: Isolation) -> None:
    suite = ET.SubElement(parent, "testsuite", name=inert(submission.path))
    properties = ET.SubElement(suite, "properties")
    ET.SubElement(properties, "property", name="isolation", value=isolation.level)
    ET.SubElement(properties, "property", name="isolation layers", value=", ".join(isolation.layers))
    if submission.status is Status.ERROR:
        case = _case(suite, submission, "notebook", submission.seconds)
        ET.SubElement(case, "error", message=inert(submission.message), type="notebook")
    for exercise in submission.exercises:
        _exercise(suite, submission, exercise)
    for grade_id in submission.needs_manual:
        ET.SubElement(_case(suite, submission, grade_id), "skipped", message="to be graded by a person")
    if submission.warnings:
        said = "\n".join(inert(warning) for warning in submission.warnings)
        ET.SubElement(suite, "system-out").text = said
    for name, place in zip(COUNTED, ("", "/failure", "/error", "/skipped"), strict=True):
        suite.set(name, str(len(suite.findall(f"testcase{place}"))))
    suite.set("time", f"{submission.seconds:.3f}")


def as_junit(report: Report) -> str:
    """Return the report as the text of a JUnit XML file."""
    root = ET.Element("testsuites", name=inert(report.assignment))
    for submission in report.submissions:
        _submission(root, submission, report.isolation)
    for name in COUNTED:
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", f"{sum(submission.seconds for submission in report.submissions):.3f}")
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def write_junit(report: Report, path: Path) -> None:
    """Write the report as JUnit XML. Raises OSError if the file can't be written."""
    write_whole(path, as_junit(report))
