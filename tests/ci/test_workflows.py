"""The ready files of docs/ci: their form, and their shell steps, run as they stand against real repositories."""

import base64
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

import pytest
from helpers.notebooks import ROOT, source
from helpers.services import (
    GRADER,
    NOTEBOOK,
    PAGES,
    SET,
    WRONG,
    Machine,
    Service,
    Step,
    content,
    filled,
    repository,
    service,
    steps,
    workflow,
)  # fmt: skip

from autograder.callloop.confine import LANDLOCK
from autograder.isolation import layer
from autograder.sandbox.backend import SEPARATE_USER

ROSTER = "student,repository\nalice,ps1-alice\nmallory,ps1-mallory\n# gone,ps1-gone\ncarol,ps1-carol\ndave,ps1-dave"
TOKEN = "a-token-of-the-instructors"
GITHUB = ("github-actions.yml", "github-classroom.yml")
GITLAB = ("gitlab-ci.yml", "gitlab-ci-student.yml")


# --- form -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GITHUB)
def test_github_workflows_have_their_form(name: str) -> None:
    """Known keys, few rights, an end to every job, and each step either a script or an action of a fixed version."""
    read = workflow(name)
    assert set(read) <= {"name", "on", "permissions", "concurrency", "env", "jobs"}
    assert read["permissions"] == {"contents": "read"}
    (job,) = read["jobs"].values()
    assert set(job) <= {"runs-on", "timeout-minutes", "steps", "if"}
    for step in job["steps"]:
        assert set(step) <= {"name", "id", "if", "env", "uses", "with", "run"}
        assert ("run" in step) != ("uses" in step)
        assert "uses" not in step or re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"])
        assert step.get("with", {}).get("persist-credentials", False) is False


@pytest.mark.parametrize("name", GITHUB)
def test_no_secret_is_where_student_code_runs(name: str) -> None:
    """No script has an expression in it, and the steps that install and grade know no token."""
    for step in steps(name):
        assert "${{" not in step.get("run", "")
        if step.get("name") in ("Grade", "Install the grader and its sandbox"):
            assert "secrets" not in json.dumps(step)
    assert "secrets" not in json.dumps(workflow(name)["env"])


@pytest.mark.parametrize("name", GITLAB)
def test_gitlab_files_have_their_form(name: str) -> None:
    """Known keys, an image, an end, and reports under their names whatever the job's outcome."""
    read = workflow(name)
    (job,) = (value for key, value in read.items() if key not in ("workflow", "variables"))
    known = {"image", "resource_group", "timeout", "before_script", "script", "artifacts"}
    assert set(job) <= known
    assert all(isinstance(line, str) for line in (*job["before_script"], *job["script"]))
    assert all(isinstance(value, str) for value in read["variables"].values())
    assert job["artifacts"]["when"] == "always"
    assert set(job["artifacts"]["reports"]) <= {"junit", "codequality"}


def test_students_files_install_no_solution() -> None:
    """What stands in a student's repository asks for the grader without the reference solutions."""
    assert workflow("github-classroom.yml")["env"]["GRADER"] == "backprop-autograder[grader]"
    assert workflow("gitlab-ci-student.yml")["variables"]["GRADER"] == "backprop-autograder[grader]"
    assert workflow("github-actions.yml")["env"]["GRADER"] == ".[instructor]"
    assert workflow("gitlab-ci.yml")["variables"]["GRADER"] == ".[instructor]"


def test_classroom_finds_its_names() -> None:
    """Classroom looks for this workflow, this job and, through the reporter, this step's output."""
    read = workflow("github-classroom.yml")
    assert read["name"] == "Autograding Tests"
    assert list(read["jobs"]) == ["run-autograding-tests"]
    reporter = steps("github-classroom.yml")[-1]
    runner = reporter["with"]["runners"]
    assert reporter["env"] == {f"{runner.upper()}_RESULTS": f"${{{{ steps.{runner}.outputs.result }}}}"}
    assert next(step for step in steps("github-classroom.yml") if step.get("name") == "Grade")["id"] == runner


