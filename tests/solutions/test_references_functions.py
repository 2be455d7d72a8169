"""The functions that are no gradients, against formulas written another way."""

import math
from typing import Any

import numpy as np
import pytest
from reference_inputs import SETS, applied, draw_values
from scipy import special

from autograder.exercises import Style
from solutions import ps1_chain_rule as ps1
from solutions import ps2_linear as ps2
from solutions import ps3_matrix as ps3
from solutions import ps4_blame as ps4
from solutions import ps5_two_layer as ps5

DRAWS = 30


def _draws(one: str, name: str, style: Style = Style.USUAL) -> list[dict[str, Any]]:
    return [draw_values(SETS[one].exercises[name], number, style) for number in range(DRAWS)]


def _near(found: Any, true: Any, digits: float = 1e-12) -> None:
    found, true = np.asarray(found), np.asarray(true)
    assert found.shape == true.shape
    assert np.max(np.abs(found - true)) <= digits * max(1.0, np.max(np.abs(true)))


def test_linear_by_loops() -> None:
    """Each output is a sum over the inputs; influence is one over the outputs."""
    for v in _draws("ps2_linear", "linear"):
        n, m = v["W"].shape
        _near(ps2.linear(v["W"], v["x"]), [math.fsum(v["W"][i, j] * v["x"][j] for j in range(m)) for i in range(n)])
    for v in _draws("ps2_linear", "influence"):
        outputs = range(len(v["dL_dy"]))
        _near(ps2.influence(v["W"], v["dL_dy"], v["i"]), sum(v["W"][j, v["i"]] * v["dL_dy"][j] for j in outputs))
        _near(ps2.influence(v["W"], v["dL_dy"], v["i"]), ps2.grad_x(v["W"], v["dL_dy"])[v["i"]])


@pytest.mark.parametrize("eps", [1e-2, 1e-3, 1e-5, 1e-6])
def test_numerical_grad_of_a_cubic(eps: float) -> None:
    """A central difference of x**3 is 3 x**2 + eps**2, and f is called twice for each coordinate."""
    x, calls = np.array([0.5, -1.0, 2.0]), []

    def cubic(point: np.ndarray) -> float:
        calls.append(point.copy())
        return float(np.sum(point**3))

    _near(ps2.numerical_grad(cubic, x, eps), 3 * x**2 + eps**2, 1e-8)
    assert len(calls) == 6
    assert x.tolist() == [0.5, -1.0, 2.0]


def test_matrix_forward_and_partial() -> None:
    """D = W X + b by einsum; a partial derivative of W x is one weight."""
    for v in _draws("ps3_matrix", "forward"):
        _near(ps3.forward(v["W"], v["X"], v["b"]), np.einsum("nm,mp->np", v["W"], v["X"]) + v["b"])
    for v in _draws("ps3_matrix", "partial"):
        unit = np.eye(v["W"].shape[1])[v["j"]]
        assert ps3.partial(v["W"], v["i"], v["j"]) == (v["W"] @ unit)[v["i"]]


def test_jacobian_by_loops() -> None:
    """Entry (a, b, c, d) is the derivative of D[a, b] with respect to W[c, d]."""
    for v in _draws("ps3_matrix", "jacobian_D_W")[:8]:
        found = ps3.jacobian_D_W(v["W"], v["X"])
        for a, b, c, d in np.ndindex(*found.shape):
            assert found[a, b, c, d] == (v["X"][d, b] if a == c else 0.0)


def test_blame_forward_and_loss() -> None:
    """One example through the network, unit by unit."""
    for v in _draws("ps4_blame", "forward"):
        z1, a1, y_pred = applied(ps4.forward, v)
        _near(z1, np.einsum("d,dh->h", v["x"], v["W1"]) + v["b1"])
        assert a1.tolist() == [max(z, 0.0) for z in z1]
        _near(y_pred, np.einsum("h,hk->k", a1, v["W2"]) + v["b2"])
    for v in _draws("ps4_blame", "mse_loss"):
        squares = [(p - t) ** 2 for p, t in zip(v["y_pred"], v["y_true"], strict=True)]
        _near(ps4.mse_loss(v["y_pred"], v["y_true"]), math.fsum(squares) / len(squares))


@pytest.mark.parametrize("style", list(Style))
def test_softmax_against_scipy(style: Style) -> None:
    """Rows sum to 1, and are SciPy's, also for scores of 1e4."""
    for v in _draws("ps5_two_layer", "softmax", style):
        found = ps5.softmax(v["Z"])
        _near(found, special.softmax(v["Z"], axis=1), 1e-13)
        _near(found.sum(axis=1), np.ones(len(found)), 1e-14)
    assert np.isfinite(ps5.softmax(np.array([[1e4, -1e4, 0.0]]))).all()


