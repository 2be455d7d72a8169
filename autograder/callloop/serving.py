"""The call loop's beginning: the shell, made before any fork, and the loop of one submission."""

import sys
from typing import Any

from .frames import Channel, PeerGoneError
from .limits import Limits
from .random_state import start_from
from .shell import StudentShell, draw_figures, make_shell
from .student import Loop

_shell: StudentShell | None = None


def prepare() -> None:
    """Make the shell, in the server, before any fork."""
    global _shell  # noqa: PLW0603 - the one thing that forks inherit
    _shell = make_shell()


def serve(channel: Channel, limits: Limits, seed: int, options: dict[str, Any]) -> None:
    """Answer requests until the other side closes the channel."""
    assert _shell is not None
    start_from(seed)
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
