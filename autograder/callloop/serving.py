"""The call loop's beginning: the shell, made before any fork, and the loop of one submission."""

import contextlib
import importlib
import os
import sys
from typing import Any

from . import waiting_modules
from .figures import draw_figures
from .frames import Channel, PeerGoneError
from .limits import Limits
from .random_state import start_from
from .shell import StudentShell, make_shell
from .student import Loop

_shell: StudentShell | None = None


def prepare() -> None:
    """Make the shell, in the server, before any fork."""
    global _shell  # noqa: PLW0603 - the one thing that forks inherit
    _shell = make_shell()
    waiting_modules.leave_for_later()


def _do_without_maps() -> None:
    """Let threadpoolctl, which scikit-learn asks in many a fit, find libraries where it can't read what is mapped.

    It decides as it is imported, which the server may have done before its fork was confined.
    """
    try:
        os.close(os.open("/proc/self/maps", os.O_RDONLY))
    except OSError:
        if os.path.exists("/proc/self"):  # noqa: PTH110 - what it asks itself
            with contextlib.suppress(ImportError):
                importlib.import_module("threadpoolctl")
        if (loaded := sys.modules.get("threadpoolctl")) is not None:
            vars(loaded)["_HAS_PROCFS"] = False


def serve(channel: Channel, limits: Limits, seed: int, options: dict[str, Any]) -> None:
    """Answer requests until the other side closes the channel."""
    assert _shell is not None
    start_from(seed)
    _do_without_maps()
    sys.path.insert(0, "")  # as in a kernel, so that modules in the scratch folder can be imported
    if options.get("figures"):
        draw_figures(_shell)
    loop = Loop(channel, limits, _shell)
    while True:
        try:
            frame = channel.receive()
        except PeerGoneError:
            return
        loop.respond(frame)
