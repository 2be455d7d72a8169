"""Near-duplicates: what was copied is found however it was disguised, and short right answers are not accused."""

import itertools
import random

import pytest
from classes import STUB, class_of, written

from autograder.classroom import similarity
from autograder.classroom.similarity import FEWEST, LEAST_BITS, Pair, Similarity, similar
from autograder.classroom.values import Work

# What students type for right gradients, each in a few ways.
BODIES = (
    ("return W @ X + b", "return np.dot(W, X) + b", "D = W @ X + b\nreturn D", "return W.dot(X) + b"),
    ("return dD @ X.T", "return np.dot(dD, X.T)", "dW = dD @ X.T\nreturn dW", "return np.einsum('np,mp->nm', dD, X)"),
    ("return W.T @ dD", "return W.T.dot(dD)", "dX = np.dot(W.T, dD)\nreturn dX", "return np.transpose(W) @ dD"),
    ("return dD.sum(axis=1, keepdims=True)", "return np.sum(dD, axis=1, keepdims=True)", "return dD.sum(1)[:, None]"),
    ("return x * (1 - x)", "s = x\nreturn s * (1 - s)", "return x - x ** 2", "# sigmoid\nreturn x * (1.0 - x)"),
)
OWN = """
    # my own way, found after a long night with too much tea
    pile = []
    for which_one in range(x.shape[0]):
        bit = y[which_one] * x[which_one]
        pile.append(bit - 0.5 * bit + bit / 2)
    heap = np.array(pile)
    return heap.reshape(x.shape) * np.ones_like(x)
"""


def _answer(number: int, body: str) -> str:
    return STUB.format(name=f"f{number}").partition("\n")[0] + "\n    " + body.replace("\n", "\n    ")


def _honest(students: int, seed: int = 0) -> list[Work]:
    """Return a class in which each solved every exercise by one of the usual ways."""
    drawn = random.Random(seed)
    return [
        written(f"s{number:03}", *(_answer(place, drawn.choice(ways)) for place, ways in enumerate(BODIES)))
        for number in range(students)
    ]


def _with_own(students: int, *texts: str) -> list[Work]:
    """Return an honest class, the last of whom wrote these instead in the first exercise."""
    works = _honest(students)
    for place, text in enumerate(texts):
        others = [cell.source for cell in works[place].cells[1:]]
        works[place] = written(works[place].student, text, *others)
    return works


def _pairs(works: list[Work]) -> list[tuple[str, str]]:
    found = similar(class_of(*works, exercises=len(BODIES)))
    return [(pair.one.student, pair.other.student) for pair in found.pairs]


@pytest.mark.parametrize("students", [6, 12, 40, 150, 300])
@pytest.mark.parametrize("seed", range(3))
def test_an_honest_class_has_no_pair(students: int, seed: int) -> None:
    """Short right answers look alike, whole notebooks the same by chance among them: nobody is told."""
    assert _pairs(_honest(students, seed)) == []


DISGUISES = {
    "as it is": lambda text: text,
    "with another comment": lambda text: text.replace("my own way", "this is how"),
    "with a name changed": lambda text: text.replace("heap", "result"),
    "spread out": lambda text: text.replace("\n    heap", "\n\n\n    heap").replace(" * ", "  *  "),
    "with a line more": lambda text: text.replace("    heap =", "    extra = 1\n    heap ="),
}


@pytest.mark.parametrize("name", DISGUISES)
@pytest.mark.parametrize("students", [20, 40, 150])
def test_a_copied_passage_is_found(name: str, students: int) -> None:
    """A passage that nobody else typed is found in two submissions, also when it was changed a little."""
    text = f"def f0(x, y):{OWN}"
    assert _pairs(_with_own(students, text, DISGUISES[name](text))) == [("s000", "s001")]


def test_a_long_copy_is_found_in_a_small_class() -> None:
    """Among eight students two who share much are told: a pair does not make itself usual."""
    text = f"def f0(x, y):{OWN}{OWN.replace('pile', 'stack').replace('bit', 'part').replace('tea', 'coffee')}"
    assert _pairs(_with_own(8, text, text)) == [("s000", "s001")]


def test_a_group_that_copied_is_found() -> None:
    """Four of a class who handed in the same are six pairs."""
    text = f"def f0(x, y):{OWN}"
    assert len(_pairs(_with_own(60, *[text] * 4))) == 6


def test_what_the_stub_says_is_nobodys() -> None:
    """Lines that every student was given are no passage of anybody's, however long they are."""
    given = "def f0(x, y):\n" + "\n".join(f"    # advice number {number}, to be read with care" for number in range(30))
    works = [written(f"s{number}", f"{given}\n    return x + {number}") for number in range(3)]
    works += [written(f"t{number}", f"def f0(x, y):\n    return y * {number}") for number in range(20)]
    classroom = class_of(*works)
    known = type(classroom)(classroom.assignment, classroom.items, classroom.works, given=(given,))
    assert len(similar(classroom).pairs) == 3
    assert similar(known).pairs == ()


def test_the_threshold_is_where_it_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pair just above the least surprise is told, and just below it is not."""
    text = f"def f0(x, y):{OWN}"
    works = _with_own(20, text, text)
    (pair,) = similar(class_of(*works, exercises=len(BODIES))).pairs
    assert pair.bits > LEAST_BITS
    monkeypatch.setattr(similarity, "LEAST_BITS", pair.bits - 0.01)
    assert len(_pairs(works)) == 1
    monkeypatch.setattr(similarity, "LEAST_BITS", pair.bits + 0.01)
    assert _pairs(works) == []


def test_too_few_to_know_what_is_usual() -> None:
    """Below six submissions nothing is compared, and the reason is told; six are compared."""
    assert "nobody knows" in similar(class_of(*_honest(FEWEST - 1), exercises=5)).reason
    assert similar(class_of(*_honest(FEWEST), exercises=5)).reason == ""
    assert similar(class_of()).pairs == ()


def test_pairs_are_grouped_by_who_is_in_them() -> None:
    """A group of twelve that copied is one finding of all its pairs, beside the pair that copied something else."""
    text = f"def f0(x, y):{OWN}"
    other = text.replace("pile", "stack").replace("bit", "part").replace("tea", "coffee").replace("which_one", "row")
    found = similar(class_of(*_with_own(150, *[text] * 12, other, other), exercises=len(BODIES)))
    groups = sorted(found.groups, key=lambda group: -len(group.works))
    assert [work.student for work in groups[0].works] == [f"s{number:03}" for number in range(12)]
    assert len(groups[0].pairs) == groups[0].possible == 12 * 11 // 2
    assert [work.student for work in groups[-1].works] == ["s012", "s013"]
    assert sum(len(group.pairs) for group in groups) == len(found.pairs)


def test_groups_that_are_joined_by_one_pair_are_one() -> None:
    """Whoever shares something with two others joins them, in whatever order the pairs are met."""
    works = [written(name, "x") for name in "abcdefg"]
    named = {work.student: work for work in works}
    joining = ["ab", "cd", "bc", "ef", "da"]
    for order in itertools.permutations(joining):
        pairs = tuple(Pair(named[one], named[other], 1.0, 50.0, 9, ()) for one, other in order)
        found = Similarity(pairs).groups
        assert sorted("".join(work.student for work in group.works) for group in found) == ["abcd", "ef"]
        assert sorted(len(group.pairs) for group in found) == [1, 4]
