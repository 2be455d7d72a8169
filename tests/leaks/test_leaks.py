"""Nothing that a student gets holds a hidden test, the reference, an expected value, a seed, or a course's place.

What a student's own code prints or raises may repeat the inputs that it was called with: they are drawn
for this student alone, and no expected value follows from them that the student could not work out as well.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import planted
import pytest
from helpers.command import Ran, autograder, results
from helpers.course import make_course, nbgrader, submit
from helpers.notebooks import ROOT, SETS, Json, released, replaced, source, written
from planted import SET, VALUES
from scanner import Scanner, hidden_lines, normalised, outputs_of, read_notebook, reference_lines, renderings

from autograder.secret import course_secret, seed_for

WRONG = {
    "transposed": "def grad_X(W, dD):\n    return W @ dD",
    "negative": "def grad_X(W, dD):\n    return -(W.T.dot(dD))",
    "raising": "def grad_X(W, dD):\n    raise KeyError(W)",
    "shape": "def grad_X(W, dD):\n    return dD",
    "changing": "def grad_X(W, dD):\n    W[:] = 0\n    return W.T.dot(dD)",
}
OF_SETS = "ps3_matrix"
SECRET = "a7" * 32

pytestmark = pytest.mark.xdist_group("leaks")


@dataclass(frozen=True)
class Given:
    """What was handed to students: by a name, the text, and what that student had before."""

    course: Path
    texts: dict[str, tuple[str, str]]
    scanner: Scanner
    said: dict[str, Ran]


def _scanner(course: Path, students: list[str]) -> Scanner:
    sources = {SET: planted.SOURCE, OF_SETS: source(OF_SETS)}
    secret = course_secret(course)
    seeds = [bytes.fromhex(seed_for(secret, name, student)) for name in sources for student in students]
    hidden = [line for one in sources.values() for line in hidden_lines(one)]
    modules = {name: course / "solutions" / f"{name}.py" for name in sources}
    reference = [line for name, one in sources.items() for line in reference_lines(one, modules[name])]
    places = [str(course), str(ROOT), "solutions/", "nbgrader_config"]
    return Scanner({"hidden test": hidden, "reference": reference}, VALUES, [secret, *seeds], places)


def _visible(name: str) -> str:
    given = released(planted.SOURCE if name == SET else source(name))
    return "\n".join(cell["source"] for cell in given["cells"])


def _feedback(course: Path, student: str, name: str) -> str:
    """Return a page as it is read, and what its markup says besides."""
    page = (course / "feedback" / student / name / f"{name}.html").read_text(encoding="utf-8")
    page = re.sub(r"<style.*?</style>|<meta[^>]*>|data:image[^\"]*", "", page, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "", page) + "\n".join(re.findall(r'(?:aria-label|alt|title)="([^"]*)"', page))


def _class(course: Path) -> dict[str, tuple[str, Json]]:
    """Hand in everything; return each student's assignment and file."""
    wrong = {name: replaced(released(source(OF_SETS)), {"grad_X": text}) for name, text in WRONG.items()}
    handed_in = {name: (SET, one) for name, one in planted.submissions().items()}
    handed_in |= {name: (OF_SETS, one) for name, one in wrong.items()}
    for student, (name, one) in handed_in.items():
        submit(course, student, name, one)
    return handed_in


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    """Everything that comes out of a course with the planted set and one of the five, all commands having run."""
    place = tmp_path_factory.mktemp("leaks")
    course = make_course(place / "course", OF_SETS, config=f"c.Exchange.root = {str(place)!r}\n")
    planted.plant(course)
    # Inputs that a student prints are random digits, thousands of them: the same ones in every run of this test.
    (course / ".autograder").mkdir(exist_ok=True)
    (course / ".autograder" / "secret").write_text(SECRET)
    handed_in = _class(course)
    said: dict[str, Ran] = {}
    for name in (SET, OF_SETS):
        said[f"grade {name}"] = autograder("grade", name, "--timeout", "1", "--json", f"{name}.json", folder=course)
    # Two ways to the same pages, which a test of the browser's compares.
    said[f"feedback {SET}"] = autograder("feedback", SET, folder=course)
    said[f"feedback {OF_SETS}"] = nbgrader("generate_feedback", OF_SETS, folder=course)
    words = ("run", "submitted", "--course", course, "--timeout", "1", "--json", "run.json", "--junit", "run.xml")
    said["run"] = autograder(*words, "--assignment", SET, folder=course)
    texts: dict[str, tuple[str, str]] = {}
    for student, (name, one) in handed_in.items():
        known = _visible(name) + "\n".join(cell["source"] for cell in one["cells"])
        graded = read_notebook(course / "autograded" / student / name / f"{name}.ipynb")
        texts[f"outputs of {student}"] = outputs_of(graded), known
        texts[f"feedback of {student}"] = _feedback(course, student, name), known
    # The path of each submission in a report is as the user gave it, relative here.
    for path in ("run.json", "run.xml", f"{SET}.json", f"{OF_SETS}.json"):
        texts[path] = (course / path).read_text(encoding="utf-8"), _visible(SET) + _visible(OF_SETS)
    texts["terminal"] = said["run"].out + said["run"].err, _visible(SET)
    return Given(course, texts, _scanner(course, list(handed_in)), said)


