"""Exhausting resources: time, memory, disk, threads and output are bounded, and the rest of the notebook is judged."""

import pytest
from arena import ASSIGNMENT, COURSE, FULL, RIGHT, Arena, corpus
from helpers.grading import Grader, assignment_from
from helpers.notebooks import check, code, inserted, notebook, replaced, solution

SLOW, HUNGRY = corpus("slow"), corpus("hungry")


@pytest.mark.parametrize("name", SLOW)
def test_what_does_not_end_is_ended(hurried: Arena, name: str) -> None:
    """A function that runs for ever, whatever it ignores, is ended at its limit and costs its own points."""
    outcome = hurried.fails(SLOW[name])
    assert outcome.result.seconds < 15


@pytest.mark.parametrize("name", HUNGRY)
def test_what_takes_too_much_is_refused(hurried: Arena, name: str) -> None:
    """A function that takes or returns too much of anything costs its own points and no others."""
    outcome = hurried.fails(HUNGRY[name])
    assert outcome.result.seconds < 15


def test_much_output_in_many_cells_is_left_out(impatient: Grader) -> None:
    """The outputs of all cells together are bounded, with a note, and the points are there."""
    given = replaced(COURSE, {"f": RIGHT})
    text = "from IPython.display import display\nprint(chr(0x1F600) * 60_000)"
    given["cells"] += [code(text)] * 220
    outcome = impatient.grade(given, ASSIGNMENT)
    assert outcome.scores == FULL
    assert "output left out" in outcome.outputs(len(given["cells"]) - 1)[0]["text"]


def test_a_test_that_an_answer_makes_endless_is_ended(hurried: Arena) -> None:
    """A generator without end, a number past all bounds, or a huge length end the test, and no other."""
    answers = {
        "iter(int, 1)": "assert sum(f(1)) == 3",
        "itertools.count()": "assert list(f(1)) == [1]",
        "[10 ** 9] * 3": "assert [0] * f(1)[0] * f(1)[1] == 3",
    }
    for answer, test in answers.items():
        cells = (solution("f"), check("test_f", test, 2), solution("g", "g = 1"), check("test_g", "assert g == 1"))
        outcome = hurried.grader.judge(*cells, f=f"import itertools\ndef f(x):\n    return {answer}")
        assert outcome.scores == {"f": 0, "g": 1}
    hurried.is_untouched()


def test_every_exercise_that_never_ends_costs_its_own_time_only(hurried: Arena) -> None:
    """Several endless functions in one notebook are each ended, and the honest ones between them are judged."""
    loop = "def {0}(x):\n    while True: pass"
    names = ("a", "b", "c")
    cells = [cell for name in names for cell in (solution(name), check(f"test_{name}", f"assert {name}(1) == 1"))]
    cells += [solution("honest", "honest = 1"), check("test_honest", "assert honest == 1")]
    outcome = hurried.grader.judge(*cells, **{name: loop.format(name) for name in names})
    assert outcome.scores == dict.fromkeys(names, 0) | {"honest": 1}
    assert outcome.result.seconds < 20
    hurried.is_untouched()


def test_a_cell_that_never_ends_before_the_others(hurried: Arena) -> None:
    """An added cell that never ends is ended, and what comes after it is judged in full."""
    given = inserted(COURSE, code("import time\nwhile True: time.sleep(1)"), before="before")
    assert hurried.grader.grade(given, ASSIGNMENT).scores == FULL
    hurried.is_untouched()


def test_many_processes_ended_in_a_row_cost_nothing_elsewhere(hurried: Arena) -> None:
    """An object that ends the process at every touch is given up, and the next exercise is judged."""
    text = "import os\nclass A:\n    def __getattr__(self, name): os._exit(1)\ndef f(x):\n    return A()"
    touch = "    try:\n        score += f(1).a\n    except Exception:\n        pass"
    touches = f"score = 0\nfor _ in range(30):\n{touch}\nassert score"
    cells = (solution("f"), check("test_f", touches, 2), solution("g", "g = 1"), check("test_g", "assert g == 1"))
    assert hurried.grader.judge(*cells, f=text).scores == {"f": 0, "g": 1}
    hurried.is_untouched()


def test_a_thousand_cells_of_a_students_own_cost_nothing(hurried: Arena) -> None:
    """A notebook with a thousand more cells keeps its points."""
    given = notebook(*COURSE["cells"], *[code("x = 1")] * 1000)
    assert hurried.grader.grade(given, assignment_from(COURSE)).scores == FULL
