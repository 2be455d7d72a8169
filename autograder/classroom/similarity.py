"""Submissions that share far more than a class usually does: passages that hardly anybody else typed.

Right answers to small exercises look alike, and two that are equal to the letter are common, so the share of equal
text says nothing by itself. Each passage of a few tokens is weighed by how rare it is in the class; a sparse matrix
product finds the pairs that share much rare text, and a pair is told only where that is far above what pairs of the
class share. RapidFuzz's normalized indel similarity says how alike the whole is. Passages are as in Schleimer,
Wilkerson and Aiken, Winnowing (SIGMOD 2003), their weights Sparck Jones's inverse document frequency (1972).
"""

import math
import random
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rapidfuzz.distance import Indel
from scipy.sparse import csr_array

from autograder.classroom.code import tokens_of
from autograder.classroom.values import Classroom, Work

# Tokens of a passage; a line of a gradient has about as many.
LENGTH = 6
# Below this many submissions nobody knows what is usual.
FEWEST = 6
# What a pair must share: so many bits of surprise, and this share of the rarer text of the one with less of it.
LEAST_BITS, LEAST_SHARE = 30.0, 0.5
# Passages that more than this part of the class typed, and more than so many, are the exercise's, not a student's.
COMMON, FEW = 0.1, 4
# Nearly all pairs of the class, of how many of which that is known, and how many times as much a pair must share.
USUAL, SAMPLED, TIMES = 99.0, 2_000, 2.0
# In a small class a few copies are more than that part of the pairs, and must not make themselves usual.
USUAL_OF_FEW, FEW_PAIRS = 90.0, 200
# Of all that they typed.
LEAST_SIMILARITY = 0.5


@dataclass(frozen=True)
class Pair:
    """Two submissions that share more than the class does.

    similarity: of all that they typed, 0 to 1. bits: how surprising the shared rare passages are, log2.
    passages: how many of those there are. cells: what both wrote, by function.
    """

    one: Work
    other: Work
    similarity: float
    bits: float
    passages: int
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Group:
    """Submissions that hang together by pairs that stand out; not each of them need be alike to each other.

    works: in the order of their names. pairs: the most surprising first.
    """

    works: tuple[Work, ...]
    pairs: tuple[Pair, ...]

    @property
    def possible(self) -> int:
        """How many pairs so many submissions make."""
        return len(self.works) * (len(self.works) - 1) // 2


@dataclass(frozen=True)
class Similarity:
    """The pairs that stand out, and what is usual.

    usual: the median similarity of two of the class. high: the bits that 99 of 100 pairs do not share more than.
    compared: how many submissions. reason: why nothing was compared, or "".
    """

    pairs: tuple[Pair, ...]
    usual: float = 0.0
    high: float = 0.0
    compared: int = 0
    reason: str = ""

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The pairs by who is in them, the most surprising first: what six students share is one finding."""
        head: dict[str, str] = {}
        for pair in self.pairs:
            head[_head(head, pair.one.student)] = _head(head, pair.other.student)
        of: dict[str, list[Pair]] = {}
        for pair in sorted(self.pairs, key=_surprise):
            of.setdefault(_head(head, pair.one.student), []).append(pair)
        return tuple(_group(pairs) for pairs in of.values())


def _head(head: dict[str, str], student: str) -> str:
    """Return the one who stands for all who hang together with a student."""
    while (above := head.setdefault(student, student)) != student:
        head[student] = head[above]
        student = head[above]
    return student


def _surprise(pair: Pair) -> tuple[float, float]:
    return -pair.bits, -pair.similarity


def _group(pairs: list[Pair]) -> Group:
    works = {work.student: work for pair in pairs for work in (pair.one, pair.other)}
    return Group(tuple(works[student] for student in sorted(works)), tuple(pairs))


def _typed(work: Work, given: frozenset[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the tokens of each cell that a student wrote something in, without the lines of the stub."""
    typed = []
    for cell in work.cells:
        lines = [tokens_of(line.strip()) for line in cell.source.split("\n")]
        typed.append(tuple(token for line in lines if line not in given for token in line))
    return [tokens for tokens in typed if tokens]


