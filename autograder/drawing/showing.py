"""What shows itself: as rich output in a notebook, as text elsewhere."""

import sys
from typing import Any


def _shell() -> Any:
    """Return the running IPython, or None; nothing is imported for it."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None


class Shown:
    """A result with a text (`str`) and an HTML form (`_repr_html_`)."""

    def _repr_html_(self) -> str:
        raise NotImplementedError

    def __repr__(self) -> str:
        return str(self)

    def show(self) -> None:
        """Show this where the cell's output stands: rich in a notebook, as text elsewhere."""
        shell = _shell()
        if shell is None:
            print(self)  # noqa: T201 - to be seen is what it is for
            return
        data, metadata = shell.display_formatter.format(self)
        shell.display_pub.publish(data=data, metadata=metadata)
