"""Reading graded notebooks back, to make pages of them."""

import json
from pathlib import Path
from typing import Any


class UnreadableError(Exception):
    """A graded notebook is not as grading left it; the message says which and what to do."""


def read_graded(path: Path) -> tuple[bytes, dict[str, Any]]:
    """Return the file of a graded notebook and the notebook in it. Raises UnreadableError."""
    try:
        content = path.read_bytes()
        notebook = json.loads(content)
        if isinstance(notebook["cells"], list) and isinstance(notebook["metadata"], dict):
            return content, notebook
        why = "it is no notebook"
    except OSError as error:
        why = error.strerror or str(error)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        why = f"it is no notebook ({type(error).__name__})"
    msg = f"the graded notebook {path} can't be read: {why}; grade it again with --force"
    raise UnreadableError(msg)
