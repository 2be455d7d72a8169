"""Functions of vectors and matrices, with mistakes in their gradients."""

import numpy as np
from oracle_family import Draws, FloatArray, Problem, family, softmax


def _vector(draws: Draws) -> FloatArray:
    return draws.normal(draws.sizes[0] + 1, scale=draws.inputs) + draws.inputs


@family
def unit_vector(draws: Draws) -> Problem:
    """A vector made a unit vector, x / |x|."""
    x = _vector(draws)
    g, length = draws.above(x.shape), float(np.linalg.norm(x))
    unit = x / length
    return Problem(
        lambda p: np.sum(g * p) / np.linalg.norm(p), x, (g - unit * (g @ unit)) / length,
        {
            "length taken as fixed": lambda: g / length,
            "length left out": lambda: g - unit * (g @ unit),
            "not normalised inside": lambda: (g - x * (g @ x)) / length,
            "length's path added": lambda: (g + unit * (g @ unit)) / length,
        },
    )  # fmt: skip


@family
def log_sum_exp(draws: Draws) -> Problem:
    """log(sum(exp(z)))."""
    z, u = draws.normal(draws.sizes[0] + 1, scale=draws.moderate), draws.upstream
    return Problem(
        lambda p: u * (np.log(np.sum(np.exp(p - p.max()))) + p.max()), z, u * softmax(z),
        {
            "not divided": lambda: u * np.exp(z),
            "softmax's slope": lambda: u * softmax(z) * (1 - softmax(z)),
            "log-softmax": lambda: u * (1 - softmax(z)),
            "largest only": lambda: u * (z == z.max()),
        },
    )  # fmt: skip


@family
def quadratic_form(draws: Draws) -> Problem:
    """x^T A x / 2 for an A that is not symmetric."""
    x = _vector(draws)
    A = draws.normal(x.size, x.size)
    return Problem(
        lambda p: p @ A @ p / 2, x, (A + A.T) @ x / 2,
        {
            "A x": lambda: A @ x,
            "A^T x": lambda: A.T @ x,
            "factor 1/2 left out": lambda: (A + A.T) @ x,
            "2 A x": lambda: 2 * A @ x,
            "difference for sum": lambda: (A - A.T) @ x / 2,
        },
    )  # fmt: skip


@family
def inverse(draws: Draws) -> Problem:
    """The inverse of a matrix, near the identity."""
    n = draws.sizes[0] + 1
    A, g = 3 * np.eye(n) + draws.normal(n, n, scale=0.3), draws.above((n, n))
    inv = np.linalg.inv(A)
    return Problem(
        lambda p: np.sum(g * np.linalg.inv(p)), A, -inv.T @ g @ inv.T,
        {
            "sign left out": lambda: inv.T @ g @ inv.T,
            "not transposed": lambda: -inv @ g @ inv,
            "one factor": lambda: -inv.T @ g,
            "elementwise": lambda: -g / A**2,
        },
    )  # fmt: skip


@family
def log_determinant(draws: Draws) -> Problem:
    """The logarithm of a determinant."""
    n = draws.sizes[0] + 1
    A, u = 3 * np.eye(n) + draws.normal(n, n, scale=0.5), draws.upstream
    return Problem(
        lambda p: u * np.linalg.slogdet(p)[1], A, u * np.linalg.inv(A).T,
        {
            "not transposed": lambda: u * np.linalg.inv(A),
            "diagonal only": lambda: u * np.diag(1 / np.diag(A)),
            "the determinant's": lambda: u * np.linalg.det(A) * np.linalg.inv(A).T,
        },
    )  # fmt: skip


@family
def running_sum(draws: Draws) -> Problem:
    """Running sums along a vector."""
    x = _vector(draws)
    g = draws.above(x.shape)
    return Problem(
        lambda p: np.sum(g * np.cumsum(p)), x, np.cumsum(g[::-1])[::-1],
        {
            "sum from the front": lambda: np.cumsum(g),
            "not turned back": lambda: np.cumsum(g[::-1]),
            "total": lambda: np.full_like(g, g.sum()),
            "off by one": lambda: np.cumsum(g[::-1])[::-1] - g,
        },
    )  # fmt: skip
