"""Figures in a student's cells: as text until somebody wants to see them, as a kernel draws them then."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .shell import StudentShell

INLINE_BACKEND = "module://matplotlib_inline.backend_inline"


def warm_up_figures(shell: "StudentShell") -> None:
    """Load what a figure needs before any fork, and leave figures as text until somebody wants to see them."""
    import matplotlib as mpl
    from matplotlib import pyplot as plt
    from matplotlib_inline import backend_inline
    from matplotlib_inline.config import InlineBackend

    plt.switch_backend(INLINE_BACKEND)
    mpl.interactive(b=True)
    InlineBackend.instance(parent=shell).figure_formats = set()
    backend_inline.configure_inline_support(shell, INLINE_BACKEND)
    leave_undrawn()


def draw_figures(shell: "StudentShell") -> None:
    """Draw figures into the outputs, as a kernel does; it takes longer than all the rest of a notebook."""
    if "matplotlib" in sys.modules:
        from matplotlib_inline.config import InlineBackend

        InlineBackend.instance(parent=shell).figure_formats = {"png"}
        sys.modules["matplotlib.pyplot"].install_repl_displayhook()


def are_drawn() -> bool:
    """Tell whether somebody wants to see figures."""
    from matplotlib_inline.config import InlineBackend

    return bool(InlineBackend.instance().figure_formats)


def leave_undrawn() -> None:
    """Let no figure be drawn after a cell: what a test asks of it, such as its labels, is there without that."""
    from matplotlib import pyplot as plt

    plt.uninstall_repl_displayhook()


def close_left() -> None:
    """Close what calls since the last cell have left open, as the end of the test that made them does in a notebook."""
    if (plt := sys.modules.get("matplotlib.pyplot")) is not None and plt.get_fignums():
        from matplotlib_inline.config import InlineBackend

        if InlineBackend.instance().close_figures:
            plt.close("all")
