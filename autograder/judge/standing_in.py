"""A namespace of tests in which the grader's functions can stand in the student's place."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from autograder.judge.session import Session


class StandingIn(dict[str, Any]):
    """Names, and functions of the grader's that the student's side has in the place of its own."""

    def __init__(self, session: Session) -> None:
        super().__init__(__name__="__main__")
        self._session = session
        self._standing_in: dict[str, Any] = {}

    @property
    def unusable(self) -> frozenset[str]:
        """The student's functions that a limit ended, and that are not called again."""
        return frozenset(self._session.unusable)

    @contextmanager
    def answered_by(self, functions: Mapping[str, Any]) -> Iterator[None]:
        """Let the given functions stand in the student's place in this block."""
        if not functions and not self._standing_in:
            yield
            return
        before = self._standing_in
        self._stand_in(dict(functions))
        try:
            yield
        finally:
            self._stand_in(before)

    def keep_answering(self, functions: Mapping[str, Any]) -> None:
        """Let the given functions stand in the student's place until the test ends."""
        self._stand_in(dict(functions))

    def answer_no_more(self) -> None:
        """Put the student's functions back."""
        if self._standing_in:
            self._stand_in({})

    def _stand_in(self, functions: dict[str, Any]) -> None:
        self._standing_in = functions
        self._session.stand_in(functions)
