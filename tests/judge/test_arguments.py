"""Arguments across the boundary, in whole submissions: changes in place, identity, callbacks, handles, sizes."""

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, solution


def _lost(grader: Grader, answer: str, test: str) -> dict[str, float]:
    """Grade one function by one test and return the points lost."""
    text = f"import numpy as np\n{answer}"
    return grader.judge(solution("f", text), check("test_f", f"import numpy as np\n{test}")).lost


CHANGES = {
    "a list": ("def f(x): x.append(1)", "x = []\nf(x)\nassert x == [1]"),
    "a list emptied": ("def f(x): x.clear()", "x = [1, 2]\nf(x)\nassert x == []"),
    "a dict": ("def f(x): x['b'] = x.pop('a')", "x = {'a': 1}\nf(x)\nassert x == {'b': 1}"),
    "a set": ("def f(x): x.add(3)", "x = {1}\nf(x)\nassert x == {1, 3}"),
    "an array": ("def f(x): x += 1", "x = np.zeros(2)\nf(x)\nassert x.tolist() == [1, 1]"),
    "a part of an array": (
        "def f(x): x[0, :] = 5",
        "x = np.zeros((2, 2), order='F')\nf(x)\nassert x.tolist() == [[5, 5], [0, 0]]",
    ),
    "a view": ("def f(x): x[:] = 7", "base = np.zeros(4)\nf(base[::2])\nassert base.tolist() == [7, 0, 7, 0]"),
    "a list in a dict": ("def f(x): x['a'].append(1)", "x = {'a': []}\nf(x)\nassert x == {'a': [1]}"),
    "an array in a tuple": ("def f(x): x[1][0] = 9", "x = (1, np.zeros(1))\nf(x)\nassert x[1][0] == 9"),
    "one of two names": ("def f(x, y): x.append(1)", "x = []\nf(x, x)\nassert x == [1]"),
    "by name": ("def f(*, x): x.append(1)", "x = []\nf(x=x)\nassert x == [1]"),
    "objects": ("def f(x): x[0] = [1]", "x = np.array([None, 2], dtype=object)\nf(x)\nassert x.tolist() == [[1], 2]"),
    "an array among objects": (
        "def f(x): x[0] = x[0] + 1",
        "x = np.empty(2, dtype=object)\nx[0], x[1] = np.zeros(2), np.zeros(3)\nf(x)\nassert x[0].tolist() == [1, 1]",
    ),
    "before an exception": (
        "def f(x):\n    x.append(1)\n    raise ValueError",
        "x = []\ntry:\n    f(x)\nexcept ValueError:\n    pass\nassert x == [1]",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_argument_changed_in_place_is_changed_in_the_test(grader: Grader, name: str) -> None:
    """What a function changes in its arguments is changed in the test's own, as if it had run here."""
    assert _lost(grader, *CHANGES[name]) == {}


UNCHANGED = {
    "rebinding": ("def f(x):\n    x = x + [1]\n    return x", "x = []\nassert f(x) == [1]\nassert x == []"),
    "a copy": (
        "def f(x):\n    y = x.copy()\n    y += 1\n    return y",
        "x = np.zeros(1)\nassert f(x)[0] == 1\nassert x[0] == 0",
    ),
    "identity": ("def f(x): return x", "x = [1]\nassert f(x) is x"),
    "no identity": ("def f(x): return list(x)", "x = [1]\nassert f(x) == x\nassert f(x) is not x"),
    "a part": ("def f(x): return x['a']", "x = {'a': [1]}\nassert f(x) is x['a']"),
}


@pytest.mark.parametrize("name", UNCHANGED)
def test_what_is_not_changed_stays_and_identity_is_told(grader: Grader, name: str) -> None:
    """An argument that is only read stays as it is; a result that is an argument is that argument."""
    assert _lost(grader, *UNCHANGED[name]) == {}


CALLBACKS = {
    "a lambda": ("def f(g, x): return g(g(x))", "assert f(lambda v: v * 2, 3) == 12"),
    "an exception of the test's": (
        "def f(g):\n    try:\n        g()\n    except KeyError as error:\n        return 'caught'",
        "def g(): raise KeyError('x')\nassert f(g) == 'caught'",
    ),
    "an exception that goes through": (
        "def f(g): return g()",
        "def g(): raise ValueError('a')\ntry:\n    f(g)\nexcept ValueError as e:\n    got = str(e)\nassert got == 'a'",
    ),
    "named arguments": ("def f(g): return g(1, b=2)", "assert f(lambda a, b: a - b) == -1"),
    "arrays": ("def f(g, x): return g(x).sum()", "assert f(lambda v: v ** 2, np.arange(3.0)) == 5"),
    "a function that calls the student's": (
        "def f(g, n): return g(n)",
        "assert f(lambda n: f(lambda m: m + 1, n) * 2, 3) == 8",
    ),
    "a lambda around another of the student's": (
        "def f(g, x): return g(x + 1) - g(x)\ndef square(x): return x * x",
        "assert f(lambda x: 3 * square(x), 2) == 15",
    ),
    "another of the student's": ("def f(g, x): return g(x)\ndef square(x): return x * x", "assert f(square, 3) == 9"),
    "a built-in": ("def f(g, x): return g(x)", "assert f(len, [1, 2]) == 2"),
    "given back": ("def f(g): return g", "def g(): return 3\nassert f(g) is g and f(g)() == 3"),
    "no attributes": ("def f(g): return hasattr(g, 'secret')", "def g(): pass\ng.secret = 1\nassert f(g) is False"),
    "one of its own": ("def f(n):\n    return lambda x: x + n", "assert f(2)(3) == 5"),
}


@pytest.mark.parametrize("name", CALLBACKS)
def test_functions_cross_both_ways(grader: Grader, name: str) -> None:
    """A function that a test passes in is called back; one that the student returns can be called."""
    assert _lost(grader, *CALLBACKS[name]) == {}


def test_a_callback_is_of_no_use_after_its_call(grader: Grader) -> None:
    """A function of the test's that the student kept can't be called later, where none is meant to be kept."""
    answer = "kept = []\ndef f(g=None):\n    if g: kept.append(g)\n    else: return kept[0]()"
    test = (
        "it = 42\nf(lambda: it)\n"
        "try:\n    value = f()\nexcept RuntimeError:\n    pass\nelse:\n    raise AssertionError(value)"
    )
    asked = "def f(g=None):\n    return g() if g else 0"
    assert grader.judge(solution("f", asked), check("test_f", test), f=answer).lost == {}


# In whatever form: alone, as numeric differentiation passes them, or with others.
PASSED_ON = (
    "np.arange(3.0)", "np.array(2.5)", "np.zeros((2, 3))", "np.zeros((2, 3), order='F')", "np.zeros((1, 4))",
    "np.arange(9.0)[::2]", "np.zeros(0)", "np.zeros((0, 3))", "np.arange(3)", "np.float32([1, 2])",
    "np.array([np.nan, np.inf])", "np.zeros(2000)", "[np.arange(2.0)]", "2.5", "np.float64(2.5)",
)  # fmt: skip


@pytest.mark.parametrize("value", PASSED_ON)
def test_what_is_passed_to_a_callback_and_what_it_gives_are_what_they_were(grader: Grader, value: str) -> None:
    """A value comes to a function of the test's, and back to the student's, with its type, shape and entries."""
    answer = f"def f(g):\n    x = {value}\n    y = g(x)\n    return type(x) is type(y) and repr(x) == repr(y)"
    told = "(type(x).__name__.replace('EmptyAnswer', 'ndarray'), np.shape(x), repr(x))"
    test = (
        f"seen = []\ndef g(x):\n    seen.append({told})\n    return x\n"
        f"assert f(g) is True\nx = {value}\nassert seen == [{told}]"
    )
    assert _lost(grader, answer, test) == {}


def test_an_array_alone_is_no_more_than_was_sent(grader: Grader) -> None:
    """A student's side that claims another shape than its bytes have is told so, and gets nothing of it."""
    answer = """
import gc, sys
def f(g):
    frame = sys._getframe()
    while frame and "self" not in frame.f_locals:
        frame = frame.f_back
    while frame and not hasattr(frame.f_locals.get("self"), "channel"):
        frame = frame.f_back
    loop = frame.f_locals["self"]
    send = loop.channel.send
    def lie(header, body=b"", deadline=None):
        if "array" in header:
            header["array"] = [10**6, 10**6]
        send(header, body)
    loop.channel.send = lie
    try:
        g(np.zeros(3))
    except Exception as error:
        return str(error)
"""
    test = "seen = []\nfound = f(lambda x: seen.append(x))\nassert seen == [] and 'size' in found, found"
    assert _lost(grader, answer, test) == {}


HANDLES = {
    "attributes": ("class f:\n    size = 3", "assert f.size == 3 and f().size == 3"),
    "length and text": (
        "class f:\n    def __len__(self): return 3\n    def __str__(self): return 'x'",
        "assert len(f()) == 3 and str(f()) == 'x'",
    ),
    "equality of two": ("class f:\n    def __eq__(self, other): return True", "assert f() == f()"),
    "no equality with data": (
        "class f:\n    def __eq__(self, other): return True",
        "assert not f() == 3\nassert f() != 'x'",
    ),
    "a generator": (
        "def f(n):\n    for i in range(n): yield i",
        "assert list(f(3)) == [0, 1, 2]\nassert next(f(1)) == 0",
    ),
    "passed back": (
        "class f:\n    def __init__(self): self.n = 1\n    def add(self, other): return self.n + other.n",
        "assert f().add(f()) == 2",
    ),
    "items": ("class f:\n    def __getitem__(self, key): return key * 2", "assert f()[4] == 8"),
    "an exception of its own class": (
        "class E(ValueError): pass\ndef f(): raise E('x')",
        "try:\n    f()\nexcept ValueError as error:\n    assert str(error) == 'x'\nelse:\n    raise AssertionError",
    ),
}


@pytest.mark.parametrize("name", HANDLES)
def test_objects_of_other_classes_are_handles(grader: Grader, name: str) -> None:
    """An object that is not plain data is a handle with attributes, methods and what a test does on purpose."""
    assert _lost(grader, *HANDLES[name]) == {}


def test_a_value_of_many_long_strings_crosses(grader: Grader) -> None:
    """Strings that are each within the limit cross together."""
    assert _lost(grader, "def f(n): return [str(i) * 1_000_000 for i in range(n)]", "assert len(f(9)) == 9") == {}


def test_a_long_string_of_any_characters_crosses(grader: Grader) -> None:
    """A string within the limit crosses, whatever its characters."""
    assert _lost(grader, "def f(s): return s + s", "s = '\\U0001f600' * 100_000\nassert f(s) == s + s") == {}
