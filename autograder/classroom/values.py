"""A class and its work on one assignment, as frozen values: all that statistics, searches and pages are made from."""

from dataclasses import dataclass, field
from enum import Enum

from autograder.report import ExerciseResult

# A notebook's name and a graded cell's id in it.
Key = tuple[str, str]


class State(Enum):
    """How far one student's submission has come."""

    GRADED = "graded"
    REFUSED = "could not be graded"
    WAITING = "not graded yet"
    CHANGED = "changed since it was graded"
    OLD = "graded without a stored result"


# Whose points are points that were earned, and count in every statistic.
COUNTED = frozenset({State.GRADED, State.CHANGED, State.OLD})


@dataclass(frozen=True)
class Item:
    """A graded cell of the assignment.

    name: the exercise's. max_score: points. manual: whether a person grades it.
    """

    key: Key
    name: str
    max_score: float
    manual: bool = False

    @property
    def function(self) -> str:
        """The exercise's name without the notebook's."""
        return self.name.removeprefix(f"{self.key[0]}: ")


@dataclass(frozen=True)
class WrittenCell:
    """A cell's text as a student handed it in, where it is not the instructor's.

    number: the cell's, from 1, as it stands in the file. name: the function that the cell is for, or "".
    """

    notebook: str
    number: int
    name: str
    source: str


@dataclass(frozen=True)
class Work:
    """One student's submission.

    scores: points by graded cell as the gradebook has them now, a person's and extra credit included.
    penalty: points lost for being late. waiting: cells that a person has not graded yet.
    verdicts: what the tests found. seconds: wall time; cpu_seconds: of the student's code alone.
    peak_bytes: of the largest process. restarts: how often a process ended before its time.
    pages: where a notebook's feedback, or else the graded notebook, lies, by notebook.
    """

    student: str
    state: State
    message: str = ""
    scores: dict[Key, float] = field(default_factory=dict)
    penalty: float = 0.0
    waiting: tuple[str, ...] = ()
    verdicts: dict[Key, ExerciseResult] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    python_warnings: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    restarts: int = 0
    cells: tuple[WrittenCell, ...] = ()
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """True if the points are points that were earned."""
        return self.state in COUNTED

    @property
    def total(self) -> float:
        """The points that count: all cells', less what being late costs."""
        return max(0.0, sum(self.scores.values()) - self.penalty)


@dataclass(frozen=True)
class Classroom:
    """A class's work on one assignment.

    works: in order of the students' ids. absent: students of the course who handed nothing in.
    names: what students are called, by id, where the gradebook says so.
    given: the texts that every student started from: the released solution cells.
    tools: the names of functions and modules that the instructor's cells bring.
    """

    assignment: str
    items: tuple[Item, ...]
    works: tuple[Work, ...]
    absent: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    tools: frozenset[str] = frozenset()

    @property
    def counted(self) -> tuple[Work, ...]:
        """The submissions whose points count."""
        return tuple(work for work in self.works if work.counts)

    @property
    def max_score(self) -> float:
        """The points that can be earned."""
        return sum(item.max_score for item in self.items)

    def percent(self, work: Work) -> float:
        """Return a submission's points as a share of all, in percent; 100 where nothing can be earned."""
        return 100.0 * work.total / self.max_score if self.max_score > 0 else 100.0
