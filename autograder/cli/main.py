"""The command `autograder`: its verbs, and what its exit status means."""

import argparse
import contextlib
import gc
import importlib
import io
import signal
import sys
from collections.abc import Sequence
from typing import Any

from autograder import __version__
from autograder.cli.options import EXIT_STATUS
from autograder.cli.verbs import VERBS, Verb

# jsonschema makes a parser of addresses, for which no schema of a notebook asks, as soon as it is imported; that
# takes longer than everything else that nbgrader imports. It does without where there is none.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

WRONG_USAGE, INTERRUPTED, TERMINATED = 2, 130, 143


def _typed(words: Sequence[str]) -> Verb | None:
    """Return the verb among the words of a command line; what stands before it has no value of its own."""
    first = next((word for word in words if not word.startswith("-")), None)
    return next((verb for verb in VERBS if verb.name == first), None)


def _parser(typed: Verb | None) -> tuple[argparse.ArgumentParser, argparse.ArgumentParser | None, Any]:
    """Return the parser of the whole command line, that of the typed verb, and its module."""
    parser = argparse.ArgumentParser(
        prog="autograder",
        description="Grades notebooks of hand-written gradients, in a sandbox, and says what is wrong.",
        epilog=EXIT_STATUS,
    )
    parser.add_argument("--version", action="version", version=f"autograder {__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    own, module = None, None
    for verb in VERBS:
        its_parser = verbs.add_parser(
            verb.name,
            help=verb.summary,
            description=f"{verb.summary[0].upper()}{verb.summary[1:]}.",
            epilog=EXIT_STATUS,
        )
        if verb is typed:
            own, module = its_parser, importlib.import_module(verb.module)
            module.add_arguments(own)
    return parser, own, module


class TerminatedError(KeyboardInterrupt):
    """The program was asked to end, as CI does with a job that is cancelled, and a terminal that is closed."""


def _terminate(*_: object) -> None:
    raise TerminatedError


def _carry_out(words: Sequence[str]) -> int:
    parser, own, module = _parser(_typed(words))
    arguments = parser.parse_args(words)
    assert own is not None
    return int(module.carry_out(arguments, own))


def main(words: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that can't show a letter shows a question mark.
            stream.reconfigure(errors="replace")
    signal.signal(signal.SIGTERM, _terminate)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # which nohup has seen to
        signal.signal(signal.SIGHUP, _terminate)
    try:
        return _carry_out(sys.argv[1:] if words is None else words)
    except TerminatedError:
        with contextlib.suppress(OSError):  # the terminal may be gone
            print("autograder: terminated", file=sys.stderr)
        return TERMINATED
    except KeyboardInterrupt:
        print("autograder: interrupted", file=sys.stderr)
        return INTERRUPTED
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in ("autograder", "solutions"):
            raise
        print(
            f"autograder: {error.name} is not installed; grading needs the instructor's parts: "
            "pip install 'backprop-autograder[instructor]'",
            file=sys.stderr,
        )
        return WRONG_USAGE


def run_and_exit() -> None:
    """Run the command line of this process."""
    status = main()
    # All that is left goes with the process; to look through it for garbage would take a tenth of a second.
    gc.freeze()
    sys.exit(status)
