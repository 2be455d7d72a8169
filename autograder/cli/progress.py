"""Progress of long work: a bar on a terminal, plain lines elsewhere, nothing when asked for quiet."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
SECONDS_BETWEEN_LINES = 5.0


def _lines(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    last = time.monotonic()
    for number, item in enumerate(items, start=1):
        yield item
        if number < total and time.monotonic() - last > SECONDS_BETWEEN_LINES:
            print(f"{what}: {number} of {total}", file=sys.stderr, flush=True)
            last = time.monotonic()


def with_progress(
    items: Iterable[Item], total: int, what: str, *, quiet: bool, unit: str = "notebook"
) -> Iterator[Item]:
    """Pass items on, showing how many of `total` there were."""
    if quiet or total < 2:  # noqa: PLR2004 - one thing has no progress
        yield from items
    elif sys.stderr.isatty():
        from tqdm import tqdm

        yield from tqdm(items, total=total, desc=what, unit=unit, leave=False)
    else:
        yield from _lines(items, total, what)
