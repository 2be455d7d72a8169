"""Asking the student's side for something beside a test's own calls."""

from typing import TYPE_CHECKING, Any

from autograder.judge.errors import CannotCrossError

if TYPE_CHECKING:
    from autograder.judge.session import Session


def asked_aside(session: "Session", operation: str, *arguments: Any) -> Any:
    """Apply an operation there without what is done around a test's calls; None where nothing comes of it."""
    hooks = session.before_call, session.after_call
    session.before_call = session.after_call = lambda: None
    refused = len(CannotCrossError.of_this_test)
    try:
        return session.apply(operation, list(arguments))
    except Exception:  # noqa: BLE001 - a limit, or whatever the student's code raises: what does not come is not there
        return None
    finally:
        del CannotCrossError.of_this_test[refused:]
        session.before_call, session.after_call = hooks
