"""What a person is told when a command can't be carried out."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from autograder.notebook.assignment import CourseError
from autograder.writers.text import inert, unlike_commands

WRONG_USAGE, INCOMPLETE = 2, 3

P = ParamSpec("P")


def on_github() -> bool:
    """Tell whether this runs in a job of GitHub Actions, which obeys commands in what is printed."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def show(text: str) -> None:
    """Print results on standard output; whoever stops reading them changes nothing about the exit status."""
    try:
        print(unlike_commands(text) if on_github() else text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str) -> None:
    """Print a message for a person, on standard error; what it quotes of a file's name is inert."""
    text = inert(message, keep_newlines=True)
    print(f"autograder: {unlike_commands(text) if on_github() else text}", file=sys.stderr)


class UsageError(Exception):
    """The command line asks for something that can't be; the message says what to do."""


def _told_of_machine(error: Exception) -> int:
    """Tell of what this machine lacks; raise the error again if it is another."""
    # Imported here, because a command that starts no sandbox should not wait for its parts.
    from autograder.batch import CrewError
    from autograder.errors import GradingError
    from autograder.isolation import IsolationError
    from autograder.sandbox.backend import SandboxError

    if isinstance(error, IsolationError):
        say(str(error))
        return WRONG_USAGE
    if isinstance(error, CrewError):
        say(str(error))
        return INCOMPLETE
    if isinstance(error, SandboxError):
        say(f"{error}; 'autograder doctor' shows what this machine lacks")
        return INCOMPLETE
    if isinstance(error, GradingError):
        say(str(error))
        return WRONG_USAGE
    raise error


def in_plain_words(verb: Callable[P, int]) -> Callable[P, int]:
    """Turn the errors that a person can do something about into a message and an exit status."""

    @wraps(verb)
    def told(*positional: P.args, **named: P.kwargs) -> int:
        try:
            return verb(*positional, **named)
        except (UsageError, CourseError) as error:
            say(str(error))
            return WRONG_USAGE
        except OSError as error:
            say(f"{error.strerror or error}: {error.filename}" if error.filename else str(error))
            return INCOMPLETE
        except Exception as error:  # noqa: BLE001 - raised again if it is another
            return _told_of_machine(error)

    return told
