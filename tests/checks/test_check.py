"""`check`, as a student calls it: what it looks at, what it says, and how it is shown."""

import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from autograder import check, check_gradient

RANDOM = np.random.default_rng(0)
A1, W2, DZ2 = RANDOM.normal(size=(6, 4)), RANDOM.normal(size=(4, 3)), RANDOM.normal(size=(6, 3))
SHAPES = "A1 (m, h), dZ2 (m, k) -> dW2 (h, k)"


def of_W2(W2: Any) -> Any:
    """The forward map with respect to W2, against the upstream gradient."""
    return np.sum(DZ2 * (A1 @ W2))


def checked(function: Callable[..., Any]) -> Any:
    """Check a gradient of W2."""
    return check(function, A1, DZ2, of=of_W2, at=W2, shapes=SHAPES, name="grad_W2")


def test_a_right_gradient_passes_with_every_finding_named() -> None:
    """Arguments, type and shape, and values are told, with the shapes by their names in one line."""
    result = checked(lambda A1, dZ2: A1.T @ dZ2)
    assert result
    assert [one.passed for one in result.findings] == [True] * 3
    assert "A1 (m, h) = (6, 4), dZ2 (m, k) = (6, 3)  →  dW2 (h, k) = (4, 3)" in str(result)
    assert not result.diagnosis


WRONG = {
    "transposed": (lambda A1, dZ2: dZ2.T @ A1, ["(h, k) = (4, 3), got (3, 4) = (k, h)", "transpose", "dZ2.T @ A1"]),
    "sign": (lambda A1, dZ2: -A1.T @ dZ2, ["opposite sign"]),
    "twice": (lambda A1, dZ2: 2 * A1.T @ dZ2, ["2 times too large", "derivative of a square"]),
    "no 1/m": (lambda A1, dZ2: 6 * A1.T @ dZ2, ["6 times too large", "m is 6"]),
    "1/m twice": (lambda A1, dZ2: A1.T @ dZ2 / 6, ["6 times too small", "divided by m once too often"]),
    "one example": (lambda A1, dZ2: np.outer(A1[0], dZ2[0]), ["entries differ"]),
    "one sign": (lambda A1, dZ2: A1.T @ dZ2 * np.where(np.eye(4, 3) > 0, -1, 1), ["sign is wrong at 3 of 12"]),
    "reshaped": (lambda A1, dZ2: (A1.T @ dZ2).T.reshape(4, 3), ["at the wrong places"]),
    "zeros": (lambda A1, dZ2: np.zeros((4, 3)), ["0 everywhere"]),
    "summed": (lambda A1, dZ2: (A1.T @ dZ2).sum(axis=0), ["got (3,) = (k,)", "summed over axis 0 (h = 4)"]),
    "a list": (lambda A1, dZ2: (A1.T @ dZ2).tolist(), ["expected an array", "got a list"]),
    "nothing": (lambda A1, dZ2: None, ["got None", "return statement"]),
    "integers": (lambda A1, dZ2: (A1.T @ dZ2).astype(int), ["float64", "got int64"]),
    "NaN": (lambda A1, dZ2: A1.T @ dZ2 * np.nan, ["NaN or infinity"]),
    "a number": (lambda A1, dZ2: float(np.sum(A1)), ["got one number"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_gradient_fails_with_what_it_looks_like(name: str) -> None:
    """Each mistake is rejected, and told in the text, the summary and the rich form alike."""
    function, told = WRONG[name]
    result = checked(function)
    assert not result
    for words in told:
        assert words in str(result)
        assert words in result.summary
        assert words.replace("'", "&#x27;") in result._repr_html_()


def test_a_right_gradient_in_single_precision_passes() -> None:
    """float32 is accepted, as in grading."""
    assert checked(lambda A1, dZ2: (A1.T @ dZ2).astype(np.float32))


def test_an_argument_that_is_changed_is_told() -> None:
    """A function that writes to its argument fails, even if its answer is right."""
    given = DZ2.copy()

    def grad(A1: Any, dZ2: Any) -> Any:
        answer = A1.T @ dZ2
        dZ2 *= 0
        return answer

    result = check(grad, A1, given, of=of_W2, at=W2, shapes=SHAPES)
    assert [one.passed for one in result.findings] == [False, True, True]
    assert "dZ2 was changed in place" in result.summary
    assert np.array_equal(given, DZ2)


def _bias(function: Callable[..., Any]) -> Any:
    at, shapes = np.zeros((1, 3)), "dZ2 (m, k) -> db2 (1, k)"
    return check(function, DZ2, of=lambda b: np.sum(DZ2 * (A1 @ W2 + b)), at=at, shapes=shapes)


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda d: d.sum(axis=0), "keepdims=True"),
        (lambda d: d, "Summed over axis 0 (m = 6), it is right"),
        (lambda d: d.sum(axis=1, keepdims=True), "dZ2.sum(axis=1, keepdims=True)"),
        (lambda d: d.mean(axis=0, keepdims=True), "m is 6"),
        (lambda d: d.sum(), "sum of all entries"),
    ],
)
def test_sums_over_wrong_axes_are_recognised(function: Callable[..., Any], told: str) -> None:
    """A bias gradient with the wrong sum is told which sum it is."""
    assert told in str(_bias(function))


