"""docs/gradebooks.md and docs/gradescope.md: every command in them is run, in order, in a course."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from helpers.course import course_environment, gradebook, make_course, points_of, submit
from helpers.gradescope import results_in, zip_faults
from helpers.notebooks import ROOT, released, solved, source

SETS = ("ps1_chain_rule", "ps2_linear")
SET = SETS[0]
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = 600
WORTH = sum(points_of(SET).values())
ROSTERS = {
    "canvas-gradebook.csv": "Student,ID,SIS Login ID,Section,Problem set 1 (77)\n"
    f'    Points Possible,,,,{WORTH:g}\n"King, Ada",5,ada,A,\n',
    "grading-worksheet.csv": "Identifier,Full name,Email address,Grade,Maximum Grade,Last modified (grade)\n"
    f"Participant 7,Ada King,ada@uni.example,,{WORTH:g},-\n",
    "brightspace-grades.csv": "OrgDefinedId,Username,Problem set 1 Points Grade,End-of-Line Indicator\n#5,#ada,,#\n",
}

pytestmark = pytest.mark.xdist_group("documents_of_exports")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a graded student, the rosters that the pages name, and a download to collect."""
    place = make_course(tmp_path_factory.mktemp("documents") / "course", *SETS)
    with gradebook(place) as book:
        book.add_student("ada", first_name="Ada", last_name="King")
        for name in SETS:
            book.add_assignment(name)
            book.add_notebook(name, name)
            for cell, points in points_of(name).items():
                book.add_grade_cell(cell, name, name, max_score=points, cell_type="code")
                book.add_solution_cell(cell.removeprefix("test_"), name, name)
            for grade in book.add_submission(name, "ada").notebooks[0].grades:
                grade.auto_score, grade.needs_manual_grade = grade.max_score, False
        book.db.commit()
    submit(place, "ada", SET, solved(source(SET)))
    for name, text in ROSTERS.items():
        (place / name).write_text(text)
    archive = place / "downloaded" / SET / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "submissions.zip", "w") as made:
        made.writestr("king ada_5_6_work.ipynb", str(released(source(SET))))
    return place


def _run(name: str, course: Path) -> str:
    """Run each command of a document, and end with the first that fails."""
    kept = course_environment(course)
    kept["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    blocks = COMMANDS.findall((ROOT / "docs" / name).read_text(encoding="utf-8"))
    assert blocks
    done = subprocess.run(
        ["bash", "-euc", "\n".join(blocks)],
        cwd=course, env=kept, capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_page_on_gradescope_works(course: Path) -> None:
    """Each command makes what the page says: zips that Gradescope takes, and results to look at."""
    said = _run("gradescope.md", course)
    for name in (f"{SET}-gradescope.zip", "smaller.zip"):
        assert zip_faults(course / name) == []
    results = results_in(course / "results.json")
    assert sum(test["score"] for test in results["tests"]) == WORTH
    assert "7 after_published, 1 visible" in said


def test_the_page_on_gradebooks_works(course: Path) -> None:
    """Each command makes what the page says: every gradebook with the student's points, and a collected submission."""
    (course / "submitted" / "ada" / SET / f"{SET}.ipynb").unlink(missing_ok=True)
    (course / "submitted" / "ada" / SET).rmdir()
    _run("gradebooks.md", course)
    whole = f"{WORTH:g}"
    for form, line in {
        "canvas": f'"King, Ada",5,ada,A,{whole}',
        "moodle": f"Participant 7,Ada King,ada@uni.example,{whole},{whole},-",
        "brightspace": f"#5,#ada,{whole},#",
    }.items():
        assert line in (course / f"{SET}-{form}.csv").read_text(encoding="utf-8")
    assert "grad_sigmoid_neuron" not in (course / f"{SET}-csv.csv").read_text(encoding="utf-8")
    assert f"{whole}," in (course / "canvas.csv").read_text(encoding="utf-8")
    assert (course / "submitted" / "ada" / SET / f"{SET}.ipynb").is_file()
    assert (course / "downloaded" / SET / "not-collected.csv").read_text(encoding="utf-8") == "file,why\n"


@pytest.mark.parametrize("page", ["gradescope.md", "gradebooks.md"])
def test_the_pages_name_what_there_is(page: str) -> None:
    """Each plugin that a page names can be imported."""
    import autograder.lms

    for name in re.findall(
        r"\b(?:autograder\.lms\.|c\.)?((?:\w+Exporter|Lms\w+))\b", (ROOT / "docs" / page).read_text()
    ):
        assert hasattr(autograder.lms, name), name
