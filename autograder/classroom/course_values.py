"""A class's way through the sets of a course: who is where, and who needs attention."""

from dataclasses import dataclass, field

import numpy as np

from autograder.classroom.statistics import Distribution, Number, correlation, distribution
from autograder.classroom.values import State

# In percent of a set's points: less than this in the latest set, or so much less than before.
LOW, FALL = 50.0, 25.0
# What this part of the class has handed in is due.
DUE = 0.5


@dataclass(frozen=True)
class SetColumn:
    """One set: its name, and the points that can be earned."""

    name: str
    max_score: float


@dataclass(frozen=True)
class Way:
    """One student's way: percent of each set's points; None where nothing counts.

    notes: why, by the set's place, where something was handed in that does not count.
    """

    student: str
    percents: tuple[float | None, ...]
    notes: dict[int, str] = field(default_factory=dict)

    def waits(self, place: int) -> bool:
        """Tell whether what was handed in for a set is not graded yet, which is not the student's doing."""
        return self.notes.get(place) == State.WAITING.value

    @property
    def known(self) -> list[float]:
        """The percentages that are there."""
        return [one for one in self.percents if one is not None]


@dataclass(frozen=True)
class CourseClass:
    """A course's class. ways: in order of the students' ids; names: what they are called, by id."""

    name: str
    sets: tuple[SetColumn, ...]
    ways: tuple[Way, ...]
    names: dict[str, str] = field(default_factory=dict)

    def column(self, place: int) -> list[float]:
        """Return the percentages of a set that are there."""
        return [found for way in self.ways if (found := way.percents[place]) is not None]

    def spread(self, place: int) -> Distribution:
        """Return how a set's percentages spread."""
        return distribution(np.array(self.column(place), dtype=np.float64))

    def handed_in(self, place: int) -> int:
        """Return how many handed something in for a set."""
        return sum(way.percents[place] is not None or place in way.notes for way in self.ways)

    @property
    def due(self) -> tuple[int, ...]:
        """The places of the sets that half of the class has handed in."""
        return tuple(
            place for place in range(len(self.sets)) if self.ways and self.handed_in(place) >= DUE * len(self.ways)
        )

    def total(self, way: Way) -> float:
        """Return a student's points as a share of those of all due sets, in percent.

        A missing set counts as 0; one that waits for being graded does not count.
        """
        due = [place for place in self.due if not way.waits(place)]
        most = sum(self.sets[place].max_score for place in due)
        earned = sum((way.percents[place] or 0.0) / 100 * self.sets[place].max_score for place in due)
        return 100 * earned / most if most > 0 else 0.0

    def trend(self, way: Way) -> float | None:
        """Return how far the latest set that counts is above the mean of those before it, in percentage points."""
        known = way.known
        return known[-1] - sum(known[:-1]) / len(known[:-1]) if len(known) > 1 else None

    def between(self, place: int) -> Number:
        """Return the correlation of a set with the one before it, of those who have both."""
        both = [
            (one, other)
            for way in self.ways
            if (one := way.percents[place - 1]) is not None and (other := way.percents[place]) is not None
        ]
        pairs = np.array(both, dtype=np.float64).reshape(-1, 2)
        return correlation(pairs[:, 0], pairs[:, 1])


def attention(course: CourseClass) -> list[tuple[Way, list[str]]]:
    """Return who needs attention, and why; the most reasons first."""
    found = [(way, reasons) for way in course.ways if (reasons := _reasons(course, way))]
    return sorted(found, key=lambda one: (-len(one[1]), course.total(one[0])))


def _reasons(course: CourseClass, way: Way) -> list[str]:
    missing = [place for place in course.due if way.percents[place] is None and place not in way.notes]
    reasons = [f"nothing handed in for {', '.join(course.sets[place].name for place in missing)}"] if missing else []
    # One reason for many sets is told once, but for the notebook's name in it.
    by_note: dict[str, list[str]] = {}
    for place, told in way.notes.items():
        if way.waits(place):
            continue
        name = course.sets[place].name
        by_note.setdefault(told.replace(f"{name}.ipynb", "the file handed in"), []).append(name)
    reasons += [f"{', '.join(names)}: {told}" for told, names in by_note.items()]
    latest = max((place for place, one in enumerate(way.percents) if one is not None), default=None)
    if latest is None:
        return reasons
    percent, trend = way.percents[latest] or 0.0, course.trend(way)
    if percent < LOW:
        reasons.append(f"{percent:.0f} % in {course.sets[latest].name}")
    if trend is not None and trend <= -FALL:
        reasons.append(f"{-trend:.0f} percentage points below the mean of the sets before")
    return reasons
