"""What a course's own module keeps: filled by students' code where it is meant to be, and by nobody else."""

from dataclasses import replace

import pytest
from helpers.grading import Grader, assignment_from
from helpers.notebooks import check, code, notebook, released, replaced, solution

MODULE = b"""
REGISTRY, results = {}, {}
def register(name):
    def note(function):
        REGISTRY[name] = function
        return function
    return note
def run(name, *given):
    return REGISTRY[name](*given)
class Plugin:
    known = []
    def __init_subclass__(cls, **named):
        Plugin.known.append(cls)
def compare(name, value, expected):
    results[name] = value == expected
"""
RIGHT = """
@register("double")
def double(x):
    return 2 * x
class Upper(Plugin):
    def run(self, text):
        return text.upper()
"""
TEST = """
import course
assert run("double", 4) == 8 and course.REGISTRY["double"](1) == 2
assert list(course.REGISTRY) == ["double"]
assert [one.__name__ for one in Plugin.known] == ["Upper"]
assert Plugin.known[0]().run("a") == "A"
register("square")(lambda x: x * x)
assert run("square", 3) == 9
course.compare("own", double(1), 2)
assert all(course.results.values()), course.results
"""
COMPARED = "course.compare('double', double(2), 4)\nassert course.results['double'] is True"
WRONG = {
    "another name": RIGHT.replace('"double"', '"doubles"'),
    "not registered": RIGHT.replace('@register("double")\n', ""),
    "not derived": RIGHT.replace("(Plugin)", ""),
    "another method": RIGHT.replace("upper", "lower"),
}


def _judged(grader: Grader, answer: str) -> dict[str, float]:
    given = "import course\nfrom course import register, run, Plugin"
    original = notebook(code(given), solution("one", RIGHT), check("test_one", TEST), check("test_two", COMPARED))
    assignment = replace(assignment_from(original), beside=(("course.py", MODULE),))
    return grader.grade(replaced(released(original), {"one": answer}), assignment).scores


def test_what_students_register_in_a_module_is_found(grader: Grader) -> None:
    """A decorator and a base class of the course's own module have what students define, and later tests' too."""
    assert _judged(grader, RIGHT)["one"] == 1


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_registered_is_missed(grader: Grader, name: str) -> None:
    """What a wrong answer does not register is not there."""
    assert _judged(grader, WRONG[name])["one"] == 0


def test_nobody_fills_what_is_the_tests(grader: Grader) -> None:
    """What no answer of the instructor's fills, no student's fills for the tests."""
    forging = "\nimport course\ncourse.results['double'] = True\ncourse.compare = lambda *_: None\n"
    assert _judged(grader, RIGHT) == {"one": 1, "test_two": 1}
    assert _judged(grader, RIGHT.replace("2 * x", "3 * x") + forging) == {"one": 0, "test_two": 0}
