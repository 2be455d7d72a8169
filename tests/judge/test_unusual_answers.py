"""Right answers in honest but unusual forms are right."""

import pytest
from helpers.grading import Grader
from helpers.notebooks import cell_of, replaced, solved, source

CACHES = {
    "by a method of dict": "__getattr__ = dict.__getitem__",
    "by a method of its own": "def __getattr__(self, name):\n        return self[name]",
    "with another method": "def norms(self):\n        return {name: np.abs(part).max() for name, part in self.items()}",
}


@pytest.mark.parametrize("body", CACHES.values(), ids=CACHES)
def test_a_class_derived_from_dict_is_a_dict(grader: Grader, body: str) -> None:
    """Where a dict is due, an object of the student's own kind of dict is judged by what it holds."""
    given = solved(source("ps5_two_layer"))
    texts = {"backward": f"class Cache(dict):\n    {body}\n"}
    for name in ("backward", "train_step"):
        before, kept, last = cell_of(given, name)["source"].partition("return ")
        texts[name] = f"{texts.get(name, '')}{before}{kept}Cache({last.rstrip()})"
    outcome = grader.grade_set("ps5_two_layer", replaced(given, texts))
    assert outcome.lost == {}, outcome.message("backward") + outcome.message("train_step")