def test_every_command_came_to_its_end(given: Given) -> None:
    """Submissions were graded and given back, wrong answers lost their points, so that there is something to scan."""
    assert {name: ran.err for name, ran in given.said.items() if ran.status} == {}
    scores = {one["path"]: one["score"] for one in results(given.course / f"{SET}.json")["submissions"]}
    assert len(scores) == len(planted.submissions())
    assert set(scores.values()) == {0.0}
    assert len(given.texts) > 50
    pages = {name: text for name, (text, _) in given.texts.items() if name.startswith("feedback")}
    assert all("points" in text for text in pages.values())
    # So that the pictures of wrong answers are looked at, too.
    assert sum("Where it is wrong" in text for text in pages.values()) >= 3


def test_nothing_that_students_get_holds_what_is_hidden(given: Given) -> None:
    """No message, output, report or feedback page holds any of it, whatever was tried."""
    found = {name: leaks for name, (text, known) in given.texts.items() if (leaks := given.scanner.found(text, known))}
    assert found == {}


@pytest.mark.parametrize("name", SETS)
def test_a_release_holds_no_answer(name: str) -> None:
    """The notebook that is handed out holds no line of a hidden test, a solution, or the reference."""
    read = source(name)
    lines = {"hidden test": hidden_lines(read), "reference": reference_lines(read, ROOT / "solutions" / f"{name}.py")}
    release = read_notebook(ROOT / "release" / name / f"{name}.ipynb")
    text = "\n".join("".join(cell["source"]) for cell in release["cells"])
    told = Scanner(lines, places=[str(ROOT)]).found(text, _visible(name))
    assert {leak for leak in told if not _is_documentation(leak[1])} == set()
    assert outputs_of(release) == ""


@pytest.mark.parametrize("name", SETS)
def test_the_package_that_students_install_holds_no_answer(name: str) -> None:
    """No file of the light distribution holds a line of a hidden test, a solution, or what the reference computes."""
    read = source(name)
    # How a hidden test begins is no secret: the manual says it.
    hidden = [line for line in hidden_lines(read) if "EXERCISES" not in line]
    lines = {"hidden test": hidden, "solution": reference_lines(read)}
    lines["reference"] = _bodies(ROOT / "solutions" / f"{name}.py")
    scanner = Scanner(lines, places=[str(ROOT)])
    visible = _visible(name)
    texts = {path: path.read_text() for path in (ROOT / "autograder").rglob("*") if path.suffix in (".py", ".j2")}
    assert {path.name: leaks for path, text in texts.items() if (leaks := scanner.found(text, visible))} == {}


def _is_documentation(line: str) -> bool:
    return line.strip().startswith(('"""', "import ", "from "))


