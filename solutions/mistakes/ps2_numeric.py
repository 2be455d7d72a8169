"""Known mistakes with the numeric gradient of problem set 2."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises import Mistake


def _differences(entry: Callable[[Any, Any, Any, float], Any]) -> Callable[..., Any]:
    """Return a numeric gradient with its entry along the unit vector u given by a function of (f, x, u, eps)."""
    return lambda f, x, eps=1e-6: np.array([entry(f, x, unit, eps) for unit in np.eye(len(x))])


def _coordinate_kept(f: Any, x: Any, eps: float = 1e-6) -> Any:
    x, gradient = x.copy(), np.zeros(len(x))
    for i in range(len(x)):
        x[i] += eps
        ahead = f(x)
        x[i] -= 2 * eps
        gradient[i] = (ahead - f(x)) / (2 * eps)
    return gradient


def _first_only(f: Any, x: Any, eps: float = 1e-6) -> Any:
    gradient, step = np.zeros(len(x)), np.eye(len(x))[0] * eps
    gradient[0] = (f(x + step) - f(x - step)) / (2 * eps)
    return gradient


def _moved_with_earlier_ones(f: Any, x: Any, eps: float = 1e-6) -> Any:
    steps = np.tril(np.full((len(x), len(x)), eps))
    return np.array([(f(x + step) - f(x - step)) / (2 * eps) for step in steps])


CENTRAL = "The central difference looks as far ahead as behind: two values of f, with the distance between them below."
NUMERIC: tuple[Mistake, ...] = (
    Mistake(
        "zeros-of-no-difference",
        "Your answer is 0 everywhere. Are the two values of f taken at one and the same point: eps added on both "
        "sides, or put into an array of whole numbers, where it becomes 0? Or is the result never stored?",
        lambda f, x, eps=1e-6: np.zeros(len(x)),
    ),
    Mistake(
        "one-sided",
        f"Your answer compares f a little ahead with f at x. {CENTRAL} Its error is far smaller.",
        _differences(lambda f, x, u, eps: (f(x + eps * u) - f(x)) / eps),
    ),
    Mistake(
        "backward",
        f"Your answer compares f at x with f a little behind. {CENTRAL} Its error is far smaller.",
        _differences(lambda f, x, u, eps: (f(x) - f(x - eps * u)) / eps),
    ),
    Mistake(
        "distance-without-two",
        f"Your answer is twice too large: it divides by eps. {CENTRAL}",
        _differences(lambda f, x, u, eps: (f(x + eps * u) - f(x - eps * u)) / eps),
    ),
    Mistake(
        "one-sided-over-two",
        f"Your answer is half of a one-sided difference. {CENTRAL}",
        _differences(lambda f, x, u, eps: (f(x + eps * u) - f(x)) / (2 * eps)),
    ),
    Mistake(
        "precedence",
        "Your answer divides only the second value of f: division comes before subtraction, so that the difference "
        "needs brackets.",
        _differences(lambda f, x, u, eps: f(x + eps * u) - f(x - eps * u) / (2 * eps)),
    ),
    Mistake(
        "multiplied-by-step",
        "Your answer multiplies by eps: dividing by a product needs brackets around it.",
        _differences(lambda f, x, u, eps: (f(x + eps * u) - f(x - eps * u)) / 2 * eps),
    ),
    Mistake(
        "not-divided",
        "Your answer is the difference of the two values alone; it has to be divided by the distance between them.",
        _differences(lambda f, x, u, eps: f(x + eps * u) - f(x - eps * u)),
    ),
    Mistake(
        "step-ignored",
        "Your answer is more exact than two values of f at the distance eps can make it: a smaller step of its "
        "own is used "
        "in place of the argument eps, or more values of f.",
        _differences(lambda f, x, u, eps: (f(x + 1e-6 * u) - f(x - 1e-6 * u)) / 2e-6),
    ),
    Mistake(
        "half-step",
        "Your answer moves by half of eps in each direction; move by eps.",
        _differences(lambda f, x, u, eps: (f(x + eps / 2 * u) - f(x - eps / 2 * u)) / eps),
    ),
    Mistake(
        "all-coordinates-at-once",
        "Your answer moves every coordinate at once, so that it finds one number for all; move one at a time.",
        _differences(lambda f, x, u, eps: (f(x + eps) - f(x - eps)) / (2 * eps)),
    ),
    Mistake(
        "first-coordinate-only",
        "Your answer is right in the first coordinate and 0 elsewhere: is there a return within the loop?",
        _first_only,
    ),
    Mistake(
        "coordinate-not-put-back",
        "Your answer is a little off from the second coordinate on: after a coordinate was moved it must be put back.",
        _coordinate_kept,
    ),
    Mistake(
        "sign",
        "Your answer has the opposite sign: the value ahead comes first, the value behind is subtracted.",
        _differences(lambda f, x, u, eps: (f(x - eps * u) - f(x + eps * u)) / (2 * eps)),
    ),
    Mistake(
        "whole-step",
        "Your answer moves by a whole unit, not by eps; is the step put into an array of whole numbers?",
        _differences(lambda f, x, u, eps: (f(x + u) - f(x - u)) / 2),
    ),
    Mistake(
        "half-step-over-whole",
        "Your answer moves by half of eps in each direction and divides by 2 eps, so that it comes out half as large. "
        "Move by eps.",
        _differences(lambda f, x, u, eps: (f(x + eps / 2 * u) - f(x - eps / 2 * u)) / (2 * eps)),
    ),
    Mistake(
        "whole-step-over-small",
        "Your answer moves by a whole unit and divides by 2 eps: the coordinate has to move by eps.",
        _differences(lambda f, x, u, eps: (f(x + u) - f(x - u)) / (2 * eps)),
    ),
    Mistake(
        "value-for-difference",
        "Your answer divides f a little ahead by 2 eps: f a little behind has to be subtracted before. " + CENTRAL,
        _differences(lambda f, x, u, eps: f(x + eps * u) / (2 * eps)),
    ),
    Mistake(
        "moved-with-earlier-ones",
        "Your answer moves each coordinate together with all before it: after each one the step must be set back to 0.",
        _moved_with_earlier_ones,
    ),
)
