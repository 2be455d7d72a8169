"""What each layer of the sandbox adds to one submission, measured in pairs in one run.

Two sandboxes are kept running, one with all layers of this machine and one without any (or all but
one), and the same small submission runs in them in turn. Prints medians, and the medians of the
differences within pairs, which the load of the machine moves less.

    python benchmarks/cost_of_layers.py [--pairs 100]
"""

import argparse
import statistics
import time
from collections.abc import Sequence

from autograder.callloop.frames import Channel
from autograder.callloop.limits import Limits
from autograder.isolation import strongest
from autograder.sandbox import packages
from autograder.sandbox.backend import Backend
from autograder.sandbox.fork_server import ForkServer

CELLS = (
    "import numpy as np",
    "def forward(X, W, b):\n    return X @ W + b",
    "def grad_W(X, dZ):\n    return X.T @ dZ",
    "def grad_b(dZ):\n    return dZ.sum(axis=0)",
    "X, W, b = np.random.normal(size=(8, 3)), np.random.normal(size=(3, 2)), np.zeros(2)",
    "dZ = forward(X, W, b) ** 2\nprint(grad_W(X, dZ), grad_b(dZ))",
)


def server_with(layers: tuple[str, ...]) -> ForkServer:
    """Return a running sandbox with these layers."""
    server = ForkServer(Backend(layers), Limits(), packages.modules_for(""))
    server.begin()
    server.wait_until_ready()
    return server


def one_submission(server: ForkServer) -> tuple[float, float]:
    """Run the cells in a process of their own; return milliseconds of wall and of CPU time."""
    started = time.perf_counter()
    connection = server.start(1)
    channel = Channel(connection, Limits())
    for cell in CELLS:
        channel.send({"op": "cell", "source": cell})
        answer = channel.receive().header
        assert answer["error"] is None, answer
    connection.close()
    ending = server.end(gone=True)
    return 1000 * (time.perf_counter() - started), 1000 * ending.cpu_seconds


def differences(layers: tuple[str, ...], without: tuple[str, ...], pairs: int) -> tuple[float, float, float, float]:
    """Return the medians with and without, and of the differences in wall and in CPU time."""
    first, second = server_with(layers), server_with(without)
    try:
        for server in (first, second):
            one_submission(server)
        measured = []
        for number in range(pairs):
            order = (first, second) if number % 2 else (second, first)
            times = {id(server): one_submission(server) for server in order}
            measured.append((times[id(first)], times[id(second)]))
    finally:
        first.close()
        second.close()
    return (
        statistics.median(one[0] for one, _ in measured),
        statistics.median(other[0] for _, other in measured),
        statistics.median(one[0] - other[0] for one, other in measured),
        statistics.median(one[1] - other[1] for one, other in measured),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table: all layers against none, and against all but each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=100)
    pairs = parser.parse_args(arguments).pairs
    layers = strongest("full")[1].layers
    print(f"{'all layers against':<22}{'with':>9}{'without':>9}{'difference':>12}{'of CPU':>9}   (medians, ms)")
    for name, without in (("none", ()), *((name, tuple(one for one in layers if one != name)) for name in layers)):
        row = differences(layers, without, pairs)
        print(f"{'all but ' * (name != 'none') + name:<22}{row[0]:>9.2f}{row[1]:>9.2f}{row[2]:>12.2f}{row[3]:>9.2f}")


if __name__ == "__main__":
    main()
