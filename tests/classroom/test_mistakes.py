"""The mistakes that a class made, by frequency, and which wrong answers are alike."""

from classes import class_of, written, wrong

from autograder.classroom.code import normal_form
from autograder.classroom.mistakes import alike, mistakes
from autograder.classroom.values import Classroom

LEFT = "def f0(x, y):\n    total = x * y\n    return -total"
SAME = 'def f0(x, y):\n    """My answer."""\n    s = x * y  # product\n    return -s'
OTHER = "def f0(x, y):\n    return x / y"


def _class() -> Classroom:
    return class_of(
        wrong(written("a", LEFT), "sign"),
        wrong(written("b", SAME), "sign"),
        wrong(written("c", OTHER)),
        wrong(written("d", OTHER)),
        wrong(written("e", LEFT)),
        wrong(
            written("f", LEFT), "", ("runs", "raised ValueError: size 4 is not 5 (in 3 of 6 cases: all sizes equal)")
        ),
        wrong(written("g", OTHER), "", ("runs", "raised ValueError: size 7 is not 2 (in 2 of 6 cases: zeros)")),
        written("right", "def f0(x, y):\n    return x * y"),
    )


def test_mistakes_are_counted_by_diagnosis_and_else_by_what_failed() -> None:
    """The most frequent first; an error's numbers and cases, which differ between students, make no other mistake."""
    found = [(one.id, [work.student for work in one.works]) for one in mistakes(_class())]
    assert found == [("", ["c", "d", "e"]), ("sign", ["a", "b"]), ("", ["f", "g"])]
    assert "ValueError: size … is not …" in mistakes(_class())[2].text


def test_alike_answers_share_their_outcome_and_undiagnosed_ones_their_code() -> None:
    """Two spellings of one wrong code are one form; what was not diagnosed is alike only where the code is."""
    found = {one.id or one.text[:12]: [work.student for work in one.works] for one in alike(_class())}
    assert found == {"sign": ["a", "b"], "wrong values": ["c", "d"]}
    (of_sign,) = (one for one in alike(_class()) if one.id == "sign")
    assert [count for _, count in of_sign.forms] == [2]
    assert of_sign.example == LEFT


def test_the_normal_form_of_code() -> None:
    """Comments, docstrings, annotations and names of local variables make no difference; steps and arguments do."""
    assert normal_form(LEFT, "f0") == normal_form(SAME, "f0")
    assert normal_form("def f0(x: int, y) -> int:\n    return x", "f0") == normal_form("def f0(x, y): return (x)", "f0")
    assert normal_form(LEFT, "f0") != normal_form(OTHER, "f0")
    assert normal_form("def f0(x, y): return y", "f0") != normal_form("def f0(x, y): return x", "f0")
    assert normal_form("def f0(:", "f0") == "def f0(:"
    assert normal_form("x = " + "(" * 500, "f0")
