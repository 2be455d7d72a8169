"""Objects of the instructor's classes across the boundary: what is told of them is data, and hides no method."""

from typing import Any

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, locked, solution

from autograder.callloop.decoder import Decoder
from autograder.callloop.encoder import Encoder
from autograder.callloop.frames import WireError
from autograder.callloop.limits import Limits
from autograder.callloop.shared_classes import SharedClasses


class Node:
    """A class that both sides have."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def same(self, other: Any) -> bool:
        """Compare, as an instructor would."""
        return bool(self.value == other)


class Own:
    """A class that is not shared."""


def _classes(first: int = 0) -> SharedClasses:
    held = {"Node": Node, "Own": Own}
    found = SharedClasses(lambda module, name: held.get(name) if module == __name__ else None, first)
    found.share([f"module {__name__}"])
    return found


def _decoded(node: Any, classes: SharedClasses | None = None) -> Any:
    return Decoder(Limits(), b"", lambda one: one, classes=classes or _classes()).decode(node)


def test_an_object_is_the_same_when_it_comes_back() -> None:
    """An object that was sent and comes back is that object, with what it holds now."""
    here, there = _classes(0), _classes(1)
    node = Node([1])
    copy = _decoded(Encoder(Limits(), lambda _: None, classes=here).encode(node), there)
    assert isinstance(copy, Node)
    assert copy is not node
    assert copy.value == [1]
    copy.value = 2
    back = _decoded(Encoder(Limits(), lambda _: None, classes=there).encode(copy), here)
    assert back is node
    assert node.value == 2


NAME = [__name__, "Node"]
REFUSED: dict[str, Any] = {
    "a method hidden": ["x", 0, NAME, [["same", 1]], None],
    "a special name": ["x", 0, NAME, [["__class__", 1]], None],
    "an unknown class": ["x", 0, ["os", "PathLike"], [], None],
    "a class that nobody has": ["x", 0, [__name__, "Missing"], [], None],
    "a number for a name": ["x", 0, NAME, [[1, 1]], None],
    "what was never told": ["X", ["x", 0, NAME, None, None], [[7, []]]],
    "a member of what is no enumeration": ["e", NAME, "value"],
    "one number for two": ["l", 0, [["x", 0, NAME, [], None]]],
}


@pytest.mark.parametrize("name", REFUSED)
def test_malformed_objects_are_refused(name: str) -> None:
    """Whatever is told of an object that hides a method, or is of no shared class, ends in the one exception."""
    with pytest.raises(WireError):
        _decoded(REFUSED[name])


def test_a_number_names_no_object_of_another_class() -> None:
    """The number of one class's object can't be claimed for another's."""
    classes = _classes()
    _decoded(["x", 0, NAME, [], 3], classes)
    with pytest.raises(WireError):
        _decoded(["x", 0, [__name__, "Own"], [], 3], classes)


GIVEN = """
class Card:
    def __init__(self, rank):
        self.rank = rank
    def same(self, other):
        return self.rank == getattr(other, "rank", other)
    def __eq__(self, other):
        return isinstance(other, Card) and self.rank == other.rank
"""
TEST = "card = best([Card(1), Card(7)])\nassert isinstance(card, Card) and card.same(7) and card == Card(7)"
CHEATS = {
    "an attribute in a method's place": "    c = cards[0]\n    c.same = lambda other: True\n    return c",
    "a class of its own": "    class Card:\n        same = __eq__ = lambda self, other: True\n    return Card()",
    "a derived class": ("    class Any(Card):\n        same = __eq__ = lambda self, other: True\n    return Any(1)"),
    "the class changed": "    Card.same = Card.__eq__ = lambda self, other: True\n    return cards[0]",
    "a value that equals all": (
        "    class V:\n        __eq__ = lambda self, other: True\n    cards[0].rank = V()\n    return cards[0]"
    ),
}


def test_the_right_card_earns_its_points(grader: Grader) -> None:
    """An honest answer's object is compared by the instructor's own method."""
    answer = "def best(cards):\n    return max(cards, key=lambda card: card.rank)"
    cells = locked("given", GIVEN), solution("best", f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION")
    assert grader.judge(*cells, check("test_best", TEST), best=answer)["best"].score == 1


@pytest.mark.parametrize("name", CHEATS)
def test_no_method_of_the_students_answers_for_the_instructors(grader: Grader, name: str) -> None:
    """An object that would answer every comparison with yes earns nothing."""
    answer = f"def best(cards):\n{CHEATS[name]}"
    cells = locked("given", GIVEN), solution("best", "### BEGIN SOLUTION\npass\n### END SOLUTION")
    assert grader.judge(*cells, check("test_best", TEST), best=answer)["best"].score == 0