def _passages(cells: list[tuple[str, ...]]) -> set[tuple[str, ...]]:
    return {tokens[start : start + LENGTH] for tokens in cells for start in range(max(1, len(tokens) - LENGTH + 1))}


def similar(classroom: Classroom) -> Similarity:
    """Return the pairs of submissions that share far more than the class does, the most surprising first."""
    given = frozenset(tokens_of(line.strip()) for text in classroom.given for line in text.split("\n"))
    typed = {work.student: _typed(work, given) for work in classroom.works}
    works = [work for work in classroom.works if typed[work.student]]
    if len(works) < FEWEST:
        return Similarity(
            (), compared=len(works), reason=f"fewer than {FEWEST} submissions: nobody knows what is usual"
        )
    passages = [_passages(typed[work.student]) for work in works]
    known = Counter(passage for mine in passages for passage in mine)
    most = max(FEW, int(COMMON * len(works)))
    # Passages overlap, so that each new one says only its last token's worth.
    bits = {passage: math.log2(len(works) / count) / LENGTH for passage, count in known.items() if 1 < count <= most}
    own = {passage: math.log2(len(works)) / LENGTH for passage, count in known.items() if count == 1}
    texts = [[token for cell in typed[work.student] for token in cell] for work in works]
    pairs = _some_pairs(len(works))
    usual = float(np.median([Indel.normalized_similarity(texts[one], texts[other]) for one, other in pairs]))
    shares = [sum(bits.get(one, 0.0) for one in passages[first] & passages[second]) for first, second in pairs]
    high = float(np.percentile(shares, USUAL if len(pairs) >= FEW_PAIRS else USUAL_OF_FEW, method="lower"))
    rare = [sum(bits.get(one, own.get(one, 0.0)) for one in mine) for mine in passages]
    found = []
    for first, second, shared in _candidates(passages, bits, max(LEAST_BITS, TIMES * high)):
        similarity = Indel.normalized_similarity(texts[first], texts[second])
        if shared >= LEAST_SHARE * min(rare[first], rare[second]) and similarity >= LEAST_SIMILARITY:
            count = sum(one in bits for one in passages[first] & passages[second])
            pair = (works[first], works[second])
            found.append(Pair(*pair, similarity, shared, count, _side_by_side(*pair)))
    return Similarity(tuple(sorted(found, key=_surprise)), usual, high, len(works))


def _some_pairs(number: int) -> list[tuple[int, int]]:
    """Return pairs of a class, all or a sample of them that is the same each time."""
    if number * (number - 1) // 2 <= SAMPLED:
        return [(one, other) for one in range(number) for other in range(one)]
    drawing = random.Random(0)  # noqa: S311 - a sample, not a secret
    drawn = (drawing.sample(range(number), 2) for _ in range(SAMPLED))
    return [(one, other) for one, other in drawn]


def _candidates(
    passages: list[set[tuple[str, ...]]], bits: dict[tuple[str, ...], float], least: float
) -> list[tuple[int, int, float]]:
    """Return the pairs whose shared rare passages are worth `least` bits or more, with their bits."""
    columns = {passage: column for column, passage in enumerate(bits)}
    places = [(row, columns[one]) for row, mine in enumerate(passages) for one in mine if one in columns]
    if not places:
        return []
    rows, its_columns = np.array(places).T
    roots = np.sqrt(np.array(list(bits.values())))
    weighed = csr_array((roots[its_columns], (rows, its_columns)), shape=(len(passages), len(columns)))
    product = (weighed @ weighed.T).tocoo()
    return [
        (int(row), int(column), float(value))
        for row, column, value in zip(product.row, product.col, product.data, strict=True)
        if row < column and value >= least
    ]


def _side_by_side(one: Work, other: Work) -> tuple[tuple[str, str, str], ...]:
    """Return, by function, what both wrote."""
    left = {(cell.notebook, cell.name): cell.source for cell in one.cells}
    right = {(cell.notebook, cell.name): cell.source for cell in other.cells}
    both = [key for key in left if key in right]
    return tuple((key[1] or "cells of their own", left[key], right[key]) for key in both)
