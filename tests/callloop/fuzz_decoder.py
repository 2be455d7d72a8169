"""Feeds the decoder with frames that a fuzzer makes, guided by which lines of the codec they reach.

    python tests/callloop/fuzz_decoder.py --seconds 600

Each input is a header, a line's end, and the frame's bytes. It crosses a real socket. Anything but a
value or a WireError ends the run with status 77 and prints the input; so does an input that takes
longer than ten seconds, takes a gigabyte, or is refused only for want of memory.
"""

import argparse
import json
import random
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["autograder.callloop"]):
    from autograder.callloop.decoder import Decoder
    from autograder.callloop.encoder import Encoder
    from autograder.callloop.frames import LENGTHS, Channel, WireError
    from autograder.callloop.limits import Limits

import numpy as np
import pandas as pd

LIMITS = Limits(array_bytes=4096, items=2000, depth=12, string_characters=500, integer_bits=256, header_bytes=8192)
LONGEST_INPUT = 4096
SLOWEST_SECONDS = 10
MOST_MEGABYTES = 1024
TAGS = ["l", "t", "s", "z", "d", "a", "o", "r", "i", "f", "c", "b", "n", "g", "k", "S", "D", "I", "N", "h"]
WORDS = ["", "nan", "-inf", "0x20000000000000", "1e999", "<f8", ">i4", "|b1", "<U0", "<U3", "|S2", "<M8[3D]", "<c16"]
WORDS += ["C", "F", "V", "range", "multi", "plain", "category", "Int64", "str", "object", "boolean", "string"]
NUMBERS = [0, 1, 2, -1, 3, 8, 31, 2**31, 2**61 - 1, 2**63, 10**18, 10**80, 0.5, -0.0, 1e308, None, True, False]


def seeds() -> Iterator[bytes]:
    """Yield frames of the real encoder, one for each form of plain data."""
    shared = (1, (2,))
    loop: list[Any] = [1]
    loop.append(loop)
    frozen = np.arange(3)
    frozen.flags.writeable = False
    label = pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["x", None])
    values = [
        [None, True, 1, -0.5, 10**30, float("nan"), float("-inf"), 2 - 1j, "é", b"xy"],
        {"a": {1, 2}, (1, 2): frozenset([3]), "b": [[]]},
        [shared, (shared, shared), {shared}, loop],
        [range(0, 9, 2), slice(None, 3), np.float32(1), np.datetime64("2024-01-01"), np.str_("x")],
        [np.arange(6.0).reshape(2, 3), np.asfortranarray(np.ones((2, 2))), np.arange(10)[::2], frozen],
        [np.array(["a", "bc"]), np.array([b"x"]), np.array([True]), np.zeros((0, 3), ">i4"), np.array(1j)],
        np.array([1, "a", None, (1, 2)], dtype=object),
        pd.Series([1.5, None], index=["a", "b"], name="s"),
        [pd.Series(["x", "y", "x"], dtype="category"), pd.Series([1, None], dtype="Int64"), pd.NA],
        pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [True, False]}, index=label),
        [label, pd.Index([3, 1], name="n"), pd.RangeIndex(2, 9, 3), pd.DatetimeIndex(["2024-01-01"])],
    ]
    for value in values:
        encoder = Encoder(LIMITS, lambda _: None)
        yield json.dumps(encoder.encode(value)).encode() + b"\n" + bytes(encoder.body)


class Planted(Decoder):
    """A decoder with a bug, to see that the fuzzer finds one."""

    def decode(self, node: Any) -> Any:
        """Return the value of a node, but fail at a number on its own, which no seed is."""
        value = super().decode(node)
        if isinstance(value, float):
            raise KeyError(value)
        return value


def refuse(node: list[Any]) -> Any:
    """Refuse what is not plain data."""
    msg = f"{node[0]!r:.80} is not plain data"
    raise WireError(msg)


def make_target(decoder: type[Decoder]) -> Any:
    """Return the function that the fuzzer calls with each input."""

    def target(data: bytes) -> None:
        header, _, body = data.partition(b"\n")
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.sendall(LENGTHS.pack(len(header), len(body)) + header + body)
            try:
                frame = Channel(theirs, LIMITS).receive(time.monotonic() + SLOWEST_SECONDS)
                decoder(LIMITS, frame.body, refuse).decode(frame.header)
            except WireError as error:
                # Refused, but too late: what it claimed was asked for.
                if isinstance(error.__cause__, (MemoryError, SystemError)):
                    raise error.__cause__ from None

    return target


def _places(tree: Any) -> list[tuple[list[Any], int]]:
    """Return every place in a tree of lists, as the list and the index."""
    found: list[tuple[list[Any], int]] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            found += [(node, place) for place in range(len(node))]
            waiting += node
    return found


def _changed(tree: Any, chance: random.Random) -> Any:
    """Return a tree with one place changed: another leaf, a part from elsewhere, a part twice, or one less."""
    root = [tree]
    places = _places(root)
    node, place = chance.choice(places)
    other, elsewhere = chance.choice(places)
    kind = chance.randrange(6)
    if kind == 0:
        node[place] = chance.choice(WORDS + TAGS)
    elif kind == 1:
        node[place] = chance.choice([*NUMBERS, chance.randrange(40)])
    elif kind == 2:
        node[place] = json.loads(json.dumps(other[elsewhere]))
    elif kind == 3:
        node.insert(place, json.loads(json.dumps(other[elsewhere])))
    elif kind == 4:
        node[place] = [chance.choice(TAGS), chance.randrange(40), [node[place]]]
    elif len(node) > 1:
        del node[place]
    return root[0]


def mutate(data: bytes, longest: int, seed: int) -> bytes:
    """Return an input with its tree changed, or, one time in four, with its characters changed in any way."""
    chance = random.Random(seed)
    header, separator, body = data.partition(b"\n")
    try:
        tree = json.loads(header)
    except (ValueError, RecursionError):
        return atheris.Mutate(data, longest)
    if chance.randrange(4) == 0:
        return atheris.Mutate(data, longest)
    for _ in range(chance.choice([1, 1, 2, 4])):
        tree = _changed(tree, chance)
    text = json.dumps(tree).encode() + separator + body
    return text if len(text) <= longest else atheris.Mutate(data, longest)


def main() -> None:
    """Fuzz for as long as the command line says."""
    parser = argparse.ArgumentParser(description="fuzz the decoder of what a student's process sends")
    parser.add_argument("--seconds", type=int, default=60, help="how long (default: 60)")
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers; 0 for another one each time")
    parser.add_argument("--planted", action="store_true", help="fuzz a decoder with a bug, which must be found")
    parser.add_argument("--folder", type=Path, help="for inputs that reached new lines or failed (default: a new one)")
    options = parser.parse_args()
    target = make_target(Planted if options.planted else Decoder)
    # Not removed at the end: the fuzzer ends the process itself, and what it found is worth keeping.
    folder = options.folder or Path(tempfile.mkdtemp(prefix="fuzz-decoder-"))
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
        target(seed)
    print(f"inputs are kept in {folder}", flush=True)  # noqa: T201 - for whoever runs it by hand
    arguments = [f"-max_total_time={options.seconds}", f"-seed={options.seed}", f"-max_len={LONGEST_INPUT}"]
    arguments += [f"-timeout={SLOWEST_SECONDS}", f"-rss_limit_mb={MOST_MEGABYTES}", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *arguments, f"-artifact_prefix={folder}/", str(corpus)], target, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
