"""Other gradient checks, each called as its documentation says, on a NumPy function and a given gradient.

A peer answers True if it accepts the gradient. Those that are not installed are left out.
"""

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder import check_gradient

Peer = Callable[[Callable[[Any], Any], Any, Any], bool]
SCIPY_TOLERANCE = 1e-5
# Of the relative error, where the course's notes draw the line: "usually means the gradient is
# probably wrong", "usually okay for objectives with kinks", "you should be happy".
CS231N_THRESHOLDS = (1e-2, 1e-4, 1e-7)
CS231N_STEP, CS231N_LEAST = 1e-5, 1e-8


def ours(f: Callable[[Any], Any], answer: Any, at: Any) -> bool:
    """`autograder.check_gradient`, as it comes."""
    return bool(check_gradient(f, answer, at=at))


def ours_along_directions(f: Callable[[Any], Any], answer: Any, at: Any) -> bool:
    """`autograder.check_gradient` along eight random directions."""
    return bool(check_gradient(f, answer, at=at, mode="directions"))


def scipy_check_grad(f: Callable[[Any], Any], answer: Any, at: Any) -> bool:
    """`scipy.optimize.check_grad`: it gives the norm of the difference, here set against the gradient's."""
    from scipy.optimize import check_grad

    flat = np.asarray(answer, dtype=np.float64).ravel()
    error = check_grad(lambda x: float(f(x.reshape(at.shape))), lambda _: flat, at.ravel())
    return bool(error <= SCIPY_TOLERANCE * max(1.0, float(np.linalg.norm(flat))))


def cs231n(threshold: float) -> Peer:
    """Return the relative error of Stanford's course CS231n, `max |a - n| / max(1e-8, |a| + |n|)`, and a threshold."""

    def accepts(f: Callable[[Any], Any], answer: Any, at: Any) -> bool:
        numeric = np.zeros_like(at)
        for entry in np.ndindex(*at.shape):
            ahead, behind = at.copy(), at.copy()
            ahead[entry] += CS231N_STEP
            behind[entry] -= CS231N_STEP
            numeric[entry] = (f(ahead) - f(behind)) / (2 * CS231N_STEP)
        error = np.abs(answer - numeric) / np.maximum(CS231N_LEAST, np.abs(answer) + np.abs(numeric))
        return bool(np.max(error) <= threshold)

    return accepts


def torch_gradcheck(f: Callable[[Any], Any], answer: Any, at: Any) -> bool:
    """`torch.autograd.gradcheck` with its defaults, for doubles: eps 1e-6, atol 1e-5, rtol 1e-3."""
    import torch

    class Given(torch.autograd.Function):
        """The function, with the gradient that is to be checked."""

        @staticmethod
        def forward(_context: Any, x: Any) -> Any:
            """Evaluate the NumPy function."""
            return torch.tensor(float(f(x.detach().numpy().copy())), dtype=torch.float64)

        @staticmethod
        def backward(_context: Any, *above: Any) -> Any:
            """Return the given gradient times the upstream number."""
            return torch.as_tensor(np.array(answer, dtype=np.float64)) * above[0]

    x = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    return bool(torch.autograd.gradcheck(Given.apply, (x,), raise_exception=False))


def jax_check_grads(f: Callable[[Any], Any], answer: Any, at: Any) -> bool:
    """`jax.test_util.check_grads` in reverse mode with its defaults, for doubles: eps 1e-4, tolerances 1e-5."""
    import jax
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003 - JAX's own signature
    scalar = jax.ShapeDtypeStruct((), np.float64)

    @jax.custom_vjp
    def given(x: Any) -> Any:
        return jax.pure_callback(lambda value: np.float64(f(np.asarray(value))), scalar, x)

    given.defvjp(lambda x: (given(x), None), lambda _, above: (np.asarray(answer, dtype=np.float64) * above,))
    try:
        check_grads(given, (np.asarray(at),), order=1, modes=["rev"])
    except AssertionError:
        return False
    return True


def peers() -> tuple[dict[str, Peer], list[str]]:
    """Return the peers that can be called, by the name they have in the table, and what is not installed."""
    found: dict[str, Peer] = {
        "autograder.check_gradient": ours,
        "autograder.check_gradient, directions": ours_along_directions,
        **{f"CS231n's relative error, {threshold:g}": cs231n(threshold) for threshold in CS231N_THRESHOLDS},
    }
    missing = []
    for module, name, peer in (
        ("scipy", "scipy.optimize.check_grad", scipy_check_grad),
        ("torch", "torch.autograd.gradcheck", torch_gradcheck),
        ("jax", "jax.test_util.check_grads", jax_check_grads),
    ):
        try:
            version = importlib.import_module(module).__version__
        except ImportError:
            missing.append(module)
        else:
            found[f"{name} ({version})"] = peer
    return found, missing
