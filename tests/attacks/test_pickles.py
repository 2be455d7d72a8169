"""A pickle that the student's code made runs nothing in the grader's process, however it is read."""

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, solution

READERS = {
    "loads": "import pickle\nassert pickle.loads(f(1)) == 4",
    "loads by its own name": "from pickle import loads\nassert loads(f(1)) == 4",
    "the C function": "import _pickle\nassert _pickle.loads(f(1)) == 4",
    "the Python function": "import pickle\nassert pickle._loads(f(1)) == 4",
    "load": "import io, pickle\nassert pickle.load(io.BytesIO(f(1))) == 4",
    "an unpickler": "import io, pickle\nassert pickle.Unpickler(io.BytesIO(f(1))).load() == 4",
    "an unpickler of a class": (
        "import io, pickle\nclass Mine(pickle.Unpickler):\n    pass\nassert Mine(io.BytesIO(f(1))).load() == 4"
    ),
    "the Python unpickler": "import io, pickle\nassert pickle._Unpickler(io.BytesIO(f(1))).load() == 4",
    "numpy": "import io\nimport numpy as np\nassert np.load(io.BytesIO(f(1)), allow_pickle=True) == 4",
    "pandas": "import io\nimport pandas as pd\nassert pd.read_pickle(io.BytesIO(f(1))) == 4",
}
EVIL = """
import pickle
class Evil:
    def __reduce__(self):
        return eval, ("2 + 2",)
def f(x):
    return pickle.dumps(Evil())
"""
HONEST = "import pickle\ndef f(x):\n    return pickle.dumps(4)"


@pytest.mark.parametrize("reader", READERS)
def test_a_students_pickle_runs_nothing(grader: Grader, reader: str) -> None:
    """A pickle that calls a function as it is read is refused; one of plain data is read."""
    test = check("test_f", READERS[reader])
    assert grader.judge(solution("f"), test, f=EVIL).scores == {"f": 0}
    assert grader.judge(solution("f"), test, f=HONEST).scores == {"f": 1}
