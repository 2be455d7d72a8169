"""The ready files for students' repositories: visible tests, points, and findings on the lines of their notebook."""

import base64
import json
import re
from pathlib import Path

from helpers.notebooks import Json, released, source, written
from helpers.services import GRADER, NOTEBOOK, SET, WRONG, Machine, content, line_in, steps, workflow


def _template(folder: Path, given: Json) -> Path:
    """Make the checkout of a student's repository: the notebook, and the released one below `course`."""
    folder.mkdir()
    (folder / NOTEBOOK).write_bytes(content(given))
    written(released(source(SET)), folder / "course" / "source" / SET / NOTEBOOK)
    return folder


def test_classroom_gets_points_and_the_notebook_annotations(tmp_path: Path) -> None:
    """The step's output is the points by visible tests; the annotation is on the line of the function's definition."""
    checkout = _template(tmp_path / "ps1-alice", WRONG)
    files = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"), "GITHUB_OUTPUT": str(tmp_path / "output")}
    env = {**workflow("github-classroom.yml")["env"], "GRADER": GRADER, **files}
    machine = Machine(checkout, {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(checkout), **env})
    # Its installation is that of the other file, word for word, which was run already.
    installation, grading = (step["run"] for step in steps("github-classroom.yml") if "run" in step)
    assert steps("github-actions.yml")[2]["run"].startswith(installation)
    ran = machine.run(grading)
    assert ran.status == 0, ran.log
    line = (tmp_path / "output").read_text().strip()
    found = json.loads(base64.b64decode(line.removeprefix("result=")))
    assert (sum(test["score"] for test in found["tests"]), found["max_score"], found["status"]) == (15, 16, "fail")
    (told,) = [line for line in ran.log.splitlines() if line.startswith("::error")]
    number = re.match(rf"::error file={NOTEBOOK},line=(\d+),title=relu_grad", told)
    assert number is not None, told
    assert "def relu_grad(z):" in line_in(checkout / NOTEBOOK, int(number[1]))
    assert "relu&#95;grad" in (tmp_path / "summary.md").read_text()


def test_gitlabs_students_see_their_findings(tmp_path: Path) -> None:
    """Below the passing mark the job fails with all reports written; the widget's line is the definition's."""
    checkout = _template(tmp_path / "ps1-alice", WRONG)
    read = workflow("gitlab-ci-student.yml")
    variables = {"CI_PROJECT_DIR": str(checkout), **read["variables"], "GRADER": GRADER, "PASSING": "94"}
    machine = Machine(checkout, variables)
    ran = machine.run("\n".join(read["checks"]["script"]), options="-eo pipefail")
    assert ran.status == 1, ran.log
    assert "is below 94 %" in ran.log
    for name in (*read["checks"]["artifacts"]["paths"], *read["checks"]["artifacts"]["reports"].values()):
        assert (checkout / name).stat().st_size
    (finding,) = json.loads((checkout / "quality.json").read_text())
    assert finding["location"]["path"] == NOTEBOOK
    assert "def relu_grad(z):" in line_in(checkout / NOTEBOOK, finding["location"]["lines"]["begin"])
