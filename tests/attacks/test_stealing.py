"""Stealing tests: neither hidden source nor expected values, seeds, references or paths reach a student."""

import socket

import pytest
from arena import CANARY, EXPECTED, SECRETS, Arena, came_back, corpus
from helpers.notebooks import Json, check, code, hidden, locked, solution

SNOOPS = corpus("snoops")


@pytest.mark.parametrize("name", SNOOPS)
def test_looking_around_finds_nothing(arena: Arena, name: str) -> None:
    """Whatever a student's function looks at and shows, no secret is in it."""
    arena.fails(SNOOPS[name])


# Tests whose visible part works with cases that the hidden part adds; the last is a helper of it.
CASES = {
    "added in place": ("cases = [(1, 1)]", "cases += [(245.95, {})]"),
    "appended": ("cases = [(1, 1)]", "cases.append((245.95, {}))"),
    "rebound": ("cases = [(1, 1)]", "cases = cases + [(245.95, {})]"),
    "extended by another name": ("cases = [(1, 1)]", "more = cases\nmore.extend([(245.95, {})])"),
    "made anew": ("", "cases = [(245.95, {})]"),
    "by a function": ("cases = [(1, 1)]", "def add(to):\n    to.append((245.95, {}))\nadd(cases)"),
}
READERS = (
    "def f(x):\n    return wanted",
    "def f(x):\n    return dict(cases)[x]",
    "def f(x):\n    return float(str(globals()).split('245.95, ')[1].split(')')[0])",
)


def _test_with(first: str, second: str) -> Json:
    loop = "for given, wanted in cases:\n    assert f(given) == wanted"
    return check("test_f", f"{first}\n{hidden(second.format(EXPECTED))}\n{loop}", 2)


@pytest.mark.parametrize("name", CASES)
def test_cases_that_the_hidden_part_adds_stay_on_the_graders_side(arena: Arena, name: str) -> None:
    """A visible loop over cases that hidden statements made shows none of them to the function it calls."""
    for reader in READERS:
        later = solution("later", "later = 0")
        cells = (solution("f"), _test_with(*CASES[name]), later)
        look = "print([n for n in ('cases', 'wanted', 'given', 'more') if '245.95' in str(globals().get(n))])"
        outcome = arena.grader.judge(*cells, f=reader, later=look)
        assert outcome.scores == {"f": 0}
        assert EXPECTED not in came_back(outcome)
        assert outcome.printed(2) == "[]\n"


def test_what_is_worked_out_from_hidden_names_stays_too(arena: Arena) -> None:
    """A visible name that is computed from hidden ones is not written to the student's side."""
    reference = hidden("def reference(x):\n    return x * 3 + 1")
    test = f"{reference}\nwanted = reference(20)\ncopies = [wanted]\nassert f(20) == wanted"
    for name in ("wanted", "copies[0]"):
        outcome = arena.grader.judge(solution("f"), check("test_f", test), f=f"def f(x):\n    return {name}")
        assert outcome.scores == {"f": 0}


def test_visible_names_are_still_there(arena: Arena) -> None:
    """Names of the visible part alone are written to the student's side, beside hidden ones and after them."""
    unseen = hidden("secret = 7\nimport math")
    test = f"threshold = 3\n{unseen}\nsecond = math.floor(4.5)\nassert f(5) == 12"
    cells = (solution("f"), check("test_f", test), solution("later"), check("test_later", "assert later == 7"))
    texts = {"f": "def f(x):\n    return x + threshold + second", "later": "later = threshold + second"}
    assert arena.grader.judge(*cells, **texts).lost == {}


def test_a_name_of_an_earlier_hidden_part_may_be_used_again(arena: Arena) -> None:
    """A visible assignment to a name that an earlier test hid is written to the student's side again."""
    first = check("test_one", hidden("level = 7\nassert f(0) == 0"))
    second = check("test_two", "level = 2\nassert f(0) == 2")
    text = "def f(x):\n    return globals().get('level', 0)"
    assert arena.grader.judge(solution("f"), first, second, f=text).lost == {}


MESSAGES = {
    "numpy.testing": f"import numpy as np\nnp.testing.assert_allclose(f(3.0), {EXPECTED}, err_msg='{CANARY}')",
    "an f-string": f"wanted = {EXPECTED}\nassert f(3.0) == wanted, f'expected {{wanted}}'",
    "unittest": f"import unittest\nunittest.TestCase().assertEqual(f(3.0), {EXPECTED})",
    "pandas.testing": "import pandas as pd\n"
    f"pd.testing.assert_series_equal(pd.Series([f(3.0)]), pd.Series([{EXPECTED}]))",
    "a key": f"table = {{0: {EXPECTED}}}\ntable[(f(3.0), '{CANARY}', {EXPECTED})]",
    "a conversion": f"int(str(f(3.0)) + '{CANARY}')",
    "an index": f"[{EXPECTED}].index(f(3.0))",
    "a variable as message": f"wanted = '{EXPECTED}'\nassert str(f(3.0)) == wanted, wanted",
}


@pytest.mark.parametrize("name", MESSAGES)
def test_the_message_of_a_failed_hidden_test_tells_no_value(arena: Arena, name: str) -> None:
    """What a hidden statement's failure says of what it expected is not told."""
    outcome = arena.grader.judge(solution("f"), check("test_f", hidden(MESSAGES[name])), f="def f(x):\n    return 1.0")
    assert outcome.scores == {"f": 0}
    assert outcome.message("f")
    assert [secret for secret in SECRETS if secret in came_back(outcome)] == []


