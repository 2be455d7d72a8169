"""The known values of the curriculum, to the last digit that it prints."""

import numpy as np
import pytest

from solutions import ps1_chain_rule as ps1
from solutions import ps2_linear as ps2
from solutions import ps4_blame as ps4
from solutions import ps5_two_layer as ps5

CLOSE = {"rtol": 1e-14, "atol": 1e-14}


def test_ps1_known_values() -> None:
    """The scalars of the first set."""
    assert ps1.grad_pipeline(2.0, 3.0, 5.0) == 3.0
    assert ps1.grad_two_layers(1.5, 2.0, 3.0)[0] == 6.0
    assert ps1.grad_relu_neuron(2.0, 1.5)[0] == 1.5
    assert ps1.grad_three_layers(1.0, 2.0, 3.0, 4.0)[0] == 24.0
    assert ps1.learning_step(2.0, 3.0, 10.0, 0.1) == pytest.approx(4.4, rel=1e-15)


def test_ps2_known_values() -> None:
    """The layer of the second set."""
    W = np.array([[2.0, 1.0], [0.0, 3.0]])
    assert ps2.linear(W, np.array([1.0, 2.0])).tolist() == [4.0, 6.0]
    assert ps2.grad_x(W, np.array([1.0, -2.0])).tolist() == [2.0, -5.0]


X4, Y4 = np.array([1.0, 2.0]), np.array([1.0])
PARAMS4 = {
    "W1": np.array([[0.5, -0.3], [0.8, 0.2]]),
    "b1": np.array([0.1, -0.1]),
    "W2": np.array([[1.0], [-1.5]]),
    "b2": np.array([0.05]),
}


def test_ps4_forward_known_values() -> None:
    """z1 is [2.2, 2.8e-17] or has its second entry on the other side of 0, by the order of summation."""
    z1, a1, y_pred = ps4.forward(X4, **PARAMS4)
    assert np.allclose(z1, [2.2, 0.0], rtol=1e-15, atol=3e-17)
    assert np.allclose(a1, [2.2, 0.0], rtol=1e-15, atol=3e-17)
    assert np.allclose(y_pred, [2.25], **CLOSE)
    assert ps4.mse_loss(y_pred, Y4) == pytest.approx(1.5625, rel=1e-14)


def test_ps4_gradients_known_values() -> None:
    """The blame of the example, with the second unit taken as just above 0, as the curriculum prints it."""
    d_loss_y = ps4.grad_y_pred(np.array([2.25]), Y4)
    assert d_loss_y.tolist() == [2.5]
    dW2 = ps4.grad_W2(np.array([2.2, 2.8e-17]), d_loss_y)
    assert np.allclose(dW2, [[5.5], [6.9e-17]], rtol=2e-2, atol=0)
    assert dW2[0, 0] == 5.5
    d_a1 = ps4.grad_a1(d_loss_y, PARAMS4["W2"])
    assert d_a1.tolist() == [2.5, -3.75]
    d_z1 = ps4.grad_z1(d_a1, np.array([2.2, 2.8e-17]))
    assert ps4.grad_W1(X4, d_z1).tolist() == [[2.5, -3.75], [5.0, -7.5]]


def test_ps4_step_known_values() -> None:
    """After one step; the second hidden unit's weights have moved if its z1 came out positive."""
    z1, _, _ = ps4.forward(X4, **PARAMS4)
    new = ps4.train_step(X4, Y4, PARAMS4, 0.1)
    second = [0.075, 0.95] if z1[1] > 0 else [-0.3, 0.2]
    assert np.allclose(new["W1"], [[0.25, second[0]], [0.3, second[1]]], **CLOSE)
    assert np.allclose(new["W2"], [[0.45], [-1.5]], **CLOSE)
    assert np.allclose(new["b2"], [0.05 - 0.25], **CLOSE)


def test_ps4_bars() -> None:
    """int(abs(value) * 10) strokes: towards 0, whatever the sign."""
    bars = {0.0: 0, 0.5: 5, -2.0: 20, 0.05: 0, 0.099: 0, -1.25: 12, 3.14159: 31}
    assert {value: len(ps4.blame_bar(value)) for value in bars} == bars
    assert set(ps4.blame_bar(1.0)) == {"|"}


def test_ps5_shapes_of_the_example() -> None:
    """10x3, 3x4, 1x4, 4x2, 1x2, 10x2, and the two forms of the loss differ by m."""
    random = np.random.default_rng(0)
    X, Y = random.normal(size=(10, 3)), np.eye(2)[random.integers(2, size=10)]
    params = {
        "W1": random.normal(size=(3, 4)),
        "b1": np.zeros((1, 4)),
        "W2": random.normal(size=(4, 2)),
        "b2": np.zeros((1, 2)),
    }
    Z1, A1, Z2, A2 = ps5.forward(X, **params)
    assert [part.shape for part in (Z1, A1, Z2, A2)] == [(10, 4), (10, 4), (10, 2), (10, 2)]
    assert np.array_equal(ps5.grad_Z2(A2, Y, reduction="sum"), A2 - Y)
    assert np.allclose(ps5.grad_Z2(A2, Y), (A2 - Y) / 10, **CLOSE)
    assert ps5.cross_entropy(A2, Y, "sum") == pytest.approx(10 * ps5.cross_entropy(A2, Y), rel=1e-14)


def test_ps5_a_small_step_lowers_the_loss_by_the_first_order() -> None:
    """For a small lr the loss goes down by about lr times the squared norm of the gradient."""
    random = np.random.default_rng(1)
    X, Y = random.normal(size=(10, 3)), np.eye(2)[random.integers(2, size=10)]
    shapes = {"W1": (3, 4), "b1": (1, 4), "W2": (4, 2), "b2": (1, 2)}
    params = {name: random.normal(size=shape) for name, shape in shapes.items()}
    grads = ps5.backward(X, Y, params)
    squared = sum(float(np.sum(grad**2)) for grad in grads.values())
    before = ps5.cross_entropy(ps5.forward(X, **params)[-1], Y)
    after = ps5.cross_entropy(ps5.forward(X, **ps5.train_step(X, Y, params, 1e-6))[-1], Y)
    assert before - after == pytest.approx(1e-6 * squared, rel=1e-4)
