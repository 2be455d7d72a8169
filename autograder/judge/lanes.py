"""Several judge's servers for the start of one: it loads everything once, and is forked for each worker that asks.

A lane is such a fork, with a sandbox's server of its own: a twin of the one that was started. The process that
they are forked from judges nothing, so that a lane which breaks down takes no other with it.
"""

import ctypes
import os
import signal
import socket
from collections.abc import Callable
from functools import partial

from autograder.callloop.confine import PR_SET_PDEATHSIG
from autograder.callloop.frames import Channel
from autograder.callloop.limits import TRUSTED
from autograder.judge import clock
from autograder.sandbox.backend import SandboxError
from autograder.sandbox.fork_server import ForkServer

# Serves at a channel until that closes; with a sandbox's server of its own.
Serve = Callable[[Channel], None]
Judge = Callable[[ForkServer, Channel], None]


def end_with_parent() -> None:
    """Have the system end this process when the one that started it is gone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def serve_lanes(control: socket.socket, template: ForkServer, judge: Judge) -> None:
    """Fork a lane for each socket that arrives, until the control socket closes and all lanes have ended."""
    lanes: list[int] = []
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            break
        with socket.socket(fileno=descriptors[0]) as connection:
            try:
                twin = template.twin()
            except SandboxError as error:
                Channel(connection, TRUSTED).send({"refused": str(error)})
                continue
            lanes.append(_forked(control, template, connection, partial(judge, twin)))
            twin.leave()
        lanes = [lane for lane in lanes if os.waitpid(lane, os.WNOHANG)[0] == 0]
    for lane in lanes:
        os.waitpid(lane, 0)


def _forked(control: socket.socket, template: ForkServer, connection: socket.socket, serve: Serve) -> int:
    """Fork a lane that serves at a connection; return its number."""
    parent = os.getpid()
    if lane := os.fork():
        return lane
    try:
        end_with_parent()
        if os.getppid() == parent:
            control.close()
            template.leave()
            clock.of_its_own()
            serve(Channel(connection, TRUSTED))
    finally:
        os._exit(0)
