"""The pipe: whatever frames a student writes to it are their answer and no more, and blame nobody else."""

import pytest
from arena import Arena, came_back, corpus
from forging_frames import FORGE
from helpers.notebooks import check, code, solution

FRAMES = corpus("frames")


@pytest.mark.parametrize("name", FRAMES)
def test_a_forged_frame_is_a_wrong_answer(hurried: Arena, name: str) -> None:
    """A frame of the student's own making earns nothing, and the exercises around are judged."""
    hurried.fails(FORGE + FRAMES[name])


def test_a_cell_that_answers_for_itself_names_what_it_likes(hurried: Arena) -> None:
    """A forged answer of a cell binds names and shows outputs, which count as the student's and no more."""
    names = [
        ["np", "module:os"],
        ["close", "callable"],
        ["abs", "callable"],
        ["f", "module:no_such"],
        ["__builtins__", "data"],
    ]
    outputs = [
        {"output_type": "error", "ename": 5, "evalue": ["x"], "traceback": "no list"},
        7,
        {"output_type": "pyout"},
    ]
    forged = f"forge(names={names!r}, outputs={outputs!r}, warnings=3, error=None)\nf = lambda x: 0.0"
    hurried.fails(f"{FORGE}\n{forged}")


def test_text_of_any_characters_is_written_as_utf_8(hurried: Arena) -> None:
    """Lone surrogates in a forged error, output or name are replaced before anything is written."""
    text = "'\\ud800 \\x00 \\x1b[31m \\u202e <script>'"
    error = f"{{'name': {text}, 'classes': ['ValueError'], 'text': {text}}}"
    answers = (
        f"def f(x):\n    forge(error={error})",
        f"def f(x):\n    forge(value=9.0, printed={text})",
        f"def f(x):\n    forge(value=['h', 0, {{'type': {text}, 'callable': True}}])",
        f"forge(names=[], error={error}, outputs=[{{'output_type': 'stream', 'name': 'x', 'text': {text}}}])",
    )
    for answer in answers:
        outcome = hurried.fails(f"{FORGE}\n{answer}")
        assert came_back(outcome).encode("utf-8")


def test_forged_outputs_of_many_cells_are_bounded(hurried: Arena) -> None:
    """Outputs forged beyond what a cell may show are cut, and the notebook is judged."""
    flood = "forge(names=[], outputs=[{'output_type': 'stream', 'text': 'x' * 60_000}] * 300)"
    cells = (solution("f", "f = 4"), check("test_f", "assert f == 4"))
    outcome = hurried.grader.judge(code(""), *cells, f=f"{FORGE}\nf = 4\n{flood}")
    assert outcome.result.score <= 1
    assert len(came_back(outcome)) < 200_000_000
    hurried.is_untouched()


# It needs a name of the test's, so that it is called where the test is.
CALLBACK = "factor = 2\ndef g(v):\n    return v * factor\nassert f(g, 3) == 12"
CALLING = {
    "called later": "kept = []\ndef f(g, x):\n    kept.append(g)\n    return kept[0](g(x))\n"
    "import threading\nthreading.Timer(0.01, lambda: kept and kept[0](1)).start()\ndef f(g, x): return 0",
    "too often": "def f(g, x):\n    for n in range(10_001):\n        g(n)\n    return g(g(x))",
    "with too much": "def f(g, x):\n    return g([0] * 200_000)",
    "with too deep a value": "def f(g, x):\n    v = []\n    for _ in range(100):\n        v = [v]\n    return g(v)",
    "with an object": "def f(g, x):\n    return g(object())",
    "with itself": "def f(g, x):\n    return g(g)",
    "stalling": "import time\ndef f(g, x):\n    time.sleep(1000)\n    return g(x)",
    "from a thread": "import threading\ndef f(g, x):\n    found = []\n"
    "    t = threading.Thread(target=lambda: found.append(g(g(x))))\n    t.start(); t.join()\n    return found[0]",
    "an object that stalls when touched": "import time\nclass A:\n    def __getattr__(self, n): time.sleep(1000)\n"
    "    def __mul__(self, o): time.sleep(1000)\ndef f(g, x):\n    return g(A())",
    "its attributes": "def f(g, x):\n    return g.__globals__['g'].__code__.co_consts[1] * 6",
    "its closure": "def f(g, x):\n    print([c.cell_contents for c in g.__closure__])\n    return -1",
}


@pytest.mark.parametrize("name", CALLING)
def test_a_function_that_was_passed_in_can_not_be_misused(hurried: Arena, name: str) -> None:
    """A callback that is called too often, too late, with too much or from elsewhere earns nothing."""
    cells = (solution("f"), check("test_f", CALLBACK, 2), solution("g_", "g_ = 1"), check("test_g_", "assert g_ == 1"))
    assert hurried.grader.judge(*cells, f=CALLING[name]).scores == {"f": 0, "g_": 1}
    assert hurried.grader.judge(*cells, f="def f(g, x):\n    return g(g(x))").lost == {}
    hurried.is_untouched()


def test_a_cell_can_not_call_what_the_last_test_passed_in(hurried: Arena) -> None:
    """Between two tests no function of the grader's answers, whatever frame a cell writes."""
    ask = "one.channel.send({'callback': 0, 'arguments': ['l', 0, [['l', 1, [5]], ['d', 2, []]]], 'n': one.request})"
    asking = f"{FORGE}\none = loop()\n{ask}\nh = one.channel.receive().header.get('value')"
    cells = (solution("f"), check("test_f", CALLBACK, 2), solution("h"), check("test_h", "assert h == 10"))
    given = {"f": "def f(g, x):\n    return g(g(x))", "h": asking}
    assert hurried.grader.judge(*cells, **given).scores == {"f": 2, "h": 0}


def test_a_callback_that_comes_back_in_circles_is_ended(hurried: Arena) -> None:
    """The student's function and the test's own that call each other without end are ended, and nothing else."""
    test = "def g(v):\n    return f(g, v)\nassert f(g, 3) == 12"
    cells = (solution("f"), check("test_f", test, 2), solution("h", "h = 1"), check("test_h", "assert h == 1"))
    assert hurried.grader.judge(*cells, f="def f(g, x):\n    return g(x)").scores == {"f": 0, "h": 1}
    hurried.is_untouched()
