"""Pictures of wrong answers: which entries are off, in what way; nothing for right ones, and no number of either."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.exercises import Array, Number, Parts, ProblemSet, real
from autograder.exercises.picture import MOST_ENTRIES, NOTHING_SEEN, Sight, looked_at
from autograder.report import CodeLine, PartPattern

EXERCISES = ProblemSet(
    "pictures", {"W": real("n", "m"), "g": real("n"), "x": real(), "a": real(20, 30), "b": real(20, 31)}
)


@EXERCISES.function(points=1, returns=Array(("m",)))
def back(W, g):
    """Return the product (m,) of W (n, m), transposed, and g (n,)."""
    return W.T @ g


@EXERCISES.function(points=1, returns=Parts((Number("dx"), Array(("n", "m"), "dW"))))
def both(x, W):
    """Return a number and a matrix (n, m)."""
    return 2 * x, W * x


@EXERCISES.function(points=1, returns=Number())
def single(x):
    """Return a number."""
    return 3 * x


@EXERCISES.function(points=1, returns=Array((20, 30)))
def wide(a):
    """Return a matrix of as many entries as are shown."""
    return 2 * a


@EXERCISES.function(points=1, returns=Array((20, 31)))
def wider(b):
    """Return a matrix of more entries than are shown."""
    return 2 * b


def seen(function: Callable[..., Any], name: str = "back", seconds: float = 60.0) -> Sight:
    """Look at a function that a student wrote."""
    return looked_at(EXERCISES.exercises[name], function, time.monotonic() + seconds)


def part(function: Callable[..., Any], name: str = "back") -> PartPattern:
    """Return the last part of a picture that must be there."""
    picture = seen(function, name).picture
    assert picture is not None
    return picture.parts[-1]


def _one_entry(answer: Any, change: Callable[[float, float], float]) -> Any:
    changed = np.array(answer)
    changed[1] = change(changed[1], float(np.max(np.abs(answer))))
    return changed


def test_a_right_answer_has_no_picture() -> None:
    """Of a right function there is nothing to see, however it rounds."""
    assert seen(lambda W, g: (g[None] @ W).reshape(-1)) == NOTHING_SEEN


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (".", lambda true, largest: true + 0.9e-6 * largest),
        ("~", lambda true, largest: true + 1.1e-6 * largest),
        ("~", lambda true, largest: true + np.sign(true) * 0.099 * largest),
        ("x", lambda true, largest: true + np.sign(true) * 0.101 * largest),
        ("-", lambda true, largest: -true),
        ("!", lambda true, largest: np.nan),
        ("!", lambda true, largest: np.inf),
    ],
)
def test_each_entry_has_its_kind(kind: str, change: Callable[[float, float], float]) -> None:
    """Right, off by a little or a lot, of the opposite sign, not finite: just under each limit and just over it."""
    picture = seen(lambda W, g: _one_entry(W.T @ g, change)).picture
    if kind == ".":
        assert picture is None
    else:
        assert picture is not None
        assert picture.parts == (PartPattern("", ("m",), (4,), (4,), f".{kind}.."),)
        assert picture.sizes == {"m": 4}


def test_a_wrong_shape_is_shown_as_both_shapes() -> None:
    """An answer of another shape has no entries to compare, only the two shapes."""
    assert part(lambda W, g: W @ W.T @ g) == PartPattern("", ("m",), (4,), (3,))


def test_parts_have_pictures_of_their_own() -> None:
    """Each part of a tuple is told for itself, a number like an array."""
    picture = seen(lambda x, W: (-2 * x, W * x), "both").picture
    assert picture is not None
    assert [(one.name, one.kinds) for one in picture.parts] == [("dx", "-"), ("dW", "." * 12)]


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("single", lambda x: -3 * x),
        ("back", lambda W, g: "text"),
        ("back", lambda W, g: None),
        ("back", lambda W, g: list(W.T @ g)),
        ("back", lambda W, g: (W.T @ g).astype(complex)),
        ("both", lambda x, W: (x,)),
        ("both", lambda x, W: {"dx": x}),
    ],
)
def test_where_a_picture_says_nothing_there_is_none(name: str, function: Callable[..., Any]) -> None:
    """A single number, and what is no array or not as many parts as are due, is told in words alone."""
    assert seen(function, name).picture is None


@pytest.mark.parametrize(("name", "count"), [("wide", MOST_ENTRIES), ("wider", 0)])
def test_a_picture_has_no_more_entries_than_can_be_seen(name: str, count: int) -> None:
    """As many entries as are allowed make a picture, a row more makes none."""
    picture = seen(lambda x: -2 * x, name).picture
    assert sum(len(one.kinds) for one in picture.parts) == count if picture else count == 0


def test_a_mistake_that_only_equal_sizes_show_is_seen_there() -> None:
    """Where other sizes raise an exception, the case of equal sizes is shown, and the line of the exception kept."""

    def untransposed(W: Any, g: Any) -> Any:
        try:
            return W @ g
        except ValueError as error:
            error.student_line = CodeLine(2, "return W @ g")  # type: ignore[attr-defined]
            raise

    sight = seen(untransposed)
    assert sight.picture is not None
    assert sight.picture.sizes == {"m": 3}
    assert sight.line == CodeLine(2, "return W @ g")


def test_the_same_inputs_are_shown_to_everybody() -> None:
    """The inputs hang on the exercise's name alone, and on no seed of a course's or a student's."""
    inputs: list[list[float]] = []
    for _ in range(2):
        seen(lambda W, g: inputs.append(W.tolist()) or W.T @ g)
    assert inputs[: len(inputs) // 2] == inputs[len(inputs) // 2 :]


def test_a_function_is_not_called_when_the_time_is_over() -> None:
    """After the deadline there is no call and no picture."""
    calls: list[int] = []
    assert seen(lambda W, g: calls.append(1) or g, seconds=-1) == NOTHING_SEEN
    assert calls == []
    assert seen(lambda W, g: calls.append(1) or g).picture is not None
    assert len(calls) == 1