@pytest.mark.parametrize(
    ("mask", "told"),
    [
        (lambda Z: Z < 9, "Is a gate missing"),
        (lambda Z: Z < 0, "the gate is open where it should be shut"),
        (lambda Z: Z > 0.5, "Is a gate shut that should be open"),
    ],
)
def test_gates_are_recognised(mask: Callable[[Any], Any], told: str) -> None:
    """A gate that is missing, turned round or too narrow is told from its zeros."""
    Z, D = np.array([[1.0, -1.0, 0.2], [-0.4, 2.0, 0.3]]), np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    result = check_gradient(lambda Z: np.sum(D * np.maximum(Z, 0)), D * mask(Z), at=Z)
    assert told in result.summary


def test_exchanged_parts_are_recognised() -> None:
    """Two parts of a tuple in each other's place are named; all parts are told."""
    shapes = "x, w1, w2 -> dx, dw1, dw2"
    arguments = (1.5, 2.0, 3.0)
    product = lambda x, w1, w2: x * w1 * w2
    right = check(lambda x, w1, w2: [w1 * w2, x * w2, x * w1], *arguments, of=product, at=arguments, shapes=shapes)
    assert right
    swapped = check(lambda x, w1, w2: (x * w2, w1 * w2, x * w1), *arguments, of=product, at=arguments, shapes=shapes)
    assert "dx and dw1 are exchanged" in swapped.diagnosis
    assert "expected 3 values (dx, dw1, dw2), got 2" in str(
        check(lambda *_: (1.0, 2.0), *arguments, of=product, at=arguments, shapes=shapes)
    )


def test_a_dict_of_gradients_is_checked_by_its_keys() -> None:
    """A dict `at` asks for a dict of gradients with the same keys."""
    params = {"W": W2, "b": np.zeros((1, 3))}
    of = lambda p: np.sum(DZ2 * (A1 @ p["W"] + p["b"]))
    right = {"W": A1.T @ DZ2, "b": DZ2.sum(axis=0, keepdims=True)}
    assert check(lambda p: right, params, of=of, at=params, shapes="params -> W (h, k), b (1, k)")
    assert "exactly the keys W, b" in str(check(lambda p: {"W": right["W"]}, params, of=of, at=params))


def test_an_expected_value_is_compared_by_the_tolerance_of_grading() -> None:
    """Just within a relative difference of 1e-6 passes, just beyond does not."""
    due = np.array([[1.0, 2.0], [4.0, 8.0]])
    for factor, passes in ((1 + 0.9e-6, True), (1 + 1.1e-6, False)):
        assert bool(check(np.multiply, due, factor, expected=due)) is passes
    assert "2 times too small" in str(check(lambda: due / 2, expected=due))
    assert "gradient" not in str(check(lambda: -due, expected=due))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"shapes": "A1 (m, h) -> dW2 (h, k)"}, "names 1 arguments, but 2 are given"),
        ({"shapes": "A1 (m, h), dZ2 (m, h) -> dW2 (h, k)"}, "dZ2: h is 3 here, and 4 elsewhere"),
        ({"shapes": "A1 (m), dZ2 (m, k) -> dW2 (h, k)"}, "A1 should have the axes (m,)"),
        ({"shapes": "A1 [m, h]"}, "can't be read"),
        ({"shapes": "a -> b -> c"}, "one arrow"),
        ({"expected": 1.0}, "give either"),
    ],
)
def test_a_check_that_is_written_wrong_says_so(words: dict[str, Any], told: str) -> None:
    """What the author of a check gets wrong is a ValueError with what to do."""
    given = {"of": of_W2, "at": W2, **words}
    with pytest.raises(ValueError, match=re.escape(told)):
        check(lambda A1, dZ2: A1.T @ dZ2, A1, DZ2, **given)


