"""`autograder doctor`: which layers of isolation this machine gives, and what mends the others."""

from autograder.cli.errors import INCOMPLETE, show
from autograder.isolation import IsolationError, layers, needed_layers, strongest, version_of


def doctor(*, quiet: bool) -> int:
    """Print each layer as present or missing, why, and the one command that mends it.

    Returns 0 if student code can be isolated fully, else 3.
    """
    found = layers()
    level, status = strongest("none")[1].level, 0
    try:
        strongest("full")
    except IsolationError:
        status = INCOMPLETE
    if quiet:
        return status
    for layer in found:
        needed = layer.name in needed_layers()
        word = "present" if layer.present else "MISSING" if needed else "no need"
        show(f"{word}  {layer.name}")
        show(f"         keeps student code from {layer.stops}")
        if not layer.present and needed:
            show(f"         why:  {layer.reason}")
            show(f"         mend: {layer.remedy}")
    show(f"bubblewrap: {version_of('bwrap') or 'not installed'}")
    show(f"isolation level: {level}")
    if status:
        show("Grading is refused below 'full' unless --isolation says otherwise.")
    return status
