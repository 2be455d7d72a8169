"""What is to be done on a cluster and how far it is: what waits, what is under way, whose result is there."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from distributed import Future

from autograder.pipeline import Graded, Submission


@dataclass
class Try:
    """One try at a submission.

    position: the submission's. since: when it was sent. size: of what was sent, in bytes.
    """

    position: int
    future: Future
    since: float
    size: int


@dataclass
class Work:
    """What there is to do, and how far it is.

    waiting: positions that are to be sent. tries: under way, by key. finished: whose result is there.
    failures: how often one failed by itself. ready: results that nobody has fetched yet.
    """

    submissions: Sequence[Submission] = ()
    waiting: deque[int] = field(default_factory=deque)
    tries: dict[str, Try] = field(default_factory=dict)
    finished: bytearray = field(default_factory=bytearray)
    failures: dict[int, int] = field(default_factory=dict)
    ready: deque[tuple[int, Graded]] = field(default_factory=deque)
    sent: int = 0
    bytes_under_way: int = 0

    def finish(self, position: int, graded: Graded) -> None:
        """Take a submission's first result; any other is not counted."""
        if not self.finished[position]:
            self.finished[position] = True
            self.failures.pop(position, None)
            self.ready.append((position, graded))

    def ended(self, key: str) -> Try | None:
        """Take a try off the list."""
        one = self.tries.pop(key, None)
        if one is not None:
            self.bytes_under_way -= one.size
        return one

    def again(self, position: int) -> None:
        """Have a submission sent once more, unless its result is there or another try is under way."""
        others = any(one.position == position for one in self.tries.values())
        if not self.finished[position] and not others:
            self.waiting.appendleft(position)