def test_what_a_function_raises_is_the_students_to_see() -> None:
    """An exception of the function is not swallowed, and its traceback ends with the shapes by their names."""
    with pytest.raises(ValueError, match="size 6 is different from 4") as raised:
        checked(lambda A1, dZ2: A1 @ dZ2)
    (note,) = raised.value.__notes__
    hidden = [frame.name for frame in raised.traceback if frame.locals.get("__tracebackhide__")]
    assert hidden == ["check"]
    assert note == "The shapes of grad_W2: A1 (m, h) = (6, 4), dZ2 (m, k) = (6, 3)  →  dW2 (h, k) = (4, 3)"
    with pytest.raises(NotImplementedError) as unnamed:
        check(lambda A1, dZ2: (_ for _ in ()).throw(NotImplementedError()), A1, DZ2, of=of_W2, at=W2)
    assert not hasattr(unnamed.value, "__notes__")


class Shape(HTMLParser):
    """Notes what elements and attributes a text of HTML has, and that they nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.stack: list[str] = []
        self.feed(text)
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}
        if tag != "input":
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        assert self.stack.pop() == tag


HOSTILE = "<script>alert(1)</script>\x1b[2J\u202e\" onmouseover='x"


def test_names_are_inert() -> None:
    """A name with markup or control characters is shown as what it is, in text and in HTML."""
    result = check(lambda x: -x, np.ones(3), of=lambda x: np.sum(x**2) / 2, at=np.ones(3), name=HOSTILE)
    shown = Shape(result._repr_html_())
    assert "script" not in shown.tags
    assert not {name for name in shown.names if name.startswith("on")}
    assert not {one for one in str(result) + result._repr_html_() if one in "\x1b\u202e"}


def test_wrong_entries_are_marked_by_more_than_colour() -> None:
    """In the heat map a wrong entry has a mark and a pattern, and the others have none; rows and columns are named."""
    result = checked(lambda A1, dZ2: A1.T @ dZ2 + np.eye(4, 3))
    html = result._repr_html_()
    assert html.count('<td class="w d"') == html.count(">✗ ") - 0 == 3
    assert html.count("<table") == html.count("<caption>") == 3
    assert "repeating-linear-gradient" in html
    assert html.count('scope="row"') == 12
    assert html.count('scope="col"') == 9
    assert 'role="group" aria-label="grad_W2: failed"' in html
    Shape(html)


def test_large_arrays_are_shown_in_blocks_with_the_worst_entry() -> None:
    """A large gradient stays a small table, and the one wrong entry among thousands is in it."""
    at = RANDOM.normal(size=(80, 60))
    gradient = 2 * at
    gradient[77, 41] += 1
    result = check_gradient(lambda x: np.sum(x**2), gradient, at=at)
    html = result._repr_html_()
    assert len(html) < 64_000
    assert "entry [77, 41]" in html
    assert html.count('class="w"') == 1


def test_the_check_runs_with_numpy_alone_and_quickly() -> None:
    """`check` and `blame` import NumPy and nothing of IPython, matplotlib or the grader."""
    program = (
        "import sys; from autograder import check, blame\n"
        "heavy = ('IPython', 'matplotlib', 'autograder.report', 'autograder.judge')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_show_is_rich_in_ipython_and_text_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    """Outside of IPython, show prints what str gives."""
    result = checked(lambda A1, dZ2: A1.T @ dZ2)
    result.show()
    assert capsys.readouterr().out == f"{result}\n"
    assert repr(result) == str(result)
