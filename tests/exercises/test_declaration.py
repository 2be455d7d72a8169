"""A declaration that cannot work is refused where it is made, in words that name the mistake."""

from typing import Any

import numpy as np
import pytest

from autograder.exercises import (
    Array,
    ExerciseFailed,
    Number,
    ProblemSet,
    choice,
    collect_assessments,
    computed,
    one_hot,
    real,
    seeded,
)


def _small_set() -> ProblemSet:
    return ProblemSet("small", {"W": real("n", "m"), "x": real("m"), "g": real("n"), "lr": choice(0.1, 0.01)})


def test_an_unknown_argument_is_refused() -> None:
    """Every argument of a reference is a variable of the set."""
    with pytest.raises(ValueError, match=r"^small: layer names unknown variables: V, y$"):

        @_small_set().function(points=1, returns=Number())
        def layer(W: Any, y: Any, V: Any) -> Any:
            return W


def test_an_unknown_upstream_is_refused() -> None:
    """So is everything that the rule reads."""
    with pytest.raises(ValueError, match=r"small: grad_x names unknown variables: dy"):

        @_small_set().gradient(points=1, of=lambda W, x: W @ x, wrt="x", upstream="dy")
        def grad_x(W: Any, g: Any) -> Any:
            return W.T @ g


def test_an_unknown_input_of_the_forward_map_is_refused() -> None:
    """And every input of the forward map."""
    with pytest.raises(ValueError, match=r"small: grad_x names unknown variables: b"):

        @_small_set().gradient(points=1, of=lambda W, x, b: W @ x + b, wrt="x", upstream="g")
        def grad_x(W: Any, g: Any) -> Any:
            return W.T @ g


def test_a_second_declaration_is_refused() -> None:
    """One name is one exercise."""
    problem_set = _small_set()

    def layer(W: Any, x: Any) -> Any:
        return W @ x

    problem_set.function(points=1, returns=Array(("n",)))(layer)
    with pytest.raises(ValueError, match=r"^small: layer is declared twice$"):
        problem_set.function(points=1, returns=Array(("n",)))(layer)


@pytest.mark.parametrize("wrt", ["reduction", ("W", "reduction")])
def test_what_has_no_shape_has_no_gradient(wrt: Any) -> None:
    """A word or a dict cannot be nudged."""
    problem_set = ProblemSet("small", {"W": real("n"), "reduction": choice("mean", "sum")})
    with pytest.raises(ValueError, match=r"small: reduction has no shape, so nothing can be differentiated"):
        problem_set.gradient(points=1, of=lambda W, reduction: W, wrt=wrt, upstream="W")


def test_an_unknown_wrt_is_refused_with_a_clear_text() -> None:
    """A misspelt variable is named, as it is everywhere else in a declaration."""
    with pytest.raises(ValueError, match=r"small: .*V"):
        _small_set().gradient(points=1, of=lambda W, x: W @ x, wrt="V", upstream="g")


def test_an_unknown_need_of_a_variable_is_refused_with_a_clear_text() -> None:
    """What a computed variable is computed from is part of the vocabulary too."""
    problem_set = ProblemSet("small", {"a": computed("n", by=lambda z: z)})
    with pytest.raises(ValueError, match=r"small: .*z"):

        @problem_set.function(points=1, returns=Array(("n",)))
        def same(a: Any) -> Any:
            return a


def test_a_declared_function_is_returned_unchanged() -> None:
    """The decorator leaves the reference as it is, so that the module can be used without the grader."""
    problem_set = _small_set()

    def grad_x(W: Any, g: Any) -> Any:
        return W.T @ g

    assert problem_set.gradient(points=2, of=lambda W, x: W @ x, wrt="x", upstream="g")(grad_x) is grad_x
    exercise = problem_set.exercises["grad_x"]
    assert (exercise.name, exercise.points, exercise.arguments, exercise.defaults) == ("grad_x", 2, ("W", "g"), {})
    assert exercise.reference is grad_x


def test_a_new_set_needs_nothing_but_its_declaration() -> None:
    """Right answers pass and wrong ones fail for a set that the engine has never seen."""
    problem_set = ProblemSet("new", {"Y": one_hot("m", "k"), "P": real("m", "k")})

    @problem_set.gradient(points=1, of=lambda P, Y: np.sum((P - Y) ** 2), wrt="P")
    def grad_P(P: Any, Y: Any) -> Any:
        return 2 * (P - Y)

    problem_set.assess("grad_P", {"grad_P": grad_P})
    with pytest.raises(ExerciseFailed, match="grad_P: not right yet"):
        problem_set.assess("grad_P", {"grad_P": lambda P, Y: P - Y})


def test_a_wrong_reference_is_caught_by_its_own_rule() -> None:
    """The gradient check looks at the forward map alone, so it rejects a mistaken reference."""
    problem_set = _small_set()

    @problem_set.gradient(points=1, of=lambda W, x: W @ x, wrt="x", upstream="g")
    def grad_x(W: Any, g: Any) -> Any:
        return 2 * W.T @ g

    with pytest.raises(ExerciseFailed, match="gradient_check") as failed:
        problem_set.assess("grad_x", {"grad_x": grad_x})
    assert "value:" not in str(failed.value)


def test_a_default_before_other_arguments_keeps_its_place() -> None:
    """Leaving out an argument that has its default value must not move those after it."""
    variables = {"x": real("n"), "p": choice("mean", "sum"), "q": choice("left", "right", "left")}
    problem_set = ProblemSet("small", variables)

    @problem_set.function(points=1, returns=Number())
    def pick(x: Any, p: str = "mean", q: str = "right") -> Any:
        total = np.sum(x) if p == "sum" else np.mean(x)
        return total if q == "right" else -total

    problem_set.assess("pick", {"pick": pick})


def test_collected_assessments_are_in_order_and_nested_blocks_are_apart() -> None:
    """What is assessed in an inner block is gathered there alone."""
    problem_set = _small_set()

    @problem_set.function(points=1, returns=Array(("n",)))
    def layer(W: Any, x: Any) -> Any:
        return W @ x

    with seeded(b"one"), collect_assessments() as outer:
        problem_set.assess("layer", {"layer": layer})
        with collect_assessments() as inner, pytest.raises(ExerciseFailed):
            problem_set.assess("layer", {})
        problem_set.assess("layer", {"layer": layer})
    assert [found.passed for found in outer] == [True, True]
    assert [found.passed for found in inner] == [False]


def test_a_name_that_is_no_exercise_is_an_error() -> None:
    """A test cell with a misspelt name must not pass."""
    with pytest.raises(KeyError, match="grad_V"):
        _small_set().assess("grad_V", {"grad_V": lambda: None})