def _bodies(path: Path) -> list[str]:
    """Return the lines that a reference computes with."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [line for line in lines if re.match(r" *return (?!\w+$)", line)]


PLANTED = [
    ("hidden test", "got  hidden_expectation  =   0.26 …\nfor hidden_argument in (1.5, -2.25):"),
    (
        "hidden test",
        '<span>EXERCISES</span>.assess(&quot;number&quot;, globals()) EXERCISES.assess("number",globals())',
    ),
    ("reference", "return   float(0.7390851332151607 + 0.0 * x.sum())"),
    ("value", "expected 0.739085"),
    ("value", "expected array([ 2.68545200e+00, ...])"),
    ("value", "4,815,162,342"),
    ("value", "off by " + (0.7390851332151607).hex()),
    # Sorted, for the tests' names must be the same in every process.
    *(("value", f"AAAA{form}") for form in sorted(renderings(VALUES[0])) if len(form) == 10),
    ("place", "File /x/course/solutions/planted.py, line 3"),
]


@pytest.mark.parametrize(("kind", "text"), PLANTED)
def test_a_planted_leak_is_found(given: Given, kind: str, text: str) -> None:
    """The scanner sees a hidden line, a line of the reference, a value in any rendering, and a place."""
    assert kind in {found for found, _ in given.scanner.found(text)}


def test_a_planted_key_is_found(given: Given) -> None:
    """The scanner sees the secret and a seed as hexadecimal, number and bytes, and the course's folder."""
    for key in given.scanner.keys:
        for text in (key.hex(), f"seed={key.hex()[:16]}", str(int.from_bytes(key)), repr(key)):
            assert "key" in {found for found, _ in given.scanner.found(f"it was {text}.")}
    assert ("place", str(given.course)) in given.scanner.found(f"{given.course}/x.ipynb")


def test_what_is_no_leak_is_not_called_one(given: Given) -> None:
    """The release itself, a student's own line, and an ordinary message pass."""
    assert given.scanner.found(_visible(SET), _visible(SET)) == set()
    own = "return float(0.7390851332151607 + 0.0 * x.sum())"
    assert given.scanner.found(own, own) == set()
    assert given.scanner.found("expected (4, 2) = (h, k), got (2, 4); off by about 10 %") == set()
    assert given.scanner.found("x = array([0.41739085, 8.73908512]) at 0x7f0739085a") == set()
    assert normalised("a  =\t1") == "a=1"


TELLS = {"number": "def number(x):\n    print('saw', x.tolist())\n    return 1.0"}


def _graded(course: Path) -> tuple[str, dict[str, str]]:
    """Grade all submissions anew; return the JSON but for the time, and the inputs that each student saw."""
    assert autograder("grade", SET, "--force", "--json", "out.json", folder=course).status == 0
    text = re.sub(r'"seconds": [0-9.]+', "", (course / "out.json").read_text())
    paths = {student: course / "autograded" / student / SET / f"{SET}.ipynb" for student in ("ada", "bob")}
    outputs = {student: outputs_of(read_notebook(path)) for student, path in paths.items()}
    return text, {student: "\n".join(re.findall(r"saw \[.*?\]", told)) for student, told in outputs.items()}


def test_inputs_hang_on_the_secret_and_the_student_and_stay(tmp_path: Path) -> None:
    """Two students see other inputs, a regrade is the same to the byte, and another secret gives others again."""
    course = make_course(tmp_path / "course")
    planted.plant(course)
    for student in ("ada", "bob"):
        submit(course, student, SET, replaced(released(planted.SOURCE), TELLS))
    first = _graded(course)
    assert _graded(course) == first
    seen = first[1]
    assert all(seen.values())
    assert seen["ada"] != seen["bob"]
    (course / ".autograder" / "secret").write_text("5e" * 32)
    assert not {*_graded(course)[1].values()} & {*seen.values()}


def test_a_run_is_the_same_again(tmp_path: Path) -> None:
    """`autograder run` on the same file gives the same JSON to the byte, but for the time."""
    course = make_course(tmp_path / "course")
    planted.plant(course)
    path = written(replaced(released(planted.SOURCE), TELLS), tmp_path / "one.ipynb")
    texts = []
    for number in range(2):
        out = tmp_path / f"{number}.json"
        assert autograder("run", path, "--course", course, "--json", out, folder=tmp_path).status == 0
        texts.append(re.sub(r'"seconds": [0-9.]+', "", out.read_text()))
    assert texts[0] == texts[1]
