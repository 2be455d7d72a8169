"""Which cells may change what others use, or look names up, as their text says."""

import time

import pytest

from autograder.notebook.reach import Reach
from autograder.notebook.reads import look_names_up

SETUP = "import numpy as np\nimport os\nfrom math import exp\nrate = 0.1\ndef helper(x):\n    return x\n"
WITHIN = (
    "def f(W, x):\n    y = W @ x\n    y[0] = exp(1)\n    return np.maximum(helper(y), 0)",
    "class Layer:\n    def __init__(self, W):\n        self.W = W\n    def forward(self, x):\n        return x",
    "import matplotlib.pyplot as plt\nplt.plot(np.arange(3))\nrates = [0.1 * k for k in range(3)]\nrates[0] = 1",
    "%matplotlib inline\nf = lambda x, axis=0: np.sum(x, axis=axis, dtype=np.float64)",
    "def f(path):\n    with open(path, encoding='utf-8') as file:\n        return file.read()",
    "def f(path):\n    return len(open(path, 'rb').read()), open(path, mode='r').readline()",
    "from scipy.special import expit\ndef f(x):\n    if x is None:\n        raise ValueError('x')\n    return expit(x)",
)
BEYOND = (
    "np.sum = None",
    "def f(x):\n    y = np\n    y.sum = None",
    "def f(x):\n    os.chdir('/')",
    "import sys",
    "from numpy.lib import stride_tricks",
    "def f(x):\n    np.seterr(all='raise')",
    "def f(x):\n    global rate\n    rate = 0",
    "def f(x):\n    f.__globals__.clear()",
    "def f(x):\n    kept.append(x)",
    "setattr(np, 'sum', None)",
    "del np",
    "len = None",
    "def f(path):\n    open(path, 'w').close()",
    "def f(path, mode):\n    return open(path, mode)",
    "def f(path):\n    return open(path, 'r+')",
    "def f(path):\n    return open(path, opener=g)",
    "def f(path):\n    return open(*path)",
    "look = open",
    "class A:\n    def __del__(self):\n        while True: pass",
    "%%bash\nls",
    "def f(x)",
)


@pytest.mark.parametrize("text", WITHIN)
def test_a_cell_that_keeps_to_itself_is_told_apart(text: str) -> None:
    """A cell that works with its own names and NumPy's functions is suspected of nothing, and costs no second look."""
    assert not Reach([SETUP, text]).is_beyond(text)


@pytest.mark.parametrize("text", BEYOND)
def test_a_cell_that_may_change_what_others_use_is_seen(text: str) -> None:
    """A cell that assigns, imports or looks up what is not its own is seen by its text."""
    assert Reach([SETUP, text]).is_beyond(text)


def test_a_very_long_text_holds_nobody_up() -> None:
    """Texts of many megabytes are not searched: they are taken for what may look up any name."""
    started = time.process_time()
    assert look_names_up(["#" * (8 << 20)])
    assert time.process_time() - started < 0.5
    assert not look_names_up(["x = 1", "def f(x):\n    return x"])
    assert look_names_up(["x = 1", "eval('x')"])


@pytest.mark.parametrize(
    "text",
    [
        "class A:\n    def __init__(self): self.x = 1\n    def __radd__(self, other): return self",
        "if __name__ == '__main__':\n    f()",
        "a.__len__()",
    ],
)
def test_a_class_with_methods_of_its_own_looks_no_names_up(text: str) -> None:
    """Methods that Python calls by itself, and the question whether a program runs, give nobody the global names."""
    assert not look_names_up([text])


@pytest.mark.parametrize(
    "text",
    [
        "f.__globals__",
        "A.__init__.__globals__['x']",
        "import __main__",
        "import_module(__name__).x",
        "x == '__main__' or __builtins__",
        "a.__initx__",
        "def __getattr__(self, name): pass",
    ],
)
def test_whoever_gets_at_the_global_names_is_told_apart(text: str) -> None:
    """What leads to the table of global names, or to the module, may use any name that is in it."""
    assert look_names_up([text])