def test_forward_of_a_batch() -> None:
    """A batch is its examples one by one."""
    for v in _draws("ps5_two_layer", "forward"):
        parts = applied(ps5.forward, v)
        for row in range(len(v["X"])):
            z1 = v["X"][row] @ v["W1"] + v["b1"][0]
            a1 = np.where(z1 > 0, z1, 0)
            z2 = a1 @ v["W2"] + v["b2"][0]
            for part, due in zip(parts, (z1, a1, z2, special.softmax(z2)), strict=True):
                _near(part[row], due)


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_cross_entropy_against_scipy(style: Style, reduction: str) -> None:
    """Minus the sum of Y log A2 where 0 log 0 is 0, and finite where a wrong class has probability 0."""
    for v in _draws("ps5_two_layer", "cross_entropy", style):
        total = -np.sum(special.xlogy(v["Y"], v["A2"]))
        due = total / len(v["Y"]) if reduction == "mean" else total
        _near(ps5.cross_entropy(v["A2"], v["Y"], reduction), due)
    certain = np.array([[1.0, 0.0]])
    assert ps5.cross_entropy(certain, certain) == 0.0


def test_softmax_jacobian_by_loops() -> None:
    """a_i (delta_ij - a_j), the whole of it; its columns sum to 0."""
    for v in _draws("ps5_two_layer", "softmax_jacobian"):
        a = v["a"]
        due = [[a[i] * ((i == j) - a[j]) for j in range(len(a))] for i in range(len(a))]
        _near(ps5.softmax_jacobian(a), due, 1e-14)
        _near(ps5.softmax_jacobian(a).sum(axis=0), np.zeros(len(a)), 1e-14)


def test_train_is_its_steps() -> None:
    """The losses are those before the first step and after each; with no steps nothing moves."""
    for v in _draws("ps5_two_layer", "train"):
        params, losses = applied(ps5.train, v)
        stepped, due = v["params"], []
        for _ in range(v["steps"]):
            due.append(-np.mean(special.xlogy(v["Y"], ps5.forward(v["X"], **stepped)[-1]).sum(axis=1)))
            stepped = ps5.train_step(v["X"], v["Y"], stepped, v["lr"])
        due.append(-np.mean(special.xlogy(v["Y"], ps5.forward(v["X"], **stepped)[-1]).sum(axis=1)))
        _near(losses, due)
        for name in ("W1", "b1", "W2", "b2"):
            _near(params[name], stepped[name])


def test_train_lowers_the_loss() -> None:
    """With a small rate every step of training lowers the loss."""
    for v in _draws("ps5_two_layer", "train"):
        losses = ps5.train(v["X"], v["Y"], v["params"], 1e-3, 20)[1]
        assert losses.shape == (21,)
        assert np.all(np.diff(losses) <= 1e-12)


@pytest.mark.parametrize("lr", [0.0, 0.1, 2.0, -0.1])
def test_train_step_subtracts_the_rate_times_the_gradient(lr: float) -> None:
    """For any rate; the result is a new dict, and the old one is as it was."""
    for v in _draws("ps5_two_layer", "train_step"):
        grads = ps5.backward(v["X"], v["Y"], v["params"])
        new = ps5.train_step(v["X"], v["Y"], v["params"], lr)
        assert new is not v["params"]
        for name, grad in grads.items():
            _near(new[name], v["params"][name] - lr * grad)
    for v in _draws("ps4_blame", "train_step"):
        still, moved = (ps4.train_step(v["x"], v["y_true"], v["params"], rate) for rate in (0.0, lr))
        unit = ps4.train_step(v["x"], v["y_true"], v["params"], 1.0)
        for name, old in v["params"].items():
            assert still[name].tolist() == old.tolist()
            _near(moved[name], old - lr * (old - unit[name]), 1e-10)


@pytest.mark.parametrize("product", [-1000.0, -40.0, -1.0, 0.0, 1.0, 40.0, 1000.0])
def test_sigmoid_neuron_never_overflows(product: float) -> None:
    """No warning (warnings are errors here) and the slope is SciPy's, up to |x w| = 1000."""
    dx, dw = ps1.grad_sigmoid_neuron(2.0, product / 2)
    slope = special.expit(product) * special.expit(-product)
    _near([dx, dw], [product / 2 * slope, 2.0 * slope], 1e-14)


@pytest.mark.parametrize(("z", "due"), [(0.0, 0.0), (-0.0, 0.0), (1e-9, 1.0), (-1e-9, 0.0), (5e-324, 1.0)])
def test_the_derivative_of_relu_at_zero_is_zero(z: float, due: float) -> None:
    """By convention, in every set; and at tiny positive z it is 1."""
    assert ps1.relu_grad(z) == due
    assert ps1.grad_relu_neuron(z, 1.0) == (due, z * due)
    assert ps4.grad_z1(np.array([3.0]), np.array([z])).tolist() == [3.0 * due]
    assert ps5.grad_Z1(np.array([[3.0]]), np.array([[z]])).tolist() == [[3.0 * due]]
