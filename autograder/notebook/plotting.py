"""Whether instructors' cells draw with Matplotlib, or only import it, as first cells do."""

import re

from autograder.notebook.sources import import_aliases

LIBRARY = "matplotlib"
_IMPORTS = re.compile(
    rf"^[ \t]*(?:import[ \t]+{LIBRARY}[\w.]*(?:[ \t]+as[ \t]+\w+)?|%{LIBRARY}\b.*)[ \t]*$", re.MULTILINE
)


def draws(sources: str) -> bool:
    """Tell whether cells mention what they import of Matplotlib anywhere else.

    sources: the text of all of them, since one may use what another has imported.
    """
    names = {name for name, module in import_aliases(sources).items() if module.partition(".")[0] == LIBRARY}
    mentioned = "|".join(map(re.escape, sorted(names | {LIBRARY, "pylab", "pyplot", "plt"})))
    return re.search(rf"\b(?:{mentioned})\b", _IMPORTS.sub("", sources)) is not None
