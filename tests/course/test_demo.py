"""`autograder demo`: a class of samples, graded in a folder of its own; and `autograder doctor`."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from helpers.command import Ran, autograder, results
from helpers.course import cells_of, points_of, scores_of
from helpers.notebooks import SETS, grade_id_of, marks_of, source

STUDENTS = (
    "ada", "blaise", "carl", "dorothy", "emmy", "felix", "grace", "hypatia", "ivan", "jonas", "kurt",
)  # fmt: skip

pytestmark = pytest.mark.xdist_group("demo")


@dataclass(frozen=True)
class Demo:
    """A demo: its folder, and what was printed."""

    folder: Path
    ran: Ran

    def lost(self, name: str, student: str) -> list[str]:
        """Return the functions of a set that a sample student lost points in, as the gradebook has them."""
        points, scores = points_of(name), scores_of(self.folder, name)[student]
        return [test.removeprefix("test_") for test in points if scores[test] != points[test]]


def _functions(name: str) -> list[str]:
    return [grade_id_of(cell) for cell in source(name)["cells"] if marks_of(cell).get("solution")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo, made once."""
    folder = tmp_path_factory.mktemp("demo") / "course"
    ran = autograder("demo", folder, "--quiet", folder=folder.parent)
    assert ran.status == 0, ran.err
    return Demo(folder, ran)


def test_the_table_has_a_row_a_student_and_a_column_a_set(demo: Demo) -> None:
    """The table shows each sample's points in each set, or that it could not be graded."""
    rows = {
        row.split()[0]: row.split()
        for row in demo.ran.out.splitlines()
        if row.split()[:1] and row.split()[0] in STUDENTS
    }
    assert tuple(rows) == STUDENTS
    assert demo.ran.out.splitlines()[0].split() == list(SETS)
    for student, row in rows.items():
        for cell, name in zip(row[1:], SETS, strict=False):
            scores = sum(scores_of(demo.folder, name)[student].values())
            expected = "error" if student == "kurt" else f"{scores:g}/{sum(points_of(name).values()):g}"
            assert cell == expected


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("student", ["ada", "blaise", "carl"])
def test_right_answers_have_full_marks(demo: Demo, name: str, student: str) -> None:
    """Who is right has all points, with warnings or with edited, deleted and duplicated tests."""
    assert demo.lost(name, student) == []


@pytest.mark.parametrize("name", SETS)
def test_each_mistake_costs_its_own_points(demo: Demo, name: str) -> None:
    """The unwritten last two, the endless loop in the second, the crash in the third, the syntax error in the first."""
    functions = _functions(name)
    assert demo.lost(name, "felix") == functions[-2:]
    assert demo.lost(name, "grace") == functions[1:2]
    assert demo.lost(name, "hypatia") == functions[2:3]
    assert demo.lost(name, "ivan") == functions[:1]
    assert len(demo.lost(name, "emmy")) == 1


@pytest.mark.parametrize("name", SETS)
def test_cheating_earns_nothing_and_half_a_file_is_an_error(demo: Demo, name: str) -> None:
    """Patches of NumPy and deleted tests earn 0; what is no notebook is an error entry with a reason, and 0."""
    assert demo.lost(name, "jonas") == demo.lost(name, "kurt") == _functions(name)
    entries = {
        Path(one["path"]).parts[1]: one for one in results(demo.folder / "results" / f"{name}.json")["submissions"]
    }
    assert {student for student, one in entries.items() if one["status"] == "error"} == {"kurt"}
    assert "its JSON is broken" in entries["kurt"]["message"]


def test_transposes_matter_somewhere(demo: Demo) -> None:
    """Who forgot every transpose loses points in the sets that have one, and not all."""
    lost = {name: demo.lost(name, "dorothy") for name in SETS}
    assert lost["ps3_matrix"]
    assert all(len(functions) < len(_functions(name)) for name, functions in lost.items())


def test_a_gradebook_results_and_graded_notebooks_are_left(demo: Demo) -> None:
    """The folder is a course that nbgrader opens: gradebook, graded notebooks, results as JSON, and the reports."""
    for name in SETS:
        assert set(cells_of(demo.folder, name)) == set(STUDENTS)
        for student in STUDENTS:
            path = demo.folder / "autograded" / student / name / f"{name}.ipynb"
            assert json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert "10 graded" in (demo.folder / "report" / f"{name}.html").read_text(encoding="utf-8")
    for place in ("results", "gradebook.db", "autograded", "report"):
        assert place in demo.ran.out
        assert (demo.folder / place).exists()


def test_what_the_demo_says_to_try_works(demo: Demo) -> None:
    """The words after the command's name, in the demo's last line, can be typed as they stand."""
    words = re.search(r"^try: .*?autograder (run .*)$", demo.ran.out, re.MULTILINE)
    assert words
    ran = autograder(*words[1].split(), folder=demo.folder.parent)
    assert ran.status == 0, ran.err
    assert "emmy" in ran.out


def test_a_folder_that_is_not_a_demos_is_refused(tmp_path: Path) -> None:
    """A folder with anything else in it is left alone, and the message says what to type."""
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    ran = autograder("demo", "thesis", folder=tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert "autograder demo FOLDER" in ran.err
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "years of work"


def test_doctor_lists_the_layers() -> None:
    """`doctor` names every layer as present or missing, and its status is 0 where isolation is full."""
    ran = autograder("doctor")
    for layer in ("namespaces", "seccomp", "rlimits"):
        assert re.search(rf"^(present|MISSING) +{layer}$", ran.out, re.MULTILINE)
    assert ran.status == 0, "the tests need full isolation"
    assert "isolation level: full" in ran.out


def test_doctor_says_what_is_missing(tmp_path: Path) -> None:
    """Without bubblewrap the status is 3, and the layer's reason and the command that mends it are told."""
    ran = autograder("doctor", PATH=str(tmp_path))
    assert ran.status == 3
    assert "MISSING  namespaces" in ran.out
    assert "why:  bubblewrap is not installed" in ran.out
    assert "mend: sudo apt-get install bubblewrap" in ran.out


def test_grading_without_a_layer_is_refused(tmp_path: Path) -> None:
    """Where isolation is not full, `demo` refuses with 2 and says what is missing and how to mend it."""
    ran = autograder("demo", tmp_path / "course", "--quiet", PATH=str(tmp_path))
    assert ran.status == 2
    assert "bubblewrap is not installed" in ran.err
    assert "sudo apt-get install bubblewrap" in ran.err
