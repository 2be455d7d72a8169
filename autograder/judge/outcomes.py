"""What came of calls on the student's side: what does, when it is asked, as the call itself would have done."""

from collections.abc import Callable
from typing import Any

from autograder.callloop.frames import Frame, WireError
from autograder.callloop.together import parted
from autograder.judge.errors import Shared, raise_as_students
from autograder.judge.printing import print_again, print_error_again
from autograder.judge.warned import count_warnings
from autograder.judge.write_back import write_back

Outcome = Callable[[], Any]
Change = tuple[Any, Any]


def raising(error: Exception) -> Outcome:
    """Return an outcome that raises this error."""

    def tell() -> Any:
        raise error

    return tell


def told(
    answer: dict[str, Any],
    value: Any,
    changes: list[Change],
    counts: dict[str, int],
    proxy: Callable[[Any], Any],
    *,
    ends_iteration: bool,
    shared: Shared,
    names_changed: Callable[[Any], None],
) -> Outcome:
    """Return what tells of one answer: warnings, what was printed, changed arguments, the value or the error.

    value: what the answer holds, decoded, or what an iteration ended with. changes: arguments, each with what it
    holds now. counts: of warnings.
    proxy: makes the proxy of an exception. ends_iteration: whether StopIteration may arrive as itself.
    shared: returns the class that both sides have by a module and a name.
    names_changed: is told which names' data the call changed.
    """

    def tell() -> Any:
        count_warnings(answer.get("warnings"), counts, again=True)
        printed = answer.get("printed")
        if isinstance(printed, str) and printed:
            print_again(printed)
        if isinstance(answer.get("errors"), str):
            print_error_again(answer["errors"])
        for original, content in changes:
            write_back(original, content)
        if answer.get("names"):
            names_changed(answer["names"])
        if "error" in answer:
            error = answer["error"] if value is None else {**answer["error"], "ended_with": value}
            raise_as_students(error, ends_iteration=ends_iteration, proxy=proxy, shared=shared)
        return value

    return tell


class Gathering:
    """The outcomes of calls that are sent together, as their answers come.

    read: reads one answer, of the call with this number. last: takes what follows them all, if anything does.
    """

    def __init__(self, read: Callable[[int, Any, bytes], Outcome], last: Callable[[Any, bytes], None] | None) -> None:
        self.outcomes: list[Outcome] = []
        self.expected = 0
        self._read, self._last = read, last

    def take(self, frame: Frame) -> bool:
        """Take answers, and tell whether they were the last. Raises WireError if there are more than calls."""
        for header, body in parted(frame, "answers"):
            if len(self.outcomes) < self.expected:
                self.outcomes.append(self._read(len(self.outcomes), header, body))
            elif self._last is not None:
                last, self._last = self._last, None
                last(header, body)
            else:
                msg = "there were more answers than calls"
                raise WireError(msg)
        return len(self.outcomes) == self.expected and self._last is None