def test_the_words_that_an_author_wrote_are_told(arena: Arena) -> None:
    """A message that is written out in a hidden assert or exception is meant for students."""
    for test in ("assert f(3) == 9, 'square it'", "if f(3) != 9:\n    raise ValueError('square it')"):
        outcome = arena.grader.judge(solution("f"), check("test_f", hidden(test)), f="def f(x):\n    return 1.0")
        assert "square it" in outcome.message("f")


def test_a_locked_cells_hidden_part_runs_on_the_graders_side_only(arena: Arena) -> None:
    """The student's side gets an instructor's cell without what is hidden in it."""
    setup = locked("setup", f"BASE = 1\n{hidden(f'{CANARY} = {EXPECTED}')}")
    cells = (setup, solution("f"), check("test_f", f"assert {CANARY} == {EXPECTED} and f(2) == 4", 1))
    look = f"print('{CANARY[:6]}' + '{CANARY[6:]}' in globals(), BASE)\n"
    outcome = arena.grader.judge(*cells, f=f"{look}def f(x):\n    return {CANARY}")
    assert outcome.scores == {"f": 0}
    assert outcome.printed(1) == "False 1\n"


CALLS = {
    "TCP": "import socket\nsocket.create_connection(('127.0.0.1', {port}), timeout=1)",
    "HTTP": "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:{port}/?x', timeout=1)",
    "UDP": "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {port}))",
    "asyncio": "import asyncio\nawait asyncio.open_connection('127.0.0.1', {port})",
    "a system call": "import ctypes\nassert ctypes.CDLL(None).socket(2, 1, 0) < 0\nraise OSError",
    "the pipe's own socket": "import socket\nsocket.socket(fileno=3).connect(('127.0.0.1', {port}))",
}


@pytest.mark.parametrize("name", CALLS)
def test_no_connection_is_made(arena: Arena, listener: socket.socket, name: str) -> None:
    """A cell that calls home reaches nobody, not even on this machine."""
    port = listener.getsockname()[1]
    arena.grader.judge(code(""), solution("f", "f = 0"), f=CALLS[name].format(port=port))
    with pytest.raises(BlockingIOError):
        listener.accept()
    arena.is_untouched()


GLOBAL = "def f(x):\n    print(globals().get('rows'))\n    return x"
FILLING = hidden("def fill(found):\n    found.append(60491)")
LOADING = hidden("def load():\n    global rows\n    rows = [60491]")
INDIRECT = {
    "a function that appends": f"rows = []\n{FILLING}\nfill(rows)",
    "a function that binds": f"rows = []\n{LOADING}\nload()",
    "a visible function": f"{hidden('key = 60491')}\nrows = 0\ndef take():\n    global rows\n    rows = key\ntake()",
}


@pytest.mark.parametrize("test", INDIRECT.values(), ids=INDIRECT)
def test_what_a_hidden_function_puts_into_a_visible_name_stays_here(arena: Arena, test: str) -> None:
    """A visible name that a call of what is hidden fills is not written to the student's side."""
    outcome = arena.grader.judge(solution("f", GLOBAL), check("test_f", f"{test}\nassert f(1) == 1", 1), f=GLOBAL)
    assert outcome.scores == {"f": 1}
    assert "60491" not in came_back(outcome)


PRINTED = {
    "a hidden line": hidden("got = f(1)\nprint(f'want 60491, got {got}')\nassert got == 60491"),
    "a hidden function": hidden("def judge(got):\n    print(60491)\n    assert got == 60491") + "\njudge(f(1))",
}


@pytest.mark.parametrize("test", PRINTED.values(), ids=PRINTED)
def test_what_a_hidden_part_prints_is_not_shown(arena: Arena, test: str) -> None:
    """What hidden lines print themselves is not told; what a visible line and the student's function print is."""
    text = "def f(x):\n    print('here I am')\n    return 0"
    cells = solution("f", text), check("test_f", f"print('a visible line')\n{test}", 1)
    outcome = arena.grader.judge(*cells, f=text)
    assert outcome.scores == {"f": 0}
    told = came_back(outcome)
    assert "60491" not in told
    assert "a visible line" in told
    assert "here I am" in told


READING = (
    "import pandas as pd\ntable = pd.read_csv(place)",
    "import urllib.request\ntable = urllib.request.urlopen(place)",
    "import socket\nsocket.create_connection((place.split('/')[2].split(':')[0], int(place.split(':')[2][:-1])))",
)


@pytest.mark.parametrize("test", READING)
def test_a_test_opens_no_connection_to_where_a_student_says(arena: Arena, listener: socket.socket, test: str) -> None:
    """A file's name that is the address of a server is not asked for what it has, though a test would read it."""
    port = listener.getsockname()[1]
    cells = solution("place", "place = 'table.csv'"), check("test_place", test, 1)
    outcome = arena.grader.judge(*cells, place=f"place = 'http://127.0.0.1:{port}/'")
    assert outcome.scores == {"place": 0}
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_a_test_opens_a_connection_to_where_its_author_says(arena: Arena, listener: socket.socket) -> None:
    """A test that names a server reaches it."""
    port = listener.getsockname()[1]
    test = f"import socket\nsocket.create_connection(('127.0.0.1', {port})).close()\nassert f(1) == 1"
    cells = solution("f", "def f(x):\n    return x"), check("test_f", test, 1)
    assert arena.grader.judge(*cells).scores == {"f": 1}
    listener.accept()[0].close()
