"""What is printed while a test runs, as a student gets to see it."""

import contextlib
import io
import sys
from collections.abc import Iterator


class Printed(io.StringIO):
    """Keeps the first `most` characters; nothing of what a hidden part prints itself, which may be what it expects."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def write(self, text: str) -> int:
        """Keep text, as far as there is room and it may be seen."""
        if self.tell() < self.most and not _state.is_hushed:
            super().write(text[: self.most - self.tell()])
        return len(text)


class _State:
    is_hushed = False


_state = _State()


@contextlib.contextmanager
def hushed(*, is_hushed: bool) -> Iterator[None]:
    """Keep in this block nothing of what is printed, or all."""
    before, _state.is_hushed = _state.is_hushed, is_hushed
    try:
        yield
    finally:
        _state.is_hushed = before


def print_error_again(text: str) -> None:
    """Print what a student's code wrote to stderr where a test looks at that, and nowhere else."""
    if text and not isinstance(sys.stderr, Printed):
        sys.stderr.write(text)


def print_again(text: str) -> None:
    """Print what a student's code printed on its side; it is to be seen whoever called it."""
    with hushed(is_hushed=False):
        sys.stdout.write(text)  # the test's own, which it may look at; print() it may have replaced