def test_the_older_form_of_classroom_names_functions_that_exist() -> None:
    """Each test of autograding.json is one function's checks, by the pytest plugin."""
    tests = json.loads((PAGES / "autograding.json").read_text())["tests"]
    names = {cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in source(SET)["cells"]}
    for one in tests:
        assert set(one) == {"name", "setup", "run", "input", "output", "comparison", "timeout", "points"}
        assert one["name"] in names
        assert one["run"].startswith("python3 -m pytest --submission ")
        assert one["run"].endswith(f" -k {one['name']}")


# --- the instructor's private repository ----------------------------------------------------------


def _course(folder: Path) -> Path:
    """Make the checkout of the instructor's repository."""
    shutil.copytree(ROOT / "source" / SET, folder / "source" / SET)
    shutil.copytree(
        ROOT / "solutions", folder / "solutions", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    (folder / "roster.csv").write_text(ROSTER)
    return folder


def _students(folder: Path, ending: str = "") -> None:
    """Make the students' repositories: one wrong function, a link to the instructor's notebook, an empty one."""
    repository(folder / f"ps1-alice{ending}", {NOTEBOOK: content(WRONG), "conftest.py": b"raise SystemExit"})
    repository(folder / f"ps1-mallory{ending}", {NOTEBOOK: Path(f"../source/{SET}/{NOTEBOOK}")})
    repository(folder / f"ps1-carol{ending}", {"README.md": b"soon"})


@dataclass(frozen=True)
class Graded:
    """Two runs of the instructor's job, one after the other: logs, the checkout, and what the service was told."""

    first: list[Step]
    again: list[Step]
    checkout: Path
    service: Service
    results: list[Path]

    def posted(self, student: str, what: str) -> str:
        """Return what was posted on a student's commit."""
        (body,) = [body for path, body in self.service.posted if f"ps1-{student}" in path and what in path]
        return body


@pytest.fixture(scope="module")
def github(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    """The workflow's shell steps in their order, and all but the installation once more."""
    folder = tmp_path_factory.mktemp("github")
    checkout = _course(folder / "course-grading")
    _students(folder / "server" / "org")
    with service() as api:
        variables = {
            "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(checkout), "GITHUB_API_URL": api.address,
            "GITHUB_SERVER_URL": f"file://{folder}/server", "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
            **workflow("github-actions.yml")["env"], "GRADER": GRADER,
        }  # fmt: skip
        values = {"secrets.STUDENTS_TOKEN": TOKEN, "github.repository_owner": "org", "inputs.everything": ""}
        machine = Machine(checkout, variables)

        def job(*, installed: bool = False) -> list[Step]:
            return [
                machine.run(step["run"], **{key: filled(text, values) for key, text in step.get("env", {}).items()})
                for step in steps("github-actions.yml")
                if "run" in step and not (installed and step["name"].startswith("Install"))
            ]

        first = job()
        left = sorted((checkout / "results").iterdir())
        for name in ("submissions", "results", "clones"):
            shutil.rmtree(checkout / name)
        yield Graded(first, job(installed=True), checkout, api, left)


def test_github_grades_what_was_pushed(github: Graded) -> None:
    """Every step ends well; a notebook is graded with the hidden tests, a link to the instructor's earns nothing."""
    logs = "\n".join(step.log for step in github.first)
    assert [step.status for step in github.first] == [0, 0, 3, 0], logs
    assert "isolation: full" in logs
    assert {path.name for path in github.results} == {
        f"{student}.{ending}" for student in ("alice", "mallory") for ending in ("json", "xml", "md")
    }
    told = json.loads(github.posted("alice", "/statuses/"))
    assert told == {"context": f"autograder/{SET}", "state": "success", "description": "15 of 16 points"}
    assert json.loads(github.posted("mallory", "/statuses/"))["state"] == "error"


def test_github_says_what_is_missing(github: Graded) -> None:
    """A repository that is not there, or without the notebook, is a warning; a line that is a comment is none."""
    log = github.first[1].log
    assert "::warning title=carol::there is no ps1_chain_rule.ipynb in ps1-carol" in log
    assert "::warning title=dave::nothing has been pushed to ps1-dave" in log
    assert "gone" not in log


def test_github_tells_students_what_was_found_and_nothing_hidden(github: Graded) -> None:
    """The comment names the wrong function and what it looks like, and holds no line of a hidden test."""
    body = json.loads(github.posted("alice", "/comments"))["body"]
    assert "relu&#95;grad" in body
    assert "15 / 16" in body
    for cell in source(SET)["cells"]:
        for part in re.findall(r"(?s)### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", cell["source"]):
            assert not [line for line in part.splitlines() if len(line.strip()) > 12 and line.strip() in body]


def test_github_annotates_and_summarizes_the_grading(github: Graded) -> None:
    """The step that grades prints an annotation for the wrong function, and the job's summary has both notebooks."""
    (told,) = [line for line in github.first[2].log.splitlines() if "title=relu_grad" in line]
    assert told.startswith("::error file=submissions/alice.ipynb,line=")
    summary = (github.checkout.parent / "summary.md").read_text()
    assert "alice&#46;ipynb" in summary
    assert "mallory&#46;ipynb" in summary


def test_github_grades_nothing_twice(github: Graded) -> None:
    """A commit that has a status is left alone in the next run, and all steps end well."""
    assert [step.status for step in github.again] == [0, 0, 0], [step.log for step in github.again]
    assert not list((github.checkout / "submissions").iterdir())
    assert len(github.service.posted) == 4


def test_github_shows_the_token_to_the_service_alone(github: Graded) -> None:
    """The token is sent with every request, and stands in no log and no file."""
    assert github.service.tokens == {f"Bearer {TOKEN}"}
    assert not [step for step in (*github.first, *github.again) if TOKEN in step.log]
    encoded = base64.b64encode(f"x-access-token:{TOKEN}".encode())
    files = [path for path in github.checkout.parent.rglob("*") if path.is_file()]
    assert not [path for path in files for word in (TOKEN.encode(), encoded) if word in path.read_bytes()]


def _fields(body: str) -> dict[str, str]:
    """Return the fields of a form as curl sends them."""
    parts = re.findall(r'name="(\w+)"[^\r]*\r\n\r\n(.*?)\r\n--', body, re.DOTALL)
    return dict(parts) or {name: values[0] for name, values in parse_qs(body).items()}


def test_gitlab_grades_what_was_pushed(tmp_path: Path) -> None:
    """In a container the job grades what is new and writes on the commit what it found; then nothing is new."""
    if not (layer(LANDLOCK).present or layer(SEPARATE_USER).present):
        pytest.skip("this machine gives a container neither Landlock nor a second user")
    checkout = _course(tmp_path / "course-grading")
    (checkout / "roster.csv").write_text("alice,org/ps1-alice\n")
    _students(tmp_path / "server" / "org", ".git")
    read = workflow("gitlab-ci.yml")
    script = "\n".join(read["grade"]["script"])
    with service() as api:
        variables = {
            "CI_SERVER_URL": f"file://{tmp_path}/server", "CI_API_V4_URL": api.address, "CI_PROJECT_DIR": str(checkout),
            "STUDENTS_TOKEN": TOKEN, **read["variables"], "GRADER": GRADER,
        }  # fmt: skip
        machine = Machine(checkout, variables)
        whole = "\n".join((*read["grade"]["before_script"], script))
        ran = machine.run(whole, options="-eo pipefail", container=True)
        assert ran.status == 0, ran.log
        assert "isolation level: container" in ran.log
        assert [path.split("/")[1:3] for path, _ in api.posted] == [["projects", "org%2Fps1-alice"]] * 2
        comment, status = (_fields(body) for _, body in api.posted)
        assert "relu&#95;grad" in comment["note"]
        told = {"state": "success", "name": f"autograder/{SET}", "description": "15 of 16 points"}
        assert status == told
        assert ET.parse(checkout / "results" / "alice.xml").getroot().get("failures") == "1"
        assert api.tokens == {TOKEN}
        assert machine.run(script, options="-eo pipefail").status == 0
        assert len(api.posted) == 2
