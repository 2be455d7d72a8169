"""`autograder doctor`: which layers of isolation this machine gives, and what mends the others."""

from autograder.cli.errors import INCOMPLETE, show
from autograder.isolation import IsolationError, layers, strongest, version_of


def doctor(*, quiet: bool) -> int:
    """Print each layer as present or missing, why, and the one command that mends it.

    Returns 0 if student code can be isolated fully, else 3.
    """
    found = layers()
    try:
        level, status = strongest("none")[1].level, 0
        strongest("full")
    except IsolationError:
        status = INCOMPLETE
    if quiet:
        return status
    for layer in found:
        show(f"{'present' if layer.present else 'MISSING'}  {layer.name}")
        if not layer.present:
            show(f"         why:  {layer.reason}")
            show(f"         mend: {layer.remedy}")
    show(f"bubblewrap: {version_of('bwrap') or 'not installed'}")
    show(f"isolation level: {level}")
    if status:
        show("Grading is refused below 'full' unless --isolation says otherwise.")
    return status
