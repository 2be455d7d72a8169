"""The JUnit file has the form that Jenkins, GitLab and GitHub's reporters read; the check of the form is tested."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from test_ci_forms import failed, graded, report_of
from test_hostile_text import QUICKLY, reports

from autograder.report import Check, ExerciseResult, Report
from autograder.writers.junit import as_junit

# As the JUnit schema of Jenkins's xUnit plugin has it: what an element may hold, in order, and must and may say.
FORM: dict[str, tuple[str, set[str], set[str]]] = {
    "testsuites": (r"(testsuite )*", set(), {"name", "tests", "failures", "errors", "skipped", "time"}),
    "testsuite": (
        r"(properties )?(testcase )*(system-out )?(system-err )?",
        {"name", "tests"},
        {"failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package", "file"},
    ),
    "properties": (r"(property )*", set(), set()),
    "property": (r"", {"name", "value"}, set()),
    "testcase": (
        r"(skipped |error |failure )?(system-out )?(system-err )?",
        {"name", "classname"},
        {"time", "status", "assertions", "file", "line"},
    ),
    "failure": (r"", set(), {"message", "type"}),
    "error": (r"", set(), {"message", "type"}),
    "skipped": (r"", set(), {"message", "type"}),
    "system-out": (r"", set(), set()),
}


def junit_faults(text: str) -> list[str]:
    """Return what of a JUnit file its readers would not understand."""
    root, faults = ET.fromstring(text), []
    for node in root.iter():
        if node.tag not in FORM:
            faults.append(f"unknown {node.tag}")
            continue
        holds, must, may = FORM[node.tag]
        if not re.fullmatch(holds, "".join(f"{child.tag} " for child in node)):
            faults.append(f"{node.tag} holds {[child.tag for child in node]}")
        if must - set(node.attrib) or set(node.attrib) - must - may:
            faults.append(f"{node.tag} says {sorted(node.attrib)}")
        counted = {"failures": "failure", "errors": "error", "skipped": "skipped"} if "tests" in node.attrib else {}
        faults += [f"{name} of {node.tag}" for name, tag in counted.items() if node.get(name) != _count(node, tag)]
        if "tests" in node.attrib and node.get("tests") != _count(node, "testcase"):
            faults.append(f"tests of {node.tag}")
        if "time" in node.attrib and not re.fullmatch(r"\d+(\.\d+)?", node.get("time", "")):
            faults.append(f"time of {node.tag}")
    for suite in root.iter("testsuite"):
        cases = [(case.get("classname"), case.get("name")) for case in suite.iter("testcase")]
        faults += ["two cases of one name"] * (len(cases) != len(set(cases)))
    return faults


def _count(node: ET.Element, tag: str) -> str:
    return str(len(node.findall(f".//{tag}")))


@QUICKLY
@given(reports())
def test_junit_has_the_form_that_services_read(report: Report) -> None:
    """Order, attributes and counts are Jenkins's; no two cases of a suite are one; each names its file."""
    text = as_junit(report)
    assert junit_faults(text) == []
    assert all(case.get("file") == case.get("classname") for case in ET.fromstring(text).iter("testcase"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<testcase name="f"', "<testcase"), ('tests="2"', 'tests="3"'), ('failures="1"', ""), ("<failure", "<problem"),
        ('failures="1"', 'failures="0"'), ('time="0.100"', 'time="0,1"'), ('name="g"', 'name="f"'),
        ("</properties>", "</properties><system-out>x</system-out>"),
    ],
)  # fmt: skip
def test_junit_of_another_form_is_found_out(before: str, after: str) -> None:
    """The check of the form rejects what lacks a name, miscounts, is out of order or has an element of its own."""
    right = ExerciseResult("g", "test_g", 1.0, 1.0, (Check("value", passed=True),))
    text = as_junit(report_of(graded("a.ipynb", failed("f"), right)))
    assert junit_faults(text) == []
    planted = text.replace(before, after)
    assert planted != text
    if after == "<problem":
        planted = planted.replace("</failure>", "</problem>")
    assert junit_faults(planted) != []
